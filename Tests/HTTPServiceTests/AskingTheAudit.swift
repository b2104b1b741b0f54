import Access
import Bytes
import Foundation
import HTTPService
import StoreColumns
import Testing

/// `/audit`: auditors see who was shown what, and no data; who sees data does not see the log.
@Suite struct `Asking the audit` {
    private static let digests = AuditDigests(key: [UInt8](repeating: 5, count: 32))

    private func run(_ body: @Sendable (TestServer.Running) async throws -> Void) async throws -> [String] {
        try await `What the audit is told`().run(
            content: PersonsContent.make(isAuditor: true), roles: KnownRoles(["LOCAL"])
        ) { server, _ async throws in
            let reader = KeyedServer.bearer(KeyedServer.reader)
            for (document, reason) in [
                ("{ persons(first: 2) { nodes { paper } } }", "=1+file"), ("{ persons { nodes { phone } } }", "file 2"),
                (#"{ person(number: \"N4\") { paper } }"#, "%E6%A1%88"), ("{ persons { totalCount } }", "file 4"),
            ] {
                let answer = try await server.post(#"{"query":"\#(document)"}"#, reader + [("Audit-Reason", reason)])
                #expect(answer?.status == 200, "\(answer?.text ?? "")")
            }
            try await body(server)
        }
    }

    private static func entries(_ answer: RawAnswer?) throws -> [[String: Any]] {
        let object = try JSONSerialization.jsonObject(with: Data(try #require(answer).body)) as? [String: Any]
        return object?["entries"] as? [[String: Any]] ?? []
    }

    @Test func `who was shown which class, when, about whom and why, in JSON and as a table`() async throws {
        let lines = try await run { server async throws in
            let key = KeyedServer.bearer(KeyedServer.local)
            let all = try Self.entries(try await server.ask("GET", "/audit/sensitive", key))
            #expect(all.count == 2)
            #expect(all.map { $0["statedReason"] as? String } == ["=1+file", "案"])
            #expect(all.first?["key"] as? String == "readerAA" && all.first?["classes"] as? [String: String] == ["ID": "full"])
            #expect(all.first?["fields"] as? [String] == ["Person.paper"])
            let one = try Self.entries(try await server.ask("GET", "/audit/sensitive?about=Person:N4", key))
            #expect(one.map { $0["statedReason"] as? String } == ["案"])
            #expect(try Self.entries(try await server.ask("GET", "/audit/sensitive?about=Person:N2", key)).isEmpty)
            #expect(try Self.entries(try await server.ask("GET", "/audit/every", key)).count == 3)
            #expect(try Self.entries(try await server.ask("GET", "/audit/every?key=other", key)).isEmpty)
            #expect(try Self.entries(try await server.ask("GET", "/audit/every?to=1969-12-31", key)).isEmpty)
            #expect(try Self.entries(try await server.ask("GET", "/audit/every?first=1&after=3", key)).count == 1)
            let table = try await server.ask("GET", "/audit/sensitive.csv", key)
            #expect(table?["content-type"] == "text/csv; charset=utf-8")
            let rows = try #require(table?.text).split(whereSeparator: \.isNewline)
            #expect(rows.count == 3 && rows[1].contains("'=1+file") && rows[2].contains("案"), "\(rows)")
            let list = try await server.ask("GET", "/audit", key)
            #expect(list?.text.contains("Who was shown papers") == true && list?.text.contains("\"about\"") == true)
        }
        // Who asks the audit is told to it, by pseudonyms too.
        let told = lines.filter { $0.contains("\"event\":\"auditAnswer\"") }
        #expect(told.count == 8, "\(told)")
        #expect(told.contains { $0.contains("\"subject\":\"\(Self.digests.row("N4", of: "Person").text)\"") })
        #expect(lines.allSatisfy { !$0.contains("N4") })
    }

    @Test func `what is asked wrong is told, and nothing is looked for`() async throws {
        _ = try await run { server async throws in
            let key = KeyedServer.bearer(KeyedServer.local)
            for (target, status) in [
                ("/audit/none", 404), ("/audit/sensitive.xlsx", 406), ("/audit/sensitive?about=N4", 400),
                ("/audit/sensitive?first=0", 400), ("/audit/sensitive?first=10001", 400), ("/audit/sensitive?from=today", 400),
                ("/audit/sensitive?who=me", 400), ("/audit/a.b.c", 404), ("/audit/sensitive/x", 404),
            ] {
                #expect(try await server.ask("GET", target, key)?.status == status, "\(target)")
            }
            #expect(try await server.ask("POST", "/audit/sensitive", key + [KeyedServer.form], body: "")?.status == 405)
        }
    }

    @Test func `who sees data sees no log, and who sees the log no data`() async throws {
        _ = try await run { server async throws in
            for key in [KeyedServer.reader, KeyedServer.editor] {
                for target in ["/audit", "/audit/sensitive", "/audit/every.csv", "/audit/none"] {
                    #expect(try await server.ask("GET", target, KeyedServer.bearer(key))?.status == 403, "\(target)")
                }
            }
            let key = KeyedServer.bearer(KeyedServer.local)
            #expect(try await server.post(#"{"query":"{ persons { totalCount } }"}"#, key)?.status == 422)
            #expect(try await server.ask("GET", "/schema.graphql", key)?.text.contains("Person") == false)
            #expect(try await server.ask("GET", "/metrics", key)?.text.contains("hearth_rows") == false)
        }
    }
}
