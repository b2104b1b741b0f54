import Access
import HTTPService
import Model
import Query
import Testing

/// Answers that are made before they are asked for, over a real connection.
@Suite struct `Answers made ahead` {
    private static let questions = [
        "labels": "{ items { nodes { number label } } }",
        "grouped": "{ groups { nodes { items { nodes { label } } } } }",
        "count": "{ items { totalCount } }",
        "from": "query ($number: Int!) { items(where: {number: {gte: $number}}) { totalCount nodes { label } } }",
        // One label is more than the pattern may be tried on.
        "matching": #"{ items(where: {label: {regex: "^(a+)+$"}}) { totalCount } }"#,
    ]

    private func ahead(_ outcome: String) -> String { "hearth_answers_ahead_total{outcome=\"\(outcome)\"}" }

    /// Waits until a figure is what it should be, and a little longer, so that it could be more.
    private func wait(
        _ server: TestServer.Running, for name: String, toBe count: Int, _ fields: [(String, String)] = []
    ) async throws {
        let end = ContinuousClock.now + .seconds(600)
        while try await server.metric(name, fields) != count, ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(5))
        }
        try await Task.sleep(for: .milliseconds(60))
        #expect(try await server.metric(name, fields) == count)
    }

    /// An answer says what it took where it was made for whoever asked.
    private func ask(
        _ server: TestServer.Running, _ target: String, wasThere: Bool, _ fields: [(String, String)] = []
    ) async throws -> RawAnswer {
        let answer = try #require(try await server.ask("GET", target, fields))
        #expect(answer.status == 200 && (answer["server-timing"] == nil) == wasThere, "\(target): \(answer.fields)")
        return answer
    }

    @Test func `what is polled is there before it is asked for again, and what was asked once is not`() async throws {
        try await TestServer.run(content: TestContent.changing(questions: Self.questions)) { server in
            let tag = try await ask(server, "/q/labels", wasThere: false)["etag"]
            // Told unchanged from what is kept: that is asking too.
            #expect(try await server.ask("GET", "/q/labels", [("If-None-Match", tag ?? "")])?.status == 304)
            // Tables do not say what they took.
            for _ in 0..<2 { #expect(try await server.ask("GET", "/q/from.csv?number=1")?.status == 200) }
            _ = try await ask(server, "/q/from?number=2", wasThere: false)
            _ = try await ask(server, "/q/grouped", wasThere: false)
            for _ in 0..<2 { _ = try await server.ask("GET", "/q/count") }
            #expect(try await server.metric("hearth_hot_questions") == 3)
            try await server.label(as: "b")
            // The count is what it was, so that nothing was to be made of it.
            try await wait(server, for: ahead("made"), toBe: 2)
            let answer = try await ask(server, "/q/labels", wasThere: true)
            #expect(answer.text.contains("\"b\"") && answer.text.contains("\"dataChangedAt\":\"2\"") && answer["etag"] != tag)
            #expect(answer["data-version"] == "2")
            #expect(try await ask(server, "/q/from.csv?number=1", wasThere: true).text.contains("b"))
            #expect(try await ask(server, "/q/from?number=2", wasThere: false)["data-version"] == "2")
            #expect(try await ask(server, "/q/grouped", wasThere: false).text.contains("\"b\""))
            // Those two have been asked twice now, and so they are made too.
            try await server.label(as: "c")
            try await wait(server, for: ahead("made"), toBe: 6)
            // Nobody has asked since: they are made again all the same.
            try await server.label(as: "d")
            try await wait(server, for: ahead("made"), toBe: 10)
            #expect(try await ask(server, "/q/labels", wasThere: true).text.contains("\"d\""))
        }
    }

    @Test func `a question that fails harms no other, and is answered as it would be`() async throws {
        try await TestServer.run(content: TestContent.changing(questions: Self.questions)) { server in
            try await server.label(0, as: "a")
            for _ in 0..<2 {
                #expect(try await server.ask("GET", "/q/labels")?.status == 200)
                #expect(try await server.ask("GET", "/q/matching")?.text.contains("\"totalCount\":1") == true)
            }
            try await server.label(0, as: String(repeating: "a", count: 40) + "!")
            try await wait(server, for: ahead("failed"), toBe: 1)
            try await wait(server, for: ahead("made"), toBe: 1)
            _ = try await ask(server, "/q/labels", wasThere: true)
            #expect(try await server.ask("GET", "/q/matching")?.text.contains("PATTERN_LIMIT") == true)
            try await server.label(0, as: "a")
            try await wait(server, for: ahead("made"), toBe: 3)
            #expect(try await ask(server, "/q/matching", wasThere: true).text.contains("\"totalCount\":1"))
        }
    }

    @Test func `each role finds what is made for it, and nothing that is made for another`() async throws {
        var content = TestContent.changing(questions: Self.questions)
        let (whole, shelf, limits, store) = (content.queries, content.shelf, content.limits, content.store)
        let scopes = try RowScopes([(type: "Item", cel: "number < 2")], claims: [], in: whole.model)
        let seen = SeenVersions(model: whole.model, scopes: ["LOCAL": scopes])
        content.roles["LOCAL"] = {
            RoleContent(
                queries: QueryService(
                    model: whole.model, limits: limits, cursorKey: [UInt8](repeating: 3, count: 32),
                    versions: VersionSource(store), seen: seen),
                questions: RoleShelf(shelf, fitting: whole.model, limits: limits, language: QueryLanguage()), schema: nil)
        }
        let roles = KnownRoles(["LOCAL"], changing: [])
        try await KeyedServer().run(content: content, roles: roles) { server in
            let (local, reader) = (KeyedServer.bearer(KeyedServer.local), KeyedServer.bearer(KeyedServer.reader))
            for fields in [local, reader, local, reader] {
                #expect(try await server.ask("GET", "/q/labels", fields)?.status == 200)
            }
            let answer = try await server.post(
                #"{"query": "mutation { applyChanges(changes: {items: {upsert: [{number: 1, group: 1, label: \"b\"}, {number: 2, group: 1, label: \"hidden\"}]}}) { applied } }"}"#,
                KeyedServer.bearer(KeyedServer.editor))
            #expect(answer?.text.contains("\"applied\":true") == true, "\(answer?.text ?? "")")
            try await wait(server, for: ahead("made"), toBe: 2, reader)
            let (own, all) = (
                try await ask(server, "/q/labels", wasThere: true, local),
                try await ask(server, "/q/labels", wasThere: true, reader)
            )
            #expect(own.text.contains("\"b\"") && !own.text.contains("hidden") && !own.text.contains("\"number\":2"))
            #expect(all.text.contains("\"b\"") && all.text.contains("hidden"))
            #expect(own["etag"] != all["etag"])
            // Who has not polled finds nothing.
            _ = try await ask(server, "/q/labels", wasThere: false, KeyedServer.bearer(KeyedServer.editor))
        }
    }

    @Test func `what is begun for a version is given up for a newer one`() async throws {
        let question = ["pairs": "{ items(where: {before: {gte: 0}}, first: 1) { totalCount nodes { before label } } }"]
        // Beside all other tests it may take longer than a question may, and than anybody polls.
        let limits = ["ahead-percent": 100, "deadline": 600_000, "hot-question-time": 3_600_000]
        try await TestServer.run(limits: limits, content: TestContent.slow(questions: question)) { server in
            for _ in 0..<2 { #expect(try await server.ask("GET", "/q/pairs")?.status == 200) }
            let end = ContinuousClock.now + .seconds(60)
            var number = 10_000
            while try await server.metric(ahead("abandoned")) == 0, ContinuousClock.now < end {
                number += 1
                try await server.label(number, as: "n\(number)")
                try await Task.sleep(for: .milliseconds(60))
            }
            #expect(try await server.metric(ahead("abandoned")) > 0)
            let answer = try #require(try await server.ask("GET", "/q/pairs"))
            #expect(answer.status == 200 && answer.text.contains("\"totalCount\":\(1_200 + number - 10_000)"), "\(answer.text)")
        }
    }

    @Test(arguments: [("max-hot-questions", 0), ("hot-question-time", 1)])
    func `nothing is made where nothing may be hot, or nothing is any more`(limit: String, value: Int) async throws {
        let content = TestContent.changing(questions: Self.questions)
        try await TestServer.run(limits: [limit: value], content: content) { server in
            for _ in 0..<2 { #expect(try await server.ask("GET", "/q/labels")?.status == 200) }
            try await Task.sleep(for: .milliseconds(10))
            #expect(try await server.metric("hearth_hot_questions") == 0)
            try await server.label(as: "b")
            try await wait(server, for: ahead("made"), toBe: 0)
            _ = try await ask(server, "/q/labels", wasThere: false)
        }
    }
}
