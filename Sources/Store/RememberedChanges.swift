import Bytes
import StoreJournal

/// Which named changes were applied, so that the same change sent again is applied once: `remembered`.
struct RememberedChanges {
    struct Entry: Hashable {
        var version: UInt64
        var fingerprint: [UInt8]
        var receipt: [UInt8]

        init(version: UInt64, fingerprint: [UInt8], receipt: [UInt8]) {
            self.version = version
            self.fingerprint = fingerprint
            self.receipt = receipt
        }

        init(_ head: RecordHead, version: UInt64) {
            self.init(version: version, fingerprint: head.fingerprint, receipt: head.receipt)
        }

        /// Whether changes with this fingerprint are the ones that were applied. What has no fingerprint any more, because
        /// something of it was erased, is taken for them.
        func isOf(_ fingerprint: [UInt8]) -> Bool { self.fingerprint.isEmpty || self.fingerprint == fingerprint }
    }

    /// More than this many are not remembered; the oldest go first.
    static let maximumCount = 100_000
    private static let magic: [UInt8] = Array("HRTR".utf8)
    /// 1 had no receipts.
    private static let formatNumber: UInt16 = 2

    private var entries: [String: Entry] = [:]
    /// In the order of versions.
    private var order: [String] = []
    private var firstKept = 0

    subscript(changeID: String) -> Entry? { changeID.isEmpty ? nil : entries[changeID] }

    mutating func add(_ changeID: String, _ entry: Entry) {
        guard !changeID.isEmpty else { return }
        guard entries.updateValue(entry, forKey: changeID) == nil else { return }
        order.append(changeID)
        while order.count - firstKept > Self.maximumCount {
            entries[order[firstKept]] = nil
            firstKept += 1
        }
        if firstKept > Self.maximumCount {
            order.removeFirst(firstKept)
            firstKept = 0
        }
    }

    /// Takes back what was added for a version that was not made.
    mutating func forget(version: UInt64) {
        while let last = order.last, order.count > firstKept, entries[last]?.version == version {
            entries[last] = nil
            order.removeLast()
        }
    }

    /// Without what came after a version.
    func upTo(_ version: UInt64) -> RememberedChanges {
        var kept = RememberedChanges()
        for changeID in order[firstKept...] {
            if let entry = entries[changeID], entry.version <= version { kept.add(changeID, entry) }
        }
        return kept
    }

    /// Forgets names that tell what is erased, and the fingerprints of changes that may have held it.
    /// - Parameters:
    ///   - gone: up to this version nobody can look any more what the changes held.
    ///   - changed: versions whose records held some of it.
    /// - Returns: how many names were forgotten.
    mutating func redact(upTo gone: UInt64, changed: Set<UInt64>, isTold: (String) -> Bool) -> Int {
        let names = order[firstKept...]
        var result = RememberedChanges()
        for name in names where !isTold(name) {
            guard var entry = entries[name] else { continue }
            if entry.version <= gone || changed.contains(entry.version) { entry.fingerprint = [] }
            result.add(name, entry)
        }
        let count = names.count - result.order.count
        self = result
        return count
    }

    func bytes(_ folder: FolderID) -> [UInt8] {
        var bytes = Self.magic
        bytes.appendLittleEndian(Self.formatNumber)
        bytes += [0, 0]
        bytes += folder.bytes
        bytes.appendLittleEndian(UInt32(truncatingIfNeeded: order.count - firstKept))
        for changeID in order[firstKept...] {
            guard let entry = entries[changeID] else { continue }
            bytes.appendLittleEndian(entry.version)
            bytes.appendLittleEndian(UInt16(truncatingIfNeeded: changeID.utf8.count))
            bytes += Array(changeID.utf8)
            bytes.append(UInt8(truncatingIfNeeded: entry.fingerprint.count))
            bytes += entry.fingerprint
            bytes.appendLittleEndian(UInt16(truncatingIfNeeded: entry.receipt.count))
            bytes += entry.receipt
        }
        bytes.appendLittleEndian(CRC32C.checksum(bytes))
        return bytes
    }

    init() {}

    /// Reads the file; an absent one remembers nothing.
    init(_ path: String, of folder: FolderID, on files: any FileSystem) throws(StoreError) {
        let isThere = try storing { () throws(FileError) in try files.exists(path) }
        guard isThere else { return }
        let bytes = try storing { () throws(FileError) in try files.contents(of: path, limit: 256 << 20) }
        guard bytes.count >= 32,
            bytes.span.littleEndian(at: bytes.count - 4, as: UInt32.self)
                == CRC32C.checksum(Array(bytes.dropLast(4)))
        else { throw StoreError(.damaged, path: path, at: max(0, bytes.count - 4), "the file does not have its checksum") }
        guard Array(bytes[..<4]) == Self.magic, Array(bytes[8..<24]) == folder.bytes else {
            throw StoreError(.foreign, path: path, at: 0, "the file belongs to another data folder")
        }
        let format = UInt16(bytes[4]) | UInt16(bytes[5]) << 8
        guard (1...Self.formatNumber).contains(format) else {
            throw StoreError(.newer, path: path, at: 4, "the file has a newer format")
        }
        var reader = ByteReader(bytes.span)
        _ = reader.skip(24)
        for _ in 0..<(reader.uint32() ?? 0) {
            guard let version = reader.uint64(), let count = reader.uint16(), let name = reader.bytes(Int(count)),
                let size = reader.byte(), let fingerprint = reader.bytes(Int(size))
            else { throw StoreError(.damaged, path: path, at: reader.offset, "an entry is cut off") }
            var receipt: [UInt8]? = []
            if format > 1 { receipt = reader.uint16().flatMap { reader.bytes(Int($0)) } }
            guard let receipt else { throw StoreError(.damaged, path: path, at: reader.offset, "an entry is cut off") }
            add(
                String(decoding: name, as: UTF8.self),
                Entry(version: version, fingerprint: fingerprint, receipt: receipt))
        }
    }
}
