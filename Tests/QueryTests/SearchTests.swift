import Expressions
import Model
import Query
import QueryPlanning
import StoreColumns
import Testing

/// Search over all types against the plainest search there is.
@Suite struct `Searching by a text` {
    struct Hit: Hashable, CustomStringConvertible {
        var type: String
        var row: Int
        var description: String { "\(type) \(row)" }
    }

    static let fields = [
        ("Player", ["number", "name", "nickname"], "number"), ("Band", ["code", "name"], "code"), ("Song", ["title"], ""),
    ]

    /// Rows of the types, in the order that is promised.
    private func hits(_ text: String, in types: [String], _ graph: NaiveGraph) -> [Hit] {
        let wanted = Array(text.lowercased().utf8)
        func grade(_ row: Int, _ type: String, _ fields: [String], _ key: String) -> Int? {
            fields.compactMap { field -> Int? in
                guard case .string(let text) = graph.value(field, of: row, type) else { return nil }
                let held = Array(text.lowercased().utf8)
                if field == key, held == wanted { return 0 }
                if held.starts(with: wanted) { return 1 }
                guard held.count > wanted.count else { return nil }
                return (0...(held.count - wanted.count)).contains { held[$0...].starts(with: wanted) } ? 2 : nil
            }.min()
        }
        var hits: [(grade: Int, type: Int, hit: Hit)] = []
        for (place, (type, fields, key)) in Self.fields.enumerated() where types.contains(type) {
            for row in graph.rows[type]!.indices.sorted(by: { graph.keysAscend($0, $1, type) }) {
                if let grade = grade(row, type, fields, key) { hits.append((grade, place, Hit(type: type, row: row))) }
            }
        }
        // The sort of an array of pairs with their places is stable.
        return hits.enumerated().sorted {
            ($0.element.grade, $0.element.type, $0.offset) < ($1.element.grade, $1.element.type, $1.offset)
        }.map(\.element.hit)
    }

    private func id(_ hit: Hit, _ graph: NaiveGraph) throws -> [String] {
        switch hit.type {
        case "Song":
            guard case .row(let band) = graph.value("band", of: hit.row, "Song") else { return [] }
            return ["Song", text("code", band, "Band", graph), text("title", hit.row, "Song", graph)]
        default: return [hit.type, text(hit.type == "Band" ? "code" : "number", hit.row, hit.type, graph)]
        }
    }

    private func text(_ field: String, _ row: Int, _ type: String, _ graph: NaiveGraph) -> String {
        if case .string(let text) = graph.value(field, of: row, type) { text } else { "" }
    }

    private func id(_ node: JSON) -> [String] {
        [node["__typename"], node.number, node.code, node.band.code, node.title].compactMap(\.string)
    }

