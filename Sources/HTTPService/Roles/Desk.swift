import Query
import Synchronization

/// Where people of one role ask: what the API is for them, and what is saved for it.
final class Desk: Sendable {
    let queries: QueryService
    let schema: FixedContent?
    /// Whether saved questions are answered and nothing else.
    let asksSavedOnly: Bool
    private let shelf: QuestionShelf
    private let fitting: (@Sendable (SavedQuestions) -> SavedQuestions)?
    private let fitted = Mutex<(generation: Int, questions: SavedQuestions)?>(nil)
    private let list = QuestionList()

    /// Where everything may be asked.
    init(_ content: ServiceContent) {
        (queries, schema, shelf) = (content.queries, content.schema, content.shelf)
        (asksSavedOnly, fitting) = (false, nil)
    }

    init(_ role: RoleContent, _ shelf: QuestionShelf) {
        queries = role.queries
        schema = role.schema.map { FixedContent(contentType: "text/plain; charset=utf-8", bytes: $0) }
        asksSavedOnly = role.asksSavedOnly
        fitting = role.fitting
        self.shelf = shelf
    }

    /// The saved questions that may be asked here, with the generation that they are.
    var questions: (questions: SavedQuestions, generation: Int) {
        let (all, generation) = shelf.both
        guard let fitting else { return (all, generation) }
        if let known = fitted.withLock({ $0?.generation == generation ? $0?.questions : nil }) { return (known, generation) }
        let questions = fitting(all)
        fitted.withLock { $0 = (generation, questions) }
        return (questions, generation)
    }

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
    private let shelf: QuestionShelf
    private let places: [String: Place]

    init(_ content: ServiceContent) {
        whole = Desk(content)
        shelf = content.shelf
        places = content.roles.mapValues { Place($0) }
    }

    /// The desk of whoever asks. Cost: the first time that somebody of a role asks, its API is made, which takes a part of a second.
    subscript(viewer: QueryService.Viewer) -> Desk {
        guard let place = places[QueryService.role(of: viewer)] else { return whole }
        // Whoever asks while it is made waits for it.
        return place.desk.withLock { desk in
            if let desk { return desk }
            let made = Desk(place.make(), shelf)
            desk = made
            return made
        }
    }

    /// As it stands; nobody waits for one to be made.
    var made: [Desk] { [whole] + places.values.compactMap { $0.desk.withLock { $0 } } }
}
