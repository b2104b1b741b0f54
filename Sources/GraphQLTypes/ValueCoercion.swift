import GraphQLSyntax

/// Coercion of values that are not literals: the JSON of variables. GraphQL §3.5 to §3.12, "Input Coercion"
extension Schema {
    /// Coerces a value to a type, reporting what does not fit.
    /// - Parameter range: What problems point at.
    /// - Returns: nil where a problem was reported.
    func coerce(
        _ value: InputValue, to type: TypeReference, at range: SourceRange?, _ state: inout CoercionState
    ) -> InputValue? {
        if case .null = value {
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
        // Read in place: a copy of a type's description costs more than a value.
        switch types[type.named.index].kind {
        case .inputObject: return coerceObject(value, type.named, at: range, &state)
        case .enumeration:
            if case .string(let name) = value, types[type.named.index].enumValueIndex(named: name) != nil {
                return .enumeration(name)
            }
            let named = self[type.named]
            guard case .string(let name) = value else {
                state.report("\(value.phrase) is not a value of the enum '\(named.name)'.", range)
                return nil
            }
            let suggestion = suggestion(for: name, among: named.enumValues.map(\.name))
            state.report("'\(name)' is not a value of the enum '\(named.name)'.", suggestion: suggestion, range)
            return nil
        case .scalar:
            do throws(ScalarError) {
                return try coerceScalar(value, type.named, isLiteral: false)
            } catch {
                state.report("\(value.phrase) \(error.reason).", range)
                return nil
            }
        case .object, .interface, .union:
            state.report("'\(self[type.named].name)' is no input type.", range)
            return nil
        }
    }

    /// Coerces what stands at a scalar's position; a custom scalar without behavior takes everything.
    func coerceScalar(_ value: InputValue, _ type: TypeID, isLiteral: Bool) throws(ScalarError) -> InputValue {
        // Read in place: a copy of a type's description costs more than a value.
        if let behavior = types[type.index].scalar { return try behavior.coerce(value) }
        guard let builtIn = types[type.index].builtInScalar else { return value }
        return try builtIn.coerce(value, isLiteral: isLiteral)
    }

    /// Cost: that of the entries, and a look at each field of the type.
    private func coerceObject(
        _ value: InputValue, _ id: TypeID, at range: SourceRange?, _ state: inout CoercionState
    ) -> InputValue? {
        guard case .object(let object) = value else {
            state.report("\(value.phrase) is no object of the type '\(self[id].name)'.", range)
            return nil
        }
        let fields = inputFields(of: id)
        var written: [InputValue?] = Array(repeating: nil, count: fields.count)
        var isGiven = [Bool](repeating: false, count: fields.count)
        var isRight = true
        for entry in object.entries {
            guard let index = inputFieldIndex(named: entry.name, of: id) else {
                guard !state.isFull else { continue }
                let suggestion = suggestion(for: entry.name, among: fields.map(\.name))
                state.report("The input type '\(self[id].name)' has no field '\(entry.name)'.", suggestion: suggestion, range)
                isRight = false
                continue
            }
            isGiven[index] = true
            guard !state.isFull else { continue }
            state.enter(entry.name)
            let coerced = coerce(entry.value, to: fields[index].type, at: range, &state)
            state.leave()
            if coerced == nil { isRight = false }
            written[index] = coerced
        }
        for (place, input) in index.types[id.index].inputFields.enumerated() where !isGiven[place] {
            guard mayNotBeAbsent(index.inputs[input]) else { continue }
            guard let problem = problem(withAbsent: fields[place], of: self[id]) else { continue }
            state.report(problem, range)
            isRight = false
        }
        if types[id.index].isOneOf, object.entries.count != 1 || object.entries[0].value == .null {
            state.report(oneOfMessage(self[id]), range)
            isRight = false
        }
        guard isRight, !state.isFull else { return nil }
        var entries: [InputObject.Entry] = []
        for index in fields.indices {
            guard let value = written[index] ?? fields[index].defaultValue else { continue }
            entries.append(.init(name: fields[index].name, value: value))
        }
        return .object(InputObject(entries))
    }

    func mayNotBeAbsent(_ field: SchemaIndex.Input) -> Bool {
        field.type.isNonNull || hasCoercedDefaults && field.hasDefault
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
