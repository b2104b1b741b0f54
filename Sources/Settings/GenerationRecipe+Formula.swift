extension RecipeFormula {
    /// Why a text is no formula.
    struct Mistake: Error {
        var message: String
    }

    /// Reads a formula.
    ///
    ///     formula    = or [ "?" formula ":" formula ]
    ///     or         = and { "||" and }            and = comparison { "&&" comparison }
    ///     comparison = sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum ]
    ///     sum        = product { ("+" | "-") product }
    ///     product    = unary { ("*" | "/" | "%") unary }
    ///     unary      = ("!" | "-") unary | primary
    ///     primary    = number | 'text' | "true" | "false" | "nothing" | "(" formula ")"
    ///                | name [ "." name ] | name "(" [ formula { "," formula } ] ")"
    init(reading text: String) throws(Mistake) {
        var parser = FormulaParser(text)
        try parser.advance()
        self = try parser.formula()
        guard parser.token == .end else {
            throw Mistake(message: "\(parser.found) stands where the formula '\(text)' should end")
        }
    }
}

private struct FormulaParser {
    enum Token: Equatable {
        case end
        case integer(Int64)
        case real(Double)
        case text(String)
        case name(String)
        case symbol(String)
    }

    /// A formula is one line of a file; deeper nesting is a mistake.
    static let maximumDepth = 50

    let characters: [Character]
    var position = 0
    var token = Token.end
    var depth = 0

    init(_ text: String) { characters = Array(text) }

    var found: String {
        switch token {
        case .end: "the end"
        case .integer(let number): "'\(number)'"
        case .real(let number): "'\(number)'"
        case .text(let text): "''\(text)''"
        case .name(let name): "'\(name)'"
        case .symbol(let symbol): "'\(symbol)'"
        }
    }

    // MARK: Tokens

    mutating func advance() throws(RecipeFormula.Mistake) {
        while position < characters.count, characters[position].isWhitespace { position += 1 }
        guard position < characters.count else {
            token = .end
            return
        }
        let start = position
        let first = characters[position]
        if first.isASCII, first.isNumber {
            take { $0.isASCII && ($0.isNumber || $0 == "_" || $0 == ".") }
            let digits = String(characters[start..<position].filter { $0 != "_" })
            if let number = Int64(digits) {
                token = .integer(number)
            } else if let number = Double(digits), number.isFinite {
                token = .real(number)
            } else {
                throw RecipeFormula.Mistake(message: "'\(digits)' is no number")
            }
        } else if first.isASCII, first.isLetter || first == "_" {
            take { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            token = .name(String(characters[start..<position]))
        } else if first == "'" {
            position += 1
            take { $0 != "'" }
            guard position < characters.count else { throw RecipeFormula.Mistake(message: "a text lacks its closing '") }
            token = .text(String(characters[(start + 1)..<position]))
            position += 1
        } else {
            let pair = String(characters[start..<min(start + 2, characters.count)])
            let symbol = ["==", "!=", "<=", ">=", "&&", "||"].contains(pair) ? pair : String(first)
            position += symbol.count
            token = .symbol(symbol)
        }
    }

    private mutating func take(while belongs: (Character) -> Bool) {
        while position < characters.count, belongs(characters[position]) { position += 1 }
    }

    private mutating func skip(_ symbol: String) throws(RecipeFormula.Mistake) -> Bool {
        guard token == .symbol(symbol) else { return false }
        try advance()
        return true
    }

    private mutating func expect(_ symbol: String) throws(RecipeFormula.Mistake) {
        guard try skip(symbol) else { throw RecipeFormula.Mistake(message: "'\(symbol)' is missing before \(found)") }
    }

    // MARK: Grammar

    mutating func formula() throws(RecipeFormula.Mistake) -> RecipeFormula {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.maximumDepth else { throw RecipeFormula.Mistake(message: "the formula is nested too deeply") }
        let condition = try binary(level: 0)
        guard try skip("?") else { return condition }
        let first = try formula()
        try expect(":")
        return .conditional(condition, first, try formula())
    }

    private static let levels: [[RecipeFormula.Operator]] = [
        [.or], [.and], [.equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual], [.add, .subtract],
        [.multiply, .divide, .remainder],
    ]

    private mutating func binary(level: Int) throws(RecipeFormula.Mistake) -> RecipeFormula {
        guard level < Self.levels.count else { return try unary() }
        var left = try binary(level: level + 1)
        while case .symbol(let symbol) = token, let operation = RecipeFormula.Operator(rawValue: symbol),
            Self.levels[level].contains(operation)
        {
            try advance()
            left = .binary(operation, left, try binary(level: level + 1))
        }
        return left
    }

    private mutating func unary() throws(RecipeFormula.Mistake) -> RecipeFormula {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.maximumDepth else { throw RecipeFormula.Mistake(message: "the formula is nested too deeply") }
        if try skip("!") { return .not(try unary()) }
        if try skip("-") { return .negative(try unary()) }
        return try primary()
    }

    private mutating func primary() throws(RecipeFormula.Mistake) -> RecipeFormula {
        let current = token
        try advance()
        switch current {
        case .integer(let number): return .integer(number)
        case .real(let number): return .real(number)
        case .text(let text): return .text(text)
        case .name("true"): return .boolean(true)
        case .name("false"): return .boolean(false)
        case .name("nothing"): return .nothing
        case .name(let name):
            if try skip(".") {
                guard case .name(let member) = token else {
                    throw RecipeFormula.Mistake(message: "a name is missing behind '\(name).'")
                }
                try advance()
                return .name([name, member])
            }
            return try skip("(") ? .call(name, try arguments()) : .name([name])
        case .symbol("("):
            let inside = try formula()
            try expect(")")
            return inside
        case .end: throw RecipeFormula.Mistake(message: "the formula ends where a value is missing")
        case .symbol(let symbol): throw RecipeFormula.Mistake(message: "'\(symbol)' stands where a value is missing")
        }
    }

    private mutating func arguments() throws(RecipeFormula.Mistake) -> [RecipeFormula] {
        if try skip(")") { return [] }
        var arguments = [try formula()]
        while try skip(",") { arguments.append(try formula()) }
        try expect(")")
        return arguments
    }
}
