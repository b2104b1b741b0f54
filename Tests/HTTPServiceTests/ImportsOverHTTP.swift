import Access
import Bytes
import HTTPService
import Model
import Query
import StoreColumns
import Synchronization
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
            #expect(
                other?.text.contains(#""repeated":false"#) == true && other?.text.contains("CHANGE_ID_REUSED") == false,
                "\(other?.text ?? "")")
            #expect(try await server.ask("POST", target, [csv], body: body)?.text.contains(#""repeated":true"#) == true)
            // Under one name, too.
            let newer = body.replacing("new", with: "newer")
            for (column, word) in [("", #""applied":true"#), ("", #""repeated":true"#), ("&column=label%3D", "CHANGE_ID_REUSED")]
            {
                let named = try await server.ask("POST", target + "&changeId=n" + column, [csv], body: newer)
                #expect(named?.text.contains(word) == true, "\(named?.text ?? "")")
            }
            let shapes = try await server.ask("GET", "/imports")
            #expect(shapes?.text.contains(#"{"name":"Item","label":"#) == true, "\(shapes?.text.prefix(300) ?? "")")
        }
    }

    /// Takes changes once it is let go, and remembers what is said of them.
    private final class HeldWriter: ChangeWriter {
        private let writer: any ChangeWriter
        private let isOpen = Atomic(false)
        private let requests = Mutex<[ChangeRequest]>([])

        init(_ writer: any ChangeWriter) { self.writer = writer }

        var all: [ChangeRequest] { requests.withLock { $0 } }
        func letGo() { isOpen.store(true, ordering: .releasing) }

        func commit(_ request: ChangeRequest, stage: @escaping ChangeStage) async -> ChangeOutcome {
            requests.withLock { $0.append(request) }
            while !isOpen.load(ordering: .acquiring) { try? await Task.sleep(for: .milliseconds(2)) }
            return await writer.commit(request, stage: stage)
        }

        func submit(
            _ request: ChangeRequest, stage: @escaping ChangeStage, _ completion: @escaping @Sendable (ChangeOutcome) -> Void
        ) {
            writer.submit(request, stage: stage, completion)
        }
    }

    @Test func `whoever does not wait is told how far it is, and files are taken one at a time`() async throws {
        var content = TestContent.changing()
        let writer = HeldWriter(content.writer)
        content.writer = writer
        try await TestServer.run(content: content) { [csv] server async throws in
            let target = "/imports?name=Item.csv&dryRun=false&changeId=monday&reason=new%20list"
            let begun = try await server.ask("POST", target, [csv, ("Prefer", "respond-async")], body: Self.rows)
            #expect(begun?.status == 202 && begun?["retry-after"] == "1", "\(begun?.text ?? "")")
            let place = try #require(begun?["location"])
            func told(_ isThere: (RawAnswer) -> Bool) async throws -> RawAnswer? {
                let end = ContinuousClock.now + .seconds(60)
                var told = try await server.ask("GET", place)
                while !(told.map(isThere) ?? false), ContinuousClock.now < end {
                    try await Task.sleep(for: .milliseconds(5))
                    told = try await server.ask("GET", place)
                }
                return told
            }
            let meanwhile = try await told { $0.text.contains("checking") }
            #expect(
                meanwhile?.text == "{\"import\":\"\(place.dropFirst("/imports/".count))\",\"state\":\"checking\",\"rows\":2}")
            #expect(meanwhile?.status == 202 && meanwhile?["location"] == place)
            for _ in 0..<2 {
                let other = try await server.ask("POST", "/imports?name=Item.csv", [csv], body: Self.rows)
                #expect(other?.status == 503 && other?["retry-after"] != nil, "\(other?.text ?? "")")
            }
            writer.letGo()
            let end = try await told { $0.status != 202 }
            #expect(end?.status == 200 && end?.text.hasPrefix(#"{"applied":true"#) == true, "\(end?.text ?? "")")
            for _ in 0..<2 {
                #expect(try await server.ask("POST", "/imports?name=Item.csv", [csv], body: Self.rows)?.status == 200)
            }
        }
        let request = try #require(writer.all.first)
        #expect(writer.all.count == 1 && request.changeID == "monday" && request.reason == "new list")
    }

    @Test func `whoever leaves before the file is there leaves its place to others`() async throws {
        try await TestServer.run(content: TestContent.changing()) { [csv] server async throws in
            let client = try await RawClient.connect(port: server.port)
            await client.send(
                "POST /imports?name=Item.csv HTTP/1.1\r\nHost: \(server.host)\r\nContent-Type: text/csv\r\nContent-Length: 900\r\n\r\nnumber"
            )
            func status() async throws -> Int? {
                try await server.ask("POST", "/imports?name=Item.csv", [csv], body: Self.rows)?.status
            }
            func comes(_ expected: Int) async throws -> Bool {
                let end = ContinuousClock.now + .seconds(20)
                while ContinuousClock.now < end { if try await status() == expected { return true } }
                return false
            }
            #expect(try await comes(503))
            await client.close()
            #expect(try await comes(200))
        }
    }

    @Test func `what may be wrong is said with the file, and a sheet and a heading by their names`() async throws {
        let check = #"@check(id: "short", cel: "!has(label) || size(label) < 9", severity: SOFT, en: "It is long.")"#
        let content = TestContent.changing(questions: ["list": "{ items { nodes { number label } } }"], checks: check)
        try await TestServer.run(content: content) { [csv] server async throws in
            func send(_ parameters: String, _ body: String) async throws -> String {
                try await server.ask("POST", "/imports?name=Item.csv&dryRun=false&\(parameters)", [csv], body: body)?.text ?? ""
            }
            let long = "number,group,label\r\n7,1,a long label\r\n"
            let refused = try await send("", long)
            #expect(refused.hasPrefix(#"{"applied":false"#) && refused.contains(#""check":"short""#), "\(refused)")
            let passed = try await send("override=short%3Dit%3Dis", long)
            #expect(passed.hasPrefix(#"{"applied":true,"dryRun":false,"repeated":false,"version":"2""#), "\(passed)")

            let bad = "number,group,label\r\n8,1,b\r\nx,1,c\r\n"
            #expect(try await send("skipBadRows=49%25", bad).hasPrefix(#"{"applied":false"#))
            let skipped = try await send("skipBadRows=0.5", bad)
            #expect(skipped.hasPrefix(#"{"applied":true"#) && skipped.contains(#""leftOutCount":1"#), "\(skipped)")

            let one = "number,a=b\r\n1,c\r\n"
            let early = try await send("expectVersion=2&column=a%3Db%3Dlabel", one)
            #expect(early.hasPrefix(#"{"applied":false"#) && early.contains("OTHER_VERSION"), "\(early)")
            let named = try await send("expectVersion=3&column=a%3Db%3Dlabel", one)
            #expect(named.hasPrefix(#"{"applied":true"#) && named.contains(#"{"heading":"a=b","field":"label"}"#), "\(named)")

            let book = try #require(try await server.ask("GET", "/q/list.xlsx")?.body)
            let head =
                "POST /imports?name=Item.xlsx&sheet=other HTTP/1.1\r\nHost: \(server.host)\r\nConnection: close\r\n"
                + "Content-Type: application/octet-stream\r\nContent-Length: \(book.count)\r\n\r\n"
            let none = try await server.say(Array(head.utf8) + book).answers.first
            #expect(none?.text.contains("the workbook has no sheet 'other'; it has") == true, "\(none?.text ?? "")")
        }
    }

    @Test func `files are for those who may change everything, and told to the audit without what they hold`() async throws {
        let audit = MemoryFileSystem()
        let keyed = KeyedServer()
        let file = try AuditFile("/audit", on: audit, fileByteLimit: 1 << 20, now: { keyed.clock.now })
        let auditor = Auditor(file, digests: AuditDigests(key: [UInt8](repeating: 5, count: 32)))
        // A question that was not ended would take the place of another.
        let limits = ["failed-attempts": 1_000, "key-concurrency": 2]
        try await keyed.run(limits: limits, content: TestContent.changing(), auditor: auditor) { [csv] server async throws in
            let target = "/imports?name=Item.csv&dryRun=false"
            #expect(try await server.ask("POST", target, [csv], body: Self.rows)?.status == 401)
            let reader = try await server.ask("POST", target, [csv] + KeyedServer.bearer(KeyedServer.reader), body: Self.rows)
            #expect(reader?.status == 403)
            for path in ["/imports", "/imports/1-00"] {
                #expect(try await server.ask("GET", path, KeyedServer.bearer(KeyedServer.reader))?.status == 403, "\(path)")
            }
            #expect(!(try await labels(server, KeyedServer.bearer(KeyedServer.reader)).contains("new")))
            let key = KeyedServer.bearer(KeyedServer.editor)
            let tried = try await server.ask("POST", "/imports?name=Item.csv", [csv] + key, body: Self.rows)
            #expect(tried?.status == 200 && tried?.text.contains("\"applied\":false") == true)
            for word in ["applied", "repeated"] {
                let editor = try await server.ask("POST", target, [csv] + key, body: Self.rows)
                #expect(editor?.status == 200 && editor?.text.contains("\"\(word)\":true") == true)
            }
            let refused = try await server.ask("POST", target, [csv] + key, body: "number,group,label\r\nx,1,new\r\n")
            #expect(refused?.status == 200 && refused?.text.contains("\"applied\":false") == true)
        }
        let told = try `What the audit is told`.lines(audit).filter {
            $0.contains("/imports") && $0.contains("\"event\":\"change\"")
        }
        func member(_ name: String) -> [String] {
            told.map { $0.split(separator: "\"\(name)\":").dropFirst().first?.prefix { $0 != "," && $0 != "}" } ?? "" }.map(
                String.init)
        }
        #expect(member("outcome") == ["\"tried\"", "\"applied\"", "\"repeated\"", "\"refused\""], "\(told)")
        #expect(member("rows").prefix(2) == ["2", "2"], "\(told)")
        let documents = member("document")
        #expect(Set(documents.prefix(3)).count == 1 && documents.last != documents.first && documents.first != "\"\"", "\(told)")
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
