import Foundation
import Model
import Query
import QueryPlanning
import StoreColumns
import Testing

/// The names of answers are known before the answers: equal names are equal bytes.
@Suite struct `Names of answers` {
    private static let seeds: [UInt64] = {
        if let text = ProcessInfo.processInfo.environment["HEARTH_SEED"], let seed = UInt64(text) { return [seed] }
        return ProcessInfo.processInfo.environment["HEARTH_LONG_TESTS"] == nil ? [1, 2, 3] : Array(1...60)
    }()

    /// Every kind of field that a plan has.
    private static let documents = [
        "{ players { totalCount } }", "{ players { nodes { name } } }", "{ players { nodes { id } } }",
        "{ players(orderBy: [{name: DESC}], first: 3) { nodes { number } pageInfo { hasNextPage } } }",
        "{ players { nodes { band { name } role } } }", "{ players { nodes { band(on: \"2016-05-05\") { name } } } }",
        "{ players { nodes { teacher { height } pupils { totalCount } } } }",
        "{ players { nodes { songs { nodes { title } } songCount share } } }",
        "{ players(where: {songCount: {gt: 0}}) { totalCount } }",
        "{ players(where: {stints: {some: {since: {during: \"LAST_12_MONTHS\"}}}}) { nodes { number } } }",
        "{ players(where: {stints: {none: {until: {during: \"2015\"}}}}) { totalCount } }",
        "{ players(where: {songs: {aggregate: {sum: {price: {gt: 1}}}}}) { nodes { number } } }",
        "{ players(where: {cel: \"band.name != name && size(songs) > 0\"}) { totalCount } }",
        "{ players(orderBy: [{songs: {sum: {field: price, order: DESC}}}], first: 5) { nodes { number } } }",
        "{ players { aggregate { count sum { height } max { born } } } }",
        "{ players { groups(by: [{field: rank}]) { key { rank } aggregate { count } } } }",
        "{ stints { groups(by: [{band: {field: name}}], having: {count: {gt: 1}}) { key { band { name } } aggregate { count } nodes { since } } } }",
        "{ stints { groups(by: [{since: YEAR}]) { key { since { period from to } } aggregate { count } } } }",
        "{ bands { nodes { players { nodes { nickname } } } } }", "{ band(code: \"B1\") { name founded } }",
        "{ songs { nodes { id title band { code } writers { nodes { number } } } } }",
        "{ stints(where: {validOn: \"2016-01-01\"}) { totalCount } }",
        "{ search(text: \"a\") { totalCount nodes { __typename ... on Player { id } } } }",
        "{ meta { version } }", "{ meta { rowCounts { type count } } }", "{ meta { asOf modelDigest } }",
        "{ players(first: 2) { edges { cursor } pageInfo { endCursor } } }", "{ __schema { queryType { name } } }",
        "query @asOf(date: \"2015-01-01\") { players { nodes { band { code } } } }", "{ songs(first: 0) { totalCount } }",
    ]

    @Test func `every document of these tests is answered`() throws {
        let desk = try ChangingDesk(SmallRegister.make())
        for document in Self.documents {
            let answer = try ask(document, desk, desk.writer.current, desk.asOf)
            #expect(answer.isData && answer.identity != nil, "\(document): \(answer.body)")
        }
    }

    private struct Asked: Hashable {
        var document: String
        var name: String
    }

    /// The answer as a saved question's is told.
    private func ask(
        _ document: String, _ desk: ChangingDesk, _ version: GraphVersion, _ asOf: CivilDate, viewer: Viewer = .local
    ) throws -> (identity: AnswerIdentity?, body: String, isData: Bool) {
        var request = QueryRequest(document: Array(document.utf8))
        let footing = desk.service.footing(
            of: request, version: version, asOf: asOf, viewer: viewer)
        request.dataChange = footing?.identity(in: version, asOf: asOf)
        let answer = desk.service.answer(
            request, version: version, asOf: asOf, viewer: .local, budget: desk.service.makeBudget())
        return (request.dataChange, String(decoding: answer.body, as: UTF8.self), answer.outcome == .data)
    }

