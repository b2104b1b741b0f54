import HTTPService
import Model
import Query
import StoreColumns

/// What the tests' servers serve: one group of items, each of which can be asked how many of its group stand before it.
enum TestContent {
    static let today = "2026-11-21"

    /// A question that looks at every pair of items.
    static let pairsDocument = "{ items(where: {before: {gte: 0}}, first: 1) { totalCount } }"

    /// So few items that every other question is answered at once.
    static let small = content(itemCount: 3)

    /// Pairs for about a second in a debug build. Made anew for each server, because what was computed once is kept.
    static func slow() -> ServiceContent { content(itemCount: 1_200) }

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
          "How many items of its group have a smaller number."
          before: Int! @derived(cel: "size(group.items.filter(i, i.number < number))")
        }
        """

    private static func content(itemCount: Int32) -> ServiceContent {
        var limits = QueryLimits()
        limits.rowsVisited = QueryLimits.hardCaps.rowsVisited
        do {
            let model = try Model(
                sources: [ModelSource(name: "items.graphql", bytes: Array(sdl.utf8))], digest: "of the tests")
            guard let group = model.catalog.nodeType(named: "Group"), let item = model.catalog.nodeType(named: "Item"),
                let day = CivilDate(isoText: today)
            else { preconditionFailure("the model says so") }
            let one = Key([.int(1)])
            let changes = ChangeSet(types: [
                TypeChanges(type: group, columns: [0], cells: [.int(1)]),
                TypeChanges(type: item, columns: [0, 1], cells: (0..<itemCount).flatMap { [.int($0), .reference(one)] }),
            ])
            let version = try GraphVersion.empty(catalog: model.catalog).applying(
                changes, number: 1, publishedAt: Instant(microseconds: 0))
            return ServiceContent(
                queries: QueryService(model: model, limits: limits, cursorKey: [UInt8](repeating: 3, count: 32)), limits: limits,
                questions: SavedQuestions(), currentVersion: { version }, today: { day }, schema: Array(model.schemaText.utf8),
                pages: Pages(
                    start: { _, _ in Array("<html>".utf8) },
                    assets: ["start.js": .init(contentType: "text/javascript", bytes: [1])]))
        } catch {
            preconditionFailure("the tests' register can be made: \(error)")
        }
    }
}
