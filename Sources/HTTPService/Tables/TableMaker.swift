import Exchange
import JSONText
import OfficeFiles
import Query
import StoreColumns
import StoreSnapshot
import Synchronization

/// Makes a table of an answer, on the thread that answered.
final class TableMaker: Sendable {
    let options: TableOptions
    /// What a workbook calls its sheet.
    private let title: String
    /// Known once the request was read.
    private let shape = Mutex<TableShape?>(nil)

    init(_ options: TableOptions, title: String) {
        self.options = options
        self.title = title
    }

    func takes(_ shape: TableShape) { self.shape.withLock { $0 = shape } }

    /// The bytes of the table, and how many rows it has.
    ///
    /// - Throws: `NOT_TABULAR` where the format cannot hold what was answered.
    func table(of body: [UInt8]) throws(RequestError) -> (bytes: [UInt8], rowCount: Int) {
        guard let shape = shape.withLock({ $0 }) else { preconditionFailure("the request was read before it was answered") }
        let headings = shape.columns.map { options.hasLabels ? $0.label ?? $0.name : $0.name }
        return switch options.format {
        case .csv: csv(body, shape, headings)
        case .xlsx: try workbook(body, shape, headings)
        case .jsonLines: jsonLines(body, shape, headings)
        case .arrow: arrow(body, shape, headings)
        }
    }

    // MARK: CSV

    private func csv(_ body: [UInt8], _ shape: TableShape, _ headings: [String]) -> ([UInt8], Int) {
        var writer = TableCSVWriter(hasMark: options.hasMark, isExact: options.isExact)
        for heading in headings { writer.text(heading) }
        writer.endRow()
        var count = 0
        shape.forEachRow(of: body) { cells in
            for (cell, column) in zip(cells, shape.columns) {
                switch cell {
                case .null: writer.none()
                case .boolean(let value): writer.value(value ? "true" : "false")
                case .number(let text): writer.value(text)
                // Exact numbers that were asked for as texts, and dates, are none of a person's.
                case .text(let text) where column.kind != .text: writer.value(text)
                case .text(let text): writer.text(text)
                case .list(let cells): writer.text(cells.map(Self.text).joined(separator: ";"))
                }
            }
            writer.endRow()
            count += 1
        }
        return (writer.finish(), count)
    }

    private static func text(_ cell: TableCell) -> String {
        switch cell {
        case .null: ""
        case .boolean(let value): value ? "true" : "false"
        case .number(let text), .text(let text): text
        case .list(let cells): cells.map(text).joined(separator: ";")
        }
    }

    // MARK: XLSX

    private func workbook(
        _ body: [UInt8], _ shape: TableShape, _ headings: [String]
    ) throws(RequestError) -> ([UInt8], Int) {
        do throws(OfficeFileError) {
            let writer = try TableWorkbookWriter(headings: headings, sheetName: title)
            var count = 0
            try shape.forEachRow(of: body) { (cells) throws(OfficeFileError) in
                try writer.beginRow()
                for (cell, column) in zip(cells, shape.columns) {
                    switch cell {
                    case .null: writer.none()
                    case .boolean(let value): writer.boolean(value)
                    case .number(let text): try writer.number(text)
                    case .text(let text): try Self.write(text, column.kind, to: writer)
                    case .list: try writer.text(Self.text(cell))
                    }
                }
                try writer.endRow()
                count += 1
            }
            return (try writer.finish(), count)
        } catch {
            throw .notTabular("\(error); take the table as CSV.")
        }
    }

    private static func write(
        _ text: String, _ kind: TableShape.Kind, to writer: TableWorkbookWriter
    ) throws(OfficeFileError) {
        switch kind {
        case .date: try writer.date(text)
        // Exact numbers that were asked for as texts.
        case .decimal, .int, .float: try writer.number(text)
        case .boolean, .text, .dateTime, .list: try writer.text(text)
        }
    }

    // MARK: JSON Lines

    private func jsonLines(_ body: [UInt8], _ shape: TableShape, _ headings: [String]) -> ([UInt8], Int) {
        var writer = JSONWriter(capacity: body.count)
        var count = 0
        shape.forEachRow(of: body) { cells in
            writer.beginObject()
            for (index, cell) in cells.enumerated() {
                writer.name(headings[index])
                writer.cell(cell)
            }
            writer.endObject()
            writer.byte(0x0A)
            count += 1
        }
        return (writer.finish(), count)
    }

    // MARK: Arrow

    private func arrow(_ body: [UInt8], _ shape: TableShape, _ headings: [String]) -> ([UInt8], Int) {
        var columns = [[TableCell]](repeating: [], count: shape.columns.count)
        shape.forEachRow(of: body) { cells in
            for (index, cell) in cells.enumerated() { columns[index].append(cell) }
        }
        let made = zip(shape.columns, columns).enumerated().map { index, column in
            ArrowStream.Column(headings[index], Self.values(column.1, column.0.kind))
        }
        return (ArrowStream.bytes(of: made), columns.first?.count ?? 0)
    }

    /// As what the column is; as texts where a value is not of it.
    private static func values(_ cells: [TableCell], _ kind: TableShape.Kind) -> ArrowStream.Values {
        let found: ArrowStream.Values? =
            switch kind {
            case .boolean:
                converted(cells) { cell -> Bool? in if case .boolean(let value) = cell { value } else { nil } }
                    .map { .booleans($0) }
            case .int: converted(cells) { Int64(text($0)) }.map { .int64s($0) }
            case .float: converted(cells) { Double(text($0)) }.map { .doubles($0) }
            case .date: converted(cells) { CivilDate(isoText: text($0))?.days }.map { .dates($0) }
            case .dateTime: converted(cells) { Instant(isoText: text($0))?.microseconds }.map { .instants($0) }
            case .decimal(let digits): decimals(cells, digits)
            case .text, .list: nil
            }
        return found ?? .texts(cells.map { $0 == .null ? nil : text($0) })
    }

    private static func decimals(_ cells: [TableCell], _ digits: Int?) -> ArrowStream.Values? {
        let scale = digits ?? cells.map { text($0).split(separator: ".").dropFirst().first?.utf8.count ?? 0 }.max() ?? 0
        return converted(cells) { unscaled(text($0), fractionDigits: scale) }.map { .decimals($0, fractionDigits: scale) }
    }

    /// Of at most 18 digits.
    private static func unscaled(_ text: String, fractionDigits: Int) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first, parts.count <= 2 else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.utf8.count <= fractionDigits else { return nil }
        let digits = whole + fraction + String(repeating: "0", count: fractionDigits - fraction.utf8.count)
        guard digits.utf8.count <= 19, let value = Int64(digits), value.magnitude < 1_000_000_000_000_000_000 else { return nil }
        return value
    }

    /// Nil where a cell that holds something does not convert.
    private static func converted<Value>(_ cells: [TableCell], _ convert: (TableCell) -> Value?) -> [Value?]? {
        var values: [Value?] = []
        values.reserveCapacity(cells.count)
        for cell in cells {
            if cell == .null {
                values.append(nil)
            } else if let value = convert(cell) {
                values.append(value)
            } else {
                return nil
            }
        }
        return values
    }
}

extension JSONWriter {
    fileprivate mutating func cell(_ cell: TableCell) {
        switch cell {
        case .null: null()
        case .boolean(let value): boolean(value)
        case .number(let text): raw(Array(text.utf8))
        case .text(let text): string(text)
        case .list(let cells):
            beginArray()
            for element in cells {
                separate()
                self.cell(element)
            }
            endArray()
        }
    }
}
