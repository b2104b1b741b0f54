import HTTPTypes
import Hummingbird
import NIOCore
import Query
import Store
import StoreColumns

/// Requests that come again on their connection, byte for byte: what dashboards send all day.
///
/// The first time they are answered as all are. What was found then (route, question, who asks, what the client has) is the same as long
/// as the bytes are; what was found of the data is looked up anew each time. So the answer is that of the routes, made without them.
extension Answerer {
    /// A request that was read, as far as its answer depends on it.
    private struct Repeated: Sendable {
        let key: Polls.Key
        let route: Route
        let caller: Caller
        /// `If-None-Match`
        let condition: String?
        let byteCount: Int
    }

    /// Leaves word with the connection how the request is answered when it comes again.
    ///
    /// Not where anybody has to be told of each answer before it is given (audit, allowances of keys): that takes waiting. Not where fields
    /// of the answer depend on the page that asks.
    func answersAgain(_ request: Request, _ key: Polls.Key, at route: Route, _ caller: Caller) {
        guard let client = Client.current, request.method == .get, settings.auditor == nil, settings.doorkeeper == nil,
            state.originRule?.allowsOthers != true
        else { return }
        let repeated = Repeated(
            key: key, route: route, caller: caller, condition: request.headers[.ifNoneMatch],
            byteCount: key.target.utf8.count)
        let turn = client.turn
        client.answersAgain { answer(again: repeated, turn) }
    }

    /// The whole answer; nil where something has to be waited for, or is not known any more.
    private func answer(again repeated: Repeated, _ turn: LoopTurn?) -> ByteBuffer? {
        guard !state.isStopping, content.shelf.generation == repeated.key.generation, let poll = polls[repeated.key] else {
            return nil
        }
        let start = ContinuousClock.now
        poll.interest.note(.now())
        ahead.wake()
        let version = content.store.current
        guard let telling = telling(poll, version) else { return nil }
        let status: Int
        let answer: ByteBuffer
        let byteCount: Int
        switch foreknown(poll, telling, condition: repeated.condition) {
        case .unchanged:
            (status, byteCount) = (304, 0)
            answer = telling.unchangedHead.answer(date: date.text)
        case .kept(let kept):
            guard let head = telling.answeredHead, kept.body.count <= Self.repeatedByteLimit else { return nil }
            (status, byteCount) = (200, kept.body.count)
            answer = head.answer(date: date.text, body: kept.body)
        case .toBeAsked(let recipe):
            guard let head = telling.answeredHead,
                let made = asking.askAtOnce(
                    moment(version, telling, repeated.caller, desks.whole), recipe.condition, byteCount: repeated.byteCount,
                    turn: turn, read: recipe.read),
                let identity = made.identity
            else { return nil }
            keep(identity, of: poll, for: repeated.key)
            if let document = made.slowDocument { log.tellSlow(made, at: repeated.route, document: document) }
            (status, byteCount) = (200, made.body.count)
            answer = head.answer(date: date.text, timing: Self.timing(made), body: made.body)
        case .unnamed:
            return nil
        }
        let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
        requests.addRepeated()
        requests.add(route: repeated.route.name, status: status, milliseconds: milliseconds, byteCount: byteCount)
        log.tellAnswer(
            route: repeated.route.name, method: "GET", status: status, milliseconds: milliseconds, byteCount: byteCount)
        return answer
    }

    /// Of an answer that is written at once. Of longer ones the connection watches how they are taken.
    private static var repeatedByteLimit: Int { 64 << 10 }
}
