import StoreColumns

extension Expression {
    /// The same with each of its direct parts replaced.
    package func mappingParts<Failure>(_ body: (Expression) throws(Failure) -> Expression) throws(Failure) -> Expression {
        func all(_ parts: [Expression]) throws(Failure) -> [Expression] {
            var mapped: [Expression] = []
            for part in parts { mapped.append(try body(part)) }
            return mapped
        }
        switch self {
        case .constant, .asOf, .variable, .parameter, .argument: return self
        case .follow(let row, let edge): return .follow(try body(row), edge)
        case .extreme(let extreme, let set, let variable, let by):
            return .extreme(extreme, of: try body(set), variable: variable, by: try body(by))
        case .rows(let row, let edge): return .rows(from: try body(row), edge)
        case .filter(let set, let variable, let condition):
            return .filter(try body(set), variable: variable, where: try body(condition))
        case .column(let row, let column, let type): return .column(of: try body(row), column: column, type)
        case .derived(let row, let id, let type): return .derived(of: try body(row), id, type)
        case .and(let parts): return .and(try all(parts))
        case .or(let parts): return .or(try all(parts))
        case .not(let part): return .not(try body(part))
        case .compare(let comparison, let left, let right): return .compare(comparison, try body(left), try body(right))
        case .isNull(let part): return .isNull(try body(part))
        case .isOneOf(let part, let constants): return .isOneOf(try body(part), constants)
        case .text(let match, let part): return .text(match, try body(part))
        case .quantified(let quantifier, let set, let variable, let condition):
            return .quantified(quantifier, over: try body(set), variable: variable, try body(condition))
        case .optional(let row): return .optional(try body(row))
        case .contains(let set, let row): return .contains(try body(set), row: try body(row))
        case .listIncludes(let list, let includesAll, let codes): return .listIncludes(try body(list), all: includesAll, codes)
        case .listIsEmpty(let list): return .listIsEmpty(try body(list))
        case .arithmetic(let sign, let left, let right): return .arithmetic(sign, try body(left), try body(right))
        case .ratio(let left, let right): return .ratio(try body(left), try body(right))
        case .conditional(let condition, let then, let other):
            return .conditional(try body(condition), then: try body(then), else: try body(other))
        case .coalesce(let parts): return .coalesce(try all(parts))
        case .function(let function, let parts): return .function(function, try all(parts))
        case .aggregate(let aggregate, let set, let variable, let element):
            var mapped: Expression?
            if let element { mapped = try body(element) }
            return .aggregate(aggregate, over: try body(set), variable: variable, of: mapped)
        }
    }

    /// Its direct parts, in order.
    package var parts: [Expression] {
        var parts: [Expression] = []
        _ = mappingParts { part in
            parts.append(part)
            return part
        }
        return parts
    }

    /// The same where a row variable is one row.
    func binding(_ variable: Int, to row: RowNumber) -> Expression {
        if case .variable(variable, let type) = self { return .constant(.row(row), .row(type)) }
        return mappingParts { $0.binding(variable, to: row) }
    }

    /// The same with every occurrence of some expressions replaced.
    func replacing(_ replacements: [(part: Expression, by: Expression)]) -> Expression {
        if let replacement = replacements.first(where: { $0.part == self }) { return replacement.by }
        return mappingParts { $0.replacing(replacements) }
    }
}
