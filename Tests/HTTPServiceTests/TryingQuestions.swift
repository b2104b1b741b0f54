import Access
import Bytes
import Expressions
import NIOCore
import NIOPosix
import Settings
import Synchronization
import Testing

@testable import HTTPService

/// Short questions are answered where their socket is read, and nobody can tell.
@Suite struct `Questions that are tried at once` {
    /// Any answer is short, and none is kept or made ahead: each request is a question.
    private static let limits = ["inline-microseconds": 1_000_000, "kept-answer-bytes": 0, "max-hot-questions": 0]
    private static let never = limits.merging(["inline-rows": 0]) { $1 }

    private static func content() -> ServiceContent {
        TestContent.changing(questions: [
            "from": "query ($number: Int!) { items(where: {number: {gte: $number}}) { totalCount nodes { number label } } }",
            "labels": "{ items { nodes { label } } }",
            "beside":
                "query ($number: Int!) { items(where: {number: {gte: $number}}) { totalCount nodes { group { items { nodes { number } } } } } }",
        ])
    }

    /// So many questions came to an outcome, as the metrics tell.
    private static func count(
        _ outcome: String, _ server: TestServer.Running, _ fields: [(String, String)] = []
    ) async throws -> Int {
        try await server.metric("hearth_inline_questions_total{outcome=\"\(outcome)\"}", fields)
    }

    /// Answered, broken off and left.
    private static func counts(_ server: TestServer.Running) async throws -> [Int] {
        [try await count("answered", server), try await count("broken_off", server), try await count("left", server)]
    }

    private static let document =
        #"{"query":"query($n: Int!) { items(where: {number: {lte: $n}}) { nodes { number } } }","variables":{"n":1}}"#

