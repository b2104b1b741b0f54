import Access
import Bytes
import StoreColumns
import Testing

/// `Schema/formats/Keys.md`
@Suite struct `The file of keys` {
    static let path = "/live.keys"
    static let now = Instant(isoText: "2026-11-21T08:00:00Z") ?? Instant(microseconds: 0)

    /// The example of the page.
    static func example() throws -> [UInt8] {
        let root = String(#filePath).components(upTo: "Tests/")
        let page = String(
            decoding: try POSIXFileSystem().contents(of: root + "Schema/formats/Keys.md", limit: 1 << 20), as: UTF8.self)
        let begin = try #require(page.firstRange(of: "```keys\n")).upperBound
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
        #expect(KeyRing(file.keys).check(key, at: Self.now)?.role == .reader)
    }

    @Test func `whatever is not as the page says is refused at its line`() throws {
        let lines = String(decoding: try Self.example(), as: UTF8.self).split(separator: "\n").map(String.init)
        func file(_ lines: [String]) -> [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }
        let (head, key) = (lines[0], lines[1])
        let cases: [(bytes: [UInt8], message: String)] = [
            ([], ":1: the file does not end with a whole line"),
            (Array(file(lines).dropLast()), ":2: the file does not end with a whole line"),
            (file([head.replacing("\"keys\"", with: "\"locks\"")]), ":1: this is no file of keys"),
            (file([head.replacing("\"1\"", with: "\"2\"")]), "has format '2'; this program reads 1"),
            (file([head.replacing("1e1f", with: "1e")]), ":1: 'digestKey' is not 64"),
            (file([head, key, key]), ":3: the id Kd83nfQ2 is there twice"),
            (file([head, key.replacing("Kd83nfQ2", with: "Kd83nfQ")]), ":2: 'id' is not 8"),
            (file([head, key.replacing("wall display", with: "a\\u001b[2J")]), ":2: 'name' is not"),
            (file([head, key.replacing("reader", with: "root")]), ":2: 'role' is 'root'; it is reader or editor"),
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

    func add(_ name: String, _ files: MemoryFileSystem, secret: UInt8 = 7, number: UInt64 = 5) throws(KeyFileChangeProblem)
        -> String
    {
        try KeyFile.change(Self.path, on: files, digestKey: { [UInt8](repeating: 1, count: 32) }) {
            file throws(KeyFileChangeProblem) in
            try file.add(
                name: name, role: .editor, number: number, secret: [UInt8](repeating: secret, count: 32), now: Self.now,
                expiresAt: Instant(microseconds: Self.now.microseconds + 1_000_000))
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
