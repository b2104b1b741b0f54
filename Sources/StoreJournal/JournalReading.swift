import Bytes

extension JournalReplay {
    /// Reads some records in order, each after proving that it belongs there, also while the journal is being written.
    ///
    /// - Parameters:
    ///   - range: LSNs that are durable; they lie in the segments.
    ///   - names: the segments in `folder`, in the order of their bases.
    ///   - visit: false ends the reading, and so does what it throws.
    package static func read(
        _ range: ClosedRange<UInt64>, of names: [String], in folder: String, of id: FolderID, on files: any FileSystem,
        visit: (JournalRecord) throws(JournalError) -> Bool
    ) throws(JournalError) {
        let first = names.lastIndex { JournalFormat.base(ofSegment: $0).map { $0 < range.lowerBound } ?? false }
        guard let first else {
            throw JournalError(.absent, path: folder, "no segment of the journal has record \(range.lowerBound)")
        }
        var chain: UInt32?
        for (index, name) in names.enumerated().dropFirst(first) {
            let path = folder + "/" + name
            let next = index + 1 < names.count ? JournalFormat.base(ofSegment: names[index + 1]) : nil
            var reader = try SegmentReader(path, on: files)
            let belongs = reader.header.folder == id && reader.header.base == JournalFormat.base(ofSegment: name)
            guard belongs, chain == nil || reader.header.chain == chain else {
                throw JournalError(
                    .damaged(lastGood: reader.header.base, recordsBehind: 0), path: path, at: 16,
                    "the segment is another one than its name and the one before say")
            }
            // What stands behind the next segment's base was never acknowledged.
            let last = min(range.upperBound, next ?? range.upperBound)
            while reader.lastLSN < last {
                guard case .record(let record) = try reader.next() else {
                    throw JournalError(
                        .damaged(lastGood: reader.lastLSN, recordsBehind: 0), path: path, at: reader.offset,
                        "record \(reader.lastLSN + 1) cannot be read")
                }
                if record.lsn >= range.lowerBound, try !visit(record) { return }
            }
            if last == range.upperBound { return }
            chain = reader.chain
        }
    }
}
