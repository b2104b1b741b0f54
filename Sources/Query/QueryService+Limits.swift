import Expressions
import QueryExecution
import QueryPlanning

/// What answers may hold and what making them may cost.
extension QueryService {
    /// A budget with the limits of this service.
    package func makeBudget() -> Budget {
        Budget(rowLimit: limits.rowsVisited, byteLimit: limits.answerBytes, memoryLimit: limits.queryMemoryBytes)
    }

    /// - Parameter isExport: Every row that is not cut off by the document itself.
    func answerLimits(isExport: Bool) -> AnswerLimits {
        guard isExport else { return answerLimits }
        var export = answerLimits
        export.defaultPageSize = export.rows
        export.pageSize = export.rows
        return export
    }

    static func answerLimits(of limits: QueryLimits) -> AnswerLimits {
        AnswerLimits(
            rows: limits.rowsReturned, bytes: limits.answerBytes, defaultPageSize: limits.defaultPageSize,
            pageSize: limits.pageSize, groups: limits.groups, searchCharacters: limits.searchCharacters, errors: limits.errors,
            filters: limits.filterBounds, texts: limits.textBounds)
    }
}
