import Expressions
import StoreColumns
import Testing

/// Conditions that ask nothing of a row behind an edge but its key are answered by the row's number. They mean what they say.
@Suite struct `A row that is named by its key` {
    /// Edges to at most one row whose whole key is a text.
    private static let edges: [(owner: NodeTypeID, column: Int, target: NodeTypeID)] = [
        (Fixture.town, 4, Fixture.town), (Fixture.family, 1, Fixture.town), (Fixture.care, 0, Fixture.helper),
        (Fixture.care, 1, Fixture.family),
    ]
    private static let quantifiers: [Quantifier] = [.some, .none, .exactlyOne, .every]

    private func condition(
        _ quantifier: Quantifier, _ edge: (owner: NodeTypeID, column: Int, target: NodeTypeID), is key: Expression
    ) -> Expression {
        .quantified(
            quantifier,
            over: .optional(.follow(.variable(0, edge.owner), .reference(column: edge.column, target: edge.target))), variable: 1,
            .compare(.equal, .column(of: .variable(1, edge.target), column: 0, .string), key))
    }

    /// All keys that there are, and one that there is not.
    private func keys(_ pair: RegisterPair, _ type: NodeTypeID) -> [String] {
        pair.liveRows(type).compactMap { row in
            if case .string(let key) = pair.version.key(of: row, type: type).parts[0] { key } else { nil }
        } + ["nobody"]
    }

    @Test(arguments: 0..<8) func `is the row that has the key, row by row and for whole types`(_ seed: UInt64) throws {
        let pair = try RegisterPair(seed: seed)
        for edge in Self.edges {
            for key in keys(pair, edge.target) {
                for quantifier in Self.quantifiers {
                    let asked = condition(quantifier, edge, is: .constant(.string(key), .string))
                    for expression in [asked, .not(asked)] {
                        let rows = pair.liveRows(edge.owner)
                        let expected = try rows.filter { try pair.evaluator(edge.owner, $0).truth(expression) == true }
                        let unknown = try rows.filter { try pair.evaluator(edge.owner, $0).truth(expression) == nil }
                        for mode in [Materialisation.never, .always, .adaptive] {
                            let context = pair.context(mode)
                            let found = try CompiledPredicate(expression, on: edge.owner, context)
                            let inDoubt = try CompiledPredicate(.isNull(expression), on: edge.owner, context)
                            let shown: Comment = "seed \(seed) \(mode): \(expression.shown)"
                            #expect(try found.rows().array() == expected, shown)
                            #expect(try rows.filter { try found.truth(of: $0) == .yes } == expected, shown)
                            #expect(try inDoubt.rows().array() == unknown, shown)
                        }
                    }
                }
            }
        }
    }

    @Test(arguments: 0..<8) func `is that of the argument, whatever came before`(_ seed: UInt64) throws {
        let pair = try RegisterPair(seed: seed)
        for edge in Self.edges {
            for quantifier in Self.quantifiers {
                let open = try RebindablePredicate(
                    condition(quantifier, edge, is: .argument(0, .string)), on: edge.owner, pair.context(.never))
                for key in keys(pair, edge.target) {
                    #expect(open.bind(1) { _ in .string(key) })
                    let closed = condition(quantifier, edge, is: .constant(.string(key), .string))
                    let rows = pair.liveRows(edge.owner)
                    let expected = try rows.filter { try pair.evaluator(edge.owner, $0).truth(closed) == true }
                    let shown: Comment = "seed \(seed): \(closed.shown)"
                    #expect(try rows.filter { try open.truth(of: $0) == .yes } == expected, shown)
                    if let few = try open.fewRows() { #expect(few == expected, shown) }
                    #expect(try open.predicate().rows().array() == expected, shown)
                }
            }
        }
    }
}

/// What else a condition asks is asked of the rows that the key leads to, and nothing that the key has not answered is left out.
@Suite struct `A named row beside other conditions` {
    private static let edges: [(column: Int, target: NodeTypeID)] = [(0, Fixture.helper), (1, Fixture.family)]

    private func isKeyed(_ edge: (column: Int, target: NodeTypeID), _ key: Expression) -> Expression {
        .quantified(
            .some,
            over: .optional(.follow(.variable(0, Fixture.care), .reference(column: edge.column, target: edge.target))),
            variable: 1,
            .compare(.equal, .column(of: .variable(1, edge.target), column: 0, .string), key))
    }

