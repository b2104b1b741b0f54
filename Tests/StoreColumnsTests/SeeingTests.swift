import Bytes
import StoreColumns
import Testing

/// What somebody sees of a version is the graph without the rows that are hidden.
@Suite struct `A seen version` {
    private let people = NodeTypeID(0)
    private let works = NodeTypeID(1)

    /// A graph after some random change sets.
    private func randomGraph(_ random: inout SeededGenerator) -> (NaiveGraph, GraphVersion) {
        var naive = NaiveGraph()
        var version = GraphVersion.empty(catalog: library)
        for _ in 0..<60 { change(&naive, &version, &random) }
        return (naive, version)
    }

    private func change(_ naive: inout NaiveGraph, _ version: inout GraphVersion, _ random: inout SeededGenerator) {
        let changes = `Applying change sets`().randomChanges(&random)
        guard let next = naive.applying(changes),
            let made = try? version.applying(
                changes, number: version.number + 1, publishedAt: Instant(microseconds: 0))
        else { return }
        (naive, version) = (next, made)
    }

    /// A rule's rows among all that exist, in one of the ways in which they may be given; nil: no rule.
    private func restrict(
        _ rows: inout VisibleRows, _ type: NodeTypeID, of version: GraphVersion, _ random: inout SeededGenerator
    ) -> Set<Key>? {
        guard Int.random(in: 0..<4, using: &random) > 0 else { return nil }
        let table = version[type]
        let share = Int.random(in: 0...4, using: &random)
        let chosen = (0..<RowNumber(table.rowCount)).filter { table.isLive($0) && Int.random(in: 0..<4, using: &random) < share }
        if Bool.random(using: &random) {
            rows.restrict(type, to: chosen)
        } else {
            var bits = Bitmap(count: table.rowCount)
            for row in chosen { bits[Int(row)] = true }
            rows.restrict(type, to: bits)
        }
        return Set(chosen.map { version.key(of: $0, type: type) })
    }

    /// The same graph with the hidden rows gone, and whatever requires one.
    private func without(_ naive: NaiveGraph, _ seenPeople: Set<Key>?, _ seenWorks: Set<Key>?) -> NaiveGraph {
        var left = naive
        left.authors = naive.authors.filter { seenPeople?.contains($0.key) ?? true }
        left.books = naive.books.filter { key, cells in
            guard case .reference(let author) = cells[1] else { return false }
            return left.authors[author] != nil && seenWorks?.contains(key) ?? true
        }
        for (key, cells) in left.books {
            guard case .referenceList(let editors) = cells[3] else { continue }
            left.books[key]?[3] = .referenceList(editors.filter { left.authors[$0] != nil })
        }
        return left
    }

    private func hides(_ naive: NaiveGraph, but left: NaiveGraph, in seen: GraphVersion) -> Bool {
        naive.authors.keys.allSatisfy { (seen.row(of: people, forKey: $0) != nil) == (left.authors[$0] != nil) }
            && naive.books.keys.allSatisfy { (seen.row(of: works, forKey: $0) != nil) == (left.books[$0] != nil) }
            && naive.authors.allSatisfy { key, cells in
                guard left.authors[key] == nil, case .string(let passport) = cells[2] else { return true }
                return seen[people].row(withUnique: passport, in: 2) == nil
            }
    }

