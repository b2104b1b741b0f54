import HTTPService
import Query
import Synchronization
import Testing

/// Questions that are asked again and again, over a real connection.
@Suite struct `Polling` {
    /// What many pollers have in common.
    private final class Progress: Sendable {
        let isOver = Mutex(false)
        let fresh = Mutex(0)
        let unchanged = Mutex(0)
    }

    private static func content() -> ServiceContent {
        TestContent.changing(questions: [
            "labels": "{ items { nodes { number label } } }",
            "count": "{ items { totalCount } }",
            "from": "query ($number: Int!) { items(where: {number: {gte: $number}}) { totalCount nodes { label } } }",
            "dated": "{ meta { asOf } }",
        ])
    }

    @Test func `a saved question names its answer, and an unchanged one is not sent again`() async throws {
        try await TestServer.run(content: Self.content()) { server in
            let first = try #require(try await server.ask("GET", "/q/labels"))
            let tag = try #require(first["etag"])
            #expect(first.status == 200 && first["cache-control"] == "private, no-cache" && first["data-version"] == "1")
            #expect(first.text.contains("\"dataChangedAt\":\"1\"") && !first.text.contains("publishedAt"))
            // Once from the thread, then from what is kept.
            for _ in 0..<2 {
                let again = try #require(try await server.ask("GET", "/q/labels", [("If-None-Match", tag)]))
                #expect(again.status == 304 && again.body.isEmpty && again["etag"] == tag && again["data-version"] == "1")
                #expect(again["data-as-of"] == TestContent.today && again["content-type"] == nil)
            }
            let head = try await server.ask("HEAD", "/q/labels")
            #expect(head?["etag"] == tag)
            try await server.label(as: "b")
            let changed = try #require(try await server.ask("GET", "/q/labels", [("If-None-Match", tag)]))
            #expect(changed.status == 200 && changed["etag"] != tag && changed.text.contains("\"b\""))
            #expect(changed.text.contains("\"dataChangedAt\":\"2\""))
        }
    }

    @Test func `what a change does not reach stays unchanged, and says of which version`() async throws {
        try await TestServer.run(content: Self.content()) { server in
            let before = try #require(try await server.ask("GET", "/q/count"))
            let tag = try #require(before["etag"])
            try await server.label(as: "b")
            let after = try #require(try await server.ask("GET", "/q/count", [("If-None-Match", tag)]))
            #expect(after.status == 304 && after["data-version"] == "2")
            #expect(try await server.ask("GET", "/q/count")?.body == before.body)
            try await server.label(9, as: "new")
            #expect(try await server.ask("GET", "/q/count", [("If-None-Match", tag)])?.status == 200)
        }
    }

    @Test func `parameters, the date where it is read, the media type and older versions have names of their own`() async throws {
        try await TestServer.run(content: Self.content()) { server in
            func tag(_ target: String, _ fields: [(String, String)] = []) async throws -> String? {
                let answer = try await server.ask("GET", target, fields)
                #expect(answer?.status == 200, "\(target): \(answer?.text ?? "")")
                return answer?["etag"]
            }
            let tags = [
                try await tag("/q/from?number=0"), try await tag("/q/from?number=1"), try await tag("/q/labels"),
                try await tag("/q/labels", [("Accept", "application/graphql-response+json")]), try await tag("/q/dated"),
                try await tag("/q/dated?asOf=2020-01-01"), try await tag("/graphql?query=%7Bitems%7BtotalCount%7D%7D"),
            ]
            #expect(Set(tags).count == tags.count && !tags.contains(nil), "\(tags)")
            // Not read, so the same bytes.
            #expect(try await tag("/q/labels?asOf=2020-01-01") == tags[2])
            // A tag of one is none of another.
            let other = try await server.ask("GET", "/q/from?number=1", [("If-None-Match", tags[0] ?? "")])
            #expect(other?.status == 200)
            let graphQL = try await server.ask(
                "GET", "/graphql?query=%7Bitems%7BtotalCount%7D%7D", [("If-None-Match", tags[6] ?? "")])
            #expect(graphQL?.status == 304)
            // The body of a document names the version.
            try await server.label(as: "b")
            #expect(try await tag("/graphql?query=%7Bitems%7BtotalCount%7D%7D") != tags[6])
        }
    }

