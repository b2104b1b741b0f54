import Bytes

extension Span where Element == UInt8 {
    /// Below, at or above 0 as these bytes come before, with or after the others. Eight bytes a step.
    package func order(against other: borrowing Span<UInt8>) -> Int {
        let shared = Swift.min(count, other.count)
        var index = 0
        while index &+ 8 <= shared {
            let (own, others) = (word(at: index), other.word(at: index))
            if own != others { return own.byteSwapped < others.byteSwapped ? -1 : 1 }
            index &+= 8
        }
        while index < shared {
            if self[index] != other[index] { return self[index] < other[index] ? -1 : 1 }
            index &+= 1
        }
        return count - other.count
    }

    /// The first fifteen bytes as a number that keeps their order: 1, then the bytes, then zeros. Two words, as shifting one of
    /// 128 bits byte by byte costs several times as much.
    package var textLead: UInt128 {
        if count >= 8 {
            let first = word(at: 0).byteSwapped
            // The bytes behind the seventh: whole, or the last eight moved to the left.
            let rest = count >= 15 ? word(at: 7).byteSwapped : word(at: count - 8).byteSwapped << UInt64(8 * (15 - count))
            return UInt128(1 << 56 | first >> 8) << 64 | UInt128(rest)
        }
        var high: UInt64 = 1
        for index in 0..<count { high = high << 8 | UInt64(self[index]) }
        return UInt128(high << UInt64(8 * (7 - count))) << 64
    }
}
