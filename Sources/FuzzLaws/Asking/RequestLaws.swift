import Expressions
import Model
import Query
import StoreColumns

/// Whatever a body says, the answer is JSON, has data or errors, and is the same when it is asked again. Changes that are applied leave a
/// version that can be told as any other.
enum RequestLaws {
    static let limits: QueryLimits = {
        var limits = QueryLimits()
        limits.rowsVisited = 20_000
        limits.rowsReturned = 2_000
        limits.answerBytes = 1 << 20
        limits.queryMemoryBytes = 16 << 20
        return limits
    }()
    static let cursorKey = [UInt8](repeating: 7, count: 32)
    static let service = QueryService(model: SampleData.model, limits: limits, cursorKey: cursorKey)
    static let asOf = CivilDate(isoText: "2020-06-01") ?? CivilDate.earliest

    static func check(_ bytes: [UInt8]) throws(BrokenLaw) {
        let request: QueryRequest
        do throws(RequestError) {
            request = try QueryRequest.parse(json: bytes, limits: limits)
        } catch {
            return try hold(!error.errors.isEmpty && error.errors.allSatisfy { !$0.message.isEmpty }, "refused without a reason")
        }
        try checkAnswers(request)
    }

    static func checkAnswers(_ request: QueryRequest) throws(BrokenLaw) {
        let answer = try answer(request)
        try JSONLaws.checkAnswer(answer.body)
        // A document that was sent with its digest is kept, so that the digest alone is enough the next time.
        guard request.persistedQuery == nil else { return }
        let again = try self.answer(request)
        try hold(again.body == answer.body && again.outcome == answer.outcome, "the same request has two answers")
    }

    static func answer(_ request: QueryRequest) throws(BrokenLaw) -> QueryAnswer {
        let step = service.begin(
            request, version: SampleData.version, asOf: asOf, viewer: QueryService.localViewer, budget: service.makeBudget())
        switch step {
        case .answered(let answer): return answer
        case .versions:
            return service.answer(
                request, version: SampleData.version, asOf: asOf, viewer: QueryService.localViewer,
                budget: service.makeBudget())
        case .mutation(let mutation): return try apply(mutation)
        }
    }

    private static func apply(_ mutation: Mutation) throws(BrokenLaw) -> QueryAnswer {
        var version = SampleData.version
        var outcomes: [ChangeOutcome] = []
        for change in mutation.changes {
            let staged = service.stage(change, of: mutation)(
                version, version.number + 1, Instant(microseconds: version.publishedAt.microseconds + 1))
            try hold(
                staged.report.isApplied == (staged.version != nil), "changes are said to be applied that were not, or not said")
            if let next = staged.version {
                try hold(
                    next.number == version.number + 1 && next.firstInconsistency() == nil,
                    "changes leave a broken version: \(next.firstInconsistency()?.description ?? "its number")")
                _ = SampleData.text(next)
                version = next
            }
            outcomes.append(.report(staged.report, version: version))
        }
        return service.finish(mutation, with: outcomes, version: version)
    }
}
