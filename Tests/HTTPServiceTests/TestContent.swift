import HTTPService
import Model
import Query
import Store
import StoreColumns

/// What the tests' servers serve: one group of items, each of which can be asked how many of its group stand before it.
enum TestContent {
    static let today = "2026-11-21"

    /// A question that looks at every pair of items.
    static let pairsDocument = "{ items(where: {before: {gte: 0}}, first: 1) { totalCount } }"

    /// The small one, with a saved question: the items from a number on.
    static let asked = content(
        itemCount: 3, questions: ["from": "query ($number: Int!) { items(where: {number: {gte: $number}}) { totalCount } }"])

    /// So few items that every other question is answered at once.
    static let small = content(itemCount: 3)

    /// The small one, made anew for tests that change it.
    ///
    /// - Parameter checks: Of items, as the model writes them.
    static func changing(questions: [String: String] = [:], checks: String = "") -> ServiceContent {
        content(itemCount: 3, questions: questions, checks: checks)
    }

    /// Pairs for about a second in a debug build. Made anew for each server, because what was computed once is kept.
    static func slow(questions: [String: String] = [:]) -> ServiceContent { content(itemCount: 1_200, questions: questions) }

    /// Pairs for many minutes: who asks for them gets an answer only because something stopped them.
    static func endless() -> ServiceContent { content(itemCount: 100_000) }

    private static let sdl = """
        type Group @node(key: "number") {
          number: Int!
          items: [Item!]! @inverse(of: "group")
        }
        type Item @node(key: "number") {
          number: Int!
          group: Group!
          "Of the first item, a text that some patterns cannot be done with."
          label: String
          "How many items of its group have a smaller number."
          before: Int! @derived(cel: "size(group.items.filter(i, i.number < number))")
          isFirst: Boolean! @derived(cel: "before == 0") @label(zh: "首个")
        }
        """

    /// The small one, with a desk for a role, at which everything may be asked.
    static func changing(desk role: String) -> ServiceContent {
        var content = changing()
        let (queries, shelf, limits) = (content.queries, content.shelf, content.limits)
        content.roles[role] = {
            RoleContent(
                queries: queries, questions: RoleShelf(shelf, fitting: queries.model, limits: limits, language: QueryLanguage()),
                schema: nil)
        }
        return content
    }

    /// The small one, changed.
    static func small(language: QueryLanguage = QueryLanguage(), _ change: (inout QueryLimits) -> Void = { _ in })
        -> ServiceContent
    {
        content(itemCount: 3, language: language, change)
    }

    private static func content(
        itemCount: Int32, questions: [String: String] = [:], checks: String = "", language: QueryLanguage = QueryLanguage(),
        _ change: (inout QueryLimits) -> Void = { _ in }
    ) -> ServiceContent {
        var limits = QueryLimits()
        limits.rowsVisited = QueryLimits.hardCaps.rowsVisited
        change(&limits)
        do {
            let text = sdl.replacing("type Item @node(key: \"number\")", with: "type Item @node(key: \"number\") \(checks)")
            let model = try Model(
                sources: [ModelSource(name: "items.graphql", bytes: Array(text.utf8))], digest: "of the tests")
            guard let group = model.catalog.nodeType(named: "Group"), let item = model.catalog.nodeType(named: "Item"),
                let day = CivilDate(isoText: today)
            else { preconditionFailure("the model says so") }
            let one = Key([.int(1)])
            let changes = ChangeSet(types: [
                TypeChanges(type: group, columns: [0], cells: [.int(1)]),
                TypeChanges(
                    type: item, columns: [0, 1, 2],
                    cells: (0..<itemCount).flatMap { number -> [Cell] in
                        let label = number == 0 ? Cell.string(String(repeating: "a", count: 40) + "!") : .null
                        return [.int(number), .reference(one), label]
                    }),
            ])
            let version = try GraphVersion.empty(catalog: model.catalog).applying(
                changes, number: 1, publishedAt: Instant(microseconds: 0))
            let store = Store(version)
            var pages = Pages(
                start: { Array(($2 ? "<html>counts" : "<html>").utf8) },
                assets: ["start.js": .init(contentType: "text/javascript", bytes: [1])],
                signIn: try Template(
                    "{{#refused}}refused {{/refused}}{{#signedOut}}out{{/signedOut}}{{#signedIn}}in as {{name}}{{/signedIn}}"))
            pages.named["board"] = .init(contentType: "text/html; charset=utf-8", bytes: Array("<p>a board".utf8))
            return ServiceContent(
                queries: QueryService(
                    model: model, limits: limits, language: language, cursorKey: [UInt8](repeating: 3, count: 32),
                    versions: VersionSource(store)),
                limits: limits,
                questions: QuestionShelf(
                    SavedQuestions(
                        files: questions.map { .init(name: $0.key, bytes: Array($0.value.utf8)) }, model: model, limits: limits)),
                store: store,
                writer: StoreWriter(store), today: { day },
                schema: language.introspects ? Array(model.schemaText.utf8) : nil,
                pages: pages)
        } catch {
            preconditionFailure("the tests' register can be made: \(error)")
        }
    }
}
