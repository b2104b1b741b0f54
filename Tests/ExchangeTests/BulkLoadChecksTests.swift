import Exchange
import Model
import StoreColumns
import Testing

/// A clean file that breaks a check is refused in bulk as it is by way of a change set.
extension BulkLoadTests {
    private func publisher() throws -> Model {
        let model = """
            type Publisher @node(key: "code") {
              code: String!
              books: [Book!]! @inverse(of: "publisher")
            }
            type Book @node(key: "code")
              @check(id: "pages", cel: "pages > 0", en: "A book has pages.")
              @check(id: "price", cel: "price <= 100.0", severity: SOFT, en: "The price is unusual.")
              @check(id: "title", cel: "size(title) > 2", severity: REPORT)
              @check(id: "printed", cel: "printed <= asOf()", en: "It is not printed yet.") {
              code: String!
              title: String!
              pages: Int
              price: Decimal @decimal(digits: 2)
              printed: Date
              publisher: Publisher
            }
            """
        return try Model(sources: [ModelSource(name: "books.graphql", bytes: Array(model.utf8))], digest: "books")
    }

    private func books(_ rows: String) -> [SourceFile] {
        [
            SourceFile("Publisher.csv", "code\nP1\n"),
            SourceFile("Book.csv", "code,title,pages,price,printed,publisher\n" + rows),
        ]
    }

    /// Loads books in bulk, and both ways; what they were refused with, and whether the bulk way was gone to the end.
    private func load(
        _ rows: String, overriding overrides: [ChangeRequest.Override] = [], asOf: CivilDate = Self.day,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> (problems: [String], isBulk: Bool) {
        let (files, model) = (books(rows), try publisher())
        let bulk = Importer(model: model).loadInBulk(
            files, number: 1, publishedAt: Self.instant, overrides: overrides, asOf: asOf, workers: 2)
        let outcome = try check(files, model, overriding: overrides, asOf: asOf, sourceLocation: sourceLocation)
        guard case .refused(let report) = outcome else { return ([], bulk.isLoaded) }
        return (report.problems.map(\.description), bulk.isLoaded)
    }

    @Test func `a HARD check that is broken refuses clean files, with file, line and check`() throws {
        let loaded = try load("A,Abc,1,,,P1\nB,Abc,0,,,\nC,Abc,,,,\n")
        #expect(loaded.problems == ["Book.csv:3: A book has pages. (check pages)"])
        #expect(!loaded.isBulk)
    }

    @Test func `a SOFT check that is broken needs an override`() throws {
        let refused = try load("A,Abc,1,250,,P1\n")
        #expect(refused.problems == ["Book.csv:2: The price is unusual. (check price)"])
        #expect(!refused.isBulk)
        let passed = try load("A,Abc,1,250,,P1\n", overriding: [.init(check: "price", reason: "A first edition")])
        #expect(passed.problems.isEmpty)
        #expect(passed.isBulk)
    }

    @Test func `a REPORT check that is broken keeps nothing from being loaded in bulk`() throws {
        let loaded = try load("A,x,1,,,P1\n")
        #expect(loaded.problems.isEmpty)
        #expect(loaded.isBulk)
    }

    @Test func `a check reads the as-of date that is handed in`() throws {
        let early = try load("A,Abc,1,,2020-05-02,P1\n", asOf: try #require(CivilDate(isoText: "2020-05-01")))
        #expect(early.problems == ["Book.csv:2: It is not printed yet. (check printed)"])
        let late = try load("A,Abc,1,,2020-05-02,P1\n", asOf: try #require(CivilDate(isoText: "2020-05-02")))
        #expect(late.problems.isEmpty)
        #expect(late.isBulk)
    }
}
