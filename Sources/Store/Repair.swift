import Bytes
import StoreColumns
import StoreJournal

/// A data folder that does not open as it is, or not without a warning: what is wrong, what of it can be kept, what must go.
///
/// The folder is locked for as long as this lives. Nothing is changed before `perform`.
package struct Repair: Sendable {
    /// What was found wrong: file, byte, reason. Never empty.
    package let problems: [String]
    /// The version that the data ends at afterwards, wholly as it was.
    package let version: UInt64
    package let publishedAt: Instant
    /// Versions that go; nil where none does.
    package let lostVersions: ClosedRange<UInt64>?
    /// The highest version that was acknowledged, as far as can be known.
    package let acknowledged: UInt64?
    /// How many whole records lie among what goes.
    package let strayRecordCount: Int
    /// Snapshots that go: their versions can no longer be asked for where the journal does not give them.
    package let lostSnapshots: [UInt64]
    /// Whether the journal goes: then of the versions before only those that are snapshots can still be asked for.
    package let losesHistory: Bool
    /// Whether it is forgotten which named changes were applied before the oldest record of the journal.
    package let forgetsChanges: Bool
    /// What goes, below the data folder, and the new folder below it that it goes to.
    package let moved: [String]
    package let quarantine: String

    private let folder: DataFolder
    private let storage: any VersionStorage
    private let state: DataExamination
    private let lock: any File

    /// Looks at every byte of a data folder that nobody has open. Cost: that of `verify`.
    /// - Returns: nil if nothing is wrong.
    /// - Throws: where there is nothing to repair, or nothing can be kept: `absent`, `locked`, `newer`, `storage`, `damaged`.
    package static func examine(
        _ path: String, on files: any FileSystem, storage: any VersionStorage, process: String
    ) throws(StoreError) -> Repair? {
        let folder = DataFolder(path: path, files: files)
        guard try storing({ () throws(FileError) in try files.exists(path) }) else {
            throw StoreError(.absent, path: path, "there is no such folder")
        }
        let lock = try folder.lock(process: process, forWriting: true)
        let state = try DataExamination(folder, storage)
        guard !state.problems.isEmpty else { return nil }
        return Repair(folder, storage, state, lock: lock, quarantine: try folder.freeQuarantine())
    }

    private init(
        _ folder: DataFolder, _ storage: any VersionStorage, _ state: DataExamination, lock: any File, quarantine: String
    ) {
        self.folder = folder
        self.storage = storage
        self.state = state
        self.lock = lock
        self.quarantine = quarantine
        problems = state.problems
        version = state.version.number
        publishedAt = state.version.publishedAt
        acknowledged = state.acknowledged
        lostVersions = state.highest > state.version.number ? state.version.number + 1...state.highest : nil
        strayRecordCount = state.strayCount
        lostSnapshots = state.badSnapshots
        forgetsChanges = !state.remembersAll
        losesHistory = state.losesHistory
        moved = state.going
    }

    /// Moves what goes to the quarantine and leaves a folder that opens at `version`. Killed at any moment, it can be begun
    /// again: what was kept then is kept.
    /// - Parameter accepted: the version after which everything may be lost.
    /// - Throws: if more would be lost than that; then nothing was changed.
    package func perform(acceptingLossAfter accepted: UInt64) throws(StoreError) {
        guard accepted <= version else {
            throw StoreError(
                .damaged, path: folder.path,
                "version \(version) is the last that can be kept, not \(accepted): accept the loss after \(version), or restore a backup"
            )
        }
        let files = folder.files
        try storing { () throws(FileError) in
            if try !files.exists(folder.quarantinePath) { try files.makeFolder(folder.quarantinePath) }
            try files.makeFolder(folder.path + "/" + quarantine)
            for name in moved { try keep(name) }
            try TreeCopy.synchronizeFolders(folder.path + "/" + quarantine, on: files)
            try files.synchronizeFolder(folder.quarantinePath)
            try files.synchronizeFolder(folder.path)
        }
        var manifest = state.manifest
        manifest.snapshots = state.goodSnapshots
        if !state.isJournalWhole {
            if state.needsSnapshot { manifest.snapshots.insert(try writeSnapshot(), at: 0) }
            let end = try journaling { () throws(JournalError) in
                try Journal.makeSegment(
                    base: version, chain: 0, in: folder.journalPath, of: manifest.id,
                    modelDigest: SHA256Digest(of: state.model.span).bytes, on: files)
            }
            manifest.segments = [String(end.path.dropFirst(folder.journalPath.count + 1))]
        }
        try journaling { () throws(JournalError) in
            guard state.replacesMark else { return }
            try AcknowledgedMark.replace(folder.markPath, in: folder.path, folder: manifest.id, with: version, on: files)
        }
        try storing { () throws(FileError) in
            let remembered = state.remembered.upTo(version).bytes(manifest.id)
            try files.replace(folder.rememberedPath, with: remembered, in: folder.path)
            try folder.replaceManifest(with: manifest)
            for name in moved { try removeMoved(name, manifest) }
            try files.synchronizeFolder(folder.journalPath)
            try files.synchronizeFolder(folder.versionsPath)
        }
        withExtendedLifetime(lock) {}
    }

    /// Gives a file, or every file of a folder, a second name in the quarantine.
    private func keep(_ name: String) throws(FileError) {
        let (files, place, kept) = (folder.files, folder.path + "/" + name, folder.path + "/" + quarantine + "/" + name)
        try TreeCopy.makeParents(of: name, in: folder.path + "/" + quarantine, on: files)
        guard try files.status(place).kind == .folder else {
            do throws(FileError) {
                try files.link(place, to: kept)
            } catch {
                // A file system without second names.
                guard error.reason != .full, error.reason != .inputOutput else { throw error }
                _ = try TreeCopy.copy(place, to: kept, on: files)
            }
            return
        }
        try files.makeFolder(kept)
        for inner in try files.list(place) { try keep(name + "/" + inner) }
    }

    private func writeSnapshot() throws(StoreError) -> SnapshotEntry {
        let path = folder.versionPath(version)
        try storing { () throws(FileError) in
            if try folder.files.exists(path) { try folder.files.removeTree(path) }
        }
        let digest = try storage.write(
            state.version, model: state.model, parent: state.goodSnapshots.first, to: path, on: folder.files)
        return SnapshotEntry(version: version, publishedAt: publishedAt, digest: digest)
    }

    /// Takes the first name away from what the new manifest does not name.
    private func removeMoved(_ name: String, _ manifest: FolderManifest) throws(FileError) {
        let parts = name.split(separator: "/").map(String.init)
        guard parts.count == 2, !manifest.segments.contains(parts[1]),
            !manifest.snapshots.contains(where: { DataFolder.versionName($0.version) == parts[1] })
        else { return }
        try folder.files.removeTree(folder.path + "/" + name)
    }
}

extension DataFolder {
    /// A name for a new folder, below this one.
    fileprivate func freeQuarantine() throws(StoreError) -> String {
        try storing { () throws(FileError) in
            var number = 1
            while try files.exists("\(quarantinePath)/repair-\(number)") { number += 1 }
            return "quarantine/repair-\(number)"
        }
    }
}
