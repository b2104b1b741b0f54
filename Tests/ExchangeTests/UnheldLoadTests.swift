import Exchange
import Foundation
import Model
import Settings
import StoreColumns
import Testing

/// Large files are not held row by row: what is wrong is told all the same.
@Suite("Loading files that are not held") struct UnheldLoadTests {
    private static let instant = Instant(microseconds: 0)

    /// - Parameter heldBytes: how large files may be that are held.
    private func load(
        _ files: [SourceFile], _ model: Model, mapping: ImportMapping? = nil, heldBytes: Int, workers: Int = 2,
        tell: (String) -> Void = { _ in }
    ) -> Result<GraphVersion, ImportRefused> {
        var limits = ImportLimits()
        limits.heldBytes = heldBytes
        limits.blockBytes = 30
        do throws(ImportRefused) {
            return .success(
                try Importer(model: model, mapping: mapping, limits: limits).load(
                    files, number: 1, publishedAt: Self.instant, asOf: Self.instant.day, workers: workers, tell: tell
                ).version)
        } catch {
            return .failure(error)
        }
    }

    /// The problems of files that are not held, and those of files that are.
    private func problems(_ texts: [(String, String)]) throws -> (unheld: [String], held: [String], told: [String]) {
        let model = try library()
        let files = texts.map { SourceFile($0.0, $0.1) }
        var told: [String] = []
        func list(_ result: Result<GraphVersion, ImportRefused>) -> [String] {
            if case .failure(let refused) = result { refused.report.problems.map(\.description) } else { [] }
        }
        let unheld = list(load(files, model, heldBytes: 0) { told.append($0) })
        return (unheld, list(load(files, model, heldBytes: .max)), told)
    }

    private func damaged(_ file: String, _ text: String) -> [(String, String)] {
        BulkLoadTests.clean.map { $0.0 == file ? ($0.0, text) : $0 }
    }

