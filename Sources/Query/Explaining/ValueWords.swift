import Expressions
import Model
import QueryExecution
import QueryPlanning
import StoreColumns

/// Values, fields and rows in the words of the model.
struct ValueWords {
    let model: Model
    let version: GraphVersion
    let personal: PersonalView

    // MARK: - Values

    /// - Returns: nil for null.
    func text(_ value: Scalar, _ type: ExpressionType) -> String? {
        ValueText.text(value, type, in: version)
    }

    func name(_ code: UInt16, of id: EnumerationID) -> String { ValueText.name(code, of: id, in: model.catalog) }

    /// The Chinese label of an enum's value.
    func label(_ value: Scalar, _ type: ExpressionType) -> String? {
        guard case .enumeration(let code) = value else { return nil }
        switch type {
        case .enumeration(let id), .enumerationList(let id): return label(code, of: id)
        default: return nil
        }
    }

    func label(_ code: UInt16, of id: EnumerationID) -> String? {
        let values = model[id].values
        return values.indices.contains(Int(code)) ? values[Int(code)].label.chinese : nil
    }

    /// A value with what it is called, for people: `POOR`, `0.0798`, `a, b`; nil for none.
    func text(_ value: ExplainedValue) -> String? {
        if let codes = value.codes, case .enumerationList(let id) = value.type {
            return codes.map { name($0, of: id) }.joined(separator: ", ")
        }
        return text(value.value, value.type)
    }

    // MARK: - Fields

    /// The names of a path's fields in Chinese, as far as the model has them.
    func label(_ path: FieldPath?) -> String? {
        guard let path, !path.steps.isEmpty else { return nil }
        let fields = path.steps.map { model[$0.type].fields[$0.position] }
        guard fields.contains(where: { $0.label.chinese != nil }) else { return nil }
        return fields.map { $0.label.chinese ?? $0.name }.joined(separator: "·")
    }

    func text(_ path: FieldPath?) -> String? {
        guard let path, !path.steps.isEmpty else { return nil }
        return path.text(in: model.rowTypes)
    }

    /// An expression without the numbers of rows.
    func text(_ expression: Expression) -> String { readable(expression).text(in: model.rowTypes) }

    private func readable(_ expression: Expression) -> Expression {
        if case .constant(.row(let row), .row(let type)) = expression {
            return .constant(.string(key(of: NodeRow(type: type, row: row))), .string)
        }
        return expression.mappingParts { readable($0) }
    }

    // MARK: - Rows

    func key(of row: NodeRow) -> String {
        KeyText.text(version.key(of: row.row, type: row.type), of: row.type, in: model.catalog)
    }

    func id(of row: NodeRow) -> String {
        GlobalID(type: row.type, key: version.key(of: row.row, type: row.type)).text(in: model.catalog)
    }

    /// What people call a row beside its key: the first text that the model lets be searched and that is not its key.
    func name(of row: NodeRow) -> String? {
        let type = model[row.type]
        for (position, field) in type.fields.enumerated() where field.isSearchable && !type.key.contains(position) {
            guard personal.isWanted(field), let column = field.column else { continue }
            if let text = model.shownText(of: field, column, at: row.row, of: row.type, in: version) { return text }
        }
        return nil
    }
}

extension Truth {
    /// As the API's enum has it.
    var verdict: String {
        switch self {
        case .yes: "TRUE"
        case .no: "FALSE"
        case .unknown: "UNKNOWN"
        }
    }
}

extension Comparison {
    /// As filters call it.
    var filterOperator: FilterOperator {
        switch self {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        }
    }

    var sign: String {
        switch self {
        case .equal: "="
        case .notEqual: "≠"
        case .less: "<"
        case .lessOrEqual: "≤"
        case .greater: ">"
        case .greaterOrEqual: "≥"
        }
    }
}

extension ExplainedCondition.Form {
    /// As the API's enum has it.
    var name: String {
        switch self {
        case .all: "ALL"
        case .any: "ANY"
        case .not: "NOT"
        case .compare, .differs: "COMPARES"
        case .isOneOf, .isNotOneOf: "IN"
        case .text: "TEXT"
        case .isMissing: "MISSING"
        case .isPresent: "PRESENT"
        case .holds: "FLAG"
        case .derived: "DERIVED"
        case .related: "RELATED"
        case .rows(.some): "SOME"
        case .rows(.every): "EVERY"
        case .rows(.none): "NONE"
        case .rows(.exactlyOne): "EXACTLY_ONE"
        case .contains: "CONTAINS"
        case .includes: "INCLUDES"
        case .isEmpty: "EMPTY"
        case .choice: "CHOICE"
        case .constant: "CONSTANT"
        }
    }

    /// The operator as filters call it and as people write it; for a condition that is to cease to hold, its opposite.
    func words(holds: Bool = true) -> (filter: String, sign: String)? {
        switch self {
        case .compare(let comparison):
            let wanted = holds ? comparison : comparison.negated
            return (wanted.filterOperator.rawValue, wanted.sign)
        case .differs: return holds ? ("neq", "≠") : ("eq", "=")
        case .isOneOf: return holds ? ("in", "∈") : ("notIn", "∉")
        case .isNotOneOf: return holds ? ("notIn", "∉") : ("in", "∈")
        case .text(let kind):
            let name = kind == .equals ? "eq" : "\(kind)"
            return holds ? (name, kind == .equals ? "=" : name) : ("not " + name, "not " + name)
        case .isMissing, .isPresent: return ("isNull", (self == .isMissing) == holds ? "= ∅" : "≠ ∅")
        case .includes(let all): return (all ? "includesAll" : "includesAny", holds ? "∋" : "∌")
        case .isEmpty: return ("isEmpty", holds ? "= []" : "≠ []")
        default: return nil
        }
    }
}
