import Model
import Query
import QueryPlanning
import StoreColumns
import Testing

/// Viewers whose roles restrict the rows, on registers, rules and questions made at random.
@Suite struct `Who sees a part of the rows` {
    private func two(_ seed: UInt64) throws -> (whole: NaiveGraph, version: GraphVersion, desks: [SeenDesk], seen: SeenVersions) {
        var chance = Chance(seed: seed &* 31 &+ 5)
        let whole = NaiveGraph.random(&chance, players: 1 + chance.below(40))
        let desks = [try SeenDesk("A", &chance, whole), try SeenDesk("B", &chance, whole)]
        let seen = SeenVersions(model: music, scopes: ["A": desks[0].scopes, "B": desks[1].scopes])
        return (whole, try whole.version(), desks, seen)
    }

    @Test(arguments: `Random filters`.seeds)
    func `is answered as by hand from what they see, with derived values of all`(seed: UInt64) throws {
        let (whole, version, desks, seen) = try two(seed)
        for desk in desks {
            let heard = Desk.Heard()
            let asked = try desk.desk(version, whole, seen, heard)
            var maker = FilterMaker(chance: Chance(seed: seed &+ 9), graph: desk.graph)
            // Filters by hand need a region to be within.
            guard !desk.graph.rows["Region"]!.isEmpty, !desk.graph.rows["Player"]!.isEmpty else { continue }
            for (type, list, _) in `Random filters`.lists {
                maker.ids[type] = try `Random filters`.ids(of: type, list, desk.graph, asked)
            }
            for _ in 0..<8 {
                let type = maker.chance.pick(`Random filters`.lists).type
                guard !desk.graph.rows[type]!.isEmpty else { continue }
                try `Random filters`().check(maker.filter(on: type, depth: 3), type, desk.graph, asked, seed)
            }
            `Random figures`.checkFigures(maker, asked, seed, count: 4)
            `Random figures`.checkGroups(maker, asked, seed, count: 4)
            try `Random orders`.check(maker, asked, seed, count: 4)
            try checkSecrets(desk, whole, heard, seed)
        }
    }

    /// Nothing that only a hidden row holds stands anywhere in what a viewer was told.
    private func checkSecrets(_ desk: SeenDesk, _ whole: NaiveGraph, _ heard: Desk.Heard, _ seed: UInt64) throws {
        let all = try Desk(whole)
        var secrets: [String] = []
        for (type, list, key) in [
            ("Player", "players", "number"), ("Band", "bands", "code"), ("Region", "regions", "code"), ("Song", "songs", "title"),
        ] {
            let kept = Set(desk.kept[type]!)
            let ids = try `Random filters`.ids(of: type, list, whole, all)
            for row in whole.rows[type]!.indices where !kept.contains(row) {
                guard case .string(let text) = whole.value(key, of: row, type) else { continue }
                secrets.append(JSON(value: text).description)
                secrets.append(ids[row])
            }
        }
        for secret in secrets {
            let told = heard.bodies.first { $0.contains(secret) }
            #expect(told == nil, "seed \(seed): \(secret) is hidden by \(desk.texts)")
        }
    }

