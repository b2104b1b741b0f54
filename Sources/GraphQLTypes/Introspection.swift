/// Something that introspection shows: a node of a small tree that is never built, only walked. GraphQL §4.2
///
/// The executor holds a node, asks for a field, and gets a leaf or further nodes; the schema answers from its own arrays.
package enum IntrospectionNode: Hashable, Sendable {
    case schema
    /// A `__Type`: a named type, or one wrapped once more.
    case type(TypeReference)
    /// A field of an object or interface, by its place in `NamedType.fields`.
    case field(TypeID, Int)
    /// An argument of a field, by its place in `FieldDefinition.arguments`.
    case argument(TypeID, field: Int, Int)
    /// A field of an input object, by its place in `NamedType.inputFields`.
    case inputField(TypeID, Int)
    /// An argument of a directive, by the places of both.
    case directiveArgument(directive: Int, Int)
    case enumValue(TypeID, Int)
    /// A directive, by its place in `Schema.directives`.
    case directive(Int)

    /// The name of the node's type: `__Field`.
    package var typeName: String {
        switch self {
        case .schema: "__Schema"
        case .type: "__Type"
        case .field: "__Field"
        case .argument, .inputField, .directiveArgument: "__InputValue"
        case .enumValue: "__EnumValue"
        case .directive: "__Directive"
        }
    }
}

/// The value of an introspection field.
package enum IntrospectionValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case string(String)
    /// A value of `__TypeKind`.
    case enumeration(String)
    case node(IntrospectionNode)
    /// A list of objects.
    case nodes([IntrospectionNode])
    /// A list of values of `__DirectiveLocation`.
    case enumerations([String])
}

extension Schema {
    /// What the root field `__type(name:)` gives: nil for a name the schema does not have.
    package func introspectedType(named name: String) -> IntrospectionNode? {
        type(named: name).map { .type(TypeReference($0)) }
    }

    /// The value of a field of an introspection node.
    ///
    /// - Parameters:
    ///   - fieldName: A field of the node's type, by the introspection schema; `__typename` is the executor's.
    ///   - arguments: The coerced arguments, `includeDeprecated` among them where the field has it.
    /// - Returns: `.null` also for a name that the node's type does not define.
    package func introspect(_ node: IntrospectionNode, field fieldName: String, arguments: InputObject) -> IntrospectionValue {
        let includesDeprecated = arguments["includeDeprecated"] == .boolean(true)
        switch node {
        case .schema: return schemaValue(fieldName, includesDeprecated)
        case .type(let reference):
            return reference.wrapperCount > 0
                ? wrapperValue(reference, fieldName) : namedTypeValue(reference.named, fieldName, includesDeprecated)
        case .field(let type, let index): return fieldValue(type, index, fieldName, includesDeprecated)
        case .argument(let type, let field, let index):
            return inputValue(self[type].fields[field].arguments[index], fieldName)
        case .inputField(let type, let index): return inputValue(self[type].inputFields[index], fieldName)
        case .directiveArgument(let directive, let index): return inputValue(directives[directive].arguments[index], fieldName)
        case .enumValue(let type, let index):
            let value = self[type].enumValues[index]
            return element(value.name, value.description, value.deprecationReason, fieldName)
        case .directive(let index): return directiveValue(index, fieldName, includesDeprecated)
        }
    }

    // MARK: - One function for each type of the introspection schema

    private func schemaValue(_ fieldName: String, _ includesDeprecated: Bool) -> IntrospectionValue {
        switch fieldName {
        case "description": .text(description)
        case "types": .nodes(types.indices.map { .type(TypeReference(TypeID($0))) })
        case "queryType": .type(queryType)
        case "mutationType": .type(mutationType)
        case "subscriptionType": .type(subscriptionType)
        case "directives":
            .nodes(shown(directives.indices, includesDeprecated) { directives[$0].deprecationReason }.map { .directive($0) })
        default: .null
        }
    }

