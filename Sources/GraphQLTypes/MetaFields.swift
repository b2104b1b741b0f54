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

    private var typenameField: FieldDefinition? {
        type(named: "String").map { text in
            FieldDefinition(
                name: Self.typenameFieldName, description: "The name of the current Object type at runtime.",
                type: TypeReference(text).nonNull)
        }
    }

    private var schemaField: FieldDefinition? {
        type(named: "__Schema").map { schema in
            FieldDefinition(
                name: "__schema", description: "Access the current type schema of this server.",
                type: TypeReference(schema).nonNull)
        }
    }

    private var typeField: FieldDefinition? {
        guard let text = type(named: "String"), let type = type(named: "__Type") else { return nil }
        return FieldDefinition(
            name: "__type", description: "Request the type information of a single type.",
            arguments: [InputValueType(name: "name", type: TypeReference(text).nonNull)], type: TypeReference(type))
    }
}
