import Dispatch
import StoreColumns
import StoreJournal
import Synchronization

/// The versions of a folder that are not in memory: snapshots are opened, and versions between them are made again from the
/// snapshot below and the journal, when somebody asks for them. One at a time, on a queue of its own.
final class VersionShelf: Sendable {
    /// Snapshots that stay open after somebody asked for them.
    private static let openedLimit = 4
    /// Versions made again that stay; they share with each other and with their snapshot what did not change.
    private static let rebuiltLimit = 8
    /// Who asks when so many wait is sent away.
    static let waitingLimit = 32

    private struct State {
        /// The last one asked for first.
        var opened: [GraphVersion] = []
        var rebuilt: [GraphVersion] = []
        /// The same as they are under the present model, which they mostly are by themselves.
        var shown: [GraphVersion] = []
        var waitingCount = 0
    }

    private let folder: DataFolder
    private let storage: any VersionStorage
    private let lineage: Lineage
    /// How many changes are read at most to make a version again.
    let rebuildLimit: Int
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "store.versions", qos: .utility)

    init(_ folder: DataFolder, _ storage: any VersionStorage, _ lineage: Lineage, rebuildLimit: Int) {
        self.folder = folder
        self.lineage = lineage
        self.storage = storage
        self.rebuildLimit = rebuildLimit
    }

    /// A version that somebody asked for not long ago; nil where it is not at hand.
    func atHand(_ number: UInt64) -> GraphVersion? {
        state.withLock { state in
            guard let place = state.shown.firstIndex(where: { $0.number == number }) else { return nil }
            state.shown.insert(state.shown.remove(at: place), at: 0)
            return state.shown[0]
        }
    }

    // MARK: Taking turns

    /// Does something in its turn; the caller's thread waits.
    func inTurn<Value: Sendable>(_ body: @Sendable () throws(VersionUnavailable) -> Value) throws(VersionUnavailable) -> Value {
        let result = queue.sync { Result { () throws(VersionUnavailable) in try body() } }
        return try result.get()
    }

    /// Does something in its turn; no thread waits.
    func inTurn<Value: Sendable>(
        _ body: @escaping @Sendable () throws(VersionUnavailable) -> Value
    ) async -> Result<Value, VersionUnavailable> {
        let mayWait = state.withLock { state in
            guard state.waitingCount < Self.waitingLimit else { return false }
            state.waitingCount += 1
            return true
        }
        guard mayWait else { return .failure(.busy(limit: Self.waitingLimit)) }
        return await withCheckedContinuation { continuation in
            queue.async { [self] in
                let result = Result { () throws(VersionUnavailable) in try body() }
                state.withLock { $0.waitingCount -= 1 }
                continuation.resume(returning: result)
            }
        }
    }

    // MARK: Finding

    /// Opens a version or makes it again. In its turn.
    /// - Parameters:
    ///   - catalog: of the current version.
    ///   - reach: what can be had at all.
    ///   - isStopped: asked before each change is read; true ends the work.
    func version(
        _ number: UInt64, of manifest: FolderManifest, as catalog: Catalog, _ reach: VersionReach, isStopped: () -> Bool
    ) throws(VersionUnavailable) -> GraphVersion {
        if let version = atHand(number) { return version }
        if isStopped() { throw .stopped }
        guard let base = reach.snapshot(below: number) else {
            throw .gone(VersionGone(asked: number, nearest: reach.nearest(number), reason: reach.reason(number)))
        }
        var version: GraphVersion
        var wasStopped = false
        do throws(StoreError) {
            if let known = nearestAtHand(base.version, number) { version = known } else { version = try open(base) }
            let start = version
            if version.number < number {
                try journaling { () throws(JournalError) in
                    try JournalReplay.read(
                        version.number + 1...number, of: manifest.segments, in: folder.journalPath, of: manifest.id,
                        on: folder.files
                    ) { record throws(JournalError) in
                        wasStopped = isStopped()
                        if !wasStopped { version = try folder.apply(record, to: version, storage).version }
                        return !wasStopped
                    }
                }
                // What is damaged was read as nulls.
                if let damage = start.damage {
                    throw StoreError(.damaged, path: folder.versionPath(base.version), "\(damage)")
                }
                if !wasStopped { keepRebuilt(version) }
            }
        } catch {
            throw .gone(VersionGone(asked: number, nearest: reach.nearest(number), reason: .unreadable("\(error)")))
        }
        if wasStopped { throw .stopped }
        do throws(Lineage.Broken) {
            let shown = try lineage.present(version, models: models(since: base, of: manifest), as: catalog)
            state.withLock { $0.shown = Array(([shown] + $0.shown).prefix(Self.openedLimit + Self.rebuiltLimit)) }
            return shown
        } catch {
            throw .gone(VersionGone(asked: number, nearest: reach.nearest(number), reason: .otherModel(error.reason)))
        }
    }

    /// The models that the data went through, from a snapshot on.
    private func models(since base: SnapshotEntry, of manifest: FolderManifest) -> [[UInt8]] {
        manifest.snapshots.filter { $0.version >= base.version }.sorted { $0.version < $1.version }
            .compactMap { try? storage.model(folder.versionPath($0.version), on: folder.files) }
    }

    /// The greatest version at hand that the wanted one can be made of, with less to read than from its snapshot.
    private func nearestAtHand(_ snapshot: UInt64, _ number: UInt64) -> GraphVersion? {
        state.withLock { state in
            (state.opened + state.rebuilt).filter { (snapshot...number).contains($0.number) }.max { $0.number < $1.number }
        }
    }

    private func open(_ entry: SnapshotEntry) throws(StoreError) -> GraphVersion {
        let version = try folder.open(entry, storage).version
        state.withLock { $0.opened = Array(([version] + $0.opened).prefix(Self.openedLimit)) }
        return version
    }

    private func keepRebuilt(_ version: GraphVersion) {
        state.withLock { $0.rebuilt = Array(([version] + $0.rebuilt).prefix(Self.rebuiltLimit)) }
    }

    /// When versions of the journal were published. In its turn.
    func moments(
        _ range: ClosedRange<UInt64>, of manifest: FolderManifest, isStopped: () -> Bool
    ) throws(VersionUnavailable) -> [VersionMoment] {
        var moments: [VersionMoment] = []
        var wasStopped = false
        do throws(JournalError) {
            try JournalReplay.read(
                range, of: manifest.segments, in: folder.journalPath, of: manifest.id, on: folder.files
            ) { record throws(JournalError) in
                wasStopped = isStopped()
                moments.append(VersionMoment(number: record.lsn, publishedAt: try folder.publishedAt(record)))
                return !wasStopped
            }
        } catch {
            throw .gone(VersionGone(asked: range.lowerBound, nearest: [], reason: .unreadable("\(error)")))
        }
        if wasStopped { throw .stopped }
        return moments
    }
}
