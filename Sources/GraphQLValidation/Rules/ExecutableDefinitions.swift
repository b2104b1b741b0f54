import GraphQLSyntax

/// A document that is executed holds operations and fragments only.
package enum ExecutableDefinitions: ValidationRule {
    package static let name = "ExecutableDefinitionsRule"
    package static let section = "5.1.1 Executable Definitions"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for definition in document.document.definitions {
            let range: SourceRange
            switch definition {
            case .operation, .fragment: continue
            case .schema(let node), .schemaExtension(let node): range = node.range
            case .type(let node), .typeExtension(let node): range = node.range
            case .directive(let node): range = node.range
            case .directiveExtension(let node): range = node.range
            }
            diagnostics.report("A definition of types cannot be executed; only operations and fragments can.", at: range)
        }
    }
}
