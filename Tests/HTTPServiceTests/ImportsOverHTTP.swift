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
        try await TestServer.run(limits: ["max-import-bytes": 4_096], content: TestContent.changing()) {
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
            #expect(try await server.ask("PUT", "/imports?name=Item.csv")?.status == 405)
            for parameter in ["headingRow=x", "headingRow=0", "column=label", "override=check", "override==r", "skipBadRows=2"] {
                let answer = try await server.ask("POST", "/imports?name=Item.csv&\(parameter)", [csv], body: Self.rows)
                #expect(answer?.status == 400, "\(parameter): \(answer?.text ?? "")")
            }
            for name in ["1", "0-abc", "../x"] { #expect(try await server.ask("GET", "/imports/\(name)")?.status == 404) }
            let long = try await server.ask("POST", "/imports?name=Item.csv", [csv], body: String(repeating: "x", count: 5_000))
            #expect(long?.text.contains("max-import-bytes") == true, "\(long?.text ?? "")")
            // What is no file has the bound of every question.
            let limit = 1 << 20
            let other = try await server.ask("POST", "/graphql", [csv], body: String(repeating: "x", count: limit + 1))
            #expect(other?.status == 413 && other?.text.contains("max-body-bytes") == true, "\(other?.text ?? "")")
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

    @Test func `a file that is longer than any question is taken, and whoever sent it need not wait`() async throws {
        try await TestServer.run(content: TestContent.changing()) { [csv] server async throws in
            // More than a body may have otherwise, and more than is held in memory.
            let count = 40_000
            let long =
                "number,group,label\r\n" + (0..<count).map { "\(1_000 + $0),1,\(String(repeating: "b", count: 24))\r\n" }.joined()
            #expect(long.utf8.count > 1 << 20)
            let begun = try await server.ask(
                "POST", "/imports?name=Item.csv&dryRun=false", [csv, ("Prefer", "respond-async")], body: long)
            let place = begun?["location"] ?? ""
            #expect(begun?.status == 202 && place.hasPrefix("/imports/"), "\(begun?.text ?? "")")
            #expect(begun?.text.contains("\"state\":\"") == true)
            var told = try await server.ask("GET", place)
            for _ in 0..<600 where told?.status == 202 {
                // Only one is taken at a time.
                let other = try await server.ask("POST", "/imports?name=Item.csv", [csv], body: Self.rows)
                #expect(other?.status == 503 || other?.status == 200)
                try await Task.sleep(for: .milliseconds(50))
                told = try await server.ask("GET", place)
            }
            #expect(told?.status == 200 && told?.text.hasPrefix(#"{"applied":true"#) == true, "\(told?.text.prefix(300) ?? "")")
            #expect(told?.text.contains(#""added":\#(count)"#) == true && told?["data-version"] == "2")
            let table = try await server.ask("GET", place, [("Accept", "text/csv")])
            #expect(table?.text.contains("已导入，成为第 2 版") == true, "\(table?.text.suffix(200) ?? "")")
            // The same file is the same import.
            let again = try await server.ask("POST", "/imports?name=Item.csv&dryRun=false", [csv], body: long)
            #expect(again?.text.contains(#""repeated":true,"version":"2""#) == true, "\(again?.text.prefix(300) ?? "")")
        }
    }

    @Test func `what a file does not say, whoever sends it may say`() async throws {
        try await TestServer.run(content: TestContent.changing()) { [csv] server async throws in
            let body = "第一表,,,\r\nnumber,gruppe,label,remark\r\n7,1,new,x\r\n"
            let unknown = try await server.ask("POST", "/imports?name=list.csv", [csv], body: body)
            #expect(
                unknown?.text.contains(#""tables":[{"name":"list.csv","columns":[]}]"#) == true, "\(unknown?.text ?? "")")
            let known = try await server.ask("POST", "/imports?name=list.csv&type=Item&headingRow=2", [csv], body: body)
            #expect(
                known?.text.contains(
                    #""columns":[{"heading":"number","field":"number"},{"heading":"gruppe"},{"heading":"label","field":"label"},"#
                )
                    == true, "\(known?.text ?? "")")
            let target = "/imports?name=list.csv&dryRun=false&type=Item&headingRow=2&column=gruppe%3Dgroup&column=remark%3D"
            let applied = try await server.ask("POST", target, [csv], body: body)
            #expect(applied?.text.hasPrefix(#"{"applied":true"#) == true, "\(applied?.text ?? "")")
            #expect(try await labels(server).contains(#"{"number":7,"label":"new"}"#))
            // Said otherwise it is another import, and said the same way the same.
            let other = try await server.ask("POST", target + "&column=label%3D", [csv], body: body)
            #expect(other?.text.contains(#""repeated":false"#) == true, "\(other?.text ?? "")")
            #expect(try await server.ask("POST", target, [csv], body: body)?.text.contains(#""repeated":true"#) == true)
            let shapes = try await server.ask("GET", "/imports")
            #expect(shapes?.text.contains(#"{"name":"Item","label":"#) == true, "\(shapes?.text.prefix(300) ?? "")")
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
            for path in ["/imports", "/imports/1-00"] {
                #expect(try await server.ask("GET", path, KeyedServer.bearer(KeyedServer.reader))?.status == 403, "\(path)")
            }
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
