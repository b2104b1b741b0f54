import GraphQLSyntax
import GraphQLTypes

/// Every argument that is required is given.
package enum ProvidedRequiredArguments: ValidationRule {
    package static let name = "ProvidedRequiredArgumentsRule"
    package static let section = "5.4.3 Required Arguments"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for (index, selection) in document.document.selections.enumerated() {
            guard case .field(let field) = selection, case .own = document.selections[index].field else {
                if case .field(let field) = selection, document.selections[index].field == .type {
                    check(field.arguments, of: .field(index), at: field.range, document, &diagnostics)
                }
                continue
            }
            check(field.arguments, of: .field(index), at: field.range, document, &diagnostics)
        }
        for (index, join) in document.directives.enumerated() where join != nil {
            let node = document.document.directives[index]
            check(node.arguments, of: .directive(index), at: node.range, document, &diagnostics)
        }
    }

    private static func check(
        _ given: Run<Argument>, of owner: ArgumentJoin.Owner, at range: SourceRange, _ document: TypedDocument,
        _ diagnostics: inout Diagnostics
    ) {
        guard let (name, definitions) = document.definitions(for: owner) else { return }
        for (place, definition) in definitions.enumerated() where definition.isRequired {
            guard !given.indices.contains(where: { document.arguments[$0].place == place }) else { continue }
            diagnostics.report(
                "\(name) needs its argument '\(definition.name)' of type '\(definition.type.text(in: document.schema))'.",
                at: range)
        }
    }
}
