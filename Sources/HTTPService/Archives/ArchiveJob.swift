import Exchange
import Model
import Query
import StoreColumns
import Synchronization

/// What is to be archived.
struct ArchiveOrder: Sendable {
    var version: GraphVersion
    var asOf: CivilDate
    /// For whom; nil: everything, as it is.
    var masking: Masking?
    /// What is hidden in this version is hidden in an older one too, where rows are masked.
    var newest: GraphVersion?
    /// A saved question's name and document, with its variables as JSON.
    var question: (name: String, document: [UInt8], variables: [UInt8])?
    /// What the audit is told of the question.
    var trail: AuditTrail?
}

/// One archive that is made, from its order to its end. Whoever ordered it need not stay.
final class ArchiveJob: Sendable {
    enum State: Sendable {
        case writing(rowCount: Int, total: Int)
        /// It is there, and the audit was told.
        case written(ArchiveReport)
        /// Nothing of it is left.
        case ended(Failure)
    }

    enum Failure: Sendable {
        /// The question is not answered without errors.
        case unanswered(QueryAnswer)
        case unreadable(RequestError)
        case refused(ArchiveError)
        /// The audit could not be told.
        case untold(Refusal)
    }

    let name: String
    let order: ArchiveOrder
    private let current = Mutex(State.writing(rowCount: 0, total: 0))

    init(_ name: String, _ order: ArchiveOrder) {
        self.name = name
        self.order = order
    }

    var state: State { current.withLock { $0 } }

    var hasEnded: Bool { if case .writing = state { false } else { true } }

    func isNow(_ state: State) { current.withLock { $0 = state } }

    /// Waits until it has ended, but no longer than so many milliseconds.
    func wait(milliseconds: Int) async -> State {
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        while !hasEnded, ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(5)) }
        return state
    }
}
