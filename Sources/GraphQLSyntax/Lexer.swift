/// Reads one token after the other from UTF-8 bytes.
///
/// Bytes of names, numbers and punctuators are ASCII, and the bytes of every other character are 0x80 and above, so the
/// lexer never needs to decode. Source: GraphQL September 2026, §2.1 and Appendix A.
struct Lexer: ~Escapable {
    let bytes: Span<UInt8>
    var position = 0
    private(set) var names = NameTable()
    private let keepsComments: Bool

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, keepsComments: Bool = false) {
        self.bytes = bytes
        self.keepsComments = keepsComments
        names.reserve(forSourceOf: bytes.count)
    }

    /// The next token; `.endOfSource` again and again at the end. After an error the lexer's place is meaningless.
    mutating func next() throws(SyntaxError) -> Token {
        while position < bytes.count {
            let start = position
            let byte = bytes[start]
            switch byte {
            case 0x20, 0x2C, 0x09, 0x0D:  // space , tab CR
                position += 1
            case 0x0A:
                position += 1
                skipIndentation()
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

    /// Most lines begin with spaces; eight of them at a time.
    private mutating func skipIndentation() {
        while position <= bytes.count - 8 {
            let others = word(bytes, position) ^ 0x2020_2020_2020_2020
            position += others.trailingZeroBitCount >> 3
            if others != 0 { return }
        }
    }

    private mutating func punctuator(_ kind: Token.Kind) -> Token {
        position += 1
        return Token(kind, position - 1, position)
    }

    /// Name :: NameStart NameContinue*
    private mutating func name() -> Token {
        let start = position
        var end = start
        while end <= bytes.count - 8 {
            let count = nameByteCount(in: word(bytes, end))
            end += count
            if count < 8 { return name(from: start, to: end) }
        }
        while end < bytes.count, isNameContinue(bytes[end]) { end += 1 }
        return name(from: start, to: end)
    }

    @inline(__always)
    private mutating func name(from start: Int, to end: Int) -> Token {
        position = end
        return Token(.name, start, end, name: names.intern(bytes, start, end))
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

/// How many of eight bytes, from the lowest on, are `NameContinue`.
///
/// Works on all eight at once: adding to the seven lower bits of a byte carries into its highest bit where they are at least
/// so much, and never into the next byte.
@inline(__always)
func nameByteCount(in word: UInt64) -> Int {
    func eight(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }
    func atLeast(_ byte: UInt8, _ bytes: UInt64) -> UInt64 { bytes &+ eight(0x80 - byte) }
    let low = word & eight(0x7F)
    let letters = low | eight(0x20)
    let isLetter = atLeast(UInt8(ascii: "a"), letters) & ~atLeast(UInt8(ascii: "z") + 1, letters)
    let isDigit = atLeast(UInt8(ascii: "0"), low) & ~atLeast(UInt8(ascii: "9") + 1, low)
    let isUnderscore = ~atLeast(1, low ^ eight(UInt8(ascii: "_")))
    let others = ~((isLetter | isDigit | isUnderscore) & ~word) & eight(0x80)
    return others.trailingZeroBitCount >> 3
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
