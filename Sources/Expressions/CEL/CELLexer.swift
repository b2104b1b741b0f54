/// A word of the language, with its place.
struct CELToken: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case identifier(String)
        /// Digits, and perhaps a fraction: exact text, no sign.
        case number(String)
        case string(String)
        /// An operator or bracket, `in` among them.
        case sign(String)
        case end
    }
    var kind: Kind
    var place: CELPlace

    /// As it is named in a message.
    var shown: String {
        switch kind {
        case .identifier(let name): "'\(name)'"
        case .number(let text): "number \(text)"
        case .string: "a string"
        case .sign(let sign): "'\(sign)'"
        case .end: "the end"
        }
    }
}

/// Scalars → tokens. Comments run from `//` to the end of the line.
struct CELLexer {
    private let scalars: [Unicode.Scalar]
    private var offset = 0
    private var place = CELPlace()

    /// - Throws: text over `CELLimits.byteCount`, an unfinished string, an unknown escape or sign.
    static func tokens(of text: String) throws(CELError) -> [CELToken] {
        guard text.utf8.count <= CELLimits.byteCount else {
            throw CELError(
                "The expression has \(text.utf8.count) bytes; \(CELLimits.byteCount) are allowed.", at: CELPlace())
        }
        var lexer = CELLexer(scalars: Array(text.unicodeScalars))
        var tokens: [CELToken] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private func scalar(ahead distance: Int = 0) -> Unicode.Scalar? {
        offset + distance < scalars.count ? scalars[offset + distance] : nil
    }

    private mutating func advance() {
        if scalars[offset] == "\n" {
            place.line += 1
            place.column = 1
        } else {
            place.column += 1
        }
        offset += 1
    }

    private mutating func take(while holds: (Unicode.Scalar) -> Bool) -> String {
        let start = offset
        while let scalar = scalar(), holds(scalar) { advance() }
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars[start..<offset])
        return text
    }

    private mutating func next() throws(CELError) -> CELToken {
        skipSpace()
        let start = place
        guard let first = scalar() else { return CELToken(kind: .end, place: start) }
        if first.isDigit { return CELToken(kind: .number(try number()), place: start) }
        if first == "'" || first == "\"" { return CELToken(kind: .string(try string(raw: false)), place: start) }
        if first == "r" || first == "R", scalar(ahead: 1) == "'" || scalar(ahead: 1) == "\"" {
            advance()
            return CELToken(kind: .string(try string(raw: true)), place: start)
        }
        if first.isNameStart {
            let name = take { $0.isNameStart || $0.isDigit }
            if Self.reserved.contains(name) {
                throw CELError("'\(name)' is a reserved word of CEL and cannot be a name.", at: start)
            }
            return CELToken(kind: name == "in" ? .sign(name) : .identifier(name), place: start)
        }
        if let second = scalar(ahead: 1) {
            let pair = String(Character(first)) + String(Character(second))
            if Self.pairs.contains(pair) {
                advance()
                advance()
                return CELToken(kind: .sign(pair), place: start)
            }
        }
        guard Self.singles.contains(first) else {
            let hint =
                switch first {
                case "&": " Write '&&'."
                case "|": " Write '||'."
                case "=": " Write '=='."
                default: ""
                }
            throw CELError("'\(first)' means nothing here.\(hint)", at: start)
        }
        advance()
        return CELToken(kind: .sign(String(Character(first))), place: start)
    }

    private mutating func skipSpace() {
        while let scalar = scalar() {
            if scalar == "/", self.scalar(ahead: 1) == "/" {
                _ = take { $0 != "\n" }
            } else if scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" || scalar == "\u{C}" {
                advance()
            } else {
                return
            }
        }
    }

    private mutating func number() throws(CELError) -> String {
        let start = place
        var text = take { $0.isDigit }
        if scalar() == ".", scalar(ahead: 1)?.isDigit == true {
            advance()
            text += "." + take { $0.isDigit }
        }
        if let next = scalar(), next.isNameStart {
            throw CELError("A number is digits with perhaps a fraction, but '\(next)' follows '\(text)'.", at: start)
        }
        return text
    }

    private mutating func string(raw: Bool) throws(CELError) -> String {
        let start = place
        guard let quote = scalar() else { return "" }
        advance()
        var text = ""
        while let scalar = scalar() {
            if scalar == "\n" { break }
            if scalar == quote {
                advance()
                return text
            }
            if scalar == "\\" && !raw {
                text.unicodeScalars.append(try escape())
            } else {
                text.unicodeScalars.append(scalar)
                advance()
            }
        }
        throw CELError("The string is not closed by \(quote) on its line.", at: start)
    }

    private mutating func escape() throws(CELError) -> Unicode.Scalar {
        let start = place
        advance()
        guard let kind = scalar() else { throw CELError("The string ends within an escape.", at: start) }
        advance()
        switch kind {
        case "\\", "'", "\"", "`", "?": return kind
        case "a": return "\u{7}"
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "v": return "\u{B}"
        case "u", "U":
            let digitCount = kind == "u" ? 4 : 8
            var digits = ""
            while digits.count < digitCount, let scalar = scalar(), scalar.properties.isASCIIHexDigit {
                digits.unicodeScalars.append(scalar)
                advance()
            }
            guard digits.count == digitCount, let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else {
                throw CELError("'\\\(kind)' takes \(digitCount) hexadecimal digits of a Unicode scalar.", at: start)
            }
            return scalar
        default: throw CELError("'\\\(kind)' is no escape. A backslash itself is written '\\\\'.", at: start)
        }
    }

    private static let pairs: Set<String> = ["==", "!=", "<=", ">=", "&&", "||"]
    private static let singles: Set<Unicode.Scalar> = [
        "(", ")", "[", "]", ".", ",", "?", ":", "!", "<", ">", "+", "-", "*", "/", "%",
    ]
    private static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace",
        "return", "var", "void", "while",
    ]
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
    fileprivate var isNameStart: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) || self == "_" }
}
