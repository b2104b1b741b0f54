import Expressions
import StoreColumns

/// Follows one to-one edge of row after row. Used on one thread.
class EdgeReader {
    let target: NodeTypeID
    init(target: NodeTypeID) { self.target = target }

    /// Nil where the row has none.
    func row(of row: RowNumber) throws(EvaluationError) -> RowNumber? { preconditionFailure("an edge that leads nowhere") }
}

final class ReferenceReader: EdgeReader {
    private let column: FixedWidthColumn<UInt32>
    init(_ column: FixedWidthColumn<UInt32>, target: NodeTypeID) {
        self.column = column
        super.init(target: target)
    }

    override func row(of row: RowNumber) throws(EvaluationError) -> RowNumber? { column[Int(row)] }
}

/// The dated row that is valid, or what it refers to.
final class DatedEdgeReader: EdgeReader {
    private var evaluator: ValueEvaluator
    init(_ evaluator: ValueEvaluator, target: NodeTypeID) {
        self.evaluator = evaluator
        super.init(target: target)
    }

    override func row(of row: RowNumber) throws(EvaluationError) -> RowNumber? {
        guard case .row(let target) = try evaluator.value(of: row) else { return nil }
        return target
    }
}
