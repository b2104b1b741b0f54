import Exchange
import Model
import StoreColumns
import Testing

@Suite("Files that change data")
struct StagedImportTests {
    private static let sdl = """
        type Author @node(key: "number")
          @check(id: "long-name", cel: "size(name) < 10", severity: HARD, en: "The name is long.")
          @check(id: "short-name", cel: "size(name) > 1", severity: SOFT, en: "The name is short.")
          @check(id: "with-born", cel: "has(born)", severity: REPORT, en: "The year is missing.") {
          number: String!
          name: String!
          born: Int
          phone: String @personal(class: PII)
          books: [Book!]! @inverse(of: "author")
        }
        type Book @node(key: "title") { title: String!  author: Author! }
        """

    private let model: Model
    private let base: GraphVersion

    init() throws {
        model = try Model(sources: [ModelSource(name: "books.graphql", bytes: Array(Self.sdl.utf8))], digest: "of the test")
        let draft = Importer(model: model).read([
            SourceFile("Author.csv", "number,name,born\nA1,Ada,1815\nA2,Bob,1901\n"),
            SourceFile("Book.csv", "title,author\nNotes,A1\n"),
        ])
        base = try draft.apply(to: .empty(catalog: model.catalog), number: 1, publishedAt: Instant(microseconds: 0))
    }

    private func stage(_ files: [SourceFile], _ change: (inout ImportTerms) -> Void = { _ in }) throws -> StagedImport {
        var terms = ImportTerms()
        change(&terms)
        return Importer(model: model).read(files).stage(
            terms, fingerprint: [], on: base, number: 2, publishedAt: Instant(microseconds: 1),
            asOf: try #require(CivilDate(isoText: "2020-01-01")))
    }

    private func last(_ staged: StagedImport) -> String { staged.report.text.split(separator: "\n").last.map(String.init) ?? "" }

    @Test func `add, change and leave rows as they were, and count them`() throws {
        let staged = try stage([SourceFile("Author.csv", "number,name,born\nA1,Ada,1815\nA2,Eve,1901\nA3,Cy,1999\n")])
        #expect(staged.version?.number == 2 && staged.report.isApplied)
        #expect(
            staged.report.text == """
                Author.csv: 3 rows
                Author: 1 added, 1 changed, 1 as they were
                no problems; version 2
                """)
    }

    @Test func `in full remove what they do not bring, of their types only`() throws {
        let staged = try stage([SourceFile("Author.csv", "number,name,born\nA1,Ada,1815\n")]) { $0.removesMissing = true }
        #expect(staged.report.text.hasSuffix("Author: 1 removed, 1 as they were\nno problems; version 2"))
        #expect(staged.version?[NodeTypeID(0)].liveRowCount == 1 && staged.version?[NodeTypeID(1)].liveRowCount == 1)
        let refused = try stage([SourceFile("Author.csv", "number,name,born\nA2,Bob,1901\n")]) { $0.removesMissing = true }
        #expect(refused.version == nil && refused.report.problems.map(\.code) == [.stillReferenced])
    }

    @Test func `with a bad row change nothing, and say where each is, in the words of every change`() throws {
        let staged = try stage([
            SourceFile("Author.csv", "number,name,born,phone\nA1,A,1815,\nA3,Very long name,?,139\nA4,Long long name,1,139\n"),
            SourceFile("Book.csv", "title,author\nPoems,A9\n"),
        ])
        #expect(staged.version == nil && !staged.report.isApplied)
        #expect(
            staged.report.text == """
                Author.csv: 3 rows, 1 of them cannot be read
                Book.csv: 1 rows
                Author.csv:3:19: born: '?': not a whole number
                1 problem; nothing was applied; the data stays at version 1
                """ || staged.report.text.contains("Author.csv:3:19: born: '?': not a whole number"))
        let checked = try stage([SourceFile("Author.csv", "number,name,born\nA1,A,1815\nA4,Long long name,1\nA5,Eve,\n")])
        #expect(
            checked.report.text == """
                Author.csv: 3 rows
                Author.csv:3: The name is long. (check long-name)
                Author.csv:2: The name is short. (check short-name) (SOFT)
                Author.csv:4: The year is missing. (check with-born) (REPORT)
                Author: 2 added, 1 changed
                3 problems; nothing was applied; the data stays at version 1
                """)
        let dangling = try stage([SourceFile("Book.csv", "title,author\nPoems,A9\n")])
        #expect(dangling.report.text.contains("Book.csv:2:7: author: 'A9': 'author' names a row that does not exist: Author A9."))
    }

    @Test func `pass a SOFT check by an override with its reason`() throws {
        let file = SourceFile("Author.csv", "number,name,born\nA1,A,1815\n")
        #expect(try stage([file]).version == nil)
        let passed = try stage([file]) { $0.overrides = [.init(check: "short-name", reason: "so he is called")] }
        #expect(passed.version != nil && passed.report.problemCount == 1)
        let unreasoned = try stage([file]) { $0.overrides = [.init(check: "short-name", reason: " ")] }
        #expect(unreasoned.version == nil)
    }

    @Test func `leave bad rows out up to the share, and what follows from them`() throws {
        var text = "number,name,born\nA3,x,?\nA4,Much too long,1\n"
        for number in 5..<23 { text += "A\(number),Name,1900\n" }
        let files = [SourceFile("Author.csv", text), SourceFile("Book.csv", "title,author\nPoems,A4\nSongs,A5\n")]
        let staged = try stage(files) { $0.badRowShare = 0.15 }
        #expect(staged.version?[NodeTypeID(0)].liveRowCount == 20 && staged.version?[NodeTypeID(1)].liveRowCount == 2)
        #expect(staged.report.leftOutCount == 3 && staged.report.isApplied)
        #expect(
            staged.report.problems.map { "\($0.place?.file ?? ""):\($0.place?.line ?? 0)" }
                == ["Author.csv:2", "Author.csv:3", "Book.csv:2"])
        let refused = try stage(files) { $0.badRowShare = 0.1 }
        #expect(refused.version == nil && refused.report.leftOutCount == 0)
        // A file that cannot be read as a whole is no row.
        let unknown = try stage([SourceFile("Author.csv", "number,name,weight\nA3,Cy,1\n")]) { $0.badRowShare = 1 }
        #expect(unknown.version == nil && unknown.report.text.contains("Author has no such field"))
    }

    @Test func `tried only, or seen at another version, change nothing`() throws {
        let file = SourceFile("Author.csv", "number,name,born\nA3,Cy,1999\n")
        let trial = try stage([file]) { $0.isDryRun = true }
        #expect(trial.version == nil && last(trial) == "no problems; a trial on version 1: nothing was applied")
        let late = try stage([file]) { $0.expectedVersion = "7" }
        #expect(late.version == nil && late.report.problems.map(\.code) == [.otherVersion])
    }

    @Test func `with a thousand mild findings still show the grave one`() throws {
        var text = "number,name\n"
        for number in 0..<1_500 { text += "B\(number),Name\n" }
        let staged = try stage([SourceFile("Author.csv", text + "B1500,Much too long\n")])
        #expect(staged.report.problemCount == 1_502 && staged.report.problems.count == 1_000)
        #expect(staged.report.problems.count { $0.severity == .hard } == 1)
        #expect(staged.report.problems.first { $0.severity == .hard }?.place?.line == 1_502)
    }
}
