import Access
import Bytes
import Expressions
import NIOCore
import Query
import StoreColumns

/// Brings a question to a thread, stops it when its time is over or nobody waits for it, and brings back the answer.
struct Asking: Sendable {
    /// What a request sees, and as whom: one version, one day.
    struct Moment: Sendable {
        var version: GraphVersion
        var asOf: CivilDate
        var terms: VersionTerms
        var caller: Caller
        /// Where it is asked.
        var desk: Desk
        /// Why, as whoever asks says; nil where nothing was said.
        var reason: String?
    }

    /// What came of a question.
    struct Answered: Sendable {
        var outcome: QueryAnswer.Outcome
        var body: [UInt8]
        var version: UInt64
        var asOf: CivilDate
        var rowCount = 0
        /// Sets of rows of which somebody is told figures who sees aggregates only, and those of which not all is told.
        var cellCount = 0
        var withheldCount = 0
        /// What the audit is told of the request; nil where there is none, or the request could not be read.
        var trail: AuditTrail?
        /// What it shows of persons.
        var reads: AuditReads?
        var reason: String?
        var isChange = false
        var rowsVisited = 0
        var milliseconds = 0
        /// What an answer is called that was made before, or would be made now; nil where it has no name.
        var identity: AnswerIdentity?
        var footing: AnswerFooting?
        /// The client has it already: nothing was run.
        var isUnchanged = false
        /// Of the table that was made of it.
        var tableRowCount: Int?
        /// Of the file that the table is.
        var fileDigest: SHA256Digest?
        /// Whether anything was run for it.
        var wasBegun = false
        /// How long it ran and, where that was longer than it should, of which document.
        var ranMilliseconds = 0.0
        var slowDocument: String?
    }

    /// What is given where no role matters: budgets.
    let whole: Desk
    let writer: any ChangeWriter
    let threads: QueryThreads
    let finder: VersionFinder
    let scanThreads: ScanThreads
    let brief: BriefQuestions
    let deadlineMilliseconds: Int64
    /// Nil where there is no audit.
    let digests: AuditDigests?
    let polls: Polls
    /// Questions that run longer are told of.
    let slowMilliseconds: Int

    var counts: (running: Int, long: Int, waiting: Int) { threads.counts }

    /// What came of a question on its thread.
    private enum Step: Sendable {
        case answered(Answered)
        /// Read, and the first of its changes tried: no thread waits while it becomes durable.
        case mutation(Mutation, ChangeOutcome?, AuditTrail?)
        /// The role of who asks may not change anything.
        case forbidden(role: String)
        /// To be begun again once these are found.
        case versions([VersionName], QueryRequest)
    }

    /// - Parameters:
    ///   - condition: What is to be found out before anything is run.
    ///   - byteCount: Of the request, where it may be tried at once; nil: it needs a thread.
    ///   - read: Reads the request. That takes time in proportion to its size, so but for small ones it too is done on the thread.
    func ask(
        _ moment: Moment, _ condition: Condition? = nil, byteCount: Int? = nil,
        read: @escaping @Sendable () throws(RequestError) -> QueryRequest
    ) async throws(Refusal) -> Answered {
        let start = ContinuousClock.now
        var read = read
        if let byteCount,
            let answered = tried(
                moment, condition, byteCount, Client.current?.turn, &read, since: start, note: { brief.note($0) })
        {
            return answered
        }
        let client = Client.current
        defer { client?.forgetLeaving() }
        let deadline = NIODeadline.now() + .milliseconds(deadlineMilliseconds)
        let (first, firstBudget) = try await step(moment, moment.terms, deadline, condition, read)
        var (step, budget, terms) = (first, firstBudget, moment.terms)
        // Each time more is found: the operation's version, then those that it compares.
        while case .versions(let names, let request) = step {
            for name in names where terms.found[name] == nil {
                let result = await finder.find(name, milliseconds: deadlineMilliseconds) { [budget] in budget.isStopped }
                terms.found[name] = VersionSource.Found(result)
            }
            (step, budget) = try await self.step(moment, terms, deadline, condition) { () throws(RequestError) in request }
        }
        var answered: Answered
        switch step {
        case .answered(let answer): answered = answer
        case .versions: preconditionFailure("what is needed was found")
        case .forbidden(let role): throw .changeForbidden(role: role)
        case .mutation(let mutation, let first, let trail):
            answered = Answered(
                await moment.desk.queries.run(mutation, after: first, by: writer, version: moment.version), trail)
            answered.isChange = true
        }
        return answered.finished(moment, budget, since: start)
    }

