import StoreColumns

extension Expression {
    /// The row variables that it reads and does not bind, as bits. Variables from 63 on share a bit: `compile` refuses them. So do
    /// arguments: what reads one is neither computed beforehand, nor hoisted, nor asked of a whole type.
    var freeVariables: UInt64 {
        switch self {
        case .constant, .asOf, .parameter: 0
        case .argument: 1 << 63
        case .variable(let index, _): Self.bit(index)
        case .follow(let row, _), .rows(let row, _), .column(let row, _, _), .derived(let row, _, _), .optional(let row),
            .not(let row), .isNull(let row), .isOneOf(let row, _), .text(_, let row), .listIncludes(let row, _, _),
            .listIsEmpty(let row):
            row.freeVariables
        case .extreme(_, let set, let variable, let body), .filter(let set, let variable, let body),
            .quantified(_, let set, let variable, let body):
            set.freeVariables | body.freeVariables & ~Self.bit(variable)
        case .aggregate(_, let set, let variable, let body):
            set.freeVariables | (body?.freeVariables ?? 0) & ~Self.bit(variable)
        case .and(let operands), .or(let operands), .coalesce(let operands), .function(_, let operands):
            operands.reduce(0) { $0 | $1.freeVariables }
        case .compare(_, let left, let right), .arithmetic(_, let left, let right), .ratio(let left, let right),
            .contains(let left, let right):
            left.freeVariables | right.freeVariables
        case .conditional(let condition, let then, let other):
            condition.freeVariables | then.freeVariables | other.freeVariables
        }
    }

    private static func bit(_ variable: Int) -> UInt64 { 1 << UInt64(min(max(variable, 0), 63)) }

    /// What one row costs, in column reads, roughly: enough to ask the cheap before the dear.
    var cost: Int {
        switch self {
        case .constant, .asOf, .parameter, .argument, .variable: 0
        case .follow(let row, .reference): row.cost + 1
        case .follow(let row, .valid): row.cost + 8
        case .rows(let row, .valid): row.cost + 8
        case .rows(let row, _), .optional(let row): row.cost + 2
        case .column(let row, _, _): row.cost + 1
        case .derived(let row, _, _): row.cost + 40
        case .not(let operand), .isNull(let operand), .isOneOf(let operand, _), .listIsEmpty(let operand): operand.cost + 1
        case .listIncludes(let operand, _, _): operand.cost + 3
        case .text(let match, let operand): operand.cost + (match.kind == .regex ? 60 : 6)
        case .extreme(_, let set, _, let body), .filter(let set, _, let body): set.cost + 10 * (body.cost + 1)
        // What stands in another table is read from anywhere: dearer than a second look at a column of the own row.
        case .quantified(_, .optional(let row), _, let body): row.cost + body.cost + 4
        case .quantified(_, let set, _, let body): set.cost + 10 * (body.cost + 1)
        case .aggregate(_, let set, _, let body): set.cost + 10 * ((body?.cost ?? 0) + 1)
        case .and(let operands), .or(let operands), .coalesce(let operands), .function(_, let operands):
            operands.reduce(1) { $0 + $1.cost }
        case .compare(_, let left, let right), .arithmetic(_, let left, let right), .ratio(let left, let right):
            left.cost + right.cost + 1
        case .contains(let set, let row): set.cost + row.cost + 3
        case .conditional(let condition, let then, let other): condition.cost + max(then.cost, other.cost) + 1
        }
    }

    /// Whether it costs no more than a column does: the size of an edge, which the offsets of neighbouring rows tell.
    var isReadByNeighbours: Bool {
        if case .aggregate(.count, .rows(.variable, .inverse), _, nil) = self { true } else { false }
    }

    /// Whether its rows are tested by their texts, and most of these stand at few rows: what asking a text once for all spares nothing of.
    func testsTexts(in version: GraphVersion) -> Bool {
        switch self {
        case .text(let match, .column(let row, let column, _)):
            guard match.kind == .regex, case .row(let type) = row.type, case .string(let texts) = version[type].column(column)
            else { return false }
            return texts.dictionary.count * 8 > texts.codes.rowCount
        case .not(let operand): return operand.testsTexts(in: version)
        case .and(let operands), .or(let operands): return operands.contains { $0.testsTexts(in: version) }
        default: return false
        }
    }

    /// The column of a row variable that is compared with something that is none.
    var comparedColumn: Expression? {
        guard case .compare(_, let left, let right) = self else { return nil }
        switch (left, right) {
        case (.column(.variable, _, _), .column): return nil
        case (.column(.variable, _, _), _): return left
        case (_, .column(.variable, _, _)): return right
        default: return nil
        }
    }
}
