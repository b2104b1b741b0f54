import Bytes
import StoreColumns
import StoreJournal

/// The file `MANIFEST`: which snapshots and segments are the data (`Schema/formats/Journal.md`).
struct FolderManifest: Hashable {
    static let formatNumber = 1
    private static let byteLimit = 16 << 20

    var id: FolderID
    /// Newest first; never empty.
    var snapshots: [SnapshotEntry]
    /// By their bases; never empty.
    var segments: [String]

    var text: [UInt8] {
        var text = "hearth-data \(Self.formatNumber)\nid \(hexadecimal(id.bytes))\n"
        for snapshot in snapshots {
            text += "snapshot \(snapshot.version) \(snapshot.publishedAt.microseconds) \(snapshot.digest)\n"
        }
        for segment in segments { text += "segment \(segment)\n" }
        let bytes = Array(text.utf8)
        return bytes + Array("crc32c \(hexadecimal(CRC32C.checksum(bytes).bigEndianBytes))\n".utf8)
    }

    static func read(_ path: String, on files: any FileSystem) throws(StoreError) -> FolderManifest {
        let bytes = try storing { () throws(FileError) in try files.contents(of: path, limit: byteLimit) }
        return try FolderManifest(bytes, path: path)
    }

    /// The segments that hold the records behind a version.
    func segments(behind version: UInt64) -> [String] {
        let first = segments.lastIndex { JournalFormat.base(ofSegment: $0).map { $0 <= version } ?? false }
        return Array(segments[(first ?? 0)...])
    }

    /// Names further snapshots, each in its place; those that are named stay.
    mutating func insert(_ entries: [SnapshotEntry]) {
        let new = entries.filter { entry in !snapshots.contains { $0.version == entry.version } }
        snapshots = (snapshots + new).sorted { $0.version > $1.version }
    }

    init(id: FolderID, snapshots: [SnapshotEntry], segments: [String]) {
        self.id = id
        self.snapshots = snapshots
        self.segments = segments
    }

    init(_ bytes: [UInt8], path: String) throws(StoreError) {
        func fail(_ reason: StoreError.Reason, _ offset: Int, _ message: String) -> StoreError {
            StoreError(reason, path: path, at: offset, message)
        }
        let tailCount = "crc32c 00000000\n".utf8.count
        guard bytes.count > tailCount, bytes.starts(with: Array("hearth-data ".utf8)) else {
            throw fail(bytes.isEmpty ? .damaged : .foreign, 0, "this is not the manifest of a data folder")
        }
        let body = Array(bytes.dropLast(tailCount))
        let expected = Array("crc32c \(hexadecimal(CRC32C.checksum(body).bigEndianBytes))\n".utf8)
        guard Array(bytes.suffix(tailCount)) == expected else {
            throw fail(.damaged, body.count, "the manifest does not have its checksum")
        }
        var offset = 0
        var id: FolderID?
        var snapshots: [SnapshotEntry] = []
        var segments: [String] = []
        for (index, line) in String(decoding: body, as: UTF8.self).split(separator: "\n").enumerated() {
            let words = line.split(separator: " ").map(String.init)
            let damaged = fail(.damaged, offset, "no line of a manifest: \(line)")
            switch (words.first ?? "", words.count) {
            case ("hearth-data", 2) where index == 0:
                guard let format = Int(words[1]) else { throw damaged }
                guard format <= Self.formatNumber else {
                    throw fail(
                        .newer, offset, "the data folder has format \(format); this program reads up to \(Self.formatNumber)")
                }
            case ("id", 2):
                guard let bytes = unhexadecimal(words[1]), let found = FolderID(bytes: bytes) else { throw damaged }
                id = found
            case ("snapshot", 4):
                guard let version = UInt64(words[1]), let moment = Int64(words[2]) else { throw damaged }
                snapshots.append(
                    SnapshotEntry(version: version, publishedAt: Instant(microseconds: moment), digest: words[3]))
            case ("segment", 2):
                guard JournalFormat.base(ofSegment: words[1]) != nil else { throw damaged }
                segments.append(words[1])
            default: throw damaged
            }
            offset += line.utf8.count + 1
        }
        guard let id, !snapshots.isEmpty, !segments.isEmpty else {
            throw fail(.damaged, body.count, "the manifest names no folder, no snapshot, or no segment")
        }
        self.init(id: id, snapshots: snapshots, segments: segments)
        guard text == bytes else { throw fail(.damaged, 0, "the manifest is not written as this program writes it") }
    }
}

extension UInt32 {
    fileprivate var bigEndianBytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: self >> UInt32(24 - 8 * $0)) } }
}

/// Two lower-case digits a byte.
func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

private func unhexadecimal(_ text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
        guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else { return nil }
        bytes.append(byte)
    }
    return bytes
}
