import Access
import Bytes
import HTTPService
import Query
import Testing

/// What a client sends again on its connection is answered without the routes, and nobody can tell.
@Suite struct `Requests that come again` {
    private static func content() -> ServiceContent {
        TestContent.changing(questions: [
            "from": "query ($number: Int!) { items(where: {number: {gte: $number}}) { totalCount nodes { number label } } }",
            "labels": "{ items { nodes { label } } }",
            "dated": "{ meta { asOf } }",
            "derived": "{ items(where: {number: {gte: 1}}) { nodes { before } } }",
        ])
    }

    private static func request(_ target: String, _ server: TestServer.Running, _ fields: [String] = []) -> String {
        (["GET \(target) HTTP/1.1", "Host: \(server.host)"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
    }

    private static func count(_ server: TestServer.Running, _ fields: [(String, String)] = []) async throws -> Int {
        try await server.metric("hearth_repeated_answers_total", fields)
    }

    /// Sends a request on a connection so often, each time when the last is answered.
    private static func ask(_ client: RawClient, _ request: String, times: Int = 1) async -> [RawAnswer] {
        let before = await client.answers(0).count
        for number in 1...times {
            await client.send(request)
            _ = await client.answers(before + number)
        }
        return Array(await client.answers(before + times).dropFirst(before))
    }

    @Test(arguments: [0, 1 << 20]) func `the answer is that of the route, head and bytes`(keptAnswerBytes: Int) async throws {
        let limits = ["kept-answer-bytes": keptAnswerBytes, "inline-microseconds": 1_000_000, "max-hot-questions": 0]
        try await TestServer.run(limits: limits, content: Self.content()) { server in
            let client = try await RawClient.connect(port: server.port)
            // The last has no rows, and so no run that is kept: nothing of it is tried at once.
            for (target, field) in [
                ("/q/from?number=1", "Accept: application/json"),
                ("/q/from?number=1", "Accept: application/graphql-response+json"),
                ("/q/labels?asOf=2020-01-01", "X: y"), ("/q/derived", "X: y"), ("/q/dated", "X: y"),
            ] {
                let before = try await Self.count(server)
                let answers = await Self.ask(client, Self.request(target, server, [field]), times: 6)
                let count = try await Self.count(server)
                #expect(count > before || target == "/q/dated" && keptAnswerBytes == 0, "\(target) was not answered again")
                let other = try #require(
                    try await server.ask(
                        "GET", target, [(String(field.prefix { $0 != ":" }), String(field.drop { $0 != " " }.dropFirst()))]))
                #expect(answers.count == 6 && Set(answers.map(\.timeless)) == [answers[0].timeless], "\(target)")
                #expect(answers[5].timeless == other.timeless.filter { $0 != "connection: close" }, "\(target)")
                #expect(answers.allSatisfy { $0["date"]?.hasSuffix(" GMT") == true && $0["date"]?.count == 29 })
            }
            await client.close()
        }
    }

    @Test func `what is unchanged is said to be until it changes, and the new answer is the newest`() async throws {
        try await TestServer.run(content: Self.content()) { server in
            let client = try await RawClient.connect(port: server.port)
            let first = await Self.ask(client, Self.request("/q/labels", server))[0]
            let tag = try #require(first["etag"])
            let request = Self.request("/q/labels", server, ["If-None-Match: \(tag)"])
            let unchanged = await Self.ask(client, request, times: 4)
            #expect(unchanged.map(\.status) == [304, 304, 304, 304])
            #expect(Set(unchanged.map(\.timeless)).count == 1 && unchanged[3]["etag"] == first["etag"])
            #expect(unchanged[3]["content-length"] == nil && unchanged[3]["content-type"] == nil)
            #expect(try await Self.count(server) > 0)
            for label in ["b", "c", "d"] {
                try await server.label(as: label)
                let changed = await Self.ask(client, request, times: 3)
                for answer in changed {
                    #expect(answer.status == 200 && answer.text.contains("\"\(label)\"") && answer["etag"] != first["etag"])
                }
            }
            await client.close()
        }
    }

    @Test func `what is sent all at once is answered in order, however much of it there is`() async throws {
        try await TestServer.run(content: Self.content()) { server in
            let client = try await RawClient.connect(port: server.port)
            let targets = (1...3).map { "/q/from?number=\($0)" } + ["/health/live", "/q/none"]
            for target in targets { _ = await Self.ask(client, Self.request(target, server), times: 3) }
            let (answered, before) = (await client.answers(0).count, try await Self.count(server))
            var expected: [Int] = []
            var text = ""
            for number in 0..<200 {
                text += Self.request(targets[number * number % 7 % targets.count], server)
                expected.append(number * number % 7 % targets.count)
            }
            await client.send(text)
            let answers = await client.answers(answered + 200).dropFirst(answered)
            #expect(answers.count == 200)
            let told = answers.map(\.timeless)
            for (answer, number) in zip(told, expected) {
                #expect(answer == told[expected.firstIndex(of: number) ?? 0])
            }
            #expect(Set(told).count == Set(expected).count)
            #expect(try await Self.count(server) > before)
            await client.close()
        }
    }

    @Test func `what follows a head that came again is held against the same rules as ever`() async throws {
        for (rest, status) in [
            ("GET / HTTP/1.1\nHost: a\r\n\r\n", 400), ("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
            ("GET x HTTP/1.1\r\n\r\n", 400),
        ] {
            try await TestServer.run(content: Self.content()) { server in
                let client = try await RawClient.connect(port: server.port)
                let request = Self.request("/q/labels", server)
                _ = await Self.ask(client, request, times: 3)
                await client.send(request + rest)
                #expect(await client.ends(within: .seconds(60)))
                let answers = await client.answers(5)
                #expect(answers.map(\.status) == [200, 200, 200, 200, status], "\(rest)")
                await client.close()
            }
        }
    }

    @Test func `a head that came in pieces is answered once it is whole`() async throws {
        try await TestServer.run(content: Self.content()) { server in
            let client = try await RawClient.connect(port: server.port)
            let request = Self.request("/q/labels", server)
            _ = await Self.ask(client, request, times: 3)
            for cut in [1, 10, request.utf8.count - 1] {
                let before = await client.answers(0).count
                await client.send(String(request.prefix(cut)))
                try await Task.sleep(for: .milliseconds(20))
                await client.send(String(request.dropFirst(cut)))
                #expect(await client.answers(before + 1).last?.status == 200)
            }
            await client.close()
        }
    }

    @Test func `a head with a body is never taken for the whole request`() async throws {
        try await TestServer.run(content: Self.content()) { server in
            let client = try await RawClient.connect(port: server.port)
            let request = Self.request("/q/labels", server, ["Content-Length: 18"])
            // What a body says is no request, whatever it looks like.
            let answers = await Self.ask(client, request + "GET /q/none HTTP/1", times: 4)
            #expect(answers.map(\.status) == [200, 200, 200, 200])
            #expect(try await Self.count(server) == 0)
            #expect(await Self.ask(client, Self.request("/health/live", server)).map(\.status) == [200])
            await client.close()
        }
    }

    @Test func `who does not take the answers is not given ever more of them`() async throws {
        let limits = ["inline-microseconds": 1_000_000, "write-stall-time": 60_000]
        try await TestServer.run(limits: limits, content: Self.content()) { server in
            let asking = try await RawClient.connect(port: server.port, reads: false)
            let request = Self.request("/q/labels", server)
            for _ in 0..<3 {
                await asking.send(request)
                try await Task.sleep(for: .milliseconds(50))
            }
            // Of far more bytes than any socket holds.
            let (count, pieces) = (1_000, 200)
            let sending = Task {
                for _ in 0..<pieces { await asking.send(String(repeating: request, count: count)) }
            }
            var (last, before) = (-1, -2)
            while last != before || last < 100 {
                (before, last) = (last, try await Self.count(server))
                try await Task.sleep(for: .milliseconds(500))
            }
            #expect(last < count * pieces)
            sending.cancel()
            await asking.close()
            await sending.value
        }
    }

    @Test func `a server that stops says so, and ends the connection`() async throws {
        // Longer than any test: it ends when the task that stops is cancelled.
        try await TestServer.run(limits: ["drain-time": 600_000], content: Self.content()) { server in
            let client = try await RawClient.connect(port: server.port)
            let request = Self.request("/q/labels", server)
            _ = await Self.ask(client, request, times: 3)
            let stopping = Task { await server.server.stop() }
            while try await server.ask("GET", "/health/ready")?.status == 200 { try await Task.sleep(for: .milliseconds(5)) }
            await client.send(request)
            let last = await client.answers(4).last
            #expect(last?["connection"] == "close")
            #expect(await client.ends(within: .seconds(60)))
            await client.close()
            stopping.cancel()
            await stopping.value
        }
    }

    @Test func `questions that were loaded anew are read anew`() async throws {
        let content = Self.content()
        try await TestServer.run(content: content) { server in
            let client = try await RawClient.connect(port: server.port)
            let request = Self.request("/q/labels", server)
            let before = await Self.ask(client, request, times: 3)
            #expect(before.allSatisfy { $0.text.contains("label") })
            content.shelf.replace(
                with: TestContent.changing(questions: ["labels": "{ items { totalCount } }"]).shelf.both.questions)
            let after = await Self.ask(client, request, times: 3)
            #expect(after.allSatisfy { $0.status == 200 && $0.text.contains("\"totalCount\":3") })
            await client.close()
        }
    }

    @Test func `where the audit is told, each answer is told, however often its request came before`() async throws {
        let lines = try await `What the audit is told`().run(content: Self.content()) { server, _ in
            let client = try await RawClient.connect(port: server.port)
            let key = KeyedServer.bearer(KeyedServer.reader).map { "\($0.0): \($0.1)" }
            let answers = await Self.ask(client, Self.request("/q/labels", server, key), times: 7)
            #expect(answers.allSatisfy { $0.status == 200 })
            #expect(try await Self.count(server, KeyedServer.bearer(KeyedServer.reader)) == 0)
            await client.close()
        }
        #expect(lines.filter { $0.contains("\"question\":\"labels\"") }.count == 7)
    }

    @Test func `without room for heads every request goes to its route`() async throws {
        try await TestServer.run(limits: ["repeated-head-bytes": 0], content: Self.content()) { server in
            let client = try await RawClient.connect(port: server.port)
            let answers = await Self.ask(client, Self.request("/q/labels", server), times: 4)
            #expect(answers.count == 4 && answers.allSatisfy { $0.status == 200 })
            #expect(try await Self.count(server) == 0)
            await client.close()
        }
    }
}
