import Access
import Bytes
import StoreColumns
import Testing

/// `Schema/formats/Keys.md`
@Suite struct `The file of keys` {
    static let path = "/live.keys"
    static let now = Instant(isoText: "2026-11-21T08:00:00Z") ?? Instant(microseconds: 0)

    /// The example of the page.
    static func example(_ fence: String = "keys") throws -> [UInt8] {
        let root = String(#filePath).components(upTo: "Tests/")
        let page = String(
            decoding: try POSIXFileSystem().contents(of: root + "Schema/formats/Keys.md", limit: 1 << 20), as: UTF8.self)
        let begin = try #require(page.firstRange(of: "```\(fence)\n")).upperBound
        let end = try #require(page[begin...].firstRange(of: "```")).lowerBound
        return Array(page[begin..<end].utf8)
    }

    static func files(_ bytes: [UInt8]) throws -> MemoryFileSystem {
        let files = MemoryFileSystem()
        try files.writeNew(path, bytes)
        return files
    }

    func check(_ bytes: [UInt8], reports expected: String, _ change: (MemoryFileSystem) throws -> Void = { _ in }) throws {
        let files = try Self.files(bytes)
        try change(files)
        do throws(KeyFileError) {
            _ = try KeyFile.read(Self.path, on: files)
            Issue.record("it was read; expected: \(expected)")
        } catch {
            #expect("\(error)".contains(expected), "\(error)")
        }
    }

    @Test func `the example of the page is read, and written the same`() throws {
        let bytes = try Self.example()
        let file = try KeyFile.read(Self.path, on: try Self.files(bytes))
        #expect(file.bytes == bytes)
        #expect(file.digestKey == Array(0..<32))
        #expect(file.keys.map(\.name) == ["wall display"])
        let key = try #require(APIKey(Array(Keys.text.utf8)))
        #expect(KeyRing(file.keys).check(key, at: Self.now)?.role == "reader")
    }

    @Test func `the example with claims is read, and written the same`() throws {
        let bytes = try Self.example("keys2")
        let file = try KeyFile.read(Self.path, on: try Self.files(bytes))
        #expect(file.bytes == bytes)
        let record = try #require(file.keys.first)
        #expect(record.asker.role == "TOWN_OFFICER")
        #expect(record.asker.claims.map { "\($0.name)=\($0.value)" } == ["area=420115", "area=420116", "unit=U 7"])
    }

    @Test func `a role opens where it is known, and nowhere else`() throws {
        let file = try KeyFile.read(Self.path, on: try Self.files(try Self.example("keys2")))
        let key = try #require(APIKey(Array(Keys.text.utf8)))
        #expect(KeyRing(file.keys).check(key, at: Self.now) == nil)
        #expect(KeyRing(file.keys).usableCount(at: Self.now) == 0)
        #expect(KeyRing(file.keys, roles: KnownRoles(["TOWN"])).check(key, at: Self.now) == nil)
        let roles = KnownRoles(["TOWN_OFFICER", "AUDITOR"], changing: ["AUDITOR", "NOBODY"])
        let ring = KeyRing(file.keys, roles: roles)
        #expect(ring.check(key, at: Self.now)?.asker.claims.count == 3)
        #expect(ring.usable("Kd83nfQ2", at: Self.now) != nil)
        #expect(
            ["reader", "editor", "TOWN_OFFICER", "AUDITOR", "NOBODY", "Reader", ""].map(roles.mayChange) == [
                false, true, false, true, false, false, false,
            ])
        #expect(["reader", "AUDITOR", "NOBODY", "auditor", ""].map(roles.contains) == [true, true, false, false, false])
    }

    @Test func `a key with claims makes the file one of format 2, which an older program refuses by name`() throws {
        let files = MemoryFileSystem()
        _ = try add("one", files)
        func head() throws -> String {
            String(decoding: try files.contents(of: Self.path, limit: 1 << 20).prefix(40), as: UTF8.self)
        }
        #expect(try head().contains(#""format":"1""#))
        _ = try add("two", files, secret: 8, claims: [Claim(name: "area", value: "42\"0\\é")])
        #expect(try head().contains(#""format":"2""#))
        #expect(try KeyFile.read(Self.path, on: files).keys.map(\.claims) == [[], [Claim(name: "area", value: "42\"0\\é")]])
    }

