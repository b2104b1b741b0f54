import Expressions
import QueryExecution
import QueryPlanning

/// What answers may hold and what making them may cost.
extension QueryService {
    /// A budget with the limits of this service.
    /// - Parameter allowance: Where a question is only tried: it is then answered from what is known and bound already, and broken off
    ///   (`Budget.StopReason.yielded`) where anything else is needed, or more is spent. Of an answer that is not `data`, or whose budget
    ///   was stopped, nothing is to be told to anybody.
    package func makeBudget(_ allowance: Budget.Allowance? = nil) -> Budget {
        Budget(
            rowLimit: limits.rowsVisited, byteLimit: limits.answerBytes, memoryLimit: limits.queryMemoryBytes,
            allowance: allowance)
    }

    /// - Parameters:
    ///   - isExport: Every row that is not cut off by the document itself.
    ///   - budget: Where it allows a try only, so does the answer's length.
    func answerLimits(isExport: Bool, _ budget: Budget) -> AnswerLimits {
        var limits = answerLimits
        if isExport {
            limits.defaultPageSize = limits.rows
            limits.pageSize = limits.rows
        }
        if budget.isBrief { limits.bytes = min(limits.bytes, Self.briefByteCount) }
        return limits
    }

    /// What an answer is at most that is only tried: a tenth of a millisecond's writing.
    private static let briefByteCount = 64 << 10

    static func answerLimits(of limits: QueryLimits) -> AnswerLimits {
        AnswerLimits(
            rows: limits.rowsReturned, bytes: limits.answerBytes, defaultPageSize: limits.defaultPageSize,
            pageSize: limits.pageSize, groups: limits.groups, searchCharacters: limits.searchCharacters, errors: limits.errors,
            filters: limits.filterBounds, texts: limits.textBounds)
    }
}
