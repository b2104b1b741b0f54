import Access
import Bytes
import HTTPService
import StoreColumns
import Testing

@Suite struct `What the audit is told` {
    static let folder = "/audit"

    /// The lines of an audit, without their hashes.
    static func lines(_ files: MemoryFileSystem) throws -> [String] {
        try files.list(folder).flatMap { name in
            String(decoding: try files.contents(of: folder + "/" + name, limit: 1 << 20), as: UTF8.self)
                .split(separator: "\n").map { String($0.prefix { $0 != "\n" }.dropLast(75)) }
        }
    }

    func run(
        content: ServiceContent = TestContent.small, roles: KnownRoles = KnownRoles(),
        _ body: @Sendable (TestServer.Running, MemoryFileSystem) async throws -> Void
    ) async throws -> [String] {
        let files = MemoryFileSystem()
        let keyed = KeyedServer()
        let file = try AuditFile(Self.folder, on: files, fileByteLimit: 1 << 20, now: { keyed.clock.now })
        let auditor = Auditor(file, digests: AuditDigests(key: [UInt8](repeating: 5, count: 32)))
        try await keyed.run(content: content, auditor: auditor, roles: roles) { try await body($0, files) }
        files.limit(toBytes: nil)
        #expect(try AuditReading.check(Self.folder, on: files).tornByteCount == 0)
        return try Self.lines(files)
    }