    @Test(arguments: 1...40) func `finds what a plain search finds, in the promised order, on pages put together`(
        seed: UInt64
    ) throws {
        var chance = Chance(seed: seed)
        let graph = NaiveGraph.random(&chance, players: 3 + chance.below(80))
        let desk = try Desk(graph)
        for _ in 0..<8 {
            let word = chance.pick(NaiveGraph.words.filter { !$0.isEmpty } + ["P13-1", "p1", "B0-0", "b", "1", "z", "Q"])
            let cut = String(word.dropFirst(chance.below(2)).prefix(1 + chance.below(4)))
            let text = cut.isEmpty ? word : chance.oneIn(2) ? cut.uppercased() : cut
            guard text.contains(where: { !$0.isWhitespace }) else { continue }
            let types = chance.oneIn(2) ? ["Player", "Band", "Song"] : Self.fields.map(\.0).filter { _ in chance.oneIn(2) }
            let expected = try hits(text, in: types, graph).map { try id($0, graph) }
            let query = """
                query($text: String! $types: [SearchType!] $first: Int $after: String) {
                  search(text: $text types: $types first: $first after: $after) { totalCount
                    nodes { __typename ... on Player { number } ... on Band { code } ... on Song { band { code } title } }
                    edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor } } }
                """
            let quoted = JSON(value: text).description
            var found: [[String]] = []
            var after = "null"
            for _ in 0..<200 {
                let size = 1 + chance.below(12)
                let variables = """
                    {"text": \(quoted), "types": \(JSON(value: types)), "first": \(size), "after": \(after)}
                    """
                let search = try desk.data(query, variables: variables).search
                #expect(search.totalCount.int == expected.count, "seed \(seed): \(text)")
                #expect(search.nodes.items.count <= size)
                #expect(search.edges.items.last?.cursor.string == search.pageInfo.endCursor.string)
                #expect(search.pageInfo.hasPreviousPage.bool == !found.isEmpty)
                found += search.nodes.items.map(id)
                #expect(search.pageInfo.hasNextPage.bool == (found.count < expected.count), "seed \(seed): \(text)")
                guard search.pageInfo.hasNextPage.bool == true, let end = search.pageInfo.endCursor.string else { break }
                after = "\"\(end)\""
            }
            #expect(found == expected, "seed \(seed): \(text) in \(types)")

            // Backwards the same rows come in the same order, the last page first.
            let backwards = query.replacing("$first: Int $after", with: "$last: Int $before")
                .replacing("first: $first after: $after", with: "last: $last before: $before")
            found = []
            var before = "null"
            for _ in 0..<200 {
                let size = 1 + chance.below(12)
                let variables = """
                    {"text": \(quoted), "types": \(JSON(value: types)), "last": \(size), "before": \(before)}
                    """
                let search = try desk.data(backwards, variables: variables).search
                #expect(search.nodes.items.count <= size && search.totalCount.int == expected.count)
                #expect(search.pageInfo.hasNextPage.bool == !found.isEmpty)
                found = search.nodes.items.map(id) + found
                #expect(search.pageInfo.hasPreviousPage.bool == (found.count < expected.count), "seed \(seed): \(text)")
                guard search.pageInfo.hasPreviousPage.bool == true, let start = search.edges[0].cursor.string else { break }
                before = "\"\(start)\""
            }
            #expect(found == expected, "seed \(seed): \(text) in \(types), backwards")
        }
    }

    private func cursor(_ desk: Desk) throws -> String {
        try #require(desk.data("{ search(text: \"a\" first: 1) { pageInfo { endCursor } } }").search.pageInfo.endCursor.string)
    }

    @Test(arguments: [
        "search(text: \"b\"", "search(text: \"A\"", "search(text: \"a\" types: [Player]", "players(first: 1",
    ]) func `a cursor of another list is refused`(other: String) throws {
        let desk = try Desk(SmallRegister.make())
        let cursor = try cursor(desk)
        #expect(try desk.errors("{ search(text: \"a\" after: \"\(cursor)\") { nodes { __typename } } }").isEmpty)
        let errors = try desk.errors("{ \(other) after: \"\(cursor)\") { nodes { __typename } } }")
        #expect(errors.map { $0.extensions.code.string } == ["BAD_USER_INPUT"])
    }

    @Test func `a page lies between two cursors, and counts from one end`() throws {
        let desk = try Desk(SmallRegister.make())
        let all = try desk.data("{ search(text: \"a\") { edges { cursor } nodes { ...N } } } \(Self.names)").search
        let cursors = all.edges.items.compactMap(\.cursor.string)
        try #require(cursors.count > 4)
        func ids(_ arguments: String) throws -> [[String]] {
            try desk.data("{ search(text: \"a\" \(arguments)) { nodes { ...N } } } \(Self.names)").search.nodes.items.map(id)
        }
        let rows = all.nodes.items.map(id)
        for first in cursors.indices {
            for end in cursors.indices {
                let between = "after: \"\(cursors[first])\" before: \"\(cursors[end])\""
                let expected = first < end ? Array(rows[(first + 1)..<end]) : []
                #expect(try ids(between) == expected)
                #expect(try ids("\(between) last: 2") == expected.suffix(2))
            }
        }
        let both = try desk.errors("{ search(text: \"a\" first: 1 last: 1) { totalCount } }")
        #expect(both.map { $0.extensions.argumentPath.string } == ["first"])
        let foreign = try desk.errors("{ search(text: \"b\" before: \"\(cursors[1])\") { nodes { __typename } } }")
        #expect(foreign.map { $0.extensions.argumentPath.string } == ["before"])
    }

