import GraphQLSyntax

/// The operations that need no schema.
enum SyntaxOperations {
    /// The suites hold documents larger than any request we would answer, on purpose.
    static let limits = ParserLimits(bytes: 64 << 20, tokens: 10_000_000, depth: .max)

    /// `{target, source, options?}` → `{ok, printed}` or `{ok: false, errors}`
    static func parse(_ request: Request) -> JSONValue {
        guard let text = request.string("source") else { return .unsupported }
        var limits = limits
        if case .object(let options) = request.body["options"] {
            for option in options {
                guard option.name == "maxLexicalTokens", case .number(let digits) = option.value, let tokens = Int(digits) else {
                    return .unsupported
                }
                limits.tokens = tokens
            }
        }
        let source = Source(text)
        do throws(SyntaxError) {
            let printed: String
            switch request.string("target") {
            case "document":
                printed = Printer(try GraphQLSyntax.parse(source, limits: limits)).text()
            case "value", "const_value":
                let (document, value) = try parseValue(
                    source, isConstant: request.string("target") == "const_value", limits: limits)
                printed = Printer(document).text(of: value)
            case "type":
                let (document, type) = try parseType(source, limits: limits)
                printed = Printer(document).text(of: type)
            case "schema_coordinate":
                printed = try SchemaCoordinate(parsing: source).description
            default: return .unsupported
            }
            return ["ok": true, "printed": .string(printed)]
        } catch {
            return ["ok": false, "errors": [.init(error)]]
        }
    }

    /// `{source}` → `{ok, tokens: [[kind, start, end, line, column, value]…], errors?}`; offsets count scalar values.
    static func lex(_ request: Request) -> JSONValue {
        guard let text = request.string("source") else { return .unsupported }
        let source = Source(text)
        do throws(SyntaxError) {
            let stream = try tokens(of: source, limits: limits, keepsComments: true)
            let scalarOffsets = scalarOffsets(of: source)
            let listed = stream.tokens.filter { $0.kind != .invalid }.map { token in
                let location = source.location(of: token.range)
                return JSONValue.array([
                    .string(name(of: token, in: source)), .number(String(scalarOffsets[Int(token.start)])),
                    .number(String(scalarOffsets[Int(token.end)])), .number(String(location.line)),
                    .number(String(location.column)), value(of: token, in: source),
                ])
            }
            if let error = stream.error { return ["ok": false, "tokens": .array(listed), "errors": [.init(error)]] }
            return ["ok": true, "tokens": .array(listed)]
        } catch {
            return ["ok": false, "errors": [.init(error)]]
        }
    }

    /// How many scalar values begin before each byte offset, the end included.
    private static func scalarOffsets(of source: Source) -> [Int] {
        var offsets = [0]
        for byte in source.bytes { offsets.append((offsets.last ?? 0) + (byte & 0xC0 == 0x80 ? 0 : 1)) }
        return offsets
    }

    private static func name(of token: Token, in source: Source) -> String {
        switch token.kind {
        case .endOfSource: "<EOF>"
        case .name: "Name"
        case .int: "Int"
        case .float: "Float"
        case .string: "String"
        case .blockString: "BlockString"
        case .comment: "Comment"
        default: source.text(token.range)
        }
    }

    private static func value(of token: Token, in source: Source) -> JSONValue {
        switch token.kind {
        case .name, .int, .float: .string(source.text(token.range))
        case .comment: .string(String(source.text(token.range).unicodeScalars.dropFirst()))
        case .string: .string(source.text(of: StringValue(range: token.range, isBlock: false)))
        case .blockString: .string(source.text(of: StringValue(range: token.range, isBlock: true)))
        default: .null
        }
    }

    /// `{source}` → `{ok, stripped}`
    static func strip(_ request: Request) -> JSONValue {
        guard let text = request.string("source") else { return .unsupported }
        do throws(SyntaxError) {
            return ["ok": true, "stripped": .string(try Source(text).strippingIgnoredCharacters(limits: limits))]
        } catch {
            return ["ok": false, "errors": [.init(error)]]
        }
    }

    /// `{lines}` → `{lines}`
    static func dedent(_ request: Request) -> JSONValue {
        guard let lines = request.strings("lines") else { return .unsupported }
        return ["lines": .array(BlockString.dedented(lines).map { .string($0) })]
    }

    /// `{value, minimize}` → `{printed}`
    static func printBlock(_ request: Request) -> JSONValue {
        guard let value = request.string("value") else { return .unsupported }
        return ["printed": .string(BlockString.literal(for: value, minimizes: request.boolean("minimize")))]
    }
}

extension JSONValue {
    /// `{message, locations: [{line, column}]}`
    init(message: String, locations: [SourceLocation]) {
        self = [
            "message": .string(message),
            "locations": .array(
                locations.map { ["line": .number(String($0.line)), "column": .number(String($0.column))] }),
        ]
    }

    init(_ error: SyntaxError) { self.init(message: error.message, locations: [error.location]) }
}