    @Test func `every question is told with who, from where, what and how much, and no value of it`() async throws {
        let lines = try await run { server, _ async throws in
            let key = KeyedServer.bearer(KeyedServer.reader)
            let body =
                #"{"query":"query($n: Int!) { items(where: {number: {lte: $n}}) { nodes { number } } }","variables":{"n":1,"张三":"secret"}}"#
            #expect(try await server.post(body, key)?.status == 200)
            #expect(try await server.post(body, key)?.status == 200)
            #expect(try await server.ask("GET", "/graphql?query=%7Bnone%7D", key)?.status == 422)
            #expect(try await server.post("no JSON", key)?.status == 400)
            #expect(try await server.ask("GET", "/health/live")?.status == 200)
            #expect(try await server.ask("GET", "/q", key)?.status == 200)
        }
        let answers = lines.filter { $0.contains("\"event\":\"answer\"") }
        #expect(answers.count == 4, "\(lines)")
        #expect(lines.count == 6)
        guard answers.count == 4 else { return }
        for member in [
            "\"key\":\"readerAA\"", "\"role\":\"reader\"", "\"from\":\"127.0.0.1\"", "\"route\":\"/graphql\"",
            "\"outcome\":\"data\"",
            "\"rows\":2,", "\"version\":\"1\"", "\"asOf\":\"2026-11-21\"", "\"variables\":{\"n\":\"",
        ] {
            #expect(answers[0].contains(member), "\(member) in \(answers[0])")
        }
        #expect(answers[2].contains("\"outcome\":\"invalid\""))
        #expect(answers[3].contains("\"outcome\":\"notJSON\"") && !answers[3].contains("document"))
        let document = { (line: String) in line.split(separator: "\"document\":\"").last?.prefix(32) }
        #expect(document(answers[0]) == document(answers[1]))
        #expect(document(answers[0]) != document(answers[2]))
        #expect(
            lines.allSatisfy { !$0.contains("张三") && !$0.contains("secret") && !$0.contains("hth_") && !$0.contains("name of") })
    }

    @Test func `changes, refusals and sessions are told, and who shows no credential is not`() async throws {
        let lines = try await run(content: TestContent.changing()) { server, _ async throws in
            let change =
                #"{"query":"mutation { applyChanges(changes: {items: {upsert: [{number: 1, label: \"x\"}]}}) { applied } }"}"#
            _ = try await server.post(change, KeyedServer.bearer(KeyedServer.reader))
            _ = try await server.post(change, KeyedServer.bearer(KeyedServer.editor))
            _ = try await server.ask("GET", "/q", KeyedServer.bearer(KeyedServer.ended))
            _ = try await server.ask("GET", "/q")
            _ = try await KeyedServer.signIn(server, KeyedServer.revoked)
            let cookie = try await KeyedServer.signIn(server) ?? ""
            _ = try await server.ask("POST", "/sign-out", [KeyedServer.form, ("Cookie", cookie)], body: "")
        }
        let told = lines.map { line in
            ["event", "key", "reason", "route"].map { name in
                line.firstRange(of: "\"\(name)\":\"").map { String(line[$0.upperBound...].prefix { $0 != "\"" }) } ?? "-"
            }.joined(separator: " ")
        }
        #expect(
            told == [
                "file - - -", "start - - -", "refusal readerAA changeForbidden /graphql", "change editorAA - /graphql",
                "refusal - unauthenticated /q", "refusal - unauthenticated /sign-in", "signIn readerAA - -",
                "signOut readerAA - -",
            ])
    }

    @Test func `a role is told by its name, and claims by digests`() async throws {
        let lines = try await run(content: PersonsContent.make(), roles: KnownRoles(["LOCAL"])) { server, _ async throws in
            let key = KeyedServer.bearer(KeyedServer.local)
            #expect(try await server.ask("GET", "/graphql?query=%7B__typename%7D", key)?.status == 200)
            _ = try await KeyedServer.signIn(server, KeyedServer.local)
        }
        let digests = AuditDigests(key: [UInt8](repeating: 5, count: 32))
        let claims =
            "\"claims\":{\"area\":\"\(digests.claim("41")) \(digests.claim("42"))\",\"unit\":\"\(digests.claim("U7"))\"}"
        let told = lines.filter { $0.contains("\"role\":\"LOCAL\",\(claims),\"from\"") }
        #expect(told.count == 2, "\(lines)")
        #expect(lines.allSatisfy { !$0.contains("U7") && !$0.contains("\"41") })
        #expect(digests.claim("41") != digests.value(Array("41".utf8)))
    }

    @Test func `an explanation is told as any question is, the key of its row by a digest`() async throws {
        let lines = try await run { server, files async throws in
            let key = KeyedServer.bearer(KeyedServer.reader)
            let told = key + [("Accept", "application/json")]
            #expect(try await server.ask("GET", "/explain/Item.isFirst?key=1", told)?.status == 200)
            #expect(try await server.ask("GET", "/explain/Item.isFirst?by=group", told)?.status == 200)
            files.limit(toBytes: 10)
            #expect(try await server.ask("GET", "/explain/Item.isFirst?key=2", told)?.status == 503)
        }
        let answers = lines.filter { $0.contains("\"event\":\"answer\"") && $0.contains("\"route\":\"/explain/<rule>\"") }
        #expect(answers.count == 2, "\(lines)")
        for answer in answers {
            #expect(answer.contains("\"key\":\"readerAA\"") && answer.contains("\"rule\":\""), "\(answer)")
            #expect(!answer.contains("isFirst"), "\(answer)")
        }
    }

    @Test func `what is unchanged, a table, what comes again and word of versions are told like any answer`() async throws {
        let lines = try await run(content: TestContent.changing(questions: ["labels": "{ items { nodes { label } } }"])) {
            server, files async throws in
            let key = KeyedServer.bearer(KeyedServer.reader)
            let tag = try #require(try await server.ask("GET", "/q/labels", key)?["etag"])
            // Once found on the thread, for there is a new address, and once before it.
            for target in ["/q/labels?asOf=", "/q/labels"] {
                #expect(try await server.ask("GET", target, key + [("If-None-Match", tag)])?.status == 304)
            }
            #expect(try await server.ask("GET", "/q/labels.csv", key)?.status == 200)
            for target in ["/q/labels", "/events"] {
                let client = try await RawClient.connect(port: server.port)
                await client.send(
                    "GET \(target) HTTP/1.1\r\nHost: \(server.host)\r\nAccept: text/event-stream\r\n"
                        + "Authorization: \(key[0].1)\r\n\r\n")
                let end = ContinuousClock.now + .seconds(60)
                while !client.text.contains("event: "), ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(3)) }
                await client.close()
            }
            files.limit(toBytes: 10)
            for (target, fields) in [
                ("/q/labels", [("If-None-Match", tag)]), ("/q/labels.csv", []), ("/q/labels", [("Accept", "text/event-stream")]),
                ("/events", []),
            ] {
                #expect(try await server.ask("GET", target, key + fields)?.status == 503, "\(target)")
            }
        }
        let told = lines.filter { $0.contains("\"event\":\"answer\"") }.map { line in
            ["route", "outcome"].map { name in
                line.firstRange(of: "\"\(name)\":\"").map { String(line[$0.upperBound...].prefix { $0 != "\"" }) } ?? "-"
            }.joined(separator: " ")
        }
        #expect(
            told == [
                "/q/<name> data", "/q/<name> unchanged", "/q/<name> unchanged", "/q/<name> data", "/q/<name> data",
                "/events data",
            ])
    }

    @Test func `what cannot be told is not answered, until it can be`() async throws {
        _ = try await run { server, files async throws in
            let key = KeyedServer.bearer(KeyedServer.reader)
            let body = #"{"query":"{ items { totalCount } }"}"#
            #expect(try await server.post(body, key)?.status == 200)
            files.limit(toBytes: 10)
            let refused = try await server.post(body, key)
            #expect(refused?.status == 503)
            #expect(refused?["retry-after"] != nil)
            #expect(refused?.text.contains("totalCount") == false)
            #expect(
                try await server.ask("POST", "/sign-in", [KeyedServer.form], body: "key=\(KeyedServer.reader)")?.status == 503)
            #expect(try await server.ask("GET", "/health/live")?.status == 200)
            files.limit(toBytes: nil)
            #expect(try await server.post(body, key)?.status == 200)
        }
    }
}