    private static let names =
        "fragment N on SearchResult { __typename ... on Player { number } ... on Band { code } ... on Song { band { code } title } }"

    @Test func `a cursor of another version says so`() throws {
        let graph = SmallRegister.make()
        var desk = try Desk(graph)
        let cursor = try cursor(desk)
        desk.version = try graph.version(number: 8)
        let errors = try desk.errors("{ search(text: \"a\" after: \"\(cursor)\") { nodes { __typename } } }")
        #expect(errors.map { $0.extensions.code.string } == ["CURSOR_EXPIRED"])
    }

    @Test func `a row that was deleted is not found`() throws {
        var desk = try Desk(SmallRegister.make())
        let band = try #require(music.type(named: "Song")).nodeType
        let key = Key([.reference(Key([.string("B1")])), .string("Chant")])
        var changes = ChangeSet()
        changes.types.append(TypeChanges(type: band, columns: [], cells: [], deletedKeys: [key]))
        desk.version = try desk.version.applying(
            changes, number: 8, publishedAt: desk.version.publishedAt, problemLimit: 10)
        #expect(try desk.data("{ search(text: \"chant\") { totalCount nodes { __typename } } }").search.totalCount.int == 0)
        #expect(try desk.data("{ search(text: \"waltz\") { totalCount } }").search.totalCount.int == 1)
    }

    @Test func `costs the texts and the rows, once for all fields that search for the same`() throws {
        let desk = try Desk(SmallRegister.make())
        let budget = desk.service.makeBudget()
        _ = desk.answer("{ search(text: \"ada\" types: [Player]) { totalCount } }", budget: budget)
        // Three columns: 5 numbers, 4 names and 1 nickname; the rows of the one that has the text, once.
        #expect(budget.rowsVisited == 5 + 4 + 1 + 5)
        let twice = desk.service.makeBudget()
        _ = desk.answer(
            "{ a: search(text: \"ada\" types: [Player]) { totalCount } b: search(text: \"ada\" types: [Player] first: 1) { nodes { __typename } } }",
            budget: twice)
        #expect(twice.rowsVisited == budget.rowsVisited)
        let few = Budget(rowLimit: 12)
        let answer = desk.answer("{ search(text: \"ada\" types: [Player]) { totalCount } }", budget: few)
        #expect(answer.outcome == .overBudget)
    }

    @Test func `letters are found whatever their case, other marks as they are`() throws {
        let graph = SmallRegister.make()
        graph.rows["Band"] = [
            ["code": .string("x1"), "name": .string("ΣΊΣΥΦΟΣ Ångström ＡＢＣ Кот"), "founded": .date(days(1999, 12, 31))]
        ]
        graph.rows["Song"] = []
        graph.rows["Stint"] = []
        let desk = try Desk(graph)
        for (text, count) in [
            ("σίσυφος", 1), ("ångström", 1), ("Angstrom", 0), ("ａｂｃ", 1), ("abc", 0), ("кОТ", 1), ("X1", 1), ("%", 0), ("_", 0),
        ] {
            let search = try desk.data(
                "query($text: String!) { search(text: $text types: [Band]) { totalCount } }",
                variables: "{\"text\": \(JSON(value: text))}")
            #expect(search.search.totalCount.int == count, "\(text)")
        }
    }
}
