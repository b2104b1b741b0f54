import Testing

/// A31, A32: clients that do not speak, do not end, do not read or do not stay.
@Suite struct `Clients that wait` {
    @Test func `a connection that asks nothing is closed, and one that stops within a head is told why`() async throws {
        try await TestServer.run(limits: ["head-time": 2_000, "linger-time": 100]) { server in
            let silent = try await RawClient.connect(port: server.port)
            let half = try await RawClient.connect(port: server.port)
            await half.send("GET / HTTP/1.1\r\nHost: ")
            #expect(await silent.ends(within: .seconds(60)))
            #expect(silent.received.isEmpty)
            #expect(await half.ends(within: .seconds(60)))
            #expect(RawAnswer.all(in: half.received).map(\.status) == [408])
        }
    }

    @Test func `a head that drips does not hold its connection`() async throws {
        try await TestServer.run(limits: ["head-time": 400, "linger-time": 100]) { server in
            let drip = try await RawClient.connect(port: server.port)
            let start = ContinuousClock.now
            await drip.send("GET / HTTP/1.1\r\n")
            while !drip.hasEnded, ContinuousClock.now - start < .seconds(60) {
                await drip.send("A: b\r\n")
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(drip.hasEnded)
        }
    }

    @Test func `a body that drips does not hold its connection`() async throws {
        try await TestServer.run(limits: ["body-time": 400, "linger-time": 100]) { server in
            let drip = try await RawClient.connect(port: server.port)
            let start = ContinuousClock.now
            await drip.send(
                "POST /graphql HTTP/1.1\r\nHost: \(server.host)\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
            )
            while !drip.hasEnded, ContinuousClock.now - start < .seconds(60) {
                await drip.send(" ")
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(drip.hasEnded)
            #expect(RawAnswer.all(in: drip.received).map(\.status) == [408])
        }
    }

    @Test func `a client that reads nothing of its answers is cut off`() async throws {
        try await TestServer.run(limits: ["write-stall-time": 300], content: TestContent.slow()) { server in
            let client = try await RawClient.connect(port: server.port, reads: false)
            let page = server.request(document: "{ items(first: 1000) { nodes { id number group { id number } } } }")
            for _ in 0..<200 where !client.hasEnded { await client.send(page) }
            #expect(await client.ends(within: .seconds(60)))
            #expect(try await server.ask("GET", "/health/live")?.status == 200)
        }
    }

    @Test func `many silent connections leave room for one that speaks`() async throws {
        try await TestServer.run(limits: ["head-time": 2000]) { server in
            var silent: [RawClient] = []
            for _ in 0..<200 { silent.append(try await RawClient.connect(port: server.port)) }
            let start = ContinuousClock.now
            #expect(try await server.ask("GET", "/health/live")?.status == 200)
            print("health beside 200 silent connections: \(ContinuousClock.now - start)")
            for client in silent {
                let ended = await client.ends(within: .seconds(60))
                #expect(ended)
            }
        }
    }

    @Test func `a client may close its sending side and still get its answer`() async throws {
        try await TestServer.run { server in
            let client = try await RawClient.connect(port: server.port)
            await client.send("GET /health/live HTTP/1.1\r\nHost: \(server.host)\r\n\r\n")
            await client.closeOutput()
            #expect(await client.ends(within: .seconds(60)))
            #expect(RawAnswer.all(in: client.received).map(\.status) == [200])
            let many = try await RawClient.connect(port: server.port)
            await many.send(String(repeating: "GET /health/live HTTP/1.1\r\nHost: \(server.host)\r\n\r\n", count: 20))
            await many.closeOutput()
            #expect(await many.ends(within: .seconds(60)))
            #expect(RawAnswer.all(in: many.received).map(\.status) == [Int](repeating: 200, count: 20))
        }
    }

    @Test func `a connection ends with its answer where the client says so or speaks HTTP/1.0`() async throws {
        try await TestServer.run { server in
            for text in [
                "GET /health/live HTTP/1.1\r\nHost: \(server.host)\r\nConnection: Close\r\n\r\n",
                "GET /health/live HTTP/1.1\r\nHost: \(server.host)\r\nConnection: foo, close\r\n\r\n",
                "GET /health/live HTTP/1.0\r\nHost: \(server.host)\r\n\r\n",
            ] {
                let (answers, ended) = try await server.say(text, within: .seconds(60))
                #expect(answers.map(\.status) == [200])
                #expect(answers.first?["connection"] == "close")
                #expect(ended)
            }
            let kept = try await RawClient.connect(port: server.port)
            await kept.send("GET /health/live HTTP/1.0\r\nHost: \(server.host)\r\nConnection: keep-alive\r\n\r\n")
            #expect(await kept.answers(1).count == 1)
            #expect(await kept.ends(within: .milliseconds(300)) == false)
            await kept.close()
        }
    }

    @Test func `a client that waits for 100 Continue is told to go on`() async throws {
        try await TestServer.run { server in
            let client = try await RawClient.connect(port: server.port)
            let body = #"{"query":"{ __typename }"}"#
            await client.send(
                "POST /graphql HTTP/1.1\r\nHost: \(server.host)\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            )
            let start = ContinuousClock.now
            while !client.text.hasPrefix("HTTP/1.1 100 Continue\r\n\r\n"), ContinuousClock.now - start < .seconds(60) {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(client.text == "HTTP/1.1 100 Continue\r\n\r\n")
            await client.send(body)
            #expect(await client.answers(1).map(\.status) == [200])
            await client.close()
        }
    }
}

@Suite struct `Connections of one address` {
    @Test func `one too many is told so and ended, and when another ends there is room again`() async throws {
        try await TestServer.run(limits: ["max-connections-per-address": 3, "linger-time": 100]) { server async throws in
            let first = try await RawClient.connect(port: server.port)
            let second = try await RawClient.connect(port: server.port)
            let third = try await RawClient.connect(port: server.port)
            let request = "GET /health/live HTTP/1.1\r\nHost: \(server.host)\r\n\r\n"
            for client in [first, second, third] {
                await client.send(request)
                #expect(await client.answers(1).map(\.status) == [200])
            }
            let fourth = try await RawClient.connect(port: server.port)
            #expect(await fourth.ends(within: .seconds(60)))
            let refusal = RawAnswer.all(in: fourth.received).first
            #expect(refusal?.status == 503)
            #expect(refusal?.text.contains("max-connections-per-address") == true && refusal?["retry-after"] != nil)
            await fourth.close()
            await first.close()
            let end = ContinuousClock.now + .seconds(60)
            while try await server.ask("GET", "/health/live")?.status != 200, ContinuousClock.now < end {}
            #expect(ContinuousClock.now < end)
            await second.close()
            await third.close()
        }
    }
}
