import Bytes

/// Where a journal ends, once all of it was read.
package struct JournalEnd: Sendable, Hashable {
    /// The last LSN; the first segment's base if there is no record.
    package var lsn: UInt64
    /// The last record's header CRC; the last segment header's if it has no record.
    package var chain: UInt32
    /// The last segment's path, and where the next record goes in it.
    package var path: String
    package var byteOffset: Int
    /// How many records were read.
    package var recordCount: Int
    /// How many bytes behind `byteOffset` are a torn tail.
    package var tornByteCount: Int
    /// Of the SDL under which the last segment's records were made.
    package var modelDigest: [UInt8]
}

/// Reads the segments of a folder.
package enum JournalReplay {
    /// Reads every record in order, after proving that it belongs there. Changes no file.
    ///
    /// - Parameters:
    ///   - names: the segments in `folder`, in the order of their bases; at least one.
    ///   - acknowledged: the LSN that the journal must reach.
    ///   - visit: gets each record with an LSN greater than `start`; what it throws gets the record's place.
    package static func run(
        _ names: [String], in folder: String, of id: FolderID, from start: UInt64, acknowledged: UInt64,
        on files: any FileSystem, visit: (JournalRecord) throws(JournalError) -> Void
    ) throws(JournalError) -> JournalEnd {
        var recordCount = 0
        var last: (lsn: UInt64, chain: UInt32)?
        for (index, name) in names.enumerated() {
            let isLast = index == names.count - 1
            let until = isLast ? nil : JournalFormat.base(ofSegment: names[index + 1])
            let path = folder + "/" + name
            var reader = try open(path, id, base: JournalFormat.base(ofSegment: name), start: start, after: last, on: files)
            var bad: String?
            reading: while until.map({ reader.lastLSN < $0 }) ?? true {
                switch try reader.next() {
                case .record(let record):
                    recordCount += 1
                    guard record.lsn > start else { continue }
                    do throws(JournalError) {
                        try visit(record)
                    } catch {
                        throw JournalError(
                            error.reason, path: path, at: place(of: record, endingAt: reader.offset), error.message)
                    }
                case .end: break reading
                case .bad(let message):
                    bad = message
                    break reading
                case .newer(let format):
                    throw JournalError(
                        .newer(formatNumber: format), path: path, at: reader.offset,
                        "a record has format \(format); this program reads up to \(JournalFormat.number)")
                }
            }
            if let until {
                if reader.lastLSN < until {
                    let behind = try reader.remainder()
                    throw JournalError(
                        .damaged(lastGood: reader.lastLSN, recordsBehind: behind.recordCount), path: path,
                        at: reader.offset,
                        "\(bad ?? "the segment ends"), and the next segment goes on behind version \(until)")
                }
                last = (reader.lastLSN, reader.chain)
                continue
            }
            return try end(of: &reader, bad, recordCount: recordCount, acknowledged: acknowledged)
        }
        throw JournalError(.absent, path: folder, "the journal has no segment")
    }

    private static func place(of record: JournalRecord, endingAt end: Int) -> Int {
        end - RecordHeader.byteCount - (record.payload.count + 7) & ~7
    }

    private static func open(
        _ path: String, _ id: FolderID, base: UInt64?, start: UInt64, after last: (lsn: UInt64, chain: UInt32)?,
        on files: any FileSystem
    ) throws(JournalError) -> SegmentReader {
        let reader = try SegmentReader(path, on: files)
        let header = reader.header
        func fail(_ reason: JournalError.Reason, _ offset: Int, _ message: String) -> JournalError {
            JournalError(reason, path: path, at: offset, message)
        }
        guard header.folder == id else {
            throw fail(.foreign, 16, "the segment belongs to another data folder")
        }
        let damaged = JournalError.Reason.damaged(lastGood: last?.lsn ?? start, recordsBehind: 0)
        guard header.base == base else {
            throw fail(damaged, 32, "the segment begins behind version \(header.base), which is not what it is named for")
        }
        if let last {
            guard header.chain == last.chain, header.base == last.lsn else {
                throw fail(damaged, 40, "the segment does not follow the one before it")
            }
        } else if header.base > start {
            throw fail(
                damaged, 32, "the segment begins behind version \(header.base), but the snapshot is version \(start)")
        }
        return reader
    }

    private static func end(
        of reader: inout SegmentReader, _ bad: String?, recordCount: Int, acknowledged: UInt64
    ) throws(JournalError) -> JournalEnd {
        if let bad {
            let behind = try reader.remainder()
            guard !behind.beginsBatch else {
                throw JournalError(
                    .damaged(lastGood: reader.lastLSN, recordsBehind: behind.recordCount), path: reader.path,
                    at: reader.offset, bad)
            }
        }
        guard reader.lastLSN >= acknowledged else {
            throw JournalError(
                .acknowledgedIsMissing(lastGood: reader.lastLSN, acknowledged: acknowledged), path: reader.path,
                at: reader.offset, bad ?? "the file ends here")
        }
        return JournalEnd(
            lsn: reader.lastLSN, chain: reader.chain, path: reader.path, byteOffset: reader.offset,
            recordCount: recordCount, tornByteCount: reader.byteCount - reader.offset,
            modelDigest: reader.header.modelDigest)
    }

    /// Moves a torn tail to `quarantine` and cuts it off, durably. Nothing happens if there is none, or if it was done before.
    /// - Returns: the file that the tail was moved to.
    package static func repair(
        _ end: JournalEnd, quarantine: String, on files: any FileSystem
    ) throws(JournalError) -> String? {
        guard end.tornByteCount > 0 else { return nil }
        let name = end.path.split(separator: "/").last.map(String.init) ?? "journal"
        return try storing { () throws(FileError) in
            if try !files.exists(quarantine) { try files.makeFolder(quarantine) }
            let file = try files.open(end.path, .readAndWrite)
            let tail = try file.read(at: end.byteOffset, count: end.tornByteCount)
            let copy = "\(quarantine)/\(name)-\(end.byteOffset)"
            try files.replace(copy, with: tail, in: quarantine)
            try file.truncate(to: end.byteOffset)
            try file.synchronize()
            return copy
        }
    }

    /// Where a record ends in the segment that holds it: what lies up to there stays as it is, also while others go on writing.
    /// - Returns: `lsn`'s end, or that of the last record if there are fewer; the header's end if there is none.
    package static func end(
        of lsn: UInt64, in path: String, on files: any FileSystem
    ) throws(JournalError) -> (lsn: UInt64, byteOffset: Int) {
        var reader = try SegmentReader(path, on: files)
        while reader.lastLSN < lsn, case .record = try reader.next() {}
        return (reader.lastLSN, reader.offset)
    }

    /// Whether a segment holds no record and nothing that could have been one.
    package static func isEmpty(_ path: String, on files: any FileSystem) throws(JournalError) -> Bool {
        try storing { () throws(FileError) in try files.status(path).byteCount } <= SegmentHeader.byteCount
    }
}