    private func wrapperValue(_ reference: TypeReference, _ fieldName: String) -> IntrospectionValue {
        switch fieldName {
        case "kind": .enumeration(reference.isNonNull ? "NON_NULL" : "LIST")
        case "ofType": .node(.type(reference.isNonNull ? reference.nullable : reference.element ?? reference))
        default: .null
        }
    }

    private func namedTypeValue(_ id: TypeID, _ fieldName: String, _ includesDeprecated: Bool) -> IntrospectionValue {
        let type = self[id]
        switch (fieldName, type.kind) {
        case ("kind", _): return .enumeration(type.kind.rawValue)
        case ("name", _): return .string(type.name)
        case ("description", _): return .text(type.description)
        case ("specifiedByURL", .scalar): return .text(type.specifiedByURL)
        case ("fields", .object), ("fields", .interface):
            return .nodes(
                shown(type.fields.indices, includesDeprecated) { type.fields[$0].deprecationReason }.map { .field(id, $0) })
        case ("interfaces", .object), ("interfaces", .interface):
            return .nodes(type.interfaces.map { .type(TypeReference($0)) })
        case ("possibleTypes", .interface), ("possibleTypes", .union):
            return .nodes(type.possibleTypes.map { .type(TypeReference($0)) })
        case ("enumValues", .enumeration):
            let values = shown(type.enumValues.indices, includesDeprecated) { type.enumValues[$0].deprecationReason }
            return .nodes(values.map { .enumValue(id, $0) })
        case ("inputFields", .inputObject):
            let fields = shown(type.inputFields.indices, includesDeprecated) { type.inputFields[$0].deprecationReason }
            return .nodes(fields.map { .inputField(id, $0) })
        case ("isOneOf", .inputObject): return .boolean(type.isOneOf)
        default: return .null
        }
    }

    private func fieldValue(_ id: TypeID, _ index: Int, _ fieldName: String, _ includesDeprecated: Bool) -> IntrospectionValue {
        let field = self[id].fields[index]
        switch fieldName {
        case "args":
            let arguments = shown(field.arguments.indices, includesDeprecated) { field.arguments[$0].deprecationReason }
            return .nodes(arguments.map { .argument(id, field: index, $0) })
        case "type": return .node(.type(field.type))
        default: return element(field.name, field.description, field.deprecationReason, fieldName)
        }
    }

    private func inputValue(_ input: InputValueType, _ fieldName: String) -> IntrospectionValue {
        switch fieldName {
        case "type": .node(.type(input.type))
        case "defaultValue": .text(input.defaultLiteral?.literalText)
        default: element(input.name, input.description, input.deprecationReason, fieldName)
        }
    }

    private func directiveValue(_ index: Int, _ fieldName: String, _ includesDeprecated: Bool) -> IntrospectionValue {
        let directive = directives[index]
        switch fieldName {
        case "isRepeatable": return .boolean(directive.isRepeatable)
        case "locations": return .enumerations(directive.locations)
        case "args":
            let arguments = shown(directive.arguments.indices, includesDeprecated) { directive.arguments[$0].deprecationReason }
            return .nodes(arguments.map { .directiveArgument(directive: index, $0) })
        default: return element(directive.name, directive.description, directive.deprecationReason, fieldName)
        }
    }

    /// What every element of a schema shows.
    private func element(
        _ name: String, _ description: String?, _ deprecationReason: String?, _ fieldName: String
    ) -> IntrospectionValue {
        switch fieldName {
        case "name": .string(name)
        case "description": .text(description)
        case "isDeprecated": .boolean(deprecationReason != nil)
        case "deprecationReason": .text(deprecationReason)
        default: .null
        }
    }

    private func shown(_ indices: Range<Int>, _ includesDeprecated: Bool, reason: (Int) -> String?) -> [Int] {
        includesDeprecated ? Array(indices) : indices.filter { reason($0) == nil }
    }
}

extension IntrospectionValue {
    fileprivate static func text(_ text: String?) -> IntrospectionValue { text.map { .string($0) } ?? .null }
    fileprivate static func type(_ id: TypeID?) -> IntrospectionValue { id.map { .node(.type(TypeReference($0))) } ?? .null }
}
