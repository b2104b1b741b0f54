import Expressions
import StoreColumns
import Testing

/// Rows are asked one by one or a block at a time, few of a block or all of it, of themselves or from what was computed for a whole type.
/// Tables and lists of about as many rows as decide between these are all asked in every way.
@Suite struct `About as many rows as a limit` {
    private static let callCounts = [15, 16, 17, 63, 64, 65, 255, 256, 257, 1_023, 1_024, 1_025, 2_047, 2_048, 2_049]

    @Test(arguments: 0..<15 as Range<UInt64>) func `are asked one by one, in turn and all at once alike`(seed: UInt64) throws {
        let callCount = Self.callCounts[Int(seed) % Self.callCounts.count]
        let pair = try RegisterPair(
            seed: seed, size: max(1, callCount / 80), calls: callCount, leans: true, changes: seed % 2 == 1)
        var expressions = RandomExpressions(seed: seed &+ 3_000)
        for _ in 0..<14 {
            let type = expressions.random.pick([Fixture.call, Fixture.call, Fixture.family, Fixture.helper, Fixture.town])
            let expression = expressions.truth(on: type, depth: 2)
            let shuffled = pair.liveRows(type).shuffled(using: &expressions.random)
            do {
                try check(expression, of: type, shuffled, pair, "seed \(seed), \(callCount) calls: \(expression.shown)")
            } catch EvaluationError.overflow {
                continue
            }
        }
    }

    private func check(
        _ expression: Expression, of type: NodeTypeID, _ shuffled: [RowNumber], _ pair: RegisterPair, _ shown: Comment
    ) throws {
        let rows = shuffled.sorted()
        let isUnknown = Expression.isNull(expression)
        let expected = try CompiledPredicate(expression, on: type, pair.context(.never)).rows(among: rows)
        let inDoubt = try CompiledPredicate(isUnknown, on: type, pair.context(.never)).rows(among: rows)
        // One evaluator comes to ask whole types on its way.
        let inTurn = try CompiledPredicate(expression, on: type, pair.context(.adaptive)).rows(among: shuffled)
        #expect(inTurn.sorted() == expected, shown)
        for (mode, splits) in [(Materialisation.always, false), (.adaptive, false), (.adaptive, true)] {
            var context = pair.context(mode)
            if splits { context.splitting = Splitting(InTurn(), minimumRowCount: 1, partRowCount: 1_024) }
            for _ in 0..<2 {
                let found = try CompiledPredicate(expression, on: type, context).rows().array()
                #expect(found == expected, shown)
                let unknown = try CompiledPredicate(isUnknown, on: type, context).rows().array()
                #expect(unknown == inDoubt, shown)
            }
        }
        // The definition, of a few.
        let known = Set(expected)
        for row in [rows.first, rows.last, shuffled.first].compactMap(\.self) {
            guard let truth = try? pair.evaluator(type, row).truth(expression) else { continue }
            #expect((truth == true) == known.contains(row), shown)
        }
    }

    /// The first of many are picked in one pass where they are few among the rows, and the pass keeps those that tie.
    @Test(arguments: 0..<3 as Range<UInt64>) func `are picked from in the order in which all are sorted`(seed: UInt64) throws {
        let pair = try RegisterPair(seed: seed, size: 40, calls: 2_100, changes: seed % 2 == 1)
        var random = RandomNumbers(seed: seed &+ 4_000)
        let live = pair.liveRows(Fixture.call)
        for text in ["", "state", "minutes", "remark", "family.number", "cost", "isJoint", "date"] {
            var keys: [SortKey] = []
            if !text.isEmpty {
                let expression = try parseCEL(text, on: Fixture.call, in: Fixture.rowTypes, expecting: nil)
                keys = [SortKey(expression, ascending: random.once(in: 2), nullsFirst: random.once(in: 2))]
            }
            let order = try RowOrder(keys, on: Fixture.call, pair.context(.adaptive))
            for count in [255, 256, 257, 511, 513, 1_023, 1_024, 1_025, live.count] where count <= live.count {
                let rows = Array(live.shuffled(using: &random).prefix(count))
                let all = try order.sorted(rows, in: RowStretch(limit: count))
                #expect(Set(all) == Set(rows) && all.count == count)
                let limits = [1, 2, 31, 63, 64, 65, 127, 128, count / 4 - 1, count / 4, count / 4 + 1]
                for limit in limits.shuffled(using: &random).prefix(4) {
                    let isFromEnd = random.once(in: 2)
                    let found = try order.sorted(rows, in: RowStretch(limit: limit, isFromEnd: isFromEnd))
                    let expected = isFromEnd ? all.suffix(limit) : all.prefix(limit)
                    #expect(found == Array(expected), "seed \(seed): \(limit) of \(count) by \(text), \(isFromEnd)")
                }
            }
            // In pairs, as an order is defined.
            let all = try order.sorted(live)
            for place in stride(from: 1, to: all.count, by: 7) {
                #expect(try order.compare(all[place - 1], all[place]) < 0, "seed \(seed): by \(text)")
            }
        }
    }

