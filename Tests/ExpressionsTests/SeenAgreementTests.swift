import Expressions
import StoreColumns
import Testing

/// Random registers of which somebody sees a part × random expressions: whatever is asked is asked of the rows that are seen, and what
/// the model derives is derived of all.
@Suite struct `On a seen version every mode agrees with the graph without the hidden rows` {
    /// A register, what somebody sees of it, and the same with the hidden rows gone.
    private struct SeenPair {
        let whole: RegisterPair
        let seen: GraphVersion
        let naive: NaiveGraph
        private let derived: DerivedColumns

        init(seed: UInt64, size: Int = 1) throws {
            let whole = try RegisterPair(seed: seed, size: size, changes: seed % 2 == 0)
            self.whole = whole
            var random = RandomNumbers(seed: seed &+ 77)
            var rows = VisibleRows(of: Fixture.catalog)
            var naive = whole.naive
            for type in Fixture.catalog.nodeTypes.indices.map({ NodeTypeID($0) }) where random.once(in: 3) {
                let share = random.below(4)
                let chosen = whole.liveRows(type).filter { _ in random.below(4) < share + 1 }
                rows.restrict(type, to: chosen)
                let keys = Set(chosen.map { whole.version.key(of: $0, type: type) })
                naive.rows[type.index] = naive.rows[type.index].filter { keys.contains($0.key) }
            }
            naive.removeWhatRequiresTheHidden()
            self.naive = naive
            seen = whole.version.seen(rows)
            derived = DerivedColumns(Fixture.rowTypes)
        }

        func context(_ mode: Materialisation) -> EvaluationContext {
            EvaluationContext(
                version: seen, rowTypes: Fixture.rowTypes, asOf: whole.asOf, budget: Budget(),
                derived: DerivedColumns(seeing: derived), materialisation: mode)
        }

        func liveRows(_ type: NodeTypeID) -> [RowNumber] {
            (0..<RowNumber(seen[type].rowCount)).filter { seen[type].isLive($0) }
        }

        func naive(_ type: NodeTypeID, _ row: RowNumber) -> NaiveEvaluator {
            NaiveEvaluator(
                graph: naive, asOf: whole.asOf, variables: [0: .row(type, seen.key(of: row, type: type))], whole: whole.naive)
        }
    }

    private func unlessOverflow<Result>(_ body: () throws -> Result) throws -> Result? {
        do { return try body() } catch EvaluationError.overflow { return nil } catch is NaiveOverflow { return nil }
    }

    @Test(arguments: 0..<60) func `on predicates`(_ seed: UInt64) throws {
        let pair = try SeenPair(seed: seed)
        for type in `Row mode, set mode and the definition agree`.types {
            #expect(pair.seen[type].liveRowCount == pair.naive.keys(type).count, "seed \(seed)")
        }
        var expressions = RandomExpressions(seed: seed)
        for _ in 0..<40 {
            let type = expressions.random.pick(`Row mode, set mode and the definition agree`.types)
            let expression = expressions.truth(on: type, depth: 3)
            let rowByRow = try CompiledPredicate(expression, on: type, pair.context(.never))
            var expected: Set<RowNumber> = []
            var fails = false
            for row in pair.liveRows(type) {
                let wanted = try unlessOverflow { try pair.naive(type, row).truth(expression) }
                guard let truth = wanted, let found = try unlessOverflow({ try rowByRow.truth(of: row) }) else {
                    fails = true
                    continue
                }
                if truth == true { expected.insert(row) }
                #expect(
                    found == (truth == true ? .yes : truth == false ? .no : .unknown),
                    "seed \(seed) row \(row): \(expression.shown)")
            }
            if fails { continue }
            for mode in [Materialisation.always, .adaptive] {
                guard
                    let found = try unlessOverflow({
                        Set(try CompiledPredicate(expression, on: type, pair.context(mode)).rows().array())
                    })
                else { continue }
                #expect(found == expected, "seed \(seed) \(mode): \(expression.shown)")
            }
            if let candidates = try rowByRow.exactCandidates(limit: 1_000) {
                #expect(expected.isSubset(of: candidates), "seed \(seed) candidates: \(expression.shown)")
            }
        }
    }

    @Test(arguments: 0..<40) func `on values`(_ seed: UInt64) throws {
        let pair = try SeenPair(seed: seed)
        var expressions = RandomExpressions(seed: seed)
        for _ in 0..<40 {
            let type = expressions.random.pick(`Row mode, set mode and the definition agree`.types)
            let expression = expressions.value(expressions.random.pick(RandomExpressions.valueTypes), on: type, depth: 3)
            for mode in [Materialisation.never, .always] {
                let compiled = try CompiledExpression(expression, on: type, pair.context(mode))
                for row in pair.liveRows(type) {
                    guard let expected = try unlessOverflow({ try pair.naive(type, row).evaluate(expression) }),
                        let found = try unlessOverflow({ try compiled.value(of: row) })
                    else { continue }
                    #expect(
                        found.agrees(with: expected),
                        "seed \(seed) \(mode) row \(row): \(found.shown), not \(expected), for \(expression.shown)")
                }
            }
        }
    }

    /// Past the first block, the two modes alone.
    @Test(arguments: 0..<4) func `over many blocks`(_ seed: UInt64) throws {
        let pair = try SeenPair(seed: seed, size: 100)
        var expressions = RandomExpressions(seed: seed &+ 1_000)
        for _ in 0..<20 {
            let type = expressions.random.pick([Fixture.call, Fixture.family, Fixture.person])
            let expression = expressions.truth(on: type, depth: 2)
            do throws(EvaluationError) {
                let expected = try CompiledPredicate(expression, on: type, pair.context(.never)).rows(among: pair.liveRows(type))
                for mode in [Materialisation.always, .adaptive] {
                    let whole = try CompiledPredicate(expression, on: type, pair.context(mode))
                    #expect(try whole.rows().array() == expected, "seed \(seed) \(mode): \(expression.shown)")
                }
            } catch .overflow { continue }
        }
    }
}

extension NaiveGraph {
    /// Takes out rows whose reference that must hold a row names none that is there; forgets references that may be null, and elements
    /// of lists.
    fileprivate mutating func removeWhatRequiresTheHidden() {
        var isDone = false
        while !isDone {
            isDone = true
            for (index, type) in Fixture.catalog.nodeTypes.enumerated() {
                for (key, cells) in rows[index] {
                    for (column, definition) in type.columns.enumerated() {
                        guard case .reference(let target) = definition.kind, !definition.isNullable,
                            case .reference(let named) = cells[column], rows[target.index][named] == nil
                        else { continue }
                        rows[index][key] = nil
                        isDone = false
                    }
                }
            }
        }
        let left = rows
        for (index, type) in Fixture.catalog.nodeTypes.enumerated() {
            for (key, cells) in left[index] {
                for (column, definition) in type.columns.enumerated() {
                    switch (definition.kind, cells[column]) {
                    case (.reference(let target), .reference(let named)) where left[target.index][named] == nil:
                        rows[index][key]?[column] = .null
                    case (.referenceList(let target), .referenceList(let named)):
                        rows[index][key]?[column] = .referenceList(named.filter { left[target.index][$0] != nil })
                    default: break
                    }
                }
            }
        }
    }
}
