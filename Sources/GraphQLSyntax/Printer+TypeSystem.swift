extension Printer {
    /// Without description and `extend`, as the following.
    func text(of schema: SchemaDefinition) -> String {
        joined(
            "schema", text(of: schema.directives),
            block(schema.operationTypes.map { $0.kind.rawValue + ": " + document[$0.type.id] }))
    }

    func text(of type: TypeDefinition) -> String {
        let keyword =
            switch type.kind {
            case .scalar: "scalar"
            case .object: "type"
            case .interface: "interface"
            case .union: "union"
            case .enumeration: "enum"
            case .inputObject: "input"
            }
        return joined(
            keyword, document[type.name.id],
            enclosed("implements ", type.interfaces.map { document[$0.id] }.joined(separator: " & "), ""),
            text(of: type.directives), block(type.fields.map(text)), block(type.inputFields.map(text)),
            enclosed("= ", type.members.map { document[$0.id] }.joined(separator: " | "), ""), block(type.values.map(text)))
    }

    func text(of directive: DirectiveDefinition) -> String {
        joined(
            "directive @" + document[directive.name.id] + text(of: directive.arguments), text(of: directive.directives),
            directive.isRepeatable ? "repeatable" : "",
            "on " + directive.locations.map { document[$0.id] }.joined(separator: " | "))
    }

    private func text(of field: FieldDefinitionNode) -> String {
        described(
            field.description,
            joined(
                document[field.name.id] + text(of: field.arguments) + ": " + text(of: field.type), text(of: field.directives)))
    }

    /// In parentheses: one a line where a description has broken one of them.
    private func text(of arguments: [InputValueDefinition]) -> String {
        let arguments = arguments.map(text)
        return arguments.contains { $0.contains("\n") }
            ? "(\n" + indented(arguments.joined(separator: "\n")) + "\n)" : enclosed("(", arguments.joined(separator: ", "), ")")
    }

    private func text(of value: InputValueDefinition) -> String {
        described(
            value.description,
            joined(
                document[value.name.id] + ": " + text(of: value.type), value.defaultValue.map { "= " + text(of: $0) } ?? "",
                text(of: value.directives)))
    }

    private func text(of value: EnumValueDefinition) -> String {
        described(value.description, joined(document[value.name.id], text(of: value.directives)))
    }
}
