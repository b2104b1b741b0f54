import Bytes
import Exchange
import Model
import StoreColumns
import Testing

/// One archive, copied and damaged for each test.
@Suite("A damaged bag") struct DamagedBagTests {
    let desk: ArchiveDesk

    init() throws {
        desk = try ArchiveDesk()
        _ = try RegisterArchive.write(desk.terms(try desk.version(seed: 3)), to: "/bag", on: desk.files)
    }

    private func replace(_ name: String, _ change: (inout String) -> Void) throws {
        let path = "/bag/" + name
        var text = String(decoding: try desk.files.contents(of: path, limit: 1 << 30), as: UTF8.self)
        change(&text)
        try desk.files.remove(path)
        try desk.files.writeNew(path, Array(text.utf8))
    }

    /// Makes the tag manifest tell the present tag files, as whoever changed them could.
    private func retell() throws {
        let tags = try desk.contents("/bag").filter { !$0.key.hasPrefix("data/") && $0.key != BagManifest.tagName }
        let manifest = BagManifest(tags.map { BagEntry(path: $0.key, digest: SHA256Digest(of: $0.value.span)) })
        try desk.files.remove("/bag/" + BagManifest.tagName)
        try desk.files.writeNew("/bag/" + BagManifest.tagName, manifest.bytes)
    }

    private func digest(_ name: String) throws -> String {
        let bytes = try desk.files.contents(of: "/bag/" + name, limit: 1 << 30)
        return String(SHA256Digest(of: bytes.span).hexadecimal.prefix(16))
    }

    private func check(_ expected: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        let found = #expect(throws: BagProblems.self, sourceLocation: sourceLocation) { _ = try desk.opened("/bag") }
        #expect(found?.list.map(\.description) == expected, sourceLocation: sourceLocation)
    }

    @Test func `is none while nothing was done to it`() throws { _ = try desk.opened("/bag") }

    @Test func `without its declaration is no bag`() throws {
        try desk.files.remove("/bag/bagit.txt")
        check(["/bag is no bag: it has no bagit.txt"])
    }

    @Test func `of another version is told with what it says`() throws {
        let was = try digest("bagit.txt")
        try replace("bagit.txt") { $0 = "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n" }
        check([
            "bagit.txt: expected 'BagIt-Version: 1.0' and 'Tag-File-Character-Encoding: UTF-8'; found 'BagIt-Version: 0.97', "
                + "'Tag-File-Character-Encoding: UTF-8'",
            "bagit.txt: the file was changed: its SHA-256 is \(try digest("bagit.txt"))…, not \(was)…",
        ])
    }

    @Test func `with a changed file is told with both digests`() throws {
        let was = try digest("data/rows/Author.csv")
        try replace("data/rows/Author.csv") { $0 = String($0.dropLast(2)) + "!\n" }
        check([
            "data/rows/Author.csv: the file was changed: its SHA-256 is \(try digest("data/rows/Author.csv"))…, not \(was)…"
        ])
    }