    /// Few rows of a block are read each where it stands, of more the whole column.
    @Test(arguments: [1, 14, 15, 16, 17, 63, 64, 65, 66, 300]) func `of a block have the figures that they have one by one`(
        count: Int
    ) throws {
        let pair = try RegisterPair(seed: 6, size: 10, calls: 1_500, changes: false)
        var random = RandomNumbers(seed: UInt64(count))
        let chosen = pair.liveRows(Fixture.call).filter { $0 < 1_024 }.shuffled(using: &random).prefix(count).sorted()
        for text in ["minutes", "cost", "minutes + 1", "family.income"] {
            let expression = try parseCEL(text, on: Fixture.call, in: Fixture.rowTypes, expecting: nil)
            let values = try CompiledExpression(expression, on: Fixture.call, pair.context(.never))
            var (sum, there) = (Int64(0), Int64(0))
            for row in chosen {
                switch try values.value(of: row) {
                case .int(let value): (sum, there) = (sum + value, there + 1)
                case .decimal(let value): (sum, there) = (sum + value.unscaled, there + 1)
                default: break
                }
            }
            let measures = [Measure(.sum, of: expression), Measure(.count, of: expression)]
            for keys in [[], [GroupingKey(.constant(.boolean(true), .boolean))]] {
                let figures = try Aggregation(of: measures, by: keys, on: Fixture.call, pair.context(.adaptive)).figures(
                    of: .list(chosen))
                guard case .decimal(let found) = try figures.value(0, of: 0) else {
                    #expect(there == 0, "\(count) rows: \(text)")
                    continue
                }
                #expect(found.unscaled == sum, "\(count) rows: \(text)")
                #expect(try figures.value(1, of: 0) == .int(there), "\(count) rows: \(text)")
            }
        }
    }

    /// Constants that are near each other are looked up by their distance from the least, others by halving.
    @Test(arguments: [-70_000, -1, 0, 5]) func `whose values lie about as far apart as a limit are among constants or not`(
        least: Int
    ) throws {
        var register = SmallRegister()
        register.add(Fixture.family, ["number": .string("f1")])
        let distances = [-1, 0, 1, 63, 64, 65, 65_534, 65_535, 65_536, 65_537, 65_599, 65_600]
        let values = distances.map { least + $0 } + [Int(Int32.min), Int(Int32.max), 0]
        for (number, value) in values.enumerated() {
            register.add(
                Fixture.call,
                [
                    "number": .int(Int32(number)), "family": SmallRegister.text("f1"), "helpers": .referenceList([]),
                    "state": .enumeration(0), "minutes": .int(Int32(value)),
                ])
        }
        let asker = Asker(version: try register.version())
        for span in [1, 63, 64, 65_534, 65_535, 65_536, 65_537] {
            for others in [[], [1], [span / 2, 64]] {
                let constants = ([0, span] + others).map { least + $0 }
                let text = "minutes in [\(constants.map { "\($0)" }.joined(separator: ", "))]"
                let expression = try parseCEL(text, on: Fixture.call, in: Fixture.rowTypes, expecting: .boolean)
                let expected = values.indices.filter { constants.contains(values[$0]) }.map { RowNumber($0) }
                for mode in [Materialisation.never, .always] {
                    let predicate = try CompiledPredicate(expression, on: Fixture.call, asker.context(mode))
                    #expect(try predicate.rows().array() == expected, "\(mode): \(text)")
                    #expect(try predicate.rows(among: values.indices.map { RowNumber($0) }) == expected, "\(mode): \(text)")
                }
            }
        }
    }
}

