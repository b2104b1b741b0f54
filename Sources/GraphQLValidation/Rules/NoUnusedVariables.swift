import GraphQLSyntax

/// Every variable that an operation defines, it uses, or one of its fragments does.
///
/// Costs operations × fragments.
package enum NoUnusedVariables: ValidationRule {
    package static let name = "NoUnusedVariablesRule"
    package static let section = "5.8.4 All Variables Used"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for index in document.operations {
            let operation = document.operation(index)
            guard !operation.variables.isEmpty else { continue }
            var isUsed = [Bool](repeating: false, count: document.document.names.count)
            for definition in document.reach(from: index) {
                for use in document.variableUses[definition] { isUsed[use.name.index] = true }
            }
            for variable in document[operation.variables] where !isUsed[variable.name.id.index] {
                diagnostics.report(
                    "The variable '$\(document[variable.name.id])' is not used by \(document.phrase(operation)).",
                    at: variable.range)
            }
        }
    }
}
