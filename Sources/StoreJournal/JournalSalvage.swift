import Bytes

/// What can be read of a journal that a start refuses: every record in order behind a version, up to the first that is missing
/// or has changed. Changes no file.
///
/// Where a start wants every segment whole, this needs only the records behind `start`: damage before them does not matter.
/// Nothing is believed that a start would not believe: each record follows the one before by number and chain.
package struct JournalSalvage: Sendable {
    /// The last LSN that could be read.
    package private(set) var lsn: UInt64
    /// What stopped the reading; nil where the journal simply ends.
    package private(set) var problem: JournalError?
    /// Whole records that lie behind and follow nothing.
    package private(set) var strayCount = 0
    /// The greatest LSN among them; `lsn` if there is none.
    package private(set) var highest: UInt64

    /// - Parameters:
    ///   - names: segments in `folder`, in the order of their bases; also such as the manifest does not name.
    ///   - start: a version that is known wholly.
    ///   - visit: gets each record with an LSN greater than `start`; what it throws ends the reading before that record.
    /// - Throws: what is no damage: a newer format, storage that refuses.
    package init(
        _ names: [String], in folder: String, of id: FolderID, from start: UInt64, on files: any FileSystem,
        visit: (JournalRecord) throws(JournalError) -> Void
    ) throws(JournalError) {
        (lsn, highest) = (start, start)
        guard let first = names.lastIndex(where: { (JournalFormat.base(ofSegment: $0) ?? .max) <= start }) else {
            problem = JournalError(.absent, path: folder, "no segment begins at version \(start) or before")
            try countStray(names[...], in: folder, on: files)
            return
        }
        var chain: UInt32?
        for index in first..<names.count {
            let until = index + 1 < names.count ? JournalFormat.base(ofSegment: names[index + 1]) : nil
            do throws(JournalError) {
                var reader = try SegmentReader(folder + "/" + names[index], on: files)
                try Self.check(reader, id, base: JournalFormat.base(ofSegment: names[index]), lsn: lsn, chain: chain)
                try read(&reader, until: until, visit)
                chain = reader.chain
            } catch {
                try Self.checkIsDamage(error)
                problem = error
                try countStray(names[(index + 1)...], in: folder, on: files)
                return
            }
        }
    }

    private static func check(
        _ reader: SegmentReader, _ id: FolderID, base: UInt64?, lsn: UInt64, chain: UInt32?
    ) throws(JournalError) {
        let header = reader.header
        guard header.folder == id else {
            throw JournalError(.foreign, path: reader.path, at: 16, "the segment belongs to another data folder")
        }
        let follows = chain.map { header.chain == $0 && header.base == lsn } ?? (header.base <= lsn)
        guard header.base == base, follows else {
            throw JournalError(
                .damaged(lastGood: lsn, recordsBehind: 0), path: reader.path, at: 32,
                "the segment does not follow what lies before it")
        }
    }

    /// Reads a segment's records up to `until`, or to its end.
    private mutating func read(
        _ reader: inout SegmentReader, until: UInt64?, _ visit: (JournalRecord) throws(JournalError) -> Void
    ) throws(JournalError) {
        var trouble: String?
        reading: while until.map({ reader.lastLSN < $0 }) ?? true {
            let place = reader.offset
            switch try reader.next() {
            case .record(let record):
                guard record.lsn > lsn else { continue }
                do throws(JournalError) {
                    try visit(record)
                } catch {
                    highest = max(highest, record.lsn)
                    strayCount += 1
                    try countStray(&reader)
                    throw JournalError(error.reason, path: reader.path, at: place, error.message)
                }
                lsn = record.lsn
                highest = max(highest, lsn)
            case .end: break reading
            case .newer(let format):
                throw JournalError(
                    .newer(formatNumber: format), path: reader.path, at: reader.offset,
                    "a record has format \(format); this program reads up to \(JournalFormat.number)")
            case .bad(let message):
                // What lies before the version that is known is not needed.
                if reader.lastLSN < lsn, try reader.resume(at: lsn + 1) { continue }
                trouble = message
                break reading
            }
        }
        guard reader.lastLSN < lsn || until.map({ reader.lastLSN < $0 }) ?? (trouble != nil) else { return }
        try countStray(&reader)
        throw JournalError(
            .damaged(lastGood: lsn, recordsBehind: strayCount), path: reader.path, at: reader.offset,
            trouble ?? "the segment ends here, behind version \(reader.lastLSN)")
    }

    private mutating func countStray(_ reader: inout SegmentReader) throws(JournalError) {
        let behind = try reader.remainder()
        strayCount += behind.recordCount
        highest = max(highest, behind.highestLSN)
    }

    /// Counts what lies in segments that cannot be joined; one that cannot be read holds nothing that could be counted.
    private mutating func countStray(
        _ names: ArraySlice<String>, in folder: String, on files: any FileSystem
    ) throws(JournalError) {
        for name in names {
            do throws(JournalError) {
                var reader = try SegmentReader(folder + "/" + name, on: files)
                try countStray(&reader)
            } catch {
                try Self.checkIsDamage(error)
            }
        }
    }

    /// What a repair must not touch is thrown on: made by a newer program, or not readable just now.
    private static func checkIsDamage(_ error: JournalError) throws(JournalError) {
        switch error.reason {
        case .newer: throw error
        case .storage(let failure) where failure.reason != .inputOutput: throw error
        default: break
        }
    }
}
