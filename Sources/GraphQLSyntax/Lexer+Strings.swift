extension Lexer {
    /// StringValue :: `""`, not followed by `"` | `"` StringCharacter+ `"` | BlockString
    ///
    /// StringCharacter :: SourceCharacter but not `"`, `\` or LineTerminator | `\u` EscapedUnicode | `\` EscapedCharacter
    mutating func string() throws(SyntaxError) -> Token {
        let start = position
        if byteAt(start + 1) == UInt8(ascii: "\""), byteAt(start + 2) == UInt8(ascii: "\"") { return try blockString() }
        position += 1
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return Token(.string, start, position)
            case UInt8(ascii: "\\"):
                try skipEscape()
            case 0x0A, 0x0D:
                throw failure(
                    "A string ends with its line; end it with '\"', or use '\"\"\"' for more lines.", position, position)
            default:
                position += 1
            }
        }
        throw failure("A string is not ended; '\"' is missing.", position, position)
    }

    /// BlockString :: `"""` BlockStringCharacter* `"""`
    ///
    /// BlockStringCharacter :: SourceCharacter but not `"""` or `\"""` | `\"""`
    private mutating func blockString() throws(SyntaxError) -> Token {
        let start = position
        position += 3
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\"") where isTripleQuote(at: position):
                position += 3
                return Token(.blockString, start, position)
            case UInt8(ascii: "\\") where isTripleQuote(at: position + 1):
                position += 4
            default:
                position += 1
            }
        }
        throw failure("A block string is not ended; '\"\"\"' is missing.", position, position)
    }

    private func isTripleQuote(at index: Int) -> Bool {
        index + 2 < bytes.count && bytes[index] == UInt8(ascii: "\"") && bytes[index + 1] == UInt8(ascii: "\"")
            && bytes[index + 2] == UInt8(ascii: "\"")
    }

    /// EscapedCharacter :: one of `"` `\` `/` b f n r t
    private mutating func skipEscape() throws(SyntaxError) {
        let start = position
        switch byteAt(start + 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        case UInt8(ascii: "u"):
            guard let escape = UnicodeEscape(at: start, in: bytes) else {
                throw failure(
                    "A '\\u' escape is four hexadecimal digits or up to U+10FFFF in braces, and no half of a surrogate pair.",
                    start, start + 2)
            }
            position = escape.end
        default:
            throw failure(
                "A backslash is followed by no known escape; known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u.", start, start + 2)
        }
    }
}

/// One `\u` escape, or two that make a surrogate pair.
///
/// EscapedUnicode :: `{` HexDigit+ `}` | HexDigit HexDigit HexDigit HexDigit
struct UnicodeEscape {
    let scalar: Unicode.Scalar
    /// Behind the escape.
    let end: Int

    /// Reads the escape whose backslash stands at `start`; nil where it names no Unicode scalar value.
    init?(at start: Int, in bytes: Span<UInt8>) {
        if start + 2 < bytes.count, bytes[start + 2] == UInt8(ascii: "{") {
            guard let (scalar, end) = Self.braced(from: start + 3, in: bytes) else { return nil }
            self.scalar = scalar
            self.end = end
            return
        }
        guard let first = Self.fourDigits(from: start + 2, in: bytes) else { return nil }
        if let scalar = Unicode.Scalar(first) {
            self.scalar = scalar
            self.end = start + 6
            return
        }
        // `\uD83D\uDE00`: a leading surrogate counts only with a trailing one behind it.
        guard first < 0xDC00, start + 7 < bytes.count, bytes[start + 6] == UInt8(ascii: "\\"),
            bytes[start + 7] == UInt8(ascii: "u"), let second = Self.fourDigits(from: start + 8, in: bytes), second >> 10 == 0x37,
            let scalar = Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF))
        else { return nil }
        self.scalar = scalar
        self.end = start + 12
    }

    private static func braced(from start: Int, in bytes: Span<UInt8>) -> (Unicode.Scalar, end: Int)? {
        var value: UInt32 = 0
        var index = start
        while index < bytes.count, let digit = hexadecimal(bytes[index]) {
            value = value << 4 | digit
            guard value <= 0x10FFFF else { return nil }
            index += 1
        }
        guard index > start, index < bytes.count, bytes[index] == UInt8(ascii: "}"), let scalar = Unicode.Scalar(value) else {
            return nil
        }
        return (scalar, index + 1)
    }

    private static func fourDigits(from start: Int, in bytes: Span<UInt8>) -> UInt32? {
        guard start + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for index in start..<start + 4 {
            guard let digit = hexadecimal(bytes[index]) else { return nil }
            value = value << 4 | digit
        }
        return value
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
