import GraphQLSyntax
import GraphQLTypes
import GraphQLValidation
import QueryExecution
import QueryPlanning

/// A document that keeps every limit: the way from bytes to `ValidDocument`, cheapest step first.
struct ParsedDocument: Sendable {
    let document: Document

    /// - Throws: What the first failing step found: size, tokens and depth; syntax; shape.
    init(_ source: Source, limits: QueryLimits) throws(RequestError) {
        document = try Self.parse(source, limits)
        if let excess = RequestShape.firstExcess(in: document, limits: limits) {
            throw RequestError(
                .beyondLimits,
                [
                    QueryError(
                        exceeding: excess.limit, Self.message(excess.limit, found: excess.found, maximum: excess.maximum),
                        maximum: excess.maximum, found: excess.found,
                        code: excess.limit == .selectionDepth ? .queryTooDeep : .queryTooComplex,
                        locations: excess.range.map { [source.location(of: $0)] } ?? [])
                ])
        }
    }

    /// Whether the operation that would be run is a mutation; false where none can be told.
    func asksMutation(named name: String?) -> Bool {
        do throws(RequestError) {
            return try PreparedOperation.operation(in: document, named: name)?.kind == .mutation
        } catch {
            return false
        }
    }

    /// - Throws: Every rule that is broken, up to the limit of errors.
    func validated(against schema: Schema, limits: QueryLimits) throws(RequestError) -> ValidDocument {
        do throws(ValidationErrors) {
            return try validate(document, against: schema, options: ValidationOptions(diagnostics: limits.errors))
        } catch {
            throw RequestError(
                .invalid,
                error.diagnostics.map {
                    QueryError($0.message, code: .graphQLValidationFailed, locations: $0.locations, rule: $0.rule)
                }
            )
        }
    }

    private static func parse(_ source: Source, _ limits: QueryLimits) throws(RequestError) -> Document {
        if source.bytes.count > limits.documentCharacters {
            let count = source.bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
            guard count <= limits.documentCharacters else {
                throw RequestError(
                    .beyondLimits,
                    [
                        QueryError(
                            exceeding: .documentCharacters,
                            "The document has \(count) characters; at most \(limits.documentCharacters) are read.",
                            maximum: limits.documentCharacters, found: count, code: .queryTooComplex)
                    ])
            }
        }
        do throws(SyntaxError) {
            return try GraphQLSyntax.parse(source, limits: limits.parserLimits)
        } catch {
            switch error.kind {
            case .syntax:
                throw RequestError(
                    .parseFailed, [QueryError(error.message, code: .graphQLParseFailed, locations: [error.location])])
            case .limit(let limit, let maximum):
                let name: QueryLimitName =
                    switch limit {
                    case .bytes: .documentCharacters
                    case .tokens: .tokens
                    case .depth: .syntaxDepth
                    }
                throw RequestError(
                    .beyondLimits,
                    [
                        QueryError(
                            exceeding: name, error.message, maximum: maximum,
                            code: limit == .depth ? .queryTooDeep : .queryTooComplex, locations: [error.location])
                    ])
            }
        }
    }

    private static func message(_ limit: QueryLimitName, found: Int, maximum: Int) -> String {
        switch limit {
        case .selectionDepth: "Fields are nested \(found) deep; at most \(maximum) are answered."
        case .aliases: "The operation has \(found) aliases, fragments opened up; at most \(maximum) are answered."
        case .directives: "The document has \(found) directives; at most \(maximum) are read."
        case .directivesPerLocation: "There are \(found) directives in one place; at most \(maximum) are read."
        default: "The operation asks for \(found) root fields; at most \(maximum) are answered."
        }
    }
}
