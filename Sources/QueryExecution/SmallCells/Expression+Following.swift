import Expressions
import StoreColumns

extension Expression {
    /// Whether its value follows from those of some others over the same variables, whatever the rows hold.
    ///
    /// What looks at sets of rows is not seen through, unless they are those of a row that follows.
    func follows(from others: [Expression], in rowTypes: RowTypes) -> Bool {
        if others.contains(self) { return true }
        switch self {
        case .constant, .asOf, .parameter: return true
        case .argument, .variable: return false
        case .derived(let row, let id, _):
            if case .variable(0, _) = row { return rowTypes[id].expression.follows(from: others, in: rowTypes) }
            return row.follows(from: others, in: rowTypes)
        case .follow(let row, _), .rows(let row, _), .column(let row, _, _), .optional(let row), .not(let row), .isNull(let row),
            .isOneOf(let row, _), .text(_, let row), .listIncludes(let row, _, _), .listIsEmpty(let row):
            return row.follows(from: others, in: rowTypes)
        case .and(let parts), .or(let parts), .coalesce(let parts), .function(_, let parts):
            return parts.allSatisfy { $0.follows(from: others, in: rowTypes) }
        case .compare(_, let left, let right), .arithmetic(_, let left, let right), .ratio(let left, let right),
            .contains(let left, let right):
            return left.follows(from: others, in: rowTypes) && right.follows(from: others, in: rowTypes)
        case .conditional(let condition, let then, let other):
            return [condition, then, other].allSatisfy { $0.follows(from: others, in: rowTypes) }
        case .extreme, .filter, .quantified, .aggregate: return false
        }
    }
}
