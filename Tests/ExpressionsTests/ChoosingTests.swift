import Expressions
import StoreColumns
import Synchronization
import Testing

/// Where a question begins, and what is kept of it: counted in rows looked at.
@Suite struct `A question begins at the end with the fewest rows` {
    /// Large enough that another type is looked at first, and small enough to be made in a second.
    private static let pair = Result { try RegisterPair(seed: 9, size: 400, changes: false) }

    private func predicate(_ text: String, on type: NodeTypeID, _ context: EvaluationContext) throws -> CompiledPredicate {
        try CompiledPredicate(parseCEL(text, on: type, in: Fixture.rowTypes, expecting: .boolean), on: type, context)
    }

    /// Rows looked at to answer, and whether they were found without a scan; the answer is held against row by row.
    private func cost(
        _ text: String, on type: NodeTypeID, of pair: RegisterPair? = nil,
        derived: DerivedColumns = DerivedColumns(Fixture.rowTypes)
    ) throws -> (visited: Int, isList: Bool) {
        let pair = try pair ?? Self.pair.get()
        let budget = Budget()
        var context = pair.context(.adaptive, budget)
        context.derived = derived
        let found = try predicate(text, on: type, context).rows()
        let rowByRow = try predicate(text, on: type, pair.context(.never))
        #expect(try rowByRow.rows(among: pair.liveRows(type)) == found.array(), "\(text)")
        if case .list = found { return (budget.rowsVisited, true) }
        return (budget.rowsVisited, false)
    }

    @Test(arguments: [
        // The selective part stands last, first, inside, and behind two edges.
        ("family.income > 1 && minutes > 0 && family.cares.exists(c, c.helper.number == 'h17')", Fixture.call),
        ("family.number in ['f3', 'f9'] && minutes >= 0", Fixture.call),
        ("(family.number == 'f3' || number == 77) && place == 'AT_HOME'", Fixture.call),
        ("calls.exists(c, c.minutes > 0 && c.helpers.exists(h, h.number == 'h5'))", Fixture.family),
    ])
    func `a key at any place is the beginning, and costs its rows`(_ text: String, _ type: NodeTypeID) throws {
        let cost = try cost(text, on: type)
        #expect(cost.isList, "\(text) was scanned")
        #expect(cost.visited < 500, "\(text) visited \(cost.visited)")
    }

    @Test func `the smaller type is asked as a whole, and its few rows are followed`() throws {
        let pair = try Self.pair.get()
        let (families, calls) = (pair.version[Fixture.family].liveRowCount, pair.version[Fixture.call].liveRowCount)
        let derived = DerivedColumns(Fixture.rowTypes)
        let first = try cost("minutes >= 0 && family.income > 14.85", on: Fixture.call, derived: derived)
        #expect(first.isList)
        #expect(first.visited <= families + calls / 32 + 1_024, "\(first.visited)")
        // Asked from another side, the families need not be asked again.
        let second = try cost("minutes < 0 && family.income > 14.85", on: Fixture.call, derived: derived)
        #expect(second.isList)
        #expect(second.visited <= calls / 32 + 64, "\(second.visited)")
    }

    @Test func `another type is not scanned where a key leaves fewer rows than it has`() throws {
        let cost = try cost("family.income > 14.85 && helpers.exists(h, h.number == 'h17')", on: Fixture.call)
        #expect(cost.isList)
        #expect(cost.visited < 300, "\(cost.visited)")
    }

    @Test func `a derived condition is looked into`() throws {
        var types = Fixture.rowTypes
        let text = "helper.number == 'h17' && !has(validTo)"
        types.derived.append(
            DerivedField(
                name: "isOpenOfOne", type: Fixture.care, resultType: .boolean, text: text,
                expression: try parseCEL(text, on: Fixture.care, in: types, expecting: .boolean)))
        let id = DerivedID(types.derived.count - 1)
        let pair = try Self.pair.get()
        let budget = Budget()
        let context = EvaluationContext(
            version: pair.version, rowTypes: types, asOf: pair.asOf, budget: budget, derived: DerivedColumns(types))
        let field = Expression.derived(of: .variable(0, Fixture.care), id, .boolean)
        for question in [field, .compare(.equal, field, .constant(.boolean(true), .boolean))] {
            guard case .list = try CompiledPredicate(question, on: Fixture.care, context).rows() else {
                Issue.record("it was scanned")
                return
            }
        }
        #expect(budget.rowsVisited < 200)
    }

