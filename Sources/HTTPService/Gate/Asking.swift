import Access
import Expressions
import NIOCore
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
        var rowCount = 0
        /// What the audit is told of the request; nil where there is none, or the request could not be read.
        var trail: AuditTrail?
        var isChange = false
        var rowsVisited = 0
        var milliseconds = 0
    }

    let queries: QueryService
    let writer: any ChangeWriter
    let threads: QueryThreads
    let finder: VersionFinder
    let scanThreads: ScanThreads
    let deadlineMilliseconds: Int64
    /// Nil where there is no audit.
    let digests: AuditDigests?

    var counts: (running: Int, long: Int, waiting: Int) { threads.counts }

    /// What came of a question on its thread.
    private enum Step: Sendable {
        case answered(Answered)
        /// Read, and the first of its changes tried: no thread waits while it becomes durable.
        case mutation(Mutation, ChangeOutcome?, AuditTrail?)
        /// The role of who asks may not change anything.
        case forbidden(BuiltInRole)
        /// To be begun again once these are found.
        case versions([VersionName], QueryRequest)
    }

    /// - Parameter read: Reads the request. That takes time in proportion to its size, so it too is done on the thread.
    func ask(
        _ moment: Moment, read: @escaping @Sendable () throws(RequestError) -> QueryRequest
    ) async throws(Refusal) -> Answered {
        let start = ContinuousClock.now
        let client = Client.current
        defer { client?.forgetLeaving() }
        let deadline = NIODeadline.now() + .milliseconds(deadlineMilliseconds)
        let (first, firstBudget) = try await step(moment, moment.terms, deadline, read)
        var (step, budget, terms) = (first, firstBudget, moment.terms)
        // Each time more is found: the operation's version, then those that it compares.
        while case .versions(let names, let request) = step {
            for name in names where terms.found[name] == nil {
                let result = await finder.find(name, milliseconds: deadlineMilliseconds) { [budget] in budget.isStopped }
                terms.found[name] = VersionSource.Found(result)
            }
            (step, budget) = try await self.step(moment, terms, deadline) { () throws(RequestError) in request }
        }
        var answered: Answered
        switch step {
        case .answered(let answer): answered = answer
        case .versions: preconditionFailure("what is needed was found")
        case .forbidden(let role): throw .changeForbidden(role: role.rawValue)
        case .mutation(let mutation, let first, let trail):
            answered = Answered(await queries.run(mutation, after: first, by: writer, version: moment.version), trail)
            answered.isChange = true
        }
        answered.rowsVisited = budget.rowsVisited
        answered.milliseconds = Int(((ContinuousClock.now - start) / .milliseconds(1)).rounded())
        return answered
    }

    /// Takes the question as far as it goes: first among short ones, and where it turns out to be long and has to give way, from
    /// its beginning once more with a permit. Nothing is lost but work: what was answered so far has left nothing behind.
    private func step(
        _ moment: Moment, _ terms: VersionTerms, _ deadline: NIODeadline,
        _ read: @escaping @Sendable () throws(RequestError) -> QueryRequest
    ) async throws(Refusal) -> (Step, Budget) {
        let budget = queries.makeBudget()
        let step = try await run(moment, terms, deadline, budget, isLong: false, read)
        guard case .answered(let answered) = step, answered.outcome == .stopped, budget.stopReason == .yielded else {
            return (step, budget)
        }
        let second = queries.makeBudget()
        return (try await run(moment, terms, deadline, second, isLong: true, read), second)
    }

    private func run(
        _ moment: Moment, _ terms: VersionTerms, _ deadline: NIODeadline, _ budget: Budget, isLong: Bool,
        _ read: @escaping @Sendable () throws(RequestError) -> QueryRequest
    ) async throws(Refusal) -> Step {
        let client = Client.current
        client?.onLeaving { budget.stop(.cancelled) }
        let (queries, writer, scanThreads, digests) = (self.queries, self.writer, self.scanThreads, self.digests)
        return try await threads.run(
            until: deadline, isLong: isLong, stop: { budget.stop(Budget.StopReason($0)) }
        ) { answer in
            do throws(RequestError) {
                let request = try read()
                let trail = digests.map { AuditTrail(request, $0) }
                switch queries.begin(
                    request, version: moment.version, asOf: moment.asOf, viewer: QueryService.localViewer, budget: budget,
                    terms, threads: scanThreads)
                {
                case .answered(let made): answer(Step.answered(Answered(made, trail)))
                case .mutation(let mutation):
                    if let role = moment.role, !role.mayChange { return answer(.forbidden(role)) }
                    // What is applied is answered, whoever has left meanwhile.
                    client?.forgetLeaving()
                    guard let first = mutation.changes.first else { return answer(.mutation(mutation, nil, trail)) }
                    writer.submit(first, stage: queries.stage(first, of: mutation)) { answer(.mutation(mutation, $0, trail)) }
                case .versions(let names): answer(.versions(names, request))
                }
            } catch {
                answer(
                    .answered(
                        Answered(outcome: error.outcome, body: error.body, version: moment.version.number, asOf: moment.asOf)))
            }
        }
    }
}

extension Budget.StopReason {
    fileprivate init(_ reason: QueryThreads.StopReason) {
        switch reason {
        case .overdue: self = .deadline
        case .serverStops: self = .cancelled
        case .needsPermit: self = .yielded
        }
    }
}

extension Asking.Answered {
    init(_ answer: QueryAnswer, _ trail: AuditTrail?) {
        self.init(
            outcome: answer.outcome, body: answer.body, version: answer.version, asOf: answer.asOf, rowCount: answer.rowCount,
            trail: trail)
    }
}
