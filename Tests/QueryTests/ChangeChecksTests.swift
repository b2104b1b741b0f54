import Exchange
import Model
import Query
import StoreColumns
import Testing

@Suite("Checks of the model")
struct ChangeChecksTests {
    private static let text = """
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

    private let desk: ChangingDesk

    init() throws {
        let model = try Model(sources: [ModelSource(name: "books.graphql", bytes: Array(Self.text.utf8))], digest: "books")
        desk = try ChangingDesk(model, GraphVersion.empty(catalog: model.catalog), asOf: #require(CivilDate(days: 18_000)))
    }

    private func check(
        _ rows: String, _ more: String = "", applied: Bool, _ expected: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let report = try await desk.apply("{books: {upsert: [\(rows)]}}", more, sourceLocation: sourceLocation)
        let found = report.problems.items.map { problem in
            [problem.severity, problem.check, problem.key, problem.message].map { $0.string ?? "-" }.joined(separator: " ")
        }
        #expect(found == expected, sourceLocation: sourceLocation)
        #expect(report.applied.bool == applied, sourceLocation: sourceLocation)
    }

    @Test func `a HARD check refuses, and a missing value breaks no check`() async throws {
        try await check(
            #"{code: "A", title: "Abc", pages: 0}, {code: "B", title: "Abc"}, {code: "C", title: "Abc", pages: -1}"#,
            applied: false,
            ["HARD pages A A book has pages.", "HARD pages C A book has pages."])
        try await check(#"{code: "B", title: "Abc"}"#, applied: true, [])
    }

    @Test func `a SOFT check passes with an override that says why, and is told all the same`() async throws {
        let row = #"{code: "A", title: "Abc", price: 250}"#
        try await check(row, applied: false, ["SOFT price A The price is unusual."])
        try await check(
            row, #"overrides: [{check: "price", reason: " "}]"#, applied: false,
            ["HARD price - An override needs a reason.", "SOFT price A The price is unusual."])
        try await check(
            row, #"overrides: [{check: "price", reason: "A first edition"}]"#, applied: true,
            ["SOFT price A The price is unusual."])
    }

    @Test func `an override names a SOFT check`() async throws {
        try await check(
            #"{code: "A", title: "Abc", pages: 0}"#,
            #"overrides: [{check: "pages", reason: "x"}, {check: "weight", reason: "x"}]"#, applied: false,
            [
                "HARD pages - 'pages' is not a SOFT check and cannot be overridden.",
                "HARD weight - The model has no check 'weight'.", "HARD pages A A book has pages.",
            ])
    }

    @Test func `a REPORT check lists the row and refuses nothing`() async throws {
        try await check(#"{code: "A", title: "Ab"}"#, applied: true, ["REPORT title A size(title) > 2"])
    }

    @Test func `rows that were there, and rows given as they are, are not tested`() async throws {
        try await check(#"{code: "A", title: "Ab"}"#, applied: true, ["REPORT title A size(title) > 2"])
        try await check(#"{code: "A", title: "Ab"}, {code: "B", title: "Abc"}"#, applied: true, [])
        try await check(#"{code: "A", pages: 3}"#, applied: true, ["REPORT title A size(title) > 2"])
    }

    @Test func `the rows of a version that keep no check are found, whenever they came`() async throws {
        try await check(
            #"{code: "A", title: "Ab"}, {code: "B", title: "Abc", price: 101}, {code: "C", title: "Abc"}, {code: "D", title: "x"}"#,
            #"overrides: [{check: "price", reason: "old"}]"#, applied: true,
            ["SOFT price B The price is unusual.", "REPORT title A size(title) > 2", "REPORT title D size(title) > 2"])
        let breaches = try desk.service.model.breaches(in: desk.writer.current, asOf: desk.asOf)
        #expect(breaches.map(\.check.id) == ["price", "title"])
        #expect(breaches.map(\.rows) == [[1], [0, 3]])
    }

    @Test(arguments: [
        (#"@check(id: "a", cel: "pages >")"#, "The check 'a' is not understood"),
        (#"@check(id: "a", cel: "pages")"#, "The check 'a' is not understood"),
        (#"@check(id: "a", cel: "pages > 0") @check(id: "a", cel: "pages > 1")"#, "Two checks are called 'a'"),
    ])
    func `a check that cannot be used is reported with its file`(check: String, message: String) throws {
        let text = "type Book @node(key: \"code\") \(check) { code: String! pages: Int }"
        do {
            _ = try Model(sources: [ModelSource(name: "books.graphql", bytes: Array(text.utf8))], digest: "")
            Issue.record("the model was taken")
        } catch {
            #expect(error.problems.count == 1)
            #expect(error.problems[0].message.hasPrefix(message), "\(error)")
            #expect(error.description.hasPrefix("books.graphql:1:"), "\(error)")
        }
    }

    @Test(arguments: Sample.allCases)
    func
        `a sample keeps every check and procedure of the shipped model that could refuse it, and each says what it asks in two languages`(
            register: Sample
        ) throws
    {
        let sample = try register.desk(asOf: "2025-12-31")
        let model = sample.service.model
        let staged = model.stage(
            ChangeRequest(ChangeSet(of: sample.version)), on: .empty(catalog: model.catalog), number: 1,
            publishedAt: Instant(microseconds: 0), asOf: sample.asOf)
        #expect(staged.report.problems.filter { $0.severity != .report } == [])
        #expect(staged.version != nil)
        #expect(model.checks.count >= 10)
        for check in model.checks + model.guards.map(\.check) {
            #expect(check.label.chinese != nil, "\(check.id)")
            #expect(check.explanation.hasSuffix(".") || check.explanation.hasSuffix(")"), "\(check.id)")
        }
    }
}
