import Access
import Bytes
import HTTPService
import Query
import StoreColumns
import Synchronization
import Testing

/// What of persons' data the audit says was shown, to whom, and why.
@Suite struct `What the audit says was read` {
    static let digests = AuditDigests(key: [UInt8](repeating: 5, count: 32))
    static let local = KnownRoles(["LOCAL"])

    private func run(
        _ content: ServiceContent, _ body: @Sendable (TestServer.Running, MemoryFileSystem) async throws -> Void
    ) async throws -> [String] {
        try await `What the audit is told`().run(content: content, roles: Self.local, body)
    }

    private static func ask(
        _ server: TestServer.Running, _ document: String, _ key: String, reason: String? = nil
    ) async throws -> RawAnswer? {
        try await server.post(
            "{\"query\":\"\(document)\"}",
            KeyedServer.bearer(key) + (reason.map { [("Audit-Reason", $0)] } ?? []))
    }

    private func names(_ persons: [Int]) -> String {
        persons.map { "\"\(Self.digests.row(PersonsContent.key($0), of: "Person").text)\"" }.joined(separator: ",")
    }

    @Test func `classes, fields and under pseudonyms about whom; where nothing sensitive is shown, nobody`() async throws {
        let lines = try await run(PersonsContent.make()) { server, _ async throws in
            for document in [
                "{ persons { nodes { number } } }", "{ persons(first: 2) { nodes { name paper } } }",
                "{ persons { aggregate { countDistinct { paper } } } }",
            ] {
                #expect(try await Self.ask(server, document, KeyedServer.reader)?.status == 200)
            }
            #expect(
                try await Self.ask(server, "{ persons(first: 1) { nodes { phone } } }", KeyedServer.local)?.status == 200)
        }
        let answers = lines.filter { $0.contains("\"event\":\"answer\"") }
        try #require(answers.count == 4, "\(lines)")
        #expect(!answers[0].contains("\"classes\"") && !answers[0].contains("\"about\""))
        #expect(answers[0].contains("\"decision\":\"allowed\""))
        #expect(
            answers[1].contains(
                "\"classes\":{\"ID\":\"full\",\"NAME\":\"full\"},\"fields\":[\"Person.paper\"],"
                    + "\"about\":{\"Person\":{\"count\":2,\"rows\":[\(names([0, 1]))]}}"), "\(answers[1])")
        #expect(answers[2].contains("\"classes\":{\"ID\":\"figures\"}"), "\(answers[2])")
        #expect(answers[3].contains("\"decision\":\"masked\"") && answers[3].contains("\"classes\":{\"PHONE\":\"masked\"}"))
    }

    @Test func `of more than a thousand a filter is told, in which all of them are and hardly anybody else`() async throws {
        let count = 1_500
        let lines = try await run(PersonsContent.make(persons: count)) { server, _ async throws in
            let table = try await server.ask(
                "GET", "/graphql?query=%7Bpersons%7Bnodes%7Bnumber%20paper%7D%7D%7D",
                KeyedServer.bearer(KeyedServer.reader) + [("Accept", "text/csv")])
            #expect(table?.status == 200)
        }
        let answer = try #require(lines.first { $0.contains("\"about\"") })
        #expect(answer.contains("\"count\":\(count),\"filter\":\""))
        let begin = try #require(answer.firstRange(of: "\"filter\":\"")).upperBound
        let filter = try #require(SubjectFilter(String(answer[begin...].prefix { $0 != "\"" })))
        let isIn = { (number: Int) in filter.mayContain(Self.digests.row(PersonsContent.key(number), of: "Person")) }
        #expect((0..<count).allSatisfy(isIn))
        let others = (count..<(count + 10_000)).count(where: isIn)
        #expect(others < 300, "\(others) of 10,000 others")
        #expect(answer.contains("\"file\":\""))
    }

    @Test func `a role that has to state a reason is refused without one and told how, and the reason is kept`() async throws {
        let lines = try await run(PersonsContent.make(questions: ["papers": "{ persons { nodes { number paper } } }"])) {
            server, _ async throws in
            let document = "{ persons(first: 1) { nodes { paper } } }"
            let refused = try await Self.ask(server, document, KeyedServer.local)
            #expect(refused?.status == 403)
            #expect(refused?.text.contains("Audit-Reason") == true && refused?.text.contains("FORBIDDEN") == true)
            #expect(refused?.text.contains(PersonsContent.paper(0)) == false)
            let told = try await Self.ask(server, document, KeyedServer.local, reason: "%E6%A1%88%E5%8D%B7 12")
            #expect(told?.status == 200 && told?.text.contains(PersonsContent.paper(0)) == true)
            for wrong in ["%E6", "%zz", String(repeating: "a", count: 301), "paper 420602198001", "%01", "138 1000 00001"] {
                #expect(try await Self.ask(server, document, KeyedServer.local, reason: wrong)?.status == 400, "\(wrong)")
            }
            // Nor where the answer is known already: neither again, nor as unchanged, nor as a table.
            let key = KeyedServer.bearer(KeyedServer.local)
            let first = try #require(try await server.ask("GET", "/q/papers", key + [("Audit-Reason", "file 1")]))
            let tag = try #require(first["etag"])
            for fields in [[], [("If-None-Match", tag)], [("Audit-Reason", " ")]] {
                for target in ["/q/papers", "/q/papers.csv", "/q/papers?asOf="] {
                    #expect(try await server.ask("GET", target, key + fields)?.status == 403, "\(target)")
                }
            }
            for target in ["/q/papers", "/q/papers?asOf="] {
                let fields = key + [("If-None-Match", tag), ("Audit-Reason", "file 2")]
                #expect(try await server.ask("GET", target, fields)?.status == 304)
            }
        }
        let answers = lines.filter { $0.contains("\"event\":\"answer\"") }
        #expect(answers[0].contains("\"outcome\":\"forbidden\",\"decision\":\"refused\""))
        #expect(!answers[0].contains("\"about\""))
        #expect(answers[1].contains("\"statedReason\":\"案卷 12\"") && answers[1].contains("\"rows\":[\(names([0]))]"))
        #expect(answers.contains { $0.contains("\"statedReason\":\"file 2\"") && $0.contains("\"outcome\":\"unchanged\"") })
    }

    @Test func `an answer that is given again from what is kept is about the same persons`() async throws {
        let lines = try await run(PersonsContent.make(questions: ["papers": "{ persons(first: 2) { nodes { paper } } }"])) {
            server, _ async throws in
            for _ in 0..<3 {
                #expect(try await server.ask("GET", "/q/papers", KeyedServer.bearer(KeyedServer.reader))?.status == 200)
            }
        }
        let answers = lines.filter { $0.contains("\"rows\":[\(names([0, 1]))]") }
        #expect(answers.count == 3, "\(lines)")
    }

    @Test func `what is told for a reason only is told nowhere where no audit is kept`() async throws {
        try await KeyedServer().run(content: PersonsContent.make(), roles: Self.local) { server async throws in
            let document = "{ persons(first: 1) { nodes { paper } } }"
            let refused = try await Self.ask(server, document, KeyedServer.local, reason: "file 1")
            #expect(refused?.status == 503 && refused?.text.contains("420602") == false)
            #expect(try await Self.ask(server, document, KeyedServer.reader)?.status == 200)
        }
    }

    @Test func `no number, name or telephone of anybody stands in the audit, the log, the metrics or an error`() async throws {
        let count = 40
        let logged = TestServer.Lines()
        let heard = Mutex<[String]>([])
        let files = MemoryFileSystem()
        let keyed = KeyedServer()
        let file = try AuditFile("/audit", on: files, fileByteLimit: 1 << 20, now: { keyed.clock.now })
        try await keyed.run(
            lines: logged,
            content: PersonsContent.make(
                persons: count, questions: ["papers": "{ persons { nodes { number name paper phone } } }"]),
            auditor: Auditor(file, digests: Self.digests), roles: Self.local
        ) { server async throws in
            for number in 0..<count {
                let paper = PersonsContent.paper(number)
                let key = number % 2 == 0 ? KeyedServer.reader : KeyedServer.local
                // In documents, variables, addresses, in what is wrong, and where none is expected.
                for (target, body) in [
                    ("/graphql", #"{"query":"{ persons(where: {paper: {eq: \"\#(paper)\"}}) { nodes { name paper phone } } }"}"#),
                    (
                        "/graphql",
                        #"{"query":"query ($p: String!) { persons(where: {paper: {eq: $p}}) { nodes { name } } }","variables":{"p":"\#(paper)"}}"#
                    ),
                    (
                        "/graphql?asOf=2020-01-01",
                        #"{"query":"{ persons(where: {name: {eq: \"\#(PersonsContent.name(number))\"}}) { totalCount } }"}"#
                    ),
                ] {
                    _ = try await server.ask(
                        "POST", target,
                        KeyedServer.bearer(key) + [("Content-Type", "application/json"), ("Audit-Reason", "file 1")],
                        body: body)
                }
                for target in [
                    "/graphql?query=%7B\(paper)%7D", "/q/papers?x=\(paper)", "/q/\(paper)", "/explain/\(paper)",
                    "/q/papers.csv", "/\(PersonsContent.phone(number))",
                ] {
                    let answer = try await server.ask("GET", target, KeyedServer.bearer(key) + [("Audit-Reason", paper)])
                    // A message may say again what its request said, and nothing else of anybody.
                    if let answer, answer.status != 200 {
                        heard.withLock { $0.append(answer.text.replacing(paper, with: "")) }
                    }
                }
            }
            let metrics = try await server.ask("GET", "/metrics", KeyedServer.bearer(KeyedServer.reader))
            heard.withLock { $0.append(metrics?.text ?? "") }
        }
        let audit = try `What the audit is told`.lines(files).joined(separator: "\n")
        let log = logged.all.joined(separator: "\n")
        #expect(audit.contains("\"about\"") && log.contains("/graphql") && heard.withLock { $0.count } > 100)
        var (hits, looked) = (0, 0)
        for text in [audit, log] + heard.withLock({ $0 }) {
            looked += text.utf8.count
            for number in 0..<count {
                for value in [PersonsContent.paper(number), PersonsContent.phone(number), PersonsContent.name(number)]
                where text.contains(value) {
                    hits += 1
                    Issue.record("\(value) in \(text.prefix(300))")
                }
            }
        }
        print("swept: \(looked) bytes of audit, log, metrics and errors, \(hits) hits")
    }
}

