import Bytes

/// Reads one segment from front to back, through a window, believing nothing before it is checked.
struct SegmentReader {
    let path: String
    private let file: any File
    let byteCount: Int
    let header: SegmentHeader
    private let seed: UInt32
    /// Where the next record begins.
    private(set) var offset = SegmentHeader.byteCount
    /// The LSN of the last record read, and what the next one's chain must be.
    private(set) var lastLSN: UInt64
    private(set) var chain: UInt32

    private var window: [UInt8] = []
    private var windowStart = 0
    private static let windowByteCount = 1 << 20

    init(_ path: String, on files: any FileSystem) throws(JournalError) {
        self.path = path
        file = try storing { () throws(FileError) in try files.open(path, .read) }
        byteCount = try storing { [file] () throws(FileError) in try file.byteCount() }
        let first = try storing { [file] () throws(FileError) in try file.read(at: 0, count: SegmentHeader.byteCount) }
        header = try SegmentHeader(first, path: path)
        seed = RecordHeader.seed(header.folder)
        lastLSN = header.base
        chain = header.checksum
    }

    /// What stands at `offset`.
    enum Step {
        case record(JournalRecord)
        /// The file ends here.
        case end
        /// No valid next record begins here.
        case bad(String)
        case newer(UInt16)
    }

    mutating func next() throws(JournalError) -> Step {
        guard offset < byteCount else { return .end }
        let bytes = try bytes(at: offset, count: RecordHeader.byteCount)
        guard bytes.count == RecordHeader.byteCount else { return .bad("a record's header is cut off") }
        guard let header = RecordHeader(bytes.span, seed) else { return .bad("no record begins here, or its header has changed") }
        // Its checksum is right: this was written so, by us or by a newer program.
        guard header.format <= JournalFormat.number else { return .newer(header.format) }
        guard header.format == JournalFormat.number, header.kind != 0, header.flags & ~RecordHeader.beginsBatch == 0,
            header.payloadByteCount <= JournalFormat.maximumPayloadByteCount
        else { return .bad("a record's header is none of this format") }
        guard header.lsn == lastLSN + 1 else { return .bad("record \(header.lsn) stands where \(lastLSN + 1) should") }
        guard header.chain == chain else { return .bad("record \(header.lsn) does not follow the record before it") }
        guard header.paddedByteCount <= byteCount - offset else { return .bad("record \(header.lsn) is cut off") }
        var payload = try self.bytes(
            at: offset + RecordHeader.byteCount, count: header.paddedByteCount - RecordHeader.byteCount)
        guard payload[header.payloadByteCount...].allSatisfy({ $0 == 0 }) else {
            return .bad("the padding of record \(header.lsn) is not zero")
        }
        payload.removeSubrange(header.payloadByteCount...)
        guard CRC32C.checksum(payload) == header.payloadChecksum else {
            return .bad("the payload of record \(header.lsn) has changed")
        }
        offset += header.paddedByteCount
        lastLSN = header.lsn
        chain = header.checksum
        return .record(JournalRecord(lsn: header.lsn, kind: header.kind, payload: payload))
    }

    /// What lies behind a bad record.
    struct Remainder {
        /// Whole records with greater LSNs than the last good one.
        var recordCount = 0
        /// Whether one of them begins a batch: then what stood before it had been durable.
        var beginsBatch = false
        var highestLSN: UInt64 = 0
    }

    /// Looks for whole records from `offset` on, at multiples of 8. Cost: a pass over the rest of the file.
    mutating func remainder() throws(JournalError) -> Remainder {
        var found = Remainder()
        var place = offset
        while place + RecordHeader.byteCount <= byteCount {
            let bytes = try bytes(at: place, count: RecordHeader.byteCount)
            var step = 8
            if let header = RecordHeader(bytes.span, seed), header.lsn > lastLSN,
                header.payloadByteCount <= JournalFormat.maximumPayloadByteCount,
                header.paddedByteCount <= byteCount - place
            {
                let payload = try self.bytes(at: place + RecordHeader.byteCount, count: header.payloadByteCount)
                if CRC32C.checksum(payload) == header.payloadChecksum {
                    // The very next record that is whole and yet bad begins no later batch.
                    let isLater = place > offset
                    found.recordCount += 1
                    found.highestLSN = max(found.highestLSN, header.lsn)
                    if isLater, header.flags & RecordHeader.beginsBatch != 0 { found.beginsBatch = true }
                    step = header.paddedByteCount
                }
            }
            place += step
        }
        return found
    }

    /// Goes on at the whole record with this LSN, if it lies further back, whatever lies between. False leaves everything as
    /// it was. Cost: a pass over the file up to there.
    mutating func resume(at lsn: UInt64) throws(JournalError) -> Bool {
        for place in stride(from: offset, to: byteCount - RecordHeader.byteCount + 1, by: 8) {
            let bytes = try bytes(at: place, count: RecordHeader.byteCount)
            guard let header = RecordHeader(bytes.span, seed), header.lsn == lsn else { continue }
            let before = (offset, lastLSN, chain)
            (offset, lastLSN, chain) = (place, lsn - 1, header.chain)
            if case .record = try next() {
                (offset, lastLSN, chain) = (place, lsn - 1, header.chain)
                return true
            }
            (offset, lastLSN, chain) = before
        }
        return false
    }

    private mutating func bytes(at place: Int, count: Int) throws(JournalError) -> [UInt8] {
        let available = min(count, byteCount - place)
        if place < windowStart || place + available > windowStart + window.count {
            let wanted = max(available, Self.windowByteCount)
            window = try storing { [file] () throws(FileError) in try file.read(at: place, count: wanted) }
            windowStart = place
        }
        let start = place - windowStart
        return Array(window[start..<min(start + available, window.count)])
    }
}
