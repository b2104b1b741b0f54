import Testing

/// A28–A30 of the list of attacks: what is refused on the wire, and that the connection ends with it.
@Suite struct `Hostile requests` {
    /// Sends each text on its own connection, with the server's address where it says `HOST`, and compares the status of the one answer.
    private func check(
        _ cases: [(name: String, text: String)], answers statuses: Set<Int>, endsWithin limit: Duration = .seconds(60),
        limits: [String: Int] = [:], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await TestServer.run(limits: limits) { server in
            for (name, text) in cases {
                let (answers, ended) = try await server.say(text.replacing("HOST", with: server.host), within: limit)
                #expect(answers.count == 1, "\(name): \(answers.map(\.status))", sourceLocation: sourceLocation)
                #expect(
                    answers.first.map { statuses.contains($0.status) } == true, "\(name): \(answers.first?.status ?? 0)",
                    sourceLocation: sourceLocation)
                #expect(ended, "\(name): the connection stays open", sourceLocation: sourceLocation)
            }
            let alive = try await server.ask("GET", "/health/live")
            #expect(alive?.status == 200, "the server answers no longer", sourceLocation: sourceLocation)
        }
    }

    @Test func `a head that is not HTTP is refused with 400`() async throws {
        let texts: [(name: String, text: String)] = [
            ("bare LF", "GET / HTTP/1.1\nHost: HOST\n\n"),
            ("LF after a field", "GET / HTTP/1.1\r\nHost: HOST\nA: b\r\n\r\n"),
            ("bare CR", "GET / HTTP/1.1\r\nHost: HOST\r\nA: b\rc\r\n\r\n"),
            ("NUL", "GET / HTTP/1.1\r\nHost: HOST\r\nA: b\0c\r\n\r\n"),
            ("control character", "GET / HTTP/1.1\r\nHost: HOST\r\nA: b\u{1B}c\r\n\r\n"),
            ("no version", "GET /\r\nHost: HOST\r\n\r\n"),
            ("two spaces", "GET  / HTTP/1.1\r\nHost: HOST\r\n\r\n"),
            ("space in the target", "GET /a b HTTP/1.1\r\nHost: HOST\r\n\r\n"),
            ("target beyond ASCII", "GET /é HTTP/1.1\r\nHost: HOST\r\n\r\n"),
            ("absolute target", "GET http://HOST/ HTTP/1.1\r\nHost: HOST\r\n\r\n"),
            ("space before the colon", "GET / HTTP/1.1\r\nHost : HOST\r\n\r\n"),
            ("no colon", "GET / HTTP/1.1\r\nHost: HOST\r\nabc\r\n\r\n"),
            ("folded field", "GET / HTTP/1.1\r\nHost: HOST\r\nA: b\r\n c\r\n\r\n"),
            ("no Host", "GET / HTTP/1.1\r\n\r\n"),
            ("two Hosts", "GET / HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n\r\n"),
            ("two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\nHost: HOST\r\n\r\n"),
            ("a TLS hello", "\u{16}\u{03}\u{01}\u{02}\u{00}\u{01}\u{00}\r\n\r\n"),
        ]
        try await check(texts, answers: [400])
    }

    @Test func `a version that is not HTTP/1 is refused`() async throws {
        let texts: [(name: String, text: String)] = [
            ("HTTP/2.0", "GET / HTTP/2.0\r\nHost: HOST\r\n\r\n"),
            ("HTTP/0.9", "GET / HTTP/0.9\r\nHost: HOST\r\n\r\n"),
            ("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ]
        try await check(texts, answers: [505])
    }

    @Test func `a method that is not known is refused with 501`() async throws {
        let methods = ["TRACE", "CONNECT", "PROPFIND", "get", "G\u{22}T", String(repeating: "A", count: 4000)]
        try await check(methods.map { ($0, "\($0) / HTTP/1.1\r\nHost: HOST\r\n\r\n") }, answers: [501])
    }

    @Test func `a Content-Length that is not one number is refused with 400`() async throws {
        let lengths = [
            "9223372036854775808", "18446744073709551617", "-1", "+5", "0x5", "5,6", "", "5 5", "5\t", "５",
            String(repeating: "0", count: 400),
        ]
        try await check(
            lengths.map {
                ($0, "POST /graphql HTTP/1.1\r\nHost: HOST\r\nContent-Length: \($0)\r\n\r\nabcde")
            }, answers: [400])
    }

    @Test func `a body whose end two programs could see at two places is refused with 400`() async throws {
        let heads = [
            "Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5",
            "Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5\r\nContent-Length: 6",
            "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding:\tchunked",
            "Transfer-Encoding: \u{0B}chunked", "Transfer-Encoding:\r\n chunked", "Transfer-Encoding: identity",
            "Transfer-Encoding : chunked",
        ]
        try await check(
            heads.map { ($0, "POST /graphql HTTP/1.1\r\nHost: HOST\r\n\($0)\r\n\r\n5\r\nabcde\r\n0\r\n\r\n") }, answers: [400])
        try await check(
            [("HTTP/1.0", "POST /graphql HTTP/1.0\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")],
            answers: [400])
    }

    @Test func `a chunk that is not written as RFC 9112 writes it is refused`() async throws {
        let bodies = [
            "-5\r\nabcde\r\n0\r\n\r\n", "0x5\r\nabcde\r\n0\r\n\r\n", "5\nabcde\n0\n\n", "5\r\nabcdeX\r\n0\r\n\r\n",
            "5\r\nabcde\n0\r\n\r\n",
            "\r\nabcde\r\n0\r\n\r\n", ";a=b\r\nabcde\r\n0\r\n\r\n", "5 \r\nabcde\r\n0\r\n\r\n", "5\rabcde\r\n0\r\n\r\n",
            "5;\(String(repeating: "x", count: 200_000))\r\nabcde\r\n0\r\n\r\n", "5\r\nabcde\r\n0\r\nA: b\nC: d\r\n\r\n",
        ]
        let head = "POST /graphql HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        try await check(bodies.map { (String($0.prefix(20)), head + $0) }, answers: [400])
        try await check(
            [
                ("a size that overflows", head + "FFFFFFFFFFFFFFFFF\r\nabcde"),
                ("a size over the limit", head + "40000000\r\nabcde"),
                ("zeros", head + "000000000000000000005\r\nabcde\r\n0\r\n\r\n"),
            ], answers: [400, 413])
        let trailers = (0..<2000).map { "T\($0): x\r\n" }.joined()
        try await check([("2,000 trailers", head + "2\r\n{}\r\n0\r\n\(trailers)\r\n")], answers: [431])
    }

    @Test func `a body over the limit is refused with 413 before it is read`() async throws {
        try await check(
            [
                ("announced", "POST /graphql HTTP/1.1\r\nHost: HOST\r\nContent-Length: 10737418240\r\n\r\n"),
                (
                    "chunked",
                    "POST /graphql HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + String(repeating: "1000\r\n\(String(repeating: "x", count: 4096))\r\n", count: 300)
                ),
            ], answers: [413])
    }

    @Test func `a client that never ends its chunks is cut off within a second or two`() async throws {
        try await TestServer.run { server in
            let client = try await RawClient.connect(port: server.port)
            await client.send(
                "POST /graphql HTTP/1.1\r\nHost: \(server.host)\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 0x20, count: 65_536) + Array("\r\n".utf8)
            let start = ContinuousClock.now
            var sent = 0
            while !client.hasEnded, ContinuousClock.now - start < .seconds(60) {
                await client.send(chunk)
                sent += chunk.count
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(client.hasEnded)
            #expect(RawAnswer.all(in: client.received).map(\.status) == [413])
            await client.close()
            print("endless chunks: closed after \(ContinuousClock.now - start), \(sent) bytes sent")
        }
    }

    @Test func `a target or a head over its limit is refused with 414 or 431`() async throws {
        let long = { @Sendable (count: Int) in String(repeating: "a", count: count) }
        try await check(
            [
                ("200 KB", "GET /\(long(200_000)) HTTP/1.1\r\nHost: HOST\r\n\r\n"),
                ("just over", "GET /\(long(8192)) HTTP/1.1\r\nHost: HOST\r\n\r\n"),
            ], answers: [414])
        let fields = { @Sendable (count: Int) in (0..<count).map { "F\($0): x\r\n" }.joined() }
        try await check(
            [
                ("1 MB field", "GET / HTTP/1.1\r\nHost: HOST\r\nA: \(long(1_000_000))\r\n\r\n"),
                ("100 fields and Host", "GET / HTTP/1.1\r\nHost: HOST\r\n\(fields(100))\r\n"),
                ("70,000 fields", "GET / HTTP/1.1\r\nHost: HOST\r\n\(fields(70_000))\r\n"),
                (
                    "three long fields",
                    "GET / HTTP/1.1\r\nHost: HOST\r\nA: \(long(6000))\r\nB: \(long(6000))\r\nC: \(long(6000))\r\n\r\n"
                ),
            ], answers: [431])
        try await TestServer.run { server in
            let answer = try await server.ask("GET", "/?\(long(8190))")
            #expect(answer?.status == 200)
            let (answers, _) = try await server.say(
                "GET / HTTP/1.1\r\nHost: \(server.host)\r\nConnection: close\r\n\(fields(98))\r\n")
            #expect(answers.map(\.status) == [200])
        }
    }

    @Test func `an upgrade is not made, and the connection goes on`() async throws {
        try await TestServer.run { server in
            let client = try await RawClient.connect(port: server.port)
            await client.send(
                "GET /health/live HTTP/1.1\r\nHost: \(server.host)\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n"
            )
            #expect(await client.answers(1).map(\.status) == [200])
            await client.send("GET /health/live HTTP/1.1\r\nHost: \(server.host)\r\n\r\n")
            #expect(await client.answers(2).map(\.status) == [200, 200])
            await client.close()
        }
    }

    @Test func `a request may come byte by byte, and many in one packet are answered in order`() async throws {
        try await TestServer.run { server in
            let drip = try await RawClient.connect(port: server.port)
            for byte
                in "POST /nowhere HTTP/1.1\r\nHost: \(server.host)\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                .utf8
            {
                await drip.send([byte])
            }
            #expect(await drip.answers(1).map(\.status) == [404])
            await drip.close()
            let many = try await RawClient.connect(port: server.port)
            let paths = (0..<50).map { $0 % 2 == 0 ? "/health/live" : "/nowhere" }
            await many.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: \(server.host)\r\n\r\n" }.joined())
            #expect(await many.answers(50).map(\.status) == (0..<50).map { $0 % 2 == 0 ? 200 : 404 })
            await many.send("\r\nGET /health/live HTTP/1.1\r\nHost: \(server.host)\r\n\r\nGET nonsense\r\n\r\n")
            let answers = await many.answers(52)
            #expect(answers.suffix(2).map(\.status) == [200, 400])
            #expect(await many.ends(within: .seconds(60)))
            await many.close()
        }
    }
}