    /// What each of some requests is answered, several times over.
    private static func answers(limits: [String: Int]) async throws -> (told: [[String]], onLoop: Int) {
        let told = Told()
        try await TestServer.run(limits: limits, content: content()) { server in
            for _ in 0..<rounds {
                for target in targets {
                    told.add(try await server.ask("GET", target))
                    told.add(try await server.ask("HEAD", target))
                }
                told.add(try await server.ask("GET", "/q/labels.csv"))
                told.add(try await server.ask("GET", "/graphql?query=%7Bitems%7BtotalCount%7D%7D"))
                told.add(try await server.post(document))
                told.add(try await server.post(#"{"query":"{ none }"}"#))
            }
            told.note(try await count("answered", server))
        }
        return told.all
    }

    private final class Told: Sendable {
        private let state = Mutex<([[String]], Int)>(([], 0))
        func add(_ answer: RawAnswer?) { state.withLock { $0.0.append(answer?.timeless ?? ["none"]) } }
        func note(_ count: Int) { state.withLock { $0.1 = count } }
        var all: (told: [[String]], onLoop: Int) { state.withLock { ($0.0, $0.1) } }
    }

    private static let rounds = 5
    private static let targets = [
        "/q/from?number=1", "/q/from?number=x", "/q/from?number=2&asOf=2020-01-01", "/q/labels", "/q/none",
    ]

    @Test func `what is answered at once is what a thread answers, head and bytes`() async throws {
        let (tried, untried) = (try await Self.answers(limits: Self.limits), try await Self.answers(limits: Self.never))
        #expect(tried.told == untried.told)
        // The first of each was answered by a thread in either.
        let requestCount = tried.told.count / Self.rounds
        for (place, answer) in tried.told.enumerated() { #expect(answer == tried.told[place % requestCount]) }
        #expect(tried.onLoop >= 10 && untried.onLoop == 0, "\(tried.onLoop), \(untried.onLoop)")
    }

    @Test func `the first question of a new version goes to a thread`() async throws {
        try await TestServer.run(limits: Self.limits, content: Self.content()) { server in
            for _ in 0..<4 { #expect(try await server.ask("GET", "/q/labels")?.status == 200) }
            let before = try await Self.count("answered", server)
            #expect(before > 0)
            for number in 1...3 {
                let change = try await server.post(
                    #"{"query": "mutation { applyChanges(changes: {items: {upsert: [{number: 1, group: 1, label: \"v\#(number)\"}]}}) { applied } }"}"#
                )
                #expect(change?.text.contains("\"applied\":true") == true, "\(change?.text ?? "")")
                let counts = (try await Self.count("answered", server), try await Self.count("left", server))
                #expect(try await server.ask("GET", "/q/labels")?.text.contains("\"v\(number)\"") == true)
                #expect(try await Self.count("answered", server) == counts.0)
                #expect(try await Self.count("left", server) == counts.1 + 1)
                #expect(try await server.ask("GET", "/q/labels")?.text.contains("\"v\(number)\"") == true)
                #expect(try await Self.count("answered", server) == counts.0 + 1)
            }
            #expect(try await Self.count("broken_off", server) == 0)
        }
    }

    @Test func `what it costs and what is told of it is counted once, wherever it is answered`() async throws {
        let tried = try await Self.told(limits: Self.limits)
        let untried = try await Self.told(limits: Self.never)
        #expect(tried == untried)
        #expect(tried.filter { $0.contains("\"event\":\"answer\"") }.count == 6, "\(tried)")
    }

    /// The lines of an audit, without times, of one key that has six points and asks eight times.
    private static func told(limits: [String: Int]) async throws -> [String] {
        let files = MemoryFileSystem()
        let keyed = KeyedServer()
        let file = try AuditFile(`What the audit is told`.folder, on: files, fileByteLimit: 1 << 20, now: { keyed.clock.now })
        let auditor = Auditor(file, digests: AuditDigests(key: [UInt8](repeating: 5, count: 32)))
        try await keyed.run(
            limits: limits.merging(["points-per-minute": 6, "failed-attempts": 1_000]) { $1 }, content: content(),
            auditor: auditor
        ) { server async throws in
            let key = KeyedServer.bearer(KeyedServer.reader)
            for turn in 0..<8 {
                #expect(try await server.ask("GET", "/q/from?number=1", key)?.status == (turn < 6 ? 200 : 429))
            }
            let editor = KeyedServer.bearer(KeyedServer.editor)
            #expect((try await count("answered", server, editor) > 0) == (limits["inline-rows"] != 0))
        }
        return try `What the audit is told`.lines(files).map { line in
            line.replacing(/"milliseconds":[0-9]+/, with: "").replacing(/"(at|time)":"[^"]*"/, with: "")
        }
    }

    @Test func `one that comes to more than its allowance is answered by a thread, and its like are not tried for a while`()
        async throws
    {
        let limits = Self.limits.merging(["inline-rows": 1]) { $1 }
        try await TestServer.run(limits: limits, content: Self.content()) { server in
            func ask(_ number: Int) async throws {
                let text = try await server.ask("GET", "/q/beside?number=\(number)")?.text ?? ""
                #expect(text.contains("\"totalCount\":\(3 - min(3, number))"), "\(text)")
            }
            func ask(_ numbers: [Int]) async throws -> [Int] {
                let before = [try await Self.count("answered", server), try await Self.count("broken_off", server)]
                for number in numbers { try await ask(number) }
                let after = [try await Self.count("answered", server), try await Self.count("broken_off", server)]
                return zip(before, after).map { $1 - $0 }
            }
            // What took more than the allowance on a thread is not tried.
            #expect(try await ask([0, 0, 0, 0, 0]) == [0, 0])
            // Of an address nothing is known until it was asked.
            _ = try await ask([0, 0, 9, 9, 9])
            #expect(try await ask([9]) == [1, 0])
            #expect(try await ask([0]) == [0, 1])
            #expect(try await ask([9, 9]) == [0, 0])
        }
    }

    @Test func `what is long is not tried, nor a table, a version that is named or an explanation`() async throws {
        try await TestServer.run(limits: Self.limits, content: Self.content()) { server in
            func long(_ blanks: Int) -> String {
                #"{"query":"{ items { nodes { number } } }\#(String(repeating: " ", count: blanks))"}"#
            }
            for _ in 0..<5 {
                for blanks in [7_000, 9_000] { #expect(try await server.post(long(blanks))?.status == 200) }
                #expect(try await server.ask("GET", "/q/labels")?.status == 200)
            }
            let before = try await Self.counts(server)
            for _ in 0..<3 {
                #expect(try await server.post(long(9_000))?.status == 200)
                for target in ["/graphql?explain=1", "/graphql?version=1"] {
                    let answer = try await server.ask("POST", target, [("Content-Type", "application/json")], body: long(7_000))
                    #expect(answer?.status == 200, "\(target)")
                }
                for target in ["/q/labels.csv", "/q/labels?version=1"] {
                    #expect(try await server.ask("GET", target)?.status == 200, "\(target)")
                }
            }
            #expect(try await Self.counts(server) == before)
            // Their like are.
            #expect(try await server.post(long(7_000))?.status == 200)
            #expect(try await server.ask("GET", "/q/labels")?.status == 200)
            #expect(try await Self.counts(server) == [before[0] + 2, before[1], before[2]])
        }
        // In a microsecond nothing is answered.
        try await TestServer.run(limits: Self.limits.merging(["inline-microseconds": 1]) { $1 }, content: Self.content()) {
            server async throws in
            for _ in 0..<6 { #expect(try await server.ask("GET", "/q/labels")?.status == 200) }
            // Of the first nothing was known, and so it was none to be tried.
            #expect(try await Self.counts(server) == [0, 0, 5])
        }
    }

    @Test func `so many rows may be looked at, and a row's worth of memory held for each`() {
        var limits = LimitValues(ServiceLimits.definitions)
        for rows in [1, 4_096] {
            limits["inline-rows"] = rows
            #expect(BriefQuestions(limits: limits).allowance == Budget.Allowance(rows: rows, memory: rows * 32))
        }
        limits["inline-rows"] = 0
        #expect(BriefQuestions(limits: limits).allowance == nil)
    }

    /// Each row that is told to the audit is a digest, which takes longer than the row.
    @Test func `one that shows more persons than the loop has time to tell of is answered by a thread`() async throws {
        let keyed = KeyedServer()
        let file = try AuditFile("/audit", on: MemoryFileSystem(), fileByteLimit: 1 << 20, now: { keyed.clock.now })
        let auditor = Auditor(file, digests: AuditDigests(key: [UInt8](repeating: 5, count: 32)))
        let limits = Self.limits.merging(["failed-attempts": 1_000]) { $1 }
        try await keyed.run(
            limits: limits, content: PersonsContent.make(persons: 300), auditor: auditor, roles: KnownRoles(["LOCAL"])
        ) { server async throws in
            let (reader, editor) = (KeyedServer.bearer(KeyedServer.reader), KeyedServer.bearer(KeyedServer.editor))
            for (count, isTried) in [(256, true), (257, false)] {
                let document = "{\"query\":\"{ persons(first: \(count)) { nodes { name paper } } }\"}"
                for _ in 0..<3 { #expect(try await server.post(document, reader)?.status == 200) }
                let before = try await Self.count("answered", server, editor)
                #expect(try await server.post(document, reader)?.status == 200)
                #expect(try await Self.count("answered", server, editor) == before + (isTried ? 1 : 0), "\(count)")
            }
        }
    }

    @Test func `of what a loop has read at once so many are tried, and of the next again`() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let turns = LoopTurns(limit: 2)
        let turn = turns.turn(of: group.next())
        #expect(turns.turn(of: group.next()) === turn)
        #expect(LoopTurns(limit: 2).turn(of: group.next()) !== turn)
        for _ in 0..<3 {
            let taken = try await group.next().submit { (0..<5).map { _ in turn.takesOne() } }.get()
            #expect(taken == [true, true, false, false, false])
            // Behind what was read.
            try await group.next().submit {}.get()
        }
        try await group.shutdownGracefully()
    }

    @Test func `many connections at once are answered right, and others beside them`() async throws {
        try await TestServer.run(limits: Self.limits, content: Self.content()) { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for connection in 0..<8 {
                    group.addTask {
                        for turn in 0..<20 {
                            let number = (connection + turn) % 4
                            let text = try await server.ask("GET", "/q/from?number=\(number)")?.text ?? ""
                            #expect(text.contains("\"totalCount\":\(3 - min(3, number))"), "\(text)")
                        }
                    }
                }
                for _ in 0..<20 { #expect(try await server.ask("GET", "/health/live")?.status == 200) }
                try await group.waitForAll()
            }
            #expect(try await Self.count("answered", server) > 0)
        }
    }
}
