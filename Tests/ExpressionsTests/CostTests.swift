import Expressions
import StoreColumns
import Testing

/// Rows are counted, bounded, and not looked at in vain.
@Suite struct `What a question costs` {
    private static let pair = Result { try RegisterPair(seed: 4, size: 200, changes: false) }

    private func predicate(_ text: String, on type: NodeTypeID, _ context: EvaluationContext) throws -> CompiledPredicate {
        try CompiledPredicate(parseCEL(text, on: type, in: Fixture.rowTypes, expecting: .boolean), on: type, context)
    }

    @Test(arguments: [
        ("helper.number == 'h17'", Fixture.care), ("family.number == 'f3' && validFrom <= asOf", Fixture.care),
        ("number == 'f3' || number == 'f5'", Fixture.family), ("phone == 'p8'", Fixture.family),
        ("family.number in ['f3', 'f9']", Fixture.call), ("helpers.exists(h, h.number == 'h5')", Fixture.call),
        ("calls.exists(c, c.number == 77)", Fixture.family),
        ("calls.filter(c, c.number == 77).exists(c, c.minutes > 0)", Fixture.family),
        ("family.calls.exists(c, c.number == 77)", Fixture.care), ("members.exists(m, m.number == 12)", Fixture.family),
        ("home.number == 'f3'", Fixture.person), ("care.helper.number == 'h3'", Fixture.family),
        ("friends.exists(f, f.number == 12)", Fixture.person), ("friendOf.exists(f, f.number == 12)", Fixture.person),
        ("openCares.exists(c, c.helper.number == 'h3')", Fixture.family),
    ])
    func `keys and references name few rows, and no scan is made`(_ text: String, _ type: NodeTypeID) throws {
        let pair = try Self.pair.get()
        let budget = Budget()
        let few = try predicate(text, on: type, pair.context(.adaptive, budget))
        let candidates = try #require(try few.exactCandidates(limit: 100))
        let found = try few.rows()
        guard case .list(let rows) = found else {
            Issue.record("\(text) was scanned")
            return
        }
        #expect(budget.rowsVisited < 500, "\(text) visited \(budget.rowsVisited)")
        let scanned = try predicate(text, on: type, pair.context(.always))
        #expect(try scanned.rows(among: pair.liveRows(type)) == rows, "\(text)")
        #expect(Set(rows).isSubset(of: candidates))
    }

    @Test func `some of these questions have answers`() throws {
        let pair = try Self.pair.get()
        for (text, type) in [("helper.number == 'h17'", Fixture.care), ("calls.exists(c, c.number == 77)", Fixture.family)] {
            #expect(try predicate(text, on: type, pair.context(.adaptive)).rows().count > 0)
        }
    }

    @Test(arguments: ["minutes > 3", "family.income > 3", "number == 1 || minutes > 3", "number != 1", "!(number == 1)"])
    func `what names no few rows is scanned`(_ text: String) throws {
        let pair = try Self.pair.get()
        #expect(try predicate(text, on: Fixture.call, pair.context(.adaptive)).exactCandidates(limit: 100) == nil)
    }

    @Test func `the budget of rows ends a scan, and says so`() throws {
        let pair = try Self.pair.get()
        let budget = Budget(rowLimit: 2_000)
        let question = try predicate("minutes > 3", on: Fixture.call, pair.context(.adaptive, budget))
        #expect(throws: EvaluationError.overBudget(.rowsVisited, limit: 2_000)) { try question.rows() }
        #expect(budget.rowsVisited <= 2_000 + 1_024 * 2)
    }

    @Test func `work that was stopped ends within a thousand rows`() throws {
        let pair = try Self.pair.get()
        let budget = Budget()
        budget.stop(.deadline)
        budget.stop(.cancelled)
        let context = pair.context(.adaptive, budget)
        for text in [
            "minutes > 3", "family.calls.exists(c, c.minutes > minutes)", "family.memberCount > 3", "remark.matches('a')",
        ] {
            let question = try predicate(text, on: Fixture.call, context)
            #expect(throws: EvaluationError.stopped(.deadline)) { try question.rows() }
        }
        #expect(budget.rowsVisited == 0)
        let order = try RowOrder([SortKey(.column(of: .variable(0, Fixture.call), column: 7, .int))], on: Fixture.call, context)
        #expect(throws: EvaluationError.stopped(.deadline)) { try order.sorted(pair.liveRows(Fixture.call)) }
    }

    @Test func `bytes are counted too`() throws {
        let budget = Budget(byteLimit: 100)
        try budget.charge(bytes: 100)
        #expect(throws: EvaluationError.overBudget(.bytes, limit: 100)) { try budget.charge(bytes: 1) }
        #expect(budget.byteCount == 101)
    }

