import Bytes
import StoreColumns
import StoreJournal

/// Where the parts of a data folder lie, and how one is made.
struct DataFolder: Sendable {
    let path: String
    let files: any FileSystem

    var lockPath: String { path + "/LOCK" }
    var manifestPath: String { path + "/MANIFEST" }
    /// The same once more, for a repair.
    var manifestCopyPath: String { path + "/MANIFEST.copy" }
    var markPath: String { path + "/acked" }
    var rememberedPath: String { path + "/remembered" }
    var journalPath: String { path + "/journal" }
    var versionsPath: String { path + "/versions" }
    var quarantinePath: String { path + "/quarantine" }
    var creatingPath: String { path + "/CREATING" }
    var copyingPath: String { path + "/COPYING" }
    var requestsPath: String { path + "/requests" }
    var reservePath: String { path + "/reserve" }

    /// Whether a file, by its path below the folder, holds data: locks, requests and the room that is kept back do not.
    static func isData(_ name: String) -> Bool {
        let part = name.split(separator: "/").first.map(String.init) ?? name
        return !["LOCK", "CREATING", "COPYING", "requests", "reserve"].contains(part)
    }

    func versionPath(_ number: UInt64) -> String { versionsPath + "/" + Self.versionName(number) }

    static func versionName(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }

    static func version(named name: String) -> UInt64? {
        UInt64(name).flatMap { versionName($0) == name ? $0 : nil }
    }

    // MARK: Locking

    /// The folder must belong to who writes it; that nobody else may look into it is seen to.
    /// - Returns: what whoever runs the server should know: somebody else could.
    func keepToOwner() throws(StoreError) -> String? {
        let status = try storing { () throws(FileError) in try files.status(path) }
        guard status.isOwned else {
            throw StoreError(
                .foreign, path: path,
                "the folder belongs to another user; run as that user, or give this one the folder and all that is in it")
        }
        guard status.permissions & 0o077 != 0 else { return nil }
        try storing { () throws(FileError) in try files.setPermissions(path, 0o700) }
        return "\(path): other users of this machine could look into the folder (\(String(status.permissions, radix: 8))); "
            + "now they cannot (700)"
    }

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

    /// Keeps whoever writes the folder from removing snapshots and segments, until what is returned is let go. Nobody who
    /// writes waits for it. Nil where nobody can write.
    func holdCopies() throws(StoreError) -> (any File)? {
        do throws(FileError) {
            let file = try files.open(copyingPath, .createIfAbsent)
            _ = try file.lock(exclusively: false, waiting: true)
            return file
        } catch {
            if error.reason == .readOnly { return nil }
            throw StoreError(error)
        }
    }

    /// Does something while nobody copies the folder, and nobody begins to.
    /// - Returns: false if somebody does; then nothing was done.
    func withoutCopies(_ body: () throws(StoreError) -> Void) throws(StoreError) -> Bool {
        let file = try storing { () throws(FileError) in try files.open(copyingPath, .createIfAbsent) }
        guard try storing({ () throws(FileError) in try file.lock(exclusively: true) }) else { return false }
        try body()
        withExtendedLifetime(file) {}
        return true
    }

    // MARK: Making

    /// Whether nothing is in the folder that a creation would have to spare.
    private func isFree() throws(FileError) -> Bool {
        if try files.exists(manifestPath) { return false }
        if try files.exists(creatingPath) { return true }
        return try files.list(path).allSatisfy { $0 == "LOCK" || $0.hasSuffix(".tmp") }
    }

    /// Fills an empty folder with a first version. Interrupted, it begins anew the next time; after an error nothing is left of it, if it
    /// can be removed.
    /// - Parameters:
    ///   - version: the version's number, and when it was published.
    ///   - write: writes it to a folder, and gives its digest.
    func make(
        _ version: (number: UInt64, publishedAt: Instant), model: [UInt8], id: FolderID, process: String,
        _ write: (String) throws(StoreError) -> String
    ) throws(StoreError) {
        try storing { () throws(FileError) in
            if try !files.exists(path) { try files.makeFolder(path) }
            // Also where an attempt before made it and came no further.
            try files.synchronizeFolder(Self.parent(of: path))
        }
        _ = try keepToOwner()
        let lock = try lock(process: process, forWriting: true)
        guard try storing({ () throws(FileError) in try isFree() }) else {
            throw StoreError(.occupied, path: path, "the folder is not empty; name another one, or open what is there")
        }
        do throws(StoreError) {
            try fill(version, model: model, id: id, write)
        } catch {
            do throws(FileError) { try removeBeginning() } catch {}
            throw error
        }
        withExtendedLifetime(lock) {}
    }

    /// Takes away what a creation has made so far; the mark that it has begun comes last. Nothing where it came to its end.
    private func removeBeginning() throws(FileError) {
        guard try files.exists(creatingPath) else { return }
        guard try !files.exists(manifestPath) else { return }
        for left in [journalPath, versionsPath, markPath, rememberedPath, manifestPath + ".tmp"] where try files.exists(left) {
            try files.removeTree(left)
        }
        try files.synchronizeFolder(path)
        try files.remove(creatingPath)
    }

    /// Clears away what an interrupted creation has left, so that its room is there for the next one.
    /// - Throws: `occupied` where something else is in the folder, `locked` while somebody is making one.
    func clearForMaking(process: String) throws(StoreError) {
        let names = try storing { () throws(FileError) in try files.exists(path) ? files.list(path) : [] }
        guard !names.isEmpty else { return }
        let lock = try lock(process: process, forWriting: true)
        guard try storing({ () throws(FileError) in try isFree() }) else {
            throw StoreError(.occupied, path: path, "the folder is not empty; name one that is")
        }
        try storing { () throws(FileError) in try removeBeginning() }
        withExtendedLifetime(lock) {}
    }

    private func fill(
        _ version: (number: UInt64, publishedAt: Instant), model: [UInt8], id: FolderID,
        _ write: (String) throws(StoreError) -> String
    ) throws(StoreError) {
        try storing { () throws(FileError) in
            if try !files.exists(creatingPath) { try files.writeNew(creatingPath, []) }
            try files.synchronizeFolder(path)
            for left in [journalPath, versionsPath, markPath, rememberedPath] where try files.exists(left) {
                try files.removeTree(left)
            }
            try files.makeFolder(journalPath)
            try files.makeFolder(versionsPath)
        }
        let digest = try write(versionPath(version.number))
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
            try replaceManifest(with: manifest)
            try files.remove(creatingPath)
            try files.synchronizeFolder(path)
        }
    }

    /// Makes a manifest the folder's, durably, and then its copy. If only the copy fails, that is no failure: it is made good at
    /// the next start.
    func replaceManifest(with manifest: FolderManifest) throws(FileError) {
        try files.replace(manifestPath, with: manifest.text, in: path)
        do throws(FileError) { try files.replace(manifestCopyPath, with: manifest.text, in: path) } catch {}
    }

    /// Makes the copy of the manifest say what the manifest says.
    func renewManifestCopy(_ manifest: FolderManifest) throws(FileError) {
        if try files.exists(manifestCopyPath), try files.contents(of: manifestCopyPath, limit: 16 << 20) == manifest.text {
            return
        }
        try files.replace(manifestCopyPath, with: manifest.text, in: path)
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
