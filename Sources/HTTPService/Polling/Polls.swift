import Query
import StoreColumns

/// Requests that were answered before, by their targets: what is needed to say that nothing has changed without reading one again,
/// and answers that can be given again.
///
/// All of it is bounded, and none of it is ever needed: what is forgotten is worked out anew.
final class Polls: Sendable {
    /// What makes two requests the same.
    struct Key: Hashable, Sendable {
        var target: String
        var form: String
        /// Of who asks: what one may see is never said to be unchanged to another.
        var viewer: QueryService.Viewer
        /// Of the saved questions.
        var generation: Int
    }

    struct Poll: Sendable {
        var footing: AnswerFooting
        /// The date that the URL names.
        var asOf: CivilDate?
        /// What the audit is told of the request.
        var trail: AuditTrail?
    }

    private let polls = LeastRecentlyUsed<Key, Poll>(capacity: 4_096, weightCapacity: 8 << 20)
    private let answers: LeastRecentlyUsed<String, Asking.Answered>

    /// - Parameter answerBytes: Of all answers that are kept.
    init(answerBytes: Int) { answers = LeastRecentlyUsed(capacity: 4_096, weightCapacity: answerBytes) }

    var counts: (polls: Int, answers: Int, answerBytes: Int) { (polls.count, answers.count, answers.weight) }

    subscript(key: Key) -> Poll? { polls[key] }

    func keep(_ poll: Poll, for key: Key) {
        // A footing holds the columns that are read, and its document is held by nobody.
        polls.insert(poll, for: key, weight: key.target.utf8.count + 1_024)
    }

    /// The answer of a name and form.
    func answer(_ tag: String) -> Asking.Answered? { answers[tag] }

    func keep(_ answer: Asking.Answered, as tag: String) {
        guard answer.outcome == .data else { return }
        var answer = answer
        (answer.rowsVisited, answer.milliseconds, answer.trail, answer.footing, answer.reason) = (0, 0, nil, nil, nil)
        answers.insert(answer, for: tag, weight: answer.body.count + (answer.reads?.byteCount ?? 0) + 512)
    }
}