    @Test(arguments: seeds) func `equal names are equal bytes, over every version and date of a stream of changes`(
        seed: UInt64
    ) async throws {
        var chance = Chance(seed: seed)
        var documents = Self.documents
        var maker = FilterMaker(chance: chance, graph: NaiveGraph.random(&chance, players: 12))
        for _ in 0..<12 {
            let (type, list) = maker.chance.pick([
                ("Player", "players"), ("Band", "bands"), ("Stint", "stints"), ("Song", "songs"),
            ])
            documents.append("{ \(list)(where: \(maker.filter(on: type, depth: 2).text)) { totalCount nodes { id } } }")
        }
        let desk = ChangingDesk(music, .empty(catalog: music.catalog), asOf: try #require(CivilDate(days: 18_000)))
        let dates = [desk.asOf, try #require(CivilDate(days: 16_800)), try #require(CivilDate(days: 18_001))]
        var dictionaries = ChangedDictionaries()
        var bodies: [Asked: String] = [:]
        var (unchanged, changed, data) = (0, 0, 0)
        var last: [String: String] = [:]
        for round in 0..<40 {
            let changes = RandomChanges(&chance, of: dictionaries)
            _ = try await desk.data(
                "mutation ($c: ChangesInput!) { applyChanges(changes: $c) { applied } }", variables: "{\"c\":\(changes.json)}")
            dictionaries = dictionaries.applying(changes) ?? dictionaries
            for document in documents {
                for date in dates {
                    let (identity, body, isData) = try ask(document, desk, desk.writer.current, date)
                    guard isData else { continue }
                    data += 1
                    let name = try #require(identity?.name, "\(document)")
                    let before = bodies.updateValue(body, forKey: Asked(document: document, name: name))
                    if let before { #expect(before == body, "seed \(seed) round \(round) \(date): \(document)") }
                    if date == desk.asOf {
                        if last[document] == name { unchanged += 1 } else { changed += 1 }
                        last[document] = name
                    }
                }
            }
        }
        #expect(data > 40 * 25 * 3, "seed \(seed): \(data) answers with data")
        #expect(unchanged > changed / 4 && changed > 20, "seed \(seed): \(unchanged) unchanged, \(changed) changed")
    }

    @Test func `the day is part of a name where the answer reads it, and nowhere else`() throws {
        let desk = try ChangingDesk(SmallRegister.make())
        let tomorrow = try #require(CivilDate(days: desk.asOf.days + 1))
        for (document, reads) in [
            ("{ players { nodes { band { name } } } }", true), ("{ players { nodes { name } } }", false),
            ("{ players { nodes { band(on: \"2018-01-01\") { name } } } }", false), ("{ meta { asOf } }", true),
            ("{ stints(where: {since: {during: \"THIS_YEAR\"}}) { totalCount } }", true),
            ("{ stints(where: {since: {during: \"2018\"}}) { totalCount } }", false),
            ("query @asOf(date: \"2018-01-01\") { players { nodes { band { name } } } }", false),
        ] {
            let names = try [desk.asOf, tomorrow].map {
                try #require(ask(document, desk, desk.writer.current, $0).identity?.name)
            }
            #expect((names[0] != names[1]) == reads, "\(document)")
            let body = try ask(document, desk, desk.writer.current, desk.asOf).body
            #expect(body.contains("\"asOf\"") == (reads || document.contains("@asOf")), "\(body)")
        }
    }

    @Test func `a change of a column that is not read leaves the name as it is`() async throws {
        let desk = try ChangingDesk(SmallRegister.make())
        func name(_ document: String) throws -> String? { try ask(document, desk, desk.writer.current, desk.asOf).identity?.name }
        let (names, heights, whole) = (
            "{ players { nodes { name } } }", "{ players { nodes { height } } }", "{ meta { version } }"
        )
        let before = try [names, heights, whole].map(name)
        let number = desk.writer.current.number
        let report = try await desk.apply(#"{players: {upsert: [{number: "P1", height: 161}]}}"#)
        #expect(report.applied.bool == true)
        #expect(try name(names) == before[0])
        #expect(try name(heights) != before[1])
        #expect(try name(whole) != before[2])
        let body = try ask(names, desk, desk.writer.current, desk.asOf).body
        #expect(body.contains("\"dataChangedAt\":\"\(number)\"") && !body.contains("publishedAt"), "\(body)")
    }

    @Test func `who asks, the variables and how numbers are written are part of a name; a page that goes on has none`() throws {
        let desk = try ChangingDesk(SmallRegister.make())
        func name(_ variables: String = "{}", _ extensions: String = "{}", _ viewer: Viewer = .local) throws -> String? {
            let request = try QueryRequest.parse(
                query: "query ($n: Int) { players(first: $n) { nodes { fee } } }", variables: variables, extensions: extensions,
                operationName: nil, limits: desk.service.limits)
            return desk.service.footing(
                of: request, version: desk.writer.current, asOf: desk.asOf, viewer: viewer)?
                .identity(in: desk.writer.current, asOf: desk.asOf)?.name
        }
        let names = [
            try name(), try name(#"{"n": 1}"#), try name(#"{"n": 2}"#), try name("{}", #"{"decimals": "string"}"#),
            try name("{}", "{}", Viewer(role: "reader")), try name("{}", "{}", Viewer(role: "editor")),
            try name("{}", "{}", Viewer(role: "editor", claims: [.init(name: "area", value: "1")])),
            try name("{}", "{}", Viewer(role: "editor", claims: [.init(name: "area", value: "2")])),
        ]
        #expect(Set(names).count == names.count && !names.contains(nil))
        #expect(try name(#"{"n": 1}"#) == names[1])
        let first = try JSON(
            Array(ask("{ players(first: 1) { pageInfo { endCursor } } }", desk, desk.writer.current, desk.asOf).body.utf8))
        let cursor = try #require(first["data"].players.pageInfo.endCursor.string)
        let next = "{ players(first: 1, after: \"\(cursor)\") { nodes { name } } }"
        #expect(try ask(next, desk, desk.writer.current, desk.asOf).identity == nil)
        #expect(
            try ask("{ diff(from: \"1\", to: \"1\") { types { type } } }", desk, desk.writer.current, desk.asOf).identity == nil)
        #expect(
            try ask("query @version(id: \"1\") { players { totalCount } }", desk, desk.writer.current, desk.asOf).identity == nil)
        #expect(try ask("mutation { __typename }", desk, desk.writer.current, desk.asOf).identity == nil)
        #expect(try ask("{ nothing }", desk, desk.writer.current, desk.asOf).identity == nil)
    }
}