    @Test func `with a file of other length is told of its size too`() throws {
        let was = try digest("data/rows/Author.csv")
        let size = try #require(try Bag.examine("/bag", on: desk.files).info["Payload-Oxum"]).split(separator: ".").map(
            String.init)
        try replace("data/rows/Author.csv") { $0 += "x\n" }
        check([
            "bag-info.txt: Payload-Oxum is \(size[0]).\(size[1]), and data/ has \((Int(size[0]) ?? 0) + 2).\(size[1]) (bytes.files)",
            "data/rows/Author.csv: the file was changed: its SHA-256 is \(try digest("data/rows/Author.csv"))…, not \(was)…",
        ])
    }

    @Test func `with a file too few or too many is told which`() throws {
        try desk.files.rename("/bag/data/rows/Author.csv", to: "/bag/data/rows/Other.csv")
        check([
            "data/rows/Author.csv: the file is missing, which manifest-sha256.txt lists",
            "data/rows/Other.csv: manifest-sha256.txt does not list the file",
        ])
    }

    @Test func `with a file beside data that nobody told of is refused`() throws {
        try desk.files.writeNew("/bag/note.txt", [0x61])
        check(["note.txt: tagmanifest-sha256.txt does not list the file"])
    }

    @Test(arguments: [BagManifest.payloadName, BagManifest.tagName, BagInfo.fileName])
    func `without a tag file is told`(name: String) throws {
        try desk.files.remove("/bag/" + name)
        var expected = ["\(name): the file is missing, without which nothing can be checked"]
        if name != BagManifest.tagName { expected.append("\(name): the file is missing, which tagmanifest-sha256.txt lists") }
        check(expected)
    }

    static let unsafe: [(String, String)] = [
        ("../secret", "it leaves its folder by '..'"), ("data/../../secret", "it leaves its folder by '..'"),
        ("data/./rows", "it leaves its folder by '.'"), ("/etc/passwd", "it begins at the root of the file system"),
        ("~/.ssh/id", "it begins at somebody's home folder"), ("data//rows", "it has a part without a name"),
        ("data\\rows", "it holds a '\\', which some systems take for '/'"),
        ("data/%2E%2E/x%0A/..", "it leaves its folder by '..'"),
        ("data/\0", "it holds a NUL"),
    ]

    @Test(arguments: unsafe) func `whose manifest leaves the bag is refused, and nothing outside is looked at`(
        path: String, fault: String
    ) throws {
        try replace(BagManifest.payloadName) { $0 += String(repeating: "0", count: 64) + "  " + path + "\n" }
        try retell()
        let line = try Bag.examineLineCount(desk, BagManifest.payloadName)
        desk.files.failing { call in call.path.hasPrefix("/bag") || call.path == "/" ? nil : StorageFault(.notPermitted) }
        let decoded = path.replacing("%0A", with: "\n")
        check(["manifest-sha256.txt:\(line): '\(decoded)' is no path in the bag: \(fault)"])
    }

    @Test func `whose manifest has a line that is none, or a path twice, is told with the line`() throws {
        var first = ""
        try replace(BagManifest.payloadName) {
            first = String($0.split(separator: "\n")[0])
            $0 += "no digest\n\(first)\n"
        }
        try retell()
        let line = try Bag.examineLineCount(desk, BagManifest.payloadName)
        check([
            "manifest-sha256.txt:\(line - 1): the line is not 64 hexadecimal digits and a path",
            "manifest-sha256.txt:\(line): '\(first.dropFirst(66))' is listed twice",
        ])
    }

    @Test func `that lists tag files as data is told`() throws {
        let bagitBytes = try desk.files.contents(of: "/bag/bagit.txt", limit: 1000)
        let bagit = SHA256Digest(of: bagitBytes.span).hexadecimal
        try replace(BagManifest.payloadName) { $0 += "\(bagit)  bagit.txt\n" }
        try retell()
        check(["manifest-sha256.txt: lists 'bagit.txt', which is not in data/"])
    }

    @Test func `that wants files fetched, or has a manifest that nobody checks, is refused`() throws {
        try desk.files.writeNew("/bag/fetch.txt", Array("https://example.org/x 1 data/x\n".utf8))
        try desk.files.writeNew("/bag/manifest-md5.txt", Array("00  data/x\n".utf8))
        try retell()
        check([
            "fetch.txt: the bag is not whole: files are to be fetched from elsewhere",
            "manifest-md5.txt: a manifest of another algorithm than SHA-256, which is not checked here",
        ])
    }

    @Test func `beyond a limit is refused by its name`() throws {
        var limits = Bag.Limits()
        limits.fileCount = 3
        let many = #expect(throws: BagProblems.self) { _ = try Bag.examine("/bag", on: desk.files, limits: limits) }
        #expect(many?.description.contains("the bag has more than 3 files") == true)
        limits = Bag.Limits()
        limits.folderDepth = 0
        let deep = #expect(throws: BagProblems.self) { _ = try Bag.examine("/bag", on: desk.files, limits: limits) }
        #expect(deep?.description.contains("data: more than 0 folders deep") == true)
        limits = Bag.Limits()
        limits.tagBytes = 5
        let large = #expect(throws: BagProblems.self) { _ = try Bag.examine("/bag", on: desk.files, limits: limits) }
        #expect(large?.description.contains("bagit.txt: 54 bytes; at most 5 are read") == true)
    }

    static let labels: [(String, String, String)] = [
        ("Archive-Format: 1", "Archive-Format: 3", "Archive-Format is '3'; expected a format up to 2"),
        (
            "Archive-Format: 1", "Archive-Format: 2",
            "Archive-Format is 2, and the profile INTERNAL; masked archives have format 2, others have not"
        ),
        ("Data-Version: 7", "Data-Version: x", "Data-Version is 'x'; expected a number"),
        ("Data-As-Of: 2017-07-14", "Data-As-Of: today", "Data-As-Of is 'today'; expected a date as 2026-12-31"),
        ("Data-Version: 7\n", "", "Data-Version is missing; without it this is no archive of a register"),
        (
            "Masking-Profile: INTERNAL", "Masking-Profile: a b", "Masking-Profile is 'a b'; expected the name of a profile"
        ),
    ]

    @Test(arguments: labels) func `whose information is not that of an archive is told with the label`(
        was: String, now: String, reason: String
    ) throws {
        try replace(BagInfo.fileName) {
            #expect($0.contains(was))
            $0 = $0.replacing(was, with: now)
        }
        try retell()
        check(["bag-info.txt: \(reason)"])
    }

    @Test func `made anew around other rows does not have the content that it says`() throws {
        try replace("data/rows/Author.csv") { $0 = $0.replacing("number", with: "Number") }
        let payload = try desk.contents("/bag").filter { $0.key.hasPrefix("data/") }
        try desk.files.remove("/bag/" + BagManifest.payloadName)
        let manifest = BagManifest(payload.map { BagEntry(path: $0.key, digest: SHA256Digest(of: $0.value.span)) })
        try desk.files.writeNew("/bag/" + BagManifest.payloadName, manifest.bytes)
        try retell()
        let problems = #expect(throws: BagProblems.self) { _ = try desk.opened("/bag") }
        #expect(problems?.description.hasPrefix("bag-info.txt: Content-SHA256 is ") == true)
    }

    @Test func `with any bit flipped in any file is refused with that file`() throws {
        for (name, bytes) in try desk.contents("/bag") {
            for byte in Set([0, bytes.count / 2, bytes.count - 1]) {
                desk.files.flipBit(byte * 8 + 1, of: "/bag/" + name)
                let problems = #expect(throws: BagProblems.self, "\(name) \(byte)") { _ = try desk.opened("/bag") }
                // A changed digest in the tag manifest tells of the file that it is of.
                let isTold = name == BagManifest.tagName || problems?.description.contains(name) == true
                #expect(isTold, "\(name) \(byte): \(problems?.description ?? "")")
                desk.files.flipBit(byte * 8 + 1, of: "/bag/" + name)
            }
        }
        _ = try desk.opened("/bag")
    }
}

