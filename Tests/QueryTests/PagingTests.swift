import Query
import QueryPlanning
import StoreColumns
import Testing

@Suite struct `Pages and cursors` {
    /// Sort keys with the field they read and whether it comes through an edge.
    static let orders: [(text: String, path: [String], ascending: Bool, nullsFirst: Bool)] = [
        ("{name: ASC}", ["name"], true, false), ("{nickname: DESC}", ["nickname"], false, false),
        ("{nickname: ASC_NULLS_FIRST}", ["nickname"], true, true), ("{height: DESC_NULLS_FIRST}", ["height"], false, true),
        ("{fee: ASC_NULLS_LAST}", ["fee"], true, false), ("{rank: DESC_NULLS_LAST}", ["rank"], false, false),
        ("{retired: ASC}", ["retired"], true, false), ("{weight: DESC}", ["weight"], false, false),
        ("{born: ASC}", ["born"], true, false), ("{seenAt: DESC}", ["seenAt"], false, false),
        ("{share: ASC}", ["share"], true, false), ("{songCount: DESC}", ["songCount"], false, false),
        ("{role: ASC}", ["role"], true, false), ("{band: {name: ASC}}", ["band", "name"], true, false),
        ("{teacher: {teacher: {height: DESC}}}", ["teacher", "teacher", "height"], false, false),
        ("{number: DESC}", ["number"], false, false),
    ]

    private func value(_ path: [String], _ row: Int, _ graph: NaiveGraph) -> NaiveGraph.Value {
        var (row, type) = (row, "Player")
        for step in path {
            let value = graph.value(step, of: row, type)
            guard case .row(let next) = value else { return value }
            row = next
            type = step == "band" ? "Band" : "Player"
        }
        return .null
    }

    private func sorted(
        _ rows: [Int], _ keys: [(text: String, path: [String], ascending: Bool, nullsFirst: Bool)], _ graph: NaiveGraph
    ) -> [Int] {
        rows.sorted { left, right in
            for key in keys {
                let (a, b) = (value(key.path, left, graph), value(key.path, right, graph))
                if a == .null || b == .null {
                    if (a == .null) != (b == .null) { return (a == .null) == key.nullsFirst }
                    continue
                }
                switch NaiveGraph.order(a, b) {
                case .equal: continue
                case .less: return key.ascending
                case .greater: return !key.ascending
                }
            }
            return graph.keysAscend(left, right, "Player")
        }
    }

    @Test(arguments: 1...30) func `pages put together are the whole list, in the order that was asked for`(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let graph = NaiveGraph.random(&chance, players: 5 + chance.below(60))
        let desk = try Desk(graph)
        var maker = FilterMaker(chance: chance, graph: graph)
        let filter = maker.chance.oneIn(2) ? NaiveFilter.all([]) : maker.filter(on: "Player", depth: 2)
        let keys = (0..<maker.chance.below(4)).map { _ in maker.chance.pick(Self.orders) }
        let rows = graph.rows["Player"]!.indices.filter { filter.truth(of: $0, "Player", in: graph) == .yes }
        let expected = sorted(Array(rows), keys, graph).map { graph.value("number", of: $0, "Player") }
        let query = """
            query($first: Int, $after: String, $offset: Int) { players(where: \(filter.text) orderBy: [\(keys.map(\.text).joined(separator: " "))]
              first: $first after: $after offset: $offset) {
              totalCount nodes { number } edges { cursor node { number } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }
            """
        var found: [NaiveGraph.Value] = []
        var after = "null"
        var pages = 0
        while true {
            let size = 1 + maker.chance.below(9)
            let players = try desk.data(query, variables: "{\"first\": \(size), \"after\": \(after)}").players
            let page = players.nodes.items.map { NaiveGraph.Value.string($0.number.string ?? "") }
            let info = players.pageInfo
            #expect(players.totalCount.int == expected.count)
            #expect(page.count <= size)
            #expect(players.edges.items.map { NaiveGraph.Value.string($0.node.number.string ?? "") } == page)
            #expect(info.startCursor.string == players.edges.items.first?.cursor.string)
            #expect(info.endCursor.string == players.edges.items.last?.cursor.string)
            #expect(info.hasPreviousPage.bool == !found.isEmpty)
            found += page
            #expect(info.hasNextPage.bool == (found.count < expected.count), "seed \(seed)")
            pages += 1
            guard info.hasNextPage.bool == true, let end = info.endCursor.string, pages < 200 else { break }
            after = "\"\(end)\""
        }
        #expect(found == expected, "seed \(seed): \(query)")

        // A page by offset is the same stretch of the list.
        let offset = maker.chance.below(expected.count + 3)
        let players = try desk.data(query, variables: "{\"first\": 4, \"offset\": \(offset)}").players
        let page = players.nodes.items.map { NaiveGraph.Value.string($0.number.string ?? "") }
        #expect(page == Array(expected.dropFirst(offset).prefix(4)), "seed \(seed)")
        #expect(players.pageInfo.hasPreviousPage.bool == (offset > 0 && !expected.isEmpty))
        #expect(players.pageInfo.hasNextPage.bool == (offset + 4 < expected.count))
    }

