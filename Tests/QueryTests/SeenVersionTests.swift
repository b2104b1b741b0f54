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
}