@Suite struct `Desks of roles` {
    @Test func `a role that nobody has said anything about opens nothing`() async throws {
        // Let in by its key, and without a desk.
        try await KeyedServer().run(content: TestContent.small, roles: KnownRoles(["LOCAL"])) { server async throws in
            let key = KeyedServer.bearer(KeyedServer.local)
            for target in [
                "/graphql?query=%7B__typename%7D", "/schema.graphql", "/q", "/openapi.json", "/metrics", "/", "/q/x",
                "/q/x/source",
                "/explain", "/events",
            ] {
                let answer = try await server.ask("GET", target, key)
                #expect(answer?.status == 403, "\(target): \(answer?.text ?? "")")
                #expect(answer?.text.contains("\"FORBIDDEN\"") == true)
            }
            #expect(try await server.post(#"{"query":"{ items { totalCount } }"}"#, key)?.status == 403)
            #expect(
                try await server.post(#"{"query":"{ items { totalCount } }"}"#, KeyedServer.bearer(KeyedServer.reader))?.status
                    == 200)
        }
    }

    @Test func `how many rows there are stands in the metrics of those who see all of them`() async throws {
        try await KeyedServer().run(content: PersonsContent.make(), roles: KnownRoles(["LOCAL"])) { server async throws in
            let all = try await server.ask("GET", "/metrics", KeyedServer.bearer(KeyedServer.reader))
            #expect(all?.text.contains("hearth_rows 5") == true)
            let part = try await server.ask("GET", "/metrics", KeyedServer.bearer(KeyedServer.local))
            #expect(part?.status == 200 && part?.text.contains("hearth_rows") == false)
            #expect(part?.text.contains("hearth_questions_running") == true)
        }
    }

    @Test func `the API of a role is made once, and nobody else waits for it`() async throws {
        let gate = Mutex<(made: Int, isOpen: Bool)>((0, false))
        let content = PersonsContent.make(needsReason: false) {
            gate.withLock { $0.made += 1 }
            // As long as it takes: whoever asks meanwhile is answered, whatever event loop the request came to.
            while !gate.withLock({ $0.isOpen }) { for _ in 0..<1_000 {} }
        }
        try await KeyedServer().run(content: content, roles: KnownRoles(["LOCAL"])) { server async throws in
            try await withThrowingTaskGroup(of: Int?.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await server.ask(
                            "GET", "/graphql?query=%7B__typename%7D", KeyedServer.bearer(KeyedServer.local))?.status
                    }
                }
                while gate.withLock({ $0.made }) == 0 { try await Task.sleep(for: .milliseconds(1)) }
                for _ in 0..<20 {
                    #expect(
                        try await server.ask(
                            "GET", "/graphql?query=%7B__typename%7D", KeyedServer.bearer(KeyedServer.reader))?.status == 200)
                }
                gate.withLock { $0.isOpen = true }
                for try await status in group { #expect(status == 200) }
            }
        }
        #expect(gate.withLock { $0.made } == 1)
    }
}
