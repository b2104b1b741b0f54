import Bytes
import StoreColumns
import StoreJournal

/// What a data folder says when it is opened: its newest version, and everything that was found on the way.
struct FolderContents {
    var manifest: FolderManifest
    var version: GraphVersion
    /// The SDL under which the newest snapshot was made.
    var model: [UInt8]
    var end: JournalEnd
    /// Versions that came from the journal, behind the snapshot that was opened.
    var replayedCount: Int
    var remembered: RememberedChanges
    /// Numbers and times of all versions that the folder can still tell, ascending.
    var log: [VersionMoment]
    /// The last versions, newest first.
    var recent: [GraphVersion]
    /// Snapshots that records of the journal brought, behind the one that was opened.
    var bulk: [SnapshotEntry]
    var warnings: [String]
}

/// What a record of the journal came to.
struct AppliedRecord {
    var version: GraphVersion
    var head: RecordHead
    /// Where the version was written as a whole: as what, and under which SDL.
    var snapshot: (entry: SnapshotEntry, model: [UInt8])?
}

/// When a version was published.
package struct VersionMoment: Sendable, Hashable {
    package var number: UInt64
    package var publishedAt: Instant
}

extension DataFolder {
    /// Reads the newest snapshot and the journal behind it. Changes no file.
    /// - Parameters:
    ///   - keptVersionCount: how many of the last versions to keep in memory.
    func read(storage: any VersionStorage, keptVersionCount: Int) throws(StoreError) -> FolderContents {
        let manifest = try readManifest()
        let remembered = try RememberedChanges(rememberedPath, of: manifest.id, on: files)
        return try read(manifest, storage: storage, remembered: remembered, keptVersionCount: keptVersionCount)
    }

    /// The same for a manifest that was read already.
    func read(
        _ manifest: FolderManifest, storage: any VersionStorage, remembered: RememberedChanges, keptVersionCount: Int = 1
    ) throws(StoreError) -> FolderContents {
        try checkSegments(of: manifest)
        var warnings: [String] = []
        let acknowledged = try journaling { () throws(JournalError) in
            try AcknowledgedMark.read(markPath, folder: manifest.id, on: files)
        }
        if acknowledged == nil {
            warnings.append("\(markPath) cannot be read: nothing tells whether the journal is complete to its end")
        }
        var failure: StoreError?
        let firstBase = JournalFormat.base(ofSegment: manifest.segments[0]) ?? 0
        for entry in manifest.snapshots where entry.version >= firstBase {
            let stored: StoredVersion
            do throws(StoreError) {
                stored = try open(entry, storage)
            } catch {
                // An older one will do if the journal since then is complete.
                guard error.reason == .damaged else { throw error }
                if failure == nil { failure = error }
                continue
            }
            if let failure {
                warnings.append("\(failure); version \(entry.version) and the journal since then were used in its place")
            }
            do throws(StoreError) {
                let contents = try replay(
                    manifest, stored, acknowledged: acknowledged ?? 0, storage, remembered: remembered,
                    keptVersionCount: keptVersionCount, warnings: warnings)
                guard stored.version.damage != nil else { return contents }
            } catch {
                if stored.version.damage == nil { throw error }
            }
            // Changes touched a column that is only now seen to be damaged.
            if failure == nil, let damage = stored.version.damage {
                failure = StoreError(.damaged, path: versionPath(entry.version), "\(damage)")
            }
        }
        throw failure ?? StoreError(.damaged, path: manifestPath, "no snapshot is as old as the first segment of the journal")
    }

    func readManifest() throws(StoreError) -> FolderManifest {
        try refuseHalfRedacted()
        let isThere = try storing { () throws(FileError) in try files.exists(manifestPath) }
        guard isThere else {
            let isEmpty = try storing { () throws(FileError) in
                guard try files.exists(path) else { return true }
                if try files.exists(creatingPath) { return true }
                return try files.list(path).allSatisfy { $0 == "LOCK" || $0.hasSuffix(".tmp") }
            }
            if isEmpty { throw StoreError(.absent, path: path, "there is no data in the folder yet") }
            throw StoreError(
                .damaged, path: manifestPath,
                "the folder has no MANIFEST, but is not empty: it is not a data folder, or its manifest was lost")
        }
        return try FolderManifest.read(manifestPath, on: files)
    }

    /// Every named segment must be there; one that is not named must be rubbish.
    private func checkSegments(of manifest: FolderManifest) throws(StoreError) {
        let found = Set(try storing { () throws(FileError) in try files.list(journalPath) })
        for name in manifest.segments where !found.contains(name) {
            throw StoreError(.damaged, path: journalPath + "/" + name, "the manifest names this segment, and it is missing")
        }
        let firstBase = JournalFormat.base(ofSegment: manifest.segments[0]) ?? 0
        for name in found.subtracting(manifest.segments).sorted() {
            let path = journalPath + "/" + name
            if name.hasSuffix(".tmp") { continue }
            guard let base = JournalFormat.base(ofSegment: name) else {
                throw StoreError(.foreign, path: path, "the file is no segment of a journal; move it away")
            }
            let isEmpty = try journaling { () throws(JournalError) in try JournalReplay.isEmpty(path, on: files) }
            guard base < firstBase || isEmpty else {
                throw StoreError(
                    .damaged, path: path, "the manifest does not name this segment, and it holds records: is the manifest old?")
            }
        }
    }

    func open(_ entry: SnapshotEntry, _ storage: any VersionStorage) throws(StoreError) -> StoredVersion {
        let path = versionPath(entry.version)
        let stored = try storage.open(path, on: files)
        guard stored.digest == entry.digest, stored.version.number == entry.version,
            stored.version.publishedAt == entry.publishedAt
        else { throw StoreError(.damaged, path: path, "it is not the snapshot that the manifest names") }
        return stored
    }

