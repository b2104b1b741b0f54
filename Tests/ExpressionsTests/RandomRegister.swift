import Expressions
import StoreColumns

/// Random rows for the fixture's types, and random changes to them.
struct RandomRegister {
    var random: RandomNumbers
    /// How many rows of a type, roughly, in units of the fixture.
    var size = 1
    /// So many calls, whatever the size.
    var calls: Int?
    /// Half of all references by text lead to the first row of their type, which so has long lists.
    var leans = false

    // Small and few, so that values meet.
    private let letters = ["a", "ab", "Ab", "b", "ba", "abba", "", "é", "村a"]
    private let firstDay = Fixture.date(2016, 1, 1).days

    private mutating func maybe(_ cell: Cell) -> Cell { random.once(in: 4) ? .null : cell }
    private mutating func day() -> Int32 { firstDay + Int32(random.below(400)) }
    private mutating func text() -> Cell { .string(random.pick(letters)) }
    private mutating func key(_ prefix: String, of count: Int) -> Key {
        Key([.string("\(prefix)\(leans && random.once(in: 2) ? 0 : random.below(count))")])
    }
    private mutating func number(of count: Int) -> Key { Key([.int(Int32(random.below(count)))]) }
    private mutating func end(after start: Int32) -> Cell { maybe(.date(start + Int32(1 + random.below(120)))) }

    var townCount: Int { 4 * size }
    var familyCount: Int { 10 * size }
    var personCount: Int { 12 * size }
    var helperCount: Int { 3 * size }
    var callCount: Int { calls ?? 24 * size }

    /// Rows of every type: references only go to rows that are there.
    mutating func first() -> ChangeSet {
        var towns = TypeChanges(type: Fixture.town, columns: Array(0..<5))
        for index in 0..<townCount {
            let within: Cell = index == 0 || random.once(in: 3) ? .null : .reference(key("t", of: index))
            towns.cells += [
                .string("t\(index)"), maybe(text()), maybe(.decimal(Int64(random.below(1_000)))),
                maybe(.boolean(random.once(in: 2))), within,
            ]
        }
        var years = TypeChanges(type: Fixture.townYear, columns: Array(0..<4))
        var families = TypeChanges(type: Fixture.family, columns: Array(0..<7))
        for index in 0..<familyCount {
            families.cells += familyCells(index)
        }
        for town in 0..<townCount {
            for year in 2015...2017 where !random.once(in: 3) {
                years.cells += [
                    .reference(Key([.string("t\(town)")])), .int(Int32(year)), maybe(.int(Int32(random.below(40)))),
                    maybe(.decimal(Int64(random.below(100)))),
                ]
            }
        }
        var people = TypeChanges(type: Fixture.person, columns: Array(0..<4))
        for index in 0..<personCount {
            let friends: Cell = .referenceList((0..<random.below(3)).map { _ in number(of: index + 1) })
            people.cells += [.int(Int32(index)), maybe(text()), maybe(.date(day())), maybe(friends)]
        }
        var helpers = TypeChanges(type: Fixture.helper, columns: [0, 1])
        for index in 0..<helperCount { helpers.cells += [.string("h\(index)"), maybe(text())] }
        var calls = TypeChanges(type: Fixture.call, columns: Array(0..<11))
        for index in 0..<callCount { calls.cells += callCells(index) }
        return ChangeSet(types: [towns, years, families, people, helpers, calls, standings(), memberships(), cares()])
    }

    /// Updates, new rows and deletes: of calls, cares and memberships, which nothing refers to.
    mutating func second(after graph: NaiveGraph) -> ChangeSet {
        var seen: Set<[Cell]> = []
        var families = TypeChanges(type: Fixture.family, columns: Array(0..<7))
        for _ in 0..<familyCount / 4 { families.append(familyCells(random.below(familyCount)), key: [0], unlessIn: &seen) }
        var calls = TypeChanges(type: Fixture.call, columns: Array(0..<11))
        for _ in 0..<callCount / 4 { calls.append(callCells(random.below(callCount + callCount / 4)), key: [0], unlessIn: &seen) }
        for key in graph.keys(Fixture.call) where random.once(in: 6) && !calls.cells.contains(cell(key)) {
            calls.deletedKeys.append(key)
        }
        var memberships = memberships()
        for key in graph.keys(Fixture.membership) where random.once(in: 6) && !memberships.holds(key) {
            memberships.deletedKeys.append(key)
        }
        return ChangeSet(types: [families, calls, memberships])
    }

    private func cell(_ key: Key) -> Cell {
        if case .int(let number) = key.parts[0] { return .int(number) }
        return .null
    }

    private mutating func familyCells(_ index: Int) -> [Cell] {
        [
            .string("f\(index)"), maybe(.reference(key("t", of: townCount))), random.once(in: 2) ? .null : .string("p\(index)"),
            maybe(.decimal(Int64(random.below(2_000)) - 500)), maybe(.float(Double(random.below(16)) / 2 - 2)),
            maybe(.dateTime(Int64(random.below(1_000)))), maybe(.date(day())),
        ]
    }

