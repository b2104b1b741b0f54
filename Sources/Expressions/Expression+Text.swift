import StoreColumns

extension Expression {
    /// The expression as a person reads it, by the names of the model: for plans that are explained. Not CEL that can be read back.
    package func text(in rowTypes: RowTypes) -> String {
        func text(_ expression: Expression) -> String { expression.text(in: rowTypes) }
        func joined(_ operands: [Expression], _ word: String) -> String {
            operands.isEmpty
                ? (word == "&&" ? "true" : "false") : operands.map { $0.bracketed(in: rowTypes) }.joined(separator: " \(word) ")
        }
        switch self {
        case .constant(let value, let type): return value.text(type, in: rowTypes.catalog)
        case .asOf: return "asOf()"
        case .parameter(let id, _):
            return "param('\(rowTypes.parameters.definitions[rowTypes.parameters.definition(of: id)].name)')"
        case .argument(let index, _): return "$\(index)"
        case .variable(let index, let type): return index == 0 ? rowTypes[type].name : "\(rowTypes[type].name)#\(index)"
        case .follow(let row, let edge): return "\(text(row)).\(edge.name(on: row.type, in: rowTypes))"
        case .rows(let row, let edge): return "\(text(row)).\(edge.name(on: row.type, in: rowTypes))"
        case .extreme(let extreme, let set, _, let by):
            return "\(extreme == .greatest ? "latest" : "earliest")(\(text(set)), \(text(by)))"
        case .filter(let set, _, let condition): return "\(text(set)).filter(\(text(condition)))"
        case .column(let row, let column, _):
            guard case .row(let type) = row.type else { return "?" }
            return "\(text(row)).\(rowTypes.catalog[type].columns[column].name)"
        case .derived(let row, let id, _): return "\(text(row)).\(rowTypes[id].name)"
        case .and(let operands): return joined(operands, "&&")
        case .or(let operands): return joined(operands, "||")
        case .not(let operand): return "!\(operand.bracketed(in: rowTypes))"
        case .compare(let comparison, let left, let right): return "\(text(left)) \(comparison.sign) \(text(right))"
        case .isNull(let operand): return "!has(\(text(operand)))"
        case .isOneOf(let operand, let values):
            let shown = values.prefix(5).map { $0.text(operand.type, in: rowTypes.catalog) }
            return "\(text(operand)) in [\(shown.joined(separator: ", "))\(values.count > 5 ? ", …" : "")]"
        case .text(let match, let operand): return "\(text(operand)).\(match.kind)('\(match.pattern)')"
        case .quantified(let quantifier, let set, _, let body): return "\(text(set)).\(quantifier.word)(\(text(body)))"
        case .optional(let row): return text(row)
        case .contains(let set, let row): return "\(text(row)) in \(text(set))"
        case .listIncludes(let list, let all, let codes):
            return "\(text(list)).\(all ? "hasAll" : "hasAny")(\(codes.count) values)"
        case .listIsEmpty(let list): return "\(text(list)).isEmpty()"
        case .arithmetic(let sign, let left, let right):
            return "\(left.bracketed(in: rowTypes)) \(sign.sign) \(right.bracketed(in: rowTypes))"
        case .ratio(let left, let right): return "ratio(\(text(left)), \(text(right)))"
        case .conditional(let condition, let then, let other): return "\(text(condition)) ? \(text(then)) : \(text(other))"
        case .coalesce(let operands): return "coalesce(\(operands.map(text).joined(separator: ", ")))"
        case .function(let function, let operands): return "\(function)(\(operands.map(text).joined(separator: ", ")))"
        case .aggregate(let aggregate, let set, _, let element):
            return "\(aggregate)(\(text(set))\(element.map { ".map(\(text($0)))" } ?? ""))"
        }
    }

    private func bracketed(in rowTypes: RowTypes) -> String {
        switch self {
        case .and(let operands) where operands.count > 1: "(\(text(in: rowTypes)))"
        case .or(let operands) where operands.count > 1: "(\(text(in: rowTypes)))"
        case .conditional, .arithmetic: "(\(text(in: rowTypes)))"
        default: text(in: rowTypes)
        }
    }
}

extension Comparison {
    fileprivate var sign: String {
        switch self {
        case .equal: "=="
        case .notEqual: "!="
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        }
    }
}

extension Quantifier {
    fileprivate var word: String {
        switch self {
        case .some: "exists"
        case .every: "all"
        case .none: "none"
        case .exactlyOne: "exists_one"
        }
    }
}

extension Scalar {
    fileprivate func text(_ type: ExpressionType, in catalog: Catalog) -> String {
        switch (self, type) {
        case (.enumeration(let code), .enumeration(let id)) where Int(code) < catalog[id].values.count:
            catalog[id].values[Int(code)]
        case (.string(let text), _): "'\(text)'"
        case (.null, _): "null"
        case (.boolean(let value), _): "\(value)"
        case (.int(let value), _): "\(value)"
        case (.decimal(let value), _): "\(value)"
        case (.ratio(let value), _): "\(value.numerator)/\(value.denominator)"
        case (.float(let value), _): "\(value)"
        case (.date(let value), _): "\(value)"
        case (.dateTime(let value), _): "\(value)"
        case (.enumeration(let code), _): "\(code)"
        case (.row(let row), _): "row \(row)"
        }
    }
}

extension ToOneEdge {
    fileprivate func name(on row: ExpressionType, in rowTypes: RowTypes) -> String {
        guard case .row(let type) = row else { return "?" }
        return rowTypes[type].fields.first { field in
            guard case .toOne(let edge, _) = field.source else { return false }
            return edge == self || edge.isLookup(of: self)
        }?.name ?? "valid"
    }

    /// Whether both are the same dated look-up, on whatever date.
    private func isLookup(of other: ToOneEdge) -> Bool {
        guard case .valid(let lookup, _) = self, case .valid(let otherLookup, _) = other else { return false }
        return lookup == otherLookup
    }
}

extension ToManyEdge {
    fileprivate func name(on row: ExpressionType, in rowTypes: RowTypes) -> String {
        guard case .row(let type) = row else { return "?" }
        switch self {
        case .inverse(let index, _): return rowTypes.catalog[type].inverses[index].name
        case .list(let column, _): return rowTypes.catalog[type].columns[column].name
        case .valid(let lookup, _):
            return rowTypes[type].fields.first { field in
                guard case .toMany(.valid(let own, _), _) = field.source else { return false }
                return own == lookup
            }?.name ?? "valid"
        }
    }
}
