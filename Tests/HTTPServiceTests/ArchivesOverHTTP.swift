import Access
import Bytes
import Dispatch
import Exchange
import HTTPService
import Model
import Query
import StoreColumns
import Testing

@Suite struct `Archives over HTTP` {
    let files = MemoryFileSystem()

    /// The tests' content, with a folder for archives in memory.
    private func content() throws -> ServiceContent {
        try files.makeFolder("/archives")
        var content = TestContent.asked
        content.archivist = Archivist(
            folder: "/archives", modelFiles: [ModelSource(name: "items.graphql", bytes: Array("type Item …".utf8))], on: files)
        return content
    }

    private let json = ("Content-Type", "application/json")

    @Test func `are written where the operator said, whole, under a name that no client wrote`() async throws {
        try await TestServer.run(content: try content()) { [files, json] server async throws in
            let answer = try await server.ask("POST", "/archives?asOf=2017-06-30", [json], body: "{}")
            #expect(answer?.status == 201)
            let archive = try OpenedArchive(try Bag.examine("/archives/00000001-2017-06-30", on: files))
            #expect(archive.version == 1)
            #expect(archive.rowCount == 4)
            #expect(archive.asOf.description == "2017-06-30")
            #expect(
                answer?.text == """
                    {"archive":"00000001-2017-06-30","state":"written","version":"1","publishedAt":"1970-01-01T00:00:00Z","asOf":"2017-06-30",\
                    "profile":"INTERNAL","contentSha256":"\(archive.contentDigest.hexadecimal)","archiveSha256":"\(archive.bag.digest.hexadecimal)",\
                    "rows":4,"files":\(archive.bag.payload.count),"bytes":\(archive.bag.info["Payload-Oxum"]?.split(separator: ".")[0] ?? ""),\
                    "signed":false}
                    """)
            #expect(answer?["data-version"] == "1" && answer?["location"] == "/archives/00000001-2017-06-30")
            #expect(try await server.ask("GET", "/archives/00000001-2017-06-30")?.text == answer?.text)
            #expect(try await server.ask("GET", "/archives")?.text == #"{"archives":[{"archive":"00000001-2017-06-30"}]}"#)
            let again = try await server.ask("POST", "/archives?asOf=2017-06-30", [json], body: "")
            #expect(again?.status == 409)
            #expect(again?.text.contains("This was archived before, as '00000001-2017-06-30'") == true)
        }
    }

    @Test func `keep a saved question with its answer, which follows from the archived rows`() async throws {
        try await TestServer.run(content: try content()) { [files, json] server async throws in
            let body = #"{"variables": {"number" : 1}, "question": "from"}"#
            let answer = try await server.ask("POST", "/archives", [json], body: body)
            #expect(answer?.status == 201)
            let name = try #require(try files.list("/archives").first)
            #expect(name.hasPrefix("00000001-\(TestContent.today)-from-"))
            let archive = try OpenedArchive(try Bag.examine("/archives/\(name)", on: files))
            let archived = try #require(archive.answer)
            #expect(archived.name == "from")
            #expect(String(decoding: archived.variables, as: UTF8.self) == #"{"number" : 1}"#)
            let model = TestContent.asked.queries.model
            let version = try archive.load(model, workers: 1)
            #expect(try archived.asked(of: version, model, limits: TestContent.asked.limits).body == archived.body)
            #expect(String(decoding: archived.body, as: UTF8.self).contains("\"totalCount\":2"))
        }
    }

    @Test func `are refused with the reason where nothing can come of them`() async throws {
        try await TestServer.run(content: try content()) { [files, json] server async throws in
            let cases: [(String, String, Int, String)] = [
                ("/archives", #"{"question": "none"}"#, 400, "names no saved question"),
                ("/archives", #"{"question": "../from"}"#, 400, "names no saved question"),
                ("/archives", #"{"question": "from"}"#, 422, "number"),
                ("/archives", #"{"question": "from", "variables": {"number": "x"}}"#, 422, "number"),
                ("/archives", #"{"variables": {"number": 1}}"#, 400, "go with a question"),
                ("/archives", #"{"folder": "/etc"}"#, 400, "is a JSON object with 'question', 'version'"),
                ("/archives", "[]", 400, "is a JSON object"), ("/archives", "{", 400, "is a JSON object"),
                ("/archives", #"{"version": "9"}"#, 412, "9"), ("/archives", #"{"version": 1}"#, 400, "is a JSON object"),
                ("/archives?version=1", #"{"version": "1"}"#, 400, "in the address and in the body"),
                ("/archives", #"{"profile": "PUBLIC"}"#, 400, "is INTERNAL: this server has no rules for another"),
                ("/archives", #"{"profile": "internal"}"#, 400, "is INTERNAL: this server has no rules for another"),
                ("/archives?version=9", "{}", 412, "9"), ("/archives?asOf=x", "{}", 400, "asOf"),
            ]
            for (target, body, status, words) in cases {
                let answer = try await server.ask("POST", target, [json], body: body)
                #expect(answer?.status == status, "\(body): \(answer?.text ?? "")")
                #expect(answer?.text.contains(words) == true, "\(body): \(answer?.text ?? "")")
            }
            #expect(try await server.ask("POST", "/archives", [("Content-Type", "text/plain")], body: "{}")?.status == 415)
            #expect(try await server.ask("DELETE", "/archives")?.status == 405)
            #expect(try await server.ask("POST", "/archives/00000001-2017-06-30", [json], body: "{}")?.status == 405)
            #expect(try await server.ask("GET", "/archives")?.text == #"{"archives":[]}"#)
            #expect(try files.list("/archives") == [])
        }
        try await TestServer.run(content: TestContent.asked) { [json] server async throws in
            let answer = try await server.ask("POST", "/archives", [json], body: "{}")
            #expect(answer?.status == 403)
            #expect(answer?.text.contains("started without a folder for them (--archives FOLDER)") == true)
        }
    }

    /// Holds what is written into the folder until it is let go, all of it then.
    private func hold() -> DispatchSemaphore {
        let gate = DispatchSemaphore(value: 0)
        files.failing { call in
            if call.operation == .makeFolder, call.path.hasSuffix("/data/rows") {
                gate.wait()
                gate.signal()
            }
            return nil
        }
        return gate
    }

    @Test func `go on when nobody waits, are told of meanwhile, and are one at a time`() async throws {
        try await TestServer.run(content: try content()) { [files, json] server async throws in
            let gate = hold()
            let target = "/archives?asOf=2017-06-30"
            let first = try await server.ask("POST", target, [json, ("Prefer", "respond-async")], body: "{}")
            #expect(first?.status == 202 && first?["retry-after"] == "1")
            let place = try #require(first?["location"])
            #expect(place == "/archives/00000001-2017-06-30")
            let meanwhile = try await server.ask("GET", place)
            #expect(meanwhile?.status == 200 && meanwhile?.text.contains("\"state\":\"writing\"") == true)
            #expect(try await server.ask("GET", "/archives")?.text.contains("\"00000001-2017-06-30\"") == true)
            // What is not whole is not there.
            #expect(try await server.ask("GET", place + ".tar")?.status == 404)
            let same = try await server.ask("POST", target, [json, ("Prefer", "wait=0")], body: "{}")
            #expect(same?.status == 202 && same?["location"] == place)
            let other = try await server.ask(
                "POST", "/archives?asOf=2018-06-30", [json, ("Prefer", "respond-async")], body: "{}")
            #expect(other?.status == 503 && other?["retry-after"] == "30")
            gate.signal()
            let end = ContinuousClock.now + .seconds(60)
            while try await server.ask("GET", place)?.text.contains("\"written\"") != true, ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(try await server.ask("GET", place)?.text.contains("\"rows\":4") == true)
            _ = try Bag.examine("/archives/00000001-2017-06-30", on: files)
            #expect(try files.list("/archives") == ["00000001-2017-06-30"])
        }
    }

    @Test func `that are being written when the server stops leave nothing`() async throws {
        try await TestServer.run(limits: ["stop-time": 1], content: try content()) { [json] server async throws in
            let gate = hold()
            let answer = try await server.ask("POST", "/archives", [json, ("Prefer", "respond-async")], body: "{}")
            #expect(answer?.status == 202)
            // Behind the server's word that it stops.
            Task {
                try await Task.sleep(for: .milliseconds(100))
                gate.signal()
            }
        }
        #expect(try files.list("/archives") == [])
    }

    @Test func `are known after a start, and given out as one file`() async throws {
        let first = try content()
        try await TestServer.run(content: first) { [json] server async throws in
            let body = #"{"question": "from", "variables": {"number": 1}, "asOf": "2017-06-30"}"#
            #expect(try await server.ask("POST", "/archives", [json], body: body)?.status == 201)
        }
        var second = first
        second.archivist = Archivist(folder: "/archives", modelFiles: [], on: files)
        try files.makeFolder("/archives/others")
        try files.makeFolder("/archives/00000002-2017-06-30")
        try await TestServer.run(content: second) { [files] server async throws in
            let name = try #require(try files.list("/archives").first { $0.contains("from") })
            #expect(try await server.ask("GET", "/archives")?.text == "{\"archives\":[{\"archive\":\"\(name)\"}]}")
            let told = try await server.ask("GET", "/archives/\(name)")
            #expect(told?.text.hasPrefix("{\"archive\":\"\(name)\",\"state\":\"written\",\"version\":\"1\"") == true)
            #expect(told?.text.contains("\"asOf\":\"2017-06-30\"") == true && told?.text.hasSuffix(",\"rows\":4}") == true)
            let file = try #require(try await server.ask("GET", "/archives/\(name).tar"))
            #expect(file.status == 200 && file["content-type"] == "application/x-tar")
            let found = TarFile.members(of: file.body)
            for (path, bytes) in found where !path.hasSuffix("/") {
                #expect(try files.contents(of: "/archives/" + path, limit: 1 << 20) == bytes, "\(path)")
            }
            let bag = try Bag.examine("/archives/\(name)", on: files)
            #expect(found.filter { !$0.path.hasSuffix("/") }.count == bag.payload.count + 4)
            #expect(found.first?.path == "\(name)/")
            let head = try await server.ask("HEAD", "/archives/\(name).tar")
            #expect(head?["content-length"] == "\(file.body.count)")
            for other in ["others", "00000002-2017-06-30", "none", "..%2Fetc", "00000009-x"] {
                #expect(try await server.ask("GET", "/archives/\(other)")?.status == 404, "\(other)")
                #expect(try await server.ask("GET", "/archives/\(other).tar")?.status == 404, "\(other)")
            }
        }
    }

    @Test func `that cannot be written leave nothing, and tell the client no path`() async throws {
        let lines = TestServer.Lines()
        try await TestServer.run(lines: lines, content: try content()) { [files, json] server async throws in
            files.limit(toBytes: 100)
            let answer = try await server.ask("POST", "/archives", [json], body: "{}")
            #expect(answer?.status == 500)
            #expect(answer?.text.contains("The archive could not be written, and nothing of it is left") == true)
            #expect(answer?.text.contains("/archives/") == false)
            files.limit(toBytes: nil)
            #expect(try files.list("/archives") == [])
        }
        #expect(lines.all.contains { $0.contains("no space left") })
    }

    @Test func `are for those who may change data, and told to the audit with their digests`() async throws {
        let audit = MemoryFileSystem()
        let keyed = KeyedServer()
        let file = try AuditFile("/audit", on: audit, fileByteLimit: 1 << 20, now: { keyed.clock.now })
        let auditor = Auditor(file, digests: AuditDigests(key: [UInt8](repeating: 5, count: 32)))
        try await keyed.run(content: try content(), auditor: auditor) { [files, json] server async throws in
            #expect(try await server.ask("POST", "/archives", [json], body: "{}")?.status == 401)
            let reader = try await server.ask("POST", "/archives", [json] + KeyedServer.bearer(KeyedServer.reader), body: "{}")
            #expect(reader?.status == 403)
            for target in ["/archives", "/archives/00000001-2017-06-30", "/archives/00000001-2017-06-30.tar"] {
                #expect(try await server.ask("GET", target)?.status == 401)
                #expect(try await server.ask("GET", target, KeyedServer.bearer(KeyedServer.reader))?.status == 403)
            }
            #expect(try files.list("/archives") == [])
            let body = #"{"question": "from", "variables": {"number": 1}}"#
            let editor = try await server.ask("POST", "/archives", [json] + KeyedServer.bearer(KeyedServer.editor), body: body)
            #expect(editor?.status == 201)
            let tar = try #require(editor?["location"]) + ".tar"
            #expect(try await server.ask("GET", tar, KeyedServer.bearer(KeyedServer.editor))?.status == 200)
            // Where the audit cannot be told, there is nothing to be told of.
            audit.limit(toBytes: 1)
            let untold = try await server.ask(
                "POST", "/archives?asOf=2001-01-01", [json] + KeyedServer.bearer(KeyedServer.editor), body: "{}")
            #expect(untold?.status == 503)
            #expect(try files.list("/archives").count == 1)
        }
        audit.limit(toBytes: nil)
        let told = try `What the audit is told`.lines(audit).filter { $0.contains("\"event\":\"archive\"") }
        #expect(told.count == 2 && told.last?.contains("\"outcome\":\"given\"") == true, "\(told)")
        let name = try #require(try files.list("/archives").first)
        let bag = try Bag.examine("/archives/\(name)", on: files)
        for member in [
            "\"key\":\"editorAA\"", "\"route\":\"/archives\"", "\"question\":\"from\"", "\"variables\":{\"number\":\"",
            "\"profile\":\"INTERNAL\"", "\"archive\":\"\(bag.digest.hexadecimal)\"",
        ] {
            #expect(told.first?.contains(member) == true, "\(member) in \(told)")
        }
    }
}

/// A tar, read as simply as can be.
enum TarFile {
    static func members(of bytes: [UInt8]) -> [(path: String, bytes: [UInt8])] {
        func text(_ header: ArraySlice<UInt8>, _ range: Range<Int>) -> String {
            String(decoding: header.dropFirst(range.lowerBound).prefix(range.count).prefix { $0 != 0 }, as: UTF8.self)
        }
        var (found, place) = ([(path: String, bytes: [UInt8])](), 0)
        while place + 512 <= bytes.count, bytes[place] != 0 {
            let header = bytes[place..<place + 512]
            let sum = header.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
            guard Int(text(header, 148..<154), radix: 8) == sum, text(header, 257..<262) == "ustar",
                let count = Int(text(header, 124..<135), radix: 8), place + 512 + count <= bytes.count
            else { return [] }
            let prefix = text(header, 345..<500)
            found.append(
                ((prefix.isEmpty ? "" : prefix + "/") + text(header, 0..<100), Array(bytes[place + 512..<place + 512 + count])))
            place += 512 + (count + 511) / 512 * 512
        }
        return bytes[place...].count == 1024 && bytes[place...].allSatisfy { $0 == 0 } ? found : []
    }
}