    @Test func `a key that stands twice is told with both its places`() throws {
        let found = try problems(damaged("Author.csv", "number,name\nA1,x\nA2,\"y\nz\"\nA3,x\nA2,w\nA1,v\n"))
        #expect(
            found.unheld == [
                "Author.csv:6:1: number: 'A2': the key stands twice, first in line 3",
                "Author.csv:7:1: number: 'A1': the key stands twice, first in line 2",
            ])
        #expect(found.unheld == found.held)
        #expect(found.told.isEmpty)
    }

    @Test func `a value that is another row's is told at its place, and hidden where it is personal`() throws {
        let found = try problems(
            damaged("Author.csv", "number,name,idNumber\nA1,x,110105194912310021\nA2,y,\nA3,z,110105194912310021\n"))
        #expect(
            found.unheld == [
                "Author.csv:4:6: idNumber: (value hidden: personal) another row has this value, which must be its own"
            ])
        #expect(found.unheld == found.held)
    }

    @Test func `a reference to no row is told at its place`() throws {
        let found = try problems(
            damaged("Loan.csv", "author,from,to\nA1,2001-01-01,\nA9,2001-01-01,\nA2,2001-01-01,\nA7,2001-01-01,\n"))
        #expect(found.unheld.contains("Loan.csv:3:1: author: 'A9': no Author has this key"))
        #expect(Set(found.unheld) == Set(found.held))
    }

    @Test func `what is wrong with a row by itself is told, with why the files were read again`() throws {
        let found = try problems(damaged("Loan.csv", "author,from,to\nA1,2001-01-01,\nA2,2001-13-01,\n,2001-01-01,\n"))
        #expect(
            found.unheld.first == "Loan.csv:3:4: from: '2001-13-01': not a date (2019-07-31, 20190731, 2019/7/31)"
        )
        #expect(Set(found.unheld) == Set(found.held))
        #expect(
            found.told == ["the files cannot be loaded in bulk (Loan.csv:3 cannot be read in bulk); they are read row by row"])
    }

    @Test func `a column that is missing is told once`() throws {
        let found = try problems(damaged("Author.csv", "name\nx\ny\n"))
        #expect(found.unheld.filter { $0.contains("is missing") }.count == 1)
    }

    @Test func `a check that rows do not keep is told at their places`() throws {
        let text = """
            type Book @node(key: "code") @check(id: "pages", cel: "pages > 0", en: "A book has pages.") {
              code: String!
              pages: Int
            }
            """
        let model = try Model(sources: [ModelSource(name: "books.graphql", bytes: Array(text.utf8))], digest: "books")
        let files = [SourceFile("Book.csv", "code,pages\nA,1\nB,0\nC,\nD,7\nE,-1\n")]
        let refused = load(files, model, heldBytes: 0)
        guard case .failure(let problem) = refused else {
            Issue.record("loaded")
            return
        }
        #expect(
            problem.report.problems.map(\.description) == [
                "Book.csv:3: A book has pages. (check pages)", "Book.csv:6: A book has pages. (check pages)",
            ])
    }

    @Test func `a row of another system's files that comes twice is told, whatever makes its key`() throws {
        let (model, mapping) = (try shippedModel(), try shippedMapping())
        var given = try files(in: repository.appending(path: "Tests/ExchangeTests/Fixtures/register-csv"))
        let place = try #require(given.firstIndex { $0.name == "visits.csv" })
        let lines = try #require(given[place].text).split(separator: "\n").map(String.init)
        given[place] = SourceFile("visits.csv", (lines + [lines[1]]).joined(separator: "\n") + "\n")
        var found: [[String]] = []
        for heldBytes in [0, .max] {
            guard case .failure(let refused) = load(given, model, mapping: mapping, heldBytes: heldBytes) else {
                Issue.record("loaded")
                return
            }
            found.append(refused.report.problems.map(\.description))
        }
        #expect(found[0].count == 1 && found[0][0].hasPrefix("visits.csv:\(lines.count + 1):"))
        #expect(found[0][0].hasSuffix("the key stands twice, first in line 2"))
        #expect(found[0] == found[1])
    }

    /// Files are refused or taken as held ones are, and every file and line that is told is told of held ones too.
    @Test(arguments: 0..<300) func `whatever stands in the files, as much is wrong as with files that are held`(seed: UInt64)
        throws
    {
        var random = SeededRandom(seed: seed)
        let model = try library()
        var texts = BulkLoadTests.clean
        let pieces = [
            "\"", ",", "\n", "A1", "A9", "|", ";", "\\", " ", "'", "x", "2001-01-01", "2.50", "", "\u{FF11}", "POEM",
            "\nA1,x,,\n", "\nA2,2001-01-01,", "A2",
        ]
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            let file = Int.random(in: 0..<texts.count, using: &random)
            var text = Array(texts[file].1.unicodeScalars)
            let place = Int.random(in: 0..<text.count, using: &random)
            text.insert(contentsOf: Array((pieces.randomElement(using: &random) ?? "").unicodeScalars), at: place)
            var view = String.UnicodeScalarView()
            view.append(contentsOf: text)
            texts[file].1 = String(view)
        }
        let files = texts.map { SourceFile($0.0, $0.1) }
        switch (load(files, model, heldBytes: 0), load(files, model, heldBytes: .max)) {
        case (.success, .success): break
        case (.failure(let unheld), .failure(let held)):
            let known = Set(held.report.problems.map { "\($0.file):\($0.line ?? 0)" })
            let told = unheld.report.problems.map { "\($0.file):\($0.line ?? 0)" }
            #expect(!told.isEmpty && Set(told).isSubset(of: known), "seed \(seed): \(texts)\n\(unheld)\n\(held)")
        case (.success, .failure(let refused)), (.failure(let refused), .success):
            Issue.record("seed \(seed): one refuses: \(refused) \(texts)")
        }
    }
}
