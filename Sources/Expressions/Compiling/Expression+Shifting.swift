import StoreColumns

extension Expression {
    /// The same with all its row variables counted from another one on: `variable` becomes 0, the next 1.
    ///
    /// - Returns: nil where it names a variable before that one, or an argument.
    func counted(from variable: Int) -> Expression? {
        guard !readsArguments, variable == 0 || freeVariables & (1 << UInt64(min(variable, 63)) - 1) == 0 else { return nil }
        return shifted(by: variable)
    }

    /// The same with every row variable's number less by so many.
    func shifted(by offset: Int) -> Expression {
        func all(_ operands: [Expression]) -> [Expression] { operands.map { $0.shifted(by: offset) } }
        return switch self {
        case .constant, .asOf, .parameter, .argument: self
        case .variable(let index, let type): .variable(index - offset, type)
        case .follow(let row, let edge): .follow(row.shifted(by: offset), edge)
        case .extreme(let extreme, let set, let variable, let by):
            .extreme(extreme, of: set.shifted(by: offset), variable: variable - offset, by: by.shifted(by: offset))
        case .rows(let row, let edge): .rows(from: row.shifted(by: offset), edge)
        case .filter(let set, let variable, let body):
            .filter(set.shifted(by: offset), variable: variable - offset, where: body.shifted(by: offset))
        case .column(let row, let column, let type): .column(of: row.shifted(by: offset), column: column, type)
        case .derived(let row, let id, let type): .derived(of: row.shifted(by: offset), id, type)
        case .and(let operands): .and(all(operands))
        case .or(let operands): .or(all(operands))
        case .not(let operand): .not(operand.shifted(by: offset))
        case .compare(let comparison, let left, let right):
            .compare(comparison, left.shifted(by: offset), right.shifted(by: offset))
        case .isNull(let operand): .isNull(operand.shifted(by: offset))
        case .isOneOf(let operand, let constants): .isOneOf(operand.shifted(by: offset), constants)
        case .text(let match, let operand): .text(match, operand.shifted(by: offset))
        case .quantified(let quantifier, let set, let variable, let body):
            .quantified(quantifier, over: set.shifted(by: offset), variable: variable - offset, body.shifted(by: offset))
        case .optional(let row): .optional(row.shifted(by: offset))
        case .contains(let set, let row): .contains(set.shifted(by: offset), row: row.shifted(by: offset))
        case .listIncludes(let list, let all, let codes): .listIncludes(list.shifted(by: offset), all: all, codes)
        case .listIsEmpty(let list): .listIsEmpty(list.shifted(by: offset))
        case .arithmetic(let sign, let left, let right):
            .arithmetic(sign, left.shifted(by: offset), right.shifted(by: offset))
        case .ratio(let left, let right): .ratio(left.shifted(by: offset), right.shifted(by: offset))
        case .conditional(let condition, let then, let other):
            .conditional(condition.shifted(by: offset), then: then.shifted(by: offset), else: other.shifted(by: offset))
        case .coalesce(let operands): .coalesce(all(operands))
        case .function(let function, let operands): .function(function, all(operands))
        case .aggregate(let aggregate, let set, let variable, let element):
            .aggregate(
                aggregate, over: set.shifted(by: offset), variable: variable - offset, of: element?.shifted(by: offset))
        }
    }
}
