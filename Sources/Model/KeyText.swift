import StoreColumns

/// A business key as one text, for export and messages: what an import reads.
package enum KeyText {
    /// Appends a key's values, joined by `|`.
    package static func append(_ key: Key, of type: NodeTypeID, in catalog: Catalog, to text: inout [UInt8]) {
        if isOneString(type, in: catalog), case .string(let value) = key.parts.first {
            return text.append(contentsOf: value.utf8)
        }
        appendParts(key, of: type, in: catalog, to: &text)
    }

    /// Whether a type's key is one text, which is then written as it is.
    package static func isOneString(_ type: NodeTypeID, in catalog: Catalog) -> Bool {
        let key = catalog[type].key
        return key.count == 1 && catalog[type].columns[key[0]].kind == .string
    }

    package static func text(_ key: Key, of type: NodeTypeID, in catalog: Catalog) -> String {
        var text: [UInt8] = []
        append(key, of: type, in: catalog, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private static func appendParts(_ key: Key, of type: NodeTypeID, in catalog: Catalog, to text: inout [UInt8]) {
        for (position, (part, column)) in zip(key.parts, catalog[type].key).enumerated() {
            if position > 0 { text.append(UInt8(ascii: "|")) }
            switch (part, catalog[type].columns[column].kind) {
            case (.reference(let target), .reference(let targetType)):
                appendParts(target, of: targetType, in: catalog, to: &text)
            case (.string(let value), _): appendEscaped(value, to: &text)
            case (.int(let value), _): text.append(contentsOf: "\(value)".utf8)
            case (.decimal(let value), .decimal(let digits)):
                text.append(contentsOf: Decimal(unscaled: value, fractionDigits: digits).description.utf8)
            case (.date(let days), _): text.append(contentsOf: (CivilDate(days: days)?.description ?? "").utf8)
            case (.dateTime(let microseconds), _):
                text.append(contentsOf: Instant(microseconds: microseconds).description.utf8)
            case (.boolean(let value), _): text.append(contentsOf: "\(value)".utf8)
            case (.enumeration(let code), .enumeration(let id)):
                if Int(code) < catalog[id].values.count { text.append(contentsOf: catalog[id].values[Int(code)].utf8) }
            default: break
            }
        }
    }

    private static func appendEscaped(_ value: String, to text: inout [UInt8]) {
        for byte in value.utf8 {
            if byte == UInt8(ascii: "|") || byte == UInt8(ascii: "\\") { text.append(UInt8(ascii: "\\")) }
            text.append(byte)
        }
    }
}
