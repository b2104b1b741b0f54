extension Schema {
    /// `__typename: String!`, on every object, interface and union. GraphQL §4.1
    package static let typenameFieldName = "__typename"

    /// The field that a selection of this name on this type means: one the type defines, or a meta field.
    ///
    /// `__typename` stands on every composite type, `__schema` and `__type(name:)` on the query root. GraphQL §4.1
    /// - Returns: nil where the type has no such field. To tell meta fields from others, look at their names: no other
    ///   begins with `__`.
    package func field(named name: String, on type: TypeID) -> FieldDefinition? {
        guard name.utf8.starts(with: "__".utf8) else { return self[type].field(named: name) }
        switch name {
        case Self.typenameFieldName: return self[type].isComposite ? typenameField : nil
        case "__schema": return type == queryType ? schemaField : nil
        case "__type": return type == queryType ? typeField : nil
        default: return nil
        }
    }

    private var typenameField: FieldDefinition? { type(named: "String").map { .typename(TypeReference($0)) } }

    private var schemaField: FieldDefinition? { type(named: "__Schema").map { .schema(TypeReference($0)) } }

    private var typeField: FieldDefinition? {
        guard let text = type(named: "String"), let type = type(named: "__Type") else { return nil }
        return .type(TypeReference(type), TypeReference(text))
    }
}

extension FieldDefinition {
    /// `__typename: String!`
    static func typename(_ text: TypeReference) -> FieldDefinition {
        FieldDefinition(
            name: Schema.typenameFieldName, description: "The name of the current Object type at runtime.", type: text.nonNull)
    }

    /// `__schema: __Schema!`
    static func schema(_ schema: TypeReference) -> FieldDefinition {
        FieldDefinition(
            name: "__schema", description: "Access the current type schema of this server.", type: schema.nonNull)
    }

    /// `__type(name: String!): __Type`
    static func type(_ type: TypeReference, _ text: TypeReference) -> FieldDefinition {
        FieldDefinition(
            name: "__type", description: "Request the type information of a single type.",
            arguments: [InputValueType(name: "name", type: text.nonNull)], type: type)
    }
}