    @Test(arguments: 0..<40) func `is the graph without the hidden rows, after every change`(seed: UInt64) {
        var random = SeededGenerator(state: seed &* 6_007 &+ 5)
        var (naive, version) = randomGraph(&random)
        for step in 0..<6 {
            var rows = VisibleRows(of: library)
            let seenPeople = restrict(&rows, people, of: version, &random)
            let seenWorks = restrict(&rows, works, of: version, &random)
            let left = without(naive, seenPeople, seenWorks)
            let seen = version.seen(rows)
            #expect(left.agrees(with: seen), "seed \(seed) step \(step)")
            #expect(hides(naive, but: left, in: seen), "seed \(seed) step \(step)")
            #expect(naive.agrees(with: version), "seed \(seed) step \(step): the whole has changed")
            #expect(seen.whole === version && seen.seen(rows).whole === version && !seen.isWhole && version.isWhole)
            change(&naive, &version, &random)
            // What was given before is of rows that may be gone or others now; types without a rule are handed on.
            guard seenPeople == nil else { continue }
            var again = VisibleRows(of: library)
            let seenNow = restrict(&again, works, of: version, &random)
            #expect(
                without(naive, nil, seenNow).agrees(with: version.seen(again, after: seen)), "seed \(seed) step \(step)")
        }
    }

    @Test func `shares what is not touched`() throws {
        var random = SeededGenerator(state: 4_711)
        let (_, version) = randomGraph(&random)
        let nothing = version.seen(VisibleRows(of: library))
        #expect(nothing[people] === version[people] && nothing[works] === version[works])
        // Works are seen if and only if their authors are: the edge between them is the whole one.
        var rows = VisibleRows(of: library)
        let first = try #require((0..<RowNumber(version[people].rowCount)).first { version[people].isLive($0) })
        rows.restrict(people, to: [first])
        let seen = version.seen(rows)
        #expect(
            seen[people].inverse(0).chunks[0].targets.sharesStorage(with: version[people].inverse(0).chunks[0].targets))
        #expect(seen[people].liveRowCount == 1 && seen[people].fewRows == [first])
    }

    @Test func `hides rows that require one another in a circle`() throws {
        let (left, right) = (NodeTypeID(0), NodeTypeID(1))
        let catalog = Catalog(
            nodeTypes: [
                NodeType(
                    name: "Left",
                    columns: [
                        ColumnDefinition(name: "number", kind: .int, isNullable: false),
                        ColumnDefinition(name: "right", kind: .reference(right), isNullable: false),
                    ], key: [0]),
                NodeType(
                    name: "Right",
                    columns: [
                        ColumnDefinition(name: "number", kind: .int, isNullable: false),
                        ColumnDefinition(name: "left", kind: .reference(left), isNullable: false),
                    ], key: [0]),
            ], enumerations: [])
        func number(_ value: Int) -> Key { Key([.int(Int32(value))]) }
        // Left 0 → right 1 → left 1 → right 2 → … → left 9 → right 0, which closes the circle of itself and left 0 alone.
        var lefts = TypeChanges(type: left, columns: [0, 1])
        var rights = TypeChanges(type: right, columns: [0, 1])
        for index in 0..<10 {
            lefts.cells += [.int(Int32(index)), .reference(number(min(index + 1, 9)))]
            rights.cells += [.int(Int32(index)), .reference(number(index))]
        }
        let version = try GraphVersion.empty(catalog: catalog).applying(
            ChangeSet(types: [lefts, rights]), number: 1, publishedAt: Instant(microseconds: 0))
        var rows = VisibleRows(of: catalog)
        rows.restrict(left, to: (0..<10).filter { $0 != 5 })
        let seen = version.seen(rows)
        // Whoever leads to 5 is gone: all before it.
        #expect((0..<10).filter { seen.row(of: left, forKey: number($0)) != nil } == [6, 7, 8, 9])
        #expect((0..<10).filter { seen.row(of: right, forKey: number($0)) != nil } == [6, 7, 8, 9])
    }
}

