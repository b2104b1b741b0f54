import GraphQLSyntax
import GraphQLTypes

/// A variable is used only where a value of its type is allowed.
///
/// Costs operations × fragments.
package enum VariablesInAllowedPosition: ValidationRule {
    package static let name = "VariablesInAllowedPositionRule"
    package static let section = "5.8.5 All Variable Usages Are Allowed"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for index in document.operations {
            let operation = document.operation(index)
            var variables: [NameID: Int] = [:]
            for variable in operation.variables.indices {
                variables[document.document.variables[variable].name.id] = variable
            }
            guard !variables.isEmpty else { continue }
            for definition in document.reach(from: index) {
                for use in document.variableUses[definition] {
                    guard let variable = variables[use.name], let type = document.variables[variable],
                        let position = use.type
                    else { continue }
                    let node = document.document.variables[variable]
                    if let oneOf = use.oneOf, !type.isNonNull {
                        diagnostics.report(
                            "The variable '$\(document[use.name])' of type '\(type.text(in: document.schema))' "
                                + "can be null, but the one field that '\(document.schema[oneOf].name)' is given cannot.",
                            at: node.range, use.range)
                    } else if !isAllowed(type, node, at: position, use, in: document) {
                        diagnostics.report(
                            "The variable '$\(document[use.name])' is of type '\(type.text(in: document.schema))', "
                                + "but is used where '\(position.text(in: document.schema))' is expected.",
                            at: node.range, use.range)
                    }
                }
            }
        }
    }

    /// IsVariableUsageAllowed: a default value, of the variable or of the position, stands in for null.
    private static func isAllowed(
        _ type: TypeReference, _ variable: VariableDefinition, at position: TypeReference, _ use: VariableUse,
        in document: TypedDocument
    ) -> Bool {
        guard position.isNonNull, !type.isNonNull else { return document.schema.isSubtype(type, of: position) }
        var hasDefault = use.hasDefault
        if let value = variable.defaultValue {
            if case .null = document[value].kind {} else { hasDefault = true }
        }
        return hasDefault && document.schema.isSubtype(type, of: position.nullable)
    }
}
