import StoreColumns

extension KeyText {
    /// The key that a text names, as `text` writes it; nil for a text that is none of the type's.
    package static func key(_ text: String, of type: NodeTypeID, in catalog: Catalog) -> Key? {
        if isOneString(type, in: catalog) { return text.isEmpty ? nil : Key([.string(text)]) }
        var values = split(text)[...]
        guard let key = key(taking: &values, of: type, in: catalog), values.isEmpty else { return nil }
        return key
    }

    private static func key(taking values: inout ArraySlice<String>, of type: NodeTypeID, in catalog: Catalog) -> Key? {
        var parts: [KeyPart] = []
        for column in catalog[type].key {
            guard let part = part(taking: &values, catalog[type].columns[column].kind, in: catalog) else { return nil }
            parts.append(part)
        }
        return Key(parts)
    }

    private static func part(taking values: inout ArraySlice<String>, _ kind: ColumnKind, in catalog: Catalog) -> KeyPart? {
        if case .reference(let target) = kind { return key(taking: &values, of: target, in: catalog).map { .reference($0) } }
        guard let text = values.popFirst() else { return nil }
        switch kind {
        case .string: return .string(text)
        case .int: return Int32(text).map { .int($0) }
        case .decimal(let digits): return Decimal(text)?.rescaled(to: digits).map { .decimal($0.unscaled) }
        case .date: return CivilDate(isoText: text).map { .date($0.days) }
        case .dateTime: return Instant(isoText: text).map { .dateTime($0.microseconds) }
        case .boolean: return text == "true" ? .boolean(true) : text == "false" ? .boolean(false) : nil
        case .enumeration(let id): return catalog[id].code(of: text).map { .enumeration($0) }
        case .float, .reference, .enumerationList, .referenceList: return nil
        }
    }

    /// Between the `|` that have no `\` before them, without the `\`.
    private static func split(_ text: String) -> [String] {
        var values: [[UInt8]] = [[]]
        var isEscaped = false
        for byte in text.utf8 {
            if isEscaped {
                values[values.count - 1].append(byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "|") {
                values.append([])
            } else {
                values[values.count - 1].append(byte)
            }
        }
        return values.map { String(decoding: $0, as: UTF8.self) }
    }
}
