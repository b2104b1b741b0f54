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

    let queries: QueryService
    let threads: QueryThreads
    let running: RunningQuestions
    let deadlineMilliseconds: Int64

    var counts: (running: Int, waiting: Int) { threads.counts }

    /// - Parameter read: Reads the request. That takes time in proportion to its size, so it too is done on the thread.
    func ask(
        _ moment: Moment, read: @escaping @Sendable () throws(RequestError) -> QueryRequest
    ) async throws(Refusal) -> QueryAnswer {
        let client = Client.current
        let budget = Budget(limits: queries.limits)
        let deadline = ContinuousClock.now + .milliseconds(deadlineMilliseconds)
        let number = running.begin(deadline: deadline) { reason in
            budget.stop(reason == .overdue ? .deadline : .cancelled)
        }
        client?.onLeaving { budget.stop(.cancelled) }
        defer {
            running.end(number)
            client?.forgetLeaving()
        }
        let queries = self.queries
        return try await threads.run {
            do throws(RequestError) {
                let request = try read()
                return queries.answer(request, version: moment.version, asOf: moment.asOf, viewer: .local, budget: budget)
            } catch {
                return queries.answer(error, version: moment.version, asOf: moment.asOf)
            }
        }
    }
}
