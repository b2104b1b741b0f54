import Dispatch
import Expressions
import StoreColumns
import Testing

/// Random registers × random expressions: one row at a time, whole types at once, and the naive evaluator agree.
@Suite struct `Row mode, set mode and the definition agree` {
    /// A result, or nil where it does not fit: whether it must, and where, is not what the modes agree on.
    private func unlessOverflow<Result>(_ body: () throws -> Result) throws -> Result? {
        do { return try body() } catch EvaluationError.overflow { return nil } catch is NaiveOverflow { return nil }
    }

    static let types = Fixture.catalog.nodeTypes.indices.map { NodeTypeID($0) }

    @Test(arguments: 0..<60) func `on predicates`(_ seed: UInt64) throws {
        let pair = try RegisterPair(seed: seed)
        var expressions = RandomExpressions(seed: seed)
        for _ in 0..<40 {
            let type = expressions.random.pick(Self.types)
            let expression = expressions.truth(on: type, depth: 3)
            let rowByRow = try CompiledPredicate(expression, on: type, pair.context(.never))
            var expected: Set<RowNumber> = []
            var unknown: Set<RowNumber> = []
            var fails = false
            for row in pair.liveRows(type) {
                let wanted = try unlessOverflow { try pair.evaluator(type, row).truth(expression) }
                guard let truth = wanted, let found = try unlessOverflow({ try rowByRow.truth(of: row) }) else {
                    fails = true
                    continue
                }
                if truth == true { expected.insert(row) }
                if truth == nil { unknown.insert(row) }
                #expect(
                    found == (truth == true ? .yes : truth == false ? .no : .unknown),
                    "seed \(seed) row \(row): \(expression.shown)")
            }
            if fails { continue }
            for mode in [Materialisation.always, .adaptive] {
                let context = pair.context(mode)
                let whole = try CompiledPredicate(expression, on: type, context)
                #expect(Set(try whole.rows().array()) == expected, "seed \(seed) \(mode): \(expression.shown)")
                let isUnknown = try CompiledPredicate(.isNull(expression), on: type, context)
                #expect(Set(try isUnknown.rows().array()) == unknown, "seed \(seed) \(mode) unknown: \(expression.shown)")
                for row in pair.liveRows(type) {
                    #expect(
                        (try whole.truth(of: row) == .yes) == expected.contains(row),
                        "seed \(seed) \(mode) row \(row): \(expression.shown)")
                }
            }
            if let candidates = try rowByRow.exactCandidates(limit: 1_000) {
                #expect(expected.isSubset(of: candidates), "seed \(seed) candidates: \(expression.shown)")
                #expect(candidates == Array(Set(candidates)).sorted())
            }
        }
    }

    @Test(arguments: 0..<60) func `on values`(_ seed: UInt64) throws {
        let pair = try RegisterPair(seed: seed)
        var expressions = RandomExpressions(seed: seed)
        for _ in 0..<40 {
            let type = expressions.random.pick(Self.types)
            let expression = expressions.value(expressions.random.pick(RandomExpressions.valueTypes), on: type, depth: 3)
            for mode in [Materialisation.never, .always] {
                let compiled = try CompiledExpression(expression, on: type, pair.context(mode))
                for row in pair.liveRows(type) {
                    guard let expected = try unlessOverflow({ try pair.evaluator(type, row).evaluate(expression) }) else {
                        continue
                    }
                    guard let found = try unlessOverflow({ try compiled.value(of: row) }) else { continue }
                    #expect(
                        found.agrees(with: expected),
                        "seed \(seed) \(mode) row \(row): \(found.shown), not \(expected), for \(expression.shown)")
                }
            }
        }
    }

    @Test(arguments: 0..<30) func `on sets of rows`(_ seed: UInt64) throws {
        let pair = try RegisterPair(seed: seed)
        for type in Self.types {
            for field in Fixture.rowTypes[type].fields {
                guard case .toMany(let edge, _) = field.source else { continue }
                let expression = Expression.rows(from: .variable(0, type), edge)
                let compiled = try CompiledRows(expression, on: type, pair.context(.never))
                var evaluator = compiled.makeEvaluator()
                var rows: [RowNumber] = []
                for row in pair.liveRows(type) {
                    try evaluator.rows(of: row, into: &rows)
                    #expect(rows == Array(Set(rows)).sorted())
                    let count = try evaluator.count(of: row)
                    #expect(count == rows.count)
                    let found = Set(rows.map { pair.version.key(of: $0, type: compiled.target) })
                    switch try pair.evaluator(type, row).evaluate(expression) {
                    case .rows(_, let keys): #expect(found == Set(keys), "seed \(seed) \(field.name)")
                    default: #expect(found.isEmpty)
                    }
                }
            }
        }
    }

    @Test(arguments: 0..<40) func `on order`(_ seed: UInt64) throws {
        let pair = try RegisterPair(seed: seed)
        var expressions = RandomExpressions(seed: seed)
        for _ in 0..<10 {
            let type = expressions.random.pick(Self.types)
            var keys: [SortKey] = []
            for _ in 0..<expressions.random.below(3) {
                let key = expressions.value(expressions.random.pick(RandomExpressions.valueTypes), on: type, depth: 1)
                keys.append(SortKey(key, ascending: expressions.random.once(in: 2), nullsFirst: expressions.random.once(in: 2)))
            }
            let rows = pair.liveRows(type)
            let values = Dictionary(
                uniqueKeysWithValues: rows.map { row in
                    (row, keys.map { (try? pair.evaluator(type, row).evaluate($0.expression)) ?? .truth(false) })
                })
            if values.values.contains(where: { $0.contains(.truth(false)) }) { continue }
            let expected = rows.sorted { left, right in
                for (index, key) in keys.enumerated() {
                    guard let a = values[left]?[index], let b = values[right]?[index] else { continue }
                    if a == .null || b == .null {
                        if a == b { continue }
                        return (a == .null) == key.nullsFirst
                    }
                    let order = a.order(against: b)
                    if order != 0 { return key.ascending ? order < 0 : order > 0 }
                }
                return pair.naive.precedes(pair.version.key(of: left, type: type), pair.version.key(of: right, type: type))
            }
            let order = try RowOrder(keys, on: type, pair.context(.adaptive))
            let few = order.makeSorterOfFew()
            for count in [0, 1, 2, 3, 8, 31, 32, 33] {
                let some = Array(rows.shuffled(using: &expressions.random).prefix(count))
                let wanted = expected.filter(some.contains)
                var sorted = some
                if try few.sort(&sorted) {
                    #expect(sorted == wanted, "seed \(seed) count \(count)")
                } else {
                    #expect(!keys.isEmpty || some.count > 32, "seed \(seed): few rows are ordered by their key at once")
                    #expect(try order.sorted(sorted) == wanted, "seed \(seed) count \(count): all are still there")
                }
            }
            #expect(try order.sorted(rows.shuffled(using: &expressions.random)) == expected, "seed \(seed)")
            for (place, row) in expected.enumerated() {
                let end = expressions.random.below(expected.count)
                for limit in [0, 2, expected.count] {
                    for isFromEnd in [false, true] {
                        func check(_ after: RowNumber?, _ before: RowNumber?, _ range: Range<Int>) throws {
                            let stretch = RowStretch(after: after, before: before, limit: limit, isFromEnd: isFromEnd)
                            let found = try order.sorted(rows, in: stretch)
                            let wanted = expected[range]
                            #expect(found == Array(isFromEnd ? wanted.suffix(limit) : wanted.prefix(limit)), "seed \(seed)")
                        }
                        try check(row, nil, place + 1..<expected.count)
                        try check(nil, row, 0..<place)
                        try check(row, expected[end], place + 1..<max(place + 1, end))
                    }
                }
            }
            for count in [0, 1, rows.count / 5, rows.count / 2, rows.count + 3] {
                #expect(
                    try order.sorted(rows.shuffled(using: &expressions.random), first: count) == Array(expected.prefix(count)),
                    "seed \(seed)")
            }
        }
    }

    /// Past the first block of 1,024 rows, where the naive evaluator would take minutes: the two modes alone.
    @Test(arguments: 0..<6) func `over many blocks`(_ seed: UInt64) throws {
        let pair = try RegisterPair(seed: seed, size: 120, changes: seed % 2 == 0)
        var expressions = RandomExpressions(seed: seed &+ 1_000)
        for _ in 0..<25 {
            let type = expressions.random.pick([Fixture.call, Fixture.family, Fixture.person])
            let expression = expressions.truth(on: type, depth: 2)
            do throws(EvaluationError) {
                let rowByRow = try CompiledPredicate(expression, on: type, pair.context(.never))
                let expected = try rowByRow.rows(among: pair.liveRows(type))
                for (mode, splits) in [(Materialisation.always, false), (.adaptive, false), (.always, true), (.adaptive, true)] {
                    var context = pair.context(mode)
                    if splits { context.splitting = Splitting(Concurrently(), minimumRowCount: 1, partRowCount: 1_024) }
                    let whole = try CompiledPredicate(expression, on: type, context)
                    #expect(try whole.rows().array() == expected, "seed \(seed) \(mode) \(splits): \(expression.shown)")
                }
            } catch .overflow { continue }
        }
    }
}

