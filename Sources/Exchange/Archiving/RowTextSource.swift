import Model
import StoreColumns

/// Writes what rows of one version hold as text, straight from the columns: keys as `KeyText` writes them, values as
/// `CellTextWriter` does, without a `Key` or a `Cell` for each. For one thread.
final class RowTextSource {
    /// Why a value cannot stand in a file of text.
    enum Unwritable: Error {
        /// A text holds a NUL, which no tool takes for text.
        case nul
        /// A list refers to a row whose key is an empty text: the reader leaves empty elements out.
        case emptyKeyInList
    }

    private struct Part {
        var column: Column
        var kind: ColumnKind
    }

    let version: GraphVersion
    private let catalog: Catalog
    /// The key's columns by type, once one of its keys was asked for.
    private var keys: [[Part]?]
    private var days: [Int32: [UInt8]] = [:]
    private static let keptDayCount = 1 << 16
    private var element: [UInt8] = []

    init(_ version: GraphVersion) {
        self.version = version
        catalog = version.catalog
        keys = Array(repeating: nil, count: version.catalog.nodeTypes.count)
    }

    // MARK: Keys

    /// Appends the text of a row's key.
    func appendKey(of row: RowNumber, _ type: NodeTypeID, to text: inout [UInt8]) {
        let parts = parts(of: type)
        if parts.count == 1, case .string(let column) = parts[0].column {
            guard let code = column.codes[row] else { return }
            let bytes = column.dictionary.bytes(of: code)
            for index in bytes.indices { text.append(bytes[index]) }
            return
        }
        appendParts(of: row, parts, to: &text)
    }

    private func parts(of type: NodeTypeID) -> [Part] {
        if let known = keys[type.index] { return known }
        let table = version[type]
        let made = catalog[type].key.map { Part(column: table.column($0), kind: catalog[type].columns[$0].kind) }
        keys[type.index] = made
        return made
    }

    private func appendParts(of row: RowNumber, _ parts: [Part], to text: inout [UInt8]) {
        for (position, part) in parts.enumerated() {
            if position > 0 { text.append(UInt8(ascii: "|")) }
            switch (part.column, part.kind) {
            case (.reference(let column), .reference(let target)):
                if let other = column[row] { appendParts(of: other, self.parts(of: target), to: &text) }
            case (.string(let column), _):
                guard let code = column.codes[row] else { continue }
                let bytes = column.dictionary.bytes(of: code)
                for index in bytes.indices {
                    let byte = bytes[index]
                    if byte == UInt8(ascii: "|") || byte == UInt8(ascii: "\\") { text.append(UInt8(ascii: "\\")) }
                    text.append(byte)
                }
            default: _ = appendScalar(part.column, part.kind, at: Int(row), to: &text)
            }
        }
    }

    // MARK: Cells

    /// Appends the text of a value; false where there is none.
    func append(_ column: Column, _ kind: ColumnKind, at row: Int, to text: inout [UInt8]) throws(Unwritable) -> Bool {
        switch (column, kind) {
        case (.string(let column), _):
            guard let code = column.codes[row] else { return false }
            let bytes = column.dictionary.bytes(of: code)
            var holdsNUL = false
            for index in bytes.indices {
                holdsNUL = holdsNUL || bytes[index] == 0
                text.append(bytes[index])
            }
            if holdsNUL { throw .nul }
            return true
        case (.reference(let column), .reference(let target)):
            guard let other = column[row] else { return false }
            appendKey(of: other, target, to: &text)
            return true
        case (.enumerationList(let column), .enumerationList(let id)):
            guard !column.isNull(at: row) else { return false }
            let codes = column.list(at: row)
            if codes.isEmpty { text.append(contentsOf: Self.emptyList) }
            for place in codes.indices {
                if place > 0 { text.append(UInt8(ascii: ";")) }
                appendName(codes[place], id, to: &text)
            }
            return true
        case (.referenceList(let column), .referenceList(let target)):
            guard !column.isNull(at: row) else { return false }
            let rows = column.list(at: row)
            if rows.isEmpty { text.append(contentsOf: Self.emptyList) }
            // The values of a longer key are escaped already.
            let escapesBackslash = KeyText.isOneString(target, in: catalog)
            for place in rows.indices {
                if place > 0 { text.append(UInt8(ascii: ";")) }
                element.removeAll(keepingCapacity: true)
                appendKey(of: rows[place], target, to: &element)
                if element.isEmpty { throw .emptyKeyInList }
                ListText.appendEscaped(element, escapesBackslash: escapesBackslash, to: &text)
            }
            return true
        default: return appendScalar(column, kind, at: row, to: &text)
        }
    }

    private static let emptyList = Array("[]".utf8)

    private func appendScalar(_ column: Column, _ kind: ColumnKind, at row: Int, to text: inout [UInt8]) -> Bool {
        switch (column, kind) {
        case (.boolean(let column), _):
            guard let value = column[row] else { return false }
            text.append(contentsOf: (value ? "true" : "false").utf8)
        case (.int(let column), _):
            guard let value = column[row] else { return false }
            Self.append(Int64(value), fractionDigits: 0, to: &text)
        case (.decimal(let column, let digits), _):
            guard let value = column[row] else { return false }
            Self.append(value, fractionDigits: digits, to: &text)
        case (.float(let column), _):
            guard let value = column[row] else { return false }
            text.append(contentsOf: "\(value)".utf8)
        case (.date(let column), _):
            guard let value = column[row] else { return false }
            append(day: value, to: &text)
        case (.dateTime(let column), _):
            guard let value = column[row] else { return false }
            text.append(contentsOf: Instant(microseconds: value).description.utf8)
        case (.enumeration(let column), .enumeration(let id)):
            guard let code = column[row] else { return false }
            appendName(code, id, to: &text)
        default: return false
        }
        return true
    }

    private func appendName(_ code: UInt16, _ id: EnumerationID, to text: inout [UInt8]) {
        guard Int(code) < catalog[id].values.count else { return }
        text.append(contentsOf: catalog[id].values[Int(code)].utf8)
    }

    /// Registers have many rows and few days.
    private func append(day: Int32, to text: inout [UInt8]) {
        if let known = days[day] { return text.append(contentsOf: known) }
        let made = Array((CivilDate(days: day)?.description ?? "").utf8)
        if days.count < Self.keptDayCount { days[day] = made }
        text.append(contentsOf: made)
    }

    /// A number of units, with a point before its last digits.
    private static func append(_ value: Int64, fractionDigits: Int, to text: inout [UInt8]) {
        if value < 0 { text.append(UInt8(ascii: "-")) }
        let start = text.count
        var rest = value.magnitude
        var count = 0
        repeat {
            if count == fractionDigits, count > 0 { text.append(UInt8(ascii: ".")) }
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
            count += 1
        } while rest > 0 || count <= fractionDigits
        text[start...].reverse()
    }
}
