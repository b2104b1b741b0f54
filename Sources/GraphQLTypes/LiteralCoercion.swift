import GraphQLSyntax

/// Coercion of literals. GraphQL §3.5 to §3.12, "Input Coercion"
extension Schema {
    /// Checks a literal against a type and coerces everything in it that depends on no variable.
    ///
    /// - Parameter path: What problems call the position: the argument's name.
    /// - Throws: Everything that does not fit, at most 50 problems.
    package func template(
        of literal: Position<Value>, in document: Document, as type: TypeReference, path: String
    ) throws(InputProblems) -> InputTemplate {
        var state = CoercionState(root: path)
        guard let template = template(literal, document, type, &state) else { throw InputProblems(state.problems) }
        return template
    }

    /// Coerces a literal with the variables of a request.
    ///
    /// - Parameter rule: What a variable that was not sent does; see `AbsenceRule`.
    /// - Throws: Everything that does not fit, at most 50 problems.
    package func coerceLiteral(
        _ literal: Position<Value>, in document: Document, as type: TypeReference, variables: [String: InputValue] = [:],
        absence rule: AbsenceRule = .specification, path: String = ""
    ) throws(InputProblems) -> ResolvedInput {
        let template = try template(of: literal, in: document, as: type, path: path)
        do throws(InputProblem) {
            return try resolve(template, variables: variables, absence: rule)
        } catch {
            throw InputProblems([error])
        }
    }

    func template(
        _ literal: Position<Value>, _ document: Document, _ type: TypeReference, _ state: inout CoercionState
    ) -> InputTemplate? {
        let value = document[literal]
        if case .variable(let name) = value.kind {
            return .variable(.init(name: document[name], type: type, range: value.range, path: state.path))
        }
        if case .null = value.kind {
            guard type.isNonNull else { return .constant(.null) }
            state.report("'\(type.text(in: self))' cannot be null.", value.range)
            return nil
        }
        guard state.mayDescend(value.range) else { return nil }
        if let element = type.element { return list(literal, document, element, &state) }
        let named = self[type.named]
        switch named.kind {
        case .inputObject: return object(literal, document, type, &state)
        case .enumeration:
            guard case .enumeration(let id) = value.kind else {
                state.report(
                    "\(document.inputValue(of: literal).phrase) is not a value of the enum '\(named.name)'.", value.range)
                return nil
            }
            let name = document[id]
            guard named.enumValueIndex(named: name) != nil else {
                let suggestion = suggestion(for: name, among: named.enumValues.map(\.name))
                state.report("'\(name)' is not a value of the enum '\(named.name)'.", suggestion: suggestion, value.range)
                return nil
            }
            return .constant(.enumeration(name))
        case .scalar:
            let literal = document.inputValue(of: literal)
            if !literal.variableNames.isEmpty, named.builtInScalar == nil {
                return .scalar(literal, .init(name: "", type: type, range: value.range, path: state.path))
            }
            do throws(ScalarError) {
                return .constant(try coerceScalar(literal, named, isLiteral: true))
            } catch {
                state.report("\(literal.phrase) \(error.reason).", value.range)
                return nil
            }
        case .object, .interface, .union:
            state.report("'\(named.name)' is no input type.", value.range)
            return nil
        }
    }

    /// A single value where a list is asked for is a list of one. GraphQL §3.11
    private func list(
        _ literal: Position<Value>, _ document: Document, _ element: TypeReference, _ state: inout CoercionState
    ) -> InputTemplate? {
        guard case .list(let items) = document[literal].kind else {
            return template(literal, document, element, &state).map { .list([$0]).folded }
        }
        var templates: [InputTemplate] = []
        templates.reserveCapacity(Int(items.count))
        for (index, item) in items.indices.enumerated() where !state.isFull {
            state.enter(index)
            if let item = template(Position(item), document, element, &state) { templates.append(item) }
            state.leave()
        }
        return templates.count == Int(items.count) ? InputTemplate.list(templates).folded : nil
    }

    private func object(
        _ literal: Position<Value>, _ document: Document, _ type: TypeReference, _ state: inout CoercionState
    ) -> InputTemplate? {
        let (named, range) = (self[type.named], document[literal].range)
        guard case .object(let fields) = document[literal].kind else {
            state.report("\(document.inputValue(of: literal).phrase) is no object of the type '\(named.name)'.", range)
            return nil
        }
        var written: [InputTemplate?] = Array(repeating: nil, count: named.inputFields.count)
        var given: Set<NameID> = []
        var isRight = true
        for field in document[fields] where !state.isFull {
            let name = document[field.name.id]
            guard given.insert(field.name.id).inserted else {
                state.report("The field '\(name)' can be given only once.", field.range)
                isRight = false
                continue
            }
            guard let index = named.inputFieldIndex(named: name) else {
                let suggestion = suggestion(for: name, among: named.inputFields.map(\.name))
                state.report("The input type '\(named.name)' has no field '\(name)'.", suggestion: suggestion, field.range)
                isRight = false
                continue
            }
            state.enter(name)
            written[index] = template(field.value, document, named.inputFields[index].type, &state)
            state.leave()
            if written[index] == nil { isRight = false }
        }
        for field in named.inputFields {
            guard let problem = problem(withAbsent: field, of: named) else { continue }
            if let id = document.names.id(of: field.name), given.contains(id) { continue }
            state.report(problem, field.isRequired ? range : nil)
            isRight = false
        }
        if named.isOneOf, isRight {
            let entries = document[fields]
            if entries.count != 1 || entries.first.map({ document[$0.value].isNull }) == true {
                state.report(oneOfMessage(named), range)
                isRight = false
            }
        }
        guard isRight, !state.isFull else { return nil }
        let entries = written.indices.compactMap { index in
            written[index].map { InputTemplate.ObjectTemplate.Entry(field: index, value: $0) }
        }
        return folded(InputTemplate.ObjectTemplate(type: type.named, entries: entries))
    }

    /// An object without variables as a value, defaults filled in.
    private func folded(_ object: InputTemplate.ObjectTemplate) -> InputTemplate {
        var written: [Int: InputValue] = [:]
        for entry in object.entries {
            guard case .constant(let value) = entry.value else { return .object(object) }
            written[entry.field] = value
        }
        let fields = self[object.type].inputFields
        let entries = fields.indices.compactMap { index in
            (written[index] ?? fields[index].defaultValue).map { InputObject.Entry(name: fields[index].name, value: $0) }
        }
        return .constant(.object(InputObject(entries)))
    }
}

extension InputTemplate {
    /// A list without variables as a value.
    fileprivate var folded: InputTemplate {
        guard case .list(let items) = self else { return self }
        var values: [InputValue] = []
        values.reserveCapacity(items.count)
        for item in items {
            guard case .constant(let value) = item else { return self }
            values.append(value)
        }
        return .constant(.list(values))
    }
}

extension Value {
    var isNull: Bool { if case .null = kind { true } else { false } }
}
