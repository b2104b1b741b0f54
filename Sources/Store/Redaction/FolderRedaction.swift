import Bytes
import StoreColumns
import StoreJournal

/// One erasure from one folder: looks through everything, writes the folder anew beside itself, and gives it the name that
/// makes it the data.
struct FolderRedaction {
    private let folder: DataFolder
    private let contents: FolderContents
    private let options: StoreOptions
    private let redaction: Redaction
    private var scope: RedactionScopes
    /// By version of a snapshot: the place of its catalog among those of the folder, and the SDL it was made under.
    private var models: [UInt64: (place: Int, text: [UInt8])] = [:]
    private(set) var report = RedactionReport()
    /// What the manifest names, and what records of the journal brought: oldest first.
    private let snapshots: [SnapshotEntry]
    /// The oldest snapshot that the journal goes on from.
    private let base: UInt64
    /// Records of which something is erased.
    private var changed: Set<UInt64> = []

    init(
        _ folder: DataFolder, _ contents: FolderContents, _ redaction: Redaction, _ options: StoreOptions
    ) throws(StoreError) {
        self.folder = folder
        self.contents = contents
        self.options = options
        var manifest = contents.manifest
        manifest.insert(contents.bulk)
        snapshots = manifest.snapshots.reversed()
        let journalBase = manifest.segments.first.flatMap { JournalFormat.base(ofSegment: $0) } ?? 0
        base = snapshots.first { $0.version >= journalBase }?.version ?? contents.version.number
        var present = CatalogMapping(contents.version.catalog)
        present.append(MigrationPlan(from: present.new, Self.history(contents.model, options), to: options.outline))
        self.redaction = redaction.present(present.new)
        scope = RedactionScopes(self.redaction)
        try readModels()
    }

    /// What a model that the data went through says about itself, where it is another than the present one.
    private static func history(_ model: [UInt8], _ options: StoreOptions) -> CatalogOutline? {
        model == options.model ? nil : options.readModel(model)
    }

    /// Finds the way of each snapshot to the present model: through the models of all that came after it.
    private mutating func readModels() throws(StoreError) {
        var stored: [(entry: SnapshotEntry, catalog: Catalog, model: [UInt8])] = []
        for entry in snapshots {
            let snapshot = try folder.open(entry, options.storage)
            stored.append((entry, snapshot.version.catalog, snapshot.model))
        }
        for (index, snapshot) in stored.enumerated() {
            var mapping = CatalogMapping(snapshot.catalog)
            var last = snapshot.model
            for next in stored[(index + 1)...].map(\.model) + [contents.model] where next != last {
                let target = next == options.model ? options.outline : options.readModel(next)
                guard let target else {
                    throw StoreError(
                        .otherModel, path: folder.versionPath(snapshot.entry.version),
                        "a model that the data went through since then cannot be read any more")
                }
                mapping.append(MigrationPlan(from: mapping.new, Self.history(last, options), to: target))
                last = next
            }
            mapping.append(MigrationPlan(from: mapping.new, Self.history(last, options), to: options.outline))
            let place = try scope.place(of: mapping, path: folder.versionPath(snapshot.entry.version))
            models[snapshot.entry.version] = (place, snapshot.model)
        }
    }

    /// Where the catalog of a snapshot stands among all.
    private func place(_ version: UInt64) -> Int {
        guard let model = models[version] else { preconditionFailure("every snapshot was read") }
        return model.place
    }

    private var last: UInt64 { contents.end.lsn }

    // MARK: - Looking

    /// Finds all that is to be erased; again, as long as rows are found that cannot be without the others.
    mutating func survey() throws(StoreError) {
        var count = 0
        repeat {
            count = scope.foundCount
            for entry in snapshots { scope.look(place(entry.version), at: try open(entry)) }
            try forEachRecord { work, _, _, changes, place throws(StoreError) in
                if let changes { work.scope.look(place, at: changes) }
            }
            guard scope.rowCount <= redaction.rowLimit else {
                throw StoreError(
                    .readOnly, path: folder.path,
                    "\(scope.rowCount) rows or more would go; at most \(redaction.rowLimit) may (limit max-redacted-rows)")
            }
        } while scope.foundCount > count
        guard scope.isFound else {
            throw StoreError(.absent, path: folder.path, "no version and no change that is kept has this row")
        }
        report.rowCounts = scope.rowCounts
        try forEachRecord { work, _, head, changes, place throws(StoreError) in
            if let changes, work.scope.redacted(place, changes) != nil { work.report.recordCount += 1 }
            if work.scope.isTold(in: head.changeID) { work.report.changeNameCount += 1 }
            if work.scope.isTold(in: String(decoding: head.note, as: UTF8.self)) { work.report.noteCount += 1 }
        }
        report.versions = snapshots.map(\.version)
    }