    @Test func `what a URL pins never changes, and what only seems pinned may`() async throws {
        try await TestServer.run(content: Self.content()) { server in
            for (target, isPinned) in [
                ("/q/labels?version=1", true), ("/q/labels", false), ("/q/dated?version=1", false),
                ("/q/dated?version=1&asOf=2020-01-01", true), ("/q/labels?knownAt=2030-01-01T00:00:00Z", false),
                ("/graphql?query=%7Bitems%7BtotalCount%7D%7D&version=1", false),
                ("/graphql?query=%7Bitems%7BtotalCount%7D%7D&version=1&asOf=2020-01-01", true),
            ] {
                let answer = try await server.ask("GET", target)
                let expected = isPinned ? "private, max-age=31536000, immutable" : "private, no-cache"
                #expect(
                    answer?.status == 200 && answer?["cache-control"] == expected, "\(target): \(answer?["cache-control"] ?? "")")
            }
            try await server.label(as: "b")
            let pinned = try await server.ask("GET", "/q/labels?version=1")
            #expect(pinned?.text.contains("\"b\"") == false && pinned?["data-version"] == "1")
        }
    }

    @Test func `what is no data, or says how long it took, has no name`() async throws {
        try await TestServer.run(content: Self.content()) { server in
            for target in ["/q/from", "/q/from?number=x", "/q/labels?explain=1", "/graphql?query=%7B"] {
                let answer = try await server.ask("GET", target)
                #expect(answer?["etag"] == nil && answer?["cache-control"] == "no-store", "\(target)")
            }
            #expect(try await server.ask("GET", "/q/from?number=x", [("If-None-Match", "*")])?.status == 422)
        }
    }

    @Test func `keys of different roles have different tags, and a tag is no key`() async throws {
        try await KeyedServer().run(content: Self.content()) { server async throws in
            let reader = try await server.ask("GET", "/q/labels", KeyedServer.bearer(KeyedServer.reader))
            let editor = try await server.ask("GET", "/q/labels", KeyedServer.bearer(KeyedServer.editor))
            let tag = try #require(reader?["etag"])
            #expect(editor?["etag"] != tag && reader?.body == editor?.body)
            #expect(reader?["vary"] == "Accept, Authorization, Cookie")
            let known = [("If-None-Match", tag)]
            #expect(try await server.ask("GET", "/q/labels", KeyedServer.bearer(KeyedServer.reader) + known)?.status == 304)
            #expect(try await server.ask("GET", "/q/labels", KeyedServer.bearer(KeyedServer.editor) + known)?.status == 200)
            #expect(try await server.ask("GET", "/q/labels", known)?.status == 401)
            #expect(try await server.ask("GET", "/q/labels", KeyedServer.bearer(KeyedServer.revoked) + known)?.status == 401)
        }
    }

    @Test func `saved questions that are replaced have new names, and are asked as they are now`() async throws {
        let content = Self.content()
        try await TestServer.run(content: content) { server in
            let first = try #require(try await server.ask("GET", "/q/count"))
            let tag = try #require(first["etag"])
            let list = try #require(try await server.ask("GET", "/q"))
            content.shelf.replace(
                with: SavedQuestions(
                    files: [
                        .init(name: "count", bytes: Array("{ groups { totalCount } }".utf8)),
                        .init(name: "broken", bytes: Array("{ nothing }".utf8)),
                    ],
                    model: content.queries.model, limits: content.limits))
            let changed = try await server.ask("GET", "/q/count", [("If-None-Match", tag)])
            #expect(changed?.status == 200 && changed?.text.contains("\"groups\"") == true)
            #expect(try await server.ask("GET", "/q/labels")?.status == 404)
            #expect(try await server.ask("GET", "/q/broken")?.status == 422)
            let renewed = try #require(try await server.ask("GET", "/q", [("If-None-Match", list["etag"] ?? "")]))
            #expect(renewed.status == 200 && renewed.text.contains("\"broken\"") && renewed.text.contains("nothing"))
        }
    }

    @Test func `of many that poll during a stream of changes none is told a falsehood`() async throws {
        // Every label is the number of the change that wrote it, and one change writes all of them: an answer that mixes versions
        // shows two.
        let questions = Dictionary(
            uniqueKeysWithValues: (0..<20).map { number in
                (
                    "q\(number)",
                    number % 4 == 3
                        ? "{ items(where: {number: {gte: \(number)}}) { totalCount } }"
                        : "{ items(first: \(number + 1)) { nodes { label before } } groups { nodes { items { nodes { label } } } } }"
                )
            })
        try await TestServer.run(limits: ["query-threads": 4], content: TestContent.changing(questions: questions)) { server in
            let progress = Progress()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { progress.isOver.withLock { $0 = true } }
                    for change in 1...20 {
                        let rows = (0..<3).map { #"{number: \#($0), group: 1, label: \"c\#(change)\"}"# }.joined(separator: ",")
                        let answer = try await server.post(
                            #"{"query": "mutation { applyChanges(changes: {items: {upsert: [\#(rows)]}}) { applied } }"}"#)
                        #expect(answer?.text.contains("\"applied\":true") == true, "\(answer?.text ?? "")")
                        try await Task.sleep(for: .milliseconds(10))
                    }
                }
                for poller in 0..<50 {
                    group.addTask {
                        var known: [String: (tag: String, body: [UInt8], version: Int)] = [:]
                        var next = poller
                        repeat {
                            let name = "q\(next % 20)"
                            next += 1
                            let before = known[name]
                            let answer = try #require(
                                try await server.ask("GET", "/q/\(name)", before.map { [("If-None-Match", $0.tag)] } ?? []))
                            let version = answer["data-version"].flatMap { Int($0) } ?? 0
                            #expect(version >= before?.version ?? 0)
                            #expect(answer.status == 200 || answer.status == 304, "\(answer.text)")
                            if answer.status == 304 {
                                progress.unchanged.withLock { $0 += 1 }
                                // Of questions that read labels, an unchanged answer is only there while the version is.
                                #expect(before != nil && (version == before?.version || Int(name.dropFirst())! % 4 == 3))
                            } else {
                                progress.fresh.withLock { $0 += 1 }
                                let labels = Set(
                                    answer.text.split(separator: "\"label\":").dropFirst().map {
                                        $0.prefix { $0 != "," && $0 != "}" }
                                    })
                                #expect(version == 1 || labels.count <= 1, "\(answer.text)")
                                if version > 1, let label = labels.first {
                                    #expect(label == "\"c\(version - 1)\"", "\(answer.text)")
                                }
                                if let tag = answer["etag"] { known[name] = (tag, answer.body, version) }
                            }
                        } while !progress.isOver.withLock { $0 }
                    }
                }
                try await group.waitForAll()
            }
            let (fresh, unchanged) = (progress.fresh.withLock { $0 }, progress.unchanged.withLock { $0 })
            #expect(fresh > 100 && unchanged > 0, "\(fresh) answers, \(unchanged) times unchanged")
        }
    }
}
