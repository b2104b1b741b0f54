/// Reads little-endian numbers and byte strings from front to back, never beyond the end.
///
/// A read that would go too far returns nil and leaves the place as it was.
package struct ByteReader: ~Escapable {
    private let bytes: Span<UInt8>
    /// How many bytes have been read.
    package private(set) var offset = 0

    @_lifetime(copy bytes)
    package init(_ bytes: Span<UInt8>) { self.bytes = bytes }

    package var remainingCount: Int { bytes.count - offset }

    package mutating func byte() -> UInt8? { number(UInt8.self) }
    package mutating func uint16() -> UInt16? { number(UInt16.self) }
    package mutating func uint32() -> UInt32? { number(UInt32.self) }
    package mutating func uint64() -> UInt64? { number(UInt64.self) }

    /// The next integer.
    package mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        guard let value = bytes.littleEndian(at: offset, as: type) else { return nil }
        offset += MemoryLayout<Number>.size
        return value
    }

    /// The next `count` bytes, copied.
    package mutating func bytes(_ count: Int) -> [UInt8]? {
        guard count >= 0, count <= remainingCount else { return nil }
        var copy: [UInt8] = []
        copy.reserveCapacity(count)
        for index in offset..<offset + count { copy.append(bytes[index]) }
        offset += count
        return copy
    }

    /// Goes on `count` bytes further. False if there are not so many.
    package mutating func skip(_ count: Int) -> Bool {
        guard count >= 0, count <= remainingCount else { return false }
        offset += count
        return true
    }
}

extension Span<UInt8> {
    /// The little-endian integer at a byte offset; nil where it does not lie wholly within the bytes.
    package func littleEndian<Number: FixedWidthInteger>(at offset: Int, as type: Number.Type) -> Number? {
        let size = MemoryLayout<Number>.size
        guard offset >= 0, size <= count, offset <= count - size else { return nil }
        var value: Number = 0
        for index in 0..<size { value |= Number(truncatingIfNeeded: self[offset + index]) << Number(8 * index) }
        return value
    }
}

extension [UInt8] {
    /// Appends an integer's bytes, lowest first.
    package mutating func appendLittleEndian<Number: FixedWidthInteger>(_ number: Number) {
        for index in 0..<MemoryLayout<Number>.size {
            append(UInt8(truncatingIfNeeded: number >> Number(8 * index)))
        }
    }
}
