import Exchange
import Foundation
import Model
import Settings
import StoreColumns
import Testing

@Suite("Loading in bulk") struct BulkLoadTests {
    static let instant = Instant(microseconds: 0)
    static let day = instant.day

    /// What a load comes to: the rows written out again and their keys in the order of the rows, or the report.
    enum Outcome: Equatable {
        case rows([String: String], ImportReport, order: [[Key]])
        case refused(ImportReport)
    }

    func outcome(_ load: () throws -> (version: GraphVersion, report: ImportReport), _ model: Model) throws -> Outcome {
        do {
            let loaded = try load()
            var texts: [String: String] = [:]
            for file in CSVExporter(model: model).files(of: loaded.version) { texts[file.name] = file.text }
            let order = model.types.map { type in
                (0..<RowNumber(loaded.version[type.nodeType].rowCount)).map { loaded.version.key(of: $0, type: type.nodeType) }
            }
            return .rows(texts, loaded.report, order: order)
        } catch let refused as ImportRefused {
            return .refused(refused.report)
        }
    }

    /// Loads the files both ways and compares; how it went. In bulk by one thread and by several, with blocks that hold all rows and
    /// with blocks that hold few.
    @discardableResult
    func check(
        _ files: [SourceFile], _ model: Model, _ note: String = "", mapping: ImportMapping? = nil, blockBytes: Int = 40,
        overriding overrides: [ChangeRequest.Override] = [], asOf: CivilDate = Self.day,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let importer = Importer(model: model, mapping: mapping)
        let slow = try outcome(
            {
                let draft = importer.read(files)
                let version = try draft.apply(
                    to: .empty(catalog: model.catalog), number: 1, publishedAt: Self.instant, overrides: overrides,
                    asOf: asOf)
                return (version, draft.report)
            }, model)
        var fast = slow
        for (workers, blockBytes) in [(1, 1 << 20), (3, blockBytes)] {
            var limits = ImportLimits()
            limits.blockBytes = blockBytes
            let importer = Importer(model: model, mapping: mapping, limits: limits)
            fast = try outcome(
                {
                    try importer.load(
                        files, number: 1, publishedAt: Self.instant, overrides: overrides, asOf: asOf, workers: workers)
                }, model)
            #expect(slow == fast, "\(workers) workers, blocks of \(blockBytes) bytes, \(note)", sourceLocation: sourceLocation)
        }
        return fast
    }

    /// Whether files are clean enough for the fast way.
    func isBulk(_ files: [SourceFile], _ model: Model, mapping: ImportMapping? = nil, blockBytes: Int = 1 << 20) -> Bool {
        var limits = ImportLimits()
        limits.blockBytes = blockBytes
        return Importer(model: model, mapping: mapping, limits: limits)
            .loadInBulk(files, number: 1, publishedAt: Self.instant, asOf: Self.day, workers: 2).isLoaded
    }

    @Test func `the sample is the same register either way`() throws {
        let sample = try files(in: repository.appending(path: "Snapshots/hanyang/data/rows"))
        let outcome = try check(sample, try shippedModel(), blockBytes: 10_000)
        guard case .rows(let texts, let report, _) = outcome else {
            Issue.record("the sample was refused")
            return
        }
        // The list of checksums is a file too.
        #expect(texts.count == report.files.count + 1)
        #expect(report.isClean)
        #expect(isBulk(sample, try shippedModel()))
    }

    static let clean: [(String, String)] = [
        (
            "Author.csv",
            "number,name,idNumber,born\nA1,李白,11010519491231002x,1901-01-02\nA2,\"a \"\"b\"\", c\",,\n"
        ),
        (
            "Book.csv",
            "author,title,genre,moods,pages,price,weight,inPrint,publishedOn,addedAt,seeAlso,friends,edition\n"
                + "A1,静夜思,诗,NOVEL;POEM,3,3.50,0.25,是,1844-3-14,2016-12-31T08:00:00Z,A2|x\\|y;A1|静夜思,A2;A1,A1|静夜思|3\nA2,x|y,,,,,,,,,,,\n"
        ),
        ("Edition.csv", "book,year,state,from,to\nA1|静夜思,3,NOVEL,2001-01-01,\n"),
        ("Shelf.csv", "code,genres\n1,\n2,NOVEL;POEM\n"),
        ("Loan.csv", "author,from,to\nA1,2001-01-01,2001-02-01\nA1,2001-02-01,\n"),
    ]

    @Test func `every kind of field is read as it is by way of a change set`() throws {
        let model = try library()
        let files = Self.clean.map { SourceFile($0.0, $0.1) }
        let outcome = try check(files, model)
        if case .refused(let report) = outcome { Issue.record("\(report)") }
        #expect(isBulk(files, model))
        #expect(isBulk(files, model, blockBytes: 1))
    }

    /// The same rows as spreadsheets and other programs write them.
    @Test(arguments: ["\u{FEFF}", "\r\n", "\n\n", "no end", "quoted", "="])
    func `however clean rows are spelled, they are read in bulk`(
        spelling: String
    ) throws {
        let model = try library()
        let plain = [
            ("Author.csv", [["number", "name"], ["A1", "李白"], ["A2", "a, b"], ["A3", "c\nd \"e\""]]),
            ("Loan.csv", [["author", "from", "to"], ["A3", "2001-01-01", ""], ["A1", "2001-01-01", "2001-02-01"]]),
        ]
        let files = plain.map { name, rows in
            let lines = rows.map { row in
                row.map { text in
                    let needsQuotes = text.contains { "\",\n".contains($0) } || spelling == "quoted" && !text.isEmpty
                    let quoted =
                        "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
                    return spelling == "=" && text == "A1" ? "=" + quoted : needsQuotes ? quoted : text
                }.joined(separator: ",")
            }
            let end = spelling.hasSuffix("\n") ? spelling : "\n"
            let text = lines.joined(separator: end) + (spelling == "no end" ? "" : end)
            return SourceFile(name, (spelling == "\u{FEFF}" ? spelling : "") + text)
        }
        let whole = try check(files, model, blockBytes: 1)
        guard case .rows(let texts, _, _) = whole else {
            Issue.record("\(whole)")
            return
        }
        #expect(texts["Author.csv"] == "number,name\nA1,李白\nA2,\"a, b\"\nA3,\"c\nd \"\"e\"\"\"\n")
        for blockBytes in 1...40 { #expect(isBulk(files, model, blockBytes: blockBytes), "blocks of \(blockBytes) bytes") }
    }

    @Test(arguments: 0..<400) func `whatever stands in the files, both ways say the same`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let model = try library()
        var texts = Self.clean
        let pieces = [
            "\"", ",", "\n", "A1", "A9", "|", ";", "\\", " ", "'", "x", "2001-01-01", "2.50", "\r\n", "", "\u{FF11}", "4.20E+17",
            "POEM", "\"a\nb\"", "=\"1\"", "\0", "\u{FEFF}",
        ]
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let file = Int.random(in: 0..<texts.count, using: &random)
            var text = Array(texts[file].1.unicodeScalars)
            let place = Int.random(in: 0..<text.count, using: &random)
            if Bool.random(using: &random) { text.remove(at: place) }
            text.insert(contentsOf: Array((pieces.randomElement(using: &random) ?? "").unicodeScalars), at: place)
            var view = String.UnicodeScalarView()
            view.append(contentsOf: text)
            texts[file].1 = String(view)
        }
        try check(
            texts.map { SourceFile($0.0, $0.1) }, model, "seed \(seed): \(texts)",
            blockBytes: Int.random(in: 1...80, using: &random))
    }
}