/// A column between two constants, which is one pass over it, beside the two comparisons by themselves.
@Suite struct `Ranges` {
    @Test(arguments: 0..<4) func `hold where both comparisons do`(_ seed: UInt64) throws {
        let pair = try RegisterPair(seed: seed, size: 60, changes: seed % 2 == 0)
        var random = RandomNumbers(seed: seed)
        let type = Fixture.call
        func rows(_ text: String, _ mode: Materialisation) throws -> Set<RowNumber> {
            let expression = try parseCEL(text, on: type, in: Fixture.rowTypes, expecting: .boolean)
            let predicate = try CompiledPredicate(expression, on: type, pair.context(mode))
            return Set(try mode == .never ? predicate.rows(among: pair.liveRows(type)) : predicate.rows().array())
        }
        for _ in 0..<30 {
            let (column, values) = random.pick([
                ("minutes", ["-1", "0", "7", "30", "61", "2147483647"]), ("cost", ["0.0", "0.5", "12.25", "99999999999.5"]),
                ("date", ["date('2016-01-01')", "date('2016-06-30')", "date('2017-02-03')"]),
            ])
            let below = "\(column) \(random.pick([">", ">="])) \(random.pick(values))"
            let above = "\(column) \(random.pick(["<", "<="])) \(random.pick(values))"
            let expected = try rows(below, .never).intersection(try rows(above, .never))
            for text in ["\(below) && \(above)", "\(above) && state == 'DONE' && \(below) || \(below) && \(above)"] {
                for mode in [Materialisation.never, .always, .adaptive] {
                    #expect(try rows(text, mode) == expected, "seed \(seed) \(mode): \(text)")
                }
            }
            // What is not there is in no range, and in none outside of one.
            let outside = try rows("!(\(below) && \(above))", .always)
            #expect(outside == (try rows("has(\(column))", .never).subtracting(expected)), "seed \(seed): \(below), \(above)")
        }
    }
}