    /// As `ask`, where the question may be tried at once and is answered so; else nil, and it has to be asked.
    ///
    /// - Parameter turn: Of the event loop that asks; nil where nobody counts.
    func askAtOnce(
        _ moment: Moment, _ condition: Condition?, byteCount: Int, turn: LoopTurn?,
        read: @escaping @Sendable () throws(RequestError) -> QueryRequest
    ) -> Answered? {
        var read = read
        // What is left is asked, and counted then.
        return tried(moment, condition, byteCount, turn, &read, since: ContinuousClock.now) { outcome in
            if outcome != .left { brief.note(outcome) }
        }
    }

    /// The answer, where the question may be tried at once, on whatever thread asks, and it turns out that nothing else is needed than
    /// it is allowed. Else nil, and what was done has left nothing behind but the request, once it was read.
    private func tried(
        _ moment: Moment, _ condition: Condition?, _ byteCount: Int, _ turn: LoopTurn?,
        _ read: inout @Sendable () throws(RequestError) -> QueryRequest, since start: ContinuousClock.Instant,
        note: (BriefQuestions.Outcome) -> Void
    ) -> Answered? {
        guard let allowance = brief.allowance, byteCount <= BriefQuestions.byteLimit, !moment.terms.isNamed,
            !moment.desk.seesAggregatesOnly, condition?.table == nil, condition == nil || condition?.footing != nil
        else { return nil }
        guard turn?.takesOne() ?? true else {
            note(.left)
            return nil
        }
        let made: Made
        let budget = whole.queries.makeBudget(allowance)
        do throws(RequestError) {
            let request = try read()
            read = { request }
            guard request.explainClock == nil else { return nil }
            made = try make(moment, moment.terms, budget, condition, scanThreads) { () throws(RequestError) in request }
        } catch {
            // Told by a thread, as all that is wrong with a request.
            return nil
        }
        guard case .answered(let answered) = made, answered.outcome == .data, !budget.isStopped else {
            if case .answered(let answered) = made, answered.wasBegun { note(.brokenOff) } else { note(.left) }
            return nil
        }
        note(.answered)
        return answered.finished(moment, budget, since: start)
    }

    /// Takes the question as far as it goes: first among short ones, and where it turns out to be long and has to give way, from
    /// its beginning once more with a permit. Nothing is lost but work: what was answered so far has left nothing behind.
    private func step(
        _ moment: Moment, _ terms: VersionTerms, _ deadline: NIODeadline, _ condition: Condition?,
        _ read: @escaping @Sendable () throws(RequestError) -> QueryRequest
    ) async throws(Refusal) -> (Step, Budget) {
        let budget = whole.queries.makeBudget()
        let step = try await run(moment, terms, deadline, budget, condition, isLong: false, read)
        guard case .answered(let answered) = step, answered.outcome == .stopped, budget.stopReason == .yielded else {
            return (step, budget)
        }
        let second = whole.queries.makeBudget()
        return (try await run(moment, terms, deadline, second, condition, isLong: true, read), second)
    }

    private func run(
        _ moment: Moment, _ terms: VersionTerms, _ deadline: NIODeadline, _ budget: Budget, _ condition: Condition?,
        isLong: Bool, _ read: @escaping @Sendable () throws(RequestError) -> QueryRequest
    ) async throws(Refusal) -> Step {
        let client = Client.current
        client?.onLeaving { budget.stop(.cancelled) }
        let (writer, scanThreads) = (self.writer, self.scanThreads)
        return try await threads.run(
            until: deadline, isLong: isLong, stop: { budget.stop(Budget.StopReason($0)) }
        ) { answer in
            do throws(RequestError) {
                switch try make(moment, terms, budget, condition, scanThreads, read) {
                case .answered(let answered): answer(.answered(answered))
                case .mutation(let mutation, let trail):
                    guard moment.caller.mayChange else { return answer(.forbidden(role: moment.caller.asker?.role ?? "")) }
                    // What is applied is answered, whoever has left meanwhile.
                    client?.forgetLeaving()
                    guard let first = mutation.changes.first else { return answer(.mutation(mutation, nil, trail)) }
                    let queries = moment.desk.queries
                    writer.submit(first, stage: queries.stage(first, of: mutation)) { answer(.mutation(mutation, $0, trail)) }
                case .versions(let names, let request): answer(.versions(names, request))
                }
            } catch {
                answer(
                    .answered(
                        Answered(outcome: error.outcome, body: error.body, version: moment.version.number, asOf: moment.asOf)))
            }
        }
    }

    // MARK: On the thread

    /// How far a question came without waiting for anything.
    private enum Made {
        case answered(Answered)
        case mutation(Mutation, AuditTrail?)
        case versions([VersionName], QueryRequest)
    }