    private mutating func callCells(_ index: Int) -> [Cell] {
        [
            .int(Int32(index)), .reference(key("f", of: familyCount)),
            .referenceList((0..<random.below(3)).map { _ in key("h", of: helperCount) }), maybe(.date(day())),
            maybe(.enumeration(UInt16(random.below(3)))), .enumeration(UInt16(random.below(3))),
            maybe(.enumerationList((0..<random.below(3)).map { _ in UInt16(random.below(4)) })),
            maybe(.int(Int32(random.below(8)) - 2)), maybe(.decimal(Int64(random.below(300)))),
            maybe(.boolean(random.once(in: 2))),
            maybe(text()),
        ]
    }

    private mutating func standings() -> TypeChanges {
        var changes = TypeChanges(type: Fixture.standingPeriod, columns: Array(0..<4))
        var seen: Set<[Cell]> = []
        for _ in 0..<familyCount * 2 {
            let start = day()
            changes.append(
                [
                    .reference(key("f", of: familyCount)), .date(start), end(after: start),
                    maybe(.enumeration(UInt16(random.below(3)))),
                ],
                key: [0, 1], unlessIn: &seen)
        }
        return changes
    }

    private mutating func memberships() -> TypeChanges {
        var changes = TypeChanges(type: Fixture.membership, columns: Array(0..<4))
        var seen: Set<[Cell]> = []
        for _ in 0..<personCount * 2 {
            let start = day()
            changes.append(
                [.reference(key("f", of: familyCount)), .reference(number(of: personCount)), .date(start), end(after: start)],
                key: [0, 1, 2], unlessIn: &seen)
        }
        return changes
    }

    private mutating func cares() -> TypeChanges {
        var changes = TypeChanges(type: Fixture.care, columns: Array(0..<4))
        var seen: Set<[Cell]> = []
        for _ in 0..<familyCount * 2 {
            let start = day()
            changes.append(
                [.reference(key("h", of: helperCount)), .reference(key("f", of: familyCount)), .date(start), end(after: start)],
                key: [0, 1, 2], unlessIn: &seen)
        }
        return changes
    }
}

extension TypeChanges {
    /// A change set names a row once. Types share the set where their keys cannot meet.
    fileprivate mutating func append(_ row: [Cell], key: [Int], unlessIn seen: inout Set<[Cell]>) {
        if seen.insert(key.map { row[$0] }).inserted { cells += row }
    }

    /// Whether the rows hold a membership of that key.
    fileprivate func holds(_ key: Key) -> Bool {
        for start in stride(from: 0, to: cells.count, by: columns.count) {
            let parts = cells[start..<start + 3].map { cell -> KeyPart in
                switch cell {
                case .reference(let key): .reference(key)
                case .date(let day): .date(day)
                default: .int(0)
                }
            }
            if Key(parts) == key { return true }
        }
        return false
    }
}

/// One version of a random register, and the same as dictionaries.
struct RegisterPair {
    var version: GraphVersion
    var naive = NaiveGraph()
    let asOf: CivilDate

    init(seed: UInt64, size: Int = 1, calls: Int? = nil, leans: Bool = false, changes: Bool = true) throws {
        var register = RandomRegister(random: RandomNumbers(seed: seed), size: size, calls: calls, leans: leans)
        version = GraphVersion.empty(catalog: Fixture.catalog)
        let first = register.first()
        version = try version.applying(first, number: 1, publishedAt: Instant(microseconds: 0), problemLimit: 10)
        naive.apply(first)
        if changes {
            let second = register.second(after: naive)
            version = try version.applying(second, number: 2, publishedAt: Instant(microseconds: 1), problemLimit: 10)
            naive.apply(second)
        }
        asOf = CivilDate(days: Fixture.date(2016, 1, 1).days + Int32(register.random.below(460))) ?? Fixture.date(2016, 1, 1)
    }

    func context(_ materialisation: Materialisation, _ budget: Budget = Budget()) -> EvaluationContext {
        EvaluationContext(
            version: version, rowTypes: Fixture.rowTypes, asOf: asOf, budget: budget, derived: DerivedColumns(Fixture.rowTypes),
            materialisation: materialisation)
    }

    /// What the definition says of a row, as variable 0.
    func evaluator(_ type: NodeTypeID, _ row: RowNumber) -> NaiveEvaluator {
        NaiveEvaluator(graph: naive, asOf: asOf, variables: [0: .row(type, version.key(of: row, type: type))])
    }

    func liveRows(_ type: NodeTypeID) -> [RowNumber] {
        (0..<RowNumber(version[type].rowCount)).filter { version[type].isLive($0) }
    }
}