/// Groups made in parts on several threads beside those of one pass.
@Suite struct `Groups in parts` {
    @Test(arguments: 0..<4) func `are those of one pass, in their order`(_ seed: UInt64) throws {
        let pair = try RegisterPair(seed: seed, size: 120, changes: seed % 2 == 0)
        var expressions = RandomExpressions(seed: seed &+ 2_000)
        let type = Fixture.call
        func parsed(_ text: String) throws -> Expression { try parseCEL(text, on: type, in: Fixture.rowTypes, expecting: nil) }
        let keys = try ["place", "state", "family", "isJoint", "remark"].map { GroupingKey(try parsed($0)) }
        let (minutes, cost, day) = (try parsed("minutes"), try parsed("cost"), try parsed("date"))
        for _ in 0..<8 {
            let condition = expressions.truth(on: type, depth: 1)
            let chosen = Array(keys.shuffled(using: &expressions.random).prefix(expressions.random.below(3)))
            let measures = [
                Measure(.count), Measure(.count, of: minutes, where: condition), Measure(.sum, of: minutes),
                Measure(.sum, of: cost, where: condition), Measure(.average, of: minutes), Measure(.minimum, of: day),
                Measure(.maximum, of: cost),
            ]
            func figures(_ splits: Bool) throws(EvaluationError) -> (figures: Figures, rows: [[RowNumber]]) {
                var context = pair.context(.adaptive)
                if splits { context.splitting = Splitting(Concurrently(), minimumRowCount: 1, partRowCount: 1_024) }
                let rows = try CompiledPredicate(condition, on: type, pair.context(.adaptive)).rows()
                let figures = try Aggregation(of: measures, by: chosen, on: type, context).figures(of: rows, keepsRows: true)
                return (figures, figures.rows(of: Array(0..<figures.count)))
            }
            do throws(EvaluationError) {
                let (whole, inParts) = (try figures(false), try figures(true))
                #expect(whole.figures.count == inParts.figures.count && whole.rows == inParts.rows, "seed \(seed)")
                for group in 0..<min(whole.figures.count, inParts.figures.count) {
                    for key in chosen.indices {
                        #expect(whole.figures.key(key, of: group) == inParts.figures.key(key, of: group), "seed \(seed)")
                    }
                    for measure in measures.indices {
                        #expect(
                            try whole.figures.value(measure, of: group) == inParts.figures.value(measure, of: group),
                            "seed \(seed), \(measures[measure])")
                    }
                }
            } catch .overflow { continue }
        }
    }
}

/// Does the parts of a scan on the system's threads.
private struct Concurrently: ForkJoin {
    func run(parts count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        DispatchQueue.concurrentPerform(iterations: count) { body($0) }
    }
}

extension Scalar {
    func agrees(with expected: NaiveValue) -> Bool {
        switch (self, expected) {
        case (.null, .null): true
        case (.boolean(let a), .truth(let b)): a == b
        case (.int(let a), .number): NaiveValue.number(Int128(a), 1).order(against: expected) == 0
        case (.decimal(let a), .number):
            NaiveValue.number(Int128(a.unscaled), NaiveEvaluator.power(a.fractionDigits)).order(against: expected) == 0
        case (.ratio(let a), .number): NaiveValue.number(Int128(a.numerator), Int128(a.denominator)).order(against: expected) == 0
        case (.float(let a), .float(let b)): a == b
        case (.date(let a), .date(let b)): Int(a.days) == b
        case (.dateTime(let a), .instant(let b)): a.microseconds == b
        case (.string(let a), .text(let b)): Array(a.utf8) == Array(b.utf8)
        case (.enumeration(let a), .code(let b)): Int(a) == b
        default: false
        }
    }
}
