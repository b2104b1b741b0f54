import Model
import StoreColumns

/// A value as the text that the import reads: names of enum values, keys of referenced rows, ISO dates, exact numbers.
enum CellTextWriter {
    /// Appends the text of a value; nothing for none. The empty list, which is not none, is `[]`.
    static func append(_ cell: Cell, _ kind: ColumnKind, in catalog: Catalog, to text: inout [UInt8]) {
        switch (cell, kind) {
        case (.boolean(let value), _): text.append(contentsOf: (value ? "true" : "false").utf8)
        case (.int(let value), _): text.append(contentsOf: "\(value)".utf8)
        case (.decimal(let value), .decimal(let digits)):
            text.append(contentsOf: Decimal(unscaled: value, fractionDigits: digits).description.utf8)
        case (.float(let value), _): text.append(contentsOf: "\(value)".utf8)
        case (.date(let days), _): text.append(contentsOf: DateText.text(days).utf8)
        case (.dateTime(let microseconds), _):
            text.append(contentsOf: Instant(microseconds: microseconds).description.utf8)
        case (.enumeration(let code), .enumeration(let id)): appendName(code, id, catalog, to: &text)
        case (.string(let value), _): text.append(contentsOf: value.utf8)
        case (.reference(let key), .reference(let target)): KeyText.append(key, of: target, in: catalog, to: &text)
        case (.enumerationList(let codes), .enumerationList(let id)):
            appendList(codes, to: &text) { appendName($0, id, catalog, to: &$1) }
        case (.referenceList(let keys), .referenceList(let target)):
            // The values of a longer key are escaped already.
            let escapesBackslash = KeyText.isOneString(target, in: catalog)
            appendList(keys, to: &text) { key, text in
                var element: [UInt8] = []
                KeyText.append(key, of: target, in: catalog, to: &element)
                ListText.appendEscaped(element, escapesBackslash: escapesBackslash, to: &text)
            }
        default: break
        }
    }

    private static func appendList<Element>(
        _ elements: [Element], to text: inout [UInt8], _ body: (Element, inout [UInt8]) -> Void
    ) {
        if elements.isEmpty { text.append(contentsOf: "[]".utf8) }
        for (position, element) in elements.enumerated() {
            if position > 0 { text.append(UInt8(ascii: ";")) }
            body(element, &text)
        }
    }

    private static func appendName(_ code: UInt16, _ id: EnumerationID, _ catalog: Catalog, to text: inout [UInt8]) {
        guard Int(code) < catalog[id].values.count else { return }
        text.append(contentsOf: catalog[id].values[Int(code)].utf8)
    }
}