    private func make(
        _ moment: Moment, _ terms: VersionTerms, _ budget: Budget, _ condition: Condition?, _ scanThreads: ScanThreads?,
        _ read: () throws(RequestError) -> QueryRequest
    ) throws(RequestError) -> Made {
        let began = ContinuousClock.now
        let queries = moment.desk.queries
        var request = try read()
        request.statedReason = moment.reason
        request.notesTellings = digests != nil
        let trail = digests.map { AuditTrail(request, $0) }
        var named = Named(request, queries, moment, condition)
        if let known = named.answer(moment, condition, polls, trail) { return .answered(known) }
        if condition?.namesChange == true { request.dataChange = named.identity }
        switch queries.begin(
            request, version: moment.version, asOf: moment.asOf, viewer: moment.caller.viewer, budget: budget, terms,
            threads: scanThreads)
        {
        case .answered(let made):
            var answered = named.complete(Answered(made, trail))
            // Of each row a digest may have to be told.
            if budget.isBrief, digests != nil, made.rowCount > BriefQuestions.toldRowLimit {
                budget.stop(.yielded)
                brief.note(made, budget, milliseconds: 0)
                return .answered(answered)
            }
            if let digests { answered.reads = made.told.map { AuditReads($0, digests) } }
            if let table = condition?.table, answered.outcome == .data {
                let made = try table.table(of: answered.body)
                (answered.body, answered.tableRowCount) = (made.bytes, made.rowCount)
                answered.fileDigest = SHA256Digest(of: answered.body.span)
            }
            if let name = named.keptName { polls.keep(answered, as: name) }
            answered.ranMilliseconds = (ContinuousClock.now - began) / .milliseconds(1)
            brief.note(made, budget, milliseconds: answered.ranMilliseconds)
            if answered.ranMilliseconds >= Double(slowMilliseconds) {
                answered.slowDocument = trail?.document ?? queries.loggedDigest(of: request)
            }
            return .answered(answered)
        case .mutation(let mutation): return .mutation(mutation, trail)
        case .versions(let names): return .versions(names, request)
        }
    }

    /// Makes an answer that nobody waits for, on the caller's thread, and keeps it.
    ///
    /// - Returns: What came of it; nil where the answer is known, and nothing was done.
    func makeAhead(_ moment: Moment, _ recipe: Polls.Recipe, _ budget: Budget) -> QueryAnswer.Outcome? {
        do throws(RequestError) {
            guard case .answered(let answered) = try make(moment, moment.terms, budget, recipe.condition, nil, recipe.read)
            else { return .invalid }
            return answered.isUnchanged ? nil : answered.outcome
        } catch {
            return error.outcome
        }
    }
}

/// What is known of an answer before it is made.
private struct Named {
    let footing: AnswerFooting?
    let identity: AnswerIdentity?
    /// The name under which the answer is to be kept.
    private(set) var keptName: String?

    init(_ request: QueryRequest, _ queries: QueryService, _ moment: Asking.Moment, _ condition: Condition?) {
        let viewer = moment.caller.viewer
        // Whoever has to state a reason and does not is answered by execution alone, which looks at what is asked.
        let statesEnough = moment.reason != nil || !queries.needsReasons
        let hasName = statesEnough && (!moment.terms.isNamed || queries.keepsNamedVersions(for: viewer))
        footing =
            hasName
            ? condition.flatMap {
                $0.footing ?? queries.footing(of: request, version: moment.version, asOf: moment.asOf, viewer: viewer)
            } : nil
        identity = footing?.identity(in: moment.version, asOf: moment.asOf)
    }

    /// The answer, where it need not be made: the client has it, or it was made before.
    mutating func answer(
        _ moment: Asking.Moment, _ condition: Condition?, _ polls: Polls, _ trail: AuditTrail?
    ) -> Asking.Answered? {
        guard let condition, let identity, let footing else { return nil }
        let date = footing.date(moment.asOf)
        guard !condition.isKnown(identity, moment.version.number, date) else {
            var answered = Asking.Answered(
                outcome: .data, body: [], version: moment.version.number, asOf: date, trail: trail)
            answered.isUnchanged = true
            return complete(answered)
        }
        keptName = condition.keptName?(identity, moment.version.number, date)
        guard var kept = keptName.flatMap({ polls.answer($0) }) else { return nil }
        (kept.version, kept.asOf, kept.trail) = (moment.version.number, date, trail)
        return complete(kept)
    }

    func complete(_ answered: Asking.Answered) -> Asking.Answered {
        var answered = answered
        (answered.identity, answered.footing) = (identity, footing)
        return answered
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
            cellCount: answer.cellCount, withheldCount: answer.withheldCount, trail: trail, wasBegun: answer.pace != nil)
    }

    /// With what is known at the end.
    fileprivate func finished(_ moment: Asking.Moment, _ budget: Budget, since start: ContinuousClock.Instant) -> Self {
        var answered = self
        answered.reason = moment.reason
        answered.rowsVisited = budget.rowsVisited
        answered.milliseconds = Int(((ContinuousClock.now - start) / .milliseconds(1)).rounded())
        return answered
    }
}
