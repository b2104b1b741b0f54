import Query
import Synchronization

/// Where people of one role ask: what the API is for them, and what is saved for it.
final class Desk: Sendable {
    let queries: QueryService
    let schema: FixedContent?
    /// Whether saved questions are answered and nothing else.
    let asksSavedOnly: Bool
    private let both: @Sendable () -> (questions: SavedQuestions, generation: Int)
    private let list = QuestionList()

    /// Where everything may be asked.
    init(_ content: ServiceContent) {
        let shelf = content.shelf
        (queries, schema, asksSavedOnly) = (content.queries, content.schema, false)
        both = { shelf.both }
    }

    init(_ role: RoleContent) {
        let shelf = role.questions
        (queries, asksSavedOnly) = (role.queries, role.asksSavedOnly)
        schema = role.schema.map { FixedContent(contentType: "text/plain; charset=utf-8", bytes: $0) }
        both = { shelf.both }
    }

    /// Whether figures of many are told here and nothing else, from one version a day.
    var seesAggregatesOnly: Bool { queries.seesAggregatesOnly }

    /// The saved questions that may be asked here, with the generation that they are.
    var questions: (questions: SavedQuestions, generation: Int) { both() }

    /// `/q`
    var listing: FixedContent { list.current(questions) }

    /// `/openapi.json`
    func openAPI(hasKeys: Bool) -> FixedContent { list.openAPI(questions, hasKeys: hasKeys) }
}

/// The desks of a server: one where everything may be asked, and one for each role of its own, made when somebody of the role first
/// asks: most servers see few of them.
final class Desks: Sendable {
    private final class Place: Sendable {
        let make: @Sendable () -> RoleContent
        let desk = Mutex<Desk?>(nil)
        init(_ make: @escaping @Sendable () -> RoleContent) { self.make = make }
    }

    let whole: Desk
    private let places: [String: Place]

    init(_ content: ServiceContent) {
        whole = Desk(content)
        places = content.roles.mapValues { Place($0) }
    }

    /// The desk of whoever asks. Cost: the first time that somebody of a role asks, its API is made, which takes a part of a second.
    subscript(viewer: QueryService.Viewer) -> Desk {
        guard let place = places[QueryService.role(of: viewer)] else { return whole }
        // Whoever asks while it is made waits for it.
        return place.desk.withLock { desk in
            if let desk { return desk }
            let made = Desk(place.make())
            desk = made
            return made
        }
    }
}