/// Parts of a scan one after the other, as where no other thread is idle.
private struct InTurn: ForkJoin {
    func run(parts count: Int, _ body: @escaping @Sendable (Int) -> Void) { for part in 0..<count { body(part) } }
}

/// Groups by an enum of more values than are looked through after each block.
@Suite struct `Groups by an enum of many values` {
    private static let item = NodeTypeID(0)

    @Test(arguments: [1, 255, 256, 257, 300]) func `are made straight from the columns or by way of the rows, alike`(count: Int)
        throws
    {
        let kinds = EnumerationID(0)
        let catalog = Catalog(
            nodeTypes: [
                NodeType(
                    name: "Item",
                    columns: [
                        ColumnDefinition(name: "number", kind: .int, isNullable: false),
                        ColumnDefinition(name: "kind", kind: .enumeration(kinds), isNullable: true),
                        ColumnDefinition(name: "size", kind: .int, isNullable: true),
                    ], key: [0])
            ], enumerations: [Enumeration(name: "Kind", values: (0..<count).map { "K\($0)" })])
        let rowTypes = RowTypes(
            catalog: catalog, types: [RowType(id: Self.item, name: "Item", fields: [])], derived: [])
        var random = RandomNumbers(seed: UInt64(count))
        var changes = TypeChanges(type: Self.item, columns: [0, 1, 2])
        var sums: [Int?: (count: Int64, sum: Int64)] = [:]
        for number in 0..<3_000 {
            // The greatest code is there, at last.
            let code: Int? = random.once(in: 9) ? nil : number == 2_999 ? count - 1 : random.below(count)
            let size: Int? = random.once(in: 5) ? nil : random.below(1_000) - 300
            changes.cells += [
                .int(Int32(number)), code.map { .enumeration(UInt16($0)) } ?? .null, size.map { .int(Int32($0)) } ?? .null,
            ]
            sums[code, default: (0, 0)].count += 1
            sums[code, default: (0, 0)].sum += Int64(size ?? 0)
        }
        let version = try GraphVersion.empty(catalog: catalog).applying(
            ChangeSet(types: [changes]), number: 1, publishedAt: Instant(microseconds: 0))
        let context = EvaluationContext(
            version: version, rowTypes: rowTypes, asOf: Fixture.date(2016, 1, 1), budget: Budget(),
            derived: DerivedColumns(rowTypes), materialisation: .adaptive)
        let row = Expression.variable(0, Self.item)
        let size = Expression.column(of: row, column: 2, .int)
        let groups = try Aggregation(
            of: [Measure(.count), Measure(.sum, of: size), Measure(.count, of: size)],
            by: [GroupingKey(.column(of: row, column: 1, .enumeration(kinds)))], on: Self.item, context)
        let all = RowSelection.bitmap(Bitmap(count: 3_000, all: true))
        let (straight, byRows) = (try groups.figures(of: all), try groups.figures(of: all, keepsRows: true))
        #expect(straight.count == sums.count && byRows.count == sums.count)
        for group in 0..<straight.count {
            let key = straight.key(0, of: group)
            #expect(key == byRows.key(0, of: group))
            var code: Int?
            if case .enumeration(let found) = key { code = Int(found) }
            for figures in [straight, byRows] {
                #expect(try figures.value(0, of: group) == .int(sums[code]?.count ?? -1), "\(key)")
                #expect(try figures.value(1, of: group) == .decimal(Decimal(sums[code]?.sum ?? -1)), "\(key)")
            }
            #expect(try straight.value(2, of: group) == byRows.value(2, of: group), "\(key)")
        }
    }
}
