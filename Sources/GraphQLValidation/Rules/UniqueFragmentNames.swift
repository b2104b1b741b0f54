import GraphQLSyntax

/// No two fragments of a document have one name.
package enum UniqueFragmentNames: ValidationRule {
    package static let name = "UniqueFragmentNamesRule"
    package static let section = "5.5.1.1 Fragment Name Uniqueness"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for index in document.fragments {
            let name = document.fragment(index).name
            guard let first = document.fragmentIndex(named: name.id), first != index else { continue }
            diagnostics.report(
                "There are two fragments named '\(document[name.id])'.",
                at: document.fragment(first).name.range, name.range)
        }
    }
}
