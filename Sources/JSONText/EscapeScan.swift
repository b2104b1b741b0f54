/// Eight bytes at a time: is any of them a quote, a backslash or a control character?
///
/// These are the bytes that JSON never carries raw inside a string (RFC 8259 §7); the reader stops at them, the writer escapes
/// them. The three tests are exact for "some byte does": a borrow can only start at a byte that is itself a hit.
@usableFromInline
enum EscapeScan {
    @usableFromInline static let ones: UInt64 = 0x0101_0101_0101_0101
    @usableFromInline static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Whether a byte of the word needs an escape.
    @inlinable @inline(__always)
    static func hit(in word: UInt64) -> Bool { hits(in: word) != 0 }

    /// Not 0 where a byte of the word needs an escape.
    @inlinable @inline(__always)
    static func hits(in word: UInt64) -> UInt64 {
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let control = (word &- ones &* 0x20) & ~word
        let either = ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | control
        return either & highBits
    }

    /// The same of two words at once.
    @inlinable @inline(__always)
    static func hits(in words: SIMD2<UInt64>) -> SIMD2<UInt64> {
        let quote = words ^ SIMD2(repeating: ones &* 0x22)
        let backslash = words ^ SIMD2(repeating: ones &* 0x5C)
        let control = (words &- SIMD2(repeating: ones &* 0x20)) & ~words
        let one = SIMD2(repeating: ones)
        let either = ((quote &- one) & ~quote) | ((backslash &- one) & ~backslash) | control
        return either & SIMD2(repeating: highBits)
    }

    /// Whether this byte needs an escape.
    @inlinable @inline(__always)
    static func hit(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C }

    /// The eight bytes from `index` on, the first in the lowest place. One load once optimised.
    @inlinable @inline(__always)
    static func word(_ bytes: borrowing Span<UInt8>, at index: Int) -> UInt64 {
        precondition(index >= 0 && index <= bytes.count &- 8)
        var word: UInt64 = 0
        for place in 0..<8 { word |= UInt64(bytes[index &+ place]) &<< UInt64(place &* 8) }
        return word
    }

    /// The fewer than eight bytes from `index` on, the first in the lowest place; blanks behind them, which need no escape.
    @inlinable @inline(__always)
    static func word(_ bytes: borrowing Span<UInt8>, at index: Int, count: Int) -> UInt64 {
        var word = count == 0 ? blanks : blanks &<< UInt64(count &* 8)
        if count >= 4 {
            // Two halves that overlap.
            word |= half(bytes, at: index) | half(bytes, at: index &+ count &- 4) &<< UInt64((count &- 4) &* 8)
        } else if count > 0 {
            let (middle, last) = (count >> 1, count &- 1)
            word |= UInt64(bytes[index]) | UInt64(bytes[index &+ middle]) &<< UInt64(middle &* 8)
            word |= UInt64(bytes[index &+ last]) &<< UInt64(last &* 8)
        }
        return word
    }

    @usableFromInline static let blanks: UInt64 = 0x2020_2020_2020_2020

    @inlinable @inline(__always)
    static func half(_ bytes: borrowing Span<UInt8>, at index: Int) -> UInt64 {
        precondition(index >= 0 && index <= bytes.count &- 4)
        var word: UInt64 = 0
        for place in 0..<4 { word |= UInt64(bytes[index &+ place]) &<< UInt64(place &* 8) }
        return word
    }

    /// Writes the eight bytes of a word, the lowest first. One store once optimised.
    @inlinable @inline(__always)
    static func store(_ word: UInt64, into bytes: inout MutableSpan<UInt8>, at index: Int) {
        precondition(index >= 0 && index <= bytes.count &- 8)
        for place in 0..<8 { bytes[index &+ place] = UInt8(truncatingIfNeeded: word &>> UInt64(place &* 8)) }
    }

    /// The index of the first byte from `start` on that needs an escape, or the count.
    static func firstHit(in bytes: borrowing Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index &+ 8 <= bytes.count, !hit(in: word(bytes, at: index)) { index &+= 8 }
        while index < bytes.count, !hit(bytes[index]) { index &+= 1 }
        return index
    }
}
