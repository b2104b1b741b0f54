import Bytes

/// The first 96 bytes of a segment.
package struct SegmentHeader: Sendable, Hashable {
    package static let byteCount = 96
    private static let magic: [UInt8] = Array("HearthJ".utf8) + [0]

    package var folder: FolderID
    /// The LSN before the first record.
    package var base: UInt64
    /// The header CRC of the record with that LSN, or 0.
    package var chain: UInt32
    /// SHA-256 of the model under which the records were made: 32 bytes.
    package var modelDigest: [UInt8]

    package init(folder: FolderID, base: UInt64, chain: UInt32, modelDigest: [UInt8]) {
        precondition(modelDigest.count == 32, "a SHA-256 has 32 bytes")
        self.folder = folder
        self.base = base
        self.chain = chain
        self.modelDigest = modelDigest
    }

    package var bytes: [UInt8] {
        var bytes = Self.magic
        bytes.appendLittleEndian(JournalFormat.number)
        bytes += [UInt8](repeating: 0, count: 6) + folder.bytes
        bytes.appendLittleEndian(base)
        bytes.appendLittleEndian(chain)
        bytes += [0, 0, 0, 0] + modelDigest + [UInt8](repeating: 0, count: 12)
        bytes.appendLittleEndian(CRC32C.checksum(bytes))
        return bytes
    }

    /// The CRC that the first record's chain repeats.
    var checksum: UInt32 { CRC32C.checksum(Array(bytes.dropLast(4))) }

    /// - Throws: `JournalError` for anything but a segment of this format; the byte that is wrong.
    init(_ bytes: [UInt8], path: String) throws(JournalError) {
        func fail(_ reason: JournalError.Reason, _ offset: Int, _ message: String) -> JournalError {
            JournalError(reason, path: path, at: offset, message)
        }
        let damaged = JournalError.Reason.damaged(lastGood: 0, recordsBehind: 0)
        guard bytes.count == Self.byteCount else { throw fail(damaged, bytes.count, "the segment's header is cut off") }
        let span = bytes.span
        guard let format = span.littleEndian(at: 8, as: UInt16.self), let base = span.littleEndian(at: 32, as: UInt64.self),
            let chain = span.littleEndian(at: 40, as: UInt32.self), let crc = span.littleEndian(at: 92, as: UInt32.self),
            let folder = FolderID(bytes: Array(bytes[16..<32]))
        else { throw fail(damaged, 0, "the segment's header is cut off") }
        let isWhole = crc == CRC32C.checksum(Array(bytes[..<92]))
        guard Array(bytes[..<8]) == Self.magic else {
            // The rest being right, the magic is what changed.
            throw fail(isWhole ? damaged : .foreign, 0, "this is not a segment of a journal")
        }
        guard isWhole else { throw fail(damaged, 92, "the segment's header does not have its checksum") }
        guard format <= JournalFormat.number else {
            throw fail(
                .newer(formatNumber: format), 8,
                "the segment has format \(format); this program reads up to \(JournalFormat.number)")
        }
        self.init(folder: folder, base: base, chain: chain, modelDigest: Array(bytes[48..<80]))
        guard format == JournalFormat.number, self.bytes == bytes else {
            throw fail(damaged, 10, "bytes of the segment's header that must be zero are not")
        }
    }
}
