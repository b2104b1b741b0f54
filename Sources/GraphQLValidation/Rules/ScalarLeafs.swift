import GraphQLSyntax
import GraphQLTypes

/// A field of a composite type has a selection set, a leaf has none.
package enum ScalarLeafs: ValidationRule {
    package static let name = "ScalarLeafsRule"
    package static let section = "5.3.3 Leaf Field Selections"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for (index, selection) in document.document.selections.enumerated() {
            guard case .field(let field) = selection, let type = document.selections[index].type else { continue }
            let isLeaf = document.schema.index.types[type.named.index].isLeaf
            if isLeaf, let set = field.selectionSet {
                diagnostics.report(
                    "The field '\(document[field.name.id])' is of type '\(type.text(in: document.schema))', "
                        + "which has no fields to select.",
                    at: set.range)
            } else if !isLeaf, field.selectionSet == nil {
                let name = document[field.name.id]
                diagnostics.report(
                    "The field '\(name)' is of type '\(type.text(in: document.schema))'; "
                        + "say which of its fields: '\(name) { … }'.",
                    at: field.range)
            }
        }
    }
}
