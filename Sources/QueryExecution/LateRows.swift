import Expressions
import StoreColumns

/// The rows behind an edge, compiled at the first question: lists that are written as they lie (`ConnectionRows.adjacency`) never ask
/// one. Used on one thread.
final class LateRows {
    private let edge: ToManyEdge
    private let type: NodeTypeID
    private let context: EvaluationContext
    private var evaluator: RowsEvaluator?

    /// - Parameter type: Of the rows that the edge begins at.
    init(_ edge: ToManyEdge, of type: NodeTypeID, _ context: EvaluationContext) {
        self.edge = edge
        self.type = type
        self.context = context
    }

    /// Puts the rows, ascending, in place of what the list held.
    func rows(of owner: RowNumber, into list: inout [RowNumber]) throws(EvaluationError) {
        try compile()
        try evaluator?.rows(of: owner, into: &list)
    }

    /// How many there are.
    func count(of owner: RowNumber) throws(EvaluationError) -> Int {
        try compile()
        return try evaluator?.count(of: owner) ?? 0
    }

    private func compile() throws(EvaluationError) {
        guard evaluator == nil else { return }
        evaluator = try CompiledRows(.rows(from: .variable(0, type), edge), on: type, context).makeEvaluator()
    }
}
