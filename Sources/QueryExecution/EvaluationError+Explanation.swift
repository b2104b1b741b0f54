import Expressions
import QueryPlanning

extension EvaluationError {
    /// The flag of the limit on rows looked at.
    static let rowsVisitedName = "max-rows-visited"
    /// And of the one on memory.
    static let memoryName = "max-query-memory-bytes"

    /// And of the one on conditions of a rule that is explained.
    static let conditionsName = "max-explained-conditions"

    /// What a client is told.
    package var explanation: (message: String, code: ErrorCode, limit: ExceededLimit?) {
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
        case .overBudget(.conditions, let limit):
            (
                "The rule has more than \(limit) conditions to explain (limit \(Self.conditionsName)).", .queryTooComplex,
                ExceededLimit(name: Self.conditionsName, maximum: limit)
            )
        case .overBudget(.memory, let limit):
            (
                "The query needs more than \(limit) bytes to be worked out; narrow its filters (limit \(Self.memoryName)).",
                .queryTooComplex, ExceededLimit(name: Self.memoryName, maximum: limit)
            )
        case .stopped(.deadline):
            ("The time for this query is over; narrow its filters or ask for less (limit deadline).", .queryTimeout, nil)
        case .stopped(.cancelled): ("The query was cancelled.", .queryTimeout, nil)
        case .stopped(.yielded): ("The query broke off and is to be begun anew.", .queryTimeout, nil)
        case .overflow(let what): ("A number does not fit: \(what).", .badUserInput, nil)
        case .patternInvalid: (ofPattern?.explanation ?? "", .badUserInput, nil)
        case .patternLimit:
            (
                (ofPattern?.explanation ?? "") + (exceededTextBound.map { " (limit \($0.name.rawValue))" } ?? ""), .patternLimit,
                exceededTextBound.map { ExceededLimit(name: $0.name.rawValue, maximum: $0.maximum) }
            )
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
