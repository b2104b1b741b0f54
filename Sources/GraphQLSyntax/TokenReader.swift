/// Reads tokens and keeps the limits: nothing behind the last token that is allowed is looked at, and no more brackets are
/// open at once than whoever recurses on them bears.
struct TokenReader: ~Escapable {
    private var lexer: Lexer
    private let limits: ParserLimits
    private var depth = 0
    private var count = 0

    /// - Throws: that the source has more bytes than allowed.
    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, limits: ParserLimits, keepsComments: Bool = false) throws(SyntaxError) {
        guard bytes.count <= limits.bytes, bytes.count < UInt32.max else {
            let end = min(limits.bytes, bytes.count)
            throw SyntaxError(
                .limit(.bytes, maximum: limits.bytes),
                "The document has \(bytes.count) bytes; at most \(limits.bytes) are read.",
                at: SourceRange(start: end, end: end), of: bytes)
        }
        lexer = Lexer(bytes, keepsComments: keepsComments)
        self.limits = limits
    }

    var bytes: Span<UInt8> {
        @_lifetime(copy self)
        get { lexer.bytes }
    }

    /// Every name that was read.
    var names: NameTable { lexer.names }

    /// The next token. After an error the reader's place is meaningless.
    @inline(__always)
    mutating func next() throws(SyntaxError) -> Token {
        let token = try lexer.next()
        switch token.kind {
        case .openBrace, .openBracket, .openParenthesis:
            depth += 1
            guard depth <= limits.depth else { throw tooDeep(at: token) }
        case .closeBrace, .closeBracket, .closeParenthesis: depth = max(depth - 1, 0)
        case .comment, .endOfSource: return token
        default: break
        }
        count += 1
        guard count <= limits.tokens else { throw tooMany(at: token) }
        return token
    }

    private func tooDeep(at token: Token) -> SyntaxError {
        SyntaxError(
            .limit(.depth, maximum: limits.depth), "The document is nested more than \(limits.depth) deep.", at: token.range,
            of: bytes)
    }

    private func tooMany(at token: Token) -> SyntaxError {
        SyntaxError(
            .limit(.tokens, maximum: limits.tokens), "The document has more than \(limits.tokens) tokens.", at: token.range,
            of: bytes)
    }
}
