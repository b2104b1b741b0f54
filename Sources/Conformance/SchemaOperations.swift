import GraphQLSyntax
import GraphQLTypes
import GraphQLValidation

/// The operations that join documents with schemas.
enum SchemaOperations {
    /// `{schema, query, rules?, hideSuggestions?}` → `{errors}`; without `rules`, all of section 5.
    static func validate(_ request: Request, _ schemas: inout SchemaShelf) -> JSONValue {
        guard let sdl = request.string("schema"), let text = request.string("query") else { return .unsupported }
        var rules = ValidationRules.specification
        if let names = request.strings("rules") {
            let known = ValidationRules.all.filter { names.contains($0.name) }
            guard known.count == names.count else { return .unsupported }
            rules = known
        }
        guard case .success(let schema) = schemas.schema(sdl) else {
            return ["errors": [.init(message: "The schema of the case does not build.", locations: [])]]
        }
        do throws(SyntaxError) {
            let document = try parse(Source(text), limits: SyntaxOperations.limits)
            return ["errors": .array(problems(document, schema, rules, suggests: !request.boolean("hideSuggestions")))]
        } catch {
            return ["errors": [.init(error)]]
        }
    }

    private static func problems(
        _ document: Document, _ schema: Schema, _ rules: [any ValidationRule.Type], suggests: Bool = true
    ) -> [JSONValue] {
        let options = ValidationOptions(
            diagnostics: 10_000, suggests: suggests, selectionDepth: 200, mergingSteps: 10_000_000, rules: rules)
        do throws(ValidationErrors) {
            _ = try GraphQLValidation.validate(document, against: schema, options: options)
            return []
        } catch {
            return error.diagnostics.map { .init(message: $0.message, locations: $0.locations) }
        }
    }

    /// `{schema, coordinate}` → `{resolvesTo}` or `{errors}`
    static func coordinate(_ request: Request, _ schemas: inout SchemaShelf) -> JSONValue {
        guard let sdl = request.string("schema"), let text = request.string("coordinate") else { return .unsupported }
        guard case .success(let schema) = schemas.schema(sdl) else { return .unsupported }
        let coordinate: SchemaCoordinate
        do throws(SyntaxError) {
            coordinate = try SchemaCoordinate(parsing: Source(text))
        } catch {
            return ["errors": [.init(error)]]
        }
        do throws(CoordinateProblem) {
            guard let element = try schema.element(at: coordinate) else { return ["resolvesTo": .null] }
            let kind: JSONValue =
                switch element {
                case .type: "NamedType"
                case .field: "Field"
                case .inputField: "InputField"
                case .enumValue: "EnumValue"
                case .argument: "FieldArgument"
                case .directive: "Directive"
                case .directiveArgument: "DirectiveArgument"
                }
            return ["resolvesTo": kind]
        } catch {
            return ["errors": [.init(message: error.message, locations: [])]]
        }
    }

    /// `{sdl: [document, extension…]}` → `{errors, printed?}`
    static func schema(_ request: Request) -> JSONValue {
        guard let texts = request.strings("sdl"), !texts.isEmpty else { return .unsupported }
        var documents: [Document] = []
        do throws(SyntaxError) {
            for text in texts { documents.append(try parse(Source(text), limits: SyntaxOperations.limits)) }
        } catch {
            return ["errors": [.init(error)]]
        }
        do throws(SchemaErrors) {
            let schema = try buildSchema([documents[0]], extendedBy: Array(documents[1...]), limits: SchemaShelf.limits)
            return ["errors": [], "printed": .string(printSchema(schema))]
        } catch {
            return ["errors": .array(error.diagnostics.map { .init(message: $0.message, locations: $0.locations) })]
        }
    }

    /// `{schema?, sdl, rules?}` → `{errors}`
    static func validateSDL(_ request: Request, _ schemas: inout SchemaShelf) -> JSONValue {
        guard let text = request.string("sdl") else { return .unsupported }
        var known: [Document] = []
        do throws(SyntaxError) {
            if let sdl = request.string("schema") { known = [try parse(Source(sdl), limits: SyntaxOperations.limits)] }
            let document = try parse(Source(text), limits: SyntaxOperations.limits)
            var found = checkTypeSystemDocuments([document], extending: known, limit: 10_000)
            if let rules = request.strings("rules") {
                found = found.filter { rules.contains($0.rule + "Rule") || rules.contains($0.rule) }
            }
            return ["errors": .array(found.map { .init(message: $0.message, locations: $0.locations) })]
        } catch {
            return ["errors": [.init(error)]]
        }
    }

    /// `{source}`, types and operations in one document → `{ok, errors?}`
    static func mixed(_ request: Request) -> JSONValue {
        guard let text = request.string("source") else { return .unsupported }
        let document: Document
        do throws(SyntaxError) {
            document = try parse(Source(text), limits: SyntaxOperations.limits)
        } catch {
            return ["ok": false, "errors": [.init(error)]]
        }
        var operations = document
        operations.definitions = document.definitions.filter { definition in
            switch definition {
            case .operation, .fragment: true
            default: false
            }
        }
        do throws(SchemaErrors) {
            let schema = try buildSchema([document], limits: SchemaShelf.limits)
            let errors = operations.definitions.isEmpty ? [] : problems(operations, schema, ValidationRules.specification)
            return ["ok": .boolean(errors.isEmpty), "errors": .array(errors)]
        } catch {
            return ["ok": false, "errors": .array(error.diagnostics.map { .init(message: $0.message, locations: $0.locations) })]
        }
    }
}

/// Schemas that were built before, by their text: suites ask many questions of one schema.
struct SchemaShelf {
    static let limits = SchemaLimits(diagnostics: 10_000)
    private var built: [String: Result<Schema, SchemaErrors>] = [:]

    mutating func schema(_ sdl: String) -> Result<Schema, SchemaErrors> {
        if let known = built[sdl] { return known }
        let result = Self.build(sdl)
        built[sdl] = result
        return result
    }

    /// Suites hold schemas that are not complete; only what makes them unreadable is refused.
    private static func build(_ sdl: String) -> Result<Schema, SchemaErrors> {
        do throws(SyntaxError) {
            let document = try parse(Source(sdl), limits: SyntaxOperations.limits)
            return Result { () throws(SchemaErrors) in try buildSchema([document], checks: .documentRules, limits: limits) }
        } catch {
            return .failure(SchemaErrors([SchemaDiagnostic(rule: "syntax", message: error.message, places: [])]))
        }
    }
}
