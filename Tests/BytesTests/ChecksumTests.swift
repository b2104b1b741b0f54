import Bytes
import Testing

@Suite struct `CRC-32C` {
    @Test func `agrees with the published check value`() {
        #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
        #expect(CRC32C.checksum([]) == 0)
        // RFC 3720, B.4: 32 bytes of zeros, of ones, ascending, descending.
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.checksum([UInt8](repeating: 255, count: 32)) == 0x62A8_AB43)
        #expect(CRC32C.checksum((0..<32).map { UInt8($0) }) == 0x46DD_794E)
        #expect(CRC32C.checksum((0..<32).map { UInt8(31 - $0) }) == 0x113F_DB5C)
    }

    /// Bit by bit, as the polynomial says.
    func slow(_ bytes: [UInt8]) -> UInt32 {
        var state: UInt32 = ~0
        for byte in bytes {
            state ^= UInt32(byte)
            for _ in 0..<8 { state = state & 1 == 0 ? state >> 1 : state >> 1 ^ 0x82F6_3B78 }
        }
        return ~state
    }

    @Test(arguments: [1, 7, 15, 16, 17, 31, 48, 100, 1_023])
    func `is the same in steps of sixteen, byte by byte, and in two parts`(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ count) }
        let whole = CRC32C.checksum(bytes)
        #expect(whole == slow(bytes))
        for cut in [0, 1, count / 2, count] {
            let first = CRC32C.checksum(Array(bytes[..<cut]))
            #expect(CRC32C.checksum(Array(bytes[cut...]), after: first) == whole)
        }
    }
}

extension `CRC-32C` {
    /// Around the lengths at which the instruction works in three runs of 4,096.
    @Test(arguments: [0, 1, 9, 4_095, 12_287, 12_288, 12_289, 24_576, 40_001])
    func `is the same by the machine's instruction and by tables`(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 131 &+ $0 >> 8) }
        for earlier: UInt32 in [0, 0xDEAD_BEEF] {
            #expect(
                CRC32C.checksum(bytes.span, after: earlier) == CRC32C.checksumByTables(bytes.span, after: earlier))
        }
    }
}

@Suite struct `Little-endian numbers` {
    @Test func `are read where they lie and not beyond the end`() {
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(UInt16(0x0102))
        bytes.appendLittleEndian(UInt64(0x0807_0605_0403_0201))
        bytes.appendLittleEndian(Int32(-2))
        #expect(bytes == [2, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0xFE, 0xFF, 0xFF, 0xFF])
        #expect(bytes.span.littleEndian(at: 2, as: UInt64.self) == 0x0807_0605_0403_0201)
        #expect(bytes.span.littleEndian(at: 10, as: Int32.self) == -2)
        #expect(bytes.span.littleEndian(at: 11, as: Int32.self) == nil)
        #expect(bytes.span.littleEndian(at: -1, as: UInt16.self) == nil)
        #expect(bytes.span.littleEndian(at: .max, as: UInt16.self) == nil)
    }

    @Test func `a reader stops before a number that is cut off`() {
        let bytes: [UInt8] = [7, 1, 0, 9, 9, 9]
        var reader = ByteReader(bytes.span)
        #expect(reader.byte() == 7 && reader.uint16() == 1)
        #expect(reader.uint32() == nil && reader.bytes(4) == nil && reader.bytes(-1) == nil)
        #expect(reader.offset == 3)
        #expect(reader.bytes(2) == [9, 9])
        #expect(reader.skip(1) && !reader.skip(1))
    }
}
