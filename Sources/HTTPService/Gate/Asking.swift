import Access
import Expressions
import Query
import StoreColumns

/// Brings a question to a thread, stops it when its time is over or nobody waits for it, and brings back the answer.
struct Asking: Sendable {
    /// What a request sees: one version, one day.
    struct Moment: Sendable {
        var version: GraphVersion
        var asOf: CivilDate
        var terms: VersionTerms
        /// Of who asks; nil where no keys exist.
        var role: BuiltInRole?
    }

    /// What came of a question.
    struct Answered: Sendable {
        var outcome: QueryAnswer.Outcome
        var body: [UInt8]
        var version: UInt64
        var asOf: CivilDate
    }

    let queries: QueryService
    let writer: any ChangeWriter
    let threads: QueryThreads
    let finder: VersionFinder
    let scanThreads: ScanThreads
    let deadlineMilliseconds: Int64

    var counts: (running: Int, waiting: Int) { threads.counts }

    /// What came of a question on its thread.
    private enum Step: Sendable {
        case answered(Answered)
        /// Read, and to be applied: no thread waits while it becomes durable.
        case mutation(Mutation)
        /// To be begun again once these are found.
        case versions([VersionName], QueryRequest)
    }

    /// - Parameter read: Reads the request. That takes time in proportion to its size, so it too is done on the thread.
    func ask(
        _ moment: Moment, read: @escaping @Sendable () throws(RequestError) -> QueryRequest
    ) async throws(Refusal) -> Answered {
        let client = Client.current
        let budget = queries.makeBudget()
        client?.onLeaving { budget.stop(.cancelled) }
        defer { client?.forgetLeaving() }
        var terms = moment.terms
        var step = try await step(moment, terms, budget, read)
        // Each time more is found: the operation's version, then those that it compares.
        while case .versions(let names, let request) = step {
            for name in names where terms.found[name] == nil {
                let result = await finder.find(name, milliseconds: deadlineMilliseconds) { budget.isStopped }
                terms.found[name] = VersionSource.Found(result)
            }
            step = try await self.step(moment, terms, budget) { () throws(RequestError) in request }
        }
        switch step {
        case .answered(let answered): return answered
        case .versions: preconditionFailure("what is needed was found")
        case .mutation(let mutation):
            if let role = moment.role, !role.mayChange { throw .changeForbidden(role: role.rawValue) }
            // What is applied is answered, whoever has left meanwhile.
            client?.forgetLeaving()
            return Answered(await queries.run(mutation, by: writer, version: moment.version))
        }
    }

    private func step(
        _ moment: Moment, _ terms: VersionTerms, _ budget: Budget,
        _ read: @escaping @Sendable () throws(RequestError) -> QueryRequest
    ) async throws(Refusal) -> Step {
        let (queries, scanThreads) = (self.queries, self.scanThreads)
        return try await threads.run(
            within: deadlineMilliseconds, stop: { budget.stop($0 == .overdue ? .deadline : .cancelled) }
        ) {
            do throws(RequestError) {
                let request = try read()
                switch queries.begin(
                    request, version: moment.version, asOf: moment.asOf, viewer: QueryService.localViewer, budget: budget,
                    terms, threads: scanThreads)
                {
                case .answered(let answer): return Step.answered(Answered(answer))
                case .mutation(let mutation): return .mutation(mutation)
                case .versions(let names): return .versions(names, request)
                }
            } catch {
                return .answered(
                    Answered(outcome: error.outcome, body: error.body, version: moment.version.number, asOf: moment.asOf))
            }
        }
    }
}

extension Asking.Answered {
    init(_ answer: QueryAnswer) {
        self.init(outcome: answer.outcome, body: answer.body, version: answer.version, asOf: answer.asOf)
    }
}
