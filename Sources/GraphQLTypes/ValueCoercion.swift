import GraphQLSyntax

/// Coercion of values that are not literals: the JSON of variables. GraphQL §3.5 to §3.12, "Input Coercion"
extension Schema {
    /// Coerces a value to a type, reporting what does not fit.
    /// - Parameter range: What problems point at.
    /// - Returns: nil where a problem was reported.
    func coerce(
        _ value: InputValue, to type: TypeReference, at range: SourceRange?, _ state: inout CoercionState
    ) -> InputValue? {
        if value == .null {
            guard type.isNonNull else { return .null }
            state.report("'\(type.text(in: self))' cannot be null.", range)
            return nil
        }
        guard state.mayDescend(range) else { return nil }
        if let element = type.element {
            guard case .list(let items) = value else {
                return coerce(value, to: element, at: range, &state).map { .list([$0]) }
            }
            var coerced: [InputValue] = []
            coerced.reserveCapacity(items.count)
            for (index, item) in items.enumerated() where !state.isFull {
                state.enter(index)
                if let item = coerce(item, to: element, at: range, &state) { coerced.append(item) }
                state.leave()
            }
            return coerced.count == items.count ? .list(coerced) : nil
        }
        let named = self[type.named]
        switch named.kind {
        case .inputObject: return coerceObject(value, named, at: range, &state)
        case .enumeration:
            guard case .string(let name) = value else {
                state.report("\(value.phrase) is not a value of the enum '\(named.name)'.", range)
                return nil
            }
            guard named.enumValueIndex(named: name) != nil else {
                let suggestion = suggestion(for: name, among: named.enumValues.map(\.name))
                state.report("'\(name)' is not a value of the enum '\(named.name)'.", suggestion: suggestion, range)
                return nil
            }
            return .enumeration(name)
        case .scalar:
            do throws(ScalarError) {
                return try coerceScalar(value, named, isLiteral: false)
            } catch {
                state.report("\(value.phrase) \(error.reason).", range)
                return nil
            }
        case .object, .interface, .union:
            state.report("'\(named.name)' is no input type.", range)
            return nil
        }
    }

    /// Coerces what stands at a scalar's position; a custom scalar without behavior takes everything.
    func coerceScalar(_ value: InputValue, _ type: NamedType, isLiteral: Bool) throws(ScalarError) -> InputValue {
        if let behavior = type.scalar { return try behavior.coerce(value) }
        guard let builtIn = type.builtInScalar else { return value }
        return try builtIn.coerce(value, isLiteral: isLiteral)
    }

    private func coerceObject(
        _ value: InputValue, _ type: NamedType, at range: SourceRange?, _ state: inout CoercionState
    ) -> InputValue? {
        guard case .object(let object) = value else {
            state.report("\(value.phrase) is no object of the type '\(type.name)'.", range)
            return nil
        }
        var written: [InputValue?] = Array(repeating: nil, count: type.inputFields.count)
        var isRight = true
        for entry in object.entries where !state.isFull {
            guard let index = type.inputFieldIndex(named: entry.name) else {
                let suggestion = suggestion(for: entry.name, among: type.inputFields.map(\.name))
                state.report("The input type '\(type.name)' has no field '\(entry.name)'.", suggestion: suggestion, range)
                isRight = false
                continue
            }
            state.enter(entry.name)
            let coerced = coerce(entry.value, to: type.inputFields[index].type, at: range, &state)
            state.leave()
            if coerced == nil { isRight = false }
            written[index] = coerced
        }
        let given = Set(object.entries.map(\.name))
        for field in type.inputFields where !given.contains(field.name) {
            guard let problem = problem(withAbsent: field, of: type) else { continue }
            state.report(problem, range)
            isRight = false
        }
        if type.isOneOf, object.entries.count != 1 || object.entries[0].value == .null {
            state.report(oneOfMessage(type), range)
            isRight = false
        }
        guard isRight, !state.isFull else { return nil }
        var entries: [InputObject.Entry] = []
        for (index, field) in type.inputFields.enumerated() {
            guard let value = written[index] ?? field.defaultValue else { continue }
            entries.append(.init(name: field.name, value: value))
        }
        return .object(InputObject(entries))
    }

    /// Why a field cannot be left out; nil where it can.
    func problem(withAbsent field: InputValueType, of type: NamedType) -> String? {
        if field.isRequired {
            return "The field '\(type.name).\(field.name)' of type '\(field.type.text(in: self))' is required."
        }
        if hasCoercedDefaults, field.defaultLiteral != nil, field.defaultValue == nil {
            return "The default of '\(type.name).\(field.name)' does not fit its type."
        }
        return nil
    }

    func oneOfMessage(_ type: NamedType) -> String {
        "'\(type.name)' needs exactly one entry, and that must not be null."
    }
}

extension InputValue {
    /// What a message calls the value; long ones are cut.
    var phrase: String {
        switch self {
        case .null: "null"
        case .boolean(let flag): String(flag)
        case .int(let integer): String(integer)
        case .double(let double): String(double)
        case .number(let text): text.count <= 40 ? text : text.prefix(40) + "…"
        case .string(let text): "\"" + (text.count <= 40 ? text : text.prefix(40) + "…") + "\""
        case .enumeration(let name): name
        case .list: "A list"
        case .object: "An object"
        case .variable(let name): "$" + name
        }
    }
}
