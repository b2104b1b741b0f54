/// Reads one token after the other from UTF-8 bytes.
///
/// Bytes of names, numbers and punctuators are ASCII, and the bytes of every other character are 0x80 and above, so the
/// lexer never needs to decode. Source: GraphQL September 2026, §2.1 and Appendix A.
struct Lexer: ~Escapable {
    let bytes: Span<UInt8>
    var position = 0
    private(set) var names = NameTable()
    private let keepsComments: Bool
    private let hashSeed = NameTable.hashSeed

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, keepsComments: Bool = false) {
        self.bytes = bytes
        self.keepsComments = keepsComments
    }

    /// The next token; `.endOfSource` again and again at the end. After an error the lexer's place is meaningless.
    mutating func next() throws(SyntaxError) -> Token {
        while position < bytes.count {
            let start = position
            let byte = bytes[start]
            switch byte {
            case 0x20, 0x2C, 0x09, 0x0A, 0x0D:  // space , tab LF CR
                position += 1
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
                return name()
            case UInt8(ascii: "{"): return punctuator(.openBrace)
            case UInt8(ascii: "}"): return punctuator(.closeBrace)
            case UInt8(ascii: "("): return punctuator(.openParenthesis)
            case UInt8(ascii: ")"): return punctuator(.closeParenthesis)
            case UInt8(ascii: ":"): return punctuator(.colon)
            case UInt8(ascii: "$"): return punctuator(.dollar)
            case UInt8(ascii: "!"): return punctuator(.bang)
            case UInt8(ascii: "["): return punctuator(.openBracket)
            case UInt8(ascii: "]"): return punctuator(.closeBracket)
            case UInt8(ascii: "="): return punctuator(.equals)
            case UInt8(ascii: "@"): return punctuator(.at)
            case UInt8(ascii: "|"): return punctuator(.pipe)
            case UInt8(ascii: "&"): return punctuator(.ampersand)
            case UInt8(ascii: "."): return try spread()
            case UInt8(ascii: "\""): return try string()
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
            case UInt8(ascii: "#"):
                while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D { position += 1 }
                if keepsComments { return Token(.comment, start, position) }
            case 0xEF where byteAt(start + 1) == 0xBB && byteAt(start + 2) == 0xBF:  // byte order mark
                position += 3
            default:
                throw unexpected(at: start)
            }
        }
        return Token(.endOfSource, bytes.count, bytes.count)
    }

    private mutating func punctuator(_ kind: Token.Kind) -> Token {
        position += 1
        return Token(kind, position - 1, position)
    }

    /// Name :: NameStart NameContinue*
    private mutating func name() -> Token {
        let start = position
        var hash = hashSeed
        repeat {
            hash = NameTable.hash(hash, adding: bytes[position])
            position += 1
        } while position < bytes.count && isNameContinue(bytes[position])
        let id = names.intern(bytes.extracting(start..<position), hash: hash)
        return Token(.name, start, position, name: id)
    }

    /// Punctuator :: `...`
    private mutating func spread() throws(SyntaxError) -> Token {
        let start = position
        if byteAt(start + 1) == UInt8(ascii: "."), byteAt(start + 2) == UInt8(ascii: ".") {
            position += 3
            return Token(.spread, start, position)
        }
        if byteAt(start + 1) == UInt8(ascii: ".") {
            throw failure("Found '..'; three dots spread a fragment.", start, start + 2)
        }
        if let digit = byteAt(start + 1), isDigit(digit) {
            throw failure("A number needs a digit before its point: write 0 before it.", start, start + 1)
        }
        throw unexpected(at: start)
    }

    // MARK: Numbers

    /// IntValue :: IntegerPart, not followed by Digit, `.` or NameStart
    ///
    /// FloatValue :: IntegerPart FractionalPart? ExponentPart?, not followed by Digit, `.` or NameStart
    ///
    /// IntegerPart :: `-`? (0 | NonZeroDigit Digit*)
    private mutating func number() throws(SyntaxError) -> Token {
        let start = position
        var kind = Token.Kind.int
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        if byteAt(position) == UInt8(ascii: "0") {
            position += 1
            if let digit = byteAt(position), isDigit(digit) {
                throw failure("A number does not start with 0 and another digit.", position, position + 1)
            }
        } else {
            try digits()
        }
        if byteAt(position) == UInt8(ascii: ".") {
            kind = .float
            position += 1
            try digits()
        }
        if let byte = byteAt(position), byte | 0x20 == UInt8(ascii: "e") {
            kind = .float
            position += 1
            if let sign = byteAt(position), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        if let byte = byteAt(position), byte == UInt8(ascii: ".") || isNameContinue(byte) {
            throw failure("A number ends here, but \(found(at: position)) follows it.", position, position + 1)
        }
        return Token(kind, start, position)
    }

    /// Digit+
    private mutating func digits() throws(SyntaxError) {
        guard let first = byteAt(position), isDigit(first) else {
            throw failure("A number needs a digit here; found \(found(at: position)).", position, position)
        }
        repeat { position += 1 } while position < bytes.count && isDigit(bytes[position])
    }

    // MARK: Bytes

    func byteAt(_ index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

    func failure(_ message: String, _ start: Int, _ end: Int) -> SyntaxError {
        SyntaxError(.syntax, message, at: SourceRange(start: start, end: min(end, bytes.count)), of: bytes)
    }

    private func unexpected(at start: Int) -> SyntaxError {
        if bytes[start] == UInt8(ascii: "'") {
            return failure("Found a single quote; strings stand in double quotes.", start, start + 1)
        }
        return failure("Found \(found(at: start)), which starts no token.", start, start + 1)
    }

    /// What stands at an offset, for a message: 'x', U+203B or the end.
    private func found(at index: Int) -> String {
        guard index < bytes.count else { return "the end of the document" }
        if bytes[index] > 0x20, bytes[index] < 0x7F { return "'\(Unicode.Scalar(bytes[index]))'" }
        var end = index + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        var text: [UInt8] = []
        for position in index..<end { text.append(bytes[position]) }
        let value = String(decoding: text, as: UTF8.self).unicodeScalars.first?.value ?? 0
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

/// Letter | Digit | `_`
@inline(__always)
func isNameContinue(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
}

/// Letter | `_`
@inline(__always)
func isNameStart(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
}

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
