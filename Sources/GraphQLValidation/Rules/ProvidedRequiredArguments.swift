import GraphQLSyntax
import GraphQLTypes

/// Every argument that is required is given.
package enum ProvidedRequiredArguments: ValidationRule {
    package static let name = "ProvidedRequiredArgumentsRule"
    package static let section = "5.4.3 Required Arguments"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for (index, selection) in document.document.selections.enumerated() {
            guard let definition = document.selections[index].definition,
                document.schema.index.fields[definition].requiresArguments, case .field(let field) = selection
            else { continue }
            check(field.arguments, of: .field(index), at: field.range, document, &diagnostics)
        }
        for (index, node) in document.document.directives.enumerated() {
            check(node.arguments, of: .directive(index), at: node.range, document, &diagnostics)
        }
    }

    private static func check(
        _ given: Run<Argument>, of owner: ArgumentJoin.Owner, at range: SourceRange, _ document: TypedDocument,
        _ diagnostics: inout Diagnostics
    ) {
        guard let definitions = document.argumentDefinitions(of: owner) else { return }
        for (place, definition) in definitions.enumerated() where definition.isRequired {
            guard !given.indices.contains(where: { document.arguments[$0].place == place }) else { continue }
            diagnostics.report(
                "\(document.phrase(owner)) needs its argument '\(definition.name)' "
                    + "of type '\(definition.type.text(in: document.schema))'.",
                at: range)
        }
    }
}
