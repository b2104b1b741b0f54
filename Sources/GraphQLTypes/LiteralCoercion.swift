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
        let place = type.named.index
        switch types[place].kind {
        case .inputObject: return object(literal, document, type, &state)
        case .enumeration:
            guard case .enumeration(let id) = value.kind else {
                state.report(
                    "\(document.inputValue(of: literal).phrase) is not a value of the enum '\(types[place].name)'.", value.range)
                return nil
            }
            let name = document[id]
            guard types[place].enumValueIndex(named: name) != nil else {
                let suggestion = suggestion(for: name, among: types[place].enumValues.map(\.name))
                state.report("'\(name)' is not a value of the enum '\(types[place].name)'.", suggestion: suggestion, value.range)
                return nil
            }
            return .constant(.enumeration(name))
        case .scalar:
            let literal = document.inputValue(of: literal)
            if types[place].builtInScalar == nil, !literal.variableNames.isEmpty {
                return .scalar(literal, .init(name: "", type: type, range: value.range, path: state.path))
            }
            do throws(ScalarError) {
                return .constant(try coerceScalar(literal, type.named, isLiteral: true))
            } catch {
                state.report("\(literal.phrase) \(error.reason).", value.range)
                return nil
            }
        case .object, .interface, .union:
            state.report("'\(types[place].name)' is no input type.", value.range)
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
        let range = document[literal].range
        guard case .object(let fields) = document[literal].kind else {
            state.report("\(document.inputValue(of: literal).phrase) is no object of the type '\(self[type.named].name)'.", range)
            return nil
        }
        let id = type.named
        let inputFields = inputFields(of: id)
        var entries: [InputTemplate.ObjectTemplate.Entry] = []
        entries.reserveCapacity(Int(fields.count))
        var given = GivenNames(atMost: Int(fields.count))
        var isRight = true
        for field in fields.indices where !state.isFull {
            let field = document.objectFields[field]
            let name = document[field.name.id]
            guard given.insert(field.name.id) else {
                state.report("The field '\(name)' can be given only once.", field.range)
                isRight = false
                continue
            }
            guard let place = index.place(field.name.id, in: document.names, of: id) else {
                let suggestion = suggestion(for: name, among: inputFields.map(\.name))
                state.report("The input type '\(self[id].name)' has no field '\(name)'.", suggestion: suggestion, field.range)
                isRight = false
                continue
            }
            state.enter(name)
            if let value = template(field.value, document, inputFields[place].type, &state) {
                entries.append(.init(field: place, value: value))
            } else {
                isRight = false
            }
            state.leave()
        }
        for (place, input) in index.types[id.index].inputFields.enumerated() where mayNotBeAbsent(index.inputs[input]) {
            guard let problem = problem(withAbsent: inputFields[place], of: self[id]) else { continue }
            if let name = document.names.id(of: inputFields[place].name), given.contains(name) { continue }
            state.report(problem, inputFields[place].isRequired ? range : nil)
            isRight = false
        }
        if index.types[id.index].isOneOf, isRight {
            let entries = document[fields]
            if entries.count != 1 || entries.first.map({ document[$0.value].isNull }) == true {
                state.report(oneOfMessage(self[id]), range)
                isRight = false
            }
        }
        guard isRight, !state.isFull else { return nil }
        if entries.count > 1 { entries.sort { $0.field < $1.field } }
        return folded(InputTemplate.ObjectTemplate(type: id, entries: entries))
    }

    /// An object without variables as a value, defaults filled in.
    private func folded(_ object: InputTemplate.ObjectTemplate) -> InputTemplate {
        for entry in object.entries {
            guard case .constant = entry.value else { return .object(object) }
        }
        let fields = inputFields(of: object.type)
        var entries: [InputObject.Entry] = []
        entries.reserveCapacity(object.entries.count)
        // In the order of the type, as the template's entries are.
        var next = 0
        for index in fields.indices {
            if next < object.entries.count, object.entries[next].field == index,
                case .constant(let value) = object.entries[next].value
            {
                entries.append(.init(name: fields[index].name, value: value))
                next += 1
            } else if fields[index].defaultLiteral != nil, let value = fields[index].defaultValue {
                entries.append(.init(name: fields[index].name, value: value))
            }
        }
        return .constant(.object(InputObject(entries)))
    }
}

/// The names that a literal has given so far: few are compared, many are looked up.
private struct GivenNames {
    private static let fewCount = 16

    private var few: [NameID] = []
    private var many: Set<NameID> = []
    private let areFew: Bool

    init(atMost count: Int) {
        areFew = count <= Self.fewCount
        if areFew { few.reserveCapacity(count) }
    }

    func contains(_ name: NameID) -> Bool { areFew ? few.contains(name) : many.contains(name) }

    /// False where it was given already.
    mutating func insert(_ name: NameID) -> Bool {
        guard areFew else { return many.insert(name).inserted }
        guard !few.contains(name) else { return false }
        few.append(name)
        return true
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
