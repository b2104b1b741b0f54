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
            var isDefined = [Bool](repeating: false, count: document.document.names.count)
            for variable in document[operation.variables] { isDefined[variable.name.id.index] = true }
            for definition in document.reach(from: index) {
                for use in document.variableUses[definition] where !isDefined[use.name.index] {
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
