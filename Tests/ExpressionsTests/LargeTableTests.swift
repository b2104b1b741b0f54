import Expressions
import StoreColumns
import Testing

/// A type of more rows than a chunk of a column or a segment of a dictionary has, so that scans are split into as many parts as there may
/// be, ties fill all room that there is, and indexes pay. What comes of it is known by arithmetic.
@Suite struct `A table of more rows than a chunk` {
    private static let rowCount = 66_600
    private static let townCount = 9_000
    /// Rows from here on have the cells of those from the first on.
    private static let period = 45_000
    /// Longer than what a lead holds.
    private static let prefix = "a number of a family "

    private static func income(_ row: Int) -> Int64 { Int64(row % period) }
    private static func town(_ row: Int) -> Int {
        row >= period && row % 2 == 0 ? (row + 1) % townCount : row % period * 7 % townCount
    }
    private static func weight(_ row: Int) -> Double? { row % 11 == 0 ? nil : Double(row % 3) }
    private static func hasPhone(_ row: Int) -> Bool { row % 4 != 1 }
    /// The later the row, the lesser.
    private static func number(_ row: Int) -> String { "\(prefix)\(200_000 - row)" }
    private static let callCount = 1_200
    private static func family(ofCall call: Int) -> Int { call < 300 ? 65_536 : call * 55 }

    private static let version = Result { () throws -> GraphVersion in
        var towns = TypeChanges(type: Fixture.town, columns: [0, 1, 2])
        for town in 0..<townCount { towns.cells += [.string("t\(town)"), .string("n\(town % 4_000)"), .decimal(Int64(town))] }
        var families = TypeChanges(type: Fixture.family, columns: [0, 1, 2, 3, 4, 6])
        for row in 0..<rowCount {
            families.cells += [
                .string(number(row)), .reference(Key([.string("t\(town(row))")])), hasPhone(row) ? .string("p\(row)") : .null,
                .decimal(income(row)), weight(row).map { .float($0) } ?? .null, .date(17_000),
            ]
        }
        var calls = TypeChanges(type: Fixture.call, columns: [0, 1, 2, 5])
        for call in 0..<callCount {
            calls.cells += [
                .int(Int32(call)), .reference(Key([.string(number(family(ofCall: call)))])), .referenceList([]), .enumeration(1),
            ]
        }
        return try GraphVersion.empty(catalog: Fixture.catalog).applying(
            ChangeSet(types: [towns, families, calls]), number: 1, publishedAt: Instant(microseconds: 0))
    }

    private func context(_ mode: Materialisation = .adaptive, splits: Bool = false) throws -> EvaluationContext {
        var context = Asker(version: try Self.version.get()).context(mode)
        if splits { context.splitting = Splitting(InTurn(), minimumRowCount: 1, partRowCount: 1_024) }
        return context
    }

    private func parsed(_ text: String, on type: NodeTypeID = Fixture.family) throws -> Expression {
        try parseCEL(text, on: type, in: Fixture.rowTypes, expecting: nil)
    }

    private func rows(where holds: (Int) -> Bool, of count: Int = rowCount) -> [RowNumber] {
        (0..<count).filter(holds).map { RowNumber($0) }
    }

    @Test func `has the rows for which a condition holds, in one scan, in parts and by what names few`() throws {
        let called = Set((0..<Self.callCount).map(Self.family))
        let prefix = Self.prefix
        let asked: [(text: String, holds: (Int) -> Bool)] = [
            ("income >= 449.95 && weight > 1.5", { Self.income($0) >= 44_995 && Self.weight($0) ?? 0 > 1.5 }),
            ("!has(phone)", { !Self.hasPhone($0) }),
            ("number == '\(prefix)134000'", { $0 == 66_000 }),
            ("phone in ['p65535', 'p65536', 'p65537', 'p66598', 'p0']", { [65_535, 65_536, 66_598, 0].contains($0) }),
            ("phone.endsWith('536')", { Self.hasPhone($0) && $0 % 1_000 == 536 }),
            (
                "town.area >= 89.99 || weight == 2.0 && income < 0.03",
                { Self.town($0) == 8_999 || Self.weight($0) == 2 && Self.income($0) < 3 }
            ),
            ("size(calls) > 1", { $0 == 65_536 }),
            ("calls.exists(c, c.state == 'DONE')", { called.contains($0) }),
            ("town.code == 't17' && !calls.exists(c, true)", { Self.town($0) == 17 && !called.contains($0) }),
        ]
        for (text, holds) in asked {
            let expression = try parsed(text)
            let expected = rows(where: holds)
            for splits in [false, true] {
                let context = try context(splits: splits)
                // So often that indexes pay.
                for time in 0..<4 {
                    let found = try CompiledPredicate(expression, on: Fixture.family, context).rows().array()
                    #expect(found == expected, "\(text), \(splits), time \(time)")
                }
            }
            let near = rows(where: { !(1_100..<65_000).contains($0) })
            let one = try CompiledPredicate(expression, on: Fixture.family, context(.never)).rows(among: near)
            #expect(one == expected.filter { !(1_100..<65_000).contains($0) }, "\(text), one by one")
        }
    }

