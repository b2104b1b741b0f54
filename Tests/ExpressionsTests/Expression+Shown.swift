import Expressions
import StoreColumns

extension Expression {
    /// The tree in brackets, for tests to compare: `(> v0.minutes 5)`.
    var shown: String {
        switch self {
        case .constant(let value, _): value.shown
        case .asOf: "asOf"
        case .parameter(let id, _): "param(\(id.index))"
        case .argument(let index, _): "$\(index)"
        case .variable(let index, _): "v\(index)"
        case .follow(let row, let edge): "\(row.shown).\(edge.shown(row))"
        case .extreme(let extreme, let set, let variable, let by): "(\(extreme) \(set.shown) v\(variable): \(by.shown))"
        case .rows(let row, let edge): "\(row.shown).\(edge.shown(row))"
        case .filter(let set, let variable, let condition): "(filter \(set.shown) v\(variable): \(condition.shown))"
        case .column(let row, let column, _): "\(row.shown).\(Self.columnName(row, column))"
        case .derived(let row, let id, _): "\(row.shown).\(Fixture.derivedFields[id.index].1)"
        case .and(let operands): "(and \(operands.map(\.shown).joined(separator: " ")))"
        case .or(let operands): "(or \(operands.map(\.shown).joined(separator: " ")))"
        case .not(let operand): "(not \(operand.shown))"
        case .compare(let comparison, let left, let right): "(\(comparison.shown) \(left.shown) \(right.shown))"
        case .isNull(let operand): "(isNull \(operand.shown))"
        case .isOneOf(let operand, let values): "(in \(operand.shown) [\(values.map(\.shown).joined(separator: " "))])"
        case .text(let match, let operand): "(\(match.kind) \(operand.shown) '\(match.pattern)')"
        case .quantified(let quantifier, let set, let variable, let body):
            "(\(quantifier) \(set.shown) v\(variable): \(body.shown))"
        case .optional(let row): "(optional \(row.shown))"
        case .contains(let set, let row): "(contains \(set.shown) \(row.shown))"
        case .listIncludes(let list, let all, let codes): "(\(all ? "all" : "any") \(list.shown) \(codes))"
        case .listIsEmpty(let list): "(isEmpty \(list.shown))"
        case .arithmetic(let sign, let left, let right): "(\(sign) \(left.shown) \(right.shown))"
        case .ratio(let left, let right): "(ratio \(left.shown) \(right.shown))"
        case .conditional(let condition, let then, let other): "(if \(condition.shown) \(then.shown) \(other.shown))"
        case .coalesce(let operands): "(coalesce \(operands.map(\.shown).joined(separator: " ")))"
        case .function(let function, let operands): "(\(function) \(operands.map(\.shown).joined(separator: " ")))"
        case .aggregate(let aggregate, let set, let variable, let element):
            "(\(aggregate) \(set.shown)\(element.map { " v\(variable): \($0.shown)" } ?? ""))"
        }
    }

    fileprivate static func columnName(_ row: Expression, _ column: Int) -> String {
        guard case .row(let type) = row.type else { return "?" }
        return Fixture.catalog[type].columns[column].name
    }
}

extension ToOneEdge {
    fileprivate func shown(_ row: Expression) -> String {
        switch self {
        case .reference(let column, _): Expression.columnName(row, column)
        case .valid(let lookup, _): "valid\(Fixture.catalog[lookup.target].name)"
        }
    }
}

extension ToManyEdge {
    fileprivate func shown(_ row: Expression) -> String {
        guard case .row(let type) = row.type else { return "?" }
        return switch self {
        case .inverse(let index, _): Fixture.catalog[type].inverses[index].name
        case .list(let column, _): Expression.columnName(row, column)
        case .valid(let lookup, _): "valid\(Fixture.catalog[lookup.target].name)s"
        }
    }
}

extension Comparison {
    fileprivate var shown: String {
        switch self {
        case .equal: "="
        case .notEqual: "!="
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        }
    }
}

extension Scalar {
    var shown: String {
        switch self {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .int(let value): "\(value)"
        case .decimal(let value): "\(value)"
        case .ratio(let value): "\(value)"
        case .float(let value): "\(value)f"
        case .date(let value): "\(value)"
        case .dateTime(let value): "\(value)"
        case .string(let value): "'\(value)'"
        case .enumeration(let code): "#\(code)"
        case .row(let row): "row\(row)"
        }
    }
}
