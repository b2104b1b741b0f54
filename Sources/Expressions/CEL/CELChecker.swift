import StoreColumns

/// Syntax × row types → a typed expression. Names: rows bound by macros first, then fields of the outer row.
struct CELChecker {
    let rowTypes: RowTypes
    let type: NodeTypeID
    /// What is known of who asks.
    let claims: [ClaimDefinition]
    /// The row that the expression is asked of.
    private let outer: Int
    /// Rows bound by the macros around the current place, outermost first: the variables that follow.
    private var bound: [(name: String, type: NodeTypeID)] = []

    init(rowTypes: RowTypes, type: NodeTypeID, variable: Int = 0, claims: [ClaimDefinition] = []) {
        outer = variable
        self.claims = claims
        self.rowTypes = rowTypes
        self.type = type
    }

    func name(_ type: ExpressionType) -> String { type.description(in: rowTypes.catalog) }

    /// The typed expression of a piece of syntax.
    /// - Parameter expecting: what a literal that could have several types takes; others are left for the caller to check.
    mutating func check(_ syntax: CELSyntax, expecting: ExpressionType? = nil) throws(CELError) -> Expression {
        switch syntax.kind {
        case .null:
            guard let expecting else {
                throw CELError("null has no type here; compare with '== null', or use 'has'.", at: syntax.place)
            }
            return .constant(.null, expecting)
        case .boolean(let value): return .constant(.boolean(value), .boolean)
        case .number(let text): return try number(text, expecting: expecting, at: syntax.place)
        case .string(let text): return try string(text, expecting: expecting, at: syntax.place)
        case .name(let name): return try resolve(name, at: syntax.place)
        case .member(let base, let name): return try member(name, of: base, at: syntax.place)
        case .call(let receiver?, let name, let arguments):
            return try call(name, on: receiver, arguments, at: syntax.place)
        case .call(nil, let name, let arguments):
            return try call(name, arguments, expecting: expecting, at: syntax.place)
        case .list: throw CELError("A list stands only to the right of 'in'.", at: syntax.place)
        case .not(let operand): return .not(try truth(operand, of: "'!'"))
        case .negate(let operand): return try negation(of: operand, at: syntax.place)
        case .and(let operands): return .and(try truths(operands, of: "'&&'"))
        case .or(let operands): return .or(try truths(operands, of: "'||'"))
        case .binary(let sign, let left, let right): return try binary(sign, left, right, at: syntax.place)
        case .conditional(let condition, let then, let other):
            let verdict = try truth(condition, of: "'?'")
            let (first, second) = try pair(then, other, expecting: expecting)
            guard first.type.common(with: second.type) != nil else {
                throw CELError(
                    "The results of '?' must be of one type, but are \(name(first.type)) and \(name(second.type)).",
                    at: syntax.place)
            }
            if case .rows = first.type { throw CELError("The results of '?' cannot be sets.", at: syntax.place) }
            return .conditional(verdict, then: first, else: second)
        }
    }

    // MARK: Truth

    /// An operand that must be a Boolean.
    mutating func truth(_ syntax: CELSyntax, of user: String) throws(CELError) -> Expression {
        let expression = try check(syntax, expecting: .boolean)
        guard expression.type == .boolean else {
            throw CELError("\(user) takes a Boolean, found \(name(expression.type)).", at: syntax.place)
        }
        return expression
    }

    private mutating func truths(_ operands: [CELSyntax], of user: String) throws(CELError) -> [Expression] {
        var expressions: [Expression] = []
        for operand in operands { expressions.append(try truth(operand, of: user)) }
        return expressions
    }

    /// Two operands that should be of one type: what has a type of its own lends it to a literal beside it.
    mutating func pair(
        _ left: CELSyntax, _ right: CELSyntax, expecting: ExpressionType? = nil
    ) throws(CELError) -> (Expression, Expression) {
        if left.isUntyped && !right.isUntyped {
            let second = try check(right, expecting: expecting)
            return (try check(left, expecting: expecting ?? second.type), second)
        }
        let first = try check(left, expecting: expecting)
        return (first, try check(right, expecting: expecting ?? first.type))
    }

    // MARK: Rows

