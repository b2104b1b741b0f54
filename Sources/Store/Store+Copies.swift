import Bytes
import StoreColumns
import StoreJournal
import Synchronization

/// A copy of a data folder, or what a check of one came to.
package struct CopyReport: Sendable, Hashable {
    /// The newest version in it.
    package var version: UInt64
    package var fileCount: Int
    package var byteCount: Int
}

extension Store {
    /// Copies a data folder, as of the last version that is acknowledged when this begins, into a folder that must not exist: the
    /// newest snapshot, the journal since, and `SHA256SUMS`. A server may have the folder open, and goes on. Durable when this
    /// returns; interrupted, there is no such folder.
    package static func backup(
        _ path: String, to destination: String, on files: any FileSystem
    ) throws(StoreError) -> CopyReport {
        try DataFolder.checkFree(destination, on: files)
        let folder = DataFolder(path: path, files: files)
        // What is to be copied is not removed meanwhile.
        let hold = try folder.holdCopies()
        let id = try folder.readManifest().id
        let acknowledged = try journaling { () throws(JournalError) in
            try AcknowledgedMark.read(folder.markPath, folder: id, on: files)
        }
        // Read after the mark: what was acknowledged then lies in segments that this one names.
        let report = try folder.copy(try folder.readManifest(), acknowledged: acknowledged, to: destination)
        withExtendedLifetime(hold) {}
        return report
    }

    /// The same for the folder of this store.
    package func backup(to destination: String) throws(StoreError) -> CopyReport {
        guard let durability else { throw StoreError(.readOnly, path: "", "the data has no folder") }
        return try Self.backup(durability.folder.path, to: destination, on: durability.folder.files)
    }

    /// Makes a data folder from a backup, after checking every file of it.
    /// - Parameter target: must be absent or empty.
    package static func restore(
        _ backup: String, to target: String, on files: any FileSystem
    ) throws(StoreError) -> CopyReport {
        let source = DataFolder(path: backup, files: files)
        let manifest = try source.readManifest()
        let sums = try Checksums.check(backup, on: files)
        try DataFolder.checkFree(target, on: files)
        let version = try journaling { () throws(JournalError) in
            try AcknowledgedMark.read(source.markPath, folder: manifest.id, on: files) ?? 0
        }
        let beside = target + ".tmp"
        try storing { () throws(FileError) in
            if try files.exists(beside) { try files.removeTree(beside) }
            try files.makeFolder(beside)
        }
        var report = CopyReport(version: version, fileCount: 0, byteCount: 0)
        for name in sums.names {
            let copied = try storing { () throws(FileError) in
                try TreeCopy.makeParents(of: name, in: beside, on: files)
                return try TreeCopy.copy(backup + "/" + name, to: beside + "/" + name, on: files)
            }
            // The bytes that were copied, not those that were checked a moment ago.
            guard copied.digest == sums.digests[name] else {
                throw StoreError(.damaged, path: backup + "/" + name, "the file changed while it was copied")
            }
            report.byteCount += copied.byteCount
            report.fileCount += 1
        }
        try storing { () throws(FileError) in
            try TreeCopy.synchronizeFolders(beside, on: files)
            try files.rename(beside, to: target)
            try files.synchronizeFolder(DataFolder.parent(of: target))
        }
        return report
    }

    /// Checks every byte of a data folder or of a backup, without opening it for work.
    /// - Throws: `damaged` and its kin, with the file and the byte.
    package static func verify(_ path: String, _ options: StoreOptions) throws(StoreError) -> CopyReport {
        let folder = DataFolder(path: path, files: options.files)
        let manifest = try folder.readManifest()
        let lock = try folder.lockForReading(process: options.process)
        var report = CopyReport(version: 0, fileCount: 0, byteCount: 0)
        if try storing({ () throws(FileError) in try options.files.exists(path + "/" + Checksums.fileName) }) {
            _ = try Checksums.check(path, on: options.files)
        }
        for entry in manifest.snapshots {
            let place = folder.versionPath(entry.version)
            guard try options.storage.verify(place, on: options.files) == entry.digest else {
                throw StoreError(.damaged, path: place, "it is not the snapshot that the manifest names")
            }
        }
        report.version = try folder.read(storage: options.storage, keptVersionCount: 1).version.number
        // Opening reads what lies behind the newest snapshot; here all of it is read.
        let base = manifest.segments.first.flatMap { JournalFormat.base(ofSegment: $0) } ?? 0
        _ = try journaling { () throws(JournalError) in
            try JournalReplay.run(
                manifest.segments, in: folder.journalPath, of: manifest.id, from: base, acknowledged: 0, on: options.files
            ) { record throws(JournalError) in _ = try folder.publishedAt(record) }
        }
        for name in try storing({ () throws(FileError) in try TreeCopy.files(in: path, on: options.files) })
        where DataFolder.isData(name) {
            report.fileCount += 1
            report.byteCount += try storing { () throws(FileError) in
                try options.files.status(path + "/" + name).byteCount
            }
        }
        withExtendedLifetime(lock) {}
        return report
    }
}

extension DataFolder {
    /// Nothing may be lost by writing there.
    static func checkFree(_ path: String, on files: any FileSystem) throws(StoreError) {
        let isFree = try storing { () throws(FileError) in
            guard try files.exists(path) else { return true }
            guard try files.status(path).kind == .folder else { return false }
            return try files.list(path).isEmpty
        }
        guard isFree else { throw StoreError(.occupied, path: path, "it exists already and is not empty; name another place") }
    }

