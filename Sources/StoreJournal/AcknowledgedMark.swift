import Bytes

/// The file `acked`: the highest LSN that was acknowledged, in two slots that are written in turn.
package struct AcknowledgedMark: Sendable {
    private static let slotByteCount = 512
    private static let magic: [UInt8] = Array("HRTA".utf8)

    private let file: any File
    private let folder: FolderID
    /// The slot that is written next.
    private var slot: Int
    /// What the file says.
    package private(set) var lsn: UInt64
    /// Whether a slot may say more, because writing it failed.
    private var isUncertain = false
    /// Whether a slot could be read; if not, `lsn` is 0 and proves nothing.
    package let isReadable: Bool

    /// Opens the file, or makes it with two slots of `initial`.
    package init(
        _ path: String, folder: FolderID, initial: UInt64, on files: any FileSystem
    ) throws(JournalError) {
        let file = try storing { () throws(FileError) in try files.open(path, .createIfAbsent) }
        let count = try storing { () throws(FileError) in try file.byteCount() }
        if count == 0 {
            try storing { () throws(FileError) in
                try file.write(Self.contents(initial, folder: folder).span, at: 0)
                try file.synchronize()
            }
        }
        let found = try Self.read(file, folder)
        self.file = file
        self.folder = folder
        (lsn, slot) = (found.lsn ?? 0, 1 - found.slot)
        isReadable = found.lsn != nil
    }

    /// What the file says, without making or keeping it; nil if no slot can be read.
    package static func read(_ path: String, folder: FolderID, on files: any FileSystem) throws(JournalError) -> UInt64? {
        let file: any File
        do throws(FileError) {
            file = try files.open(path, .read)
        } catch {
            if error.reason == .absent { return nil }
            throw JournalError(error)
        }
        return try read(file, folder).lsn
    }

    /// Puts a file that says `lsn` in the place of what is there, durably.
    package static func replace(
        _ path: String, in parent: String, folder: FolderID, with lsn: UInt64, on files: any FileSystem
    ) throws(JournalError) {
        try storing { () throws(FileError) in
            try files.replace(path, with: contents(lsn, folder: folder), in: parent)
        }
    }

    /// The bytes of a file that says `lsn`.
    package static func contents(_ lsn: UInt64, folder: FolderID) -> [UInt8] { bytes(lsn, folder) + bytes(lsn, folder) }

    private static func read(_ file: any File, _ folder: FolderID) throws(JournalError) -> (lsn: UInt64?, slot: Int) {
        var best: UInt64?
        var slot = 1
        for index in 0..<2 {
            let bytes = try storing { () throws(FileError) in
                try file.read(at: index * slotByteCount, count: slotByteCount)
            }
            guard let lsn = bytes.span.littleEndian(at: 8, as: UInt64.self), bytes == Self.bytes(lsn, folder) else { continue }
            if best.map({ lsn > $0 }) ?? true { (best, slot) = (lsn, index) }
        }
        return (best, slot)
    }

    private static func bytes(_ lsn: UInt64, _ folder: FolderID) -> [UInt8] {
        var bytes = magic
        bytes.appendLittleEndian(JournalFormat.number)
        bytes += [0, 0]
        bytes.appendLittleEndian(lsn)
        bytes += folder.bytes
        bytes += [UInt8](repeating: 0, count: slotByteCount - 4 - bytes.count)
        bytes.appendLittleEndian(CRC32C.checksum(bytes))
        return bytes
    }

    /// Writes a slot; it becomes durable with the next `synchronize`, or when the system pleases.
    mutating func write(_ lsn: UInt64) throws(FileError) {
        isUncertain = true
        try file.write(Self.bytes(lsn, folder).span, at: slot * Self.slotByteCount)
        isUncertain = false
        self.lsn = lsn
        slot = 1 - slot
    }

    /// Takes back what a failed `write` may have left: afterwards the file says `lsn`, durably.
    mutating func takeBack() throws(FileError) {
        guard isUncertain else { return }
        try file.write(Self.bytes(lsn, folder).span, at: slot * Self.slotByteCount)
        try file.synchronize()
        isUncertain = false
    }

    func synchronize() throws(FileError) { try file.synchronize() }
}
