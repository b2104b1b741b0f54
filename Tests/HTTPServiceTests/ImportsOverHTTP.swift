import Access
import Bytes
import HTTPService
import StoreColumns
import Testing

@Suite struct `Imports over HTTP` {
    private let csv = ("Content-Type", "text/csv")
    private static let rows = "number,group,label\r\n1,1,b\r\n7,1,new\r\n"

    private func labels(_ server: TestServer.Running, _ fields: [(String, String)] = []) async throws -> String {
        try await server.post(#"{"query": "{ items(where: {number: {gte: 1}}) { nodes { number label } } }"}"#, fields)?.text
            ?? ""
    }

    @Test func `a file is tried unless it says otherwise, then applied, and then it was`() async throws {
        try await TestServer.run(content: TestContent.changing()) { [csv] server async throws in
            let before = try await labels(server)
            for target in ["/imports?name=Item.csv", "/imports?name=Item.csv&dryRun=true"] {
                let tried = try await server.ask("POST", target, [csv], body: Self.rows)
                #expect(tried?.status == 200 && tried?["data-version"] == "1")
                #expect(
                    tried?.text.hasPrefix(#"{"applied":false,"dryRun":true,"repeated":false,"version":"1","#) == true,
                    "\(tried?.text ?? "")")
                #expect(
                    tried?.text.contains(#"{"type":"Item","added":1,"changed":1,"unchanged":0,"deleted":0}"#) == true,
                    "\(tried?.text ?? "")")
            }
            #expect(try await labels(server) == before)
            let applied = try await server.ask("POST", "/imports?name=Item.csv&dryRun=false", [csv], body: Self.rows)
            #expect(
                applied?.text.hasPrefix(#"{"applied":true,"dryRun":false,"repeated":false,"version":"2","#) == true,
                "\(applied?.text ?? "")")
            #expect(applied?["data-version"] == "2")
            #expect(try await labels(server).contains(#"{"number":7,"label":"new"}"#))
            let again = try await server.ask("POST", "/imports?name=Item.csv&dryRun=false", [csv], body: Self.rows)
            #expect(
                again?.text.contains(#""repeated":true,"version":"2""#) == true && again?["data-version"] == "2",
                "\(again?.text ?? "")")
            // Another file under a name that was taken is told, and not applied.
            let named = "/imports?name=Item.csv&dryRun=false&changeId=n"
            #expect(try await server.ask("POST", named, [csv], body: "number,label\r\n1,c\r\n")?["data-version"] == "3")
            let other = try await server.ask("POST", named, [csv], body: "number,label\r\n1,d\r\n")
            #expect(other?.text.contains("\"applied\":false") == true && other?["data-version"] == "3", "\(other?.text ?? "")")
        }
    }

    @Test func `what is wrong is told at its place, as data or as a table in Chinese, and nothing is applied`() async throws {
        try await TestServer.run(content: TestContent.changing()) { [csv] server async throws in
            let bad = "number,group,label\r\n1,1,b\r\nx,1,c\r\n2,9,d\r\n"
            for isDry in [true, false] {
                let target = "/imports?name=Item.csv&dryRun=\(isDry)"
                let told = try await server.ask("POST", target, [csv], body: bad)
                #expect(told?.status == 200 && told?.text.contains(#""applied":false"#) == true)
                #expect(told?.text.contains(#""line":3"#) == true, "\(told?.text ?? "")")
                let table = try await server.ask("POST", target, [csv, ("Accept", "text/csv")], body: bad)
                #expect(table?["content-disposition"] == "attachment; filename=\"report.csv\"")
                #expect(table?.text.contains("文件,行,列,栏目,对象,字段,内容,问题,怎么办,程度,原文") == true)
                #expect(
                    table?.text.contains("Item.csv,3,") == true && table?.text.contains("数据没有改动") == true, "\(table?.text ?? "")")
            }
            #expect(try await server.ask("GET", "/health/ready")?.text.contains("\"version\":\"1\"") == true)
        }
    }

