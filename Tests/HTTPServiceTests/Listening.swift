import HTTPService
import Testing

/// Connections that stay, and are told of changes.
@Suite struct `Listening` {
    private static func content() -> ServiceContent {
        TestContent.changing(questions: [
            "labels": "{ items { nodes { label } } }", "count": "{ items { totalCount } }", "broken": "{ nothing }",
        ])
    }

    private func change(_ server: TestServer.Running, label: String) async throws {
        let answer = try await server.post(
            #"{"query": "mutation { applyChanges(changes: {items: {upsert: [{number: 1, label: \"\#(label)\"}]}}) { applied } }"}"#
        )
        #expect(answer?.text.contains("\"applied\":true") == true, "\(answer?.text ?? "")")
    }

    private func listen(
        _ server: TestServer.Running, _ target: String, _ fields: [(String, String)] = [], body: String? = nil
    ) async throws -> RawClient {
        var text = "\(body == nil ? "GET" : "POST") \(target) HTTP/1.1\r\nHost: \(server.host)\r\n"
        for (name, value) in [("Accept", "text/event-stream")] + fields { text += "\(name): \(value)\r\n" }
        if let body { text += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
        let client = try await RawClient.connect(port: server.port)
        await client.send(text + "\r\n" + (body ?? ""))
        return client
    }

    /// Waits until a text has come so often.
    private func heard(_ client: RawClient, _ text: String, times count: Int = 1) async -> Bool {
        let end = ContinuousClock.now + .seconds(60)
        while client.text.split(separator: text, omittingEmptySubsequences: false).count - 1 < count {
            if ContinuousClock.now > end || client.hasEnded { return false }
            try? await Task.sleep(for: .milliseconds(3))
        }
        return true
    }

    @Test func `every new version is told once, and a client that comes back hears what it missed`() async throws {
        try await TestServer.run(content: Self.content()) { server in
            let client = try await listen(server, "/events")
            #expect(await heard(client, "id: 1\nevent: version\ndata: {\"version\":\"1\""))
            for label in ["b", "c"] { try await change(server, label: label) }
            #expect(await heard(client, "id: 3\nevent: version"))
            #expect(client.text.split(separator: "event: version").count == 4, "\(client.text)")
            await client.close()
            let later = try await listen(server, "/events", [("Last-Event-ID", "1")])
            #expect(await heard(later, "id: 3\n"))
            #expect(later.text.contains("id: 2\n") && !later.text.contains("id: 1\n"))
            await later.close()
            let foreign = try await listen(server, "/events", [("Last-Event-ID", "99")])
            #expect(await heard(foreign, "id: 3\n") && !foreign.text.contains("id: 2\n"))
            await foreign.close()
        }
    }

    @Test func `a question is answered at once, and again when its answer is another`() async throws {
        try await TestServer.run(limits: ["heartbeat-time": 100], content: Self.content()) { server in
            let labels = try await listen(server, "/q/labels")
            let count = try await listen(server, "/q/count")
            let document = try await listen(server, "/graphql", body: #"{"query": "{ items { nodes { label } } }"}"#)
            for client in [labels, count, document] { #expect(await heard(client, "event: answer\ndata: {\"data\":")) }
            try await change(server, label: "later")
            for client in [labels, document] {
                #expect(await heard(client, "\"later\"") && client.text.contains("text/event-stream"))
            }
            #expect(await heard(count, "\n:\n\n", times: 2) || count.text.contains(":\n\n"))
            #expect(count.text.split(separator: "event: answer").count == 2, "\(count.text)")
            #expect(labels.text.split(separator: "event: answer").count == 3, "\(labels.text)")
            // Who has the answer already hears nothing until it changes.
            let id = try #require(labels.text.split(separator: "id: ").last?.prefix { $0 != "\n" })
            let again = try await listen(server, "/q/labels", [("Last-Event-ID", String(id))])
            #expect(await heard(again, "retry:") && !again.text.contains("event: answer"))
            try await change(server, label: "latest")
            #expect(await heard(again, "\"latest\""))
            for client in [labels, count, document, again] { await client.close() }
        }
    }

    @Test func `what cannot be answered is refused as anywhere, and nothing is changed again and again`() async throws {
        try await TestServer.run(content: Self.content()) { server in
            for (target, body, status) in [
                ("/q/broken", nil, 422), ("/q/none", nil, 404), ("/graphql?query=%7B", nil, 400),
                ("/graphql", #"{"query": "mutation { applyChanges(changes: {}) { applied } }"}"#, 405),
            ] as [(String, String?, Int)] {
                let client = try await listen(server, target, body: body)
                let answer = try #require(await client.answers(1).first)
                #expect(answer.status == status, "\(target): \(answer.text)")
                await client.close()
            }
        }
    }

    @Test func `so many may listen, and one who leaves makes room`() async throws {
        try await TestServer.run(limits: ["max-live-clients": 2], content: Self.content()) { server in
            let first = try await listen(server, "/events")
            let second = try await listen(server, "/q/count")
            #expect(await heard(first, "event:"))
            #expect(await heard(second, "event:"))
            let third = try await listen(server, "/events")
            let refused = try #require(await third.answers(1).first)
            #expect(refused.status == 503 && refused.text.contains("max-live-clients") && refused["retry-after"] != nil)
            await third.close()
            await first.close()
            var status: Int? = 503
            let end = ContinuousClock.now + .seconds(60)
            while status == 503, ContinuousClock.now < end {
                status = try await server.ask("HEAD", "/events", [("Accept", "text/event-stream")])?.status
            }
            #expect(status == 200)
            await second.close()
        }
    }

    @Test func `a key that is revoked ends what it began, and a server that stops ends all`() async throws {
        let keyed = KeyedServer()
        try await keyed.run(content: Self.content()) { server async throws in
            let listening = try await listen(server, "/q/labels", KeyedServer.bearer(KeyedServer.reader))
            let other = try await listen(server, "/events", KeyedServer.bearer(KeyedServer.editor))
            #expect(await heard(listening, "event: answer"))
            #expect(await heard(other, "event: version"))
            keyed.doorkeeper?.replace(with: KeyedServer.ring(without: "readerAA"))
            let change = try await server.post(
                #"{"query": "mutation { applyChanges(changes: {items: {upsert: [{number: 1, label: \"b\"}]}}) { applied } }"}"#,
                KeyedServer.bearer(KeyedServer.editor))
            #expect(change?.text.contains("\"applied\":true") == true)
            #expect(await heard(other, "id: 2"))
            #expect(await heard(listening, "0\r\n\r\n") && !listening.text.contains("\"b\""))
            Task { await server.server.stop() }
            #expect(await other.ends(within: .seconds(60)))
            await listening.close()
            await other.close()
        }
    }
}
