/// Reads a document by recursive descent over its tokens.
///
/// It recurses on opening braces, brackets and parentheses only, and `TokenReader` hands out no more of these than may be
/// open at once. Each function carries the production it reads. Source: GraphQL September 2026, Appendix B.
struct Parser: ~Escapable {
    var document: Document
    let edition: Edition
    private var reader: TokenReader
    /// The token that is next.
    private(set) var token = Token(.endOfSource, 0, 0)
    /// Where the last consumed token ended.
    private var previousEnd: UInt32 = 0

    // Children are collected here until their siblings are complete, so that a run is adjacent.
    var selections = NodeStack<Selection>()
    var values = NodeStack<Value>()
    var objectFields = NodeStack<ObjectField>()
    /// How many bytes there are to read; arrays take room by it.
    let byteCount: Int

    /// - Parameter bytes: The source's.
    @_lifetime(copy bytes)
    init(_ source: Source, _ bytes: Span<UInt8>, edition: Edition, limits: ParserLimits) throws(SyntaxError) {
        var limits = limits
        limits.depth = min(limits.depth, ParserLimits.deepest)
        reader = try TokenReader(bytes, limits: limits)
        document = Document(source: source, names: NameTable())
        self.edition = edition
        byteCount = bytes.count
        token = try reader.next()
    }

    /// The document, when it has been read.
    consuming func finish() -> Document {
        document.names = reader.names
        return document
    }

    // MARK: Tokens

    mutating func advance() throws(SyntaxError) {
        previousEnd = token.end
        token = try reader.next()
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
        guard isNext(word: word) else { throw unexpected(expecting: "'\(text(of: word))'") }
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
    func range(from start: Token) -> SourceRange { SourceRange(start: start.start, end: previousEnd) }

    func expectEnd() throws(SyntaxError) {
        guard token.kind == .endOfSource else { throw unexpected(expecting: Token.Kind.endOfSource.text) }
    }

    // MARK: Errors

    func failure(_ message: String, at token: Token, _ kind: SyntaxError.Kind = .syntax) -> SyntaxError {
        SyntaxError(kind, message, at: token.range, of: reader.bytes)
    }

    /// The error that the given or next token is not what belongs here.
    func unexpected(_ token: Token? = nil, expecting expected: String) -> SyntaxError {
        let token = token ?? self.token
        return failure("Expected \(expected), found \(text(of: token)).", at: token)
    }

    func text(of name: NameID) -> String { reader.names[name] }

    private func text(of token: Token) -> String {
        switch token.kind {
        case .name: "'\(text(of: token.name))'"
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
        if token.kind == .openBrace { return .operation(try shorthandOperation()) }
        let head = DefinitionHead(start: token, description: try description())
        if head.description != nil, token.kind == .openBrace {
            throw failure(
                "An operation in the short form '{ … }' has no description; write 'query' before it.", at: head.start)
        }
        guard token.kind == .name else { throw unexpected(expecting: "a definition") }
        switch token.name {
        case .query, .mutation, .subscription: return .operation(try operation(head))
        case .fragment: return .fragment(try fragment(head))
        case .schema: return .schema(try schemaDefinition(head))
        case .scalar: return .type(try scalarDefinition(head))
        case .type: return .type(try objectDefinition(head))
        case .interface: return .type(try interfaceDefinition(head))
        case .union: return .type(try unionDefinition(head))
        case .enum: return .type(try enumDefinition(head))
        case .input: return .type(try inputObjectDefinition(head))
        case .directive: return .directive(try directiveDefinition(head))
        default:
            if head.description != nil { throw failure("Only definitions have a description.", at: head.start) }
            if token.name == .extend { return try typeSystemExtension() }
            throw unexpected(expecting: "a definition")
        }
    }
}

/// What stands before the keyword of a definition.
struct DefinitionHead {
    /// Where the definition starts.
    var start: Token
    var description: StringValue?
}