/// Many rows, of which many or few are seen: lists over more than a chunk, in both forms.
@Suite struct `A seen version of many rows` {
    private static let groups = NodeTypeID(0)
    private static let items = NodeTypeID(1)
    private static let groupCount = 3_000
    private static let itemCount = 70_000
    private static let catalog = Catalog(
        nodeTypes: [
            NodeType(
                name: "Group", columns: [ColumnDefinition(name: "number", kind: .int, isNullable: false)], key: [0],
                inverses: [
                    InverseDefinition(name: "items", source: items, column: 1),
                    InverseDefinition(name: "guests", source: items, column: 2),
                ]),
            NodeType(
                name: "Item",
                columns: [
                    ColumnDefinition(name: "number", kind: .int, isNullable: false),
                    ColumnDefinition(name: "group", kind: .reference(groups), isNullable: false),
                    ColumnDefinition(name: "host", kind: .reference(groups), isNullable: true),
                ], key: [0]),
        ], enumerations: [])
    private static let version: GraphVersion? = {
        var first = TypeChanges(type: groups, columns: [0])
        for index in 0..<groupCount { first.cells.append(.int(Int32(index))) }
        var second = TypeChanges(type: items, columns: [0, 1, 2])
        for index in 0..<itemCount {
            second.cells += [
                .int(Int32(index)), .reference(Key([.int(Int32(index * 7 % groupCount))])),
                index % 5 == 0 ? .null : .reference(Key([.int(Int32(index % 17))])),
            ]
        }
        return try? GraphVersion.empty(catalog: catalog).applying(
            ChangeSet(types: [first, second]), number: 1, publishedAt: Instant(microseconds: 0))
    }()

    @Test(arguments: ["few groups", "half of the groups", "few items", "a part of the items", "half of the items", "both"])
    func `has the lists that its references make`(what: String) throws {
        let version = try #require(Self.version)
        func bits(_ count: Int, _ isSeen: (Int) -> Bool) -> Bitmap {
            var bits = Bitmap(count: count)
            for row in 0..<count where isSeen(row) { bits[row] = true }
            return bits
        }
        var rows = VisibleRows(of: Self.catalog)
        var (seesGroup, seesItem): ((Int) -> Bool, (Int) -> Bool) = ({ _ in true }, { _ in true })
        switch what {
        case "few groups": seesGroup = { $0 == 3 || $0 == 2_999 }
        case "half of the groups": seesGroup = { $0 % 2 == 0 }
        case "few items": seesItem = { $0 % 9_973 == 0 }
        // Few enough to be listed, and to more groups than a patch has.
        case "a part of the items": seesItem = { $0 % 37 == 0 }
        case "half of the items": seesItem = { $0 % 3 != 1 }
        default: (seesGroup, seesItem) = ({ $0 % 3 == 0 }, { $0 / 1_000 % 2 == 0 })
        }
        if !what.hasSuffix("items") { rows.restrict(Self.groups, to: bits(Self.groupCount, seesGroup)) }
        if !what.hasSuffix("groups") { rows.restrict(Self.items, to: bits(Self.itemCount, seesItem)) }
        let seen = version.seen(rows)
        var lists = Array(repeating: [RowNumber](), count: Self.groupCount)
        var guests = lists
        guard case .reference(let hosts) = seen[Self.items].column(2) else { throw Kind() }
        var count = 0
        for index in 0..<Self.itemCount {
            let (group, host) = (index * 7 % Self.groupCount, index % 17)
            let isSeen = seesItem(index) && seesGroup(group)
            guard seen[Self.items].isLive(RowNumber(index)) == isSeen else {
                Issue.record("item \(index)")
                return
            }
            guard isSeen else { continue }
            count += 1
            lists[group].append(RowNumber(index))
            let hasHost = index % 5 != 0 && seesGroup(host)
            guard hosts[index] == (hasHost ? RowNumber(host) : nil) else {
                Issue.record("the host of item \(index)")
                return
            }
            if hasHost { guests[host].append(RowNumber(index)) }
        }
        #expect(seen[Self.items].liveRowCount == count)
        for (inverse, wanted) in [(0, lists), (1, guests)] {
            let edge = seen[Self.groups].inverse(inverse)
            for group in 0..<Self.groupCount where seesGroup(group) {
                let targets = edge.targets(of: RowNumber(group))
                guard targets.count == wanted[group].count, targets.indices.allSatisfy({ targets[$0] == wanted[group][$0] })
                else {
                    Issue.record("list \(inverse) of group \(group)")
                    return
                }
            }
        }
    }

    private struct Kind: Error {}
}
