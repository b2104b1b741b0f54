import GraphQLSyntax

/// No input object is given a field twice.
package enum UniqueInputFieldNames: ValidationRule {
    package static let name = "UniqueInputFieldNamesRule"
    package static let section = "5.6.3 Input Object Field Uniqueness"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for (index, value) in document.document.values.enumerated() where document.values[index] != nil {
            guard case .object(let fields) = value.kind else { continue }
            for names in repeated(in: document[fields], by: { $0.name }) {
                for name in names.dropFirst() {
                    diagnostics.report(
                        "The input field '\(document[name.id])' is given twice.", at: names[0].range, name.range)
                }
            }
        }
    }
}