    @Test func `a text that is asked for again and again is looked up`() throws {
        var pair = try Self.pair.get()
        let change = TypeChanges(
            type: Fixture.call, columns: [0, 10], cells: [.int(7), .string("rare"), .int(9), .string("rare")])
        pair.version = try pair.version.applying(ChangeSet(types: [change]), number: 2, publishedAt: Instant(microseconds: 1))
        let calls = pair.version[Fixture.call].liveRowCount
        let derived = DerivedColumns(Fixture.rowTypes)
        for ask in 1...2 {
            let text = "remark == 'rare' && minutes > -\(ask + 5)"
            let scan = try cost(text, on: Fixture.call, of: pair, derived: derived)
            #expect(!scan.isList && scan.visited >= calls)
        }
        let making = try cost("remark == 'rare' && minutes > -9", on: Fixture.call, of: pair, derived: derived)
        #expect(making.isList && making.visited <= 2 * calls + 64)
        for text in ["remark == 'rare'", "remark in ['rare', 'never']", "remark == 'never'"] {
            let known = try cost(text, on: Fixture.call, of: pair, derived: derived)
            #expect(known.isList && known.visited < 10, "\(text): \(known.visited)")
        }
        // What many rows have is no beginning.
        #expect(try !cost("remark == 'a'", on: Fixture.call, of: pair, derived: derived).isList)
        // A deleted row is not found.
        var next = pair
        let deletion = TypeChanges(type: Fixture.call, columns: [], deletedKeys: [Key([.int(7)])])
        next.version = try pair.version.applying(ChangeSet(types: [deletion]), number: 3, publishedAt: Instant(microseconds: 2))
        let kept = DerivedColumns(Fixture.rowTypes, keeping: derived, of: pair.version, in: next.version, sameAsOf: true)
        _ = try cost("remark == 'rare'", on: Fixture.call, of: next, derived: kept)
    }

    @Test func `what takes less or rules out more is asked first`() throws {
        let pair = try Self.pair.get()
        // Nearly no call lasts so long; the pattern is asked of those alone.
        let budget = Budget()
        var context = pair.context(.adaptive, budget)
        context.materialisation = .always
        let trace = PlanTrace { 0 }
        context.trace = trace
        _ = try predicate("remark.matches('b+a?') && minutes > 4 && family.income > 1", on: Fixture.call, context).rows()
        let order = trace.steps.filter { $0.name.hasPrefix("in this order") }.map(\.name)
        #expect(order.count == 3)
        #expect(order.first?.contains("minutes") == true, "\(order)")
    }

    // MARK: What is kept

    @Test func `a condition that was asked is known, in any question that holds it`() throws {
        let derived = DerivedColumns(Fixture.rowTypes)
        let families = try Self.pair.get().version[Fixture.family].liveRowCount
        _ = try cost("calls.exists(c, c.place == 'AT_HOME')", on: Fixture.family, derived: derived)
        let again = try cost("calls.exists(c, c.place == 'AT_HOME')", on: Fixture.family, derived: derived)
        #expect(again.visited == 0)
        let inside = try cost("calls.exists(c, c.place == 'AT_HOME') && income > 1", on: Fixture.family, derived: derived)
        #expect(inside.visited <= families + 1_024, "\(inside.visited)")
        let counts = derived.verdicts.counts
        #expect(counts.found >= 2 && counts.made >= 3 && counts.byteCount > 0)
    }

