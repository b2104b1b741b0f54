/// A lexical token: what it is and which bytes it is. GraphQL §2.1.6
package struct Token: Hashable, Sendable {
    package enum Kind: UInt8, Sendable {
        case endOfSource
        case bang, dollar, ampersand, openParenthesis, closeParenthesis, spread, colon, equals, at
        case openBracket, closeBracket, openBrace, pipe, closeBrace
        case name, int, float, string, blockString
        /// Only where comments were asked for.
        case comment
        /// Where the lexer stopped at an error; always the last token.
        case invalid

        /// Punctuators need no space around them, but for `...` behind a word.
        package var isPunctuator: Bool { rawValue >= Kind.bang.rawValue && rawValue <= Kind.closeBrace.rawValue }
    }

    package var kind: Kind
    package var start: UInt32
    package var end: UInt32
    /// Names only.
    package var name: NameID

    init(_ kind: Kind, _ start: Int, _ end: Int, name: NameID = NameID(0)) {
        self.kind = kind
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
        self.name = name
    }

    package var range: SourceRange { SourceRange(start: start, end: end) }
}

extension Token.Kind {
    /// As a message calls it.
    var text: String {
        switch self {
        case .endOfSource: "the end of the document"
        case .bang: "'!'"
        case .dollar: "'$'"
        case .ampersand: "'&'"
        case .openParenthesis: "'('"
        case .closeParenthesis: "')'"
        case .spread: "'...'"
        case .colon: "':'"
        case .equals: "'='"
        case .at: "'@'"
        case .openBracket: "'['"
        case .closeBracket: "']'"
        case .openBrace: "'{'"
        case .pipe: "'|'"
        case .closeBrace: "'}'"
        case .name: "a name"
        case .int, .float: "a number"
        case .string, .blockString: "a string"
        case .comment: "a comment"
        case .invalid: "something unreadable"
        }
    }
}

/// The tokens of a source.
package struct TokenStream: Sendable {
    /// In source order; the last one is `.endOfSource`, or `.invalid` where `error` is not nil.
    package var tokens: [Token]
    package var names: NameTable
    /// Why the tokens end before the source does.
    package var error: SyntaxError?
}

/// Splits a source into tokens and checks the limits. Iterative; linear in the bytes.
///
/// An error in the source ends the stream instead of being thrown, so that what stands before it can be looked at.
/// - Parameter keepsComments: Whether comments are tokens or ignored.
/// - Throws: a `SyntaxError` whose kind is `.limit`.
package func tokens(
    of source: Source, limits: ParserLimits = .default, keepsComments: Bool = false
) throws(SyntaxError) -> TokenStream {
    var reader = try TokenReader(source.bytes.span, limits: limits, keepsComments: keepsComments)
    var tokens: [Token] = []
    tokens.reserveCapacity(min(source.bytes.count / 4, limits.tokens) + 2)
    while true {
        do throws(SyntaxError) {
            let token = try reader.next()
            tokens.append(token)
            if token.kind == .endOfSource { return TokenStream(tokens: tokens, names: reader.names, error: nil) }
        } catch {
            if case .limit = error.kind { throw error }
            tokens.append(Token(.invalid, Int(error.range.start), Int(error.range.end)))
            return TokenStream(tokens: tokens, names: reader.names, error: error)
        }
    }
}
