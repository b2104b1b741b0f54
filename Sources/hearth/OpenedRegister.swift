import Foundation
import HTTPService
import Model
import Query
import Store
import StoreColumns
import StoreJournal

/// A register that is ready to be asked, and where its changes go.
struct OpenedRegister {
    var model: Model
    var store: Store
    var writer: any ChangeWriter
    /// The share of the model and of the rows in the time it took.
    var modelSeconds: Double
    var rowSeconds: Double

    /// Where versions come from that a question names.
    var versions: VersionSource { VersionSource(store) }

    /// Opens the data folder, fills a new one from the files, or without a folder reads the files.
    static func open(_ register: RegisterOptions, _ data: DataOptions) throws(Failure) -> OpenedRegister {
        guard let (folder, isStandard) = data.folder(register) else {
            guard !data.isReadOnly else { throw Failure(code: .usage, message: "--read-only goes with a data folder (--data)") }
            let loaded = try register.load()
            return OpenedRegister(
                model: loaded.model, store: Store(loaded.version),
                writer: ClosedWriter(because: "This server was started without a data folder, so nothing would last"),
                modelSeconds: loaded.modelSeconds, rowSeconds: loaded.rowSeconds)
        }
        let start = ContinuousClock.now
        let (model, text) = try ModelOptions.modelAndText(in: register.places.model)
        let modelEnd = ContinuousClock.now
        let options = data.storeOptions(model, text)
        let opened: OpenedStore
        do {
            opened = try Store.open(folder, options)
        } catch {
            guard error.reason == .absent, !data.isReadOnly else { throw Failure(error, isStandard: isStandard) }
            opened = try fill(folder, isStandard: isStandard, register, options)
        }
        opened.tellMigration()
        for warning in opened.warnings { Terminal.tell("hearth: \(warning)") }
        if opened.replayedCount > 0 { Terminal.tell("hearth: \(opened.replayedCount) changes read from the journal") }
        let writer: any ChangeWriter =
            if let masking = model.masking {
                ClosedWriter(
                    because:
                        "The rows of this register were masked for \(masking.profile), so none are changed and none are added")
            } else {
                StoreWriter(opened.store)
            }
        return OpenedRegister(
            model: model, store: opened.store, writer: writer,
            modelSeconds: (modelEnd - start) / .seconds(1), rowSeconds: (ContinuousClock.now - modelEnd) / .seconds(1))
    }

    private static func fill(
        _ folder: String, isStandard: Bool, _ register: RegisterOptions, _ options: StoreOptions
    ) throws(Failure) -> OpenedStore {
        Terminal.tell("hearth: filling the new data folder \(folder) from \(register.places.rows)")
        let version = try register.load().version
        do {
            try Store.make(
                folder, version, id: FolderID(high: .random(in: .min ... .max), low: .random(in: .min ... .max)), options)
            return try Store.open(folder, options)
        } catch {
            throw Failure(error, isStandard: isStandard)
        }
    }
}

extension OpenedStore {
    /// Says what was done to bring data under the present model.
    func tellMigration() {
        guard !migration.isEmpty else { return }
        let verb = store.readOnlyReason == nil ? "now" : "shown"
        Terminal.tell("hearth: the data is \(verb) under another model than before, as version \(store.current.number):")
        for note in migration { Terminal.tell("  \(note)") }
    }
}

extension OpenedRegister {
    /// Answers one document without a server, from the newest version.
    ///
    /// - Parameter variables: As JSON.
    /// - Returns: the response, and whether it holds data and no error.
    func answer(
        _ document: String, variables: String?, operationName: String? = nil, limits: QueryLimits = QueryLimits(),
        asOf: CivilDate, parameters: ParameterScope = ParameterScope(), explains: Bool = false,
        questions: SavedQuestions = SavedQuestions()
    ) -> (isWhole: Bool, body: [UInt8]) {
        // Nobody takes a cursor from one run of a command into another.
        let queries = QueryService(
            model: model, limits: limits, cursorKey: [UInt8](repeating: 0, count: 32), versions: versions,
            parameters: parameters, questions: { questions })
        do throws(RequestError) {
            var request = try QueryRequest.parse(
                query: document, variables: variables, extensions: nil, operationName: operationName, limits: limits)
            if explains { request.explainClock = ExplainClock.nanoseconds }
            let threads = ScanThreads(count: ProcessInfo.processInfo.activeProcessorCount - 1)
            defer { threads.end() }
            let answer = queries.answer(
                request, version: store.current, asOf: asOf, viewer: QueryService.localViewer, budget: queries.makeBudget(),
                threads: threads)
            return (answer.outcome == .data, answer.body)
        } catch {
            return (false, error.body)
        }
    }
}
