import GraphQLSyntax
import GraphQLTypes
import GraphQLValidation
import QueryExecution
import QueryPlanning

/// A document that keeps every limit: the way from bytes to `ValidDocument`, cheapest step first.
struct ParsedDocument: Sendable {
    let document: Document
    private let limits: QueryLimits
    private let language: QueryLanguage

    /// - Throws: What the first failing step found: size, tokens and depth; syntax; shape.
    init(_ source: Source, limits: QueryLimits, language: QueryLanguage) throws(RequestError) {
        self.limits = limits
        self.language = language
        document = try Self.parse(source, limits, language.edition)
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
            return try PreparedOperation.operation(in: document, named: name, language)?.kind == .mutation
        } catch {
            return false
        }
    }

    /// - Throws: Every rule that is broken, up to the limit of errors.
    func validated(against schema: Schema) throws(RequestError) -> ValidDocument {
        if !language.introspects { try refuseIntrospection() }
        do throws(ValidationErrors) {
            return try validate(document, against: schema, options: language.validationOptions(limits))
        } catch {
            if let first = error.diagnostics.first, Self.isExhaustion(first) {
                throw RequestError(
                    .beyondLimits,
                    [
                        QueryError(
                            exceeding: .mergingSteps, first.message, maximum: limits.mergingSteps, code: .queryTooComplex)
                    ])
            }
            throw RequestError(
                .invalid,
                error.diagnostics.map {
                    QueryError($0.message, code: .graphQLValidationFailed, locations: $0.locations, rule: $0.rule)
                }
            )
        }
    }

    /// The one thing this rule says about no place: that it gave up.
    private static func isExhaustion(_ diagnostic: Diagnostic) -> Bool {
        diagnostic.rule == OverlappingFieldsCanBeMerged.name && diagnostic.locations.isEmpty
    }

    /// Names that begin with two underscores are reserved, so that these fields can be told without knowing any type.
    private func refuseIntrospection() throws(RequestError) {
        var errors: [QueryError] = []
        for selection in document.selections {
            guard case .field(let field) = selection, errors.count < limits.errors else { continue }
            let name = document[field.name.id]
            guard name == "__schema" || name == "__type" else { continue }
            errors.append(
                QueryError(
                    "The schema is not shown here: '\(name)' is not answered (--introspection off).",
                    code: .graphQLValidationFailed, locations: [document.source.location(of: field.range)],
                    rule: "NoSchemaIntrospection"))
        }
        guard errors.isEmpty else { throw RequestError(.invalid, errors) }
    }

    private static func parse(
        _ source: Source, _ limits: QueryLimits, _ edition: Edition
    ) throws(RequestError) -> Document {
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
            return try GraphQLSyntax.parse(source, edition: edition, limits: limits.parserLimits)
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
        case .operations: "The document has \(found) operations; at most \(maximum) are read."
        case .variables: "The document defines \(found) variables; at most \(maximum) are read."
        default: "The operation asks for \(found) root fields; at most \(maximum) are answered."
        }
    }
}