    /// Copies the newest snapshot, and the journal up to what was acknowledged.
    fileprivate func copy(
        _ manifest: FolderManifest, acknowledged: UInt64?, to destination: String
    ) throws(StoreError) -> CopyReport {
        let snapshot = manifest.snapshots[0]
        // A snapshot that was made since is of acknowledged changes too.
        let point = max(acknowledged ?? .max, snapshot.version)
        var copying = FolderCopy(source: path, target: destination + ".tmp", files: files)
        try storing { () throws(FileError) in
            if try files.exists(copying.target) { try files.removeTree(copying.target) }
            try files.makeFolder(copying.target)
            try copying.takeTree("versions/" + Self.versionName(snapshot.version))
        }
        let (segments, version) = try copySegments(of: manifest, from: snapshot.version, upTo: point, by: &copying)
        try copyBulkVersions(segments, of: manifest, from: snapshot.version, upTo: version, by: &copying)
        let remembered = try RememberedChanges(rememberedPath, of: manifest.id, on: files).upTo(version)
        let text = FolderManifest(id: manifest.id, snapshots: [snapshot], segments: segments).text
        try storing { () throws(FileError) in
            try copying.put("remembered", remembered.bytes(manifest.id))
            try copying.put("MANIFEST", text)
            try copying.put("acked", AcknowledgedMark.contents(version, folder: manifest.id))
            try files.writeNew(copying.target + "/" + Checksums.fileName, Checksums(digests: copying.digests).text)
            try TreeCopy.synchronizeFolders(copying.target, on: files)
            try files.rename(copying.target, to: destination)
            try files.synchronizeFolder(Self.parent(of: destination))
        }
        return CopyReport(version: version, fileCount: copying.digests.count + 1, byteCount: copying.byteCount)
    }

    /// Copies the segments that hold the versions after `start` up to `point`, the last of them only as far.
    /// - Returns: their names, and the last version in them.
    private func copySegments(
        of manifest: FolderManifest, from start: UInt64, upTo point: UInt64, by copying: inout FolderCopy
    ) throws(StoreError) -> (names: [String], version: UInt64) {
        let bases = manifest.segments.map { JournalFormat.base(ofSegment: $0) ?? 0 }
        let first = bases.lastIndex { $0 <= start } ?? 0
        let last = bases.lastIndex { $0 < point } ?? 0
        var version = start
        for index in first...max(first, last) {
            let name = manifest.segments[index]
            let until = index + 1 < bases.count ? min(bases[index + 1], point) : point
            let end = try journaling { () throws(JournalError) in
                try JournalReplay.end(of: until, in: journalPath + "/" + name, on: files)
            }
            guard point == .max || end.lsn >= until else {
                throw StoreError(
                    .damaged, path: journalPath + "/" + name, at: end.byteOffset,
                    "no record follows version \(end.lsn) here, but version \(until) was acknowledged; hearth verify tells more")
            }
            try storing { () throws(FileError) in try copying.take("journal/" + name, limit: end.byteOffset) }
            version = max(version, end.lsn)
        }
        return (Array(manifest.segments[first...max(first, last)]), version)
    }

    /// Copies the versions that records of the copied journal name.
    private func copyBulkVersions(
        _ segments: [String], of manifest: FolderManifest, from start: UInt64, upTo version: UInt64, by copying: inout FolderCopy
    ) throws(StoreError) {
        var numbers: [UInt64] = []
        _ = try journaling { () throws(JournalError) in
            try JournalReplay.run(
                segments, in: copying.target + "/journal", of: manifest.id, from: start, acknowledged: version, on: files
            ) { record throws(JournalError) in
                if [RecordKind.snapshot, RecordKind.snapshotWithReceipt].contains(record.kind) { numbers.append(record.lsn) }
            }
        }
        try storing { () throws(FileError) in
            for number in numbers { try copying.takeTree("versions/" + Self.versionName(number)) }
        }
    }
}

/// A folder that is being filled with files of another one.
struct FolderCopy {
    let source: String
    let target: String
    let files: any FileSystem
    /// SHA-256 by path.
    private(set) var digests: [String: String] = [:]
    private(set) var byteCount = 0

    init(source: String, target: String, files: any FileSystem) {
        self.source = source
        self.target = target
        self.files = files
    }

    /// Copies a file, or its first bytes.
    mutating func take(_ name: String, limit: Int? = nil) throws(FileError) {
        try TreeCopy.makeParents(of: name, in: target, on: files)
        let done = try TreeCopy.copy(source + "/" + name, to: target + "/" + name, limit: limit, on: files)
        digests[name] = done.digest
        byteCount += done.byteCount
    }

    mutating func takeTree(_ folder: String) throws(FileError) {
        for name in try TreeCopy.files(in: source + "/" + folder, on: files) { try take(folder + "/" + name) }
    }

    /// Writes a file that is not copied.
    mutating func put(_ name: String, _ bytes: [UInt8]) throws(FileError) {
        try files.writeNew(target + "/" + name, bytes)
        digests[name] = SHA256Digest(of: bytes.span).hexadecimal
        byteCount += bytes.count
    }
}