    private static let list = "players(orderBy: [{name: ASC}] where: {name: {neq: \"x\"}} first: 2"

    private func cursor(_ desk: Desk) throws -> String {
        try #require(desk.data("{ \(Self.list)) { pageInfo { endCursor } } }").players.pageInfo.endCursor.string)
    }

    @Test(arguments: [
        "players(orderBy: [{name: DESC}] where: {name: {neq: \"x\"}} first: 2",
        "players(orderBy: [{name: ASC}] where: {name: {neq: \"y\"}} first: 2",
        "players(first: 2", "songs(first: 2",
    ]) func `a cursor of another list is refused`(other: String) throws {
        let desk = try Desk(SmallRegister.make())
        let cursor = try cursor(desk)
        #expect(try desk.errors("{ \(Self.list) after: \"\(cursor)\") { nodes { name } } }").isEmpty)
        let name = other.hasPrefix("songs") ? "title" : "number"
        let errors = try desk.errors("{ \(other) after: \"\(cursor)\") { nodes { \(name) } } }")
        #expect(errors.map { $0.extensions.code.string } == ["BAD_USER_INPUT"])
        #expect(errors.first?.extensions.argumentPath.string == "after")
    }

    @Test func `a cursor of one parent's list is refused in another's`() throws {
        let desk = try Desk(SmallRegister.make())
        let page = try desk.data("{ band(code: \"B1\") { songs(first: 1) { pageInfo { endCursor } } } }")
        let cursor = try #require(page.band.songs.pageInfo.endCursor.string)
        let query = "query($b: String!, $c: String!) { band(code: $b) { songs(first: 5, after: $c) { nodes { title } } } }"
        let next = try desk.data(query, variables: "{\"b\": \"B1\", \"c\": \"\(cursor)\"}")
        #expect(next.band.songs.nodes.items.map { $0.title.string } == ["Chant", "Waltz"])
        let errors = try desk.errors(query, variables: "{\"b\": \"B2\", \"c\": \"\(cursor)\"}")
        #expect(errors.map { $0.extensions.code.string } == ["BAD_USER_INPUT"])
    }

    @Test func `a cursor of another date is refused`() throws {
        var desk = try Desk(SmallRegister.make())
        let cursor = try cursor(desk)
        desk.asOf = try #require(CivilDate(isoText: "2018-01-01"))
        #expect(try desk.errors("{ \(Self.list) after: \"\(cursor)\") { nodes { name } } }").count == 1)
    }

    @Test func `a changed cursor is refused, whichever character is changed`() throws {
        let desk = try Desk(SmallRegister.make())
        let cursor = Array(try cursor(desk).utf8)
        for place in cursor.indices {
            var changed = cursor
            changed[place] = changed[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let text = String(decoding: changed, as: UTF8.self)
            let errors = try desk.errors("{ \(Self.list) after: \"\(text)\") { nodes { name } } }")
            #expect(errors.map { $0.extensions.code.string } == ["BAD_USER_INPUT"], "character \(place)")
        }
    }

    @Test func `a cursor of another version has expired, and says which version it needs`() throws {
        var desk = try Desk(SmallRegister.make())
        let cursor = try cursor(desk)
        let query = "{ \(Self.list) after: \"\(cursor)\") { nodes { number } } }"
        let old = desk.version
        desk.version = try old.applying(ChangeSet(), number: 8, publishedAt: old.publishedAt, problemLimit: 1)
        let answer = desk.answer(query)
        #expect(try JSON(answer.body)["errors"][0].extensions.code.string == "CURSOR_EXPIRED")
        #expect(answer.cursorVersion == 7)
        desk.version = old
        #expect(try desk.data(query).players.nodes.items.count == 2)
    }
}
