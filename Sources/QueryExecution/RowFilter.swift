import Expressions
import QueryPlanning
import StoreColumns

/// The filter of a connection: a predicate, or one whose values are another request's next time. Used on one thread.
final class RowFilter {
    private enum Kind {
        case fixed(CompiledPredicate)
        case open(RebindablePredicate)
    }
    private let kind: Kind
    /// Of a predicate that is fixed.
    private var evaluator: PredicateEvaluator?
    /// The variables that it reads and that are left open.
    let arguments: [ConditionArguments.Argument]

    init(_ predicate: CompiledPredicate) {
        kind = .fixed(predicate)
        evaluator = predicate.makeEvaluator()
        arguments = []
    }

    /// `bind` comes before any question.
    init(_ predicate: RebindablePredicate, _ arguments: [ConditionArguments.Argument]) {
        kind = .open(predicate)
        self.arguments = arguments
    }

    /// - Returns: false where a value cannot be compared.
    func bind(_ values: [Scalar]) -> Bool {
        guard case .open(let predicate) = kind else { return values.isEmpty }
        return predicate.bind(values)
    }

    /// Whether the rows are the same for every request, and their verdicts are kept for others who ask the same.
    var keepsRows: Bool {
        if case .fixed(let predicate) = kind { predicate.isKept } else { false }
    }

    func truth(of row: RowNumber) throws(EvaluationError) -> Truth {
        if case .open(let predicate) = kind { return try predicate.truth(of: row) }
        return try evaluator?.truth(of: row) ?? .unknown
    }

    /// The rows for which it is TRUE.
    func rows() throws(EvaluationError) -> RowSelection {
        switch kind {
        case .fixed(let predicate): return try predicate.rows()
        case .open(let predicate):
            if let rows = try predicate.fewRows() { return .list(rows) }
            return try predicate.predicate().rows()
        }
    }
}