    @Test func `a derived field is computed once, even if many ask at once`() async throws {
        let pair = try Self.pair.get()
        let alone = Budget()
        var context = pair.context(.always, alone)
        _ = try predicate("poorPersons > 1", on: Fixture.town, context).rows()
        let expected = alone.rowsVisited
        let derived = DerivedColumns(Fixture.rowTypes)
        let budget = Budget()
        context = pair.context(.always, budget)
        context.derived = derived
        let shared = context
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { try predicate("poorPersons > 1", on: Fixture.town, shared).rows().count }
            }
            var counts: Set<Int> = []
            for try await count in group { counts.insert(count) }
            #expect(counts.count == 1)
        }
        // Eight scans of the towns, and one computation of everything below.
        let scans = pair.version[Fixture.town].rowCount * 7
        #expect(budget.rowsVisited <= expected + scans + 8 * 1_024, "\(budget.rowsVisited), alone \(expected)")
    }

    @Test func `one row asks for no column`() throws {
        let pair = try Self.pair.get()
        let budget = Budget()
        let incidence = try parseCEL("incidence", on: Fixture.town, in: Fixture.rowTypes, expecting: nil)
        _ = try CompiledExpression(incidence, on: Fixture.town, pair.context(.adaptive, budget)).value(of: 3)
        #expect(budget.rowsVisited < 200, "\(budget.rowsVisited)")
    }

    @Test func `the next version keeps what nothing has changed under`() throws {
        let pair = try Self.pair.get()
        let derived = DerivedColumns(Fixture.rowTypes)
        var context = pair.context(.always)
        context.derived = derived
        _ = try predicate("poorPersons > 1", on: Fixture.town, context).rows()

        /// Rows visited to ask again after a change.
        func cost(after changes: TypeChanges, sameAsOf: Bool = true) throws -> Int {
            let next = try pair.version.applying(
                ChangeSet(types: [changes]), number: 2, publishedAt: Instant(microseconds: 1))
            let kept = DerivedColumns(
                Fixture.rowTypes, keeping: derived, of: pair.version, in: next, sameAsOf: sameAsOf)
            let budget = Budget()
            let context = EvaluationContext(
                version: next, rowTypes: Fixture.rowTypes, asOf: pair.asOf, budget: budget, derived: kept,
                materialisation: .always)
            let found = try predicate("poorPersons > 1", on: Fixture.town, context).rows().array()
            let fresh = EvaluationContext(
                version: next, rowTypes: Fixture.rowTypes, asOf: pair.asOf, budget: Budget(),
                derived: DerivedColumns(Fixture.rowTypes), materialisation: .never)
            let question = try predicate("poorPersons > 1", on: Fixture.town, fresh)
            #expect(try question.rows(among: Array(0..<RowNumber(next[Fixture.town].rowCount))) == found)
            return budget.rowsVisited
        }
        let townCount = pair.version[Fixture.town].rowCount
        let minutes = TypeChanges(type: Fixture.call, columns: [0, 7], cells: [.int(3), .int(99)])
        #expect(try cost(after: minutes) <= townCount + 1_024)
        #expect(try cost(after: minutes, sameAsOf: false) > townCount * 3)
        // A new row has its own value computed, beside the look at what changed.
        let town = TypeChanges(type: Fixture.town, columns: [0], cells: [.string("new")])
        _ = try cost(after: town)
        let standing = TypeChanges(
            type: Fixture.standingPeriod, columns: [0, 1, 3],
            cells: [.reference(Key([.string("f3")])), .date(Fixture.date(2016, 1, 1).days), .enumeration(0)])
        _ = try cost(after: standing)
    }

    @Test func `what is kept stays within its allowance, and is given back with the last who keeps it`() throws {
        let pair = try Self.pair.get()
        let question = "poorPersons > 1"
        func rows(_ derived: DerivedColumns) throws -> [RowNumber] {
            var context = pair.context(.always)
            context.derived = derived
            return try predicate(question, on: Fixture.town, context).rows().array()
        }
        let wide = ByteAllowance(limit: 1 << 30)
        var derived: DerivedColumns? = DerivedColumns(Fixture.rowTypes, allowance: wide)
        let expected = try rows(#require(derived))
        let needed = wide.byteCount
        #expect(needed >= pair.version[Fixture.town].rowCount * 8)
        // A second owner of the same columns costs nothing, and keeps them.
        var next: DerivedColumns? = DerivedColumns(
            Fixture.rowTypes, keeping: try #require(derived), of: pair.version, in: pair.version, sameAsOf: true)
        #expect(wide.byteCount == needed)
        derived = nil
        #expect(wide.byteCount == needed)
        #expect(next != nil)
        next = nil
        #expect(wide.byteCount == 0)
        #expect(!wide.wasRefused())

        for limit in [0, 100, needed / 2, needed - 1] {
            let narrow = ByteAllowance(limit: limit)
            let few = DerivedColumns(Fixture.rowTypes, allowance: narrow)
            #expect(try rows(few) == expected)
            #expect(try rows(few) == expected)
            #expect(narrow.byteCount <= limit)
            #expect(narrow.wasRefused())
            #expect(!narrow.wasRefused())
        }
    }
}
