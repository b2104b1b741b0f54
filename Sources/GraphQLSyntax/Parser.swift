/// Reads a document by recursive descent over its tokens.
///
/// Nothing recursive runs before `tokens(of:)` has bounded the nesting, and every recursion here counts again. Each function
/// carries the production it reads. Source: GraphQL September 2026, Appendix B.
struct Parser {
    var document: Document
    let edition: Edition
    private let tokens: [Token]
    private let lexicalError: SyntaxError?
    private let maximumDepth: Int
    private var depth = 0
    private var position = 0

    // Children are collected on these stacks until their siblings are complete, so that a run is adjacent.
    var selectionStack: [Selection] = []
    var valueStack: [Value] = []
    var objectFieldStack: [ObjectField] = []

    init(_ source: Source, edition: Edition, limits: ParserLimits) throws(SyntaxError) {
        var limits = limits
        limits.depth = min(limits.depth, ParserLimits.deepest)
        let stream = try GraphQLSyntax.tokens(of: source, limits: limits)
        self.document = Document(source: source, names: stream.names)
        self.edition = edition
        self.tokens = stream.tokens
        self.lexicalError = stream.error
        self.maximumDepth = limits.depth
        if let lexicalError, token.kind == .invalid { throw lexicalError }
    }

    // MARK: Tokens

    /// The token that is next.
    var token: Token { tokens[position] }

    /// The token behind the next one; the end of the source again where there is none.
    var tokenAfter: Token { tokens[min(position + 1, tokens.count - 1)] }

    /// Where the last consumed token ended.
    private var previousEnd: Int { position == 0 ? 0 : Int(tokens[position - 1].end) }

    mutating func advance() throws(SyntaxError) {
        position += 1
        if tokens[position].kind == .invalid, let lexicalError { throw lexicalError }
    }

    func isNext(_ kind: Token.Kind) -> Bool { token.kind == kind }

    func isNext(word: NameID) -> Bool { token.kind == .name && token.name == word }

    @discardableResult
    mutating func expect(_ kind: Token.Kind) throws(SyntaxError) -> Token {
        let token = token
        guard token.kind == kind else { throw unexpected(expecting: kind.text) }
        try advance()
        return token
    }

    mutating func expect(word: NameID) throws(SyntaxError) {
        guard isNext(word: word) else { throw unexpected(expecting: "'\(document[word])'") }
        try advance()
    }

    /// Consumes the token if it is next.
    mutating func take(_ kind: Token.Kind) throws(SyntaxError) -> Bool {
        guard token.kind == kind else { return false }
        try advance()
        return true
    }

    /// Consumes the word if it is next.
    mutating func take(word: NameID) throws(SyntaxError) -> Bool {
        guard isNext(word: word) else { return false }
        try advance()
        return true
    }

    /// From the start of a token to the end of what was consumed last.
    func range(from start: Token) -> SourceRange { SourceRange(start: Int(start.start), end: previousEnd) }

    func expectEnd() throws(SyntaxError) {
        guard token.kind == .endOfSource else { throw unexpected(expecting: Token.Kind.endOfSource.text) }
    }

    // MARK: Nesting

    /// One level deeper; `leave` goes back.
    mutating func enter() throws(SyntaxError) {
        depth += 1
        guard depth <= maximumDepth else {
            throw failure(
                "The document is nested more than \(maximumDepth) deep.", at: token, .limit(.depth, maximum: maximumDepth))
        }
    }

    mutating func leave() { depth -= 1 }

    // MARK: Errors

    func failure(_ message: String, at token: Token, _ kind: SyntaxError.Kind = .syntax) -> SyntaxError {
        SyntaxError(kind, message, at: token.range, of: document.source.bytes.span)
    }

    /// The error that the given or next token is not what belongs here.
    func unexpected(_ token: Token? = nil, expecting expected: String) -> SyntaxError {
        let token = token ?? self.token
        return failure("Expected \(expected), found \(text(of: token)).", at: token)
    }

    private func text(of token: Token) -> String {
        switch token.kind {
        case .name: "'\(document[token.name])'"
        case .int, .float: document.source.text(token.range)
        default: token.kind.text
        }
    }

    // MARK: Shared productions

    /// Name
    mutating func name(_ what: String = "a name") throws(SyntaxError) -> Name {
        let token = token
        guard token.kind == .name else { throw unexpected(expecting: what) }
        try advance()
        return Name(id: token.name, range: token.range)
    }

    /// Description : StringValue
    mutating func description() throws(SyntaxError) -> StringValue? {
        guard token.kind == .string || token.kind == .blockString else { return nil }
        let string = StringValue(range: token.range, isBlock: token.kind == .blockString)
        try advance()
        return string
    }

    /// Document : Definition+
    mutating func definitions() throws(SyntaxError) {
        repeat { document.definitions.append(try definition()) } while token.kind != .endOfSource
    }

    /// Definition : ExecutableDefinition | TypeSystemDefinition | TypeSystemExtension
    private mutating func definition() throws(SyntaxError) -> Definition {
        let start = token
        if start.kind == .openBrace { return .operation(try shorthandOperation()) }
        let isDescribed = start.kind == .string || start.kind == .blockString
        let keyword = isDescribed ? tokenAfter : start
        if keyword.kind == .invalid { try advance() }
        if isDescribed, keyword.kind == .openBrace {
            throw failure("An operation in the short form '{ … }' has no description; write 'query' before it.", at: start)
        }
        let what = "a definition"
        guard keyword.kind == .name else { throw unexpected(keyword, expecting: what) }
        switch keyword.name {
        case .query, .mutation, .subscription: return .operation(try operation())
        case .fragment: return .fragment(try fragment())
        case .schema: return .schema(try schemaDefinition())
        case .scalar: return .type(try scalarDefinition())
        case .type: return .type(try objectDefinition())
        case .interface: return .type(try interfaceDefinition())
        case .union: return .type(try unionDefinition())
        case .enum: return .type(try enumDefinition())
        case .input: return .type(try inputObjectDefinition())
        case .directive: return .directive(try directiveDefinition())
        default:
            if isDescribed { throw failure("Only definitions have a description.", at: start) }
            if keyword.name == .extend { return try typeSystemExtension() }
            throw unexpected(keyword, expecting: what)
        }
    }
}
