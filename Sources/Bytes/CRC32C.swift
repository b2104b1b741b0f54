import CChecksums

/// The cyclic redundancy check CRC-32C (Castagnoli), as iSCSI, ext4 and Arrow's neighbours use it.
package enum CRC32C {
    /// The checksum of some bytes, or of bytes that follow others.
    /// - Parameter earlier: the checksum of what comes before; 0 at the beginning.
    package static func checksum(_ bytes: Span<UInt8>, after earlier: UInt32 = 0) -> UInt32 {
        guard hasInstruction else { return checksumByTables(bytes, after: earlier) }
        // The pointer is read inside the closure only.
        let state = unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return ~earlier }
            return unsafe hearth_crc32c(~earlier, start, buffer.count)
        }
        return ~state
    }

    private static let hasInstruction = hearth_has_crc32c() != 0

    /// As above, on any machine.
    package static func checksumByTables(_ bytes: Span<UInt8>, after earlier: UInt32 = 0) -> UInt32 {
        var state = ~earlier
        var offset = 0
        // Bytes have no padding.
        let bytes = unsafe bytes.bytes
        let tables = Self.tables.span
        // Sixteen bytes a step, from sixteen tables.
        while bytes.byteCount - offset >= 16 {
            // In bounds by the condition; an integer may have any bits.
            let low = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian ^ UInt64(state)
            let high = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset + 8, as: UInt64.self).littleEndian
            let first = fold(low, tables, 15)
            let second = fold(high, tables, 7)
            state = first ^ second
            offset += 16
        }
        while offset < bytes.byteCount {
            let byte = unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            state = state >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: state) ^ byte)]
            offset += 1
        }
        return ~state
    }

    package static func checksum(_ bytes: [UInt8], after earlier: UInt32 = 0) -> UInt32 {
        checksum(bytes.span, after: earlier)
    }

    @inline(__always)
    private static func fold(_ word: UInt64, _ tables: borrowing Span<UInt32>, _ last: Int) -> UInt32 {
        var sum: UInt32 = 0
        for byte in 0..<8 {
            // Table `last - byte` of 16, entry of one byte: always below 4,096.
            sum ^= unsafe tables[unchecked: (last - byte) << 8 | Int(UInt8(truncatingIfNeeded: word >> UInt64(8 * byte)))]
        }
        return sum
    }

    /// Table 0 is that of one byte; table `k` that of one byte followed by `k` zero bytes.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 16 * 256)
        for byte in 0..<256 {
            var value = UInt32(truncatingIfNeeded: byte)
            for _ in 0..<8 { value = value & 1 == 0 ? value >> 1 : value >> 1 ^ 0x82F6_3B78 }
            tables[byte] = value
        }
        for index in 256..<16 * 256 {
            let before = tables[index - 256]
            tables[index] = before >> 8 ^ tables[Int(before & 255)]
        }
        return tables
    }()
}
