import Model
import StoreColumns

/// Where the rows of a type stand, by the text of their keys.
struct RowKeys: Sendable {
    /// The entry of a text is its row.
    var texts = ByteMap<Void>()
}

/// One file on its way into the columns of one type.
// Sendable: what can change is the table, which nobody has but this file, and a file is read by one thread at a time.
final class BulkFile: @unchecked Sendable {
    let type: ModelType
    let byteCount: Int
    private let file: FilePlan
    private let model: Model
    private let limits: ImportLimits
    private let table: TableBuilder
    /// The type's columns, each with the file's.
    private let columns: [(column: Int, cell: Int)]

    /// - Returns: nil where a field is more than a column of the file.
    init?(_ file: FilePlan, _ plan: TypePlan, _ model: Model, _ limits: ImportLimits, _ table: TableBuilder) {
        self.file = file
        self.model = model
        self.limits = limits
        self.table = table
        type = model[plan.type]
        byteCount = file.file.byteCount
        var columns: [(column: Int, cell: Int)] = []
        for slot in plan.slots {
            guard let slot, !slot.isNeeded, case .column(let cell) = slot.source else { return nil }
            columns.append((slot.column, cell))
        }
        self.columns = columns
    }

    /// The types that rows of this file refer to.
    var targets: [NodeTypeID] { columns.compactMap { definition($0.column).kind.referredType } }

    private func definition(_ column: Int) -> ColumnDefinition { model.catalog[type.nodeType].columns[column] }

    private func field(_ column: Int) -> ModelField? { type.fields.first { $0.column == column } }

    // MARK: Rows

    /// After so many rows it is said how far the work is.
    private static let stepRowCount = 1 << 15

    /// Calls `body` with each row; false where one cannot be read, or `body` refuses it.
    private func forEachRow(_ tally: Tally, _ body: (CSVRow, inout RowText, Span<UInt8>) -> Bool) -> Bool {
        let bytes = file.file.bytes
        var reader = CSVReader(limits: limits.csv, atRow: file.bodyStart, line: file.bodyLine)
        var row = CSVRow()
        var text = RowText(lookUps: [])
        var told = 0
        do throws(CSVError) {
            while try reader.next(bytes, into: &row) {
                text.beginRow()
                guard row.cells.count == file.headings.count, body(row, &text, bytes) else { return false }
                if row.number % Self.stepRowCount == 0 {
                    guard tally.isGood else { return false }
                    tally.add(row.start - told)
                    told = row.start
                }
            }
            tally.add(byteCount - told)
            return true
        } catch {
            return false
        }
    }

    /// Where the keys of the file stand; nil where one is missing, stands twice or cannot be read.
    func readKeys(_ tally: Tally) -> RowKeys? {
        var keys = RowKeys()
        let keyColumns = model.catalog[type.nodeType].key
        var cells: [(cell: Int, decoder: CellDecoder)] = []
        for column in keyColumns {
            guard let place = columns.first(where: { $0.column == column }), let field = field(column) else { return nil }
            cells.append((place.cell, CellDecoder(field, definition(column), in: model)))
        }
        // Most keys are one text, which stands in the file as references write it.
        let isPlain =
            KeyText.isOneString(type.nodeType, in: model.catalog) && field(keyColumns[0])?.personal?.mask != .idNumber
        var key: [UInt8] = []
        let isGood = forEachRow(tally) { row, text, bytes in
            if isPlain {
                let found = text.cell(row.cells[cells[0].cell], bytes)
                if case .inFile(let range) = found {
                    let span = bytes.extracting(range)
                    guard span[0] != UInt8(ascii: "'"), (try? StringText.check(span)) != nil else { return false }
                    return keys.texts.insert(span, ())
                }
            }
            var parts: [KeyPart] = []
            for (cell, decoder) in cells {
                guard let value = try? text.value(row.cells[cell], decoder, bytes), let part = KeyPart(value) else {
                    return false
                }
                parts.append(part)
            }
            key.removeAll(keepingCapacity: true)
            KeyText.append(Key(parts), of: type.nodeType, in: model.catalog, to: &key)
            return keys.texts.insert(key.span, ())
        }
        return isGood ? keys : nil
    }

    /// Appends all rows; how many there are, or nil where something is wrong.
    ///
    /// - Parameter keys: Where the rows of the types stand that this one refers to.
    func readRows(_ keys: [NodeTypeID: RowKeys], _ tally: Tally) -> Int? {
        var writers: [CellAppender] = []
        for (column, cell) in columns {
            guard let field = field(column) else { return nil }
            writers.append(CellAppender(field, column, cell: cell, of: type.nodeType, table, model, keys))
        }
        let period = type.period.flatMap { dates -> (from: Int, to: Int)? in
            guard let from = columns.firstIndex(where: { $0.column == dates.fromColumn }),
                let to = columns.firstIndex(where: { $0.column == dates.toColumn })
            else { return nil }
            return (from, to)
        }
        var count = 0
        let isGood = forEachRow(tally) { row, text, bytes in
            for writer in writers where !writer.append(row, &text, bytes) { return false }
            if let period, let end = writers[period.to].lastDay, let start = writers[period.from].lastDay, end < start {
                return false
            }
            count += 1
            return true
        }
        return isGood ? count : nil
    }
}

extension RowText {
    /// The value of one cell.
    mutating func value(
        _ cell: CSVCell, _ decoder: CellDecoder, _ bytes: Span<UInt8>
    ) throws(ValueProblem) -> Cell {
        switch self.cell(cell, bytes) {
        case .nothing: decoder.empty
        case .inFile(let range): try decoder.decode(bytes.extracting(range))
        case .inBuffer(let range): try decoder.decode(buffer.span.extracting(range))
        }
    }
}

extension ColumnKind {
    /// The type whose rows a column names; nil where it holds values.
    var referredType: NodeTypeID? {
        switch self {
        case .reference(let type), .referenceList(let type): type
        default: nil
        }
    }
}