    /// The number of the next row to be bound.
    var nextVariable: Int { outer + bound.count + 1 }

    /// Checks a condition or value with one more row bound.
    mutating func withRow<Result>(
        named syntax: CELSyntax, of type: NodeTypeID, of user: String,
        _ body: (inout CELChecker, Int) throws(CELError) -> Result
    ) throws(CELError) -> Result {
        guard case .name(let name) = syntax.kind else {
            throw CELError("The first argument of '\(user)' is a new name for a row.", at: syntax.place)
        }
        guard !bound.contains(where: { $0.name == name }) else {
            throw CELError("'\(name)' already names a row around here; choose another name.", at: syntax.place)
        }
        guard name != Self.asOfName else { throw CELError("'asOf' is the as-of date and names no row.", at: syntax.place) }
        bound.append((name, type))
        defer { bound.removeLast() }
        return try body(&self, outer + bound.count)
    }

    private mutating func resolve(_ name: String, at place: CELPlace) throws(CELError) -> Expression {
        if let index = bound.firstIndex(where: { $0.name == name }) { return .variable(outer + index + 1, bound[index].type) }
        if name == Self.asOfName { return .asOf }
        if let field = rowTypes[type].field(named: name) { return read(field, of: .variable(outer, type)) }
        if rowTypes.catalog.enumerations.contains(where: { $0.name == name }) {
            throw CELError("'\(name)' is an enum; name one of its values, such as \(name).\(firstValue(of: name)).", at: place)
        }
        let hint = Suggestion.text(for: name, among: bound.map(\.name) + rowTypes[type].fields.map(\.name) + [Self.asOfName])
        throw CELError("\(rowTypes[type].name) has no field '\(name)', and no row here is named so.\(hint)", at: place)
    }

    private func firstValue(of enumeration: String) -> String {
        rowTypes.catalog.enumerations.first { $0.name == enumeration }?.values.first ?? "…"
    }

    private mutating func member(_ name: String, of base: CELSyntax, at place: CELPlace) throws(CELError) -> Expression {
        if namesClaims(base) {
            let claim = try claim(name, at: place)
            guard !claims[claim].isList else {
                throw CELError("'claims.\(name)' is a list; it stands to the right of 'in', or in 'within'.", at: place)
            }
            return .argument(claim, claims[claim].type)
        }
        if case .name(let enumeration) = base.kind, !isRowOrField(enumeration),
            let index = rowTypes.catalog.enumerations.firstIndex(where: { $0.name == enumeration })
        {
            return try enumValue(name, of: EnumerationID(index), at: place)
        }
        let row = try check(base)
        switch row.type {
        case .row(let type):
            guard let field = rowTypes[type].field(named: name) else {
                let hint = Suggestion.text(for: name, among: rowTypes[type].fields.lazy.map(\.name))
                throw CELError("\(rowTypes[type].name) has no field '\(name)'.\(hint)", at: place)
            }
            return read(field, of: row)
        case .rows(let type):
            throw CELError(
                "'\(name)' is asked of a set of \(rowTypes[type].name); say of which: exists, all, filter, latest, ….", at: place)
        default: throw CELError("\(self.name(row.type).capitalisedFirst) has no field '\(name)'.", at: place)
        }
    }

    func isRowOrField(_ name: String) -> Bool {
        bound.contains { $0.name == name } || rowTypes[type].field(named: name) != nil
    }

    private func read(_ field: RowField, of row: Expression) -> Expression {
        switch field.source {
        case .column(let column, let type): .column(of: row, column: column, type)
        case .validColumn(let lookup, let column, let type):
            .column(of: .follow(row, .valid(lookup, on: nil)), column: column, type)
        case .toOne(let edge, _): .follow(row, edge)
        case .toMany(let edge, _): .rows(from: row, edge)
        case .derived(let id, let type): .derived(of: row, id, type)
        }
    }

    static let asOfName = "asOf"
}

extension CELSyntax {
    /// Whether it takes its type from what stands beside it: a literal, or a choice of literals.
    var isUntyped: Bool {
        switch kind {
        case .null, .number, .string: true
        case .conditional(_, let then, let other): then.isUntyped && other.isUntyped
        default: false
        }
    }
}

extension String {
    var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
