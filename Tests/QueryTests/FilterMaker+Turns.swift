/// Every question that can be asked of a field, in turn: so that nothing waits for chance to draw it.
extension FilterMaker {
    /// What can be asked of a value of a kind, and whether without regard to case.
    static func operators(_ kind: String) -> [(operation: String, folds: Bool)] {
        let equality = ["eq", "neq", "in", "notIn"]
        let comparison = ["lt", "lte", "gt", "gte"]
        let asked: [String]
        switch kind {
        case "skills": asked = ["includes", "includesAny", "includesAll", "isEmpty"]
        case "id", "boolean": asked = equality
        case "string":
            let texts = equality + comparison + ["startsWith", "endsWith", "contains", "like", "regex"]
            return texts.flatMap { [($0, false), ($0, true)] } + [("isNull", false)]
        case "rank", "skill", "level": asked = equality + comparison
        case "date", "instant": asked = equality + comparison + ["between", "during"]
        default: asked = equality + comparison + ["between"]
        }
        return (asked + ["isNull"]).map { ($0, false) }
    }

    /// Figures of rows of a type: each operation with each field that has it.
    static func figureChoices(on type: String) -> [(operation: String, field: (name: String, kind: String))] {
        fields[type]!.filter { !$0.kind.hasPrefix("[") && $0.kind != "skills" }.flatMap { field in
            let operations =
                switch field.kind {
                case "int", "decimal", "float": ["countDistinct", "sum", "avg", "min", "max", "median"]
                case "Player", "Band", "Region": ["countDistinct"]
                default: ["countDistinct", "min", "max", "median"]
                }
            return operations.map { ($0, field) }
        }
    }

    /// Fields with values, in an order that is the same in every process.
    static let leaves: [(type: String, name: String, kind: String)] = fields.keys.sorted().flatMap { type in
        fields[type]!.filter { !$0.kind.hasPrefix("[") && $0.kind.first?.isUppercase != true }.map { (type, $0.name, $0.kind) }
    }

    /// Sets of rows, with each figure of them.
    static let setFigures: [(type: String, field: String, target: String, figure: Int)] = fields.keys.sorted().flatMap { type in
        fields[type]!.filter { $0.kind.hasPrefix("[") }.flatMap { field in
            let target = String(field.kind.dropFirst())
            return figureChoices(on: target).indices.map { (type, field.name, target, $0) }
        }
    }

    /// A condition on each field by itself, its operator by the turn, and on some figures of sets.
    mutating func filters(turn: Int) -> [(type: String, filter: NaiveFilter)] {
        var filters: [(type: String, filter: NaiveFilter)] = []
        for (index, leaf) in Self.leaves.enumerated() {
            filters.append((leaf.type, value(leaf.name, leaf.kind, turn: turn + index)))
        }
        for step in 0..<8 {
            let choice = Self.setFigures[(turn * 8 + step) % Self.setFigures.count]
            let figure = figure(on: choice.target, depth: 1, turn: choice.figure)
            let (comparison, operand) = comparison(of: figure)
            filters.append(
                (
                    choice.type,
                    .figure(field: choice.field, target: choice.target, figure, comparison: comparison, operand: operand)
                ))
        }
        return filters
    }

    /// A condition on a value of a kind.
    /// - Parameter turn: Says which operator; nil: by chance.
    mutating func value(_ field: String, _ kind: String, turn: Int? = nil) -> NaiveFilter {
        let operators = Self.operators(kind)
        let (operation, folds) = turn.map { operators[$0 % operators.count] } ?? chance.pick(operators)
        return .value(field: field, operation: operation, operand: operand(of: operation, kind), foldsCase: folds)
    }

    private mutating func operand(of operation: String, _ kind: String) -> NaiveFilter.Operand {
        let word = chance.pick(NaiveGraph.words)
        switch operation {
        case "isNull", "isEmpty": return .flag(chance.oneIn(2))
        case "in", "notIn": return .many(operands(kind))
        case "includes": return .one(operand("skill"))
        case "includesAny", "includesAll": return .many(operands("skill"))
        case "startsWith": return .one(.string(String(word.prefix(1 + chance.below(3)))))
        case "endsWith": return .one(.string(String(word.suffix(2))))
        case "contains": return .one(.string(String(word.dropFirst().prefix(2))))
        case "like": return .one(.string(chance.pick(["%d%", "_da", "a\\_b%", "%", "", "李_", "100\\%"])))
        case "regex": return .one(.string("^" + chance.pick(["A", "P1", "B", "李", "a"])))
        case "during": return .period(NaivePeriod.random(&chance))
        case "between":
            let (from, to) = (operand(kind), operand(kind))
            switch chance.below(3) {
            case 0: return .range(from, nil)
            case 1: return .range(nil, to)
            default: return .range(from, to)
            }
        default: return .one(operand(kind))
        }
    }
}
