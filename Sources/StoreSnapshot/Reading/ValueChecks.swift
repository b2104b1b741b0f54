import Bytes
import StoreColumns

/// What the bytes of a buffer must mean, apart from being those that were written. Each runs over a whole buffer and says
/// whether it holds; none branches in its loop.
enum ValueChecks {
    static func areBelow(_ limit: UInt64, _ values: Span<UInt32>) -> Bool {
        var highest: UInt32 = 0
        for index in values.indices { highest = max(highest, values[index]) }
        return values.isEmpty || UInt64(highest) < limit
    }

    static func areBelow(_ limit: UInt64, _ values: Span<UInt16>) -> Bool {
        var highest: UInt16 = 0
        for index in values.indices { highest = max(highest, values[index]) }
        return values.isEmpty || UInt64(highest) < limit
    }

    static func areIn(_ range: ClosedRange<Int32>, _ values: Span<Int32>) -> Bool {
        var (lowest, highest) = (range.upperBound, range.lowerBound)
        for index in values.indices {
            lowest = min(lowest, values[index])
            highest = max(highest, values[index])
        }
        return values.isEmpty || lowest >= range.lowerBound && highest <= range.upperBound
    }

    static func areIn(_ range: ClosedRange<Int64>, _ values: Span<Int64>) -> Bool {
        var (lowest, highest) = (range.upperBound, range.lowerBound)
        for index in values.indices {
            lowest = min(lowest, values[index])
            highest = max(highest, values[index])
        }
        return values.isEmpty || lowest >= range.lowerBound && highest <= range.upperBound
    }

    static func areFinite(_ values: Span<Double>) -> Bool {
        let exponent: UInt64 = 0x7FF0_0000_0000_0000
        var areFinite = true
        for index in values.indices { areFinite = areFinite && values[index].bitPattern & exponent != exponent }
        return areFinite
    }

    /// No value is lower than the one before it.
    static func isAscending(_ values: Span<UInt32>) -> Bool {
        var isAscending = true
        for index in values.indices.dropFirst() { isAscending = isAscending && values[index - 1] <= values[index] }
        return isAscending
    }

    /// Offsets begin at 0, never descend, end at `end`, and no run is longer than `limit`.
    static func areOffsets(_ offsets: Span<UInt32>, to end: Int, limit: Int) -> Bool {
        guard offsets.count > 0, offsets[0] == 0, Int(offsets[offsets.count - 1]) == end else { return false }
        var longest: UInt32 = 0
        var isAscending = true
        for index in 1..<offsets.count {
            isAscending = isAscending && offsets[index - 1] <= offsets[index]
            longest = max(longest, offsets[index] &- offsets[index - 1])
        }
        return isAscending && Int(longest) <= limit
    }

    static func areOffsets(_ offsets: Span<UInt64>, to end: Int, limit: Int) -> Bool {
        guard offsets.count > 0, offsets[0] == 0, offsets[offsets.count - 1] == UInt64(end) else { return false }
        var longest: UInt64 = 0
        var isAscending = true
        for index in 1..<offsets.count {
            isAscending = isAscending && offsets[index - 1] <= offsets[index]
            longest = max(longest, offsets[index] &- offsets[index - 1])
        }
        return isAscending && longest <= UInt64(limit)
    }

    /// The bytes are UTF-8, and no text begins inside a character. `offsets` must have been checked.
    static func areTexts(_ bytes: Span<UInt8>, _ offsets: Span<UInt32>) -> Bool {
        guard (try? UTF8Span(validating: bytes)) != nil else { return false }
        var areWhole = true
        for index in offsets.indices where Int(offsets[index]) < bytes.count {
            areWhole = areWhole && bytes[Int(offsets[index])] & 0xC0 != 0x80
        }
        return areWhole
    }

    /// A bitmap of `count` rows has so many ones, and none behind its last row.
    static func isBitmap(_ words: Span<UInt64>, count: Int, setCount: Int) -> Bool {
        guard words.count == (count + 63) / 64 else { return false }
        var sum = 0
        for index in words.indices { sum += words[index].nonzeroBitCount }
        return sum == setCount && (count % 64 == 0 || words[words.count - 1] >> UInt64(count % 64) == 0)
    }

    /// Every 1 of `inner` is one in `outer`.
    static func isSubset(_ inner: Span<UInt64>, of outer: Span<UInt64>) -> Bool {
        guard inner.count == outer.count else { return false }
        var rest: UInt64 = 0
        for index in inner.indices { rest |= inner[index] & ~outer[index] }
        return rest == 0
    }
}
