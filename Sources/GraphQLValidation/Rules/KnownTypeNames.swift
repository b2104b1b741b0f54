import GraphQLSyntax
import GraphQLTypes

/// Every type that a document names, the schema defines.
package enum KnownTypeNames: ValidationRule {
    package static let name = "KnownTypeNamesRule"
    package static let section = "5.5.1.2 Fragment Spread Type Existence"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for index in document.operations {
            for variable in document[document.operation(index).variables] {
                check(baseName(of: variable.type, in: document.document), document, &diagnostics)
            }
        }
        for index in document.fragments { check(document.fragment(index).typeCondition, document, &diagnostics) }
        for selection in document.document.selections {
            guard case .inlineFragment(let fragment) = selection, let condition = fragment.typeCondition else { continue }
            check(condition, document, &diagnostics)
        }
    }

    private static func check(_ name: Name, _ document: TypedDocument, _ diagnostics: inout Diagnostics) {
        guard document.type(named: name.id) == nil else { return }
        let text = document[name.id]
        diagnostics.report(
            "There is no type '\(text)'.", similarTo: text, among: document.schema.types.map(\.name), at: name.range)
    }

    /// The named type inside all wrappers, where it stands.
    private static func baseName(of type: Position<TypeNode>, in document: Document) -> Name {
        var position = type
        while true {
            switch document[position].kind {
            case .named(let name): return name
            case .list(let inner), .nonNull(let inner): position = inner
            }
        }
    }
}