    private func open(_ entry: SnapshotEntry) throws(StoreError) -> GraphVersion {
        try folder.open(entry, options.storage).version
    }

    /// Reads the journal behind `base`.
    /// - Parameter body: is told the place of the catalog that the record's changes are under.
    private mutating func forEachRecord(
        _ body: (inout FolderRedaction, JournalRecord, RecordHead, ChangeSet?, Int) throws(StoreError) -> Void
    ) throws(StoreError) {
        guard last > base else { return }
        var failure: StoreError?
        let (files, journalPath, manifest) = (folder.files, folder.journalPath, contents.manifest)
        var (work, place) = (self, place(base))
        try journaling { () throws(JournalError) in
            try JournalReplay.read(
                base + 1...last, of: manifest.segments, in: journalPath, of: manifest.id, on: files
            ) { record throws(JournalError) in
                do throws(RecordProblem) {
                    var reader = ChangeReader(record.payload.span, catalog: work.scope.catalog(place))
                    let head = try reader.head(of: record.kind)
                    let changes = RecordKind.isChanges(record.kind) ? try reader.changes() : nil
                    do throws(StoreError) {
                        try body(&work, record, head, changes, place)
                    } catch {
                        failure = error
                    }
                } catch {
                    throw JournalError(
                        .unusable(lsn: record.lsn), path: journalPath, "record \(record.lsn): \(error.message)")
                }
                // Another model comes by a snapshot.
                if let model = work.models[record.lsn] { place = model.place }
                return failure == nil
            }
        }
        self = work
        if let failure { throw failure }
    }

    // MARK: - Writing

    private var beside: DataFolder { DataFolder(path: folder.redactingPath + ".tmp", files: folder.files) }

    /// Writes the folder anew and makes it the data; `finishRedaction` has to follow.
    mutating func write(audit: (RedactionReport) -> [UInt8]) throws(StoreError) {
        let (files, beside) = (folder.files, beside)
        try storing { () throws(FileError) in
            if try files.exists(beside.path) { try files.removeTree(beside.path) }
            for path in [beside.path, beside.journalPath, beside.versionsPath] { try files.makeFolder(path) }
        }
        var manifest = contents.manifest
        manifest.snapshots = []
        for entry in snapshots {
            let new = try rewritten(try open(entry))
            let digest = try options.storage.write(
                new, model: models[entry.version]?.text ?? options.model, parent: manifest.snapshots.first,
                to: beside.versionPath(entry.version), on: files)
            manifest.snapshots.insert(
                SnapshotEntry(version: entry.version, publishedAt: entry.publishedAt, digest: digest), at: 0)
        }
        manifest.segments = try writeJournal(naming: manifest.snapshots)
        var remembered = contents.remembered
        let scope = scope
        let forgottenCount = remembered.redact(upTo: base, changed: changed) { scope.isTold(in: $0) }
        report.changeNameCount = max(report.changeNameCount, forgottenCount)
        _ = try journaling { () throws(JournalError) in
            try AcknowledgedMark(beside.markPath, folder: manifest.id, initial: last, on: files)
        }
        try storing { [manifest, remembered] () throws(FileError) in
            try files.writeNew(beside.rememberedPath, remembered.bytes(manifest.id))
            try files.writeNew(beside.manifestPath, manifest.text)
            try files.writeNew(beside.manifestCopyPath, manifest.text)
        }
        report.files = try changedFiles()
        try storing { [report] () throws(FileError) in
            var lines: [UInt8] = []
            if try files.exists(folder.redactionAuditPath) {
                lines = try files.contents(of: folder.redactionAuditPath, limit: 1 << 30)
            }
            try files.writeNew(beside.redactionAuditPath, lines + audit(report) + [0x0A])
            try TreeCopy.synchronizeFolders(beside.path, on: files)
        }
        // What is to be the data is opened as such before it is.
        let found = try beside.read(storage: options.storage, keptVersionCount: 1)
        guard found.version.number == last else {
            throw StoreError(.damaged, path: beside.path, "the folder without the erased ends at version \(found.version.number)")
        }
        try storing { () throws(FileError) in
            try files.rename(beside.path, to: folder.redactingPath)
            try files.synchronizeFolder(folder.path)
        }
    }

    private func rewritten(_ version: GraphVersion) throws(StoreError) -> GraphVersion {
        do throws(ChangeSetRefused) {
            return try version.rewritten(by: scope.changes(place(version.number), of: version))
        } catch {
            throw StoreError(
                .readOnly, path: folder.versionPath(version.number),
                "it cannot be erased from version \(version.number): \(error.problems.first.map { "\($0.reason)" } ?? "")")
        }
    }

