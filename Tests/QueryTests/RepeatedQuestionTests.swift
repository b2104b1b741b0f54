import Expressions
import Foundation
import Model
import Query
import QueryPlanning
import StoreColumns
import Testing

/// What is answered by what a question was bound to before is what the whole pipeline answers.
@Suite struct `Questions asked again` {
    private static let seeds: [UInt64] = {
        if let text = ProcessInfo.processInfo.environment["HEARTH_SEED"], let seed = UInt64(text) { return [seed] }
        return ProcessInfo.processInfo.environment["HEARTH_LONG_TESTS"] == nil ? [1, 2, 3, 4] : Array(1...80)
    }()

    private static let documents = [
        // A key behind edges, twice the same text.
        """
        query($k: String!) {
          stints(where: {player: {number: {eq: $k}} band: {stints: {some: {player: {number: {eq: $k}}}}}}
                 orderBy: [{since: DESC}]) { totalCount nodes { since player { number name band { name } } } }
        }
        """,
        "query($k: String!) { stints(where: {player: {number: {eq: $k}}}) { nodes { since until band { code } } } }",
        "query($k: String) { stints(where: {player: {number: {neq: $k}}} first: 3) { nodes { id } pageInfo { endCursor } } }",
        "query($k: String!) { songs(where: {writers: {some: {number: {eq: $k}}}}) { nodes { title writers { nodes { number } } } } }",
        "query($k: String = \"P3-1\", $n: Int = 2) { players(where: {number: {eq: $k}} first: $n) { nodes { number fee } } }",
        "query($d: Date!, $h: Int) { players(where: {born: {gte: $d} height: {gt: $h}}) { totalCount nodes { number born } } }",
        "query($k: String!) { player(number: $k) { name rank pupils { totalCount nodes { number } } } }",
        "query($r: Rank) { players(where: {rank: {eq: $r}}) { aggregate { count sum { fee } } nodes { share } } }",
        // What other values make another plan, date, version or page of.
        "query($k: String!, $b: Boolean!) { players(where: {number: {eq: $k}}) { nodes { number name @include(if: $b) } } }",
        "query($k: String!, $d: Date!) @asOf(date: $d) { players(where: {number: {neq: $k}}) { nodes { band { code } } } }",
        "query($n: Int, $c: String) { players(first: $n after: $c) { nodes { number } pageInfo { endCursor } } }",
        "query A($k: String!) { players(where: {number: {eq: $k}}) { totalCount } } query B { bands { totalCount } }",
        "query($k: String!) { players(where: {number: {eq: $k}}) { nodes { number teacher { nonNull: number } } } meta { version asOf } }",
    ]

    private struct Asking {
        var document: String
        var variables: String
        var operationName: String?
        var extensions: String?
        var version: GraphVersion
        var asOf: CivilDate
        var isExport = false
        var rowLimit = Int.max

        func answer(_ service: QueryService, viewer: Viewer = .local) -> String {
            do throws(RequestError) {
                var request = try QueryRequest.parse(
                    query: document, variables: variables, extensions: extensions, operationName: operationName,
                    limits: service.limits)
                request.isExport = isExport
                let answer = service.answer(
                    request, version: version, asOf: asOf, viewer: viewer,
                    budget: Budget(rowLimit: min(rowLimit, service.limits.rowsVisited)))
                return "\(answer.outcome) \(answer.asOf) \(answer.version) \(answer.rowCount) "
                    + String(decoding: answer.body, as: UTF8.self)
            } catch {
                return String(decoding: service.answer(error, version: version, asOf: asOf).body, as: UTF8.self)
            }
        }
    }

    private static func service() -> QueryService { QueryService(model: music, cursorKey: cursorKey) }

