import Bytes
import StoreColumns
import StoreJournal

/// What a data folder holds, read as far as it can be: where a start stops at the first damage, this goes on.
struct DataExamination: Sendable {
    private(set) var problems: [String] = []
    /// As it stands, or its copy.
    private(set) var manifest: FolderManifest
    /// What `acked` says; nil if it cannot be read.
    private(set) var acknowledged: UInt64?
    /// Newest first.
    private(set) var goodSnapshots: [SnapshotEntry] = []
    private(set) var badSnapshots: [UInt64] = []
    /// Whether a start would take the journal as it is.
    private(set) var isJournalWhole = false
    /// Whether versions between the older snapshots can no longer be made.
    private(set) var losesHistory = false
    /// The last version that the folder can tell, and its model.
    private(set) var version: GraphVersion
    private(set) var model: [UInt8]
    private(set) var remembered: RememberedChanges
    private(set) var remembersAll = true
    /// The greatest version that anything in the folder tells of.
    private(set) var highest: UInt64 = 0
    private(set) var strayCount = 0
    /// Paths below the folder of what a repair moves away.
    private(set) var going: [String] = []

    /// Whether `acked` says nothing, or more than can be kept.
    var replacesMark: Bool { acknowledged == nil || (!isJournalWhole && acknowledged != version.number) }
    /// Whether no whole snapshot holds `version`.
    var needsSnapshot: Bool { goodSnapshots.first?.version != version.number }

    init(_ folder: DataFolder, _ storage: any VersionStorage) throws(StoreError) {
        let files = folder.files
        let first = try Self.manifest(folder)
        manifest = first.manifest
        if let problem = first.problem {
            problems.append(problem)
            if try storing({ () throws(FileError) in try files.exists(folder.manifestPath) }) { going.append("MANIFEST") }
        }
        do throws(StoreError) {
            remembered = try RememberedChanges(folder.rememberedPath, of: manifest.id, on: files)
        } catch {
            try Self.checkIsDamage(error)
            problems.append("\(error)")
            going.append("remembered")
            (remembered, remembersAll) = (RememberedChanges(), false)
        }
        var snapshots: (good: [SnapshotEntry], bad: [UInt64]) = ([], [])
        for entry in manifest.snapshots {
            let path = folder.versionPath(entry.version)
            do throws(StoreError) {
                guard try storage.verify(path, on: files) == entry.digest else {
                    throw StoreError(.damaged, path: path, "it is not the snapshot that the manifest names")
                }
                snapshots.good.append(entry)
            } catch {
                try Self.checkIsDamage(error)
                problems.append("\(error)")
                snapshots.bad.append(entry.version)
                if try storing({ () throws(FileError) in try files.exists(path) }) {
                    going.append("versions/" + DataFolder.versionName(entry.version))
                }
            }
        }
        (goodSnapshots, badSnapshots) = snapshots
        guard let base = snapshots.good.first else {
            throw StoreError(
                .damaged, path: folder.versionsPath,
                "no snapshot is whole, so nothing can be kept; restore a backup. \(problems.joined(separator: "; "))")
        }
        let stored = try folder.open(base, storage)
        (version, model) = (stored.version, stored.model)
        acknowledged = try journaling { () throws(JournalError) in
            try AcknowledgedMark.read(folder.markPath, folder: first.manifest.id, on: files)
        }
        if acknowledged == nil {
            problems.append("\(folder.markPath): it cannot be read, so nothing tells whether the journal is complete to its end")
        }
        try readJournal(folder, storage)
        highest = max(version.number, highest, acknowledged ?? 0, manifest.snapshots[0].version)
        let hasMark = try storing { () throws(FileError) in try files.exists(folder.markPath) }
        if replacesMark, hasMark { going.append("acked") }
    }

