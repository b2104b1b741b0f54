import Bytes
import Exchange
import Model
import StoreColumns
import Testing

/// Rows with every text that a file of text could lose, archived in memory.
struct ArchiveDesk {
    let model: Model
    let files = MemoryFileSystem()
    init() throws { model = try library() }

    /// Texts that another reader would trim, shorten, refuse or take for none.
    static let odd = [
        "", " ", "  x ", "\u{3000}", "4.20E+17", "'110105194912310021", "１２", "=\"1\"", "=1+1", "\r", "a\rb", "\"", ",", "x;y",
        "[]",
    ]

    /// Random rows, some of whose texts are odd.
    func version(seed: UInt64, number: UInt64 = 7) throws -> GraphVersion {
        try GraphVersion.empty(catalog: model.catalog).applying(
            changes(seed: seed), number: number, publishedAt: Instant(microseconds: 1_500_000_000_123_456))
    }

    func changes(seed: UInt64) throws -> ChangeSet {
        var random = SeededRandom(seed: seed &+ 1000)
        var changes = try RoundTripTests().randomRows(seed: seed)
        for type in changes.types.indices {
            let definition = model.catalog[changes.types[type].type]
            for index in changes.types[type].cells.indices {
                let column = changes.types[type].columns[index % changes.types[type].columns.count]
                guard definition.columns[column].kind == .string, !definition.key.contains(column),
                    !definition.columns[column].isUnique, Bool.random(using: &random)
                else { continue }
                changes.types[type].cells[index] = .string(Self.odd.randomElement(using: &random) ?? "")
            }
        }
        return changes
    }

    func terms(_ version: GraphVersion) throws -> ArchiveTerms {
        ArchiveTerms(
            model: model, modelFiles: [ModelSource(name: "library.graphql", bytes: Array("type Author …".utf8))],
            version: version)
    }

    func opened(_ path: String) throws -> OpenedArchive { try OpenedArchive(try Bag.examine(path, on: files)) }

    /// Every file of a bag, by its path in it.
    func contents(_ path: String) throws -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        func walk(_ folder: String, _ name: String) throws {
            for inner in try files.list(folder) {
                let place = folder + "/" + inner
                if try files.status(place).kind == .folder {
                    try walk(place, name + inner + "/")
                } else {
                    found[name + inner] = try files.contents(of: place, limit: 1 << 30)
                }
            }
        }
        try walk(path, "")
        return found
    }
}

