import HTTPService
import Query
import StoreColumns

/// What the tests' servers serve.
enum TestContent {
    static let small = ServiceContent(
        queries: QueryService(), limits: QueryLimits(), questions: SavedQuestions(), currentVersion: { GraphVersion() },
        today: { CivilDate(days: 0) }, schema: Array("type Query { a: Int }".utf8),
        pages: Pages(
            start: { _, _ in Array("<html>".utf8) }, assets: ["start.js": .init(contentType: "text/javascript", bytes: [1])]))
}
