import Exchange
import Model
import Query
import StoreColumns
import Testing

/// Whose word a threshold is, where a policy parameter says it. `Schema/formats/Verdict.md`
@Suite struct `Thresholds that parameters say` {
    private static let text = """
        type Book @node(key: "code") { code: String! title: String! @search }
        type Setting @node(key: ["name", "since"]) @period(from: "since", to: "until")
          @parameters(name: "name", value: "value", document: "book")
          @parameter(name: "heavy.from", type: "Int", value: "10", source: "the first book", zh: "重") {
          name: String! since: Date! until: Date value: String book: Book
        }
        type Jar @node(key: "label") @check(id: "not-too-heavy", cel: "weight <= param('heavy.from')", severity: REPORT, en: "It is light.") {
          label: String! weight: Int!
          isHeavy: Boolean! @derived(cel: "weight >= param('heavy.from') || weight == 99")
        }
        """
    private static let settings = """
        heavy.from,2019-01-01,2020-01-01,12,
        heavy.from,2020-01-01,,20,b2

        """
    private static let question = """
        # title-en: Heavy then
        query Then @asOf(date: "2019-06-30") { jars(where: {cel: "weight >= param('heavy.from')"}) { nodes { label } } }
        """

    private static let made: Result<Model, any Error> = Result {
        try Model(sources: [ModelSource(name: "jars.graphql", bytes: Array(text.utf8))], digest: "jars")
    }

    private func desk(settings: String = "") throws -> Desk {
        let model = try Self.made.get()
        let files = [
            ("Book.csv", "code,title\nb2,The second book\n"), ("Jar.csv", "label,weight\na,15\n"),
            ("Setting.csv", "name,since,until,value,book\n" + settings),
        ].map { SourceFile(name: $0.0, bytes: Array($0.1.utf8)) }
        let version = try Importer(model: model).read(files).apply(
            to: .empty(catalog: model.catalog), number: 1, publishedAt: Instant(microseconds: 0),
            overrides: [], asOf: CivilDate(isoText: "2020-06-30"))
        var desk = Desk(model, version, asOf: try #require(CivilDate(isoText: "2020-06-30")))
        let saved = SavedQuestions(
            files: [
                .init(name: "then", bytes: Array(Self.question.utf8)),
                .init(
                    name: "plain",
                    bytes: Array("query P($w: Int = 3) { jars(where: {weight: {gte: $w lt: 100}}) { nodes { label } } }".utf8)
                ),
            ], model: model, limits: QueryLimits())
        desk.service = QueryService(model: model, cursorKey: cursorKey, questions: { saved })
        return desk
    }

    /// The thresholds of a rule on the one jar: `value source parameter document`.
    private func thresholds(_ rule: String, _ desk: Desk, _ parameters: String = "{}") throws -> [String] {
        let data = try desk.data(
            """
            { explain(rule: "\(rule)", key: "a") {
              text conditions { threshold { value source parameter document documentId } } } }
            """, extensions: "{\"parameters\": \(parameters)}")
        return data.explain.conditions.items.map(\.threshold).filter { !$0.isNull }.map { threshold in
            [
                threshold["value"].string, threshold.source.string, threshold.parameter.string, threshold.document.string,
                threshold.documentId.isNull ? nil : "linked",
            ].compactMap(\.self).joined(separator: " ")
        }
    }

    @Test func `a declared value is the parameter's, with where the model has it from`() throws {
        let desk = try desk()
        #expect(try thresholds("not-too-heavy", desk) == ["10 PARAMETER heavy.from the first book"])
        #expect(
            try thresholds("Jar.isHeavy", desk) == ["10 PARAMETER heavy.from the first book", "99 LITERAL"],
            "also inside a derived field")
    }

    @Test func `a value that a row sets is its document's, and a request's is nobody's`() throws {
        let desk = try desk(settings: Self.settings.replacing("2020-01-01,,20", with: "2020-01-01,,10"))
        #expect(try thresholds("not-too-heavy", desk) == ["10 PARAMETER heavy.from b2 The second book linked"])
        #expect(try thresholds("not-too-heavy", desk, #"{"heavy.from": "7"}"#) == ["7 PARAMETER heavy.from"])
        let text = try desk.data("{ explain(rule: \"not-too-heavy\", key: \"a\") { text } }").explain.text.string
        #expect(text?.contains("(heavy.from: b2 The second book)") == true, "\(text ?? "")")
    }

    @Test func `a question with a day of its own reads what held on that day, unless the request says otherwise`() throws {
        let desk = try desk(settings: Self.settings)
        #expect(try thresholds("then", desk) == ["12 PARAMETER heavy.from"])
        #expect(try thresholds("then", desk, #"{"heavy.from": "14"}"#) == ["14 PARAMETER heavy.from"])
        #expect(try thresholds("not-too-heavy", desk) == ["20 PARAMETER heavy.from b2 The second book linked"])
    }

    @Test func `what a question says itself, or a variable, stays so`() throws {
        let found = try thresholds("plain", try desk())
        #expect(found.sorted() == ["100 LITERAL", "3 VARIABLE"], "\(found)")
    }
}
