import Expressions
import StoreColumns

extension Structure {
    // MARK: - Inverses

    mutating func addInverses(of type: Int) {
        for (position, field) in types[type].fields.enumerated() {
            guard let inverse = field.inverse, field.valid == nil, field.derived == nil else { continue }
            let owner = types[type].name
            guard let source = typeIDs[field.type.name], field.type.isList, field.type.elementIsNullable == false,
                !field.type.isNullable, !field.type.isDeeper
            else {
                problems.report(
                    .unsuitableField,
                    "\(owner).\(field.name) is '\(field.type.text)'; an inverse is a list of rows that is never null: '[Type!]!'.",
                    at: field.typePlace)
                continue
            }
            let other = types[source.index]
            guard let far = other.field(named: inverse.value) else {
                problems.reportUnknownField(
                    inverse.value, of: other.name, among: other.fields.map(\.name), in: "@inverse(of:) of \(owner).\(field.name)",
                    at: inverse.place)
                continue
            }
            guard let farSource = sources[source.index][far], let column = column(of: farSource),
                catalog.nodeTypes[source.index].columns[column].kind.target == NodeTypeID(type)
            else {
                problems.report(
                    .unsuitableField,
                    "@inverse(of:) of \(owner).\(field.name) names \(other.name).\(inverse.value) of type "
                        + "'\(other.fields[far].type.text)'; a stored reference to \(owner) is needed.",
                    at: inverse.place)
                continue
            }
            let index = catalog.nodeTypes[type].inverses.count
            catalog.nodeTypes[type].inverses.append(InverseDefinition(name: field.name, source: source, column: column))
            sources[type][position] = .toMany(.inverse(index: index, target: source), target: source)
        }
    }

    // MARK: - Dated fields

    mutating func addDatedFields(of type: Int) {
        for (position, field) in types[type].fields.enumerated() {
            guard let path = field.valid, field.inverse == nil, field.derived == nil else { continue }
            sources[type][position] = datedSource(of: field, path: path, type: type)
        }
    }

    mutating func datedSource(of field: FieldDeclaration, path: Placed<String>, type: Int) -> FieldSource? {
        let user = "@valid(in:) of \(types[type].name).\(field.name)"
        let parts = path.value.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let first = parts.first else {
            problems.report(
                .unsuitableField, "\(user) is '\(path.value)'; an inverse field is needed, perhaps a dot and one of its fields.",
                at: path.place)
            return nil
        }
        guard let start = types[type].field(named: first) else {
            problems.reportUnknownField(
                first, of: types[type].name, among: types[type].fields.map(\.name), in: user, at: path.place)
            return nil
        }
        guard case .toMany(.inverse(let inverse, let periodType), _)? = sources[type][start] else {
            guard sources[type][start] != nil || types[type].fields[start].inverse == nil else { return nil }
            problems.report(
                .unsuitableField, "\(user) names \(types[type].name).\(first), which is no @inverse field.", at: path.place)
            return nil
        }
        let dated = types[periodType.index]
        guard let period = periods[periodType.index] else {
            guard dated.period == nil else { return nil }
            problems.report(
                .unsuitableField, "\(user) reads \(dated.name), which has no @period(from:, to:).", at: path.place)
            return nil
        }
        var lookup = ValidLookup(
            inverse: inverse, periodType: periodType, fromColumn: period.fromColumn, toColumn: period.toColumn,
            thenReference: nil, target: periodType)
        guard parts.count == 2 else {
            return source(of: lookup, expected: dated.name, field: field, user: user, place: path.place)
        }
        guard let end = dated.field(named: parts[1]) else {
            problems.reportUnknownField(parts[1], of: dated.name, among: dated.fields.map(\.name), in: user, at: path.place)
            return nil
        }
        switch sources[periodType.index][end] {
        case .toOne(.reference(let column, let target), _)?:
            lookup.thenReference = column
            lookup.target = target
            return source(of: lookup, expected: types[target.index].name, field: field, user: user, place: path.place)
        case .column(let column, let valueType)?:
            let wanted = dated.fields[end].type
            guard wanted.name == field.type.name, !wanted.isList, !field.type.isList, field.type.isNullable else {
                problems.report(
                    .unsuitableField,
                    "\(types[type].name).\(field.name) is '\(field.type.text)', but \(user) reads a '\(wanted.text)' of at most "
                        + "one row: write '\(wanted.name)'.",
                    at: field.typePlace)
                return nil
            }
            return .validColumn(lookup, column: column, valueType)
        case nil: return nil
        default:
            problems.report(
                .unsuitableField, "\(user) names \(dated.name).\(parts[1]), which is not stored as one value or reference.",
                at: path.place)
            return nil
        }
    }

    mutating func source(
        of lookup: ValidLookup, expected: String, field: FieldDeclaration, user: String, place: Place
    ) -> FieldSource? {
        let shape = field.type
        if shape.name == expected, !shape.isDeeper {
            if !shape.isList, shape.isNullable { return .toOne(.valid(lookup, on: nil), target: lookup.target) }
            if shape.isList, !shape.isNullable, shape.elementIsNullable == false {
                return .toMany(.valid(lookup, on: nil), target: lookup.target)
            }
        }
        problems.report(
            .unsuitableField,
            "\(user) gives rows of \(expected), but the field is '\(shape.text)'; write '\(expected)' or '[\(expected)!]!'.",
            at: field.typePlace)
        return nil
    }
}
