import Bytes
import Expressions
import GraphQLSyntax
import GraphQLTypes
import GraphQLValidation
import JSONText
import Model
import QueryExecution
import QueryPlanning
import StoreColumns
import Synchronization

/// The whole pipeline as one call: from the bytes of a request to the bytes of its answer. For any number of threads.
///
/// A document that was answered before costs a hash, a look-up and a run; all else is kept for it (`LeastRecentlyUsed`).
/// Never waits, opens no file, reads no clock.
package final class QueryService: Sendable {
    /// Who asks where no keys exist. Rooms above name viewers through this one, and know no planning.
    package static let localViewer: Viewer = .local

    package typealias Viewer = QueryPlanning.Viewer

    /// Who asks where somebody said who it is.
    package static func viewer(role: String, claims: [(name: String, value: String)]) -> Viewer {
        Viewer(role: role, claims: claims.map { Viewer.Claim(name: $0.name, value: $0.value) })
    }

    /// The name of the role that somebody asks in.
    package static func role(of viewer: Viewer) -> String { viewer.role }

    package let model: Model
    package let limits: QueryLimits
    /// The same, as executions take them.
    let answerLimits: AnswerLimits
    package let language: QueryLanguage
    private let persisted: PersistedDocuments
    let seal: CursorSeal
    /// What names of answers are made with.
    let tagKey: [UInt8]
    private let operations: LeastRecentlyUsed<OperationKey, PreparedOperation>
    let derived: DerivedColumnCache
    /// Where versions come from that `diff` names.
    let versions: VersionSource
    let comparisons = ComparisonCache()
    /// The saved questions, of which some are rules.
    let questions: @Sendable () -> SavedQuestions
    /// What requests read that say nothing of parameters.
    let standardParameters: ParameterScope
    /// What those see whose role restricts the rows; nil: everybody sees all.
    let seenVersions: SeenVersions?
    /// Set where whoever asks sees aggregates only.
    let smallCells: SmallCellPolicy?
    /// Whether questions may be answered by what they were bound to before (`answerAgain`): nobody has to be told what they tell.
    let repeats: Bool
    /// The types whose rows are named where something sensitive was read of them, or of rows that refer to them.
    private let subjects: [NodeTypeID]
    /// What fields tell about persons: worked out once somebody wants to know.
    private let fieldTellings = AtomicLazyReference<KnownTellings>()

    /// - Parameters:
    ///   - limits: Taken down to their hard caps.
    ///   - cursorKey: At least 16 bytes of chance that authenticate cursors. Those made under another key are foreign.
    ///   - seen: What those see whose role restricts the rows, shared by the services of a server; nil: everybody sees all.
    ///   - subjects: The types whose rows are named where something sensitive was read of them, or of rows that refer to them; none:
    ///     rows are named themselves.
    ///   - questions: Those that can be explained; asked for each time, as files may change.
    package init(
        model: Model, limits: QueryLimits = QueryLimits(), language: QueryLanguage = QueryLanguage(), cursorKey: [UInt8],
        versions: VersionSource = .none, parameters: ParameterScope = ParameterScope(),
        seen: SeenVersions? = nil, smallCells: SmallCellPolicy? = nil, subjects: [String] = [],
        questions: @escaping @Sendable () -> SavedQuestions = { SavedQuestions() }
    ) {
        self.model = model
        seenVersions = seen
        self.smallCells = smallCells
        repeats = smallCells == nil && (model.view?.reasonRequired ?? []).isEmpty
        self.subjects = subjects.compactMap { name in model.types.first { $0.name == name }?.nodeType }
        standardParameters = parameters
        self.limits = limits.capped
        answerLimits = Self.answerLimits(of: limits.capped)
        self.language = language
        persisted = PersistedDocuments(limits: self.limits)
        seal = CursorSeal(key: cursorKey)
        tagKey = SHA256Digest(of: Array("names of answers".utf8 + cursorKey).span).bytes
        derived = DerivedColumnCache(byteLimit: self.limits.derivedBytes, verdictByteLimit: self.limits.verdictBytes)
        self.versions = versions
        self.questions = questions
        operations = LeastRecentlyUsed(capacity: self.limits.plans)
    }

    /// How many bound plans are kept for a version and date.
    package func keptRunCount(_ version: GraphVersion, _ asOf: CivilDate) -> Int {
        (try? derived.entry(for: version, asOf, standardParameters, model))?.runs.count ?? 0
    }

    /// How many questions of a version and date may be answered again by what they were bound to.
    package func repeatedQuestionCount(_ version: GraphVersion, _ asOf: CivilDate) -> Int {
        derived.known(version, asOf, standardParameters)?.questions.count ?? 0
    }

    /// How many operations are kept.
    package var keptOperationCount: Int { operations.count }

    /// How often verdicts that were kept were of use, and the bytes they take.
    package var verdictCounts: VerdictAllowance.Counts { derived.verdicts.counts }

    /// The bytes that derived columns take.
    package var derivedByteCount: Int { derived.byteCount }

    /// How many documents may be named by their digest.
    package var persistedDocumentCount: Int { persisted.count }

    // MARK: - What answers tell about persons

    private final class KnownTellings: Sendable {
        let fields: FieldTellings
        let subjects: Subjects
        init(_ model: Model, _ subjects: [NodeTypeID]) {
            fields = FieldTellings(model)
            self.subjects = Subjects(subjects, in: model.catalog)
        }
    }

    private var knownTellings: KnownTellings {
        fieldTellings.load() ?? fieldTellings.storeIfNil(KnownTellings(model, subjects))
    }

    var tellings: FieldTellings { knownTellings.fields }
    var subjectPaths: Subjects { knownTellings.subjects }

    // MARK: - Answers

    /// Answers a request from one version, as of a date unless the operation names its own. Nothing is changed: a mutation
    /// is answered that the data cannot be. Versions that the operation names are found meanwhile, which may open files; for callers
    /// that may not wait there is `begin`.
    ///
    /// - Parameters:
    ///   - today: On which rights hold, whatever date is asked about; nil: `asOf`, for callers whose date is nobody's choice.
    ///   - newest: The newest version there is, where `version` may be an older one (`VersionTerms.newest`).
    ///   - budget: Stopped from outside when the time is over or nobody waits any more.
    ///   - threads: Take parts of large scans, if they are idle.
    package func answer(
        _ request: QueryRequest, version: GraphVersion, asOf: CivilDate, today: CivilDate? = nil, newest: GraphVersion? = nil,
        viewer: Viewer, budget: Budget, threads: (any ForkJoin)? = nil
    ) -> QueryAnswer {
        var terms = VersionTerms()
        (terms.today, terms.newest) = (today, newest)
        // As `begin` does, whose step would be made of the answer, and the answer copied out of it.
        if let answer = answerAgain(
            request, version: version, asOf: asOf, viewer: viewer, budget: budget, terms, splits: threads != nil)
        {
            return answer
        }
        while true {
            switch beginWhole(request, version: version, asOf: asOf, viewer: viewer, budget: budget, terms, threads: threads) {
            case .answered(let answer): return answer
            case .mutation(let mutation): return finish(mutation, with: [], version: version)
            case .versions(let names): for name in names { terms.found[name] = versions.find(name) }
            }
        }
    }

    /// Answers a query; of a mutation reads the changes, which the caller has applied in their order before `finish`; or
    /// tells which versions the caller has to find first.
    ///
    /// - Parameters:
    ///   - budget: Stopped from outside when the time is over or nobody waits any more.
    ///   - terms: With the versions that an earlier try asked for.
    ///   - threads: Take parts of large scans, if they are idle.
    package func begin(
        _ request: QueryRequest, version: GraphVersion, asOf: CivilDate, viewer: Viewer, budget: Budget,
        _ terms: VersionTerms = VersionTerms(), threads: (any ForkJoin)? = nil
    ) -> QueryStep {
        if let answer = answerAgain(
            request, version: version, asOf: asOf, viewer: viewer, budget: budget, terms, splits: threads != nil)
        {
            return .answered(answer)
        }
        return beginWhole(request, version: version, asOf: asOf, viewer: viewer, budget: budget, terms, threads: threads)
    }

    private func beginWhole(
        _ request: QueryRequest, version: GraphVersion, asOf: CivilDate, viewer: Viewer, budget: Budget, _ terms: VersionTerms,
        threads: (any ForkJoin)?
    ) -> QueryStep {
        let trace = tellsSteps(to: viewer) ? request.explainClock.map { PlanTrace(clock: $0) } : nil
        var terms = terms
        terms.today = terms.today ?? asOf
        do throws(RequestError) {
            let reading = trace?.begin(.phase, "read and validate the document")
            let operation = try operation(of: request, viewer, budget)
            let variables = try variables(request, operation)
            if let reading { trace?.end(reading) }
            try checkCells(request, terms)
            let scope = try request.parameterScope(besides: standardParameters)
            if operation.operation.kind == .mutation {
                return .mutation(
                    try mutation(operation, variables, request, asOf: asOf, today: terms.today ?? asOf, viewer: viewer))
            }
            var date = asOf
            if let text = try operation.asOfText(variables: variables), let own = CivilDate(isoText: text) { date = own }
            try checkCells(on: date, terms.today ?? asOf, operation, variables)
            do throws(BeginningEnd) {
                let whole = try self.version(of: operation, variables, version, terms)
                let seen = try shown(whole, to: viewer, terms, asOf, budget)
                let computed = try derivedEntry(for: seen, date, scope, budget)
                var graph = GraphSource(
                    version: seen, model: model, asOf: date, derived: computed.columns, keyRanks: computed.ranks,
                    viewer: reader(of: viewer), budget: budget, seal: seal, numberStyle: request.numberStyle,
                    parameters: computed.parameters, rowTypes: computed.rowTypes)
                graph.limits = answerLimits(isExport: request.isExport, budget)
                graph.splitting = threads.map { Splitting($0) }
                graph.trace = trace
                // A run that is kept holds the pages that it was bound with, and a table has others.
                graph.keptRuns = request.isExport ? nil : computed.runs
                graph.smallCells = smallCells
                graph.keptGrids = computed.grids
                let stamp = AnswerStamp(computed.stamp, change: request.dataChange)
                let answer = try run(operation, variables, graph, stamp: stamp, terms, request)
                if seen === version, date == asOf, computed.scope == standardParameters {
                    keepForAgain(operation, askedBy: request, of: computed, viewer: viewer)
                }
                return .answered(answer)
            } catch {
                switch error {
                case .error(let error): return .answered(answer(error, version: version, asOf: asOf))
                case .needed(let names): return .versions(names)
                }
            }
        } catch {
            return .answered(answer(error, version: version, asOf: asOf))
        }
    }

    /// What is known of a version and date beside its rows.
    /// - Parameter budget: Where it allows a try only, nothing is put together for it.
    func derivedEntry(
        for version: GraphVersion, _ asOf: CivilDate, _ scope: ParameterScope = ParameterScope(), _ budget: Budget? = nil
    ) throws(BeginningEnd) -> DerivedColumnCache.Entry {
        if let budget, budget.isBrief {
            guard let known = derived.known(version, asOf, scope) else { throw .error(Self.brokenOff(budget)) }
            return known
        }
        do throws(ParameterProblem) {
            return try derived.entry(for: version, asOf, scope, model)
        } catch {
            throw .error(
                RequestError(
                    .badVariables, error.message, code: error.isUnknownName ? .unknownParameter : .badUserInput,
                    argumentPath: "extensions.parameters." + error.name))
        }
    }

    /// The answer to something that is no request that could be answered.
    package func answer(_ error: RequestError, version: GraphVersion, asOf: CivilDate) -> QueryAnswer {
        QueryAnswer(outcome: error.outcome, body: error.body, asOf: asOf, version: version.number)
    }

    // MARK: - Steps

    /// - Parameter budget: Where it allows a try only, nothing is read that is not known, or that was not short of late.
    func operation(
        of request: QueryRequest, _ viewer: Viewer, _ budget: Budget? = nil
    ) throws(RequestError) -> PreparedOperation {
        let bytes = try persisted.document(of: request)
        let key = OperationKey(document: bytes, operationName: request.operationName, role: viewer.role)
        let known = operations[key] ?? keptForAgain(bytes, request.operationName, viewer, as: key)
        if let budget, budget.isBrief, known?.pace.mayTry != true { throw Self.brokenOff(budget) }
        if let known {
            if known.operation.kind == .mutation, !request.allowsMutation { throw Self.mutationOverGet }
            persisted.keep(request)
            return known
        }
        guard let source = Source(validating: bytes) else {
            throw RequestError(.parseFailed, "The document is not UTF-8.", code: .graphQLParseFailed)
        }
        let parsed = try ParsedDocument(source, limits: limits, language: language)
        if !request.allowsMutation, parsed.asksMutation(named: request.operationName) { throw Self.mutationOverGet }
        let valid = try parsed.validated(against: model.schema)
        persisted.keep(request)
        let operation = try PreparedOperation(valid, named: request.operationName, model: model, language: language)
        operations.insert(operation, for: key)
        return operation
    }

    /// An operation that was forgotten because its question is answered again without asking for it (`answerAgain`), and is kept there.
    private func keptForAgain(
        _ document: [UInt8], _ operationName: String?, _ viewer: Viewer, as key: OperationKey
    ) -> PreparedOperation? {
        guard repeats, let known = derived.operation(ofAskedAgain: document, operationName, role: viewer.role) else { return nil }
        operations.insert(known, for: key)
        return known
    }

    /// What may only be tried, and comes to something that has to be made first.
    static func brokenOff(_ budget: Budget) -> RequestError {
        budget.stop(.yielded)
        let (message, code, _) = EvaluationError.stopped(.yielded).explanation
        return RequestError(.stopped, message, code: code)
    }

    private static let mutationOverGet = RequestError(
        .mutationOverGet, "Mutations change data and are answered over POST only.")

    /// GraphQL §6.1.2
    func variables(
        _ request: QueryRequest, _ operation: PreparedOperation
    ) throws(RequestError) -> [String: InputValue] {
        do throws(InputProblems) {
            return operation.declared.byName(try model.schema.coerce(request.variables, as: operation.declared))
        } catch {
            let problems = error.problems.map {
                QueryError($0, in: operation.document.source, suggests: language.introspects)
            }
            throw RequestError(.badVariables, problems)
        }
    }

    /// - Parameter stamp: Which data the answer is of, as JSON.
    func run(
        _ operation: PreparedOperation, _ variables: [String: InputValue], _ source: GraphSource, stamp: AnswerStamp,
        _ terms: VersionTerms, _ request: QueryRequest
    ) throws(BeginningEnd) -> QueryAnswer {
        let planning = source.trace?.begin(.phase, "plan")
        let prepared = operation.preparedPlan(variables: variables)
        let keeping = prepared.repeatedForRun()
        if let planning { source.trace?.end(planning) }
        let told = try tellings(of: prepared, in: operation, request, variables, source)
        // Neither the plan nor the source is copied for a question that is given nothing and of which nothing is noted: each has many
        // parts to count.
        var own: GraphSource?
        if let told, request.notesTellings {
            own = source
            own?.told = RowNotes(at: told)
        }
        if !prepared.plan.givenNodes.isEmpty, prepared.plan.operation == .query {
            own = try withGivenFields(own ?? source, prepared.plan, variables, terms)
        }
        do throws(RequestError) {
            if let own {
                return try run(prepared.plan, of: operation, variables, own, stamp: stamp, keeping: keeping, telling: told)
            }
            return try run(prepared.plan, of: operation, variables, source, stamp: stamp, keeping: keeping, telling: told)
        } catch {
            throw .error(error)
        }
    }

    /// What every answer begins with, and room behind it: as much as the heap gives out at once.
    private static let began = beforeData + repeatElement(0, count: 960 - beforeData.count)

    /// - Parameters:
    ///   - graph: With everything that was given beforehand.
    ///   - keeping: The same plan, where what it is bound to may be kept; nil: nothing is kept.
    ///   - told: What the answer tells about persons; nil where nobody wants to know.
    func run(
        _ plan: Plan, of operation: PreparedOperation, _ variables: [String: InputValue], _ graph: GraphSource,
        stamp: AnswerStamp, keeping: RepeatedPlan? = nil, telling told: PlanTellings? = nil
    ) throws(RequestError) -> QueryAnswer {
        let result: ExecutionResult
        let answering = graph.trace?.begin(.phase, "answer", visited: graph.budget.rowsVisited)
        do throws(BindingProblem) {
            result = try execute(
                plan, variables: variables, on: graph, limits: graph.limits ?? answerLimits, keeping: keeping,
                writer: beganWriter())
        } catch {
            throw RequestError(.badVariables, [QueryError(error, of: plan, in: operation.document)])
        }
        let (noted, rows, wasBound) = (result.notes ?? graph.notes, result.told, !result.lacksRun)
        var answer = try answer(
            result, of: operation, from: graph.version, asOf: graph.asOf,
            stamp: stamp.bytes(graph.version, graph.asOf, model.recorded(noted?.all ?? [], graph.parameters))
        ) { body, extensions in
            if let trace = graph.trace, let answering {
                trace.end(answering, visited: graph.budget.rowsVisited)
                body.extensions(extensions, explaining: trace)
            } else {
                body.raw(extensions)
            }
        }
        // What is bound anew each time is never tried.
        if let keeping, keeping.variables.isKeepable, wasBound { answer.pace = operation.pace }
        if let told { answer.told = AnswerTellings(told, graph.told, rows, in: graph.version, subjectPaths) }
        return answer
    }

    /// A writer for an answer whose data comes next.
    func beganWriter() -> JSONWriter { JSONWriter(continuing: Self.began, count: Self.beforeData.count) }

    /// What came of an execution as an answer: with its errors, and with what it is of.
    ///
    /// - Parameters:
    ///   - stamp: Which data it is of, as JSON.
    ///   - pace: To be told how long it took.
    ///   - end: Writes the extensions, ready as they are where nothing else stands among them.
    func answer(
        _ result: consuming ExecutionResult, of operation: PreparedOperation, from version: GraphVersion, asOf: CivilDate,
        stamp: [UInt8], pace: OperationPace? = nil, _ end: (inout JSONWriter, [UInt8]) -> Void = { $0.raw($1) }
    ) throws(RequestError) -> QueryAnswer {
        if version.damage != nil { throw Self.isDamaged }
        let (errors, cursorVersion, rowCount, cells) = (result.errors, result.cursorVersion, result.rowCount, result.cells)
        let outcome = Self.outcome(of: result)
        var body = result.takeWriter()
        if !errors.isEmpty {
            body.name("errors")
            body.errors(errors.map { QueryError($0, in: operation.document) })
        }
        end(&body, stamp)
        body.endObject()
        return QueryAnswer(
            outcome: outcome, body: body.finish(), asOf: asOf, version: version.number, cursorVersion: cursorVersion,
            rowCount: rowCount, cellCount: cells.count, withheldCount: cells.withheld, pace: pace)
    }

    /// Which file it is, and at which byte, stands in the server's log and not in an answer.
    static let isDamaged = RequestError(
        .damaged, "Stored data that this asks for is damaged; the server's log says where.", code: .internalServerError)

    private static let beforeData = Array("{\"data\":".utf8)

    private static func outcome(of result: borrowing ExecutionResult) -> QueryAnswer.Outcome {
        if result.errors.isEmpty { return .data }
        if result.wasAborted { return result.errors.last?.code == .queryTimeout ? .stopped : .overBudget }
        return result.isNull ? .dataIsNull : .dataWithErrors
    }
}
