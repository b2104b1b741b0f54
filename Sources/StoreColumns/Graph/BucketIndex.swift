import Bytes

/// Numbers (rows, codes) by 32 bits of a hash, made in one go: five and a half bytes a number, the same for the same numbers in
/// whatever order they came.
///
///     directory     where each bucket begins, and the end
///     fingerprints  the low byte of each entry's hash
///     numbers       the entries: bucket by bucket, in a bucket by hash, then number
@usableFromInline package struct BucketIndex: Sendable {
    package let directory: Elements<UInt32>
    package let fingerprints: Elements<UInt8>
    package let numbers: Elements<UInt32>

    private static let numbersPerBucket = 6

    /// Over lists that are there already. Nil if they are not those of an index of numbers below `limit`.
    package init?(
        directory: Elements<UInt32>, fingerprints: Elements<UInt8>, numbers: Elements<UInt32>, numbersBelow limit: Int
    ) {
        guard directory.count >= 2, fingerprints.count == numbers.count, directory[0] == 0,
            Int(directory[directory.count - 1]) == numbers.count
        else { return nil }
        var highest: UInt32 = 0
        var isAscending = true
        let starts = directory.span
        for index in 1..<starts.count { isAscending = isAscending && starts[index - 1] <= starts[index] }
        let entries = numbers.span
        for index in entries.indices { highest = max(highest, entries[index]) }
        guard isAscending, numbers.count == 0 || Int(highest) < limit else { return nil }
        self.directory = directory
        self.fingerprints = fingerprints
        self.numbers = numbers
    }

    /// The numbers below `count`, by their hashes.
    /// - Parameter hash: nil for a number that is left out. Called once for each number, in order.
    package init(count: Int, in scratch: Scratch? = nil, hash: (UInt32) -> UInt32?) {
        var kept: [UInt64] = []
        kept.reserveCapacity(count)
        for number in 0..<UInt32(truncatingIfNeeded: count) {
            if let hash = hash(number) { kept.append(UInt64(hash) << 32 | UInt64(number)) }
        }
        let bucketCount = max(1, kept.count / Self.numbersPerBucket)
        Self.sort(&kept)
        let starts = ElementWriter<UInt32>(count: bucketCount + 1, capacity: bucketCount + 1, in: scratch)
        let fingerprints = ElementWriter<UInt8>(count: kept.count, capacity: kept.count, in: scratch)
        let numbers = ElementWriter<UInt32>(count: kept.count, capacity: kept.count, in: scratch)
        // Buckets ascend with hashes, so that they begin one after the other.
        var open = 0
        for place in kept.indices {
            let entry = kept[place]
            let bucket = Self.bucket(of: UInt32(truncatingIfNeeded: entry >> 32), among: bucketCount)
            while open < bucket {
                open += 1
                starts[open] = UInt32(truncatingIfNeeded: place)
            }
            fingerprints[place] = UInt8(truncatingIfNeeded: entry >> 32)
            numbers[place] = UInt32(truncatingIfNeeded: entry)
        }
        while open < bucketCount {
            open += 1
            starts[open] = UInt32(truncatingIfNeeded: kept.count)
        }
        directory = starts.finish()
        self.fingerprints = fingerprints.finish()
        self.numbers = numbers.finish()
    }

    /// Numbers that mean the same as another one before it in its bucket, with the first such, by number. Cost: one pass; few entries of
    /// a bucket share their fingerprint.
    func repetitions(limit: Int, _ areSame: (UInt32, UInt32) -> Bool) -> [(code: UInt32, first: UInt32)] {
        var found: [(code: UInt32, first: UInt32)] = []
        for bucket in 0..<directory.count - 1 {
            let (start, end) = (Int(directory[bucket]), Int(directory[bucket + 1]))
            guard end - start > 1 else { continue }
            for place in start + 1..<end {
                for earlier in start..<place
                where fingerprints[earlier] == fingerprints[place] && areSame(numbers[earlier], numbers[place]) {
                    found.append((numbers[place], numbers[earlier]))
                    break
                }
                if found.count >= limit { return found }
            }
        }
        return found.sorted { $0.code < $1.code }
    }

    /// Sorts entries by hash, then number; entries come by number. First into parts by the hashes' upper bits, which then fit the
    /// processor's cache; in a part into runs of a handful by the bits below; then by insertion.
    private static func sort(_ entries: inout [UInt64]) {
        guard entries.count > 64 else { return entries.sort() }
        var partBits = 0
        while partBits < 11, entries.count >> partBits > 16_384 { partBits += 1 }
        if partBits > 0 { entries = distributed(entries, 0..<entries.count, shift: 64 - partBits, bits: partBits) }
        var start = 0
        while start < entries.count {
            let part = partBits == 0 ? 0 : entries[start] >> UInt64(64 - partBits)
            var end = entries.count
            if partBits > 0 {
                // The parts are about equally long, so the end is near where it would be if they were.
                end = start
                while end < entries.count, entries[end] >> UInt64(64 - partBits) == part { end += 1 }
            }
            var runBits = 0
            while runBits < 16, (end - start) >> runBits > 4 { runBits += 1 }
            let runs = distributed(entries, start..<end, shift: 64 - partBits - runBits, bits: runBits)
            for place in runs.indices { entries[start + place] = runs[place] }
            insertionSort(&entries, start..<end)
            start = end
        }
    }

    /// Entries in the order of some bits, each value's in the order in which they came.
    private static func distributed(_ entries: [UInt64], _ range: Range<Int>, shift: Int, bits: Int) -> [UInt64] {
        let (shift, mask) = (UInt64(shift), (1 as UInt64) << UInt64(bits) - 1)
        var places = [Int](repeating: 0, count: 1 << bits + 1)
        for place in range { places[Int(truncatingIfNeeded: entries[place] >> shift & mask) + 1] += 1 }
        for value in 1..<places.count { places[value] += places[value - 1] }
        var sorted = [UInt64](repeating: 0, count: range.count)
        for place in range {
            let value = Int(truncatingIfNeeded: entries[place] >> shift & mask)
            sorted[places[value]] = entries[place]
            places[value] += 1
        }
        return sorted
    }

    /// Of entries that are nearly in order; where many hashes are equal their numbers are in order already.
    private static func insertionSort(_ entries: inout [UInt64], _ range: Range<Int>) {
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

    @inline(__always)
    private static func bucket(of hash: UInt32, among count: Int) -> Int {
        Int(truncatingIfNeeded: (UInt64(hash) &* UInt64(truncatingIfNeeded: count)) >> 32)
    }

    /// The lowest number under `hash` that `matches`, or nil.
    @inline(__always)
    func first(_ hash: UInt32, where matches: (UInt32) -> Bool) -> UInt32? {
        let bucket = Self.bucket(of: hash, among: directory.count - 1)
        let fingerprint = UInt8(truncatingIfNeeded: hash)
        var place = Int(directory[bucket])
        let end = Int(directory[bucket + 1])
        while place < end {
            if fingerprints[place] == fingerprint, matches(numbers[place]) { return numbers[place] }
            place += 1
        }
        return nil
    }
}
