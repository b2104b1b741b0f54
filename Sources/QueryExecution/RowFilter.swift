import Expressions
import QueryPlanning
import StoreColumns

/// The filter of a connection: a predicate, or one whose values are another request's next time. Used on one thread.
final class RowFilter {
    private let fixed: CompiledPredicate?
    /// Where it is not fixed. Lent as it stands here, where a case of an enum would be counted.
    private let open: RebindablePredicate?
    /// Of a predicate that is fixed.
    private var evaluator: PredicateEvaluator?
    /// The variables that it reads and that are left open.
    let arguments: [ConditionArguments.Argument]

    init(_ predicate: CompiledPredicate) {
        fixed = predicate
        open = nil
        evaluator = predicate.makeEvaluator()
        arguments = []
    }

    /// `bind` comes before any question.
    init(_ predicate: RebindablePredicate, _ arguments: [ConditionArguments.Argument]) {
        fixed = nil
        open = predicate
        self.arguments = arguments
    }

    /// - Parameter value: Of one of so many arguments; nil where it has none that can be compared.
    /// - Returns: false where a value cannot be compared.
    func bind(_ count: Int, _ value: (Int) -> Scalar?) -> Bool { open?.bind(count, value) ?? (count == 0) }

    /// Whether the rows are the same for every request, and their verdicts are kept for others who ask the same.
    var keepsRows: Bool { fixed?.isKept ?? false }

    func truth(of row: RowNumber) throws(EvaluationError) -> Truth {
        if let open { return try open.truth(of: row) }
        return try evaluator?.truth(of: row) ?? .unknown
    }

    /// The rows for which it is TRUE.
    func rows() throws(EvaluationError) -> RowSelection {
        guard let open else { return try fixed?.rows() ?? .list([]) }
        if let rows = try open.fewRows() { return .list(rows) }
        return try open.predicate().rows()
    }
}