    /// Questions of every kind; those that name rows name seen and hidden ones.
    private func questions(_ whole: NaiveGraph, _ desk: SeenDesk, _ chance: inout Chance) throws -> [String] {
        let all = try Desk(whole)
        var ids: [String] = []
        for (type, list, _) in `Random filters`.lists.dropFirst() {
            ids += try `Random filters`.ids(of: type, list, whole, all)
        }
        func text(_ field: String, _ type: String, _ chance: inout Chance) -> String {
            guard !whole.rows[type]!.isEmpty,
                case .string(let text) = whole.value(field, of: chance.below(whole.rows[type]!.count), type)
            else { return "x" }
            return JSON(value: text).description
        }
        var maker = FilterMaker(chance: chance, graph: whole)
        var filters: [String] = []
        for type in ["Player", "Band", "Stint", "Song", "Region"] { filters.append(maker.filter(on: type, depth: 1).text) }
        let number = text("number", "Player", &chance)
        let code = text("code", "Band", &chance)
        let region = text("code", "Region", &chance)
        let id = chance.pick(ids)
        let some = (0..<4).map { _ in "\"\(chance.pick(ids))\"" }.joined(separator: " ")
        // Derived fields that read other rows are told of all rows, and so left out here.
        return [
            "{ meta { rowCounts { type count } } }",
            "{ player(number: \(number)) { name teacher { number } pupils { totalCount } stints { totalCount nodes { band { code } } } } }",
            "{ band(code: \(code)) { name home { code } players { totalCount nodes { number } } songs { nodes { title writers { totalCount nodes { number } } } } } }",
            "{ node(id: \"\(id)\") { __typename id } }", "{ nodes(ids: [\(some)]) { __typename id } }",
            "{ players(first: 3) { totalCount nodes { id number title isTall load stage role band { code } } pageInfo { hasNextPage endCursor } edges { cursor } } }",
            "{ players(where: \(filters[0]), orderBy: [{height: DESC}, {name: ASC}]) { nodes { number } aggregate { count countDistinct { teacher } sum { height } min { born } median { fee } } } }",
            "{ players { groups(by: [{rank: true}], limit: 10) { key { rank } aggregate { count } nodes { number } } } }",
            "{ bands(where: \(filters[1])) { totalCount nodes { code songs { aggregate { count sum { price } } } stints(orderBy: [{since: DESC}]) { edges { cursor node { since } } } } } }",
            "{ stints(where: \(filters[2])) { nodes { player { number } band { code } since } aggregate { count max { until } } } }",
            "{ songs(where: \(filters[3]), orderBy: [{title: DESC}]) { nodes { title writers { nodes { number } aggregate { count } } } } }",
            "{ regions(where: \(filters[4])) { nodes { code parent { code parent { code } } bands { totalCount } } } }",
            "{ bands(where: {home: {within: \(region)}}) { totalCount nodes { code } } }",
            "{ players(where: {teacher: {number: {eq: \(number)}}}) { totalCount } }",
            "{ players(where: {songs: {some: {band: {code: {eq: \(code)}}}}}) { totalCount nodes { number } } }",
            "{ players(where: {cel: \"pupils.exists(p, p.height > 60) || songs.size() > 1\"}) { nodes { number } } }",
            "{ bands(where: {cel: \"within(home, '\(region.dropFirst().dropLast())')\"}) { totalCount } }",
            "{ search(text: \"a\") { totalCount nodes { __typename ... on Player { number } ... on Band { code } ... on Song { title } } edges { cursor } } }",
            "{ diff(from: \"7\", to: \"7\") { types { type } rows { totalCount } } }",
        ]
    }

    @Test(arguments: `Random filters`.seeds)
    func `gets the bytes that a register without the hidden rows gives, in answers and in errors`(seed: UInt64) throws {
        let (whole, version, desks, seen) = try two(seed)
        for desk in desks {
            let heard = Desk.Heard()
            let asked = try desk.desk(version, whole, seen, heard)
            var bare = Desk(music, try whole.with(only: desk.kept, derivedOfAll: false).version(), asOf: asked.asOf)
            bare.viewer = asked.service.reader(of: desk.viewer)
            var chance = Chance(seed: seed &+ 3)
            // Fields that are made of other rows are told of all rows, and so is what asks by them.
            for question in try questions(whole, desk, &chance)
            where !["songCount", "share", "earnings", "debut", "lastSeen", "bestPupil"].contains(where: question.contains) {
                let (found, expected) = (asked.ask(question), bare.ask(question))
                #expect(found == expected, "seed \(seed) \(desk.texts): \(question)")
            }
        }
    }

