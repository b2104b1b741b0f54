import Expressions
import GraphQLTypes
import Model
import QueryPlanning
import StoreColumns

/// The filter of a connection. Used on one thread. A class for each kind, so that what it holds is lent and not counted.
class RowFilter {
    /// The variables that it reads and that are left open.
    let arguments: [ConditionArguments.Argument]

    fileprivate init(reading arguments: [ConditionArguments.Argument]) { self.arguments = arguments }

    /// Puts the values of a request in place of those before: before any question, where it reads some.
    /// - Returns: false where a value cannot be compared.
    func bind(_ arguments: PlacedArguments, _ values: VariableValues, in model: Model) -> Bool { true }

    /// Whether the rows are the same for every request, and their verdicts are kept for others who ask the same.
    var keepsRows: Bool { false }

    func truth(of row: RowNumber) throws(EvaluationError) -> Truth { preconditionFailure("a filter without a verdict") }

    /// The rows for which it is TRUE.
    func rows() throws(EvaluationError) -> RowSelection { preconditionFailure("a filter without rows") }
}

/// A predicate that is the same for every request.
final class FixedFilter: RowFilter {
    private let predicate: CompiledPredicate
    private var evaluator: PredicateEvaluator

    init(_ predicate: CompiledPredicate) {
        self.predicate = predicate
        evaluator = predicate.makeEvaluator()
        super.init(reading: [])
    }

    override var keepsRows: Bool { predicate.isKept }
    override func truth(of row: RowNumber) throws(EvaluationError) -> Truth { try evaluator.truth(of: row) }
    override func rows() throws(EvaluationError) -> RowSelection { try predicate.rows() }
}

/// A predicate whose values are another request's next time.
final class OpenFilter: RowFilter {
    private let predicate: RebindablePredicate

    init(_ predicate: RebindablePredicate, reading arguments: [ConditionArguments.Argument]) {
        self.predicate = predicate
        super.init(reading: arguments)
    }

    override func bind(_ arguments: PlacedArguments, _ values: VariableValues, in model: Model) -> Bool {
        predicate.bind(arguments.count) { arguments.value($0, among: values, in: model) }
    }

    override func truth(of row: RowNumber) throws(EvaluationError) -> Truth { try predicate.truth(of: row) }

    override func rows() throws(EvaluationError) -> RowSelection {
        if let rows = try predicate.fewRows() { return .list(rows) }
        return try predicate.predicate().rows()
    }
}
