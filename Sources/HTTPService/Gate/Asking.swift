import Expressions
import Query
import StoreColumns

/// Brings a question to a thread, stops it when its time is over or nobody waits for it, and brings back the answer.
struct Asking: Sendable {
    /// What a request sees: one version, one day.
    struct Moment: Sendable {
        var version: GraphVersion
        var asOf: CivilDate
    }

    /// What came of a question.
    struct Answered: Sendable {
        var outcome: QueryAnswer.Outcome
        var body: [UInt8]
        var version: UInt64
        var asOf: CivilDate
    }

    let queries: QueryService
    let threads: QueryThreads
    let deadlineMilliseconds: Int64

    var counts: (running: Int, waiting: Int) { threads.counts }

    /// - Parameter read: Reads the request. That takes time in proportion to its size, so it too is done on the thread.
    func ask(
        _ moment: Moment, read: @escaping @Sendable () throws(RequestError) -> QueryRequest
    ) async throws(Refusal) -> Answered {
        let client = Client.current
        let budget = queries.makeBudget()
        client?.onLeaving { budget.stop(.cancelled) }
        defer { client?.forgetLeaving() }
        let queries = self.queries
        return try await threads.run(
            within: deadlineMilliseconds, stop: { budget.stop($0 == .overdue ? .deadline : .cancelled) }
        ) {
            do throws(RequestError) {
                let request = try read()
                let answer = queries.answer(
                    request, version: moment.version, asOf: moment.asOf, viewer: QueryService.localViewer, budget: budget)
                return Answered(outcome: answer.outcome, body: answer.body, version: answer.version, asOf: answer.asOf)
            } catch {
                return Answered(outcome: error.outcome, body: error.body, version: moment.version.number, asOf: moment.asOf)
            }
        }
    }
}