    private func replay(
        _ manifest: FolderManifest, _ stored: StoredVersion, acknowledged: UInt64, _ storage: any VersionStorage,
        remembered: RememberedChanges, keptVersionCount: Int, warnings: [String]
    ) throws(StoreError) -> FolderContents {
        var remembered = remembered
        var version = stored.version
        var model = stored.model
        var recent = [version]
        var bulk: [SnapshotEntry] = []
        var log = manifest.snapshots.reversed().filter { $0.version <= version.number }
            .map { VersionMoment(number: $0.version, publishedAt: $0.publishedAt) }
        let end = try journaling { () throws(JournalError) in
            try JournalReplay.run(
                manifest.segments(behind: version.number), in: journalPath, of: manifest.id, from: version.number,
                acknowledged: acknowledged,
                on: files
            ) { record throws(JournalError) in
                let next = try apply(record, to: version, storage)
                version = next.version
                if let stored = next.snapshot {
                    model = stored.model
                    bulk.append(stored.entry)
                }
                remembered.add(next.head.changeID, RememberedChanges.Entry(next.head, version: record.lsn))
                log.append(VersionMoment(number: record.lsn, publishedAt: version.publishedAt))
                recent.insert(version, at: 0)
                if recent.count > keptVersionCount { recent.removeLast() }
            }
        }
        guard end.lsn >= manifest.snapshots[0].version else {
            throw StoreError(
                .damaged, path: end.path, at: end.byteOffset,
                "the journal ends at version \(end.lsn), before the newest snapshot \(manifest.snapshots[0].version)")
        }
        return FolderContents(
            manifest: manifest, version: version, model: model, end: end,
            replayedCount: Int(version.number - stored.version.number), remembered: remembered, log: log, recent: recent,
            bulk: bulk, warnings: warnings)
    }

    /// When a record's version was published.
    func publishedAt(_ record: JournalRecord) throws(JournalError) -> Instant {
        guard let moment = record.payload.span.littleEndian(at: 0, as: UInt64.self) else {
            throw JournalError(
                .unusable(lsn: record.lsn), path: journalPath, "record \(record.lsn): the payload is cut off")
        }
        return Instant(microseconds: Int64(bitPattern: moment))
    }

    /// The version that a record makes of the one before.
    func apply(
        _ record: JournalRecord, to base: GraphVersion, _ storage: any VersionStorage
    ) throws(JournalError) -> AppliedRecord {
        func unusable(_ message: String) -> JournalError {
            JournalError(.unusable(lsn: record.lsn), path: journalPath, "record \(record.lsn): \(message)")
        }
        do throws(RecordProblem) {
            var reader = ChangeReader(record.payload.span, catalog: base.catalog)
            let head = try reader.head(of: record.kind)
            switch record.kind {
            case RecordKind.changes, RecordKind.changesWithReceipt:
                let changes = try reader.changes()
                do throws(ChangeSetRefused) {
                    let next = try base.applying(changes, number: record.lsn, publishedAt: head.publishedAt)
                    return AppliedRecord(version: next, head: head, snapshot: nil)
                } catch {
                    throw RecordProblem(message: "its changes cannot be applied to version \(base.number)")
                }
            case RecordKind.snapshot, RecordKind.snapshotWithReceipt:
                let digest = try reader.digest()
                do throws(StoreError) {
                    let entry = SnapshotEntry(version: record.lsn, publishedAt: head.publishedAt, digest: digest)
                    let stored = try open(entry, storage)
                    return AppliedRecord(version: stored.version, head: head, snapshot: (entry, stored.model))
                } catch {
                    throw RecordProblem(message: "its snapshot cannot be opened: \(error)")
                }
            default: throw RecordProblem(message: "its kind \(record.kind) is unknown")
            }
        } catch {
            throw unusable(error.message)
        }
    }

    /// Makes the folder ready to be written, after everything was read: cuts off a torn tail, removes what interrupted work left.
    func takeOver(_ contents: inout FolderContents) throws(StoreError) -> AcknowledgedMark {
        let end = contents.end
        let mark = try journaling { () throws(JournalError) in
            if let tail = try JournalReplay.repair(end, quarantine: quarantinePath, on: files) {
                contents.warnings.append(
                    "\(end.path): \(end.tornByteCount) bytes of changes that were never acknowledged were cut off behind byte "
                        + "\(end.byteOffset) and moved to \(tail)")
            }
            return try AcknowledgedMark(markPath, folder: contents.manifest.id, initial: end.lsn, on: files)
        }
        try removeRubbish(contents)
        do throws(FileError) {
            try renewManifestCopy(contents.manifest)
            try forgetRequests()
        } catch {
            contents.warnings.append("\(error)")
        }
        return mark
    }

    /// Removes what interrupted work left behind.
    private func removeRubbish(_ contents: FolderContents) throws(StoreError) {
        let manifest = contents.manifest
        try storing { () throws(FileError) in
            for folder in [path, journalPath, versionsPath] {
                for name in try files.list(folder) where name.hasSuffix(".tmp") { try files.removeTree(folder + "/" + name) }
            }
            for name in try files.list(journalPath) where !manifest.segments.contains(name) {
                try files.remove(journalPath + "/" + name)
            }
            let kept = Set((contents.bulk + manifest.snapshots).map(\.version))
            for name in try files.list(versionsPath) {
                if let number = Self.version(named: name), !kept.contains(number) {
                    try files.removeTree(versionsPath + "/" + name)
                }
            }
            if try files.exists(creatingPath) { try files.remove(creatingPath) }
        }
    }
}