    /// The journal as a start takes it, or what can be saved of it.
    private mutating func readJournal(_ folder: DataFolder, _ storage: any VersionStorage) throws(StoreError) {
        do throws(StoreError) {
            var trial = manifest
            trial.snapshots = goodSnapshots
            let contents = try folder.read(trial, storage: storage, remembered: remembered)
            (version, model, isJournalWhole) = (contents.version, contents.model, true)
            remembered = contents.remembered
            return try checkHistory(folder)
        } catch {
            try Self.checkIsDamage(error)
            problems.append("\(error)")
        }
        losesHistory = true
        // What an interrupted attempt left is rubbish, here as at a start.
        let found = try storing { () throws(FileError) in
            try folder.files.list(folder.journalPath).filter { !$0.hasSuffix(".tmp") }
        }
        going += found.map { "journal/" + $0 }
        var names = Set(manifest.segments)
        for name in found where JournalFormat.base(ofSegment: name) != nil && !names.contains(name) {
            // One that is not named, and holds records, may go on where the named ones end; the chain will tell.
            let path = folder.journalPath + "/" + name
            if try !journaling({ () throws(JournalError) in try JournalReplay.isEmpty(path, on: folder.files) }) {
                names.insert(name)
            }
        }
        let ordered = names.sorted { (JournalFormat.base(ofSegment: $0) ?? 0) < (JournalFormat.base(ofSegment: $1) ?? 0) }
        var (version, model, remembered, bulk) = (version, model, remembered, [SnapshotEntry]())
        let salvage = try journaling { () throws(JournalError) in
            try JournalSalvage(
                ordered, in: folder.journalPath, of: manifest.id, from: version.number, on: folder.files
            ) { record throws(JournalError) in
                let next = try folder.apply(record, to: version, storage)
                version = next.version
                if let snapshot = next.snapshot {
                    model = snapshot.model
                    bulk.append(snapshot.entry)
                }
                remembered.add(next.head.changeID, RememberedChanges.Entry(next.head, version: record.lsn))
            }
        }
        (self.version, self.model, self.remembered) = (version, model, remembered)
        goodSnapshots = bulk.reversed() + goodSnapshots
        (strayCount, highest) = (salvage.strayCount, salvage.highest)
        if let problem = salvage.problem, !problems.contains("\(StoreError(problem))") {
            problems.append("\(StoreError(problem))")
        }
    }

    /// The segments before the newest snapshot, which a start does not read: versions between older snapshots are made from them.
    private mutating func checkHistory(_ folder: DataFolder) throws(StoreError) {
        let needed = manifest.segments(behind: goodSnapshots[0].version)
        let base = JournalFormat.base(ofSegment: manifest.segments[0]) ?? 0
        do throws(StoreError) {
            _ = try journaling { () throws(JournalError) in
                try JournalReplay.run(
                    manifest.segments, in: folder.journalPath, of: manifest.id, from: base, acknowledged: 0, on: folder.files
                ) { _ in }
            }
        } catch {
            try Self.checkIsDamage(error)
            problems.append("\(error)")
            losesHistory = true
            for name in manifest.segments where !needed.contains(name) {
                if try storing({ () throws(FileError) in try folder.files.exists(folder.journalPath + "/" + name) }) {
                    going.append("journal/" + name)
                }
            }
            manifest.segments = needed
        }
    }

    private static func manifest(_ folder: DataFolder) throws(StoreError) -> (manifest: FolderManifest, problem: String?) {
        do throws(StoreError) {
            return (try folder.readManifest(), nil)
        } catch {
            if error.reason != .foreign { try checkIsDamage(error) }
            let hasCopy = try storing { () throws(FileError) in try folder.files.exists(folder.manifestCopyPath) }
            guard hasCopy else { throw error }
            return (try FolderManifest.read(folder.manifestCopyPath, on: folder.files), "\(error)")
        }
    }

    /// What a repair must not touch is thrown on: nothing there, made by a newer program, or not readable just now.
    private static func checkIsDamage(_ error: StoreError) throws(StoreError) {
        switch error.reason {
        case .damaged, .foreign, .storage(.inputOutput): return
        default: throw error
        }
    }
}
