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
    /// Copies the data, as of one version, into a folder that must not exist: the newest snapshot, the journal since, and
    /// `SHA256SUMS`. Readers and writers go on. Durable when this returns; interrupted, there is no such folder.
    package func backup(to destination: String) throws(StoreError) -> CopyReport {
        guard let durability else { throw StoreError(.readOnly, path: "", "the data has no folder") }
        try DataFolder.checkFree(destination, on: durability.folder.files)
        // What is to be copied is not removed meanwhile.
        durability.snapshotting.withLock { _ in durability.copying.withLock { $0 += 1 } }
        defer { durability.copying.withLock { $0 -= 1 } }
        // Everything up to here lies in segments that nobody writes any more.
        let (point, manifest) = try alone { () throws(StoreError) in
            try self.nameSnapshots(durability)
            try self.beginSegment(durability)
            return (self.current.number, durability.manifest.withLock { $0 })
        }
        var copy = manifest
        copy.snapshots = [manifest.snapshots[0]]
        while copy.segments.count > 1, let end = JournalFormat.base(ofSegment: copy.segments[1]),
            end <= manifest.snapshots[0].version
        {
            copy.segments.removeFirst()
        }
        return try durability.folder.copy(copy, version: point, to: destination)
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
        return try storing { () throws(FileError) in
            let beside = target + ".tmp"
            if try files.exists(beside) { try files.removeTree(beside) }
            try files.makeFolder(beside)
            var report = CopyReport(version: version, fileCount: 0, byteCount: 0)
            for name in sums.names {
                try TreeCopy.makeParents(of: name, in: beside, on: files)
                report.byteCount += try TreeCopy.copy(backup + "/" + name, to: beside + "/" + name, on: files).byteCount
                report.fileCount += 1
            }
            try TreeCopy.synchronizeFolders(beside, on: files)
            try files.rename(beside, to: target)
            try files.synchronizeFolder(DataFolder.parent(of: target))
            return report
        }
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
        for name in try storing({ () throws(FileError) in try TreeCopy.files(in: path, on: options.files) }) {
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

    /// Copies what a manifest names. The last segment is copied as an empty one.
    fileprivate func copy(
        _ manifest: FolderManifest, version: UInt64, to destination: String
    ) throws(StoreError) -> CopyReport {
        let beside = destination + ".tmp"
        var sums: [String: String] = [:]
        var report = CopyReport(version: version, fileCount: 0, byteCount: 0)
        func take(_ name: String, limit: Int? = nil) throws(FileError) {
            try TreeCopy.makeParents(of: name, in: beside, on: files)
            let done = try TreeCopy.copy(path + "/" + name, to: beside + "/" + name, limit: limit, on: files)
            sums[name] = done.digest
            report.byteCount += done.byteCount
        }
        try storing { () throws(FileError) in
            if try files.exists(beside) { try files.removeTree(beside) }
            try files.makeFolder(beside)
            let snapshot = "versions/" + Self.versionName(manifest.snapshots[0].version)
            for name in try TreeCopy.files(in: path + "/" + snapshot, on: files) { try take(snapshot + "/" + name) }
            for segment in manifest.segments {
                try take("journal/" + segment, limit: segment == manifest.segments.last ? SegmentHeader.byteCount : nil)
            }
            if try files.exists(rememberedPath) { try take("remembered") }
            try files.writeNew(beside + "/MANIFEST", manifest.text)
            sums["MANIFEST"] = SHA256Digest(of: manifest.text.span).hexadecimal
        }
        _ = try journaling { () throws(JournalError) in
            try AcknowledgedMark(beside + "/acked", folder: manifest.id, initial: version, on: files)
        }
        try storing { () throws(FileError) in
            let mark = try files.contents(of: beside + "/acked", limit: 4_096)
            sums["acked"] = SHA256Digest(of: mark.span).hexadecimal
            try files.writeNew(beside + "/" + Checksums.fileName, Checksums(digests: sums).text)
            try TreeCopy.synchronizeFolders(beside, on: files)
            try files.rename(beside, to: destination)
            try files.synchronizeFolder(Self.parent(of: destination))
        }
        report.fileCount = sums.count + 1
        return report
    }
}