    @Test func `two that ask at once compute it once`() async throws {
        let pair = try Self.pair.get()
        let alone = try cost("calls.exists(c, c.minutes > 3)", on: Fixture.family).visited
        let budget = Budget()
        let context = pair.context(.adaptive, budget)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { try predicate("calls.exists(c, c.minutes > 3)", on: Fixture.family, context).rows().count }
            }
            var counts: Set<Int> = []
            for try await count in group { counts.insert(count) }
            #expect(counts.count == 1)
        }
        #expect(budget.rowsVisited == alone)
    }

    @Test func `the next version keeps the verdicts that nothing has changed under`() throws {
        let pair = try Self.pair.get()
        let derived = DerivedColumns(Fixture.rowTypes)
        _ = try cost("calls.exists(c, c.minutes > 3)", on: Fixture.family, derived: derived)
        _ = try cost("standing == 'POOR' && income > 1", on: Fixture.family, derived: derived)
        var next = pair
        let change = TypeChanges(type: Fixture.call, columns: [0, 7], cells: [.int(3), .int(7)])
        next.version = try pair.version.applying(ChangeSet(types: [change]), number: 2, publishedAt: Instant(microseconds: 1))
        func kept(sameAsOf: Bool) -> DerivedColumns {
            DerivedColumns(Fixture.rowTypes, keeping: derived, of: pair.version, in: next.version, sameAsOf: sameAsOf)
        }
        #expect(
            try cost("calls.exists(c, c.minutes > 3)", on: Fixture.family, of: next, derived: kept(sameAsOf: true)).visited
                > 1_000)
        #expect(
            try cost("standing == 'POOR' && income > 1", on: Fixture.family, of: next, derived: kept(sameAsOf: true)).visited == 0
        )
        #expect(kept(sameAsOf: false).verdicts.count < derived.verdicts.count)
    }

    @Test func `verdicts keep to their bytes, and the oldest go`() throws {
        let pair = try Self.pair.get()
        let families = pair.version[Fixture.family].rowCount
        let byteLimit = 3 * ((families + 63) / 64) * 8
        let allowance = VerdictAllowance(byteLimit: byteLimit)
        let derived = DerivedColumns(Fixture.rowTypes, verdicts: allowance)
        for number in 0..<6 { _ = try cost("!has(income) || income > \(number)", on: Fixture.family, derived: derived) }
        #expect(allowance.counts.byteCount <= byteLimit)
        #expect(allowance.counts.forgotten >= 3)
        #expect(try cost("!has(income) || income > 5", on: Fixture.family, derived: derived).visited == 0)
        #expect(try cost("!has(income) || income > 0", on: Fixture.family, derived: derived).visited >= families)
        let nothing = DerivedColumns(Fixture.rowTypes, verdicts: VerdictAllowance(byteLimit: 1))
        for _ in 0..<2 { #expect(try cost("income > 1", on: Fixture.family, derived: nothing).visited >= families) }
    }

    // MARK: Several threads

    /// Does the parts in another order than they come in, and counts them.
    private final class Backwards: ForkJoin {
        let parts = Counter()
        func run(parts count: Int, _ body: @escaping @Sendable (Int) -> Void) {
            parts.add(count)
            for part in (0..<count).reversed() { body(part) }
        }
    }

    @Test func `large scans are split, small ones are not`() throws {
        let pair = try Self.pair.get()
        for (minimum, splits) in [(1, true), (1 << 18, false)] {
            let threads = Backwards()
            var context = pair.context(.adaptive)
            context.splitting = Splitting(threads, minimumRowCount: minimum, partRowCount: 1_024)
            let found = try predicate("minutes > 3 && family.calls.exists(c, c.minutes < 0)", on: Fixture.call, context).rows()
            #expect((threads.parts.value > 0) == splits)
            let rowByRow = try predicate(
                "minutes > 3 && family.calls.exists(c, c.minutes < 0)", on: Fixture.call, pair.context(.never))
            #expect(try rowByRow.rows(among: pair.liveRows(Fixture.call)) == found.array())
        }
    }

    @Test func `what is unknown in some parts and in no other stands at its rows`() throws {
        var register = SmallRegister()
        for number in 0..<3_000 {
            // Of the first 2,048 rows, two parts, none is in doubt.
            let income: Cell = number >= 2_048 && number % 3 == 0 ? .null : .decimal(Int64(number % 40))
            register.add(Fixture.family, ["number": .string("f\(number)"), "income": income])
        }
        let threads = Backwards()
        var context = Asker(version: try register.version()).context()
        context.splitting = Splitting(threads, minimumRowCount: 1, partRowCount: 1_024)
        let condition = try parseCEL("income > 0.15", on: Fixture.family, in: Fixture.rowTypes, expecting: .boolean)
        let income = try parseCEL("income", on: Fixture.family, in: Fixture.rowTypes, expecting: nil)
        let counts = try FailureCounts([condition], of: Fixture.family, among: [], by: income, context, groupLimit: 100)
        #expect(threads.parts.value > 1)
        #expect(counts.total.unknown == (2_048..<3_000).count { $0 % 3 == 0 })
        for group in counts.groups { #expect(group.unknown == (group.key == .null ? group.rows : 0), "\(group.key)") }
    }

    @Test func `the first and the last of many rows are picked in parts as in one pass`() throws {
        let pair = try Self.pair.get()
        let rows = pair.liveRows(Fixture.call)
        try #require(rows.count > 2_048)
        let threads = Backwards()
        var context = pair.context(.adaptive)
        let alone = try RowOrder([], on: Fixture.call, context)
        context.splitting = Splitting(threads, minimumRowCount: 1, partRowCount: 1_024)
        let inParts = try RowOrder([], on: Fixture.call, context)
        let ordered = try alone.sorted(rows)
        for limit in [1, 7, 100] {
            for isFromEnd in [false, true] {
                let stretch = RowStretch(limit: limit, isFromEnd: isFromEnd)
                let expected = Array(isFromEnd ? ordered.suffix(limit) : ordered.prefix(limit))
                #expect(try alone.sorted(rows.reversed(), in: stretch) == expected)
                #expect(try inParts.sorted(rows.reversed(), in: stretch) == expected)
            }
        }
        #expect(threads.parts.value >= 6 * 3)
    }

    @Test func `the error of a part is the error of the scan`() throws {
        let pair = try Self.pair.get()
        let budget = Budget(rowLimit: 3_000)
        var context = pair.context(.adaptive, budget)
        context.splitting = Splitting(Backwards(), minimumRowCount: 1, partRowCount: 1_024)
        let question = try predicate("minutes > 3", on: Fixture.call, context)
        #expect(throws: EvaluationError.overBudget(.rowsVisited, limit: 3_000)) { try question.rows() }
    }

    // MARK: Plans that are explained

    @Test func `a trace tells the way, the mode and the rows of each step`() throws {
        let pair = try Self.pair.get()
        let derived = DerivedColumns(Fixture.rowTypes)
        func steps(_ text: String, on type: NodeTypeID) throws -> [PlanTrace.Step] {
            var context = pair.context(.adaptive)
            context.derived = derived
            let trace = PlanTrace { 5 }
            context.trace = trace
            _ = try predicate(text, on: type, context).rows()
            return trace.steps
        }
        let few = try steps("minutes > 0 && family.number == 'f3'", on: Fixture.call)
        #expect(few.map(\.mode) == [.phase, .key, .edge, .rows])
        #expect(few.contains { $0.mode == .key && $0.name == "Family.number" && $0.actualRows == 1 })
        #expect(few.first { $0.mode == .rows }?.estimatedRows == few.first { $0.mode == .edge }?.actualRows)
        let all = try steps("minutes > 3 && family.calls.exists(c, c.minutes < 0)", on: Fixture.call)
        #expect(all.contains { $0.mode == .set && $0.name.contains("minutes < 0") && $0.depth >= 1 }, "\(all)")
        let again = try steps("minutes > 3 && family.calls.exists(c, c.minutes < 0)", on: Fixture.call)
        #expect(again.contains { $0.mode == .kept && $0.visitedRows == 0 })
    }
}

/// A number that several threads count up.
final class Counter: Sendable {
    private let number = Mutex(0)
    var value: Int { number.withLock { $0 } }
    func add(_ count: Int) { number.withLock { $0 += count } }
}
