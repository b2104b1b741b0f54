import GraphQLSyntax

/// A literal, checked against the type of its position once, with its variables left open.
///
/// A plan keeps templates; `resolve` fills in the variables of one request. Everything without a variable is coerced
/// already, so a repeated request does not look at it again.
package indirect enum InputTemplate: Sendable {
    /// No variable inside: the coerced value.
    case constant(InputValue)
    /// The whole position is one variable.
    case variable(VariablePosition)
    case list([InputTemplate])
    case object(ObjectTemplate)
    /// A literal of a custom scalar with variables inside, to be coerced by the scalar when they are known.
    case scalar(InputValue, VariablePosition)

    /// An input object literal with at least one variable somewhere inside.
    package struct ObjectTemplate: Sendable {
        package var type: TypeID
        /// What the literal writes, in the order of the type's definition. `field` is the place in `NamedType.inputFields`.
        package var entries: [Entry]

        package struct Entry: Sendable {
            package var field: Int
            package var value: InputTemplate
        }
    }

    /// Where a variable stands, and what may stand there.
    package struct VariablePosition: Sendable {
        /// Without `$`; empty where the position is a scalar literal with variables inside.
        package var name: String
        package var type: TypeReference
        package var range: SourceRange
        /// The path from the argument: `where.size.lt`, `ids[2]`.
        package var path: String
    }

    /// The variables inside, each as often as it occurs, with their positions.
    package var variables: [VariablePosition] {
        switch self {
        case .constant: []
        case .variable(let position): [position]
        case .list(let items): items.flatMap(\.variables)
        case .object(let object): object.entries.flatMap { $0.value.variables }
        case .scalar(let value, let position):
            value.variableNames.map { name in
                var inner = position
                inner.name = name
                return inner
            }
        }
    }
}

/// What a request makes of a template.
package enum ResolvedInput: Hashable, Sendable {
    /// It was a variable, and the variable was not sent.
    case absent
    /// It was an object or a list literal that held something, and every part of it was absent or emptied.
    /// Only `AbsenceRule.removes` gives this: a literal `{}` or `[]` is a value.
    case emptied
    case value(InputValue)

    /// The value; nil where there is none.
    package var value: InputValue? { if case .value(let value) = self { value } else { nil } }
}

/// What a variable that was not sent does to the literal around it.
package enum AbsenceRule: Sendable {
    /// As the specification has it: the entry is left out of its object, whose other entries and defaults stay; in a list
    /// the item is null. GraphQL §3.10, §3.11
    case specification
    /// For filters (`api.md` §2): the entry or item is taken out, an object or list emptied so is taken out of what is
    /// around it, and so on up to the argument. Defaults of fields that were not written do not keep an object alive.
    case removes
}

extension Schema {
    /// A template with the variables of one request.
    ///
    /// - Parameters:
    ///   - variables: The coerced values; a variable that has none is absent.
    ///   - rule: What absence does.
    /// - Throws: Null or nothing where the position must have a value, or what a custom scalar says.
    package func resolve(
        _ template: InputTemplate, variables: [String: InputValue], absence rule: AbsenceRule = .specification
    ) throws(InputProblem) -> ResolvedInput {
        switch template {
        case .constant(let value): return .value(value)
        case .variable(let position):
            guard let value = variables[position.name] else { return .absent }
            if value == .null, position.type.isNonNull {
                throw InputProblem(
                    "The variable '$\(position.name)' is null, but '\(position.type.text(in: self))' cannot be null.",
                    path: position.path, range: position.range)
            }
            return .value(value)
        case .list(let items): return try resolve(items, variables: variables, absence: rule)
        case .object(let object): return try resolve(object, variables: variables, absence: rule)
        case .scalar(let literal, let position):
            do throws(ScalarError) {
                return .value(try coerceScalar(literal.replacing(variables), position.type.named, isLiteral: true))
            } catch {
                throw InputProblem("The value \(error.reason).", path: position.path, range: position.range)
            }
        }
    }

    private func resolve(
        _ items: [InputTemplate], variables: [String: InputValue], absence rule: AbsenceRule
    ) throws(InputProblem) -> ResolvedInput {
        var values: [InputValue] = []
        values.reserveCapacity(items.count)
        for item in items {
            switch (try resolve(item, variables: variables, absence: rule), rule) {
            case (.value(let value), _): values.append(value)
            case (_, .removes): break
            case (_, .specification):
                if case .variable(let position) = item, position.type.isNonNull { throw notSent(position) }
                values.append(.null)
            }
        }
        return values.isEmpty && !items.isEmpty ? .emptied : .value(.list(values))
    }

    private func resolve(
        _ object: InputTemplate.ObjectTemplate, variables: [String: InputValue], absence rule: AbsenceRule
    ) throws(InputProblem) -> ResolvedInput {
        let fields = inputFields(of: object.type)
        var written: [InputValue?] = Array(repeating: nil, count: fields.count)
        var hasValue = false
        for entry in object.entries {
            if let value = try resolve(entry.value, variables: variables, absence: rule).value {
                written[entry.field] = value
                hasValue = true
            } else if rule == .specification, case .variable(let position) = entry.value, fields[entry.field].isRequired {
                throw notSent(position)
            }
        }
        if rule == .removes, !hasValue { return .emptied }
        var entries: [InputObject.Entry] = []
        for index in fields.indices {
            guard let value = written[index] ?? fields[index].defaultValue else { continue }
            entries.append(.init(name: fields[index].name, value: value))
        }
        if types[object.type.index].isOneOf { try checkOneOf(entries, object) }
        return .value(.object(InputObject(entries)))
    }

    /// With variables bound, a `@oneOf` object still has exactly one entry, which is not null. GraphQL §3.10
    private func checkOneOf(_ entries: [InputObject.Entry], _ object: InputTemplate.ObjectTemplate) throws(InputProblem) {
        guard entries.count != 1 || entries[0].value == .null else { return }
        let position = object.entries.lazy.compactMap(\.value.variables.first).first
        throw InputProblem(
            "'\(self[object.type].name)' needs exactly one entry, and that must not be null.", path: position?.path ?? "",
            range: position?.range)
    }

    func notSent(_ position: InputTemplate.VariablePosition) -> InputProblem {
        InputProblem(
            "The variable '$\(position.name)' was not sent, but '\(position.type.text(in: self))' is required here.",
            path: position.path, range: position.range)
    }
}

extension InputValue {
    /// The variables of a literal, in order of appearance.
    var variableNames: [String] {
        switch self {
        case .variable(let name): [name]
        case .list(let items): items.flatMap(\.variableNames)
        case .object(let object): object.entries.flatMap(\.value.variableNames)
        default: []
        }
    }

    /// A literal of a custom scalar with its variables bound: an absent one leaves its entry out, and is null in a list.
    func replacing(_ variables: [String: InputValue]) -> InputValue {
        switch self {
        case .variable(let name): variables[name] ?? .null
        case .list(let items): .list(items.map { $0.replacing(variables) })
        case .object(let object):
            .object(
                InputObject(
                    object.entries.compactMap { entry in
                        if case .variable(let name) = entry.value, variables[name] == nil { return nil }
                        return .init(name: entry.name, value: entry.value.replacing(variables))
                    }))
        default: self
        }
    }
}
