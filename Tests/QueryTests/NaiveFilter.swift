/// A filter as a tree, to be written as GraphQL and to be judged row by row without any of the engine's code.
indirect enum NaiveFilter {
    enum Truth: Int { case no, unknown, yes }

    case and([NaiveFilter])
    case or([NaiveFilter])
    case not(NaiveFilter)
    /// Several at once in one object.
    case all([NaiveFilter])
    case value(field: String, operation: String, operand: Operand, foldsCase: Bool)
    case toOne(field: String, target: String, NaiveFilter)
    case list(field: String, target: String, quantifier: String, NaiveFilter)
    /// A figure of the rows of a set, compared.
    case figure(field: String, target: String, NaiveFigure, comparison: String, operand: NaiveGraph.Value)
    case validOn(Int)
    /// Rows of a tree: the one of a key, and all below it.
    case within(NaiveGraph.Value)
    /// By global ids: the rows that have them, and their texts.
    case identity(String, [Int], [String])
    /// Written as an expression.
    case cel(NaiveFilter)

    enum Operand {
        case one(NaiveGraph.Value)
        /// A variable with its value.
        case variable(String, NaiveGraph.Value)
        case many([NaiveGraph.Value])
        case range(NaiveGraph.Value?, NaiveGraph.Value?)
        case flag(Bool)
        case period(String)
    }

    // MARK: - As GraphQL

    var text: String { "{" + members + "}" }

    private var members: String {
        switch self {
        case .and(let parts): "and: [" + parts.map(\.text).joined(separator: " ") + "]"
        case .or(let parts): "or: [" + parts.map(\.text).joined(separator: " ") + "]"
        case .not(let part): "not: " + part.text
        case .all(let parts): parts.map(\.members).joined(separator: " ")
        case .value(let field, let operation, let operand, let foldsCase):
            "\(field): {\(operation): \(operand.text)\(foldsCase ? " caseInsensitive: true" : "")}"
        case .toOne(let field, _, let part): "\(field): " + part.text
        case .list(let field, _, let quantifier, let part): "\(field): {\(quantifier): " + part.text + "}"
        case .figure(let field, _, let figure, let comparison, let operand):
            "\(field): {aggregate: {\(figure.conditionText(comparison, operand))}}"
        case .validOn(let date): "validOn: " + NaiveGraph.Value.date(date).text
        case .within(let code): "within: \(code.text)"
        case .identity(let operation, _, let ids):
            switch operation {
            case "isNull": "id: {isNull: false}"
            case "in", "notIn": "id: {\(operation): [" + ids.map { "\"\($0)\"" }.joined(separator: " ") + "]}"
            default: "id: {\(operation): \"\(ids[0])\"}"
            }
        case .cel(let part): "cel: " + NaiveGraph.Value.string(part.expression() ?? "").text
        }
    }

    // MARK: - Judged

    func truth(of row: Int, _ type: String, in graph: NaiveGraph) -> Truth {
        switch self {
        case .and(let parts), .all(let parts):
            return parts.map { $0.truth(of: row, type, in: graph) }.min { $0.rawValue < $1.rawValue } ?? .yes
        case .or(let parts): return parts.map { $0.truth(of: row, type, in: graph) }.max { $0.rawValue < $1.rawValue } ?? .no
        case .not(let part): return part.truth(of: row, type, in: graph).negated
        case .cel(let part): return part.truth(of: row, type, in: graph)
        case .validOn(let date): return graph.holds(row, on: date) ? .yes : .no
        case .within(let code):
            guard case .string(let code) = code else { return .unknown }
            return graph.isWithin(code, row) ? .yes : .no
        case .identity(let operation, let rows, _):
            return operation == "isNull" || rows.contains(row) == ["eq", "in"].contains(operation) ? .yes : .no
        case .toOne(let field, let target, let part):
            guard case .row(let other) = graph.value(field, of: row, type) else { return .no }
            return part.truth(of: other, target, in: graph)
        case .list(let field, let target, let quantifier, let part):
            guard case .rows(let others) = graph.value(field, of: row, type) else { return .unknown }
            let truths = others.map { part.truth(of: $0, target, in: graph).rawValue }
            switch quantifier {
            case "some": return Truth(rawValue: truths.max() ?? 0)!
            case "every": return Truth(rawValue: truths.min() ?? 2)!
            default: return Truth(rawValue: truths.max() ?? 0)!.negated
            }
        case .figure(let field, let target, let figure, let comparison, let operand):
            guard case .rows(let others) = graph.value(field, of: row, type) else { return .unknown }
            return figure.truth(comparison, operand, of: others, target, in: graph)
        case .value(let field, let operation, let operand, let foldsCase):
            return Self.truth(operation, graph.value(field, of: row, type), operand, foldsCase, asOf: graph.asOf)
        }
    }

    private static func truth(
        _ operation: String, _ value: NaiveGraph.Value, _ operand: Operand, _ foldsCase: Bool,
        asOf: Int
    ) -> Truth {
        if case .variable(_, let given) = operand { return truth(operation, value, .one(given), foldsCase, asOf: asOf) }
        switch operation {
        case "isNull":
            guard case .flag(let flag) = operand else { return .unknown }
            return (value == .null) == flag ? .yes : .no
        case "neq":
            if value == .null { return .yes }
            return truth("eq", value, operand, foldsCase, asOf: asOf).negated
        case "notIn":
            if value == .null { return .yes }
            return truth("in", value, operand, foldsCase, asOf: asOf).negated
        default: break
        }
        if value == .null { return .unknown }
        func holds(_ other: NaiveGraph.Value, _ allowed: [NaiveGraph.Comparison]) -> Bool {
            allowed.contains(NaiveGraph.order(fold(value, foldsCase), fold(other, foldsCase)))
        }
        let isTrue: Bool
        switch (operation, operand) {
        case ("eq", .one(let other)): isTrue = holds(other, [.equal])
        case ("lt", .one(let other)): isTrue = holds(other, [.less])
        case ("lte", .one(let other)): isTrue = holds(other, [.less, .equal])
        case ("gt", .one(let other)): isTrue = holds(other, [.greater])
        case ("gte", .one(let other)): isTrue = holds(other, [.greater, .equal])
        case ("in", .many(let others)): isTrue = others.contains { holds($0, [.equal]) }
        case ("between", .range(let from, let to)):
            isTrue = (from.map { holds($0, [.greater, .equal]) } ?? true) && (to.map { holds($0, [.less, .equal]) } ?? true)
        case ("during", .period(let period)):
            switch value {
            case .date(let date): isTrue = NaivePeriod.holds(period, date, asOf: asOf)
            case .instant(let instant): isTrue = NaivePeriod.holds(period, instant / 86_400_000_000, asOf: asOf)
            default: isTrue = false
            }
        case ("includes", .one(.enumeration(let name))):
            isTrue = names(value).contains(name)
        case ("includesAny", .many(let others)): isTrue = others.contains { names(value).contains(name($0)) }
        case ("includesAll", .many(let others)): isTrue = others.allSatisfy { names(value).contains(name($0)) }
        case ("isEmpty", .flag(let flag)): isTrue = names(value).isEmpty == flag
        case (_, .one(.string(let pattern))):
            guard case .string(let text) = fold(value, foldsCase), case .string(let pattern) = fold(.string(pattern), foldsCase)
            else { return .unknown }
            isTrue = Self.matches(operation, Array(text.unicodeScalars), Array(pattern.unicodeScalars))
        default: return .unknown
        }
        return isTrue ? .yes : .no
    }

    private static func names(_ value: NaiveGraph.Value) -> [String] {
        if case .enumerations(let names) = value { names } else { [] }
    }

    private static func name(_ value: NaiveGraph.Value) -> String {
        if case .enumeration(let name) = value { name } else { "" }
    }

    private static func fold(_ value: NaiveGraph.Value, _ folds: Bool) -> NaiveGraph.Value {
        guard folds, case .string(let text) = value else { return value }
        return .string(text.lowercased())
    }

    private static func matches(_ operation: String, _ text: [Unicode.Scalar], _ pattern: [Unicode.Scalar]) -> Bool {
        switch operation {
        case "startsWith": return text.starts(with: pattern)
        case "endsWith": return text.reversed().starts(with: pattern.reversed())
        case "contains":
            return pattern.isEmpty || text.indices.contains { text[$0...].starts(with: pattern) }
        case "like": return isLike(text[...], pattern[...])
        // The tests write patterns of the form `^literal`.
        case "regex": return text.starts(with: pattern.dropFirst())
        default: return false
        }
    }

    private static func isLike(_ text: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let rest = pattern.dropFirst()
        switch first {
        case "%": return (text.startIndex...text.endIndex).contains { isLike(text[$0...], rest) }
        case "_": return !text.isEmpty && isLike(text.dropFirst(), rest)
        case "\\":
            guard let literal = rest.first else { return false }
            return text.first == literal && isLike(text.dropFirst(), rest.dropFirst())
        default: return text.first == first && isLike(text.dropFirst(), rest)
        }
    }
}

