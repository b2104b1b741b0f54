import GraphQLSyntax

/// The arguments that a field or directive is given, checked once, their variables left open.
package struct ArgumentsTemplate: Sendable {
    /// One entry a defined argument, in the order of the definition; nil where the argument is not given.
    package var values: [InputTemplate?]
    /// What was defined.
    package var definitions: [InputValueType]
    /// What to point at where a required argument is missing altogether.
    package var range: SourceRange

    /// The variables used, with their positions.
    package var variables: [InputTemplate.VariablePosition] { values.flatMap { $0?.variables ?? [] } }

    /// The template given for an argument, nil where none is.
    package subscript(name: String) -> InputTemplate? { place(of: name).flatMap { values[$0] } }

    /// What an argument is that is not given, nil where it then has no value.
    package func defaultValue(of name: String) -> InputValue? { place(of: name).flatMap { definitions[$0].defaultValue } }

    /// The type of an argument, nil where none of that name is defined.
    package func type(ofArgument name: String) -> TypeReference? { place(of: name).map { definitions[$0].type } }

    /// In place: a copy of a definition has many parts to count.
    private func place(of name: String) -> Int? {
        for place in definitions.indices where definitions[place].name == name { return place }
        return nil
    }
}

extension Schema {
    /// Checks arguments against their definitions. GraphQL §6.4.1
    ///
    /// - Parameters:
    ///   - given: The arguments of the field or directive.
    ///   - definitions: What it defines.
    ///   - range: The field or directive, for what is missing.
    /// - Throws: Every literal that does not fit, and required arguments that are not given.
    package func template(
        of given: Run<Argument>, in document: Document, for definitions: [InputValueType], at range: SourceRange
    ) throws(InputProblems) -> ArgumentsTemplate {
        var values: [InputTemplate?] = Array(filling: definitions.count, with: nil)
        var problems: [InputProblem] = []
        for index in definitions.indices {
            guard let argument = given.indices.first(where: { document.argument($0, isNamed: definitions[index].name) }) else {
                if definitions[index].isRequired { problems.append(missing(definitions[index], range)) }
                continue
            }
            do throws(InputProblems) {
                values[index] = try template(
                    of: document.arguments[argument].value, in: document, as: definitions[index].type,
                    path: definitions[index].name)
            } catch {
                problems += error.problems
            }
        }
        guard problems.isEmpty else { throw InputProblems(problems) }
        return ArgumentsTemplate(values: values, definitions: definitions, range: range)
    }

    /// The arguments with the variables of one request, in the order of the definition. GraphQL §6.4.1
    ///
    /// - Parameter rule: What a variable that was not sent does. Either way it leaves its argument out, and so does an
    ///   object emptied under `.removes`; the argument's default then holds.
    /// - Returns: An entry for every argument that has a value, null included.
    package func resolve(
        _ arguments: ArgumentsTemplate, variables: [String: InputValue], absence rule: AbsenceRule = .specification
    ) throws(InputProblem) -> InputObject {
        var entries: [InputObject.Entry] = []
        for (index, definition) in arguments.definitions.enumerated() {
            let resolved = try arguments.values[index].map { template throws(InputProblem) in
                try resolve(template, variables: variables, absence: rule)
            }
            if let value = resolved?.value ?? definition.defaultValue {
                entries.append(.init(name: definition.name, value: value))
            } else if definition.isRequired {
                if case .variable(let position) = arguments.values[index] { throw notSent(position) }
                throw missing(definition, arguments.range)
            }
        }
        return InputObject(entries)
    }

    /// The arguments of a field for one request. GraphQL §6.4.1
    ///
    /// Checks and coerces anew at every call; a plan keeps the template instead.
    package func coerceArguments(
        of field: FieldDefinition, arguments: Run<Argument>, in document: Document, variables: [String: InputValue],
        at range: SourceRange, absence rule: AbsenceRule = .specification
    ) throws(InputProblems) -> InputObject {
        let template = try template(of: arguments, in: document, for: field.arguments, at: range)
        do throws(InputProblem) {
            return try resolve(template, variables: variables, absence: rule)
        } catch {
            throw InputProblems([error])
        }
    }

    private func missing(_ definition: InputValueType, _ range: SourceRange) -> InputProblem {
        InputProblem(
            "The argument '\(definition.name)' of type '\(definition.type.text(in: self))' is required.", path: definition.name,
            range: range)
    }
}

extension Document {
    fileprivate func argument(_ place: Int, isNamed name: String) -> Bool { names.isName(arguments[place].name.id, name) }
}
