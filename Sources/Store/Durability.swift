import Bytes
import StoreColumns
import StoreJournal
import Synchronization

/// What a store with a folder holds open.
final class Durability: Sendable {
    let folder: DataFolder
    let storage: any VersionStorage
    let journal: Journal
    /// Held for as long as the folder is; its lock ends with it. Nil once the folder was given up.
    let lock: Mutex<(any File)?>
    let lockStatus: FileStatus
    /// The SDL of the present model.
    let model: [UInt8]
    /// How many snapshots are kept; at least 1.
    let keptSnapshotCount: Int
    let manifest: Mutex<FolderManifest>
    let reserve: Reserve
    /// Held by whoever writes a snapshot.
    let snapshotting = Mutex<Void>(())
    /// Snapshots that a record of the journal brought, and that the manifest does not name yet.
    let unnamed = Mutex<[SnapshotEntry]>([])
    /// A change whose record would be longer is written as a snapshot.
    let bulkByteCount: Int

    init(
        folder: DataFolder, storage: any VersionStorage, journal: Journal, lock: any File, lockStatus: FileStatus,
        model: [UInt8], keptSnapshotCount: Int, bulkByteCount: Int, manifest: FolderManifest, reserve: Reserve
    ) {
        self.folder = folder
        self.storage = storage
        self.journal = journal
        self.lock = Mutex(lock)
        self.lockStatus = lockStatus
        self.model = model
        self.keptSnapshotCount = keptSnapshotCount
        self.bulkByteCount = min(bulkByteCount, JournalFormat.maximumPayloadByteCount)
        self.manifest = Mutex(manifest)
        self.reserve = reserve
    }

    /// What goes into the journal for a version.
    struct Record {
        var kind: UInt8
        var payload: [UInt8]
        /// The snapshot that stands for the changes, where they are too many.
        var snapshot: SnapshotEntry?
    }

    /// The changes, or, where they are too many or the model is another one, the digest of a snapshot that is written now.
    func record(
        of next: GraphVersion, _ head: RecordHead, _ changes: ChangeSet, after base: GraphVersion
    ) throws(StoreError) -> Record {
        var writer = ChangeWriter(head, catalog: base.catalog)
        writer.append(changes)
        guard writer.bytes.count > bulkByteCount || next.catalog != base.catalog else {
            return Record(kind: head.changesKind, payload: writer.bytes)
        }
        let entry = SnapshotEntry(
            version: next.number, publishedAt: next.publishedAt, digest: try writeSnapshot(next))
        return Record(kind: head.snapshotKind, payload: head.payload(naming: entry.digest), snapshot: entry)
    }

    /// Writes a version's folder, in place of one that an earlier attempt left.
    func writeSnapshot(_ version: GraphVersion) throws(StoreError) -> String {
        let path = folder.versionPath(version.number)
        try storing { () throws(FileError) in
            if try folder.files.exists(path) { try folder.files.removeTree(path) }
        }
        let parent = manifest.withLock { $0.snapshots.first { $0.version < version.number } }
        do throws(StoreError) {
            return try storage.write(version, model: model, parent: parent, to: path, on: folder.files)
        } catch {
            // A full disk shall not be kept full by it.
            do throws(FileError) { try folder.files.removeTree(path + ".tmp") } catch {}
            throw error
        }
    }

    /// Makes a changed manifest the folder's, durably.
    func replaceManifest(_ change: (inout FolderManifest) -> Void) throws(FileError) {
        try manifest.withLock { manifest throws(FileError) in
            var next = manifest
            change(&next)
            guard next != manifest else { return }
            try folder.replaceManifest(with: next)
            manifest = next
        }
    }

    /// Nobody may have put another LOCK in the place of ours.
    func checkLock() throws(StoreError) {
        let found = try storing { () throws(FileError) in try folder.files.status(folder.lockPath) }
        guard found.inode == lockStatus.inode else {
            throw StoreError(.foreign, path: folder.lockPath, "somebody replaced the lock of the data folder")
        }
    }
}
