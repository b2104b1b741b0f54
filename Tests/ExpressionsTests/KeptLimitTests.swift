import Expressions
import StoreColumns
import Testing

/// What is kept is bounded in number, age and share of a table. On both sides of each bound what is asked again is what it is from scratch.
@Suite struct `What is kept up to a limit` {
    private static let meanIncome = Fixture.rowTypes.derived.firstIndex { $0.name == "meanIncome" }.map { DerivedID($0) }

    /// Towns of one family each.
    private static func register(of count: Int) throws -> GraphVersion {
        var towns = TypeChanges(type: Fixture.town, columns: [0])
        var families = TypeChanges(type: Fixture.family, columns: [0, 1, 3])
        for town in 0..<count {
            towns.cells.append(.string("t\(town)"))
            families.cells += [.string("f\(town)"), .reference(Key([.string("t\(town)")])), .decimal(Int64(town))]
        }
        return try GraphVersion.empty(catalog: Fixture.catalog).applying(
            ChangeSet(types: [towns, families]), number: 1, publishedAt: Instant(microseconds: 0))
    }

    private func changed(_ version: GraphVersion, _ families: [Int], to income: Int64) throws -> GraphVersion {
        let changes = TypeChanges(
            type: Fixture.family, columns: [0, 3], cells: families.flatMap { [.string("f\($0)"), .decimal(income + Int64($0))] })
        return try version.applying(
            ChangeSet(types: [changes]), number: version.number + 1, publishedAt: Instant(microseconds: 1))
    }

    private func means(_ version: GraphVersion, _ derived: DerivedColumns, _ mode: Materialisation, _ trace: PlanTrace? = nil)
        throws
        -> [Scalar]
    {
        let id = try #require(Self.meanIncome)
        let context = EvaluationContext(
            version: version, rowTypes: Fixture.rowTypes, asOf: Fixture.date(2016, 11, 15), budget: Budget(), derived: derived,
            materialisation: mode, trace: trace)
        let type = Fixture.rowTypes[id].resultType
        let compiled = try CompiledExpression(
            .derived(of: .variable(0, Fixture.town), id, type), on: Fixture.town, as: type, context)
        var evaluator = compiled.makeEvaluator()
        return try (0..<RowNumber(version[Fixture.town].rowCount)).map { row in try evaluator.value(of: row) }
    }

    /// So many rows are computed anew one by one, of more the whole column: of a small table 64, of a large one a sixteenth.
    @Test(arguments: [(70, 64), (1_104, 69)]) func `a column is renewed or made anew as its changes reach few rows or many`(
        townCount: Int, limit: Int
    ) throws {
        let version = try Self.register(of: townCount)
        for count in [1, limit - 1, limit, limit + 1] {
            let derived = DerivedColumns(Fixture.rowTypes)
            _ = try means(version, derived, .always)
            let next = try changed(version, Array(0..<count), to: 5_000)
            let kept = DerivedColumns(Fixture.rowTypes, keeping: derived, of: version, in: next, sameAsOf: true)
            let trace = PlanTrace { 0 }
            let found = try means(next, kept, .always, trace)
            #expect(found == (try means(next, DerivedColumns(Fixture.rowTypes), .never)), "\(count) of \(townCount)")
            #expect(trace.steps.contains { $0.mode == .renewed } == (count <= limit), "\(count) of \(townCount)")
        }
    }

    @Test(arguments: [1, 63, 64, 65]) func `a column that nobody asked for over many versions is what it is from scratch`(
        count: Int
    ) throws {
        var version = try Self.register(of: 20)
        var derived = DerivedColumns(Fixture.rowTypes)
        _ = try means(version, derived, .always)
        for step in 0..<count {
            let next = try changed(version, [step % 19], to: Int64(step * 100 + 1_000))
            derived = DerivedColumns(Fixture.rowTypes, keeping: derived, of: version, in: next, sameAsOf: true)
            version = next
        }
        let trace = PlanTrace { 0 }
        let found = try means(version, derived, .always, trace)
        #expect(found == (try means(version, DerivedColumns(Fixture.rowTypes), .never)), "\(count)")
        #expect(trace.steps.contains { $0.mode == .renewed } == (count <= 64), "\(count)")
    }

    @Test func `verdicts of more conditions than are kept are made again`() throws {
        let version = try Self.register(of: 30)
        let derived = DerivedColumns(Fixture.rowTypes)
        let context = EvaluationContext(
            version: version, rowTypes: Fixture.rowTypes, asOf: Fixture.date(2016, 11, 15), budget: Budget(), derived: derived)
        for round in 0..<2 {
            for least in 0..<1_030 {
                let condition = Expression.compare(
                    .greaterOrEqual, .column(of: .variable(0, Fixture.family), column: 3, .decimal(fractionDigits: 2)),
                    .constant(.decimal(Decimal(unscaled: Int64(least % 40), fractionDigits: 2)), .decimal(fractionDigits: 2)))
                // Conditions that mean the same and are not.
                let asked = Expression.and(
                    [condition, .not(.constant(.boolean(false), .boolean))] + (0..<least / 40).map { _ in condition })
                let rows = try CompiledPredicate(asked, on: Fixture.family, context).rows().array()
                #expect(rows == (0..<30).filter { $0 >= least % 40 }.map { RowNumber($0) }, "round \(round), \(least)")
            }
            #expect(derived.verdicts.count == 1_024)
        }
    }

