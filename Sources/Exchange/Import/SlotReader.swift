import StoreColumns

/// Reads one field from row after row of one file. Constants are decoded once, translations once for each text.
final class SlotReader {
    private enum Way {
        /// A column as it is.
        case direct(Int)
        /// The same in every row.
        case fixed(Cell)
        /// A translated column: what a text becomes is remembered.
        case remembered(Int)
        case general
    }

    /// The type's column.
    let column: Int
    /// Without a value there is no row.
    let isNeeded: Bool
    private let source: CellSource
    private let decoder: CellDecoder
    private let way: Way
    private var known = ByteMap<Cell>()
    /// Code lists have a few hundred texts; a column that has more is none.
    private static let rememberedTextCount = 1024

    init(_ slot: TypePlan.Slot, _ decoder: CellDecoder) {
        column = slot.column
        isNeeded = slot.isNeeded
        source = slot.source
        self.decoder = decoder
        switch slot.source {
        case .column(let index): way = .direct(index)
        case .constant(let text):
            // A constant that is no value is reported in every row, like any other text.
            if let cell = try? decoder.decode(text.span) { way = .fixed(cell) } else { way = .general }
        case .translated(.column(let index), _, _): way = .remembered(index)
        default: way = .general
        }
    }

    /// The field's value in a row.
    ///
    /// - Parameter found: Where its text stands, for a message.
    func cell(
        _ row: CSVRow, _ text: inout RowText, _ bytes: Span<UInt8>, found: inout RowText.Found
    ) throws(ValueProblem) -> Cell {
        switch way {
        case .fixed(let cell): return cell
        case .direct(let index):
            found = text.cell(row.cells[index], bytes)
            return try decode(found, text, bytes)
        case .remembered(let index):
            let cell = row.cells[index]
            let given = bytes.extracting(cell.start..<cell.end)
            // In quotes blanks at the ends belong to the text, so the same bytes may mean something else.
            if !cell.isQuoted, let known = known.find(given) { return known }
            found = try text.find(source, row, bytes)
            let value = try decode(found, text, bytes)
            if !cell.isQuoted, known.count < Self.rememberedTextCount { _ = known.insert(given, value) }
            return value
        case .general:
            found = try text.find(source, row, bytes)
            return try decode(found, text, bytes)
        }
    }

    private func decode(_ found: RowText.Found, _ text: RowText, _ bytes: Span<UInt8>) throws(ValueProblem) -> Cell {
        switch found {
        case .nothing: decoder.empty
        case .inFile(let range): try decoder.decode(bytes.extracting(range))
        case .inBuffer(let range): try decoder.decode(text.buffer.span.extracting(range))
        }
    }
}
