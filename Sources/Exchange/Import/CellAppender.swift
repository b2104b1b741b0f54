import Model
import StoreColumns

/// Text of a cell → the end of one column.
final class CellAppender {
    private enum Target {
        case boolean(BooleanAppender)
        case int(FixedWidthAppender<Int32>)
        case long(FixedWidthAppender<Int64>)
        case float(FixedWidthAppender<Double>)
        case code(FixedWidthAppender<UInt16>)
        case text(TextAppender)
        case row(FixedWidthAppender<UInt32>)
        case codes(ListAppender<UInt16>)
        case rows(ListAppender<UInt32>)
    }

    private let target: Target
    private let cell: Int
    private let decoder: CellDecoder
    private let isIdentityNumber: Bool
    private let isNullable: Bool
    /// For references: the rows of their type, and how its keys are written.
    private let keys: RowKeys?
    private let targetType: NodeTypeID?
    private let shape: KeyShape?
    private let model: Model
    /// Rows of keys with several parts, by the text as it stands.
    private var known = ByteMap<UInt32>()
    private static let keptKeyCount = 1 << 16
    /// Of a column of days: the last one appended.
    private(set) var lastDay: Int32?

    init(
        _ field: ModelField, _ column: Int, cell: Int, of type: NodeTypeID, _ table: TableBuilder, _ model: Model,
        _ keys: [NodeTypeID: RowKeys]
    ) {
        let definition = model.catalog[type].columns[column]
        self.cell = cell
        self.model = model
        decoder = CellDecoder(field, definition, in: model)
        isIdentityNumber = field.personal?.mask == .idNumber
        isNullable = definition.isNullable
        targetType = definition.kind.referredType
        self.keys = definition.kind.referredType.flatMap { keys[$0] }
        shape = definition.kind.referredType.map { KeyShape(of: $0, in: model.catalog) }
        switch definition.kind {
        case .boolean: target = .boolean(table.booleans(column))
        case .int, .date: target = .int(table.ints(column))
        case .decimal, .dateTime: target = .long(table.longs(column))
        case .float: target = .float(table.floats(column))
        case .enumeration: target = .code(table.codes(column))
        case .string: target = .text(table.texts(column))
        case .reference: target = .row(table.references(column))
        case .enumerationList: target = .codes(table.codeLists(column))
        case .referenceList: target = .rows(table.referenceLists(column))
        }
    }

    /// Appends the row's value; false where it has none that the field can hold.
    func append(_ row: CSVRow, _ text: inout RowText, _ bytes: Span<UInt8>) -> Bool {
        switch text.cell(row.cells[cell], bytes) {
        case .nothing: appendNothing()
        case .inFile(let range): append(bytes.extracting(range))
        case .inBuffer(let range): append(text.buffer.span.extracting(range))
        }
    }

    private func appendNothing() -> Bool {
        lastDay = nil
        switch target {
        case .boolean(let column): column.append(nil)
        case .int(let column): column.appendNull()
        case .long(let column): column.appendNull()
        case .float(let column): column.appendNull()
        case .code(let column): column.appendNull()
        case .text(let column): column.appendNull()
        case .row(let column): column.appendNull()
        // A list that is always there is empty.
        case .codes(let column): return column.append(isNullable ? nil : [])
        case .rows(let column): return column.append(isNullable ? nil : [])
        }
        return true
    }

    private func append(_ text: Span<UInt8>) -> Bool {
        switch target {
        case .text(let column):
            guard !isIdentityNumber, text[0] != UInt8(ascii: "'") else { return appendDecoded(text) }
            guard (try? StringText.check(text)) != nil else { return false }
            return column.append(text)
        case .row(let column):
            guard let row = self.row(text) else { return false }
            column.append(row)
            return true
        case .rows(let column):
            let range = TextForm.trimmed(text, 0..<text.count)
            guard !range.isEmpty else { return appendNothing() }
            var rows: [UInt32] = []
            for element in ListText.elements(text.extracting(range)) {
                // A key of one text has no escapes of its own; in a longer key they part the values.
                let element = shape?.isOneString == true ? ListText.unescaped(element) : element
                guard let row = self.row(element.span) else { return false }
                rows.append(row)
            }
            return column.append(rows)
        default: return appendDecoded(text)
        }
    }

    private func appendDecoded(_ text: Span<UInt8>) -> Bool {
        guard let value = try? decoder.decode(text) else { return false }
        switch (target, value) {
        case (_, .null), (_, .absent): return appendNothing()
        case (.boolean(let column), .boolean(let value)): column.append(value)
        case (.int(let column), .int(let value)): column.append(value)
        case (.int(let column), .date(let value)):
            column.append(value)
            lastDay = value
        case (.long(let column), .decimal(let value)), (.long(let column), .dateTime(let value)): column.append(value)
        case (.float(let column), .float(let value)): column.append(value)
        case (.code(let column), .enumeration(let value)): column.append(value)
        case (.text(let column), .string(let value)): return column.append(value)
        case (.codes(let column), .enumerationList(let value)): return column.append(value)
        default: return false
        }
        return true
    }

    /// The row that a text names.
    private func row(_ text: Span<UInt8>) -> UInt32? {
        guard let keys, let shape, let targetType else { return nil }
        if shape.isOneString {
            guard (try? StringText.check(text)) != nil else { return nil }
            return keys.texts.index(of: text).map(UInt32.init(truncatingIfNeeded:))
        }
        if let row = known.find(text) { return row }
        guard let key = try? shape.key(text, model) else { return nil }
        var canonical: [UInt8] = []
        KeyText.append(key, of: targetType, in: model.catalog, to: &canonical)
        guard let entry = keys.texts.index(of: canonical.span) else { return nil }
        let row = UInt32(truncatingIfNeeded: entry)
        if known.count >= Self.keptKeyCount { known = ByteMap<UInt32>() }
        _ = known.insert(text, row)
        return row
    }
}
