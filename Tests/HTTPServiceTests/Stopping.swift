import HTTPService
import Testing

/// Going away, and being full: who has been taken in is answered, who has not is told at once.
///
/// No bound here is a matter of speed: a question that nobody stops runs for many minutes, and the tests end.
@Suite struct `Stopping and overload` {
    @Test func `a request that runs when the server stops is answered`() async throws {
        // A machine with other work takes its time: the question is to be stopped by nobody.
        try await TestServer.run(limits: ["deadline": 600_000, "stop-time": 600_000], content: TestContent.slow()) { server in
            let busy = try await RawClient.connect(port: server.port)
            let idle = try await RawClient.connect(port: server.port)
            await busy.send(server.request(document: TestContent.pairsDocument))
            #expect(try await server.runs(1))
            let start = ContinuousClock.now
            let stopping = Task { await server.server.stop() }
            #expect(await idle.ends(within: .seconds(20)), "an idle connection is closed at once")
            let answers = await busy.answers(1)
            #expect(answers.map(\.status) == [200])
            #expect(answers.first?["connection"] == "close")
            #expect(await busy.ends(within: .seconds(20)))
            print("drained after \(ContinuousClock.now - start)")
            stopping.cancel()
        }
    }

    @Test func `readiness ends before connections are refused`() async throws {
        // Longer than any test: it ends when the task that stops is cancelled.
        try await TestServer.run(limits: ["drain-time": 600_000]) { server in
            #expect(try await server.ask("GET", "/health/ready")?.status == 200)
            let stopping = Task { await server.server.stop() }
            var status = 200
            while status == 200 { status = try await server.ask("GET", "/health/ready")?.status ?? 0 }
            #expect(status == 503)
            #expect(try await server.ask("GET", "/health/live")?.status == 200)
            stopping.cancel()
            var isReachable = true
            while isReachable {
                do {
                    try await RawClient.connect(port: server.port).close()
                    try await Task.sleep(for: .milliseconds(50))
                } catch {
                    isReachable = false
                }
            }
        }
    }

    @Test func `a question that outlasts the time to stop is stopped and says so`() async throws {
        try await TestServer.run(limits: ["stop-time": 300, "deadline": 600_000], content: TestContent.endless()) { server in
            let busy = try await RawClient.connect(port: server.port)
            await busy.send(server.request(document: TestContent.pairsDocument))
            #expect(try await server.runs(1))
            let stopping = Task { await server.server.stop() }
            let answers = await busy.answers(1)
            #expect(answers.map(\.status) == [503])
            #expect(answers.first?.text.contains("QUERY_TIMEOUT") == true)
            await stopping.value
        }
    }

    @Test func `a question over its deadline is stopped`() async throws {
        try await TestServer.run(limits: ["deadline": 200], content: TestContent.endless()) { server in
            let start = ContinuousClock.now
            let client = try await RawClient.connect(port: server.port)
            await client.send(server.request(document: TestContent.pairsDocument))
            let answers = await client.answers(1)
            #expect(answers.map(\.status) == [503])
            #expect(answers.first?.text.contains("QUERY_TIMEOUT") == true)
            print("a deadline of 200 ms: answered after \(ContinuousClock.now - start)")
            await client.close()
        }
    }

    /// In a filter, in the keys of a sort, in an expression of the request's own, in values that are printed.
    @Test(arguments: [
        TestContent.pairsDocument, "{ items(orderBy: [{before: DESC}], first: 1) { nodes { number } } }",
        "{ items(where: {cel: \"size(group.items.filter(i, i.number < number)) >= 0\"}, first: 1) { totalCount } }",
        "{ items(first: 1000) { nodes { before group { items(orderBy: [{before: ASC}]) { nodes { before } } } } } }",
    ]) func `a question whose client has left is stopped`(document: String) async throws {
        try await TestServer.run(limits: ["deadline": 600_000], content: TestContent.endless()) { server in
            for _ in 1...3 {
                let client = try await RawClient.connect(port: server.port)
                await client.send(server.request(document: document))
                #expect(try await server.runs(1))
                await client.close()
                let start = ContinuousClock.now
                #expect(try await server.runs(0))
                print("idle \(ContinuousClock.now - start) after the client left")
            }
        }
    }

    @Test func `more questions than wait are refused with 503, and health still answers`() async throws {
        let limits = [
            "query-threads": 1, "max-queue-length": 1, "queue-time": 300, "deadline": 600_000, "long-query-time": 600_000,
        ]
        try await TestServer.run(limits: limits, content: TestContent.endless()) { server in
            let running = try await RawClient.connect(port: server.port)
            await running.send(server.request(document: TestContent.pairsDocument))
            #expect(try await server.runs(1))
            for _ in 0..<5 {
                let client = try await RawClient.connect(port: server.port)
                await client.send(server.request(document: "{ __typename }"))
                let answer = await client.answers(1).first
                #expect(answer?.status == 503)
                #expect(answer?["retry-after"] == "1")
                #expect(answer?.text.contains("OVERLOADED") == true)
                #expect(try await server.ask("GET", "/health/live")?.status == 200)
                await client.close()
            }
            await running.close()
        }
    }

    @Test func `short questions get past long ones`() async throws {
        try await TestServer.run(limits: ["deadline": 600_000, "queue-time": 60_000], content: TestContent.endless()) { server in
            var long: [RawClient] = []
            for _ in 0..<4 {
                let client = try await RawClient.connect(port: server.port)
                await client.send(server.request(document: TestContent.pairsDocument))
                long.append(client)
            }
            #expect(try await server.runs(4))
            let start = ContinuousClock.now
            #expect(try await server.post(#"{"query":"{ __typename }"}"#)?.status == 200)
            print("a short question beside four endless ones: \(ContinuousClock.now - start)")
            for client in long { await client.close() }
            #expect(try await server.runs(0))
        }
    }
}
