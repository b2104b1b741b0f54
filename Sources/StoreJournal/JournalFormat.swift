/// What the bytes of a journal mean: `Schema/formats/Journal.md`.
package enum JournalFormat {
    /// The number of the format that is written. A segment of a higher number was made by a newer program.
    package static let number: UInt16 = 1
    /// The most bytes a record's payload may have.
    package static let maximumPayloadByteCount = 16 << 20

    /// A segment's file name: its base, in eight digits or more.
    package static func segmentName(base: UInt64) -> String {
        let digits = String(base)
        return String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".journal"
    }

    /// The base in a segment's file name; nil for a name that `segmentName` does not make.
    package static func base(ofSegment name: String) -> UInt64? {
        guard name.hasSuffix(".journal"), let base = UInt64(name.dropLast(".journal".count)),
            segmentName(base: base) == name
        else { return nil }
        return base
    }
}

/// What tells one data folder from all others: 16 bytes, drawn when it was made.
package struct FolderID: Sendable, Hashable {
    package let high: UInt64
    package let low: UInt64

    /// - Parameters `high`, `low`: by chance; whoever makes the folder hands them in.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Its bytes as they stand in files.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for word in [high, low] { for index in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * index))) } }
        return bytes
    }

    /// - Parameter bytes: nil unless they are 16.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