    @Test(arguments: `Random filters`.seeds.prefix(20)) func `turns no page of another`(seed: UInt64) throws {
        let (whole, version, desks, seen) = try two(seed)
        let (first, second) = (try desks[0].desk(version, whole, seen), try desks[1].desk(version, whole, seen))
        for list in ["players", "bands"] {
            guard let cursor = try first.data("{ \(list)(first: 1) { pageInfo { endCursor } } }")[list].pageInfo.endCursor.string
            else { continue }
            let next = "{ \(list)(first: 1, after: \"\(cursor)\") { nodes { __typename } } }"
            #expect(first.answer(next).outcome == .data)
            let refused = try second.errors(next)
            #expect(refused.first?.message.string?.contains("is no cursor of this list") == true)
            // Nor where the role is the same and a claim is another.
            var third = first
            guard !third.viewer.claims.isEmpty else { continue }
            let claim = third.viewer.claims[0]
            guard Int(claim.value) == nil else { continue }
            third.viewer.claims[0].value = claim.value + "x"
            #expect(try third.errors(next).first?.message.string?.contains("is no cursor of this list") == true)
        }
    }

    /// Names of answers are what entity tags are made of, and what kept answers are found by.
    @Test(arguments: `Random filters`.seeds)
    func `names its answers as nobody else does, and as if the hidden rows were not there`(seed: UInt64) throws {
        let (whole, version, desks, seen) = try two(seed)
        for (place, desk) in desks.enumerated() {
            let asked = try desk.desk(version, whole, seen)
            let bare = try whole.with(only: desk.kept, derivedOfAll: false).version()
            func name(_ question: String, _ viewer: Viewer, _ version: GraphVersion) throws -> String? {
                let request = try QueryRequest.parse(
                    query: question, variables: nil, extensions: nil, operationName: nil, limits: asked.service.limits)
                return asked.service.footing(of: request, version: version, asOf: asked.asOf, viewer: viewer)?
                    .identity(in: version, asOf: asked.asOf)?.name
            }
            var chance = Chance(seed: seed &+ 3)
            for question in try questions(whole, desk, &chance) {
                guard let own = try name(question, desk.viewer, version) else { continue }
                if let expected = try name(question, desk.viewer, bare) {
                    #expect(expected == own, "seed \(seed) \(desk.texts): \(question)")
                } else {
                    // What names a hidden row has a name that nobody is told: only data is named.
                    #expect(asked.answer(question).outcome != .data, "seed \(seed) \(desk.texts): \(question)")
                }
                #expect(try name(question, desks[1 - place].viewer, version) != own, "seed \(seed): \(question)")
                #expect(try name(question, .local, version) != own, "seed \(seed): \(question)")
                guard !desk.viewer.claims.isEmpty else { continue }
                var other = desk.viewer
                other.claims[0].value += "x"
                #expect(try name(question, other, version) != own, "seed \(seed): \(question)")
            }
        }
    }

    @Test(arguments: `Random filters`.seeds)
    func `is told of a cursor of another what is told of one that was made up, and no row`(seed: UInt64) throws {
        let (whole, version, desks, seen) = try two(seed)
        for (place, desk) in desks.enumerated() {
            let (own, other) = (try desk.desk(version, whole, seen), try desks[1 - place].desk(version, whole, seen))
            for (list, key) in [("players", "number"), ("bands", "code"), ("regions", "code"), ("songs", "title")] {
                for edge in try own.data("{ \(list)(first: 5) { edges { cursor node { \(key) } } } }")[list].edges.items {
                    guard let cursor = edge.cursor.string, let text = edge.node[key].string else { continue }
                    for argument in ["first: 1, after", "last: 1, before"] {
                        let page = "{ \(list)(\(argument): \"\(cursor)\") { totalCount nodes { \(key) } } }"
                        #expect(own.answer(page).outcome == .data, "seed \(seed): \(page)")
                        let madeUp = "{ \(list)(\(argument): \"AAAA\") { totalCount nodes { \(key) } } }"
                        let (told, expected) = (other.ask(page), other.ask(madeUp))
                        #expect(told.contains("is no cursor of this list"), "seed \(seed): \(told)")
                        #expect(told == expected, "seed \(seed): \(page)")
                        #expect(!told.contains(JSON(value: text).description) || text.count < 4)
                    }
                }
            }
        }
    }

