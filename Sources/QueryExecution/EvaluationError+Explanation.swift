import Expressions
import QueryPlanning

extension EvaluationError {
    /// The flag of the limit on rows looked at.
    static let rowsVisitedName = "max-rows-visited"

    /// What a client is told.
    var explanation: (message: String, code: ErrorCode, limit: ExceededLimit?) {
        switch self {
        case .overBudget(.rowsVisited, let limit):
            (
                "The query looks at more than \(limit) rows; narrow its filters (limit \(Self.rowsVisitedName)).",
                .queryTooComplex,
                ExceededLimit(name: Self.rowsVisitedName, maximum: limit)
            )
        case .overBudget(.bytes, let limit):
            (
                "The answer is larger than \(limit) bytes; ask for fewer rows or fields (limit \(AnswerLimits.bytesName)).",
                .queryTooComplex, ExceededLimit(name: AnswerLimits.bytesName, maximum: limit)
            )
        case .overBudget(.groups, let limit):
            (
                "The rows fall into more than \(limit) groups; group by fewer or coarser keys (limit \(AnswerLimits.groupsName)).",
                .queryTooComplex, ExceededLimit(name: AnswerLimits.groupsName, maximum: limit)
            )
        case .stopped(.deadline):
            ("The time for this query is over; narrow its filters or ask for less (limit deadline).", .queryTimeout, nil)
        case .stopped(.cancelled): ("The query was cancelled.", .queryTimeout, nil)
        case .overflow(let what): ("A number does not fit: \(what).", .badUserInput, nil)
        case .patternInvalid(_, let message, let offset):
            ("The pattern is not understood at character \(offset): \(message)", .badUserInput, nil)
        case .patternLimit: ("The pattern takes too much work on some text; make it simpler.", .patternLimit, nil)
        case .illTyped(let what): ("The server made a query that it cannot answer: \(what).", .internalServerError, nil)
        }
    }

    /// Whether nothing else of the request may go on.
    var endsExecution: Bool {
        switch self {
        case .overBudget, .stopped: true
        case .overflow, .patternInvalid, .patternLimit, .illTyped: false
        }
    }
}