    /// Values of all sorts: known and unknown keys, texts that end a string early, other types, null, nothing.
    private static func variables(_ chance: inout Chance) -> String {
        let key = { (chance: inout Chance) in
            chance.pick([
                "\"P\(chance.below(40))-1\"", "\"P\(chance.below(40))-1\"", "\"P\(chance.below(9))-2\"", "\"x\\u0041\\\"\"",
                "\"\"", "7",
                "null", "[\"P1-1\"]", "\"a text longer than fits into a word or two\"",
            ])
        }
        var members: [String] = []
        if !chance.oneIn(7) { members.append("\"k\": \(key(&chance))") }
        if !chance.oneIn(3) { members.append("\"d\": \"\(dateText(days(1975, 1, 1) + chance.below(17_000)))\"") }
        if !chance.oneIn(3) { members.append("\"n\": \(chance.pick(["1", "3", "0", "-1", "null", "2.0", "\"2\""]))") }
        if chance.oneIn(2) { members.append("\"h\": \(chance.pick(["150", "null", "1e2", "99999999999"]))") }
        if chance.oneIn(2) { members.append("\"r\": \(chance.pick(["\"NOVICE\"", "\"MASTER\"", "null", "\"NONE\""]))") }
        if chance.oneIn(2) { members.append("\"b\": \(chance.pick(["true", "false", "null"]))") }
        if chance.oneIn(9) { members.append("\"k\": \"twice\"") }
        if chance.oneIn(9) { members.append("\"notDeclared\": {\"a\": [1]}") }
        return "{" + members.joined(separator: ", ") + "}"
    }

    private static func versions(_ graph: NaiveGraph) throws -> [GraphVersion] {
        var versions = [try graph.version()]
        let player = try #require(music.type(named: "Player")?.nodeType)
        let columns = music.catalog[player].columns
        let name = try #require(columns.firstIndex { $0.name == "name" })
        for step in 1...2 {
            let last = versions[versions.count - 1]
            versions.append(
                try last.applying(
                    ChangeSet(types: [
                        TypeChanges(
                            type: player, columns: [music.catalog[player].key[0], name],
                            cells: [
                                .string("P\(step)-1"), .string("Name \(step)"), .string("P3\(step)-2"), .string("New \(step)"),
                            ])
                    ]), number: last.number + 1, publishedAt: last.publishedAt))
        }
        return versions
    }

    @Test(arguments: seeds) func `are answered as by a server that was never asked`(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let graph = NaiveGraph.random(&chance, players: 10 + chance.below(40))
        let versions = try Self.versions(graph)
        let asOf = try #require(CivilDate(days: Int32(graph.asOf)))
        let dates = [asOf, asOf, asOf, try #require(CivilDate(days: Int32(graph.asOf) - 2_000))]
        let service = Self.service()
        for step in 0..<220 {
            let asking = Asking(
                document: chance.pick(Self.documents), variables: Self.variables(&chance),
                operationName: chance.oneIn(9) ? chance.pick(["A", "B", "C"]) : nil,
                extensions: chance.oneIn(9)
                    ? chance.pick(["{\"decimals\": \"string\"}", "{\"parameters\": {\"nothing\": 1}}", "{}"]) : nil,
                version: chance.oneIn(3) ? chance.pick(versions) : versions[2], asOf: chance.pick(dates),
                isExport: chance.oneIn(12),
                rowLimit: chance.oneIn(12) ? chance.below(12) : .max)
            let found = asking.answer(service)
            // How many rows are looked at is less where something is kept: whether they are too many may be another then.
            guard asking.rowLimit == .max else { continue }
            #expect(found == asking.answer(Self.service()), "seed \(seed), step \(step): \(asking.document) \(asking.variables)")
        }
        #expect(service.repeatedQuestionCount(versions[2], asOf) > 4, "seed \(seed): questions were kept")
    }

    @Test func `each role has its own, and whoever sees a part goes another way`() throws {
        var chance = Chance(seed: 11)
        let graph = NaiveGraph.random(&chance, players: 30)
        let version = try graph.version()
        let asOf = try #require(CivilDate(days: Int32(graph.asOf)))
        let service = Self.service()
        let asking = { (key: String) in
            Asking(document: Self.documents[1], variables: "{\"k\": \"\(key)\"}", version: version, asOf: asOf)
        }
        for viewer in [Viewer(role: "one"), Viewer(role: "two", claims: [.init(name: "a", value: "1")]), Viewer(role: "two")] {
            for place in 0..<12 {
                #expect(asking("P\(place)-1").answer(service, viewer: viewer) == asking("P\(place)-1").answer(Self.service()))
            }
        }
        #expect(service.repeatedQuestionCount(version, asOf) == 2)
    }

    /// A document that was read anew would have to be run twice before it can be asked again.
    @Test func `what is asked again is not read anew in the next version, however many others were asked between`() throws {
        var chance = Chance(seed: 14)
        let graph = NaiveGraph.random(&chance, players: 20)
        let versions = try Self.versions(graph)
        let asOf = try #require(CivilDate(days: Int32(graph.asOf)))
        var limits = QueryLimits()
        limits.plans = 3
        let service = QueryService(model: music, limits: limits, cursorKey: cursorKey)
        func ask(_ document: String, _ version: GraphVersion) -> String {
            Asking(document: document, variables: "{\"k\": \"P1-1\"}", version: version, asOf: asOf).answer(service)
        }
        for _ in 0..<2 { _ = ask(Self.documents[1], versions[0]) }
        for version in versions {
            _ = ask(Self.documents[1], version)
            #expect(service.repeatedQuestionCount(version, asOf) == 1, "version \(version.number)")
            for place in 0..<9 { _ = ask("{ a\(place): meta { version } }", version) }
            #expect(service.keptOperationCount == 3)
        }
    }

    @Test func `several threads at once are answered as one after the other`() async throws {
        var chance = Chance(seed: 12)
        let graph = NaiveGraph.random(&chance, players: 40)
        let versions = try Self.versions(graph)
        let asOf = try #require(CivilDate(days: Int32(graph.asOf)))
        let service = Self.service()
        let askings = (0..<120).map { _ in
            Asking(
                document: chance.pick(Self.documents), variables: Self.variables(&chance), version: chance.pick(versions),
                asOf: asOf)
        }
        let expected = askings.map { $0.answer(Self.service()) }
        await withTaskGroup(of: [Int].self) { group in
            for thread in 0..<4 {
                group.addTask {
                    (0..<askings.count).map { ($0 + thread * 17) % askings.count }.filter {
                        askings[$0].answer(service) != expected[$0]
                    }
                }
            }
            for await wrong in group { #expect(wrong == [], "\(wrong.map { askings[$0].document + askings[$0].variables })") }
        }
    }

    @Test func `more questions than are kept are answered all the same`() throws {
        var chance = Chance(seed: 13)
        let graph = NaiveGraph.random(&chance, players: 20)
        let version = try graph.version()
        let asOf = try #require(CivilDate(days: Int32(graph.asOf)))
        let service = Self.service()
        for _ in 0..<3 {
            for place in 0..<80 {
                let asking = Asking(
                    document: "query($k: String!) { a\(place): players(where: {number: {eq: $k}}) { totalCount } }",
                    variables: "{\"k\": \"P\(place % 30)-1\"}", version: version, asOf: asOf)
                #expect(asking.answer(service) == asking.answer(Self.service()))
            }
        }
        #expect(service.repeatedQuestionCount(version, asOf) == 32)
    }
}