    @Test(arguments: `Random filters`.seeds.prefix(20))
    func `sees by his own claims, whoever of the same role asked before`(seed: UInt64) throws {
        var chance = Chance(seed: seed &* 17 &+ 2)
        let whole = NaiveGraph.random(&chance, players: 6 + chance.below(30))
        let version = try whole.version()
        let scopes = try RowScopes([("Player", "number in claims.own")], claims: [("own", .strings)], in: music)
        let seen = SeenVersions(model: music, scopes: ["A": scopes])
        let asOf = try #require(CivilDate(days: Int32(whole.asOf)))
        let numbers = whole.rows["Player"]!.indices.compactMap { row -> String? in
            if case .string(let text) = whole.value("number", of: row, "Player") { text } else { nil }
        }
        var viewers: [(desk: Desk, own: Set<String>)] = []
        for _ in 0..<3 {
            let own = Set(numbers.filter { _ in chance.below(2) == 0 } + ["none"])
            var desk = Desk(music, version, asOf: asOf, seen: seen)
            desk.viewer = Viewer(role: "A", claims: own.sorted().map { Viewer.Claim(name: "own", value: $0) })
            viewers.append((desk, own))
        }
        for _ in 0..<8 {
            let (desk, own) = chance.pick(viewers)
            let found = try desk.data("{ players { totalCount nodes { number } } }")["players"]
            #expect(Set(found.nodes.items.compactMap(\.number.string)) == own.subtracting(["none"]), "seed \(seed)")
            #expect(found.totalCount.int == own.count - 1, "seed \(seed)")
        }
    }

    /// What is computed for one is kept, and must be of nobody else.
    @Test(arguments: `Random filters`.seeds)
    func `is answered the same whoever asked the same before, of one server`(seed: UInt64) throws {
        var chance = Chance(seed: seed &* 31 &+ 5)
        let whole = NaiveGraph.random(&chance, players: 20 + chance.below(60))
        let desks = [try SeenDesk("A", &chance, whole), try SeenDesk("B", &chance, whole)]
        let scopes = ["A": desks[0].scopes, "B": desks[1].scopes]
        let version = try whole.version()
        let asOf = try #require(CivilDate(days: Int32(whole.asOf)))
        func server() -> Desk { Desk(music, version, asOf: asOf, seen: SeenVersions(model: music, scopes: scopes)) }
        let shared = server()
        let viewers = [Viewer.local] + desks.map(\.viewer)
        var maker = FilterMaker(chance: Chance(seed: seed &+ 9), graph: whole)
        var documents: [String] = []
        for _ in 0..<4 {
            documents.append("{ players(where: \(maker.filter(on: "Player", depth: 3).text)) { totalCount nodes { number } } }")
            documents.append("{ bands(where: \(maker.filter(on: "Band", depth: 3).text)) { totalCount nodes { code } } }")
        }
        for condition in ["songs.size() > 0", "pupils.exists(p, p.height > 60)", "stints.exists(s, has(s.role))"] {
            documents.append("{ players(where: {cel: \"\(condition)\"}) { totalCount nodes { number } } }")
            documents.append(
                "{ players(where: {teacher: {cel: \"\(condition)\"}}) { nodes { number pupils(where: {cel: \"\(condition)\"}) { totalCount } } } }"
            )
        }
        documents.append("{ bands(where: {songs: {some: {writers: {some: {height: {gt: 60}}}}}}) { totalCount nodes { code } } }")
        documents.append("{ players(where: {songs: {none: {seconds: {gt: 0}}}}) { totalCount } }")
        for document in documents {
            var order = viewers.indices.map(\.self)
            order.shuffle(using: &chance)
            for place in order + order {
                var (mine, alone) = (shared, server())
                (mine.viewer, alone.viewer) = (viewers[place], viewers[place])
                #expect(mine.ask(document) == alone.ask(document), "seed \(seed), viewer \(place): \(document)")
            }
        }
    }
}