extension Bag {
    fileprivate static func examineLineCount(_ desk: ArchiveDesk, _ name: String) throws -> Int {
        try desk.files.contents(of: "/bag/" + name, limit: 1 << 30).count { $0 == 0x0A }
    }
}

@Suite("A signed bag") struct SignedBagTests {
    let desk: ArchiveDesk
    let key: Ed25519PrivateKey

    // Both were written by openssl 3.
    static let privatePEM = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
        -----END PRIVATE KEY-----
        """
    static let publicPEM = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
        -----END PUBLIC KEY-----
        """

    init() throws {
        desk = try ArchiveDesk()
        key = try #require(Ed25519PrivateKey(pem: Array(Self.privatePEM.utf8)))
    }

    private func write(_ key: Ed25519PrivateKey?) throws {
        var terms = try desk.terms(try desk.version(seed: 3))
        terms.key = key
        _ = try RegisterArchive.write(terms, to: "/bag", on: desk.files)
    }

    private func problems() throws -> String? {
        let publicKey = try #require(Ed25519PublicKey(pem: Array(Self.publicPEM.utf8)))
        do throws(BagProblems) {
            _ = try Bag.examine("/bag", on: desk.files, publicKey: publicKey)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `is whole under the key's public half, and says which it is`() throws {
        try write(key)
        #expect(try problems() == nil)
        let bag = try Bag.examine("/bag", on: desk.files)
        #expect(bag.isSigned)
        #expect(bag.info["Signing-Key-SHA256"] == key.publicKey.digest.hexadecimal)
    }

    @Test func `without a signature, or with another's, is refused`() throws {
        try write(nil)
        #expect(try problems() == "tagmanifest-sha256.txt.sig: the bag is not signed")
        try desk.files.writeNew("/bag/tagmanifest-sha256.txt.sig", [UInt8](repeating: 0, count: 64))
        #expect(
            try problems()
                == "tagmanifest-sha256.txt.sig: the signature is not that of the key over tagmanifest-sha256.txt")
    }

    @Test func `whose files were changed, and its manifests with them, is refused`() throws {
        try write(key)
        let info = String(decoding: try desk.files.contents(of: "/bag/bag-info.txt", limit: 1 << 20), as: UTF8.self)
        try desk.files.remove("/bag/bag-info.txt")
        try desk.files.writeNew("/bag/bag-info.txt", Array(info.replacing("Data-Version: 7", with: "Data-Version: 8").utf8))
        let tags = try desk.contents("/bag").filter { !$0.key.hasPrefix("data/") && !$0.key.hasPrefix("tagmanifest") }
        try desk.files.remove("/bag/tagmanifest-sha256.txt")
        let manifest = BagManifest(tags.map { BagEntry(path: $0.key, digest: SHA256Digest(of: $0.value.span)) })
        try desk.files.writeNew("/bag/tagmanifest-sha256.txt", manifest.bytes)
        #expect(
            try problems()
                == "tagmanifest-sha256.txt.sig: the signature is not that of the key over tagmanifest-sha256.txt")
    }
}
