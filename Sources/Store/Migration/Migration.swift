import Bytes
import StoreColumns
import StoreJournal
import Synchronization

/// What stands between the data of a folder and the present model: nothing, another order, or a version to be made.
struct Migration {
    private let plan: MigrationPlan
    private let base: GraphVersion
    private let path: String
    /// What will be different; empty where nothing is.
    var notes: [MigrationPlan.Note] { plan.isNewModel ? plan.notes : [] }

    /// Compares the data with the present model. Where only the order of things differs, or the other ends of references,
    /// `contents` are arranged at once: journal and snapshots name things, so nothing has to be written for it.
    /// - Throws: `otherModel`, with everything that stands in the way. Nothing was changed.
    init(_ contents: inout FolderContents, _ options: StoreOptions, path: String) throws(StoreError) {
        base = contents.version
        let history = contents.model == options.model ? nil : options.readModel(contents.model)
        plan = MigrationPlan(from: base.catalog, history, to: options.outline)
        self.path = path
        let obstacles = plan.obstacles(in: base)
        try checkDamage()
        guard obstacles.isEmpty else { throw StoreError(refused: obstacles, path: path) }
        // Versions of an earlier model come from their snapshots, or not at all.
        let stored = base.catalog
        contents.recent.removeAll { $0.catalog != stored }
        guard !plan.isNewModel, !plan.isIdentity else { return }
        show(try migrated(number: base.number, at: base.publishedAt), in: &contents)
    }

    /// The data under the present model, where that means another thing than the data's own; else nil.
    func next(_ number: UInt64, at publishedAt: Instant) throws(StoreError) -> GraphVersion? {
        plan.isNewModel ? try migrated(number: number, at: publishedAt) : nil
    }

    private func migrated(number: UInt64, at publishedAt: Instant) throws(StoreError) -> GraphVersion {
        let version: GraphVersion
        do throws(MigrationRefused) {
            version = try base.migrated(by: plan, number: number, publishedAt: publishedAt)
        } catch {
            throw StoreError(refused: error.notes, path: path)
        }
        try checkDamage()
        return version
    }

    /// What is damaged reads as nulls, of which nothing may be made.
    private func checkDamage() throws(StoreError) {
        if let damage = base.damage { throw StoreError(.damaged, path: path, "\(damage)") }
    }

    /// Makes a version what is current, and the last ones before it like it.
    func show(_ version: GraphVersion, in contents: inout FolderContents) {
        contents.version = version
        contents.recent = recent(contents.recent.filter { $0.number < version.number }, behind: version)
    }

    /// A version, and those before it under the present model, as far as they can be brought there.
    func recent(_ earlier: [GraphVersion], behind version: GraphVersion) -> [GraphVersion] {
        [version]
            + earlier.compactMap { try? $0.migrated(by: plan, number: $0.number, publishedAt: $0.publishedAt) }
    }
}

extension StoreError {
    fileprivate init(refused obstacles: [MigrationPlan.Note], path: String) {
        self.init(
            .otherModel, path: path,
            "the data was made under another model, and cannot be brought under this one:"
                + obstacles.map { "\n  \($0)" }.joined()
                + "\nNothing was changed; with the model as it was, the data opens as before.")
    }
}

extension Store {
    /// Brings an opened folder under the present model. Before anybody else has the store.
    ///
    /// The data under the new model is a version, written as a snapshot and made durable by one record, as a bulk load is: killed
    /// before the record, the folder is as it was; after it, the folder is under the new model. Whatever of the rest is missing
    /// then, a later snapshot does.
    func adopt(
        _ migration: Migration, _ contents: FolderContents, _ durability: Durability, at now: Instant
    ) throws(StoreError) {
        let base = contents.version
        let moment = max(now, base.publishedAt)
        guard let next = try migration.next(base.number + 1, at: moment) else {
            let model = durability.model
            guard contents.end.modelDigest != SHA256Digest(of: model.span).bytes else { return }
            // Labels, checks and the like: a segment says under which model its changes were made.
            return try alone { () throws(StoreError) in try self.beginSegment(durability) }
        }
        do throws(CommitError) {
            _ = try commitWaiting(Commit(ChangeSet(), publishedAt: moment) { _, _, _ in .version(next) })
        } catch {
            let reason = if case .readOnly(let reason) = error { reason } else { "\(error)" }
            throw StoreError(
                .readOnly, path: durability.folder.path, "the data could not be brought under the present model: \(reason)")
        }
        let recent = migration.recent(contents.recent, behind: next)
        published.withLock { $0.kept = Array(recent.prefix(keptVersionCount)) }
        try alone { () throws(StoreError) in
            try self.nameSnapshots(durability)
            try self.beginSegment(durability)
        }
        try durability.retire()
    }
}
