import Access
import Bytes
import HTTPService
import Model
import Query
import QueryExecution
import Settings
import Store
import StoreColumns
import Synchronization
import Testing

/// A server with a role that sees figures of many only: 50 members of two towns, three of whom are of a kind of their own in the first.
private enum FigureContent {
    static let sdl = """
        type Town @node(key: "code") { code: String!  name: String! }
        enum Kind { PLAIN RARE }
        type Member @node(key: "number") {
          number: Int!
          town: Town!
          kind: Kind!
          pay: Decimal @personal(class: PII, mask: BAND, about: "INCOME")
        }
        """
    static let access = """
        roles:
          LOCAL:
            rows: false
            types: [Town, Member]
            views: {INCOME: aggregate}
            claims: {area: strings, unit: string}
            cells:
              Member: {by: [[town], [kind]], of: [pay]}
        """
    static let roles = KnownRoles(["LOCAL"])

    /// What a test moves: the day, and when it began.
    final class Days: Sendable {
        private let now = Mutex<(day: CivilDate?, beginning: Int64)>((CivilDate(isoText: "2026-11-21"), 1))
        func move(to day: String, beginningAt moment: Int64) { now.withLock { $0 = (CivilDate(isoText: day), moment) } }
        var day: CivilDate { now.withLock { $0.day ?? .earliest } }
        var beginning: Instant { Instant(microseconds: now.withLock { $0.beginning }) }
    }

    static func make(_ days: Days = Days()) throws -> ServiceContent {
        let model = try Model(sources: [ModelSource(name: "town.graphql", bytes: Array(sdl.utf8))], digest: "of the tests")
        let settings = try AccessSettings(reading: Array(access.utf8), file: "access.yaml")
        let view = try #require(try RoleModels(settings, in: model).views.first)
        let policy = try SmallCellPolicy(view, in: model)
        let town = try #require(model.catalog.nodeType(named: "Town"))
        let member = try #require(model.catalog.nodeType(named: "Member"))
        let first = try GraphVersion.empty(catalog: model.catalog).applying(
            ChangeSet(types: [
                TypeChanges(
                    type: town, columns: [0, 1], cells: ["A", "B"].flatMap { [Cell.string($0), .string("Town \($0)")] }),
                TypeChanges(
                    type: member, columns: [0, 1, 2, 3],
                    cells: (0..<50).flatMap { number -> [Cell] in
                        let isRare = number < 3 || number >= 38
                        return [
                            .int(Int32(number)), .reference(Key([.string(number < 20 ? "A" : "B")])),
                            .enumeration(isRare ? 1 : 0), .decimal(Int64(100_000 + number * 100)),
                        ]
                    }),
            ]), number: 1, publishedAt: Instant(microseconds: 0))
        let store = Store(first)
        let (limits, language) = (QueryLimits(), QueryLanguage())
        let files = [
            "towns":
                "{ members { groups(by: [{field: town}, {field: kind}]) { key { town { code } kind } aggregate { count sum { pay } } } } }",
            "rows": "{ members { nodes { number } } }",
        ]
        let shelf = QuestionShelf(
            SavedQuestions(
                files: files.map { .init(name: $0.key, bytes: Array($0.value.utf8)) }, model: model, limits: limits))
        var content = ServiceContent(
            queries: QueryService(
                model: model, limits: limits, language: language, cursorKey: [UInt8](repeating: 3, count: 32),
                versions: VersionSource(store)),
            limits: limits, questions: shelf, store: store, writer: StoreWriter(store), today: { days.day },
            schema: Array(model.schemaText.utf8),
            pages: Pages(start: { Array(($2 ? "<html>counts" : "<html>").utf8) }, assets: [:]))
        content.beginning = { _ in days.beginning }
        content.roles["LOCAL"] = {
            let own = model.restricted(to: view)
            let questions = RoleShelf(shelf, fitting: own, limits: limits, language: language)
            return RoleContent(
                queries: QueryService(
                    model: own, limits: limits, language: language, cursorKey: [UInt8](repeating: 3, count: 32),
                    versions: VersionSource(store), smallCells: policy),
                questions: questions, schema: Array(own.schemaText.utf8))
        }
        return content
    }
}

@Suite struct `Figures of many over HTTP` {
    private static let key = KeyedServer.bearer(KeyedServer.local)
    private static let editor = KeyedServer.bearer(KeyedServer.editor)
    private static let all = "{ members { aggregate { count suppressed } } }"

