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
    package init(count: Int, hash: (UInt32) -> UInt32?) {
        var kept: [UInt64] = []
        kept.reserveCapacity(count)
        for number in 0..<UInt32(truncatingIfNeeded: count) {
            if let hash = hash(number) { kept.append(UInt64(hash) << 32 | UInt64(number)) }
        }
        let bucketCount = max(1, kept.count / Self.numbersPerBucket)
        let starts = ElementWriter<UInt32>(count: bucketCount + 1, capacity: bucketCount + 1)
        for entry in kept { starts[Self.bucket(of: UInt32(truncatingIfNeeded: entry >> 32), among: bucketCount) + 1] += 1 }
        for bucket in 0..<bucketCount { starts[bucket + 1] += starts[bucket] }
        // Each entry goes to the next place of its bucket; `starts[b]` ends up where bucket b ends, so it is shifted back after.
        var sorted = [UInt64](repeating: 0, count: kept.count)
        for entry in kept {
            let bucket = Self.bucket(of: UInt32(truncatingIfNeeded: entry >> 32), among: bucketCount)
            sorted[Int(starts[bucket])] = entry
            starts[bucket] += 1
        }
        for bucket in stride(from: bucketCount, to: 0, by: -1) { starts[bucket] = starts[bucket - 1] }
        starts[0] = 0
        let fingerprints = ElementWriter<UInt8>(count: kept.count, capacity: kept.count)
        let numbers = ElementWriter<UInt32>(count: kept.count, capacity: kept.count)
        for bucket in 0..<bucketCount {
            let range = Int(starts[bucket])..<Int(starts[bucket + 1])
            Self.sort(&sorted, range)
            for place in range {
                fingerprints[place] = UInt8(truncatingIfNeeded: sorted[place] >> 32)
                numbers[place] = UInt32(truncatingIfNeeded: sorted[place])
            }
        }
        directory = starts.finish()
        self.fingerprints = fingerprints.finish()
        self.numbers = numbers.finish()
    }

    /// Buckets hold a handful, unless hashes collide.
    private static func sort(_ entries: inout [UInt64], _ range: Range<Int>) {
        guard range.count <= 32 else { return entries[range].sort() }
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
