import Expressions
import Query
import QueryPlanning
import StoreColumns
import Testing

/// Questions that are only tried: answered from what is known and within an allowance, or broken off.
@Suite struct `Tried questions` {
    private static let allowance = Budget.Allowance(rows: 2_048, memory: 1 << 16)
    /// Room for a list of all rows.
    private static let wide = Budget.Allowance(rows: 1 << 14, memory: 1 << 20)

    private struct Tried {
        var answer: QueryAnswer
        var budget: Budget
        /// What may be told to whoever asked; nil where the question has to go elsewhere.
        var body: [UInt8]? { answer.outcome == .data && !budget.isStopped ? answer.body : nil }
    }

    private func tried(
        _ desk: Desk, _ document: String, variables: String = "{}", allowance: Budget.Allowance = Self.allowance
    ) -> Tried {
        let budget = desk.service.makeBudget(allowance)
        return Tried(answer: desk.answer(document, variables: variables, budget: budget), budget: budget)
    }

    /// Asks often enough that the question is bound, and tells that it was short.
    @discardableResult private func warm(_ desk: Desk, _ document: String, variables: String = "{}", times: Int = 3) -> [UInt8] {
        var last: [UInt8] = []
        for _ in 0..<times {
            let answer = desk.answer(document, variables: variables)
            answer.pace?.ran(isShort: true)
            last = answer.body
        }
        return last
    }

    @Test(arguments: `Random filters`.seeds)
    func `what is answered is what is answered otherwise, byte by byte`(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let graph = NaiveGraph.random(&chance, players: 1 + chance.below(60))
        let (desk, other) = (try Desk(graph), try Desk(graph))
        var maker = FilterMaker(chance: chance, graph: graph)
        var answeredCount = 0
        for _ in 0..<12 {
            let (type, list, key) = maker.chance.pick(`Random filters`.lists)
            let filter = maker.filter(on: type, depth: 2)
            let document = "{ \(list)(where: \(filter.text) first: 100) { totalCount nodes { \(key) } } }"
            let expected = other.answer(document)
            #expect(warm(desk, document) == expected.body, "seed \(seed): \(document)")
            let tried = tried(desk, document)
            guard let body = tried.body else {
                #expect(tried.budget.isStopped || expected.outcome != .data, "seed \(seed): \(document)")
                continue
            }
            answeredCount += 1
            #expect(body == expected.body && tried.answer.rowCount == expected.rowCount, "seed \(seed): \(document)")
        }
        #expect(answeredCount > 0, "seed \(seed): nothing was answered")
    }

    private static func large() throws -> Desk {
        var chance = Chance(seed: 4)
        return try Desk(NaiveGraph.random(&chance, players: 4_000))
    }

