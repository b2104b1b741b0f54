import StoreColumns
import Testing

/// A small generator, so that a run can be repeated from its printed seed.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    }
}

/// Authors and their books: a reference, its inverse, a list with an inverse, a composite key, a unique column.
let library = Catalog(
    nodeTypes: [
        NodeType(
            name: "Author",
            columns: [
                ColumnDefinition(name: "code", kind: .string, isNullable: false),
                ColumnDefinition(name: "born", kind: .date, isNullable: true),
                ColumnDefinition(name: "passport", kind: .string, isNullable: true, isUnique: true),
            ],
            key: [0],
            inverses: [
                InverseDefinition(name: "books", source: NodeTypeID(1), column: 1),
                InverseDefinition(name: "edited", source: NodeTypeID(1), column: 3),
            ]),
        NodeType(
            name: "Book",
            columns: [
                ColumnDefinition(name: "number", kind: .int, isNullable: false),
                ColumnDefinition(name: "author", kind: .reference(NodeTypeID(0)), isNullable: false),
                ColumnDefinition(name: "price", kind: .decimal(fractionDigits: 2), isNullable: true),
                ColumnDefinition(name: "editors", kind: .referenceList(NodeTypeID(0)), isNullable: true),
                ColumnDefinition(name: "inPrint", kind: .boolean, isNullable: true),
                ColumnDefinition(name: "form", kind: .enumeration(EnumerationID(0)), isNullable: true),
            ],
            key: [1, 0]),
    ],
    enumerations: [Enumeration(name: "Form", values: ["NOVEL", "ESSAY"])])

func author(_ code: String) -> Key { Key([.string(code)]) }
func book(_ code: String, _ number: Int32) -> Key { Key([.reference(author(code)), .int(number)]) }

/// A graph of dictionaries: what applying must amount to.
struct NaiveGraph {
    var authors: [Key: [Cell]] = [:]
    var books: [Key: [Cell]] = [:]

    /// Nil where the set must be refused.
    func applying(_ changes: ChangeSet) -> NaiveGraph? {
        var next = self
        for type in changes.types {
            for key in type.deletedKeys {
                if type.type.index == 0 { guard next.authors.removeValue(forKey: key) != nil else { return nil } }
                if type.type.index == 1 { guard next.books.removeValue(forKey: key) != nil else { return nil } }
            }
        }
        for type in changes.types {
            var seen: Set<Key> = []
            let width = library[type.type].columns.count
            for row in 0..<type.rowCount {
                var given = [Cell](repeating: .absent, count: width)
                for (place, column) in type.columns.enumerated() { given[column] = type.cells[row * type.columns.count + place] }
                let parts = library[type.type].key.compactMap { column -> KeyPart? in
                    switch given[column] {
                    case .string(let text): .string(text)
                    case .int(let value): .int(value)
                    case .reference(let key): .reference(key)
                    default: nil
                    }
                }
                guard parts.count == library[type.type].key.count, seen.insert(Key(parts)).inserted,
                    !type.deletedKeys.contains(Key(parts))
                else { return nil }
                let known = type.type.index == 0 ? next.authors[Key(parts)] : next.books[Key(parts)]
                let merged = zip(given, known ?? Array(repeating: .null, count: width)).map { $0 == .absent ? $1 : $0 }
                for (column, definition) in library[type.type].columns.enumerated()
                where !definition.isNullable && merged[column] == .null { return nil }
                if type.type.index == 0 { next.authors[Key(parts)] = merged } else { next.books[Key(parts)] = merged }
            }
        }
        var passports: Set<String> = []
        for cells in next.authors.values {
            if case .string(let text) = cells[2], !passports.insert(text).inserted { return nil }
        }
        for cells in next.books.values {
            guard case .reference(let key) = cells[1], next.authors[key] != nil else { return nil }
            if case .referenceList(let keys) = cells[3], keys.contains(where: { next.authors[$0] == nil }) { return nil }
        }
        return next
    }