    private func post(
        _ server: TestServer.Running, _ query: String, _ target: String = "/graphql", more: String = "",
        _ fields: [(String, String)] = key
    ) async throws -> RawAnswer? {
        let quoted = query.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
        return try await server.ask(
            "POST", target, [("Content-Type", "application/json")] + fields, body: "{\"query\":\"\(quoted)\"\(more)}")
    }

    /// Adds members of the rare kind to the first town.
    private func add(_ numbers: Range<Int>, _ server: TestServer.Running) async throws {
        let rows = numbers.map { "{number: \($0), town: \"A\", kind: RARE}" }.joined(separator: ", ")
        let answer = try await post(
            server, "mutation { applyChanges(changes: {members: {upsert: [\(rows)]}}) { applied } }", Self.editor)
        #expect(answer?.text.contains("\"applied\":true") == true, "\(answer?.text ?? "")")
    }

    private func post(_ server: TestServer.Running, _ query: String, _ fields: [(String, String)]) async throws -> RawAnswer? {
        try await post(server, query, "/graphql", more: "", fields)
    }

    @Test func `through no door is told how many of few there are`() async throws {
        try await KeyedServer().run(content: try FigureContent.make(), roles: FigureContent.roles) { server async throws in
            func told(_ target: String, _ fields: [(String, String)] = []) async throws -> (status: Int?, text: String) {
                let answer = try await server.ask("GET", target, Self.key + fields)
                return (answer?.status, answer?.text ?? "")
            }
            let groups = try await post(
                server,
                "{ members { groups(by: [{field: town}, {field: kind}]) { key { town { name } kind } aggregate { count suppressed } } } }"
            )
            #expect(groups?.status == 200 && groups?["server-timing"] == nil && groups?["data-version"] == "1")
            #expect(
                groups?.text.contains(
                    #"{"key":{"town":{"name":"Town A"},"kind":"RARE"},"aggregate":{"count":null,"suppressed":true}}"#) == true,
                "\(groups?.text ?? "")")
            #expect(groups?.text.contains("\"count\":null") == true && groups?.text.contains(":3") == false)
            let whole = try await post(server, Self.all)
            #expect(whole?.text.contains(#"{"count":50,"suppressed":false}"#) == true)
            #expect(try await post(server, Self.all, Self.editor)?["server-timing"] != nil)

            // How it was found, what is not there, other versions, dates and parameters.
            #expect(try await post(server, Self.all, "/graphql?explain=1")?.text.contains("\"explain\"") == false)
            for query in [
                "{ members { totalCount } }", "{ members { nodes { number } } }", "{ members { edges { cursor } } }",
                "{ member(number: 1) { number } }", "{ node(id: \"x\") { id } }", "{ meta { rowCounts { count } } }",
                "{ search(text: \"x\") { totalCount } }", "{ diff(from: \"1\", to: \"1\") { __typename } }",
                "{ explainRules { id } }", "{ towns { aggregate { count } } }",
                "{ members { aggregate { countDistinct { kind } } } }", "{ members { aggregate { sum { number } } } }",
                "{ members(where: {pay: {gt: 5}}) { aggregate { count } } }",
                "{ members { groups(by: [{field: kind}], having: {count: {lt: 5}}) { aggregate { count } } } }",
                "{ members { groups(by: [{field: kind}], orderBy: [{aggregate: {count: {order: ASC}}}]) { aggregate { count } } } }",
                "{ members { groups(by: [{field: kind}]) { nodes { number } } } }",
                "mutation { applyChanges(dryRun: true, changes: {}) { applied } }",
            ] {
                let answer = try await post(server, query)
                #expect(
                    answer?.text.contains("\"data\"") == false && answer?.text.contains("GRAPHQL_VALIDATION_FAILED") == true
                        || answer?.text.contains("OPERATION") == true, "\(query): \(answer?.text ?? "")")
            }
            for (target, query, more) in [
                ("/graphql?version=1", Self.all, ""), ("/graphql?knownAt=2026-11-20T00:00:00Z", Self.all, ""),
                ("/graphql", "query @version(id: \"1\") \(Self.all)", ""), ("/graphql?asOf=2018-03-01", Self.all, ""),
                ("/graphql", "query @asOf(date: \"2018-03-01\") \(Self.all)", ""),
                ("/graphql", Self.all, #","extensions":{"parameters":{"x":1}}"#),
            ] {
                let answer = try await post(server, query, target, more: more)
                #expect(answer?.text.contains("FORBIDDEN") == true, "\(target) \(query): \(answer?.text ?? "")")
            }
            #expect(try await post(server, Self.all, "/graphql?asOf=2018-12-31")?.text.contains("\"count\":50") == true)

            // Pages, lists, tables, metrics.
            let schema = try await told("/schema.graphql").text
            #expect(schema.contains("MemberAggregate") && !schema.contains("totalCount") && !schema.contains("RowCount"))
            #expect(try await told("/").text.contains("counts") == false)
            #expect(try await told("/metrics").text.contains("hearth_rows") == false)
            #expect(try await server.ask("GET", "/metrics", Self.editor)?.text.contains("hearth_rows") == true)
            let list = try await told("/q").text
            #expect(list.contains("towns") && !list.contains("\"rows\""))
            #expect(try await told("/openapi.json").text.contains("/q/rows") == false)
            #expect(try await told("/q/rows").status == 404)
            for path in ["/q/towns.csv", "/q/towns.jsonl", "/q/towns"] {
                let table = try await server.ask("GET", path, Self.key)
                #expect(table?.status == 200 && table?["server-timing"] == nil, "\(path)")
                #expect(
                    table?.text.contains("RARE,3") == false && table?.text.contains(":3") == false,
                    "\(path): \(table?.text ?? "")")
            }
            let table = try await told("/q/towns.csv").text
            #expect(table.contains("A,RARE,,"), "\(table)")
            let explanation = try await told("/explain/x", [("Accept", "application/json")])
            #expect(explanation.status != 200, "\(explanation)")
        }
    }

    @Test func `all day figures are of the version that was newest when it began, and of the oldest where none is so old`()
        async throws
    {
        let days = FigureContent.Days()
        try await KeyedServer().run(content: try FigureContent.make(days), roles: FigureContent.roles) { server async throws in
            func count() async throws -> (version: String?, text: String) {
                let answer = try await post(server, Self.all)
                return (answer?["data-version"], answer?.text ?? "")
            }
            #expect(try await count().version == "1")
            let polled = try await server.ask("GET", "/q/towns", Self.key)
            let tag = polled?["etag"] ?? ""
            #expect(!tag.isEmpty)
            try await add(50..<51, server)
            try await add(51..<58, server)
            let same = try await count()
            #expect(same.version == "1" && same.text.contains("\"count\":50"))
            #expect(try await server.ask("GET", "/q/towns", Self.key + [("If-None-Match", tag)])?.status == 304)
            #expect(try await post(server, Self.all, Self.editor)?.text.contains("\"count\":58") == true)
            // The next day.
            days.move(to: "2026-11-22", beginningAt: .max)
            let next = try await count()
            #expect(next.version == "3" && next.text.contains("\"count\":58"))
            #expect(try await server.ask("GET", "/q/towns", Self.key + [("If-None-Match", tag)])?.status == 200)
            try await add(58..<59, server)
            #expect(try await count().version == "3")
            // A day before anything was known.
            days.move(to: "2026-11-23", beginningAt: -1)
            #expect(try await count().version == "1")
        }
    }

    @Test func `the audit is told of how many cells, and a key is told of so many a day`() async throws {
        let files = MemoryFileSystem()
        let keyed = KeyedServer()
        let file = try AuditFile("/audit", on: files, fileByteLimit: 1 << 20, now: { keyed.clock.now })
        let auditor = Auditor(file, digests: AuditDigests(key: [UInt8](repeating: 5, count: 32)))
        let days = FigureContent.Days()
        try await keyed.run(
            limits: ["failed-attempts": 1_000, "cells-per-day": 5], content: try FigureContent.make(days), auditor: auditor,
            roles: FigureContent.roles
        ) { server async throws in
            let query = "{ members { groups(by: [{field: town}, {field: kind}]) { aggregate { count } } } }"
            #expect(try await post(server, query)?.status == 200)
            #expect(try await post(server, Self.all)?.status == 200)
            let refused = try await post(server, Self.all)
            #expect(refused?.status == 429 && refused?["retry-after"] == "3600", "\(refused?.text ?? "")")
            #expect(refused?.text.contains("limit cells-per-day") == true)
            #expect(try await post(server, Self.all, Self.editor)?.status == 200)
            days.move(to: "2026-11-22", beginningAt: 1)
            #expect(try await post(server, Self.all)?.status == 200)
        }
        files.limit(toBytes: nil)
        let lines = try `What the audit is told`.lines(files).filter { $0.contains("\"event\":\"answer\"") }
        let counts = lines.map { line in
            ["cells", "withheld"].map { name in
                line.firstRange(of: "\"\(name)\":").map { String(line[$0.upperBound...].prefix { $0.isNumber }) } ?? "-"
            }.joined(separator: " ")
        }
        #expect(counts == ["4 4", "1 0", "- -", "1 0"], "\(counts)")
    }
}
