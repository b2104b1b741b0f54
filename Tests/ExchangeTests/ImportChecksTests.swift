import Exchange
import Model
import StoreColumns
import Testing

/// An import keeps the model's checks as the mutation does, and says in which line one is broken.
@Suite("Checks of an import") struct ImportChecksTests {
    private func draft(_ text: String) throws -> (ImportDraft, Model) {
        let model = """
            type Book @node(key: "code")
              @check(id: "pages", cel: "pages > 0", zh: "页数为正", en: "A book has pages.")
              @check(id: "price", cel: "price <= 100.0", severity: SOFT, en: "The price is unusual.")
              @check(id: "title", cel: "size(title) > 2", severity: REPORT) {
              code: String!
              title: String!
              pages: Int
              price: Decimal @decimal(digits: 2)
            }
            """
        let books = try Model(sources: [ModelSource(name: "books.graphql", bytes: Array(model.utf8))], digest: "books")
        return (Importer(model: books).read([SourceFile(name: "Book.csv", bytes: Array(text.utf8))]), books)
    }

    private func check(
        _ rows: String, overriding overrides: [ChangeRequest.Override] = [], refuses expected: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let (draft, model) = try draft("code,title,pages,price\n" + rows)
        do {
            _ = try draft.apply(
                to: .empty(catalog: model.catalog), number: 1, publishedAt: Instant(microseconds: 0), overrides: overrides)
            #expect(expected.isEmpty, sourceLocation: sourceLocation)
        } catch {
            #expect(error.report.problems.map(\.description) == expected, sourceLocation: sourceLocation)
            #expect(error.report.problemCount == expected.count, sourceLocation: sourceLocation)
        }
    }

    @Test func `a row that breaks a HARD check refuses the files, with its line`() throws {
        try check(
            "A,Abc,1,\nB,Abc,0,\nC,Abc,-1,5\nD,Abc,,\n",
            refuses: [
                "Book.csv:3: A book has pages. (check pages)", "Book.csv:4: A book has pages. (check pages)",
            ])
    }

    @Test func `a row that breaks a SOFT check needs an override`() throws {
        try check("A,Abc,1,250\n", refuses: ["Book.csv:2: The price is unusual. (check price)"])
        try check("A,Abc,1,250\n", overriding: [.init(check: "price", reason: "A first edition")], refuses: [])
    }

    @Test func `a REPORT check refuses nothing`() throws {
        try check("A,x,1,2\n", refuses: [])
    }
}