extension NaiveFilter.Truth {
    var negated: Self { Self(rawValue: 2 - rawValue)! }
}

extension NaiveFilter.Operand {
    var text: String {
        switch self {
        case .one(let value): value.text
        case .variable(let name, _): "$" + name
        case .many(let values): "[" + values.map(\.text).joined(separator: " ") + "]"
        case .range(let from, let to):
            "{" + (from.map { "from: \($0.text) " } ?? "") + (to.map { "to: \($0.text)" } ?? "") + "}"
        case .flag(let flag): flag ? "true" : "false"
        case .period(let text): "\"\(text)\""
        }
    }
}

/// Days since 1970-01-01, counted year by year and month by month.
func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
    var count = 0
    for past in stride(from: 1970, to: year, by: 1) { count += isLeap(past) ? 366 : 365 }
    for past in stride(from: year, to: 1970, by: 1) { count -= isLeap(past) ? 366 : 365 }
    let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return count + lengths.prefix(month - 1).reduce(0, +) + day - 1
}

/// 2018-12-31
func dateText(_ days: Int) -> String {
    var year = 1970 + days / 366 - 1
    while QueryTests.days(year + 1, 1, 1) <= days { year += 1 }
    var month = 1
    while month < 12, QueryTests.days(year, month + 1, 1) <= days { month += 1 }
    let day = days - QueryTests.days(year, month, 1) + 1
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(month))-\(two(day))"
}

