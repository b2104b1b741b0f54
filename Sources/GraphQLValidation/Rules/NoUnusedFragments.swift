import GraphQLSyntax

/// Every fragment is spread by an operation, directly or through other fragments.
package enum NoUnusedFragments: ValidationRule {
    package static let name = "NoUnusedFragmentsRule"
    package static let section = "5.5.1.4 Fragments Must Be Used"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        guard !document.fragments.isEmpty else { return }
        var isUsed = [Bool](repeating: false, count: document.document.definitions.count)
        var reached = document.operations
        while let definition = reached.popLast() {
            for spread in document.spreads[definition] {
                guard let target = document.selections[spread].fragment, !isUsed[target] else { continue }
                isUsed[target] = true
                reached.append(target)
            }
        }
        for index in document.fragments where !isUsed[index] {
            let fragment = document.fragment(index)
            // Of two fragments of one name the second can never be spread; that is reported as what it is.
            if let first = document.fragmentIndex(named: fragment.name.id), isUsed[first] { continue }
            diagnostics.report("The fragment '\(document[fragment.name.id])' is not used.", at: fragment.range)
        }
    }
}
