import Bytes
import Exchange
import HTTPService
import Model
import Store
import StoreColumns
import StoreJournal

/// Rows of files on their way into a data folder that no server has open.
struct DataImport {
    let folder: String
    let places: Register.Places
    let terms: ImportTerms
    /// The date on which checks read dated fields.
    let asOf: CivilDate

    /// - Returns: what became of them; the data is as it was unless the report says that they are applied.
    func run() throws(Failure) -> ChangeReport {
        let (model, text) = try ModelOptions.modelAndText(in: places.model)
        if let masking = model.masking {
            throw Failure(
                code: .usage,
                message:
                    "the model is of rows that were masked for \(masking.text): they come from their archive by 'hearth restore', "
                    + "and none are added")
        }
        let options = DataOptions.storeOptions(model, text)
        let opened: OpenedStore
        do {
            opened = try Store.open(folder, options)
        } catch {
            guard error.reason == .absent else { throw Failure(error) }
            return try begin(model, options)
        }
        for warning in opened.warnings { Terminal.tell("hearth: \(warning)") }
        return try apply(to: opened.store, model)
    }

    // MARK: A new folder

    private func begin(_ model: Model, _ options: StoreOptions) throws(Failure) -> ChangeReport {
        if let expected = terms.expectedVersion {
            throw Failure(code: .data, message: "\(folder) holds no data yet, and so no version \(expected)")
        }
        let empty = GraphVersion.empty(catalog: model.catalog, publishedAt: Clock.now())
        if terms.isDryRun { return stage(try draft(model), on: empty, fingerprint: []).report }
        // What is to be applied once only, or without its bad rows, comes behind an empty version.
        guard terms.changeID == nil, terms.badRowShare == nil else {
            return try apply(to: try make(empty, options), model)
        }
        let loaded: Register
        do throws(Register.Problem) {
            loaded = try ImportCommand.load(places, asOf, terms.overrides)
        } catch {
            guard case .rows(let refused, _) = error else { throw Failure(error) }
            return refused.report.changeReport(version: 0)
        }
        try close(try make(loaded.version, options))
        var report = loaded.report.changeReport(version: loaded.version.number)
        report.isApplied = true
        return report
    }

    private func make(_ version: GraphVersion, _ options: StoreOptions) throws(Failure) -> Store {
        do {
            let id = FolderID(high: .random(in: .min ... .max), low: .random(in: .min ... .max))
            try Store.make(folder, version, id: id, options)
            return try Store.open(folder, options).store
        } catch {
            throw Failure(error)
        }
    }

    // MARK: A folder that is there

    private func apply(to store: Store, _ model: Model) throws(Failure) -> ChangeReport {
        let fingerprint = try self.fingerprint()
        // Rows that were applied before need not be read again.
        if let report = try commit(
            Commit(ChangeSet(), changeID: commitID, fingerprint: fingerprint) { _, _, _ in .nothing }, to: store)
        {
            try close(store)
            return report
        }
        let staged = stage(try draft(model), on: store.current, fingerprint: fingerprint)
        guard let version = staged.version else {
            try close(store)
            return staged.report
        }
        // Nobody else has the folder, so that nothing can have come between.
        let commit = Commit(
            staged.request.changes, changeID: commitID, fingerprint: fingerprint, note: staged.request.note,
            publishedAt: version.publishedAt
        ) { _, number, moment in
            guard number == version.number, moment == version.publishedAt else { return .nothing }
            return .version(version, receipt: staged.report.receipt)
        }
        let refusal = try self.commit(commit, to: store)
        try close(store)
        return refusal ?? staged.report
    }

    /// A trial leaves no trace, so its name means nothing.
    private var commitID: String { terms.isDryRun ? "" : terms.changeID ?? "" }

    /// - Returns: what stands in the place of the staged report, because the rows were applied before, or others under their
    ///   name; nil if nothing does.
    private func commit(_ commit: Commit, to store: Store) throws(Failure) -> ChangeReport? {
        do throws(CommitError) {
            guard case .repeated(let number, let receipt, _) = try store.commitWaiting(commit) else { return nil }
            return ChangeReport(receipt, version: number).repeated(true, commit.changeID)
        } catch {
            switch error {
            case .changeIDReused(let number): return ChangeReport(version: number).repeated(false, commit.changeID)
            case .tooLong(let limit): throw Failure(code: .usage, message: "--change-id is longer than \(limit) bytes")
            case .readOnly(let reason): throw Failure(code: .system, message: "the data can be read, and not changed: \(reason)")
            case .overloaded: throw Failure(code: .system, message: "too many changes wait to be written")
            case .refused, .otherVersion: preconditionFailure("staging reports what is wrong with rows, and throws nothing")
            }
        }
    }

    private func close(_ store: Store) throws(Failure) {
        do {
            try store.close()
        } catch {
            throw Failure(error)
        }
    }

    // MARK: Rows

    private func draft(_ model: Model) throws(Failure) -> ImportDraft {
        do {
            return try Register.draft(places, model: model)
        } catch {
            throw Failure(error)
        }
    }

    private func stage(_ draft: ImportDraft, on base: GraphVersion, fingerprint: [UInt8]) -> StagedImport {
        draft.stage(
            terms, fingerprint: fingerprint, on: base, number: base.number + 1,
            publishedAt: max(Clock.now(), base.publishedAt), asOf: asOf)
    }

    private func fingerprint() throws(Failure) -> [UInt8] {
        guard terms.changeID != nil else { return [] }
        do {
            return try Register.fingerprint(of: places)
        } catch {
            throw Failure(error)
        }
    }
}
