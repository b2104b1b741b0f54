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
        var numbers = HashedNumbers(capacity: count)
        for number in 0..<UInt32(truncatingIfNeeded: count) {
            if let hash = hash(number) { numbers.append(number, hash: hash) }
        }
        self.init(numbers, in: scratch)
    }

    package init(_ hashed: consuming HashedNumbers, in scratch: Scratch? = nil) {
        let sorted = hashed.sorted()
        let entries = sorted.span
        let bucketCount = max(1, entries.count / Self.numbersPerBucket)
        let starts = ElementWriter<UInt32>(count: bucketCount + 1, capacity: bucketCount + 1, in: scratch)
        let fingerprints = ElementWriter<UInt8>(count: entries.count, capacity: entries.count, in: scratch)
        let numbers = ElementWriter<UInt32>(count: entries.count, capacity: entries.count, in: scratch)
        fingerprints.setting { bytes in
            for place in entries.indices { bytes[place] = UInt8(truncatingIfNeeded: entries[place] >> 32) }
        }
        numbers.setting { numbers in
            for place in entries.indices { numbers[place] = UInt32(truncatingIfNeeded: entries[place]) }
        }
        starts.setting { starts in
            // Buckets ascend with hashes, so that they begin one after the other.
            var open = 0
            for place in entries.indices {
                let bucket = Self.bucket(of: UInt32(truncatingIfNeeded: entries[place] >> 32), among: bucketCount)
                while open < bucket {
                    open += 1
                    starts[open] = UInt32(truncatingIfNeeded: place)
                }
            }
            while open < bucketCount {
                open += 1
                starts[open] = UInt32(truncatingIfNeeded: entries.count)
            }
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
