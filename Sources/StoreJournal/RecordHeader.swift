import Bytes

/// What a record says, without its framing.
package struct JournalRecord: Sendable, Hashable {
    package var lsn: UInt64
    /// Whose meaning the journal does not know; not 0.
    package var kind: UInt8
    package var payload: [UInt8]

    package init(lsn: UInt64, kind: UInt8, payload: [UInt8]) {
        self.lsn = lsn
        self.kind = kind
        self.payload = payload
    }
}

/// The first 32 bytes of a record.
struct RecordHeader: Hashable {
    static let byteCount = 32
    static let magic: [UInt8] = Array("HRTJ".utf8)
    static let beginsBatch: UInt8 = 1

    var format = JournalFormat.number
    var kind: UInt8
    var flags: UInt8
    var payloadByteCount: Int
    var lsn: UInt64
    var chain: UInt32
    var payloadChecksum: UInt32
    /// Over the folder's id and everything before it.
    var checksum: UInt32 = 0

    /// The record with its padding.
    var paddedByteCount: Int { Self.byteCount + (payloadByteCount + 7) & ~7 }

    init(_ record: JournalRecord, beginsBatch: Bool, chain: UInt32) {
        kind = record.kind
        flags = beginsBatch ? Self.beginsBatch : 0
        payloadByteCount = record.payload.count
        lsn = record.lsn
        self.chain = chain
        payloadChecksum = CRC32C.checksum(record.payload)
    }

    /// The header at the beginning of `bytes`; nil unless they begin with one that has its checksum. Nothing in it has been
    /// compared with anything else.
    init?(_ bytes: Span<UInt8>, _ seed: UInt32) {
        guard bytes.count >= Self.byteCount else { return nil }
        for index in 0..<4 where bytes[index] != Self.magic[index] { return nil }
        guard let format = bytes.littleEndian(at: 4, as: UInt16.self), let length = bytes.littleEndian(at: 8, as: UInt32.self),
            let lsn = bytes.littleEndian(at: 12, as: UInt64.self), let chain = bytes.littleEndian(at: 20, as: UInt32.self),
            let payloadChecksum = bytes.littleEndian(at: 24, as: UInt32.self),
            let checksum = bytes.littleEndian(at: 28, as: UInt32.self)
        else { return nil }
        guard CRC32C.checksum(bytes.extracting(0..<28), after: seed) == checksum else { return nil }
        self.format = format
        kind = bytes[6]
        flags = bytes[7]
        payloadByteCount = Int(length)
        self.lsn = lsn
        self.chain = chain
        self.payloadChecksum = payloadChecksum
        self.checksum = checksum
    }

    /// The checksum that header checksums of a folder go on from.
    static func seed(_ folder: FolderID) -> UInt32 { CRC32C.checksum(folder.bytes) }

    /// Appends a record with its framing.
    /// - Returns: the header's checksum, which the next record's chain repeats.
    static func append(
        _ record: JournalRecord, beginsBatch: Bool, chain: UInt32, seed: UInt32, to bytes: inout [UInt8]
    ) -> UInt32 {
        let header = RecordHeader(record, beginsBatch: beginsBatch, chain: chain)
        let start = bytes.count
        bytes += magic
        bytes.appendLittleEndian(header.format)
        bytes.append(header.kind)
        bytes.append(header.flags)
        bytes.appendLittleEndian(UInt32(truncatingIfNeeded: header.payloadByteCount))
        bytes.appendLittleEndian(header.lsn)
        bytes.appendLittleEndian(header.chain)
        bytes.appendLittleEndian(header.payloadChecksum)
        let checksum = CRC32C.checksum(bytes.span.extracting(start..<start + 28), after: seed)
        bytes.appendLittleEndian(checksum)
        bytes += record.payload
        bytes += [UInt8](repeating: 0, count: start + header.paddedByteCount - bytes.count)
        return checksum
    }
}