extension NaiveGraph.Value {
    /// As a GraphQL literal.
    var text: String {
        switch self {
        case .null: return "null"
        case .boolean(let flag): return flag ? "true" : "false"
        case .int(let value): return "\(value)"
        case .float(let value): return "\(value)"
        case .decimal(let value): return Self.decimalText(value, digits: 3)
        case .date(let days): return "\"\(dateText(days))\""
        case .instant(let microseconds): return "\"\(Self.instantText(microseconds))\""
        case .string(let text): return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        case .enumeration(let name): return name
        case .enumerations(let names): return "[" + names.joined(separator: ", ") + "]"
        case .ratio(let top, let bottom): return "\"\(top)/\(bottom)\""
        case .row, .rows: return "?"
        }
    }

    /// Thousandths with so many digits.
    static func decimalText(_ thousandths: Int, digits: Int) -> String {
        var unscaled = abs(thousandths)
        for _ in digits..<3 { unscaled /= 10 }
        let power = [1, 10, 100, 1_000][digits]
        let fraction = String(unscaled % power)
        let sign = thousandths < 0 ? "-" : ""
        return digits == 0
            ? "\(sign)\(unscaled)"
            : "\(sign)\(unscaled / power)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    static func instantText(_ microseconds: Int) -> String {
        let day = microseconds / 86_400_000_000
        let seconds = microseconds / 1_000_000 % 86_400
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(dateText(day))T\(two(seconds / 3_600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))Z"
    }
}
