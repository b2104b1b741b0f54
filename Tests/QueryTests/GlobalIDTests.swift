import Query
import QueryPlanning
import Testing

/// Rows by their global ids. `api.md` §1
@Suite struct `Global ids` {
    @Test(arguments: 1...20) func `every row is found by its id, at the place where the id stands`(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let graph = NaiveGraph.random(&chance, players: 3 + chance.below(40))
        let desk = try Desk(graph)
        let data = try desk.data(
            """
            { players(first: 1000) { nodes { id __typename } } bands(first: 1000) { nodes { id __typename } }
              stints(first: 1000) { nodes { id __typename } } songs(first: 1000) { nodes { id __typename } } }
            """)
        let rows = ["players", "bands", "stints", "songs"].flatMap { data[$0].nodes.items }
        #expect(Set(rows.compactMap(\.id.string)).count == rows.count, "seed \(seed)")
        var asked = (0..<60).map { _ in chance.pick(rows) }
        asked.append(asked[0])
        let ids = asked.compactMap(\.id.string).map { "\"\($0)\"" }.joined(separator: ",")
        let nodes = try desk.data("query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }", variables: "{\"ids\": [\(ids)]}")
            .nodes
        #expect(nodes.items.map(\.description) == asked.map(\.description), "seed \(seed)")
    }

    /// A key is as long as a text of a column may be: its row is found by its id, and the page behind it by its cursor.
    @Test(arguments: [1, 3_030, 3_060, 3_061, 3_062, 3_063, 3_064, 20_000, 65_534, 65_535])
    func `rows of long keys are found by their ids, and passed over by their cursors`(length: Int) throws {
        let graph = SmallRegister.make()
        graph.rows["Player"]![0]["number"] = .string("A" + String(repeating: "x", count: length - 1))
        let desk = try Desk(graph)
        let players = try desk.data("{ players(first: 1) { nodes { id name } pageInfo { endCursor } } }").players
        let id = try #require(players.nodes[0].id.string)
        let name = try desk.data(
            "query($id: ID!) { node(id: $id) { ... on Player { name } } }", variables: "{\"id\": \"\(id)\"}"
        ).node.name
        #expect(name.string == players.nodes[0].name.string)
        let cursor = try #require(players.pageInfo.endCursor.string)
        let next = try desk.data(
            "query($c: String) { players(first: 10 after: $c) { nodes { number } } }", variables: "{\"c\": \"\(cursor)\"}"
        ).players.nodes.items
        #expect(next.map(\.number.string) == ["P2", "P3", "P4", "P5"])
    }

    @Test func `as many ids as a page has rows, and not one more`() throws {
        var limits = QueryLimits()
        limits.pageSize = 3
        let desk = try Desk(SmallRegister.make(), limits: limits)
        let id = "\"AQZQbGF5ZXICUDE\""
        func query(_ count: Int) -> String { "{ nodes(ids: [\((0..<count).map { _ in id }.joined(separator: " "))]) { id } }" }
        #expect(try desk.data(query(3)).nodes.items.count == 3)
        let error = try #require(try desk.errors(query(4)).first)
        #expect(error.extensions.code.string == "BAD_USER_INPUT")
        #expect(error.message.string == "At most 3 ids are looked up at a time, and these are 4 (limit max-page-size).")
        #expect(error.extensions.argumentPath.string == "ids")
    }

    @Test(arguments: [
        "", "=", "AQ", "AQA", "P1", "AgZQbGF5ZXICUDE", "AQZQbGF5ZXICUDE=", "AQZQbGF5ZXICUDE ", "AQcxUGxheWVyAlAx",
    ]) func `a text that no server gave as an id is refused`(text: String) throws {
        let desk = try Desk(SmallRegister.make())
        let errors = try desk.errors("query($id: ID!) { node(id: $id) { id } }", variables: "{\"id\": \"\(text)\"}")
        #expect(errors.map { $0.extensions.code.string } == ["BAD_USER_INPUT"])
        #expect(errors.first?.message.string?.contains("is no global id") == true)
    }
}
