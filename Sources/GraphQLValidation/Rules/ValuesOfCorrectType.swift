import GraphQLSyntax
import GraphQLTypes

/// Every literal is one of the type that its position expects; input objects have known fields, and all that are required.
package enum ValuesOfCorrectType: ValidationRule {
    package static let name = "ValuesOfCorrectTypeRule"
    package static let section =
        "5.6.1 Values of Correct Type, 5.6.2 Input Object Field Names, 5.6.4 Input Object Required Fields"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for (index, value) in document.document.values.enumerated() {
            guard let type = document.values[index]?.type else { continue }
            let named = document.schema.index.types[type.named.index].kind
            switch value.kind {
            case .variable: continue
            case .null:
                guard type.isNonNull else { continue }
                diagnostics.report("'\(type.text(in: document.schema))' cannot be null.", at: value.range)
            case .list where type.isList: continue
            case .object(let fields) where named == .inputObject:
                checkFields(fields, of: type.named, at: value.range, document, &diagnostics)
            case .enumeration(let name) where named == .enumeration:
                checkEnumValue(name, of: type.named, at: value.range, document, &diagnostics)
            default:
                guard let reason = refusal(of: index, by: type.named, in: document)
                else { continue }
                diagnostics.report("\(phrase(value, in: document.document)) \(reason).", at: value.range)
            }
        }
    }

    /// Why a leaf, or a value of the wrong shape, does not fit; nil where it does.
    private static func refusal(of value: Int, by id: TypeID, in typed: TypedDocument) -> String? {
        let document = typed.document
        switch typed.schema.index.types[id.index].kind {
        case .enumeration: return "is not a value of the enum '\(typed.schema[id].name)'"
        case .inputObject: return "is not an object of the input type '\(typed.schema[id].name)'"
        case .object, .interface, .union: return nil
        case .scalar:
            if isPlainly(typed.schema.types[id.index].builtInScalar, document.values[value]) { return nil }
            let type = typed.schema[id]
            do throws(ScalarError) {
                let value = document.inputValue(of: Position(value))
                if let behavior = type.scalar {
                    // What depends on variables is known at run.
                    if !value.hasVariables { _ = try behavior.coerce(value) }
                } else if let builtIn = type.builtInScalar {
                    _ = try builtIn.coerce(value, isLiteral: true)
                }
                return nil
            } catch {
                return error.reason
            }
        }
    }

    /// What most literals are; the others take a second look.
    private static func isPlainly(_ scalar: BuiltInScalar?, _ value: Value) -> Bool {
        switch (scalar, value.kind) {
        case (.string, .string), (.id, .string), (.boolean, .boolean): true
        // Nine digits are far below 2³¹.
        case (.int, .int): value.range.end - value.range.start <= 9
        default: false
        }
    }

    private static func checkEnumValue(
        _ id: NameID, of typeID: TypeID, at range: SourceRange, _ document: TypedDocument, _ diagnostics: inout Diagnostics
    ) {
        guard document.schema.index.place(document.schemaName(id), of: typeID) == nil else { return }
        let (name, type) = (document[id], document.schema[typeID])
        diagnostics.report(
            "'\(name)' is not a value of the enum '\(type.name)'.", similarTo: name, among: type.enumValues.map(\.name),
            at: range)
    }

    private static func checkFields(
        _ fields: Run<ObjectField>, of id: TypeID, at range: SourceRange, _ document: TypedDocument,
        _ diagnostics: inout Diagnostics
    ) {
        let index = document.schema.index.types[id.index]
        let hasUnknown = fields.indices.contains { document.objectFields[$0].place == nil }
        guard hasUnknown || index.requiresInputFields || index.isOneOf else { return }
        let type = document.schema[id]
        for index in fields.indices where document.objectFields[index].place == nil {
            let field = document.document.objectFields[index]
            let name = document[field.name.id]
            diagnostics.report(
                "The input type '\(type.name)' has no field '\(name)'.", similarTo: name,
                among: type.inputFields.map(\.name), at: field.range)
        }
        let given = Set(fields.indices.compactMap { document.objectFields[$0].place })
        for (place, field) in type.inputFields.enumerated() where field.isRequired && !given.contains(place) {
            diagnostics.report(
                "The input type '\(type.name)' needs its field '\(field.name)' "
                    + "of type '\(field.type.text(in: document.schema))'.",
                at: range)
        }
        if type.isOneOf, !hasUnknown {
            let first = document[fields].first.map { document[$0.value].kind }
            if fields.count == 1, let first {
                guard case .null = first else { return }
            }
            diagnostics.report("'\(type.name)' takes exactly one of its fields, and that not null.", at: range)
        }
    }

    /// What a message calls a literal.
    private static func phrase(_ value: Value, in document: Document) -> String {
        switch value.kind {
        case .list: return "A list"
        case .object: return "An object"
        default:
            let text = document.source.text(value.range)
            return text.utf8.count <= 40 ? text : String(text.prefix(40)) + "…"
        }
    }
}

extension InputValue {
    /// Whether a variable stands in it. The depth of literals is bounded by the parser.
    fileprivate var hasVariables: Bool {
        switch self {
        case .variable: true
        case .list(let items): items.contains(where: \.hasVariables)
        case .object(let object): object.entries.contains { $0.value.hasVariables }
        default: false
        }
    }
}
