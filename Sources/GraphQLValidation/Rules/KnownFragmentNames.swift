import GraphQLSyntax

/// Every fragment that is spread, the document defines.
package enum KnownFragmentNames: ValidationRule {
    package static let name = "KnownFragmentNamesRule"
    package static let section = "5.5.2.1 Fragment Spread Target Defined"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for (index, selection) in document.document.selections.enumerated() {
            guard case .fragmentSpread(let spread) = selection, document.selections[index].fragment == nil else { continue }
            diagnostics.report("There is no fragment '\(document[spread.name.id])'.", at: spread.name.range)
        }
    }
}