    /// Conjunctions in which two edges are named by one argument or by two, by an argument and a constant, and beside something else.
    private func conditions(_ constant: String) -> [Expression] {
        let (first, second) = (Expression.argument(0, .string), Expression.argument(1, .string))
        let isOpen = Expression.isNull(.column(of: .variable(0, Fixture.care), column: 3, .date))
        return [
            .and([isKeyed(Self.edges[0], first), isOpen]),
            .and([isOpen, isKeyed(Self.edges[1], second)]),
            .and([isKeyed(Self.edges[0], first), isKeyed(Self.edges[1], second)]),
            .and([isKeyed(Self.edges[0], first), isKeyed(Self.edges[1], first)]),
            .and([isKeyed(Self.edges[0], first), isKeyed(Self.edges[0], second)]),
            .and([isKeyed(Self.edges[0], first), isKeyed(Self.edges[1], .constant(.string(constant), .string)), isOpen]),
            .and([isKeyed(Self.edges[0], first), .or([isKeyed(Self.edges[1], second), isOpen])]),
            .and([isKeyed(Self.edges[0], first), .not(isKeyed(Self.edges[1], second))]),
        ]
    }

    @Test(arguments: 0..<40) func `is what the definition says`(_ seed: UInt64) throws {
        let pair = try RegisterPair(seed: seed)
        let rows = pair.liveRows(Fixture.care)
        func key(_ row: RowNumber, _ part: Int) -> String {
            guard case .reference(let key) = pair.version.key(of: row, type: Fixture.care).parts[part],
                case .string(let text) = key.parts[0]
            else { return "" }
            return text
        }
        let pairs =
            rows.prefix(12).map { (key($0, 0), key($0, 1)) } + [("nobody", "f0"), ("h0", "nobody")]
            + rows.prefix(6).map { (key($0, 0), key(rows[0], 0)) }
        for (index, condition) in conditions(pairs[0].1).enumerated() {
            let open = try RebindablePredicate(condition, on: Fixture.care, pair.context(.never))
            for (helper, family) in pairs {
                let values = [helper, family]
                #expect(open.bind(2) { .string(values[$0]) })
                let closed = condition.settingArguments(values)
                let expected = try rows.filter { try pair.evaluator(Fixture.care, $0).truth(closed) == true }
                let shown: Comment = "seed \(seed), condition \(index): \(closed.shown)"
                #expect(try open.fewRows() == expected, shown)
                #expect(try rows.filter { try open.truth(of: $0) == .yes } == expected, shown)
            }
        }
    }
}

extension Expression {
    /// With texts in place of its arguments.
    fileprivate func settingArguments(_ texts: [String]) -> Expression {
        switch self {
        case .argument(let index, let type): .constant(.string(texts[index]), type)
        case .and(let parts): .and(parts.map { $0.settingArguments(texts) })
        case .or(let parts): .or(parts.map { $0.settingArguments(texts) })
        case .not(let part): .not(part.settingArguments(texts))
        case .compare(let comparison, let left, let right): .compare(comparison, left, right.settingArguments(texts))
        case .quantified(let quantifier, let set, let variable, let body):
            .quantified(quantifier, over: set, variable: variable, body.settingArguments(texts))
        default: self
        }
    }
}

/// A column that holds a value for every row is not asked whether it does.
@Suite struct `Whether a column is null` {
    @Test(arguments: 0..<8) func `is what its rows say, in versions where it is and where it is not`(_ seed: UInt64) throws {
        let pair = try RegisterPair(seed: seed)
        for type in pair.version.catalog.nodeTypes.indices.map({ NodeTypeID($0) }) {
            for (index, column) in pair.version.catalog[type].columns.enumerated() {
                guard case .int = column.kind else { continue }
                let expression = Expression.isNull(.column(of: .variable(0, type), column: index, .int))
                let expected = try pair.liveRows(type).filter {
                    try pair.evaluator(type, $0).truth(expression) == true
                }
                for mode in [Materialisation.never, .always] {
                    let found = try CompiledPredicate(expression, on: type, pair.context(mode))
                    #expect(try found.rows().array() == expected, "seed \(seed) \(mode): \(expression.shown)")
                }
            }
        }
    }
}
