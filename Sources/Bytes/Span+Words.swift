extension Span where Element == UInt8 {
    /// Eight bytes from `index` on as a word, the first byte lowest.
    @inlinable package func word(at index: Int) -> UInt64 {
        precondition(index >= 0 && index <= count - 8, "a word beyond the bytes")
        // In bounds by the check; every eight bytes are a word.
        return unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    /// Whether the next 32 bytes are the same.
    @inlinable @inline(__always)
    package func isBlockSame(as other: borrowing Span<UInt8>, at index: Int) -> Bool {
        precondition(index >= 0 && index <= count - 32 && index <= other.count - 32, "a block beyond the bytes")
        // In bounds by the check; every sixteen bytes are two words.
        let first = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: SIMD2<UInt64>.self)
        let second = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index &+ 16, as: SIMD2<UInt64>.self)
        let otherFirst = unsafe other.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: SIMD2<UInt64>.self)
        let otherSecond = unsafe other.bytes.unsafeLoadUnaligned(fromByteOffset: index &+ 16, as: SIMD2<UInt64>.self)
        let difference = (first ^ otherFirst) | (second ^ otherSecond)
        return difference[0] | difference[1] == 0
    }

    /// Whether the bytes are the same, many at a time.
    @inlinable package func isSame(as other: borrowing Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        // The same bytes, handed from one to the other.
        if isIdentical(to: other) { return true }
        var index = 0
        while index + 32 <= count {
            if !isBlockSame(as: other, at: index) { return false }
            index += 32
        }
        while index + 8 <= count {
            if word(at: index) != other.word(at: index) { return false }
            index += 8
        }
        guard index < count else { return true }
        // The last word reaches back over bytes that were compared.
        if count >= 8 { return word(at: count - 8) == other.word(at: count - 8) }
        while index < count {
            if self[index] != other[index] { return false }
            index += 1
        }
        return true
    }
}
