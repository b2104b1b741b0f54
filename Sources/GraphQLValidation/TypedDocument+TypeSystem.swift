import GraphQLSyntax

extension TypedDocument {
    /// Joins the directives of a definition that does not belong into an executable document, so that its author learns
    /// of them in one go.
    mutating func placeTypeSystem(_ definition: Definition, in owner: Int) {
        switch definition {
        case .operation, .fragment: break
        case .schema(let node), .schemaExtension(let node): place(node.directives, at: .schema, in: owner)
        case .type(let node), .typeExtension(let node): placeType(node, in: owner)
        case .directive(let node):
            place(node.directives, at: .directiveDefinition, in: owner)
            for argument in node.arguments { place(argument.directives, at: .argumentDefinition, in: owner) }
        case .directiveExtension(let node): place(node.directives, at: .directiveDefinition, in: owner)
        }
    }

    private mutating func placeType(_ node: TypeDefinition, in owner: Int) {
        let location: DirectiveLocation =
            switch node.kind {
            case .scalar: .scalar
            case .object: .object
            case .interface: .interface
            case .union: .union
            case .enumeration: .enumeration
            case .inputObject: .inputObject
            }
        place(node.directives, at: location, in: owner)
        for field in node.fields {
            place(field.directives, at: .fieldDefinition, in: owner)
            for argument in field.arguments { place(argument.directives, at: .argumentDefinition, in: owner) }
        }
        for field in node.inputFields { place(field.directives, at: .inputFieldDefinition, in: owner) }
        for value in node.values { place(value.directives, at: .enumValue, in: owner) }
    }
}
