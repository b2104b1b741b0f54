import Expressions
import StoreColumns
import Testing

/// Derived columns across versions: what changes did not reach is kept, and the rest is as if computed from scratch.
@Suite struct `A derived column is renewed where a change reaches it` {
    private static let fields = Fixture.rowTypes.derived.indices.map { DerivedID($0) }
        .filter { Fixture.rowTypes[$0].resultType != .string }

    private func context(
        _ version: GraphVersion, _ asOf: CivilDate, _ derived: DerivedColumns, _ mode: Materialisation, _ trace: PlanTrace? = nil,
        _ budget: Budget = Budget()
    ) -> EvaluationContext {
        EvaluationContext(
            version: version, rowTypes: Fixture.rowTypes, asOf: asOf, budget: budget, derived: derived, materialisation: mode,
            trace: trace)
    }

    /// A field's value for every live row; nil where it does not fit.
    private func values(of id: DerivedID, _ context: EvaluationContext) throws -> [Scalar?] {
        let field = Fixture.rowTypes[id]
        let expression = Expression.derived(of: .variable(0, field.type), id, field.resultType)
        let compiled = try CompiledExpression(expression, on: field.type, as: field.resultType, context)
        var evaluator = compiled.makeEvaluator()
        let table = context.version[field.type]
        var values: [Scalar?] = []
        for row in 0..<RowNumber(table.rowCount) where table.isLive(row) {
            do {
                values.append(try evaluator.value(of: row))
            } catch EvaluationError.overflow {
                values.append(nil)
            }
        }
        return values
    }

    @Test func `to what it is from scratch, on random changes`() throws {
        var renewedCount = 0
        for seed in UInt64(0)..<40 {
            var register = RandomRegister(random: RandomNumbers(seed: seed), size: 2)
            var naive = NaiveGraph()
            let first = register.first()
            naive.apply(first)
            var version = try GraphVersion.empty(catalog: Fixture.catalog).applying(
                first, number: 1, publishedAt: Instant(microseconds: 0))
            let asOf =
                CivilDate(days: Fixture.date(2016, 1, 1).days + Int32(register.random.below(460))) ?? Fixture.date(2016, 6, 1)
            var derived = DerivedColumns(Fixture.rowTypes)
            for id in Self.fields { _ = try values(of: id, context(version, asOf, derived, .always)) }
            for number in UInt64(2)...4 {
                let changes = register.second(after: naive)
                naive.apply(changes)
                let next = try version.applying(changes, number: number, publishedAt: Instant(microseconds: Int64(number)))
                derived = DerivedColumns(Fixture.rowTypes, keeping: derived, of: version, in: next, sameAsOf: true)
                version = next
                // Now and then a version passes that nobody asks.
                if number == 3, seed % 2 == 0 { continue }
                let trace = PlanTrace { 0 }
                for id in Self.fields {
                    let found = try values(of: id, context(version, asOf, derived, .always, trace))
                    let fresh = try values(of: id, context(version, asOf, DerivedColumns(Fixture.rowTypes), .never))
                    #expect(found == fresh, "seed \(seed), version \(number), \(Fixture.rowTypes[id].name)")
                }
                renewedCount += trace.steps.count { $0.mode == .renewed }
            }
        }
        #expect(renewedCount > 100, "\(renewedCount) columns were renewed")
    }

    @Test func `at the cost of the rows that were reached`() throws {
        let pair = try RegisterPair(seed: 4, size: 100, changes: false)
        let derived = DerivedColumns(Fixture.rowTypes)
        let id = try #require(Self.fields.first { Fixture.rowTypes[$0].name == "poorPersons" })
        _ = try values(of: id, context(pair.version, pair.asOf, derived, .always))
        let standing = TypeChanges(
            type: Fixture.standingPeriod, columns: [0, 1, 3],
            cells: [.reference(Key([.string("f3")])), .date(Fixture.date(2016, 1, 1).days), .enumeration(0)])
        let next = try pair.version.applying(ChangeSet(types: [standing]), number: 2, publishedAt: Instant(microseconds: 1))
        func visited(_ derived: DerivedColumns) throws -> Int {
            let budget = Budget()
            let towns = next[Fixture.town].rowCount
            let expression = Expression.compare(
                .greater, .derived(of: .variable(0, Fixture.town), id, .int), .constant(.int(1), .int))
            _ = try CompiledPredicate(expression, on: Fixture.town, context(next, pair.asOf, derived, .adaptive, nil, budget))
                .rows()
            return budget.rowsVisited - towns
        }
        let kept = DerivedColumns(Fixture.rowTypes, keeping: derived, of: pair.version, in: next, sameAsOf: true)
        let (renewed, anew) = (try visited(kept), try visited(DerivedColumns(Fixture.rowTypes)))
        // Beside the rows of the one type that changed, which are compared.
        #expect(renewed < next[Fixture.standingPeriod].rowCount + 600, "\(renewed) rows, \(anew) from scratch")
        #expect(renewed * 2 < anew, "\(renewed) rows, \(anew) from scratch")
    }
}
