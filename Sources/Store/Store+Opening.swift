import Bytes
import StoreColumns
import StoreJournal
import Synchronization

/// How a data folder is opened.
package struct StoreOptions: Sendable {
    package var files: any FileSystem
    package var storage: any VersionStorage
    /// What the present model asks for, and its SDL.
    package var outline: CatalogOutline
    package var model: [UInt8]
    /// Reads the SDL of an earlier model; nil where it cannot be read any more.
    package var readModel: @Sendable ([UInt8]) -> CatalogOutline? = { _ in nil }
    /// The time for commits that bring none.
    package var clock: @Sendable () -> Instant
    /// This process's number, for whoever finds the folder locked.
    package var process: String
    /// How many of the last versions stay in memory, and how many snapshots on disk.
    package var keptVersionCount = 8
    package var keptSnapshotCount = 8
    /// How many changes are read at most to make a version between two snapshots again.
    package var rebuildLimit = 50_000
    /// A change of more bytes is written as a snapshot; at most, and by default, what a record can hold.
    package var bulkByteCount = JournalFormat.maximumPayloadByteCount
    /// How much room is kept back on the disk for what ends its fullness.
    package var reserveByteCount = 16 << 20
    /// Opens nothing for writing and takes only a shared lock.
    package var isReadOnly = false
    package var limits = GroupCommit.Limits()
    /// For tests: runs the writing of the journal.
    package var schedule: Journal.Schedule?

    package init(
        files: any FileSystem = POSIXFileSystem(), storage: any VersionStorage = ArrowVersions(), outline: CatalogOutline,
        model: [UInt8], process: String, clock: @escaping @Sendable () -> Instant
    ) {
        self.files = files
        self.storage = storage
        self.outline = outline
        self.model = model
        self.process = process
        self.clock = clock
    }

    /// For a model of which nothing is known but its columns.
    package init(
        files: any FileSystem = POSIXFileSystem(), storage: any VersionStorage = ArrowVersions(), catalog: Catalog,
        model: [UInt8], process: String, clock: @escaping @Sendable () -> Instant
    ) {
        self.init(
            files: files, storage: storage, outline: CatalogOutline(catalog), model: model, process: process, clock: clock)
    }
}

/// A data folder that was opened.
package struct OpenedStore: Sendable {
    package let store: Store
    /// What whoever runs the server should know: a cut tail, a damaged older file.
    package let warnings: [String]
    /// What was done to bring the data under the present model; empty where it was.
    package let migration: [MigrationPlan.Note]
    /// How many changes were read from the journal.
    package let replayedCount: Int
}

extension Store {
    /// Makes a data folder, or fills an empty one, with a first version. Durable when this returns; interrupted, it is as if
    /// it had not begun.
    /// - Parameter id: drawn by chance.
    package static func make(
        _ path: String, _ version: GraphVersion, id: FolderID, _ options: StoreOptions
    ) throws(StoreError) {
        try DataFolder(path: path, files: options.files).make(
            (version.number, version.publishedAt), model: options.model, id: id, process: options.process
        ) { folder throws(StoreError) in
            try options.storage.write(version, model: options.model, parent: nil, to: folder, on: options.files)
        }
    }

    /// As above, of a version that is passed type by type, which it takes to itself.
    package static func make(
        _ path: String, _ version: PassingGraph, id: FolderID, _ options: StoreOptions
    ) throws(StoreError) {
        try DataFolder(path: path, files: options.files).make(
            (version.frame.number, version.frame.publishedAt), model: options.model, id: id, process: options.process
        ) { folder throws(StoreError) in
            try options.storage.write(version, model: options.model, parent: nil, to: folder, on: options.files)
        }
    }

    /// Sees whether a data folder can be made here, and clears away what an interrupted `make` has left: for whoever has much to do before
    /// it comes to `make`.
    /// - Throws: `occupied` where something else is there, `locked` while another process makes one.
    package static func prepareMaking(_ path: String, _ options: StoreOptions) throws(StoreError) {
        try DataFolder(path: path, files: options.files).clearForMaking(process: options.process)
    }

