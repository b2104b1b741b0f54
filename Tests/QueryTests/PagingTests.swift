import Expressions
import Model
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

        // Backwards the same rows come in the same order, the last page first.
        let backwards = query.replacing("$first: Int, $after", with: "$last: Int, $before")
            .replacing("first: $first after: $after", with: "last: $last before: $before").replacing(", $offset: Int", with: "")
            .replacing("offset: $offset", with: "")
        found = []
        var before = "null"
        pages = 0
        while true {
            let size = 1 + maker.chance.below(9)
            let players = try desk.data(backwards, variables: "{\"last\": \(size), \"before\": \(before)}").players
            let page = players.nodes.items.map { NaiveGraph.Value.string($0.number.string ?? "") }
            let info = players.pageInfo
            #expect(players.totalCount.int == expected.count)
            #expect(page.count <= size)
            #expect(info.hasNextPage.bool == !found.isEmpty)
            found = page + found
            #expect(info.hasPreviousPage.bool == (found.count < expected.count), "seed \(seed)")
            pages += 1
            guard info.hasPreviousPage.bool == true, let start = info.startCursor.string, pages < 200 else { break }
            before = "\"\(start)\""
        }
        #expect(found == expected, "seed \(seed): \(backwards)")

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

    @Test func `a cursor of a version that is not kept has expired, and says which version it needs`() throws {
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

    /// A desk at the next version, in which the second of the three last players by name is gone; the one before is kept.
    private func laterDesk(_ desk: Desk) throws -> Desk {
        let old = desk.version
        let player = try #require(music.type(named: "Player")).nodeType
        let gone = Key([.string("P5")])
        let changes = ChangeSet(types: [TypeChanges(type: player, columns: [], deletedKeys: [gone])])
        let new = try old.applying(changes, number: 8, publishedAt: old.publishedAt, problemLimit: 1)
        return Desk(
            music, new, asOf: desk.asOf,
            versions: VersionSource(inMemory: { $0 == .number(7) ? .version(old) : .gone("Not kept.") }))
    }

    @Test func `a page that was begun on a version that is kept goes on there`() throws {
        let first = try Desk(SmallRegister.make())
        let all = try first.data("{ \(Self.list.replacing("first: 2", with: "first: 9"))) { nodes { number } } }").players.nodes
        let cursor = try cursor(first)
        let desk = try laterDesk(first)
        #expect(try desk.data("{ players { totalCount } }").players.totalCount.int == 4)
        let answer = desk.answer(
            "{ \(Self.list.replacing("first: 2", with: "first: 9")) after: \"\(cursor)\") { totalCount nodes { number } } }")
        let body = try JSON(answer.body)
        #expect(body.data.players.nodes.items.map { $0.number.string } == all.items.dropFirst(2).map { $0.number.string })
        #expect(body.data.players.totalCount.int == 5)
        #expect(body.extensions.data.version.string == "7")
        #expect(answer.version == 7)
    }

    @Test func `of two cursors of different versions the second has expired`() throws {
        let first = try Desk(SmallRegister.make())
        let old = try cursor(first)
        let desk = try laterDesk(first)
        let new = try cursor(desk)
        let errors = try desk.errors(
            "{ a: \(Self.list) after: \"\(old)\") { nodes { number } } b: \(Self.list) after: \"\(new)\") { nodes { number } } }")
        #expect(errors.map { $0.extensions.code.string } == ["CURSOR_EXPIRED"])
        #expect(errors.first?.path.items.first?.string == "b")
        #expect(errors.first?.extensions.argumentPath.string == "after")
    }

    @Test func `a stretch lies between two cursors, and an empty one has rows on both sides`() throws {
        let desk = try Desk(SmallRegister.make())
        let edges = try desk.data("{ players(first: 9) { edges { cursor node { number } } } }").players.edges.items
        let cursors = edges.compactMap { $0.cursor.string }
        /// The rows, between marks that there are more on their side.
        func page(_ arguments: String) throws -> String {
            let players = try desk.data(
                "{ players(\(arguments)) { nodes { number } pageInfo { hasPreviousPage hasNextPage startCursor } } }"
            ).players
            let info = players.pageInfo
            return (info.hasPreviousPage.bool == true ? "< " : "")
                + players.nodes.items.compactMap { $0.number.string }.joined(separator: " ")
                + (info.hasNextPage.bool == true ? " >" : "")
        }
        let between = "after: \"\(cursors[0])\" before: \"\(cursors[4])\""
        #expect(try page("first: 9 \(between)") == "< P2 P3 P4 >")
        #expect(try page("first: 2 \(between)") == "< P2 P3 >")
        #expect(try page("last: 2 \(between)") == "< P3 P4 >")
        #expect(try page("first: 1 offset: 1 \(between)") == "< P3 >")
        #expect(try page("first: 9 before: \"\(cursors[2])\"") == "P1 P2 >")
        #expect(try page("before: \"\(cursors[2])\"") == "P1 P2 >")
        #expect(try page("last: 1 after: \"\(cursors[2])\"") == "< P5")
        #expect(try page("first: 9 after: \"\(cursors[3])\" before: \"\(cursors[1])\"") == "<  >")
        #expect(try page("last: 9 before: \"\(cursors[0])\"") == " >")
        #expect(try page("last: 0") == "< ")
        #expect(try page("first: 0") == " >")
        #expect(try page("last: 9") == "P1 P2 P3 P4 P5")
    }

    @Test(arguments: [
        ("first: 1 last: 1", "first"), ("last: 1 offset: 0", "offset"), ("last: -1", "last"), ("last: 1001", "last"),
        ("first: -1", "first"), ("first: 1001", "first"), ("offset: -1", "offset"),
    ]) func `arguments that are no page are refused at their place`(arguments: String, path: String) throws {
        let errors = try Desk(SmallRegister.make()).errors("{ players(\(arguments)) { totalCount } }")
        #expect(errors.map { $0.extensions.code.string } == ["BAD_USER_INPUT"])
        #expect(errors.first?.extensions.argumentPath.string == path)
        #expect(errors.first?.locations.items.count == 1)
    }

    /// The second page of a long list sorts the table once; later ones find it sorted.
    @Test func `a page deep in a list costs its rows and not a sort`() throws {
        var chance = Chance(seed: 5)
        let graph = NaiveGraph.random(&chance, players: 400)
        let desk = try Desk(graph)
        let query =
            "query($a: String) { players(orderBy: [{nickname: DESC} {born: ASC}] first: 10 after: $a) { nodes { number } pageInfo { endCursor } } }"
        func visited(_ after: String) throws -> (rows: Int, end: String) {
            let budget = desk.service.makeBudget()
            let answer = desk.answer(query, variables: "{\"a\": \(after)}", budget: budget)
            return (budget.rowsVisited, "\"\(try JSON(answer.body).data.players.pageInfo.endCursor.string ?? "")\"")
        }
        let first = try visited("null")
        let second = try visited(first.end)
        let third = try visited(second.end)
        let fourth = try visited(third.end)
        print("rows visited by page: \(first.rows), \(second.rows), \(third.rows), \(fourth.rows)")
        #expect(third.rows == fourth.rows)
        #expect(third.rows * 2 <= second.rows)
    }

    @Test func `what is sorted is bounded in memory`() throws {
        var limits = QueryLimits()
        limits.queryMemoryBytes = 40
        let desk = try Desk(SmallRegister.make(), limits: limits)
        let errors = try desk.errors("{ players(orderBy: [{name: ASC}]) { nodes { number } } }")
        #expect(errors.map { $0.extensions.code.string } == ["QUERY_TOO_COMPLEX"])
        #expect(errors.first?.extensions.limit.string == "max-query-memory-bytes")
    }
}