    func agrees(with version: GraphVersion) -> Bool {
        let (people, works) = (NodeTypeID(0), NodeTypeID(1))
        guard version[people].liveRowCount == authors.count, version[works].liveRowCount == books.count else { return false }
        for (key, cells) in authors {
            guard let row = version.row(of: people, forKey: key), version.key(of: row, type: people) == key,
                case .date(let born) = version[people].column(1), case .string(let passport) = version[people].column(2)
            else { return false }
            if case .date(let day) = cells[1] {
                guard born[row] == day else { return false }
            } else if born[row] != nil {
                return false
            }
            if case .string(let text) = cells[2] {
                guard passport.text(at: Int(row)) == text, version[people].row(withUnique: text, in: 2) == row else {
                    return false
                }
            } else if passport.text(at: Int(row)) != nil {
                return false
            }
            let written = books.filter { $0.value[1] == .reference(key) }.keys
            let edited = books.filter {
                if case .referenceList(let keys) = $0.value[3] { keys.contains(key) } else { false }
            }.keys
            for (inverse, wanted) in [(0, Set(written)), (1, Set(edited))] {
                let adjacency = version[people].inverse(inverse)
                let targets = adjacency.targets(of: row)
                var found: Set<Key> = []
                for index in targets.indices {
                    if index > 0, targets[index - 1] >= targets[index] { return false }
                    found.insert(version.key(of: targets[index], type: works))
                }
                guard found == wanted, targets.count == wanted.count else { return false }
            }
        }
        for (key, cells) in books {
            guard let row = version.row(of: works, forKey: key), version[works].isLive(row),
                case .decimal(let price, _) = version[works].column(2), case .boolean(let inPrint) = version[works].column(4),
                case .enumeration(let form) = version[works].column(5),
                case .referenceList(let editors) = version[works].column(3)
            else { return false }
            if case .decimal(let value) = cells[2] {
                guard price[row] == value else { return false }
            } else if price[row] != nil {
                return false
            }
            if case .boolean(let value) = cells[4] {
                guard inPrint[row] == value else { return false }
            } else if inPrint[row] != nil {
                return false
            }
            if case .enumeration(let value) = cells[5] {
                guard form[row] == value else { return false }
            } else if form[row] != nil {
                return false
            }
            if case .referenceList(let keys) = cells[3] {
                let list = editors.list(at: Int(row))
                guard list.indices.map({ version.key(of: list[$0], type: people) }) == keys else { return false }
            } else if !editors.isNull(at: Int(row)) {
                return false
            }
        }
        return true
    }
}

@Suite struct `Applying change sets` {
    func randomChanges(_ random: inout SeededGenerator) -> ChangeSet {
        let code = { (random: inout SeededGenerator) in "a\(Int.random(in: 0..<12, using: &random))" }
        func maybe(_ cell: Cell, _ random: inout SeededGenerator) -> Cell {
            switch Int.random(in: 0..<8, using: &random) {
            case 0: .null
            case 1: .absent
            default: cell
            }
        }
        var people = TypeChanges(type: NodeTypeID(0), columns: [0, 1, 2])
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            people.cells += [
                .string(code(&random)), maybe(.date(Int32.random(in: -9_000..<9_000, using: &random)), &random),
                maybe(.string("p\(Int.random(in: 0..<40, using: &random))"), &random),
            ]
        }
        if Int.random(in: 0..<6, using: &random) == 0 { people.deletedKeys.append(author(code(&random))) }
        var works = TypeChanges(type: NodeTypeID(1), columns: [0, 1, 2, 3, 4, 5])
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            works.cells += [
                .int(Int32.random(in: 0..<6, using: &random)), .reference(author(code(&random))),
                maybe(.decimal(Int64.random(in: -5...5, using: &random)), &random),
                maybe(.referenceList((0..<Int.random(in: 0..<3, using: &random)).map { _ in author(code(&random)) }), &random),
                maybe(.boolean(Bool.random(using: &random)), &random),
                maybe(.enumeration(UInt16.random(in: 0..<2, using: &random)), &random),
            ]
        }
        if Int.random(in: 0..<3, using: &random) == 0 {
            works.deletedKeys.append(book(code(&random), Int32.random(in: 0..<6, using: &random)))
        }
        return ChangeSet(types: Bool.random(using: &random) ? [people, works] : [works, people])
    }

    @Test(arguments: 0..<40)
    func `a line of random change sets amounts to a graph of dictionaries, and earlier versions stay as they were`(
        seed: UInt64
    ) throws {
        var random = SeededGenerator(state: seed &* 7_919 &+ 13)
        var naive = NaiveGraph()
        var version = GraphVersion.empty(catalog: library)
        var history: [(NaiveGraph, GraphVersion)] = []
        var accepted = 0
        for step in 0..<150 {
            let changes = randomChanges(&random)
            do {
                let next = try version.applying(
                    changes, number: version.number + 1, publishedAt: Instant(microseconds: Int64(step)))
                let expected = try #require(
                    naive.applying(changes), "seed \(seed) step \(step): should have been refused: \(changes)")
                #expect(expected.agrees(with: next), "seed \(seed) step \(step): \(changes)")
                history.append((naive, version))
                (naive, version) = (expected, next)
                accepted += 1
            } catch let refused as ChangeSetRefused {
                #expect(naive.applying(changes) == nil, "seed \(seed) step \(step): refused for \(refused.problems), \(changes)")
                #expect(refused.problemCount >= 1 && refused.problems.count == refused.problemCount)
            }
        }
        #expect(accepted > 10, "seed \(seed)")
        for (graph, old) in history { #expect(graph.agrees(with: old), "seed \(seed): version \(old.number) has changed") }
    }
}
extension NaiveGraph: Equatable {}
