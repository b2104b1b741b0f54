import GraphQLSyntax
import GraphQLTypes
import JSONText
import QueryExecution
import QueryPlanning

/// `{schema, query, variables, operationName, root, resolver}` → `{data, errors?}`
///
/// Documents are executed as they are, valid or not, as the suites do it.
enum ExecutionOperations {
    static func execute(_ request: Request, _ schemas: inout SchemaShelf) -> JSONValue {
        guard let sdl = request.string("schema"), let query = request.string("query") else { return .unsupported }
        do throws(Failure) {
            let schema = try schema(sdl, &schemas)
            let source = Source(query)
            let document = try parsed(source)
            let operation = try operation(in: document, named: request.string("operationName"))
            guard let rootType = schema.rootType(of: operation.kind) else {
                throw Failure("The schema has no root type for a \(operation.kind.rawValue).", [operation.range], source)
            }
            let variables = try coercedVariables(operation, document, schema, request.body["variables"])
            let plan = Plan(
                unvalidated: document, operation: operation, rootType: rootType, schema: schema, variables: variables)
            return reply(
                to: plan, variables: variables, tree: tree(request, schema),
                errorPropagation: errorPropagation(of: operation, document, schema), source: source)
        } catch {
            return ["errors": .array(error.errors)]
        }
    }

    /// A request error: there is no data.
    private struct Failure: Error {
        var errors: [JSONValue]
        init(_ message: String, _ ranges: [SourceRange] = [], _ source: Source) {
            errors = [error(message, ranges.map { source.location(of: $0) }, path: [])]
        }
        init(_ problems: [InputProblem], _ source: Source) {
            errors = problems.map { error($0.message, $0.range.map { [source.location(of: $0)] } ?? [], path: []) }
        }
        init(_ problem: SyntaxError) { errors = [error(problem.message, [problem.location], path: [])] }
    }

    // MARK: - Steps before execution

    private static func schema(_ sdl: String, _ schemas: inout SchemaShelf) throws(Failure) -> Schema {
        switch schemas.schema(sdl) {
        case .success(let schema): return schema
        case .failure(let broken):
            throw Failure(broken.diagnostics.map(\.message).joined(separator: " "), [], Source(sdl, name: "schema"))
        }
    }

    private static func parsed(_ source: Source) throws(Failure) -> Document {
        do throws(SyntaxError) {
            return try parse(source, limits: SyntaxOperations.limits)
        } catch {
            throw Failure(error)
        }
    }

    /// GraphQL §6.1 GetOperation
    private static func operation(in document: Document, named name: String?) throws(Failure) -> OperationDefinition {
        let operations = document.definitions.compactMap { definition in
            if case .operation(let operation) = definition { operation } else { nil }
        }
        if let name {
            guard let operation = operations.first(where: { $0.name.map { document[$0.id] } == name }) else {
                throw Failure("There is no operation '\(name)'.", [], document.source)
            }
            return operation
        }
        guard operations.count == 1 else {
            throw Failure(
                operations.isEmpty ? "There is no operation." : "There are several operations; name one.", [], document.source)
        }
        return operations[0]
    }

    private static func coercedVariables(
        _ operation: OperationDefinition, _ document: Document, _ schema: Schema, _ given: JSONValue?
    ) throws(Failure) -> [String: InputValue] {
        var values = InputObject([])
        if case .object(let object)? = given.map(InputValue.init) { values = object }
        do throws(InputProblems) {
            return try schema.coerceVariables(operation.variables, in: document, values: values)
        } catch {
            throw Failure(error.problems, document.source)
        }
    }

    /// Errors stay where they are in operations that carry the directive of the draft, under schemas that define it.
    private static func errorPropagation(
        of operation: OperationDefinition, _ document: Document, _ schema: Schema
    ) -> ErrorPropagation {
        let name = "experimental_disableErrorPropagation"
        guard schema.directive(named: name) != nil else { return .toNearestNullable }
        return document[operation.directives].contains { document[$0.name.id] == name } ? .none : .toNearestNullable
    }

    // MARK: - Trees

    private static func tree(_ request: Request, _ schema: Schema) -> TreeSource {
        if request.string("resolver") == "echo" {
            return TreeSource(
                root: .members([:]), resolve: { _, node, arguments in echo(node, arguments, schema) }, typeName: { _ in nil })
        }
        var root: [String: TreeValue] = [:]
        if case .object(.members(let members))? = request.body["root"].map(TreeValue.init) { root = members }
        return TreeSource(
            root: .members(root),
            resolve: { members, node, _ in members["@" + node.responseName] ?? members[node.fieldName] ?? .null },
            typeName: { members in
                if case .string(let name)? = members["__typename"] { name } else { nil }
            })
    }

