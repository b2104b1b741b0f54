import GraphQLSyntax

/// The variables that an operation declares, with what of their coercion is the same for every request.
package struct DeclaredVariables: Sendable {
    fileprivate struct Declared: Sendable {
        var name: String
        /// How problems name it.
        var root: String
        /// Nil where it is no input type.
        var type: TypeReference?
        /// Whether every text is a value of it as it stands.
        var takesTexts: Bool
        var typeText: String
        var typeRange: SourceRange
        var range: SourceRange
        var fallback: Fallback
    }

    /// What a variable is that was not sent.
    fileprivate enum Fallback: Sendable {
        case none
        case value(InputValue)
        case problems([InputProblem])
    }

    fileprivate let all: [Declared]
    /// In the order in which they are declared.
    package let names: [String]

    fileprivate init(_ all: [Declared]) {
        self.all = all
        names = all.map(\.name)
    }

    /// Coerced values by name. A variable without a value has no entry.
    package func byName(_ values: VariableValues) -> [String: InputValue] {
        var named: [String: InputValue] = [:]
        for (place, name) in names.enumerated() { named[name] = values[place] }
        return named
    }

    /// Whether what was sent is a text for each variable that takes any text, in the order in which they are declared.
    fileprivate func areSent(by entries: [InputObject.Entry]) -> Bool {
        guard entries.count == all.count else { return false }
        for place in all.indices {
            guard all[place].takesTexts, entries[place].name == all[place].name, case .string = entries[place].value else {
                return false
            }
        }
        return true
    }
}

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
        let declared = declaredVariables(definitions, in: document)
        return declared.byName(try coerce(values, as: declared))
    }

    /// What coercing the variables of an operation takes, found once for all of its requests.
    package func declaredVariables(_ definitions: Run<VariableDefinition>, in document: Document) -> DeclaredVariables {
        DeclaredVariables(
            document[definitions].map { definition in
                let name = document[definition.name.id]
                let typeRange = document[definition.type].range
                var type = typeReference(of: definition.type, in: document)
                if let known = type, !self[known.named].isInput { type = nil }
                return DeclaredVariables.Declared(
                    name: name, root: "$" + name, type: type, takesTexts: type.map(takesTexts) ?? false,
                    typeText: document.source.text(typeRange),
                    typeRange: typeRange, range: definition.range, fallback: fallback(of: definition, named: name, type, document)
                )
            })
    }

    private func takesTexts(_ type: TypeReference) -> Bool {
        guard type.isNamed, types[type.named.index].kind == .scalar, types[type.named.index].scalar == nil else { return false }
        return types[type.named.index].builtInScalar == .string
    }

    private func fallback(
        of definition: VariableDefinition, named name: String, _ type: TypeReference?, _ document: Document
    ) -> DeclaredVariables.Fallback {
        guard let type, let literal = definition.defaultValue else { return .none }
        var state = CoercionState(root: "$" + name)
        // Constant by grammar and so without variables.
        guard case .constant(let value) = template(literal, document, type, &state) else {
            state.pointAll(at: definition.range)
            return .problems(state.problems)
        }
        return .value(value)
    }

    /// As `coerceVariables`, of an operation whose variables are known.
    package func coerce(_ values: InputObject, as declared: DeclaredVariables) throws(InputProblems) -> VariableValues {
        if declared.areSent(by: values.entries) { return VariableValues(asSent: values.entries) }
        let sent = SentValues(values)
        var coerced: [InputValue?] = []
        coerced.reserveCapacity(declared.all.count)
        var problems: [InputProblem] = []
        for index in declared.all.indices where problems.count < CoercionState.problemLimit {
            let value = sent[declared.all[index].name]
            if declared.all[index].takesTexts, case .string? = value {
                coerced.append(value)
                continue
            }
            var state = CoercionState(root: declared.all[index].root)
            coerced.append(coerce(value, to: declared.all[index], &state))
            if !state.problems.isEmpty { problems += state.problems }
        }
        guard problems.isEmpty else { throw InputProblems(problems) }
        return VariableValues(coerced)
    }

    private func coerce(
        _ sent: InputValue?, to variable: borrowing DeclaredVariables.Declared, _ state: inout CoercionState
    ) -> InputValue? {
        guard let type = variable.type else {
            state.report(
                "The variable '\(variable.root)' has the type '\(variable.typeText)', which is no input type.", variable.typeRange
            )
            return nil
        }
        if let sent { return coerce(sent, to: type, at: variable.range, &state) }
        switch variable.fallback {
        case .value(let value): return value
        case .problems(let problems): state.add(problems)
        case .none:
            if type.isNonNull {
                state.report("The variable '\(variable.root)' of type '\(variable.typeText)' is required.", variable.range)
            }
        }
        return nil
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
