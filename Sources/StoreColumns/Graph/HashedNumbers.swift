/// Numbers with the hashes they are filed under, on the way into an index. They come in ascending order.
package struct HashedNumbers {
    /// The hash above, the number below.
    private var entries: [UInt64] = []

    package init(capacity: Int) { entries.reserveCapacity(capacity) }

    @inline(__always)
    package mutating func append(_ number: UInt32, hash: UInt32) { entries.append(UInt64(hash) << 32 | UInt64(number)) }

    /// The entries by hash, then number. First into parts by the hashes' upper bits, which then fit the processor's cache; in a part into
    /// runs of a handful by the bits below; then by insertion.
    consuming func sorted() -> [UInt64] {
        guard entries.count > 64 else { return entries.sorted() }
        var (source, target) = (entries, [UInt64](repeating: 0, count: entries.count))
        entries = []
        var partBits = 0
        while partBits < 11, source.count >> partBits > 16_384 { partBits += 1 }
        // Where the next entry of each value of some bits goes.
        var places = [Int](repeating: 0, count: 1 << 16 + 1)
        var parts = [0, source.count]
        if partBits > 0 {
            do {
                var spread = target.mutableSpan
                var next = places.mutableSpan
                Self.distribute(source.span, 0..<source.count, into: &spread, &next, shift: 64 - partBits, bits: partBits)
            }
            parts = [0]
            // Now it is where each value's entries end.
            for value in 0..<1 << partBits { parts.append(places[value]) }
            swap(&source, &target)
        }
        for part in 0..<parts.count - 1 {
            let range = parts[part]..<parts[part + 1]
            var runBits = 0
            while runBits < 16, range.count >> runBits > 4 { runBits += 1 }
            var spread = target.mutableSpan
            var next = places.mutableSpan
            Self.distribute(source.span, range, into: &spread, &next, shift: 64 - partBits - runBits, bits: runBits)
            Self.insertionSort(&spread, range)
        }
        return target
    }

    /// Puts entries in the order of some bits, each value's in the order in which they came.
    private static func distribute(
        _ entries: Span<UInt64>, _ range: Range<Int>, into sorted: inout MutableSpan<UInt64>, _ next: inout MutableSpan<Int>,
        shift: Int, bits: Int
    ) {
        let (shift, mask) = (UInt64(shift), (1 as UInt64) << UInt64(bits) - 1)
        for value in 0...1 << bits { next[value] = 0 }
        for place in range { next[Int(truncatingIfNeeded: entries[place] >> shift & mask) + 1] += 1 }
        next[0] = range.lowerBound
        for value in 1...1 << bits { next[value] += next[value - 1] }
        for place in range {
            let value = Int(truncatingIfNeeded: entries[place] >> shift & mask)
            sorted[next[value]] = entries[place]
            next[value] += 1
        }
    }

    /// Of entries that are nearly in order; where many hashes are equal their numbers are in order already.
    private static func insertionSort(_ entries: inout MutableSpan<UInt64>, _ range: Range<Int>) {
        for place in range.dropFirst() {
            let entry = entries[place]
            var gap = place
            while gap > range.lowerBound, entries[gap - 1] > entry {
                entries[gap] = entries[gap - 1]
                gap -= 1
            }
            entries[gap] = entry
        }
    }
}
