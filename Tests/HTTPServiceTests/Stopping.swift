import HTTPService
import Testing

/// Going away, and being full: who has been taken in is answered, who has not is told at once.
@Suite struct `Stopping and overload` {
    @Test func `a request that runs when the server stops is answered`() async throws {
        try await TestServer.run { server in
            let busy = try await RawClient.connect(port: server.port)
            let idle = try await RawClient.connect(port: server.port)
            await busy.send(server.slowRequest)
            try await Task.sleep(for: .milliseconds(200))
            let start = ContinuousClock.now
            let stopping = Task { await server.server.stop() }
            #expect(await idle.ends(within: .seconds(2)), "an idle connection is closed at once")
            let answers = await busy.answers(1)
            #expect(answers.map(\.status) == [200])
            #expect(answers.first?["connection"] == "close")
            #expect(await busy.ends(within: .seconds(3)))
            print("drained after \(ContinuousClock.now - start)")
            stopping.cancel()
        }
    }

    @Test func `readiness ends before connections are refused`() async throws {
        try await TestServer.run(limits: ["drain-time": 600]) { server in
            #expect(try await server.ask("GET", "/health/ready")?.status == 200)
            let stopping = Task { await server.server.stop() }
            try await Task.sleep(for: .milliseconds(100))
            #expect(try await server.ask("GET", "/health/ready")?.status == 503)
            #expect(try await server.ask("GET", "/health/live")?.status == 200)
            try await Task.sleep(for: .milliseconds(900))
            await #expect(throws: (any Error).self) { try await RawClient.connect(port: server.port) }
            stopping.cancel()
        }
    }

    @Test func `a question that outlasts the time to stop is stopped and says so`() async throws {
        try await TestServer.run(limits: ["stop-time": 300]) { server in
            let busy = try await RawClient.connect(port: server.port)
            await busy.send(server.slowRequest)
            try await Task.sleep(for: .milliseconds(200))
            let stopping = Task { await server.server.stop() }
            #expect(await busy.answers(1).map(\.status) == [503])
            await stopping.value
        }
    }

    @Test func `a question over its deadline is stopped`() async throws {
        try await TestServer.run(limits: ["deadline": 200]) { server in
            let start = ContinuousClock.now
            let client = try await RawClient.connect(port: server.port)
            await client.send(server.slowRequest)
            #expect(await client.answers(1).map(\.status) == [503])
            #expect(ContinuousClock.now - start < .seconds(1))
            await client.close()
        }
    }

    @Test func `a question whose client has left is stopped`() async throws {
        try await TestServer.run { server in
            for _ in 0..<3 {
                let client = try await RawClient.connect(port: server.port)
                await client.send(server.slowRequest)
                try await Task.sleep(for: .milliseconds(100))
                await client.close()
            }
            let start = ContinuousClock.now
            var running = 3
            while running > 0, ContinuousClock.now - start < .seconds(5) {
                let text = try await server.ask("GET", "/health/ready")?.text ?? ""
                running = text.contains(#""running":0"#) ? 0 : 3
            }
            print("idle \(ContinuousClock.now - start) after three clients left")
            #expect(ContinuousClock.now - start < .milliseconds(1500))
        }
    }

    @Test func `more questions than wait are refused at once with 503, and health still answers`() async throws {
        let limits = ["query-threads": 1, "max-queue-length": 1, "queue-time": 300]
        try await TestServer.run(limits: limits) { server in
            var clients: [RawClient] = []
            for _ in 0..<6 {
                let client = try await RawClient.connect(port: server.port)
                await client.send(server.slowRequest)
                clients.append(client)
                try await Task.sleep(for: .milliseconds(20))
            }
            let start = ContinuousClock.now
            #expect(try await server.ask("GET", "/health/live")?.status == 200)
            #expect(ContinuousClock.now - start < .milliseconds(500))
            var statuses: [Int] = []
            for client in clients {
                let answer = await client.answers(1).first
                if answer?.status == 503 { #expect(answer?["retry-after"] == "1") }
                statuses.append(answer?.status ?? 0)
            }
            #expect(statuses.filter { $0 == 200 }.count == 1)
            #expect(statuses.filter { $0 == 503 }.count == 5)
        }
    }
}

extension TestServer.Running {
    /// A question that takes a second or two, unless it is stopped.
    var slowRequest: String {
        let body = #"{"query":"\#(TestContent.slowDocument)"}"#
        return
            "POST /graphql HTTP/1.1\r\nHost: \(host)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
