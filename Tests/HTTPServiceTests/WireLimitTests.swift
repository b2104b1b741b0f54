import HTTPService
import Settings
import Testing

/// `reliability.md` §4, as far as it is kept on the wire: at the bound, and one past it.
@Suite struct `Limits of the wire` {
    private static let json = "Content-Type: application/json\r\n"

    /// A POST of exactly so many bytes that is answered.
    private static func body(byteCount: Int) -> String {
        let start = #"{"query":"{ __typename }"#
        return start + String(repeating: " ", count: byteCount - start.utf8.count - 2) + #""}"#
    }

    private static func chunked(_ body: String, size: Int = 100) -> String {
        var text = ""
        var rest = body[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(size)
            text += String(chunk.utf8.count, radix: 16) + "\r\n" + chunk + "\r\n"
            rest = rest.dropFirst(size)
        }
        return text + "0\r\n"
    }

    /// Sends both, and compares the refusal of the second with what it must name.
    private func check(
        _ name: String, _ maximum: Int, within: (String) -> String, beyond: (String) -> String, status: Int,
        found: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let (within, beyond) = (within("HOST"), beyond("HOST"))
        try await TestServer.run(limits: [name: maximum]) { server in
            let (answered, _) = try await server.say(within.replacing("HOST", with: server.host), within: .seconds(60))
            #expect(answered.map(\.status) == [200], "\(name)", sourceLocation: sourceLocation)
            let (refused, ended) = try await server.say(beyond.replacing("HOST", with: server.host), within: .seconds(60))
            #expect(refused.map(\.status) == [status], "\(name)", sourceLocation: sourceLocation)
            #expect(ended, "\(name): the connection stays open", sourceLocation: sourceLocation)
            let text = refused.first?.text ?? ""
            let limit = "\"limit\":\"\(name)\",\"maximum\":\(maximum)" + (found.map { ",\"found\":\($0)" } ?? "") + "}"
            #expect(text.contains(limit), "\(text)", sourceLocation: sourceLocation)
            #expect(text.contains("(limit \(name))"), "\(text)", sourceLocation: sourceLocation)
        }
    }

    private static func post(_ fields: String, _ body: String) -> (String) -> String {
        { host in "POST /graphql HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\(json)\(fields)\r\n\(body)" }
    }

    private static func get(_ target: String, _ fields: String = "") -> (String) -> String {
        { host in "GET \(target) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\(fields)\r\n" }
    }

    @Test func `bytes of the body, announced or in chunks`() async throws {
        let (fits, exceeds) = (Self.body(byteCount: 2_000), Self.body(byteCount: 2_001))
        try await check(
            "max-body-bytes", 2_000, within: Self.post("Content-Length: 2000\r\n", fits),
            beyond: Self.post("Content-Length: 2001\r\n", exceeds), status: 413, found: 2_001)
        try await check(
            "max-body-bytes", 2_000, within: Self.post("Transfer-Encoding: chunked\r\n", Self.chunked(fits) + "\r\n"),
            beyond: Self.post("Transfer-Encoding: chunked\r\n", Self.chunked(exceeds) + "\r\n"), status: 413)
    }

    @Test func `bytes of the target`() async throws {
        let path = "/health/live?"
        try await check(
            "max-target-bytes", 300, within: Self.get(path + String(repeating: "a", count: 300 - path.count)),
            beyond: Self.get(path + String(repeating: "a", count: 301 - path.count)), status: 414, found: 301)
    }

    @Test func `bytes of one line of the head`() async throws {
        // The name, the colon and the space count.
        try await check(
            "max-header-line-bytes", 300, within: Self.get("/health/live", "A: \(String(repeating: "x", count: 297))\r\n"),
            beyond: Self.get("/health/live", "A: \(String(repeating: "x", count: 298))\r\n"), status: 431)
    }

    @Test func `bytes of all lines of the head`() async throws {
        let line = "A: \(String(repeating: "x", count: 95))\r\n"
        try await check(
            "max-header-bytes", 1_000, within: Self.get("/health/live", String(repeating: line, count: 8)),
            beyond: Self.get("/health/live", String(repeating: line, count: 10)), status: 431)
    }

    @Test func `fields of the head`() async throws {
        // Host and Connection are two of them.
        try await check(
            "max-header-fields", 20, within: Self.get("/health/live", String(repeating: "A: x\r\n", count: 18)),
            beyond: Self.get("/health/live", String(repeating: "A: x\r\n", count: 19)), status: 431)
    }

    @Test func `bytes after the last chunk`() async throws {
        let body = Self.chunked(#"{"query":"{ __typename }"}"#)
        // The empty line that ends them counts.
        try await check(
            "max-trailer-bytes", 100,
            within: Self.post("Transfer-Encoding: chunked\r\n", body + "A: " + String(repeating: "x", count: 90) + "\r\n\r\n"),
            beyond: Self.post("Transfer-Encoding: chunked\r\n", body + "A: " + String(repeating: "x", count: 100) + "\r\n\r\n"),
            status: 431)
    }

    @Test func `the standard limits of headers are 16 KiB, 100 fields, 8 KiB a line`() {
        let standards = Dictionary(uniqueKeysWithValues: ServiceLimits.definitions.map { ($0.name, $0.standard) })
        #expect(standards["max-header-bytes"] == 16 << 10)
        #expect(standards["max-header-fields"] == 100)
        #expect(standards["max-header-line-bytes"] == 8 << 10)
        #expect(standards["max-body-bytes"] == 1 << 20)
        #expect(standards["deadline"] == 10_000)
    }

    @Test func `the time of a question, after which it is 503 and named`() async throws {
        try await TestServer.run(limits: ["deadline": 300], content: TestContent.endless()) { server in
            let quick = try await server.post(#"{"query":"{ __typename }"}"#)
            #expect(quick?.status == 200)
            let answer = try await server.post("{\"query\":\"\(TestContent.pairsDocument)\"}")
            #expect(answer?.status == 503)
            #expect(answer?.text.contains(#""code":"QUERY_TIMEOUT""#) == true)
            #expect(answer?.text.contains("(limit deadline)") == true)
        }
    }

    @Test func `a queue that is full refuses the next question at once, by name`() async throws {
        try await TestServer.run(
            limits: [
                "query-threads": 1, "max-queue-length": 1, "queue-time": 60_000, "stop-time": 0, "long-query-time": 600_000,
            ],
            content: TestContent.endless()
        ) { server in
            var waiting: [RawClient] = []
            for count in 1...2 {
                let client = try await RawClient.connect(port: server.port)
                await client.send(server.request(document: TestContent.pairsDocument))
                waiting.append(client)
                if count == 1 { #expect(try await server.runs(1)) }
            }
            while try await server.ask("GET", "/health/ready")?.text.contains("\"waiting\":1") != true {
                try await Task.sleep(for: .milliseconds(10))
            }
            let answer = try await server.post(#"{"query":"{ __typename }"}"#)
            #expect(answer?.status == 503)
            #expect(answer?["retry-after"] == "1")
            #expect(
                answer?.text.contains(#""code":"OVERLOADED","limit":"max-queue-length","maximum":1"#) == true,
                "\(answer?.text ?? "")")
            for client in waiting { await client.close() }
        }
    }
}