    @Test func `steps beyond the limit are not told, and the others stand where they stood`() {
        let trace = PlanTrace { 0 }
        let whole = trace.begin(.phase, "whole")
        for step in 0..<PlanTrace.stepLimit + 5 {
            let outer = trace.begin(.phase, "step \(step)")
            trace.note(.key, "inside")
            trace.end(outer, rows: step)
        }
        trace.end(whole, rows: 7)
        let steps = trace.steps
        #expect(steps.count == PlanTrace.stepLimit && steps[0].actualRows == 7)
        for (place, step) in steps.enumerated().dropFirst() {
            #expect(step.depth == (place % 2 == 1 ? 1 : 2) && step.name == (place % 2 == 1 ? "step \(place / 2)" : "inside"))
        }
    }

    /// Starts of periods are looked up for two centuries, and found anew for other days.
    @Test(arguments: DateBucket.allCases) func `days of every century have the period that holds them`(unit: DateBucket) throws {
        let first = [
            Fixture.date(1, 1, 1), Fixture.date(1899, 12, 31), Fixture.date(1900, 1, 1), Fixture.date(1900, 1, 2),
            Fixture.date(1969, 12, 31), Fixture.date(2099, 12, 30), Fixture.date(2099, 12, 31), Fixture.date(2100, 1, 1),
            Fixture.date(9_999, 12, 31),
        ]
        var random = RandomNumbers(seed: 17)
        let days = first + (0..<200).compactMap { _ in CivilDate(days: Int32(random.below(300_000)) - 150_000) }
        var register = SmallRegister()
        for (number, day) in days.enumerated() {
            register.add(Fixture.family, ["number": .string("f\(number)"), "since": .date(day.days)])
        }
        let asker = Asker(version: try register.version())
        let since = Expression.column(of: .variable(0, Fixture.family), column: 6, .date)
        let groups = try Aggregation(
            of: [Measure(.count)], by: [GroupingKey(since, .period(unit))], on: Fixture.family, asker.context())
        let figures = try groups.figures(of: .bitmap(Bitmap(count: days.count, all: true)))
        var expected: [CivilDate: Int64] = [:]
        for day in days { expected[unit.bounds(of: day).first, default: 0] += 1 }
        #expect(figures.count == expected.count)
        for group in 0..<figures.count {
            guard case .date(let start) = figures.key(0, of: group) else {
                Issue.record("\(figures.key(0, of: group)) is no day")
                continue
            }
            #expect(try figures.value(0, of: group) == .int(expected[start] ?? -1), "\(start)")
        }
    }
}

/// Who sees few rows of many asks those one by one; of more the whole table is asked.
@Suite struct `Few rows that are seen` {
    @Test(arguments: [1, 63, 64, 65, 255, 256, 257, 1_023, 1_024, 1_025, 2_000])
    func `are those for which a condition holds, and no others`(
        count: Int
    ) throws {
        let pair = try RegisterPair(seed: 5, size: 20, calls: 2_500, leans: true, changes: false)
        var random = RandomNumbers(seed: UInt64(count))
        var chosen = pair.liveRows(Fixture.call).shuffled(using: &random)
        chosen = chosen.prefix(count).sorted()
        var rows = VisibleRows(of: Fixture.catalog)
        rows.restrict(Fixture.call, to: chosen)
        let seen = pair.version.seen(rows)
        let whole = DerivedColumns(Fixture.rowTypes)
        let derived = DerivedColumns(seeing: whole)
        for text in [
            "minutes > 2", "state == 'DONE' && !has(date)", "family.number == 'f0'", "remark == 'ab' || remark.startsWith('b')",
            "family.calls.exists(c, c.minutes > 4)", "size(helpers) == 0",
        ] {
            let expression = try parseCEL(text, on: Fixture.call, in: Fixture.rowTypes, expecting: .boolean)
            func context(_ mode: Materialisation) -> EvaluationContext {
                EvaluationContext(
                    version: seen, rowTypes: Fixture.rowTypes, asOf: pair.asOf, budget: Budget(), derived: derived,
                    materialisation: mode)
            }
            let expected = try CompiledPredicate(expression, on: Fixture.call, context(.never)).rows(among: chosen)
            for mode in [Materialisation.adaptive, .adaptive, .adaptive, .adaptive, .always] {
                let found = try CompiledPredicate(expression, on: Fixture.call, context(mode)).rows().array()
                #expect(found == expected, "\(count) rows, \(mode): \(text)")
            }
            let unseen = pair.version
            guard !text.contains("family.calls") else { continue }
            let all = EvaluationContext(
                version: unseen, rowTypes: Fixture.rowTypes, asOf: pair.asOf, budget: Budget(), derived: whole,
                materialisation: .never)
            let byAll = try CompiledPredicate(expression, on: Fixture.call, all).rows(among: chosen)
            #expect(expected == byAll, "\(count) rows: \(text)")
        }
    }
}