    /// Fields say what they were asked with.
    private static func echo(_ node: PlanNode, _ arguments: InputObject, _ schema: Schema) -> TreeValue {
        let type = schema[node.type.named]
        if type.isComposite { return .object(.members([:])) }
        guard type.kind == .scalar, !["Int", "Float", "Boolean"].contains(type.name) else { return .null }
        return .string(JSONValue(.object(arguments)).text)
    }

    // MARK: - Replies

    private static func reply(
        to plan: Plan, variables: [String: InputValue], tree: TreeSource, errorPropagation: ErrorPropagation, source: Source
    ) -> JSONValue {
        let result = QueryExecution.execute(
            plan, variables: variables, on: tree, errorPropagation: errorPropagation, writer: JSONWriter())
        let errors = result.errors
        let text = String(decoding: result.finishedBytes(), as: UTF8.self)
        var members: [JSONValue.Member] = []
        do throws(JSONError) {
            members.append(.init(name: "data", value: try JSONValue(parsing: text)))
        } catch {
            return ["error": .string("The data is no JSON: \(error)")]
        }
        if !errors.isEmpty { members.append(.init(name: "errors", value: .array(errors.map { reply($0, source) }))) }
        return .object(members)
    }

    private static func reply(_ fieldError: FieldError, _ source: Source) -> JSONValue {
        let path = fieldError.path.map { segment -> JSONValue in
            switch segment {
            case .key(let key): .string(key)
            case .index(let index): .number(String(index))
            }
        }
        return error(
            fieldError.message, fieldError.ranges.map { source.location(of: $0) }, path: path, extensions: fieldError.extensions)
    }

    private static func error(
        _ message: String, _ locations: [SourceLocation], path: [JSONValue], extensions: [(name: String, json: [UInt8])] = []
    ) -> JSONValue {
        var members: [JSONValue.Member] = [.init(name: "message", value: .string(message))]
        if !locations.isEmpty {
            let list = locations.map {
                JSONValue.object([
                    .init(name: "line", value: .number(String($0.line))),
                    .init(name: "column", value: .number(String($0.column))),
                ])
            }
            members.append(.init(name: "locations", value: .array(list)))
        }
        if !path.isEmpty { members.append(.init(name: "path", value: .array(path))) }
        if !extensions.isEmpty {
            var kept: [JSONValue.Member] = []
            for (name, json) in extensions {
                do throws(JSONError) {
                    kept.append(.init(name: name, value: try JSONValue(parsing: String(decoding: json, as: UTF8.self))))
                } catch {}
            }
            members.append(.init(name: "extensions", value: .object(kept)))
        }
        return .object(members)
    }
}

extension InputValue {
    /// What was sent, as it was sent.
    fileprivate init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .boolean(let flag): self = .boolean(flag)
        case .number(let digits): self = .number(digits)
        case .string(let text): self = .string(text)
        case .array(let items): self = .list(items.map { InputValue($0) })
        case .object(let members): self = .object(InputObject(members.map { .init(name: $0.name, value: InputValue($0.value)) }))
        }
    }
}

extension JSONValue {
    /// A coerced value: integral floats without a fraction, enum values as strings.
    fileprivate init(_ value: InputValue) {
        switch value {
        case .null, .variable: self = .null
        case .boolean(let flag): self = .boolean(flag)
        case .int(let integer): self = .number(String(integer))
        case .double(let double):
            if let integer = Int64(exactly: double) {
                self = .number(String(integer))
            } else {
                self = .number("\(double)")
            }
        case .number(let digits): self = .number(digits)
        case .string(let text), .enumeration(let text): self = .string(text)
        case .list(let items): self = .array(items.map { JSONValue($0) })
        case .object(let object): self = .object(object.entries.map { .init(name: $0.name, value: JSONValue($0.value)) })
        }
    }
}

extension TreeValue {
    /// The tree of a JSON value; an object with `$error` is a failure.
    fileprivate init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .boolean(let flag): self = .boolean(flag)
        case .number(let digits): self = .number(digits)
        case .string(let text): self = .string(text)
        case .array(let items): self = .list(items.map { TreeValue($0) })
        case .object(let members):
            if case .string(let message)? = value["$error"] {
                var extensions: [(name: String, json: [UInt8])] = []
                if case .object(let given)? = value["$extensions"] {
                    extensions = given.map { ($0.name, Array($0.value.text.utf8)) }
                }
                self = .failure(message: message, extensions: extensions)
            } else {
                self = .object(.members(Dictionary(members.map { ($0.name, TreeValue($0.value)) }) { _, last in last }))
            }
        }
    }
}
