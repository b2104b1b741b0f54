import Expressions
import Model
import Query
import QueryPlanning
import StoreColumns
import Synchronization
import Testing

/// Keeps versions in memory, as a store would on disk.
final class MemoryWriter: ChangeWriter {
    struct State {
        var versions: [GraphVersion]
        /// By change id.
        var applied: [String: (fingerprint: [UInt8], report: ChangeReport)] = [:]
        var isReadOnly = false
    }
    let state: Mutex<State>

    init(_ version: GraphVersion) { state = Mutex(State(versions: [version])) }

    var current: GraphVersion { state.withLock { $0.versions[$0.versions.count - 1] } }
    var versionCount: Int { state.withLock { $0.versions.count } }
    func makeReadOnly() { state.withLock { $0.isReadOnly = true } }

    func submit(
        _ request: ChangeRequest, stage: @escaping ChangeStage, _ completion: @escaping @Sendable (ChangeOutcome) -> Void
    ) {
        Task { completion(await commit(request, stage: stage)) }
    }

    var source: VersionSource {
        VersionSource(inMemory: { [self] name in
            state.withLock { state in
                let (first, last) = (state.versions[0].number, state.versions[state.versions.count - 1].number)
                switch name {
                case .number(let number) where number > last:
                    return .notReached("Version \(number) is not reached yet; the data is at version \(last).")
                case .number(let number):
                    return state.versions.first { $0.number == number }.map(VersionSource.Found.version)
                        ?? .gone("Version \(number) is not kept; the nearest is \(first).")
                case .knownAt(let moment):
                    return state.versions.last { $0.publishedAt <= moment }.map(VersionSource.Found.version)
                        ?? .misnamed("Nothing was known then.")
                }
            }
        })
    }

    func commit(_ request: ChangeRequest, stage: @escaping ChangeStage) async -> ChangeOutcome {
        state.withLock { state in
            if state.isReadOnly { return .readOnly("The disk is full.") }
            let base = state.versions[state.versions.count - 1]
            if let id = request.changeID, !request.isDryRun, let known = state.applied[id] {
                return .report(known.report.repeated(known.fingerprint == request.fingerprint, id), version: base)
            }
            let staged = stage(base, base.number + 1, Instant(microseconds: Int64(base.number + 1) * 1_000_000))
            guard let version = staged.version else { return .report(staged.report, version: base) }
            if let id = request.changeID { state.applied[id] = (request.fingerprint, staged.report) }
            state.versions.append(version)
            return .report(staged.report, version: version)
        }
    }
}

/// A register that can be changed, with the service that answers from it.
struct ChangingDesk {
    let service: QueryService
    let writer: MemoryWriter
    let asOf: CivilDate
    var viewer: Viewer = .local

    init(_ model: Model, _ version: GraphVersion, asOf: CivilDate, seen: SeenVersions? = nil) {
        writer = MemoryWriter(version)
        var limits = QueryLimits()
        limits.variableMembers = 100_000
        service = QueryService(model: model, limits: limits, cursorKey: cursorKey, versions: writer.source, seen: seen)
        self.asOf = asOf
    }

    init(_ graph: NaiveGraph, seen: SeenVersions? = nil) throws {
        self.init(music, try graph.version(), asOf: try #require(CivilDate(days: Int32(graph.asOf))), seen: seen)
    }

    func answer(_ document: String, variables: String = "{}") async throws -> QueryAnswer {
        let body = "{\"query\":\(Self.quoted(document)),\"variables\":\(variables)}"
        let request = try QueryRequest.parse(json: Array(body.utf8), limits: service.limits)
        switch service.begin(
            request, version: writer.current, asOf: asOf, viewer: viewer, budget: service.makeBudget())
        {
        case .answered(let answer): return answer
        case .versions: preconditionFailure("all versions are at hand")
        case .mutation(let mutation): return await service.run(mutation, by: writer, version: writer.current)
        }
    }

    /// What stands under "data"; everything must have gone well.
    func data(
        _ document: String, variables: String = "{}", sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSON {
        let answer = try await answer(document, variables: variables)
        let body = try JSON(answer.body)
        #expect(answer.outcome == .data, "\(body["errors"])", sourceLocation: sourceLocation)
        return body["data"]
    }

    static let report = """
        applied dryRun repeated version counts { type added changed unchanged deleted } problemCount
        problems { code severity type list row key field check message }
        """

    /// The report of one set of changes, given as a literal.
    func apply(
        _ changes: String, _ more: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSON {
        try await data(
            "mutation { applyChanges(changes: \(changes) \(more)) { \(Self.report) } }", sourceLocation: sourceLocation
        )["applyChanges"]
    }

    static func quoted(_ text: String) -> String { JSON(value: text).description }
}
