/// The same filter as an expression of the model's language, as far as that can say it.
extension NaiveFilter {
    /// - Parameters:
    ///   - row: What names the row: `v1.`, or nothing for the row that the whole expression is asked of.
    ///   - depth: Of macros around it.
    /// - Returns: nil for what only a filter says.
    func expression(of row: String = "", depth: Int = 0) -> String? {
        switch self {
        case .and(let parts), .all(let parts):
            return Self.joined(parts.map { $0.expression(of: row, depth: depth) }, "&&", "true")
        case .or(let parts): return Self.joined(parts.map { $0.expression(of: row, depth: depth) }, "||", "false")
        case .not(let part): return part.expression(of: row, depth: depth).map { "!(\($0))" }
        case .cel, .figure, .within, .identity: return nil
        case .validOn(let date):
            let day = NaiveGraph.Value.date(date).expression
            return "((\(row)since == null || \(row)since <= \(day)) && (\(row)until == null || \(row)until > \(day)))"
        case .toOne(let field, _, let part):
            // An inner row has a name only in a macro, so a path stands for it.
            return part.expression(of: "\(row)\(field).", depth: depth).map { "(\(row)\(field) != null && \($0))" }
        case .list(let field, _, let quantifier, let part):
            let name = "v\(depth + 1)"
            guard let body = part.expression(of: "\(name).", depth: depth + 1) else { return nil }
            switch quantifier {
            case "some": return "\(row)\(field).exists(\(name), \(body))"
            case "every": return "\(row)\(field).all(\(name), \(body))"
            default: return "!\(row)\(field).exists(\(name), \(body))"
            }
        case .value(let field, let operation, let operand, let foldsCase):
            guard !foldsCase else { return nil }
            return Self.expression(row + field, operation, operand)
        }
    }

    private static func joined(_ parts: [String?], _ sign: String, _ empty: String) -> String? {
        guard parts.allSatisfy({ $0 != nil }) else { return nil }
        return parts.isEmpty ? empty : "(" + parts.compactMap { $0 }.joined(separator: " \(sign) ") + ")"
    }

    private static func expression(_ field: String, _ operation: String, _ operand: Operand) -> String? {
        let signs = ["eq": "==", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="]
        switch (operation, operand) {
        case ("isNull", .flag(let flag)): return "\(field) \(flag ? "==" : "!=") null"
        case ("neq", .one(let value)): return "(\(field) == null || \(field) != \(value.expression))"
        case ("startsWith", .one(let value)), ("endsWith", .one(let value)), ("contains", .one(let value)):
            return "\(field).\(operation)(\(value.expression))"
        case ("regex", .one(let value)): return "\(field).matches(\(value.expression))"
        case ("includes", .one(let value)): return "\(value.expression) in \(field)"
        case (_, .one(let value)): return signs[operation].map { "\(field) \($0) \(value.expression)" }
        case ("in", .many(let values)): return "\(field) in [\(values.map(\.expression).joined(separator: ", "))]"
        case ("notIn", .many(let values)):
            return "(\(field) == null || !(\(field) in [\(values.map(\.expression).joined(separator: ", "))]))"
        case ("between", .range(let from?, let to?)): return "(\(field) >= \(from.expression) && \(field) <= \(to.expression))"
        default: return nil
        }
    }
}

extension NaiveGraph.Value {
    fileprivate var expression: String {
        switch self {
        case .string(let text):
            "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'").replacing("\t", with: "\\t") + "'"
        case .enumeration(let name): "'\(name)'"
        case .date: "date(\(text.replacing("\"", with: "'")))"
        case .instant: "timestamp(\(text.replacing("\"", with: "'")))"
        case .ratio(let top, let bottom): "ratio(\(top), \(bottom))"
        default: text
        }
    }
}
