import GraphQLSyntax

/// Every variable that an operation uses, in its fragments too, it defines.
///
/// Costs operations × fragments.
package enum NoUndefinedVariables: ValidationRule {
    package static let name = "NoUndefinedVariablesRule"
    package static let section = "5.8.3 All Variable Uses Defined"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for index in document.operations {
            guard !document.variableUses.isEmpty else { return }
            let operation = document.operation(index)
            let defined = Set(document[operation.variables].map(\.name.id))
            for definition in document.reach(from: index) {
                for use in document.variableUses[definition] where !defined.contains(use.name) {
                    diagnostics.report(
                        "The variable '$\(document[use.name])' is not defined by \(document.phrase(operation)).",
                        at: use.range, operation.range)
                }
            }
        }
    }
}

extension TypedDocument {
    /// What a message calls an operation.
    func phrase(_ operation: OperationDefinition) -> String {
        operation.name.map { "the operation '\(document[$0.id])'" } ?? "the operation"
    }
}
