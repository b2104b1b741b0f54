/// A figure of a set of rows that a condition or a sort is about, made by the plainest code there is.
struct NaiveFigure {
    /// As the API names it: count, countDistinct, sum, avg, min, max, median.
    var operation: String
    /// Nil for a count of rows.
    var field: (name: String, kind: String)?
    /// Of which rows only.
    var condition: NaiveFilter?

    enum Value {
        case none
        case fraction(top: Int, bottom: Int)
        case value(NaiveGraph.Value)

        init(_ operand: NaiveGraph.Value) {
            switch operand {
            case .int(let value): self = .fraction(top: value, bottom: 1)
            case .decimal(let thousandths): self = .fraction(top: thousandths, bottom: 1_000)
            default: self = .value(operand)
            }
        }

        /// Neither is none, and both are of one kind.
        static func order(_ left: Value, _ right: Value) -> NaiveGraph.Comparison {
            switch (left, right) {
            case (.fraction(let a, let b), .fraction(let c, let d)): NaiveGraph.order(.int(a * d), .int(c * b))
            case (.value(let a), .value(let b)): NaiveGraph.order(a, b)
            default: .equal
            }
        }

        var isNone: Bool { if case .none = self { true } else { false } }
    }

    func value(of rows: [Int], _ type: String, in graph: NaiveGraph) -> Value {
        let rows = rows.filter { condition?.truth(of: $0, type, in: graph) ?? .yes == .yes }
        guard let field else { return .fraction(top: rows.count, bottom: 1) }
        let values = rows.map { graph.value(field.name, of: $0, type) }.filter { $0 != .null }
        switch operation {
        case "countDistinct": return .fraction(top: Self.different(values).count, bottom: 1)
        case "sum", "avg": return added(values, field.kind)
        default: break
        }
        let sorted = values.sorted { NaiveGraph.order($0, $1) == .less }
        guard let least = sorted.first, let greatest = sorted.last else { return .none }
        switch operation {
        case "min": return Value(least)
        case "max": return Value(greatest)
        default: return Self.middle(sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
        }
    }

    static func different(_ values: [NaiveGraph.Value]) -> [NaiveGraph.Value] {
        var different: [NaiveGraph.Value] = []
        for value in values {
            let isKnown = different.contains { known in
                if case .ratio = value { return NaiveGraph.order(known, value) == .equal }
                return known == value
            }
            if !isKnown { different.append(value) }
        }
        return different
    }

    private func added(_ values: [NaiveGraph.Value], _ kind: String) -> Value {
        if operation == "avg", values.isEmpty { return .none }
        if kind == "float" {
            let sum = values.reduce(0.0) { if case .float(let value) = $1 { $0 + value } else { $0 } }
            return .value(.float(operation == "avg" ? sum / Double(values.count) : sum))
        }
        let sum = values.reduce(0) {
            switch $1 {
            case .int(let value), .decimal(let value): $0 + value
            default: $0
            }
        }
        return .fraction(top: sum, bottom: (kind == "decimal" ? 1_000 : 1) * (operation == "avg" ? values.count : 1))
    }

    private static func middle(_ low: NaiveGraph.Value, _ high: NaiveGraph.Value) -> Value {
        switch (low, high) {
        case (.int(let a), .int(let b)): .fraction(top: a + b, bottom: 2)
        case (.decimal(let a), .decimal(let b)): .fraction(top: a + b, bottom: 2_000)
        case (.float(let a), .float(let b)): .value(.float(a / 2 + b / 2))
        case (.ratio(let a, let b), .ratio(let c, let d)): .value(.ratio(a * d + c * b, 2 * b * d))
        default: Value(low)
        }
    }

    // MARK: - As GraphQL

    private var restriction: String { condition.map { "where: \($0.text) " } ?? "" }

    /// The members of an `…AggregateFilter`.
    func conditionText(_ comparison: String, _ operand: NaiveGraph.Value) -> String {
        let test = comparison == "isNull" ? "{isNull: true}" : "{\(comparison): \(operand.text)}"
        guard let field else { return "\(restriction)count: \(test)" }
        return operation == "countDistinct"
            ? "\(restriction)countDistinct: {field: \(field.name) count: \(test)}"
            : "\(restriction)\(operation): {\(field.name): \(test)}"
    }

    /// An `…AggregateOrderBy`.
    func orderText(_ direction: String) -> String {
        "{\(operation): {\(restriction)\(field.map { "field: \($0.name) " } ?? "")order: \(direction)}}"
    }

    /// What a condition on it says of some rows.
    func truth(
        _ comparison: String, _ operand: NaiveGraph.Value, of rows: [Int], _ type: String, in graph: NaiveGraph
    ) -> NaiveFilter.Truth {
        let figure = value(of: rows, type, in: graph)
        if comparison == "isNull" { return figure.isNone ? .yes : .no }
        if figure.isNone { return comparison == "neq" ? .yes : .unknown }
        let order = Value.order(figure, Value(operand))
        switch comparison {
        case "eq": return order == .equal ? .yes : .no
        case "neq": return order != .equal ? .yes : .no
        case "lt": return order == .less ? .yes : .no
        default: return order != .less ? .yes : .no
        }
    }
}

extension FilterMaker {
    /// A figure of rows of a type, at random.
    /// - Parameter turn: Says which; nil: by chance, and a count now and then.
    mutating func figure(on type: String, depth: Int, turn: Int? = nil) -> NaiveFigure {
        let condition = depth > 0 && chance.oneIn(2) ? filter(on: type, depth: depth - 1) : nil
        let choices = Self.figureChoices(on: type)
        if turn == nil, chance.oneIn(4) { return NaiveFigure(operation: "count", field: nil, condition: condition) }
        let (operation, field) = turn.map { choices[$0 % choices.count] } ?? chance.pick(choices)
        return NaiveFigure(operation: operation, field: field, condition: condition)
    }

    /// A comparison of a figure with something of its type.
    mutating func comparison(of figure: NaiveFigure) -> (comparison: String, operand: NaiveGraph.Value) {
        let isCount = figure.field == nil || figure.operation == "countDistinct"
        let isFlag = !isCount && ["boolean", "id"].contains(figure.field?.kind)
        let comparison = chance.pick(isFlag ? ["eq", "neq", "isNull"] : ["eq", "neq", "lt", "gte", "gte", "isNull"])
        guard let field = figure.field, !isCount else { return (comparison, .int(chance.below(4))) }
        // A sum and an average of whole numbers are decimals.
        if field.kind == "int", ["sum", "avg"].contains(figure.operation) {
            return (comparison, .decimal(chance.below(14) * 30_000))
        }
        return (comparison, operand(field.kind))
    }
}
