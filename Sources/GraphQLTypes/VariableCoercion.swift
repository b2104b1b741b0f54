import GraphQLSyntax

extension Schema {
    /// The variables of a request, coerced to the types that the operation declares. GraphQL §6.1.2
    ///
    /// - Parameter values: What was sent, by name. Names that the operation does not declare are ignored, as the
    ///   specification says.
    /// - Returns: An entry for every variable that has a value, null included; a variable that was not sent and has no
    ///   default has none.
    /// - Throws: Everything that does not fit, at most 50 problems. They point at the variables' definitions.
    package func coerceVariables(
        _ definitions: Run<VariableDefinition>, in document: Document, values: InputObject
    ) throws(InputProblems) -> [String: InputValue] {
        let sent = SentValues(values)
        var coerced: [String: InputValue] = [:]
        var problems: [InputProblem] = []
        for definition in document[definitions] where problems.count < CoercionState.problemLimit {
            let name = document[definition.name.id]
            var state = CoercionState(root: "$" + name)
            coerced[name] = coerceVariable(definition, named: name, document, sent[name], &state)
            if !state.problems.isEmpty { problems += state.problems }
        }
        guard problems.isEmpty else { throw InputProblems(problems) }
        return coerced
    }

    private func coerceVariable(
        _ definition: VariableDefinition, named name: String, _ document: Document, _ sent: InputValue?,
        _ state: inout CoercionState
    ) -> InputValue? {
        let typeText = document.source.text(document[definition.type].range)
        guard let type = typeReference(of: definition.type, in: document), self[type.named].isInput else {
            state.report(
                "The variable '$\(name)' has the type '\(typeText)', which is no input type.", document[definition.type].range)
            return nil
        }
        guard let sent else {
            if let literal = definition.defaultValue {
                // Constant by grammar and so without variables.
                guard case .constant(let value) = template(literal, document, type, &state) else {
                    state.pointAll(at: definition.range)
                    return nil
                }
                return value
            }
            if type.isNonNull {
                state.report("The variable '$\(name)' of type '\(typeText)' is required.", definition.range)
            }
            return nil
        }
        return coerce(sent, to: type, at: definition.range, &state)
    }
}

/// The values of a request by name: of two of one name the last.
private struct SentValues {
    /// More than this are looked up in a table.
    private static let fewCount = 8

    private let values: InputObject
    private let table: [String: InputValue]?

    init(_ values: InputObject) {
        self.values = values
        table =
            values.entries.count <= Self.fewCount
            ? nil : Dictionary(values.entries.map { ($0.name, $0.value) }) { _, last in last }
    }

    subscript(name: String) -> InputValue? {
        if let table { return table[name] }
        return values.entries.last { $0.name == name }?.value
    }
}
