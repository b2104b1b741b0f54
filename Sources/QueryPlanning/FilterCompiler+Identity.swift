import Expressions
import GraphQLTypes
import Model
import StoreColumns

extension FilterCompiler {
    /// A filter by global id: an id is a key, and its parts are compared. No row is without one.
    func identityCondition(_ value: InputValue, _ place: FilterPlace) throws(ArgumentProblem) -> Expression {
        var parts: [Expression] = []
        for entry in try object(value, place).entries {
            let place = place.entering(entry.name)
            switch FilterOperator(rawValue: entry.name) {
            case .equal: parts.append(try identity(entry.value, place))
            case .notEqual: parts.append(.not(try identity(entry.value, place)))
            case .isIn: parts.append(.or(try identities(entry.value, place)))
            case .notIn: parts.append(.not(.or(try identities(entry.value, place))))
            // No row is without an id.
            case .isNull: parts.append(.constant(.boolean(!(try boolean(entry.value, place))), .boolean))
            default:
                throw ArgumentProblem(
                    .badUserInput, "Ids are equal or not; '\(entry.name)' cannot be asked of them.", at: place.path)
            }
        }
        return parts.count == 1 ? parts[0] : .and(parts)
    }

    private func identities(_ value: InputValue, _ place: FilterPlace) throws(ArgumentProblem) -> [Expression] {
        let items = try list(value, place)
        // Each is a condition of its own, on every part of a key.
        try count(items.count, place)
        var parts: [Expression] = []
        for (index, item) in items.enumerated() { parts.append(try identity(item, place.entering(index))) }
        return parts
    }

    private func identity(_ value: InputValue, _ place: FilterPlace) throws(ArgumentProblem) -> Expression {
        guard case .string(let text) = value else { throw nullOperand(place) }
        guard let id = GlobalID(text, in: model.catalog), id.type == place.type else {
            throw ArgumentProblem(
                .badUserInput, "'\(text.prefix(40))' is no id of a \(model.types[place.type.index].name).", at: place.path)
        }
        let parts = equalities(id.key, of: place.row, place.type)
        return parts.count == 1 ? parts[0] : .and(parts)
    }

    private func equalities(_ key: Key, of row: Expression, _ type: NodeTypeID) -> [Expression] {
        zip(key.parts, model.catalog[type].key).flatMap { part, index -> [Expression] in
            let kind = model.catalog[type].columns[index].kind
            if case (.reference(let inner), .reference(let target)) = (part, kind) {
                return equalities(inner, of: .follow(row, .reference(column: index, target: target)), target)
            }
            guard let (constant, type) = Scalar.part(part, kind) else { return [] }
            return [.compare(.equal, .column(of: row, column: index, type), .constant(constant, type))]
        }
    }
}

extension Scalar {
    /// A part of a key as a value, with its type; nil for a reference.
    fileprivate static func part(_ part: KeyPart, _ kind: ColumnKind) -> (Scalar, ExpressionType)? {
        switch (part, kind) {
        case (.boolean(let flag), _): (.boolean(flag), .boolean)
        case (.int(let value), _): (.int(Int64(value)), .int)
        case (.date(let days), _): CivilDate(days: days).map { (.date($0), .date) }
        case (.dateTime(let microseconds), _): (.dateTime(Instant(microseconds: microseconds)), .dateTime)
        case (.decimal(let unscaled), .decimal(let digits)):
            (.decimal(Decimal(unscaled: unscaled, fractionDigits: digits)), .decimal(fractionDigits: digits))
        case (.enumeration(let code), .enumeration(let id)): (.enumeration(code), .enumeration(id))
        case (.string(let text), _): (.string(text), .string)
        case (.decimal, _), (.enumeration, _), (.reference, _): nil
        }
    }
}
