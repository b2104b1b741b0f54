import Bytes
import StoreColumns
import StoreJournal

/// Where the parts of a data folder lie, and how one is made.
struct DataFolder: Sendable {
    let path: String
    let files: any FileSystem

    var lockPath: String { path + "/LOCK" }
    var manifestPath: String { path + "/MANIFEST" }
    var markPath: String { path + "/acked" }
    var rememberedPath: String { path + "/remembered" }
    var journalPath: String { path + "/journal" }
    var versionsPath: String { path + "/versions" }
    var quarantinePath: String { path + "/quarantine" }
    var creatingPath: String { path + "/CREATING" }

    func versionPath(_ number: UInt64) -> String { versionsPath + "/" + Self.versionName(number) }

    static func versionName(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }

    static func version(named name: String) -> UInt64? {
        UInt64(name).flatMap { versionName($0) == name ? $0 : nil }
    }

    // MARK: Locking

    /// Takes the folder for this process alone, or for reading together with others.
    func lock(process: String, forWriting: Bool) throws(StoreError) -> any File {
        let space = try storing { () throws(FileError) in try files.space(path) }
        guard !space.isNetwork || !forWriting else {
            throw StoreError(
                .foreign, path: path,
                "the folder lies on a network file system, where locks and synchronization do not hold; use a local disk")
        }
        let file = try storing { () throws(FileError) in try files.open(lockPath, forWriting ? .createIfAbsent : .read) }
        let isOurs = try storing { () throws(FileError) in try file.lock(exclusively: forWriting) }
        guard isOurs else {
            let text = try storing { () throws(FileError) in try file.read(at: 0, count: 32) }
            let holder = String(decoding: text.prefix { $0 > 0x20 }, as: UTF8.self)
            throw StoreError(
                .locked(process: holder.isEmpty ? nil : holder), path: lockPath,
                "another process\(holder.isEmpty ? "" : " (\(holder))") has the data folder open; stop it first")
        }
        if forWriting {
            try storing { () throws(FileError) in
                try file.truncate(to: 0)
                try file.write(Array("\(process)\n".utf8).span, at: 0)
            }
        }
        return file
    }

    /// Takes the folder for reading; nil where there is no LOCK, because nobody has written since it was copied here.
    func lockForReading(process: String) throws(StoreError) -> (any File)? {
        guard try storing({ () throws(FileError) in try files.exists(lockPath) }) else { return nil }
        return try lock(process: process, forWriting: false)
    }

    // MARK: Making

    /// Whether nothing is in the folder that a creation would have to spare.
    private func isFree() throws(FileError) -> Bool {
        if try files.exists(manifestPath) { return false }
        if try files.exists(creatingPath) { return true }
        return try files.list(path).allSatisfy { $0 == "LOCK" || $0.hasSuffix(".tmp") }
    }

    /// Fills an empty folder with a first version. Interrupted, it begins anew the next time.
    func make(
        _ version: GraphVersion, model: [UInt8], id: FolderID, process: String, storage: any VersionStorage
    ) throws(StoreError) {
        try storing { () throws(FileError) in
            if try !files.exists(path) { try files.makeFolder(path) }
            // Also where an attempt before made it and came no further.
            try files.synchronizeFolder(Self.parent(of: path))
        }
        let lock = try lock(process: process, forWriting: true)
        guard try storing({ () throws(FileError) in try isFree() }) else {
            throw StoreError(.occupied, path: path, "the folder is not empty; name another one, or open what is there")
        }
        try storing { () throws(FileError) in
            if try !files.exists(creatingPath) { try files.writeNew(creatingPath, []) }
            try files.synchronizeFolder(path)
            for left in [journalPath, versionsPath, markPath, rememberedPath] where try files.exists(left) {
                try files.removeTree(left)
            }
            try files.makeFolder(journalPath)
            try files.makeFolder(versionsPath)
        }
        let digest = try storage.write(version, model: model, parent: nil, to: versionPath(version.number), on: files)
        let end = try journaling { () throws(JournalError) in
            _ = try AcknowledgedMark(markPath, folder: id, initial: version.number, on: files)
            return try Journal.makeSegment(
                base: version.number, chain: 0, in: journalPath, of: id,
                modelDigest: SHA256Digest(of: model.span).bytes, on: files)
        }
        let manifest = FolderManifest(
            id: id,
            snapshots: [SnapshotEntry(version: version.number, publishedAt: version.publishedAt, digest: digest)],
            segments: [String(end.path.dropFirst(journalPath.count + 1))])
        try storing { () throws(FileError) in
            try files.synchronizeFolder(path)
            try files.replace(manifestPath, with: manifest.text, in: path)
            try files.remove(creatingPath)
            try files.synchronizeFolder(path)
        }
        withExtendedLifetime(lock) {}
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