    /// By the third question the texts are indexed.
    @Test func `has the rows that have a text, by scans and by an index`() throws {
        let context = try context()
        for name in [17, 3_999, 17, 999, 4_000, 1_000, 0] {
            let predicate = try CompiledPredicate(parsed("name == 'n\(name)'", on: Fixture.town), on: Fixture.town, context)
            let expected = rows(where: { $0 % 4_000 == name }, of: Self.townCount)
            #expect(try predicate.rows().array() == expected, "\(name)")
        }
    }

    @Test func `makes verdicts of another type of its rows, in parts`() throws {
        let asked: [(text: String, decisive: (Int) -> Bool, isOfNone: Bool)] = [
            ("families.exists(f, f.income >= 449.95)", { Self.income($0) >= 44_995 }, false),
            ("families.all(f, f.income < 449.95)", { Self.income($0) >= 44_995 }, true),
        ]
        for (text, decisive, isOfNone) in asked {
            let towns = Set((0..<Self.rowCount).filter(decisive).map(Self.town))
            let expected = rows(where: { towns.contains($0) != isOfNone }, of: Self.townCount)
            for splits in [false, true] {
                let context = try context(.always, splits: splits)
                let predicate = try CompiledPredicate(parsed(text, on: Fixture.town), on: Fixture.town, context)
                #expect(try predicate.rows().array() == expected, "\(text), \(splits)")
            }
        }
    }

    @Test func `is grouped and counted in parts as in one pass`() throws {
        let (town, income) = (try parsed("town"), try parsed("income"))
        let measures = [
            Measure(.count), Measure(.sum, of: income), Measure(.minimum, of: income), Measure(.maximum, of: income),
            Measure(.count, of: try parsed("weight")),
        ]
        let all = RowSelection.bitmap(Bitmap(count: Self.rowCount, all: true))
        var members: [Int: [Int]] = [:]
        for row in 0..<Self.rowCount { members[Self.town(row), default: []].append(row) }
        let order = members.values.map { $0[0] }.sorted().map(Self.town)
        for splits in [false, true] {
            let groups = try Aggregation(of: measures, by: [GroupingKey(town)], on: Fixture.family, context(splits: splits))
            let figures = try groups.figures(of: all)
            try #require(figures.count == order.count)
            for (group, town) in order.enumerated() {
                guard let rows = members[town] else { continue }
                let incomes = rows.map(Self.income)
                let expected: [Scalar] = [
                    .int(Int64(rows.count)), Self.decimal(incomes.reduce(0, +)), Self.decimal(incomes.min() ?? 0),
                    Self.decimal(incomes.max() ?? 0), .int(Int64(rows.count { Self.weight($0) != nil })),
                ]
                guard figures.key(0, of: group) == .row(RowNumber(town)),
                    try measures.indices.allSatisfy({ try figures.value($0, of: group) == expected[$0] })
                else {
                    Issue.record("town \(town), \(splits): \(try measures.indices.map { try figures.value($0, of: group) })")
                    break
                }
            }
        }
    }

    /// Different values are counted by a bit for each group and value until those are too many: groups that come again find what they had.
    @Test func `has as many different values in each group as its rows have, however many groups there are`() throws {
        let groups = try Aggregation(
            of: [Measure(.countDistinct, of: parsed("town"))], by: [GroupingKey(parsed("income"))], on: Fixture.family, context())
        let figures = try groups.figures(of: .bitmap(Bitmap(count: Self.rowCount, all: true)))
        try #require(figures.count == Self.period)
        for group in 0..<figures.count {
            // Groups come in the order of their first rows.
            let later = group + Self.period
            let count = later < Self.rowCount && Self.town(later) != Self.town(group) ? 2 : 1
            guard try figures.value(0, of: group) == .int(Int64(count)) else {
                Issue.record("group \(group) has \(try figures.value(0, of: group)), not \(count)")
                break
            }
        }
    }

    /// All rows tie: in what is sorted by, and in as much of their keys as is looked at first. Those that come first are offered last.
    @Test(arguments: [40_000, 65_535, 65_536, 65_537, 66_600]) func `is picked from where all rows tie, as it is sorted`(
        count: Int
    ) throws {
        let rows = (0..<count).map { RowNumber($0) }
        for keys in [[SortKey(try parsed("since"))], []] {
            let order = try RowOrder(keys, on: Fixture.family, context())
            let first = try order.sorted(rows, in: RowStretch(limit: 7))
            #expect(first == rows.suffix(7).reversed(), "\(count), \(keys.count) keys")
            let last = try order.sorted(rows.reversed(), in: RowStretch(limit: 7, isFromEnd: true))
            #expect(last == rows.prefix(7).reversed(), "\(count), \(keys.count) keys")
        }
    }

    private static func decimal(_ hundredths: Int64) -> Scalar { .decimal(Decimal(unscaled: hundredths, fractionDigits: 2)) }
}

/// Parts of a scan one after the other, as where no other thread is idle.
private struct InTurn: ForkJoin {
    func run(parts count: Int, _ body: @escaping @Sendable (Int) -> Void) { for part in 0..<count { body(part) } }
}
