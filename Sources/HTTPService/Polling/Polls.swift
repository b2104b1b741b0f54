import HTTPTypes
import NIOCore
import Query
import StoreColumns
import Synchronization

/// Requests that were answered before, by their targets: what is needed to say that nothing has changed without reading one again,
/// and answers that can be given again.
///
/// All of it is bounded, and none of it is ever needed: what is forgotten is worked out anew.
final class Polls: Sendable {
    /// What makes two requests the same.
    struct Key: Hashable, Sendable {
        var target: String
        /// What the request accepts, as it says it.
        var accept: String
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
        var form: AnswerForm
        var namesChange: Bool
        /// As in `Condition`.
        var keptName: (@Sendable (AnswerIdentity, UInt64, CivilDate) -> String?)?
        /// Of the answer that was given last.
        var name: String
        var interest = Interest()
        let told = Told()
        /// How the answer is made without a request; nil where it is not made ahead.
        var recipe: Recipe?
    }

    /// All that makes an answer beside a version and a date.
    struct Recipe: Sendable {
        var caller: Caller
        var desk: Desk
        var condition: Condition
        var read: @Sendable () throws(RequestError) -> QueryRequest
    }

    /// A request that was read, for those who ask the same.
    final class ReadOnce: Sendable {
        private let request = Mutex<QueryRequest?>(nil)
        private let read: @Sendable () throws(RequestError) -> QueryRequest

        init(_ read: @escaping @Sendable () throws(RequestError) -> QueryRequest) { self.read = read }

        func callAsFunction() throws(RequestError) -> QueryRequest {
            if let known = request.withLock({ $0 }) { return known }
            let made = try read()
            request.withLock { $0 = made }
            return made
        }
    }

    /// What the answer from a version is called, and what says that it is unchanged: put together once.
    struct Telling: Sendable {
        let version: UInt64
        /// As it was asked for, and as it is.
        let asOf, date: CivilDate
        let identity: AnswerIdentity
        let tag: String
        let unchanged: HTTPFields
        /// Of an answer that is sent; nil of tables, which say more of themselves.
        let answered: HTTPFields?
        /// The same as bytes.
        let unchangedHead: AnswerHead
        let answeredHead: AnswerHead?

        init(
            version: UInt64, asOf: CivilDate, date: CivilDate, identity: AnswerIdentity, tag: String, unchanged: HTTPFields,
            answered: HTTPFields?
        ) {
            (self.version, self.asOf, self.date) = (version, asOf, date)
            (self.identity, self.tag, self.unchanged, self.answered) = (identity, tag, unchanged, answered)
            unchangedHead = AnswerHead(.notModified, unchanged)
            answeredHead = answered.map { AnswerHead(.ok, $0) }
        }
    }

    /// The last of these.
    final class Told: Sendable {
        private let last = Mutex<Telling?>(nil)

        func telling(_ version: UInt64, _ asOf: CivilDate) -> Telling? {
            last.withLock { $0.flatMap { $0.version == version && $0.asOf == asOf ? $0 : nil } }
        }

        func keep(_ telling: Telling) { last.withLock { $0 = telling } }
    }

    /// When something was asked for the last time, and the time before.
    final class Interest: Sendable {
        private let last = Atomic<UInt64>(0)
        private let before = Atomic<UInt64>(0)

        func note(_ now: NIODeadline) {
            before.store(last.exchange(now.uptimeNanoseconds, ordering: .relaxed), ordering: .relaxed)
        }

        /// Whether it was asked for twice since then.
        func isHot(since start: NIODeadline) -> Bool { before.load(ordering: .relaxed) > start.uptimeNanoseconds }
    }

    private let polls = LeastRecentlyUsed<Key, Poll>(capacity: 4_096, weightCapacity: 16 << 20)
    private let answers: LeastRecentlyUsed<String, Asking.Answered>

    /// - Parameter answerBytes: Of all answers that are kept.
    init(answerBytes: Int) { answers = LeastRecentlyUsed(capacity: 4_096, weightCapacity: answerBytes) }

    var counts: (polls: Int, answers: Int, answerBytes: Int) { (polls.count, answers.count, answers.weight) }

    subscript(key: Key) -> Poll? { polls[key] }

    /// Keeps what was found of a request that was asked just now.
    func keep(_ poll: Poll, for key: Key) {
        var poll = poll
        if let known = polls[key] { poll.interest = known.interest }
        poll.interest.note(.now())
        // A footing holds the columns that are read, and its document is held by nobody; the address is held in pieces too.
        polls.insert(poll, for: key, weight: 3 * key.target.utf8.count + key.accept.utf8.count + 4_096)
    }

    /// Questions that were asked twice since a moment and can be asked without a request, those asked last first.
    func hot(since start: NIODeadline, atMost count: Int) -> [(key: Key, value: Poll)] {
        polls.newest(atMost: count) { $0.recipe != nil && $0.interest.isHot(since: start) }
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