    /// Writes every record anew, a segment for each snapshot, and proves that the records make of one snapshot the next.
    /// - Returns: the names of the segments.
    private mutating func writeJournal(naming entries: [SnapshotEntry]) throws(StoreError) -> [String] {
        let (beside, digests) = (beside, Dictionary(entries.map { ($0.version, $0) }) { first, _ in first })
        let (files, id, start, end) = (folder.files, contents.manifest.id, base, last)
        let models = models
        guard let first = digests[start] else { preconditionFailure("the journal goes on from a snapshot") }
        var version = try beside.open(first, options.storage).version
        var names: [String] = []
        var segment: SegmentWriter?
        func begin(_ number: UInt64) throws(StoreError) {
            let model = models[number]?.text ?? []
            let modelDigest = SHA256Digest(of: model.span).bytes
            try journaling { () throws(JournalError) in
                try segment?.finish()
                let next = try SegmentWriter(
                    base: number, after: segment, in: beside.journalPath, of: id, modelDigest: modelDigest, on: files)
                names.append(next.name)
                segment = next
            }
        }
        try begin(start)
        try forEachRecord { work, record, head, changes, place throws(StoreError) in
            let payload = try work.payload(of: record, head, changes, place, digests[record.lsn]?.digest)
            let new = JournalRecord(lsn: record.lsn, kind: payload.kind, payload: payload.bytes)
            let storage = work.options.storage
            try journaling { () throws(JournalError) in
                try segment?.append(new)
                version = try beside.apply(new, to: version, storage).version
            }
            guard let entry = digests[record.lsn] else { return }
            let stored = try beside.open(entry, storage).version
            guard Self.areEqual(version, stored) else {
                throw StoreError(
                    .damaged, path: work.folder.versionPath(record.lsn),
                    "without the erased, the journal makes another version \(record.lsn) than its snapshot")
            }
            version = stored
            if record.lsn < end { try begin(record.lsn) }
        }
        if digests[end] != nil, end > start { try begin(end) }
        try journaling { () throws(JournalError) in try segment?.finish() }
        return names
    }

    /// Whether two versions hold the same; where the order of things differs too.
    private static func areEqual(_ made: GraphVersion, _ stored: GraphVersion) -> Bool {
        var made = made
        if made.catalog != stored.catalog {
            let plan = MigrationPlan(from: made.catalog, nil, to: CatalogOutline(stored.catalog))
            guard plan.target == stored.catalog else { return false }
            do throws(MigrationRefused) {
                made = try made.migrated(by: plan, number: made.number, publishedAt: made.publishedAt)
            } catch {
                return false
            }
        }
        return GraphDifference(from: made, to: stored) { _ in }.types.allSatisfy(\.isEmpty)
    }

    private mutating func payload(
        of record: JournalRecord, _ head: RecordHead, _ changes: ChangeSet?, _ place: Int, _ digest: String?
    ) throws(StoreError) -> (kind: UInt8, bytes: [UInt8]) {
        var head = head
        if scope.isTold(in: String(decoding: head.note, as: UTF8.self)) { head.note = [] }
        if scope.isTold(in: head.changeID) { (head.changeID, head.fingerprint, head.receipt) = ("", [], []) }
        guard let changes else {
            // Nobody can tell whether what was erased was among the changes.
            head.fingerprint = []
            changed.insert(record.lsn)
            guard let digest else {
                throw StoreError(
                    .damaged, path: folder.versionPath(record.lsn), "the snapshot of record \(record.lsn) is missing")
            }
            return (head.snapshotKind, head.payload(naming: digest))
        }
        let redacted = scope.redacted(place, changes)
        if redacted != nil {
            // A digest of what was erased lets it be guessed.
            head.fingerprint = []
            changed.insert(record.lsn)
        }
        var writer = ChangeWriter(head, catalog: scope.catalog(place))
        writer.append(redacted ?? changes)
        return (head.changesKind, writer.bytes)
    }

    // MARK: - Files

    /// Every file of the folder, before and after.
    private func changedFiles() throws(StoreError) -> [RedactionReport.File] {
        try storing { () throws(FileError) in
            let (old, new) = (try digests(in: folder.path), try digests(in: beside.path))
            return Set(old.keys).union(new.keys).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
                .filter { old[$0] != new[$0] }
                .map { RedactionReport.File(name: $0, oldDigest: old[$0], newDigest: new[$0]) }
        }
    }

    private func digests(in path: String) throws(FileError) -> [String: String] {
        var digests: [String: String] = [:]
        for name in try TreeCopy.files(in: path, on: folder.files) {
            // What else lies in the folder is no data: locks, requests, room kept back.
            let part = name.split(separator: "/").first.map(String.init) ?? name
            guard ["MANIFEST", "MANIFEST.copy", "acked", "remembered", "versions", "journal", "quarantine"].contains(part) else {
                continue
            }
            digests[name] = try TreeCopy.digest(of: path + "/" + name, on: folder.files)
        }
        return digests
    }
}