@Suite struct `Limits of a key` {
    @Test func `who has spent its points waits, and another key does not`() async throws {
        let keyed = KeyedServer()
        try await keyed.run(limits: ["points-per-minute": 3]) { server async throws in
            let body = #"{"query":"{ items { totalCount } }"}"#
            let key = KeyedServer.bearer(KeyedServer.reader)
            for _ in 0..<3 { #expect(try await server.post(body, key)?.status == 200) }
            let refused = try await server.post(body, key)
            #expect(refused?.status == 429)
            #expect(refused?["retry-after"] == "1")
            #expect(refused?.text.contains("\"RATE_LIMITED\"") == true && refused?.text.contains("points-per-minute") == true)
            #expect(try await server.post(body, KeyedServer.bearer(KeyedServer.editor))?.status == 200)
            #expect(try await server.ask("GET", "/q", key)?.status == 200, "what costs nothing is not counted")
            keyed.clock.advance(by: 20)
            #expect(try await server.post(body, key)?.status == 200)
            #expect(try await server.post(body, key)?.status == 429)
        }
    }

    @Test func `an answer that is unchanged costs a point, as does listening`() async throws {
        let content = TestContent.changing(questions: ["labels": "{ items { nodes { label } } }"])
        try await KeyedServer().run(limits: ["points-per-minute": 2], content: content) { server async throws in
            let key = KeyedServer.bearer(KeyedServer.reader)
            let tag = try #require(try await server.ask("GET", "/q/labels", key)?["etag"])
            #expect(try await server.ask("GET", "/q/labels", key + [("If-None-Match", tag)])?.status == 304)
            for (target, fields) in [
                ("/q/labels", [("If-None-Match", tag)]), ("/q/labels", [("Accept", "text/event-stream")]), ("/events", []),
                ("/q/labels.csv", []),
            ] {
                #expect(try await server.ask("GET", target, key + fields)?.status == 429, "\(target)")
            }
        }
    }

    @Test func `no more than so many questions of a key run at once`() async throws {
        try await KeyedServer().run(limits: ["key-concurrency": 1, "deadline": 60_000], content: TestContent.endless()) {
            server async throws in
            let key = KeyedServer.bearer(KeyedServer.reader)
            let body = "{\"query\":\"\(TestContent.pairsDocument)\"}"
            let client = try await RawClient.connect(port: server.port)
            await client.send(
                "POST /graphql HTTP/1.1\r\nHost: \(server.host)\r\nContent-Type: application/json\r\nAuthorization: \(key[0].1)\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
            #expect(try await server.runs(1))
            let short = #"{"query":"{ __typename }"}"#
            let refused = try await server.post(short, key)
            #expect(refused?.status == 429)
            #expect(refused?.text.contains("key-concurrency") == true)
            #expect(try await server.post(short, KeyedServer.bearer(KeyedServer.editor))?.status == 200)
            await client.close()
            #expect(try await server.runs(0))
            // The thread is free a moment before the key is.
            var status = try await server.post(short, key)?.status
            while status == 429 { status = try await server.post(short, key)?.status }
            #expect(status == 200)
        }
    }
}