@Suite("An archive") struct ArchiveTests {
    let desk: ArchiveDesk
    init() throws { desk = try ArchiveDesk() }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `is read as what was archived, and archived again as the same bytes`(seed: UInt64) throws {
        let version = try desk.version(seed: seed)
        let report = try RegisterArchive.write(desk.terms(version), to: "/first", on: desk.files)
        let archive = try desk.opened("/first")
        let again = try archive.load(desk.model, workers: 2)
        #expect(again.number == 7)
        #expect(again.publishedAt == version.publishedAt)
        let second = try RegisterArchive.write(desk.terms(again), to: "/second", on: desk.files)
        #expect(report == second)
        #expect(try desk.contents("/first") == desk.contents("/second"))
        #expect(archive.contentDigest == report.contentDigest)
        #expect(archive.bag.digest == report.digest)
        // Told by key, every cell is what it was.
        let (before, after) = (ChangeSet(of: version), ChangeSet(of: again))
        let told = try RoundTripTests()
        for (left, right) in zip(before.types, after.types) { #expect(told.rows(left) == told.rows(right)) }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `has the same content whatever numbers the rows have, and another one where a cell differs`(seed: UInt64) throws {
        let changes = try desk.changes(seed: seed)
        var reversed = changes
        for type in changes.types.indices {
            let width = changes.types[type].columns.count
            let rows = stride(from: 0, to: changes.types[type].cells.count, by: width).map {
                changes.types[type].cells[$0..<$0 + width]
            }
            reversed.types[type].cells = Array(rows.reversed().joined())
        }
        let empty = GraphVersion.empty(catalog: desk.model.catalog)
        func digest(_ changes: ChangeSet) throws -> SHA256Digest {
            let version = try empty.applying(changes, number: 1, publishedAt: Instant(microseconds: 0))
            return try RegisterArchive.write(desk.terms(version), to: nil, on: desk.files).contentDigest
        }
        let content = try digest(changes)
        #expect(try digest(reversed) == content)
        var other = changes
        let author = try #require(desk.model.type(named: "Author"))
        let name = try #require(author.field(named: "name")?.column)
        other.types[author.nodeType.index].cells[name] = .string("somebody else")
        #expect(try digest(other) != content)
        // No text, and an empty one, are two contents.
        other.types[author.nodeType.index].cells[name] = .string("")
        let empty1 = try digest(other)
        other.types[author.nodeType.index].cells[name] = .null
        #expect(try digest(other) != empty1)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `holds the rows as the plain exporter writes them`(seed: UInt64) throws {
        let version = try desk.version(seed: seed)
        _ = try RegisterArchive.write(desk.terms(version), to: "/bag", on: desk.files)
        let found = try desk.contents("/bag")
        let plain = CSVExporter(model: desk.model, marksKeys: false).files(of: version).filter { $0.name.hasSuffix(".csv") }
        #expect(found.keys.filter { $0.hasPrefix("data/rows/") }.sorted() == plain.map { "data/rows/\($0.name)" })
        for file in plain {
            #expect(found["data/rows/\(file.name)"] == file.text.map { Array($0.utf8) }, "\(file.name)")
        }
    }

    @Test func `of nothing holds no rows, and becomes nothing again`() throws {
        let version = GraphVersion.empty(catalog: desk.model.catalog)
        let report = try RegisterArchive.write(desk.terms(version), to: "/bag", on: desk.files)
        #expect(report.rowCount == 0)
        let again = try desk.opened("/bag").load(desk.model, workers: 1)
        #expect(try RegisterArchive.write(desk.terms(again), to: nil, on: desk.files) == report)
    }

    @Test func `keeps a question, its variables and its answer byte by byte`() throws {
        var terms = try desk.terms(try desk.version(seed: 1))
        let answer = ArchivedAnswer(
            name: "books", document: Array("query { books { totalCount } }".utf8), variables: Array("{ \"a\" : 1.0 }".utf8),
            operationName: "Q", parameters: ["profile": "B", "a.b": "0.02"], asOf: try #require(CivilDate(isoText: "2017-06-30")),
            body: Array("{\"data\":{}}".utf8))
        terms.answer = answer
        terms.about = Array("who kept it".utf8)
        _ = try RegisterArchive.write(terms, to: "/bag", on: desk.files)
        #expect(try desk.opened("/bag").answer == answer)
        #expect(try desk.contents("/bag")["README.md"] == terms.about)
    }

    @Test func `of a text that no file of text can carry is not begun to be believed`() throws {
        var changes = try desk.changes(seed: 1)
        let author = try #require(desk.model.type(named: "Author"))
        let name = try #require(author.field(named: "name")?.column)
        changes.types[author.nodeType.index].cells[name] = .string("a\0b")
        let version = try GraphVersion.empty(catalog: desk.model.catalog).applying(
            changes, number: 1, publishedAt: Instant(microseconds: 0))
        let error = #expect(throws: ArchiveError.self) {
            _ = try RegisterArchive.write(desk.terms(version), to: "/bag", on: desk.files)
        }
        #expect(
            error?.description
                == "Author.name cannot be archived: a text holds a NUL (U+0000), which no text file can carry; change it first")
        #expect(try desk.files.list("/") == [])
    }

    @Test func `is not written over anything, and what an interruption left of one is cleared away`() throws {
        let terms = try desk.terms(try desk.version(seed: 1))
        try desk.files.makeFolder("/bag.hearth-partial")
        try desk.files.writeNew("/bag.hearth-partial/rubbish", [1])
        _ = try RegisterArchive.write(terms, to: "/bag", on: desk.files)
        #expect(try desk.files.list("/") == ["bag"])
        let error = #expect(throws: ArchiveError.self) { _ = try RegisterArchive.write(terms, to: "/bag", on: desk.files) }
        #expect(error?.description == "/bag is there already; an archive is a new folder")
    }

    @Test func `is whole or not there, whichever call fails`() throws {
        let terms = try desk.terms(try desk.version(seed: 1))
        var failed = 0
        for index in 0... {
            let files = MemoryFileSystem()
            files.failing { $0.index == index ? StorageFault(.inputOutput, writtenByteCount: 3) : nil }
            let isWritten = (try? RegisterArchive.write(terms, to: "/bag", on: files)) != nil
            let isThrough = files.calls.count <= index
            files.failing { _ in nil }
            if Bag.isBag("/bag", on: files) { _ = try Bag.examine("/bag", on: files) } else { #expect(!isWritten) }
            // What was told to be there is there after a loss of power too.
            if isWritten { _ = try Bag.examine("/bag", on: files.afterPowerLoss(.nothingKept)) }
            failed += isWritten ? 0 : 1
            if isThrough { break }
        }
        #expect(failed > 20)
    }

    @Test func `stops when whoever waits has gone, and leaves nothing`() throws {
        let terms = try desk.terms(try desk.version(seed: 1))
        let error = #expect(throws: ArchiveError.self) {
            _ = try RegisterArchive.write(terms, to: "/bag", on: desk.files) { _, _ in true }
        }
        #expect(error?.description == "the work was stopped")
        #expect(try desk.files.list("/") == [])
    }
}