    @Test func `claims that are not as the page says are refused at their line`() throws {
        let lines = String(decoding: try Self.example("keys2"), as: UTF8.self).split(separator: "\n").map(String.init)
        let written = #"{"area":["420115","420116"],"unit":["U 7"]}"#
        for (claims, message) in [
            (#"["area"]"#, ":2: found something else where texts in lists"), (#"{"area":"420115"}"#, ":2: found something else"),
            (#"{"area":[420115]}"#, ":2: found something else"), (#"{"area":[["4"]]}"#, ":2: "),
            (#"{"area":["4"],"area":["5"]}"#, ":2: the object already has the key 'area'"),
            (#"{"1area":["4"]}"#, ":2: 'claims' has a name"), (#"{"a-b":["4"]}"#, ":2: 'claims' has a name"),
            (#"{"":["4"]}"#, ":2: 'claims' has a name"), (#"{"area":[""]}"#, ":2: 'claims' has a name"),
            (#"{"area":["\u001b"]}"#, ":2: 'claims' has a name"),
            (#"{"area":["\#(String(repeating: "4", count: 257))"]}"#, ":2: 'claims' has a name"),
            (#"{"area":[\#(Array(repeating: #""4""#, count: 65).joined(separator: ","))]}"#, ":2: there are 65 claims"),
        ] {
            #expect(lines[1].contains(written))
            try check(Array((lines[0] + "\n" + lines[1].replacing(written, with: claims) + "\n").utf8), reports: message)
        }
        let first = lines[0].replacing("\"2\"", with: "\"1\"")
        let reader = lines[1].replacing("TOWN_OFFICER", with: "reader")
        try check(Array("\(first)\n\(reader)\n".utf8), reports: ":2: 'claims' are not of format 1")
        try check(Array("\(first)\n\(lines[1])\n".utf8), reports: ":2: 'role' is 'TOWN_OFFICER'; in format 1")
        let crooked = lines[1].replacing("TOWN_OFFICER", with: "TOWN OFFICER")
        try check(Array("\(lines[0])\n\(crooked)\n".utf8), reports: ":2: 'role' is 'TOWN OFFICER'; it is a letter")
        let number = lines[1].replacing(#""wall display""#, with: "7")
        try check(Array("\(lines[0])\n\(number)\n".utf8), reports: ":2: found something else where a text as 'name'")
    }

    @Test func `whatever is not as the page says is refused at its line`() throws {
        let lines = String(decoding: try Self.example(), as: UTF8.self).split(separator: "\n").map(String.init)
        func file(_ lines: [String]) -> [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }
        let (head, key) = (lines[0], lines[1])
        let cases: [(bytes: [UInt8], message: String)] = [
            ([], ":1: the file does not end with a whole line"),
            (Array(file(lines).dropLast()), ":2: the file does not end with a whole line"),
            (file([head.replacing("\"keys\"", with: "\"locks\"")]), ":1: this is no file of keys"),
            (file([head.replacing("\"1\"", with: "\"3\"")]), "has format '3'; this program reads 1 and 2"),
            (file([head.replacing("1e1f", with: "1e")]), ":1: 'digestKey' is not 64"),
            (file([head, key, key]), ":3: the id Kd83nfQ2 is there twice"),
            (file([head, key.replacing("Kd83nfQ2", with: "Kd83nfQ")]), ":2: 'id' is not 8"),
            (file([head, key.replacing("wall display", with: "a\\u001b[2J")]), ":2: 'name' is not"),
            (file([head, key.replacing("reader", with: "root")]), ":2: 'role' is 'root'; in format 1 it is reader or editor"),
            (file([head, key.replacing("\"b0bd", with: "\"b0b")]), ":2: 'sha256' is not 64"),
            (file([head, key.replacing("2027-11-21T", with: "2027-11-31T")]), ":2: 'expiresAt' is not an instant"),
            (file([head, key.replacing("\"addedAt\"", with: "\"at\"")]), ":2: 'addedAt' or 'expiresAt' is missing"),
            (file([head, "[]"]), ":2: "), (file([head, key + "}"]), ":2: "),
            (file([head, ""]), ":2: "),
        ]
        for (bytes, message) in cases { try check(bytes, reports: message) }
    }

    @Test func `a file that others may read, or that is another's, is not used`() throws {
        for permissions: UInt32 in [0o640, 0o604, 0o644, 0o660, 0o601, 0o610] {
            try check(try Self.example(), reports: "(mode \(String(permissions, radix: 8)))") {
                try $0.setPermissions(Self.path, permissions)
            }
        }
        try check(try Self.example(), reports: "belongs to another user") { $0.giveAway(Self.path) }
        do throws(KeyFileError) {
            _ = try KeyFile.read(Self.path, on: MemoryFileSystem())
            Issue.record("an absent file was read")
        } catch {
            #expect(error == .absent(Self.path))
        }
    }

    func add(
        _ name: String, _ files: MemoryFileSystem, secret: UInt8 = 7, number: UInt64 = 5, role: String = "editor",
        claims: [Claim] = []
    ) throws(KeyFileChangeProblem) -> String {
        try KeyFile.change(Self.path, on: files, digestKey: { [UInt8](repeating: 1, count: 32) }) {
            file throws(KeyFileChangeProblem) in
            try file.add(
                name: name, role: role, claims: claims, number: number, secret: [UInt8](repeating: secret, count: 32),
                now: Self.now, expiresAt: Instant(microseconds: Self.now.microseconds + 1_000_000))
        }
    }

    @Test func `an added key opens, a revoked one does not, and neither line holds the secret`() throws {
        let files = MemoryFileSystem()
        let text = try add("one", files)
        let second = try add("two", files, secret: 8)
        #expect(try files.status(Self.path).permissions & 0o077 == 0)
        let shown = try #require(APIKey(Array(text.utf8)))
        let other = try #require(APIKey(Array(second.utf8)))
        #expect(shown.id != other.id, "the same number of chance twice must not give one id twice")
        var file = try KeyFile.read(Self.path, on: files)
        #expect(KeyRing(file.keys).check(shown, at: Self.now)?.name == "one")
        let secret = text.split(separator: "_")[2]
        #expect(!String(decoding: file.bytes, as: UTF8.self).contains(secret))
        _ = try KeyFile.change(Self.path, on: files, digestKey: { [] }) { file throws(KeyFileChangeProblem) in
            try file.revoke("one", now: Self.now)
        }
        file = try KeyFile.read(Self.path, on: files)
        #expect(KeyRing(file.keys).check(shown, at: Self.now) == nil)
        #expect(KeyRing(file.keys).check(other, at: Self.now)?.name == "two")
    }

    func checkRefused(_ sentence: String, _ body: () throws(KeyFileChangeProblem) -> Void) {
        do throws(KeyFileChangeProblem) {
            try body()
            Issue.record("it was done; expected: \(sentence)")
        } catch {
            #expect(error == .refused(sentence))
        }
    }

    @Test func `what cannot be done leaves the file as it was`() throws {
        let files = MemoryFileSystem()
        _ = try add("one", files)
        let before = try files.contents(of: Self.path, limit: 1 << 20)
        checkRefused("a key called 'one' is in use; revoke it first, or choose another name") { () throws(KeyFileChangeProblem) in
            _ = try add("one", files)
        }
        checkRefused("a key's name has 1 to 64 characters, none of them a control character") { () throws(KeyFileChangeProblem) in
            _ = try add("", files)
        }
        checkRefused("a role is written with letters, digits, '_' and '-', a letter first, 64 at most; found '1 a'") {
            () throws(KeyFileChangeProblem) in
            _ = try add("three", files, role: "1 a")
        }
        checkRefused("a key has at most 64 claims") { () throws(KeyFileChangeProblem) in
            _ = try add("three", files, claims: Array(repeating: Claim(name: "a", value: "b"), count: 65))
        }
        checkRefused(
            "a claim is a name of letters, digits and '_', no digit first, and a value of 1 to 256 characters, none a control character"
        ) { () throws(KeyFileChangeProblem) in
            _ = try add("three", files, claims: [Claim(name: "a b", value: "c")])
        }
        checkRefused("no key has the id or the name 'nobody'") { () throws(KeyFileChangeProblem) in
            _ = try KeyFile.change(Self.path, on: files, digestKey: { [] }) { file throws(KeyFileChangeProblem) in
                try file.revoke("nobody", now: Self.now)
            }
        }
        #expect(try files.contents(of: Self.path, limit: 1 << 20) == before)
    }
}

extension String {
    /// What stands before a word.
    func components(upTo word: String) -> String { firstRange(of: word).map { String(self[..<$0.lowerBound]) } ?? self }
}
