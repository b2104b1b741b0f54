import Bytes

/// Writes a segment from front to back, for a folder that is not in use yet. Each record begins a batch: it is known to have
/// been durable.
package struct SegmentWriter {
    package let name: String
    private let file: any File
    private let seed: UInt32
    private var bytes: [UInt8]
    private var offset = 0
    /// The header CRC of the last record; the segment's own before the first.
    private var chain: UInt32
    /// The LSN of the last record.
    package private(set) var lsn: UInt64
    private static let pieceByteCount = 1 << 20

    /// - Parameters:
    ///   - base: the LSN before the first record.
    ///   - previous: the segment before, finished; nil for the first.
    package init(
        base: UInt64, after previous: SegmentWriter?, in folder: String, of id: FolderID, modelDigest: [UInt8],
        on files: any FileSystem
    ) throws(JournalError) {
        precondition(previous.map { $0.lsn == base } ?? true, "segments follow each other")
        let header = SegmentHeader(folder: id, base: base, chain: previous?.chain ?? 0, modelDigest: modelDigest)
        let name = JournalFormat.segmentName(base: base)
        self.name = name
        file = try storing { () throws(FileError) in try files.open(folder + "/" + name, .new) }
        seed = RecordHeader.seed(id)
        bytes = header.bytes
        chain = header.checksum
        lsn = base
    }

    package mutating func append(_ record: JournalRecord) throws(JournalError) {
        precondition(record.lsn == lsn + 1, "records follow each other")
        chain = RecordHeader.append(record, beginsBatch: true, chain: chain, seed: seed, to: &bytes)
        lsn = record.lsn
        if bytes.count >= Self.pieceByteCount { try write() }
    }

    /// Makes the file's bytes durable; its name is the caller's to make durable.
    package mutating func finish() throws(JournalError) {
        try write()
        try storing { [file] () throws(FileError) in try file.synchronize() }
    }

    private mutating func write() throws(JournalError) {
        let (piece, place) = (bytes, offset)
        try storing { [file] () throws(FileError) in try file.write(piece.span, at: place) }
        offset += piece.count
        bytes = []
    }
}
