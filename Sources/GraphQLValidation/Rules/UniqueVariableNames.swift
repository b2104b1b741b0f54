import GraphQLSyntax

/// No operation defines a variable twice.
package enum UniqueVariableNames: ValidationRule {
    package static let name = "UniqueVariableNamesRule"
    package static let section = "5.8.1 Variable Uniqueness"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for index in document.operations {
            for names in repeated(in: document[document.operation(index).variables], by: { $0.name }) {
                diagnostics.report(
                    "The variable '$\(document[names[0].id])' is defined \(names.count) times.",
                    at: names.map(\.range))
            }
        }
    }
}
