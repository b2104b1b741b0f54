import StoreColumns

/// `hearth.kind`: what a column means, as text.
enum KindText {
    static func text(_ kind: ColumnKind, in catalog: Catalog) -> String {
        switch kind {
        case .boolean: "boolean"
        case .int: "int"
        case .decimal(let digits): "decimal:\(digits)"
        case .float: "float"
        case .date: "date"
        case .dateTime: "dateTime"
        case .enumeration(let id): "enumeration:\(catalog[id].name)"
        case .string: "string"
        case .reference(let type): "reference:\(catalog[type].name)"
        case .enumerationList(let id): "enumerationList:\(catalog[id].name)"
        case .referenceList(let type): "referenceList:\(catalog[type].name)"
        }
    }

    static func text(_ inverse: InverseDefinition, in catalog: Catalog) -> String {
        let source = catalog[inverse.source]
        return "inverse:\(source.name).\(source.columns[inverse.column].name)"
    }

    /// The kind that a text names; nil where it names none, or something that is not there.
    static func kind(_ text: String, types: [String], enumerations: [String]) -> ColumnKind? {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts.count == 2 ? parts[1] : nil
        func type() -> NodeTypeID? { types.firstIndex { $0 == name }.map(NodeTypeID.init) }
        func enumeration() -> EnumerationID? { enumerations.firstIndex { $0 == name }.map(EnumerationID.init) }
        switch (parts[0], name) {
        case ("boolean", nil): return .boolean
        case ("int", nil): return .int
        case ("decimal", let digits?):
            guard let digits = Int(digits), (0...9).contains(digits) else { return nil }
            return .decimal(fractionDigits: digits)
        case ("float", nil): return .float
        case ("date", nil): return .date
        case ("dateTime", nil): return .dateTime
        case ("string", nil): return .string
        case ("enumeration", _): return enumeration().map { .enumeration($0) }
        case ("enumerationList", _): return enumeration().map { .enumerationList($0) }
        case ("reference", _): return type().map { .reference($0) }
        case ("referenceList", _): return type().map { .referenceList($0) }
        default: return nil
        }
    }
}