    /// Opens a data folder: the newest snapshot, then every change since.
    ///
    /// Data that was made under another model is brought under the present one; opened for writing, that is a version of its
    /// own, written as a snapshot.
    /// - Throws: `absent` where there is no data yet; `locked`; `damaged`, `foreign` and `newer` with file and byte;
    ///   `otherModel` with everything that stands in the way; `storage`. No file was changed then.
    package static func open(_ path: String, _ options: StoreOptions) throws(StoreError) -> OpenedStore {
        let folder = DataFolder(path: path, files: options.files)
        let isThere = try storing { () throws(FileError) in try folder.files.exists(path) }
        guard isThere else { throw StoreError(.absent, path: path, "there is no such folder") }
        let hasManifest = try storing { () throws(FileError) in try folder.files.exists(folder.manifestPath) }
        // A redaction may have been interrupted between the old one and the new.
        let isHalfRedacted = try storing { () throws(FileError) in try folder.files.exists(folder.redactingPath) }
        if !hasManifest, options.isReadOnly || !isHalfRedacted { _ = try folder.readManifest() }
        let reserve = Reserve(folder: folder, maximumByteCount: options.reserveByteCount)
        let warning = options.isReadOnly ? nil : try folder.keepToOwner()
        let lock =
            options.isReadOnly
            ? try folder.lockForReading(process: options.process)
            : try reserve.lending { () throws(StoreError) in try folder.lock(process: options.process, forWriting: true) }
        if !options.isReadOnly { try folder.finishRedaction() }
        var contents = try folder.read(storage: options.storage, keptVersionCount: options.keptVersionCount)
        let migration = try Migration(&contents, options, path: path)
        let shelf = VersionShelf(
            folder, options.storage, Lineage(model: options.model, outline: options.outline, read: options.readModel),
            rebuildLimit: options.rebuildLimit)
        guard !options.isReadOnly else {
            if let next = try migration.next(contents.version.number, at: contents.version.publishedAt) {
                migration.show(next, in: &contents)
            }
            var manifest = contents.manifest
            manifest.insert(contents.bulk)
            let store = Store(
                contents.version, keptVersionCount: options.keptVersionCount, clock: options.clock, durability: nil,
                shelf: shelf, manifestRead: manifest)
            store.take(contents)
            store.line.withLock { $0.readOnlyReason = "the data was opened for reading only" }
            withExtendedLifetime(lock) {}
            return OpenedStore(
                store: store, warnings: contents.warnings, migration: migration.notes, replayedCount: contents.replayedCount)
        }
        contents.warnings += warning.map { [$0] } ?? []
        let mark = try reserve.lending { () throws(StoreError) in try folder.takeOver(&contents) }
        reserve.take()
        let reference = Mutex<WeakStore>(WeakStore())
        let journal = try journaling { () throws(JournalError) in
            try Journal(
                contents.end, mark: mark, in: folder.journalPath, of: contents.manifest.id,
                modelDigest: SHA256Digest(of: options.model.span).bytes, limits: options.limits, on: folder.files,
                schedule: options.schedule,
                listener: Journal.Listener(
                    durable: { lsn in reference.withLock { $0.store }?.publish(upTo: lsn) },
                    stopped: { error, _ in reference.withLock { $0.store }?.stop("\(error)") }))
        }
        guard let lock else { preconditionFailure("a folder that is written is locked") }
        let durability = Durability(
            folder: folder, storage: options.storage, journal: journal, lock: lock,
            lockStatus: try storing { () throws(FileError) in try lock.status() }, model: options.model,
            keptSnapshotCount: max(1, options.keptSnapshotCount), bulkByteCount: options.bulkByteCount,
            manifest: contents.manifest, reserve: reserve)
        if !contents.bulk.isEmpty {
            try storing { () throws(FileError) in try durability.replaceManifest { $0.insert(contents.bulk) } }
        }
        let store = Store(
            contents.version, keptVersionCount: options.keptVersionCount, clock: options.clock, durability: durability,
            shelf: shelf)
        reference.withLock { $0.store = store }
        store.take(contents)
        try store.adopt(migration, contents, durability, at: options.clock())
        return OpenedStore(
            store: store, warnings: contents.warnings, migration: migration.notes, replayedCount: contents.replayedCount)
    }

    /// The journal outlives nobody who holds the store, and keeps nobody alive.
    private struct WeakStore: Sendable {
        weak var store: Store?
    }

    func take(_ contents: FolderContents) {
        published.withLock { state in
            state.kept = contents.recent
            state.log = contents.log
        }
        line.withLock { $0.remembered = contents.remembered }
    }

    /// Gives the folder up: waits for what is being written, makes `acked` durable, and lets others open the folder. The store
    /// can be read on, and not written.
    package func close() throws(StoreError) {
        guard let durability else { return }
        try alone { () throws(StoreError) in
            self.line.withLock { $0.readOnlyReason = $0.readOnlyReason ?? "the data was closed" }
            try journaling { () throws(JournalError) in try durability.journal.close() }
            durability.lock.withLock { $0 = nil }
        }
    }

    /// Tries to write again after the disk was full, once there is as much room again as is kept in reserve; does nothing where
    /// writing goes on.
    /// - Returns: whether it was tried, with success.
    /// - Throws: what stands in the way; the store stays read-only.
    @discardableResult
    package func resumeWriting() throws(StoreError) -> Bool {
        guard let durability, let failure = durability.journal.failure else { return false }
        guard case .storage(let error) = failure.reason, error.reason == .full else { throw StoreError(failure) }
        let space = try storing { () throws(FileError) in try durability.folder.files.space(durability.folder.path) }
        guard space.freeByteCount > UInt64(durability.reserve.byteCount(space)) else { throw StoreError(failure) }
        try alone { () throws(StoreError) in
            try self.beginSegment(durability)
            self.line.withLock { $0.readOnlyReason = nil }
        }
        durability.reserve.take()
        return true
    }

    /// Begins a segment and names it in the manifest. While nothing is staged.
    func beginSegment(_ durability: Durability) throws(StoreError) {
        let remembered = line.withLock { $0.remembered.bytes(durability.manifest.withLock { $0.id }) }
        try storing { () throws(FileError) in
            try durability.folder.files.replace(
                durability.folder.rememberedPath, with: remembered, in: durability.folder.path)
        }
        try journaling { () throws(JournalError) in
            try durability.journal.beginSegment { name throws(JournalError) in
                do throws(FileError) {
                    try durability.replaceManifest { manifest in
                        if manifest.segments.last != name { manifest.segments.append(name) }
                    }
                } catch {
                    throw JournalError(.storage(error), path: error.path, error.description)
                }
            }
        }
    }
}
