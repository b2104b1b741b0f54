import Exchange
import Model
import Query
import StoreColumns

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
    private let progress = JobProgress(State.writing(rowCount: 0, total: 0)) { if case .writing = $0 { false } else { true } }

    init(_ name: String, _ order: ArchiveOrder) {
        self.name = name
        self.order = order
    }

    var state: State { progress.state }

    func isNow(_ state: State) { progress.isNow(state) }

    /// Waits until it has ended, but no longer than so many milliseconds.
    func wait(milliseconds: Int) async -> State { await progress.wait(milliseconds: milliseconds) }
}
