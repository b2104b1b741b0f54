/// Tokens → syntax, by recursive descent that counts its depth.
///
///     Expr       = Or [ "?" Or ":" Expr ]
///     Or         = And { "||" And }
///     And        = Relation { "&&" Relation }
///     Relation   = Addition { ( "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" ) Addition }
///     Addition   = Product { ( "+" | "-" ) Product }
///     Product    = Unary { ( "*" | "/" | "%" ) Unary }
///     Unary      = { "!" | "-" } Member
///     Member     = Primary { "." Name [ "(" [ Expr { "," Expr } ] ")" ] }
///     Primary    = Name [ "(" … ")" ] | "(" Expr ")" | "[" [ Expr { "," Expr } ] "]" | Literal
struct CELParser {
    private let tokens: [CELToken]
    private var index = 0
    private var depth = 0

    static func syntax(of text: String) throws(CELError) -> CELSyntax {
        var parser = CELParser(tokens: try CELLexer.tokens(of: text))
        let syntax = try parser.expression()
        guard parser.token.kind == .end else {
            throw CELError("Found \(parser.token.shown), expected an operator or the end.", at: parser.token.place)
        }
        return syntax
    }

    private init(tokens: [CELToken]) { self.tokens = tokens }

    /// The lexer ends every text with `end`, which is never passed.
    private var token: CELToken { tokens[index] }

    private mutating func skip(_ sign: String) -> CELPlace? {
        guard token.kind == .sign(sign) else { return nil }
        defer { index += 1 }
        return token.place
    }

    private mutating func require(_ sign: String, _ purpose: String) throws(CELError) {
        guard skip(sign) != nil else { throw CELError("Found \(token.shown), expected '\(sign)' \(purpose).", at: token.place) }
    }

    private mutating func name(_ purpose: String) throws(CELError) -> (String, CELPlace) {
        guard case .identifier(let name) = token.kind else {
            throw CELError("Found \(token.shown), expected a name \(purpose).", at: token.place)
        }
        defer { index += 1 }
        return (name, token.place)
    }

    private func make(_ kind: CELSyntax.Kind, at place: CELPlace, over parts: [CELSyntax]) throws(CELError) -> CELSyntax {
        let depth = (parts.map(\.depth).max() ?? 0) + 1
        guard depth <= CELLimits.depth else { throw Self.tooDeep(at: place) }
        return CELSyntax(kind: kind, place: place, depth: depth)
    }

    private static func tooDeep(at place: CELPlace) -> CELError {
        CELError("The expression nests deeper than \(CELLimits.depth); a chain of '+' counts one a sign.", at: place)
    }

    private mutating func nested(
        _ parse: (inout CELParser) throws(CELError) -> CELSyntax
    ) throws(CELError) -> CELSyntax {
        guard depth < CELLimits.depth else { throw Self.tooDeep(at: token.place) }
        depth += 1
        defer { depth -= 1 }
        return try parse(&self)
    }

    private mutating func expression() throws(CELError) -> CELSyntax {
        try nested { (parser) throws(CELError) in
            let condition = try parser.disjunction()
            guard let place = parser.skip("?") else { return condition }
            let then = try parser.disjunction()
            try parser.require(":", "between the two results of '?'")
            let other = try parser.expression()
            return try parser.make(.conditional(condition, then: then, else: other), at: place, over: [condition, then, other])
        }
    }

    private mutating func disjunction() throws(CELError) -> CELSyntax {
        let first = try conjunction()
        guard token.kind == .sign("||") else { return first }
        let place = token.place
        var operands = [first]
        while skip("||") != nil { operands.append(try conjunction()) }
        return try make(.or(operands), at: place, over: operands)
    }

    private mutating func conjunction() throws(CELError) -> CELSyntax {
        let first = try relation()
        guard token.kind == .sign("&&") else { return first }
        let place = token.place
        var operands = [first]
        while skip("&&") != nil { operands.append(try relation()) }
        return try make(.and(operands), at: place, over: operands)
    }

    private mutating func relation() throws(CELError) -> CELSyntax {
        try chain(of: [.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .within]) {
            (parser) throws(CELError) in try parser.addition()
        }
    }

    private mutating func addition() throws(CELError) -> CELSyntax {
        try chain(of: [.add, .subtract]) { (parser) throws(CELError) in try parser.product() }
    }

    private mutating func product() throws(CELError) -> CELSyntax {
        try chain(of: [.multiply, .divide, .remainder]) { (parser) throws(CELError) in try parser.unary() }
    }

    private mutating func chain(
        of operators: [CELOperator], operand: (inout CELParser) throws(CELError) -> CELSyntax
    ) throws(CELError) -> CELSyntax {
        var left = try operand(&self)
        while case .sign(let sign) = token.kind, let found = CELOperator(rawValue: sign), operators.contains(found) {
            let place = token.place
            index += 1
            let right = try operand(&self)
            left = try make(.binary(found, left, right), at: place, over: [left, right])
        }
        return left
    }

    private mutating func unary() throws(CELError) -> CELSyntax {
        if let place = skip("!") {
            let operand = try nested { (parser) throws(CELError) in try parser.unary() }
            return try make(.not(operand), at: place, over: [operand])
        }
        if let place = skip("-") {
            if case .number(let digits) = token.kind {
                index += 1
                return try make(.number("-" + digits), at: place, over: [])
            }
            let operand = try nested { (parser) throws(CELError) in try parser.unary() }
            return try make(.negate(operand), at: place, over: [operand])
        }
        return try member()
    }

    private mutating func member() throws(CELError) -> CELSyntax {
        var base = try primary()
        while skip(".") != nil {
            let (name, place) = try name("after '.'")
            if skip("(") != nil {
                let arguments = try items(until: ")", "after the arguments")
                base = try make(.call(receiver: base, name, arguments), at: place, over: [base] + arguments)
            } else {
                base = try make(.member(base, name), at: place, over: [base])
            }
        }
        if token.kind == .sign("[") {
            throw CELError("Sets and maps have no subscripts here; use 'filter', 'latest' or 'earliest'.", at: token.place)
        }
        return base
    }

    private mutating func primary() throws(CELError) -> CELSyntax {
        let place = token.place
        switch token.kind {
        case .number(let digits):
            index += 1
            return try make(.number(digits), at: place, over: [])
        case .string(let text):
            index += 1
            return try make(.string(text), at: place, over: [])
        case .identifier(let name):
            index += 1
            switch name {
            case "true": return try make(.boolean(true), at: place, over: [])
            case "false": return try make(.boolean(false), at: place, over: [])
            case "null": return try make(.null, at: place, over: [])
            default: break
            }
            guard skip("(") != nil else { return try make(.name(name), at: place, over: []) }
            let arguments = try items(until: ")", "after the arguments")
            return try make(.call(receiver: nil, name, arguments), at: place, over: arguments)
        case .sign("("):
            index += 1
            let inner = try expression()
            try require(")", "to close '('")
            return inner
        case .sign("["):
            index += 1
            let elements = try items(until: "]", "after the elements")
            return try make(.list(elements), at: place, over: elements)
        case .sign, .end:
            throw CELError("Found \(token.shown), expected a value.", at: place)
        }
    }

    private mutating func items(until close: String, _ purpose: String) throws(CELError) -> [CELSyntax] {
        if skip(close) != nil { return [] }
        var items = [try expression()]
        while skip(",") != nil { items.append(try expression()) }
        try require(close, purpose)
        return items
    }
}
