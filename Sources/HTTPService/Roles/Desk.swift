import Access
import Dispatch
import Query
import Synchronization

/// Where people of one role ask: what the API is for them, and what is saved for it.
final class Desk: Sendable {
    let queries: QueryService
    let schema: FixedContent?
    /// Whether saved questions are answered and nothing else.
    let asksSavedOnly: Bool
    /// Whether everything may be asked here, by every row.
    let isWhole: Bool
    /// Whether some questions are refused that state no reason.
    let needsReasons: Bool
    /// Whether the audit may be asked.
    let asksAudit: Bool
    private let both: @Sendable () -> (questions: SavedQuestions, generation: Int)
    private let list = QuestionList()

    /// Where everything may be asked.
    init(_ content: ServiceContent) {
        let shelf = content.shelf
        (queries, schema, asksSavedOnly, isWhole) = (content.queries, content.schema, false, true)
        (needsReasons, asksAudit) = (queries.needsReasons, false)
        both = { shelf.both }
    }

    init(_ role: RoleContent) {
        let shelf = role.questions
        (queries, asksSavedOnly, isWhole) = (role.queries, role.asksSavedOnly, false)
        (needsReasons, asksAudit) = (queries.needsReasons, role.asksAudit)
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

/// The desks of a server: one where everything may be asked, for those roles that every server has, and one for each role of its own, made
/// when somebody of the role first asks: most servers see few of them.
final class Desks: Sendable {
    private enum Place: Sendable {
        case absent
        /// With those who wait for it.
        case inMaking([CheckedContinuation<Desk, Never>])
        case made(Desk)
    }

    let whole: Desk
    private let makers: [String: @Sendable () -> RoleContent]
    private let places = Mutex<[String: Place]>([:])
    /// No event loop waits for an API that is made, and no question's thread.
    private let queue = DispatchQueue(label: "hearth.desks", attributes: .concurrent)

    init(_ content: ServiceContent) {
        whole = Desk(content)
        makers = content.roles
    }

    /// The desk of whoever asks. Cost: the first time that somebody of a role asks, its API is made, which takes a part of a second, and for
    /// which nobody else waits.
    ///
    /// - Throws: `roleClosed`, where nobody has said what the role may see.
    func desk(of viewer: QueryService.Viewer) async throws(Refusal) -> Desk {
        let role = QueryService.role(of: viewer)
        guard let make = makers[role] else {
            guard viewer == QueryService.localViewer || BuiltInRole(rawValue: role) != nil else { throw .roleClosed(role: role) }
            return whole
        }
        if case .made(let desk)? = places.withLock({ $0[role] }) { return desk }
        return await withCheckedContinuation { waiting in
            let isFirst = places.withLock { places -> Bool in
                switch places[role] ?? .absent {
                case .made(let desk):
                    waiting.resume(returning: desk)
                    return false
                case .inMaking(let others):
                    places[role] = .inMaking(others + [waiting])
                    return false
                case .absent:
                    places[role] = .inMaking([waiting])
                    return true
                }
            }
            if isFirst { queue.async { self.keep(Desk(make()), of: role) } }
        }
    }

    private func keep(_ desk: Desk, of role: String) {
        let waiting = places.withLock { places -> [CheckedContinuation<Desk, Never>] in
            defer { places[role] = .made(desk) }
            if case .inMaking(let waiting)? = places[role] { return waiting }
            return []
        }
        for continuation in waiting { continuation.resume(returning: desk) }
    }
}
