import Expressions
import StoreColumns

/// A parameter of the model, with what holds where no row sets it.
package struct ModelParameter: Sendable {
    package var name: String
    package var type: ExpressionType
    /// The name of the enum, for values that are one of its.
    package var label: Label
    package var explanation: String?
    /// Where the declared values come from.
    package var source: String?
    /// By variant, then (last) for all others; null where nothing is declared.
    var values: [DeclaredValue?]

    struct DeclaredValue: Sendable {
        var text: String
        var scalar: Scalar
    }
}

/// All parameters, and the rows that set them: columns of the type with `@parameters`. Schema/model/README.md
package struct ModelParameters: Sendable {
    package var type: NodeTypeID
    package var parameters: [ModelParameter]
    package var table: ParameterTable
    var nameColumn: Int
    var valueColumn: Int
    var period: ModelPeriod?
    var variantColumn: Int?
    /// The reference, the tree it leads to, and that type's reference to the row above.
    var placeColumn: Int?
    var placeType: NodeTypeID?
    var parentColumn: Int?
    /// A text or a reference: the document that set a row's value.
    package var documentColumn: Int?

    /// The variant of a request that names none: the last.
    var standardVariant: Int? { table.variants.isEmpty ? nil : table.variants.count - 1 }
}

extension ModelParameters {
    /// The declared values, for the standard variant and for each.
    var declaredValues: ParameterValues {
        ParameterValues(
            parameters.flatMap { parameter in
                let standard = parameter.values.last.flatMap { $0 }?.scalar
                let each = table.variants.indices.map { parameter.values[$0]?.scalar ?? standard ?? .null }
                return [each.last ?? standard ?? .null] + each
            })
    }
}

extension Structure {
    /// `@parameters` and `@parameter`: one type at most has them.
    mutating func readParameters() -> ModelParameters? {
        let owners = types.indices.filter { types[$0].parameters != nil }
        guard let owner = owners.first, let declaration = types[owner].parameters else { return nil }
        for other in owners.dropFirst() {
            problems.report(
                .directive, "\(types[owner].name) and \(types[other].name) have @parameters; one type sets them.",
                at: types[other].place)
        }
        guard let name = parameterColumn(declaration.name, of: owner, "name", { $0 == .string }),
            let value = parameterColumn(declaration.value, of: owner, "value", { $0 == .string })
        else { return nil }
        var variants: [String] = []
        var variantColumn: Int?
        if let field = declaration.variant {
            guard
                let column = parameterColumn(field, of: owner, "variant", { if case .enumeration = $0 { true } else { false } }),
                case .enumeration(let id) = catalog.nodeTypes[owner].columns[column].kind
            else { return nil }
            variantColumn = column
            variants = catalog.enumerations[id.index].values
        }
        var parameters = ModelParameters(
            type: NodeTypeID(owner), parameters: [], table: ParameterTable(), nameColumn: name, valueColumn: value,
            period: periods[owner], variantColumn: variantColumn)
        if let field = declaration.place {
            guard let column = parameterColumn(field, of: owner, "place", { if case .reference = $0 { true } else { false } }),
                case .reference(let target) = catalog.nodeTypes[owner].columns[column].kind, let tree = trees[target.index]
            else {
                problems.report(
                    .unsuitableField, "@parameters(place:) names '\(field.value)'; a reference to a type with @tree is needed.",
                    at: field.place)
                return nil
            }
            parameters.placeColumn = column
            parameters.placeType = target
            parameters.parentColumn = tree.parentColumn
        }
        if let field = declaration.document {
            parameters.documentColumn = parameterColumn(field, of: owner, "document") { kind in
                if case .reference = kind { true } else { kind == .string }
            }
        }
        for declared in declaration.parameters {
            if let parameter = parameter(declared, variants) { parameters.parameters.append(parameter) }
        }
        var seen: Set<String> = []
        for declared in declaration.parameters where !seen.insert(declared.name.value).inserted {
            problems.report(.name, "The parameter '\(declared.name.value)' is declared twice.", at: declared.name.place)
        }
        parameters.table = ParameterTable(
            parameters.parameters.map { ParameterDefinition(name: $0.name, type: $0.type) }, variants: variants)
        return parameters
    }

    private mutating func parameterColumn(
        _ field: Placed<String>, of type: Int, _ argument: String, _ fits: (ColumnKind) -> Bool
    ) -> Int? {
        if let column = catalog.nodeTypes[type].columns.firstIndex(where: { $0.name == field.value }),
            fits(catalog.nodeTypes[type].columns[column].kind)
        {
            return column
        }
        problems.report(
            .unsuitableField,
            "@parameters(\(argument):) names '\(field.value)', which is no stored field of \(types[type].name) that fits.",
            at: field.place)
        return nil
    }

    private mutating func parameter(_ declared: ParameterDeclaration, _ variants: [String]) -> ModelParameter? {
        guard let type = parameterType(declared.type.value) else {
            problems.report(
                .directive,
                "The parameter '\(declared.name.value)' is of type '\(declared.type.value)'; Int, Decimal, Boolean, Date, String or "
                    + "an enum of the model is possible.",
                at: declared.type.place)
            return nil
        }
        var values: [ModelParameter.DeclaredValue?] = Array(repeating: nil, count: variants.count + 1)
        func scalar(_ text: String, at place: Place) -> ModelParameter.DeclaredValue? {
            if let scalar = Scalar(parameterText: text, type, catalog) { return .init(text: text, scalar: scalar) }
            problems.report(
                .directive, "The parameter '\(declared.name.value)' is \(type.description(in: catalog)), and '\(text)' is none.",
                at: place)
            return nil
        }
        if let value = declared.value { values[variants.count] = scalar(value.value, at: value.place) }
        for entry in declared.variants {
            let parts = entry.value.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let variant = variants.firstIndex(of: parts[0]) else {
                problems.report(
                    .directive,
                    "'\(entry.value)' is no variant and its value; write one of \(variants.joined(separator: ", ")) and =.",
                    at: entry.place)
                continue
            }
            values[variant] = scalar(parts[1], at: entry.place)
        }
        return ModelParameter(
            name: declared.name.value, type: type, label: declared.label, explanation: declared.explanation,
            source: declared.source, values: values)
    }

    private func parameterType(_ name: String) -> ExpressionType? {
        switch name {
        case "Int": .int
        case "Decimal": .decimal(fractionDigits: 4)
        case "Boolean": .boolean
        case "Date": .date
        case "String": .string
        default: enumerationIDs[name].map { .enumeration($0) }
        }
    }
}

extension Scalar {
    /// A parameter's value from its text, or nil where it is none of the type.
    init?(parameterText text: String, _ type: ExpressionType, _ catalog: Catalog) {
        switch type {
        case .int:
            guard let value = Int64(text) else { return nil }
            self = .int(value)
        case .decimal:
            guard let value = Decimal(text) else { return nil }
            self = .decimal(value)
        case .boolean:
            guard text == "true" || text == "false" else { return nil }
            self = .boolean(text == "true")
        case .date:
            guard let value = CivilDate(isoText: text) else { return nil }
            self = .date(value)
        case .string: self = .string(text)
        case .enumeration(let id):
            guard let code = catalog[id].values.firstIndex(of: text) else { return nil }
            self = .enumeration(UInt16(code))
        default: return nil
        }
    }
}