    @Test func `what is no file, or is for nobody here, is refused`() async throws {
        try await TestServer.run(limits: ["max-body-bytes": 4_096], content: TestContent.changing()) {
            [csv] server async throws in
            for (target, fields, body, status) in [
                ("/imports", [csv], Self.rows, 400), ("/imports?name=../Item.csv", [csv], Self.rows, 400),
                ("/imports?name=Item.exe", [csv], Self.rows, 400), ("/imports?name=.csv", [csv], Self.rows, 400),
                ("/imports?name=Item.csv&dryRun=no", [csv], Self.rows, 400),
                ("/imports?name=Item.csv", [("Content-Type", "text/plain")], Self.rows, 415),
                ("/imports?name=Item.csv", [], Self.rows, 415),
                ("/imports?name=Item.csv", [csv, ("Content-Encoding", "gzip")], Self.rows, 415),
                ("/imports?name=Item.csv", [csv, ("Accept", "image/png")], Self.rows, 406),
                ("/imports?name=Item.csv", [csv], String(repeating: "x", count: 5_000), 413),
            ] as [(String, [(String, String)], String, Int)] {
                let answer = try await server.ask("POST", target, fields, body: body)
                #expect(answer?.status == status, "\(target): \(answer?.text ?? "")")
            }
            #expect(try await server.ask("GET", "/imports?name=Item.csv")?.status == 405)
            // No workbook, and none of the types.
            for (name, words) in [("Item.xlsx", "\"problems\":[{"), ("Other.csv", "Other.csv")] {
                let answer = try await server.ask("POST", "/imports?name=\(name)&dryRun=false", [csv], body: Self.rows)
                #expect(answer?.status == 200 && answer?.text.contains("\"applied\":false") == true, "\(answer?.text ?? "")")
                #expect(answer?.text.contains(words) == true, "\(answer?.text ?? "")")
            }
            #expect(try await server.ask("GET", "/health/ready")?.text.contains("\"version\":\"1\"") == true)
        }
        try await TestServer.run(content: TestContent.asked.closed) { [csv] server async throws in
            let answer = try await server.ask("POST", "/imports?name=Item.csv&dryRun=false", [csv], body: Self.rows)
            #expect(answer?.status == 503 && answer?.text.contains("STORAGE_READ_ONLY") == true, "\(answer?.text ?? "")")
        }
    }

    @Test func `files are for those who may change everything, and told to the audit without what they hold`() async throws {
        let audit = MemoryFileSystem()
        let keyed = KeyedServer()
        let file = try AuditFile("/audit", on: audit, fileByteLimit: 1 << 20, now: { keyed.clock.now })
        let auditor = Auditor(file, digests: AuditDigests(key: [UInt8](repeating: 5, count: 32)))
        try await keyed.run(content: TestContent.changing(), auditor: auditor) { [csv] server async throws in
            let target = "/imports?name=Item.csv&dryRun=false"
            #expect(try await server.ask("POST", target, [csv], body: Self.rows)?.status == 401)
            let reader = try await server.ask("POST", target, [csv] + KeyedServer.bearer(KeyedServer.reader), body: Self.rows)
            #expect(reader?.status == 403)
            #expect(!(try await labels(server, KeyedServer.bearer(KeyedServer.reader)).contains("new")))
            let editor = try await server.ask("POST", target, [csv] + KeyedServer.bearer(KeyedServer.editor), body: Self.rows)
            #expect(editor?.status == 200 && editor?.text.contains("\"applied\":true") == true)
        }
        let told = try `What the audit is told`.lines(audit).filter {
            $0.contains("/imports") && $0.contains("\"event\":\"change\"")
        }
        #expect(
            told.count == 1 && told.first?.contains("\"outcome\":\"applied\"") == true
                && told.first?.contains("\"rows\":2") == true, "\(told)")
        #expect(told.allSatisfy { !$0.contains("new") && !$0.contains("Item") })
    }
}

extension ServiceContent {
    /// The same, taking no changes.
    fileprivate var closed: ServiceContent {
        var content = self
        content.writer = ClosedWriter(because: "Nothing is written here")
        return content
    }
}