    @Test func `one that visits more than its allowance breaks off there, and leaves nothing behind`() throws {
        let desk = try Self.large()
        let other = try Self.large()
        let document = "query ($h: Int) { players(where: {height: {gt: $h}}) { totalCount } }"
        warm(desk, document, variables: #"{"h": 0}"#)
        let before = desk.service.keptOperationCount
        for height in 100..<130 {
            let variables = "{\"h\": \(height)}"
            let broken = tried(desk, document, variables: variables)
            #expect(broken.body == nil && broken.budget.stopReason == .yielded && broken.answer.outcome == .stopped)
            // Rows are told to the budget by the thousand.
            #expect(broken.budget.rowsVisited <= Self.allowance.rows + 1_024, "\(broken.budget.rowsVisited)")
            let (answer, expected) = (desk.answer(document, variables: variables), other.answer(document, variables: variables))
            #expect(answer.body == expected.body && answer.outcome == .data)
        }
        #expect(desk.service.keptOperationCount == before)
    }

    @Test func `bytes and memory have allowances too`() throws {
        let desk = try Self.large()
        let wide = "{ players(first: 1000) { nodes { number name nickname born rank } } }"
        let copies = (0..<12).map { "c\($0): name" }.joined(separator: " ")
        let long = "{ players(first: 1000) { nodes { number \(copies) } } }"
        for document in [wide, long] {
            warm(desk, document)
            let held = tried(desk, document, allowance: .init(rows: 1 << 20, memory: 1_024))
            #expect(held.body == nil && held.budget.stopReason == .yielded, "\(document)")
            warm(desk, document, times: 2)
        }
        let written = tried(desk, long, allowance: .init(rows: 1 << 20, memory: 1 << 20))
        #expect(written.body == nil && written.answer.outcome == .overBudget)
    }

    @Test func `what has to be made first is not begun`() throws {
        let desk = try Self.large()
        let document = "{ players(first: 3) { nodes { number } } }"
        // Not known, then known and not yet found short, then not bound.
        #expect(tried(desk, document, allowance: Self.wide).body == nil && desk.service.keptOperationCount == 0)
        let first = desk.answer(document)
        #expect(first.pace == nil && tried(desk, document, allowance: Self.wide).body == nil)
        let second = desk.answer(document)
        #expect(tried(desk, document, allowance: Self.wide).body == nil)
        second.pace?.ran(isShort: true)
        #expect(tried(desk, document, allowance: Self.wide).body == first.body)
        // One of another shape is another run.
        let named = "query ($first: Int, $where: PlayerFilter) { players(first: $first, where: $where) { nodes { number } } }"
        warm(desk, named, variables: #"{"first": 2}"#)
        #expect(tried(desk, named, variables: #"{"first": 2}"#, allowance: Self.wide).body != nil)
        let unbound = tried(
            desk, named, variables: #"{"first": 2, "where": {"name": {"eq": "Ada"}}}"#, allowance: Self.wide)
        #expect(unbound.body == nil && unbound.budget.rowsVisited == 0 && unbound.answer.pace == nil)
    }

    @Test func `the first question of a version, of a date and of other parameters is not begun`() throws {
        var desk = try Self.large()
        let document = "{ players(first: 3) { nodes { number } } }"
        warm(desk, document)
        #expect(tried(desk, document, allowance: Self.wide).body != nil)
        let older = desk
        desk.version = try desk.version.applying(
            ChangeSet(types: []), number: desk.version.number + 1, publishedAt: desk.version.publishedAt)
        let fresh = tried(desk, document, allowance: Self.wide)
        #expect(fresh.body == nil && fresh.budget.stopReason == .yielded && fresh.budget.rowsVisited == 0)
        // What a version was asked before stays known, and is no reason to doubt.
        #expect(fresh.answer.pace == nil && tried(older, document, allowance: Self.wide).body != nil)
        warm(desk, document)
        #expect(tried(desk, document, allowance: Self.wide).body != nil)
        desk.asOf = try #require(CivilDate(isoText: "2001-02-03"))
        #expect(tried(desk, document, allowance: Self.wide).body == nil)
    }

    @Test func `verdicts on all rows and a client's pattern are left to others`() throws {
        let desk = try Self.large()
        let condition = "query ($n: Int) { players(where: {songCount: {gt: $n}}) { totalCount } }"
        warm(desk, condition, variables: #"{"n": 0}"#)
        let (madeCount, byteCount) = (desk.service.verdictCounts.made, desk.service.derivedByteCount)
        for number in 1...4 {
            _ = tried(desk, condition, variables: "{\"n\": \(number)}", allowance: Self.wide)
            #expect(desk.service.verdictCounts.made == madeCount && desk.service.derivedByteCount == byteCount)
        }
        warm(desk, condition, variables: #"{"n": 1}"#)
        #expect(desk.service.verdictCounts.made > madeCount || desk.service.derivedByteCount > byteCount)
        let pattern = "query ($p: String) { players(where: {name: {regex: $p}}, first: 1) { nodes { number } } }"
        warm(desk, pattern, variables: #"{"p": "^A"}"#)
        let broken = tried(desk, pattern, variables: #"{"p": "[AB]"}"#, allowance: Self.wide)
        #expect(broken.body == nil && broken.budget.stopReason == .yielded)
    }

    @Test func `a try that is stopped from outside is no answer`() throws {
        let desk = try Self.large()
        let document = "{ players(first: 3) { nodes { number } } }"
        warm(desk, document)
        let budget = desk.service.makeBudget(Self.allowance)
        budget.stop(.cancelled)
        #expect(desk.answer(document, budget: budget).outcome == .stopped && budget.stopReason == .cancelled)
    }
}

@Suite struct `The pace of an operation` {
    @Test func `one is tried once its last answer was short`() {
        var pace = Pace()
        #expect(!pace.mayTry)
        pace.ran(isShort: false)
        #expect(!pace.mayTry)
        pace.ran(isShort: true)
        #expect(pace.mayTry)
        pace.ran(isShort: false)
        #expect(!pace.mayTry)
    }

    @Test func `of one that is long every other time few are tried, and it is forgiven once it is short again`() {
        var pace = Pace()
        var triedCount = 0
        // As a service does: what may be tried is, and else a thread says how it was.
        for turn in 0..<10_000 {
            let isShort = turn % 2 == 0
            if pace.mayTry {
                triedCount += 1
                if !isShort {
                    pace.brokeOff()
                    pace.ran(isShort: false)
                    continue
                }
            }
            pace.ran(isShort: isShort)
        }
        #expect(triedCount < 100, "\(triedCount)")
        for _ in 0...Pace.longestWait { pace.ran(isShort: true) }
        #expect(pace.mayTry)
        for _ in 0...Pace.longestWait { pace.ran(isShort: true) }
        pace.brokeOff()
        for _ in 0..<4 {
            #expect(!pace.mayTry)
            pace.ran(isShort: true)
        }
        #expect(pace.mayTry)
    }
}

@Suite struct `A budget with an allowance` {
    @Test func `ends at its allowance by yielding, and at its limit as any other`() throws {
        let budget = Budget(rowLimit: 100, memoryLimit: 100, allowance: .init(rows: 10, memory: 50))
        try budget.charge(rows: 10)
        #expect(!budget.isStopped)
        #expect(throws: EvaluationError.stopped(.yielded)) { try budget.charge(rows: 1) }
        #expect(budget.stopReason == .yielded)
        let other = Budget(rowLimit: 100, memoryLimit: 100, allowance: .init(rows: 10, memory: 50))
        #expect(throws: EvaluationError.overBudget(.rowsVisited, limit: 100)) { try other.charge(rows: 101) }
        let held = Budget(allowance: .init(rows: 10, memory: 50))
        let claim = MemoryClaim(held)
        try claim.add(50)
        #expect(throws: EvaluationError.stopped(.yielded)) { try claim.add(1) }
    }

    @Test func `foresees what it cannot do, and begins nothing uncounted`() throws {
        let budget = Budget(allowance: .init(rows: 10, memory: 50))
        try budget.foresee(rows: 10)
        #expect(throws: EvaluationError.stopped(.yielded)) { try budget.foresee(rows: 11) }
        let uncounted = Budget(allowance: .init(rows: 10, memory: 50))
        #expect(throws: EvaluationError.stopped(.yielded)) { try uncounted.beginUncounted() }
        let whole = Budget()
        try whole.beginUncounted()
        try whole.foresee(rows: .max)
        #expect(!whole.isStopped)
    }

    @Test func `who spends in its name has its allowance, and it has none once another does`() throws {
        let spender = Budget()
        let budget = Budget(allowance: .init(rows: 10, memory: 50))
        budget.begin(spending: spender)
        #expect(throws: EvaluationError.stopped(.yielded)) { try spender.charge(rows: 11) }
        budget.end(spending: spender)
        #expect(budget.stopReason == .yielded && budget.rowsVisited == 11)
        let whole = Budget()
        whole.begin(spending: spender)
        try spender.charge(rows: 1_000)
        try spender.beginUncounted()
        whole.end(spending: spender)
        #expect(!whole.isStopped && whole.rowsVisited == 1_000)
    }
}
