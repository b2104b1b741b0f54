import GraphQLSyntax
import GraphQLTypes

/// A fragment is on an object, an interface or a union.
package enum FragmentsOnCompositeTypes: ValidationRule {
    package static let name = "FragmentsOnCompositeTypesRule"
    package static let section = "5.5.1.3 Fragments on Object, Interface or Union Types"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for index in document.fragments {
            let fragment = document.fragment(index)
            check(fragment.typeCondition, "The fragment '\(document[fragment.name.id])'", document, &diagnostics)
        }
        for selection in document.document.selections {
            guard case .inlineFragment(let fragment) = selection, let condition = fragment.typeCondition else { continue }
            check(condition, "A fragment", document, &diagnostics)
        }
    }

    private static func check(
        _ condition: Name, _ fragment: @autoclosure () -> String, _ document: TypedDocument, _ diagnostics: inout Diagnostics
    ) {
        guard let type = document.type(named: condition.id), !document.schema.index.types[type.index].isComposite else { return }
        diagnostics.report(
            "\(fragment()) cannot be on '\(document[condition.id])', which has no fields to select.", at: condition.range)
    }
}
