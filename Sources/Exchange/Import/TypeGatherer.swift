import Model
import StoreColumns

/// Where a gathered row came from.
struct RowOrigin: Sendable {
    /// Position in `ImportDraft.plans`.
    var plan: UInt32
    var line: UInt32
    /// Its first byte in its file.
    var start: Int
}

/// The rows of one type, gathered from every file that brings any.
struct TypeRows: Sendable {
    let type: NodeTypeID
    /// Ascending; what any file gives.
    let columns: [Int]
    /// Row by row, in the order of `columns`.
    var cells: [Cell] = []
    var origins: [RowOrigin] = []
    /// Rows left out because something in them is wrong.
    var badRowCount = 0

    var rowCount: Int { origins.count }

    func cell(_ row: Int, _ column: Int) -> Cell? {
        columns.firstIndex(of: column).map { cells[row * columns.count + $0] }
    }
}

/// Makes rows of one type from rows of files. A class, so that nothing is copied between a row and the next.
final class TypeGatherer {
    private(set) var rows: TypeRows
    private let catalog: Catalog
    /// By position in `rows.columns`.
    private let decoders: [CellDecoder]
    /// Where the row's first and last date are among its columns.
    private let period: (from: Int, to: Int)?
    private let periodToColumn: Int
    /// Keys so far, where a plan wants each only once.
    private var keys: ByteMap<Void>?

    init(_ type: ModelType, columns: [Int], remembersKeys: Bool, _ model: Model, _ profile: CellProfile) {
        rows = TypeRows(type: type.nodeType, columns: columns)
        catalog = model.catalog
        decoders = columns.map { column in
            guard let field = type.fields.first(where: { $0.column == column }) else {
                preconditionFailure("every column of the catalog is a field of the model")
            }
            return CellDecoder(field, model.catalog[type.nodeType].columns[column], in: model, profile)
        }
        keys = remembersKeys ? ByteMap<Void>() : nil
        if profile == .lenient, let dates = type.period, let from = columns.firstIndex(of: dates.fromColumn),
            let to = columns.firstIndex(of: dates.toColumn)
        {
            period = (from, to)
        } else {
            period = nil
        }
        periodToColumn = type.period?.toColumn ?? 0
    }

    /// Readers of a plan's slots, to be kept for all rows of a file.
    func readers(of plan: TypePlan) -> [SlotReader?] {
        zip(plan.slots, decoders).map { slot, decoder in slot.map { SlotReader($0, decoder) } }
    }

    enum Outcome {
        case added
        /// The row says nothing of this type, or what came before said it.
        case leftOut
        case bad
    }

    /// What is wrong in a row: the column of the type, and the text at fault.
    struct Fault {
        var column: Int
        var problem: ValueProblem
        var found: RowText.Found
    }

    /// Makes a row, or says what is wrong.
    func take(
        _ row: CSVRow, by plan: TypePlan, _ slots: [SlotReader?], at position: Int, _ text: inout RowText, _ bytes: Span<UInt8>,
        faults: inout [Fault]
    ) -> Outcome {
        guard plan.conditions.isEmpty || text.holds(plan.conditions, row, bytes) else { return .leftOut }
        let first = rows.cells.count
        let firstFault = faults.count
        var isLeftOut = false
        for slot in slots {
            guard let slot else {
                rows.cells.append(.absent)
                continue
            }
            var found = RowText.Found.nothing
            do throws(ValueProblem) {
                let cell = try slot.cell(row, &text, bytes, found: &found)
                if slot.isNeeded, cell == .null { isLeftOut = true }
                rows.cells.append(cell)
            } catch {
                faults.append(Fault(column: slot.column, problem: error, found: found))
                rows.cells.append(.absent)
            }
        }
        if faults.count == firstFault, !isLeftOut, let problem = periodProblem(first) {
            faults.append(Fault(column: periodToColumn, problem: problem, found: .nothing))
        }
        if faults.count > firstFault {
            rows.cells.removeSubrange(first...)
            rows.badRowCount += 1
            return .bad
        }
        if isLeftOut || !isNew(plan, first) {
            rows.cells.removeSubrange(first...)
            return .leftOut
        }
        rows.origins.append(
            RowOrigin(plan: UInt32(truncatingIfNeeded: position), line: UInt32(truncatingIfNeeded: row.line), start: row.start))
        return .added
    }

    /// A row that could not be read may have been one of this type.
    func markBad() { rows.badRowCount += 1 }

    /// What the last row lacks: of its key, else of the values that must be there. By columns of the type. Where no file brings a part
    /// of the key, that is told of the file, and no row lacks anything.
    var missing: [(reason: ChangeProblem.Reason, column: Int)] {
        let first = rows.cells.count - rows.columns.count
        func isMissing(_ column: Int) -> Bool {
            guard let position = rows.columns.firstIndex(of: column) else { return true }
            return rows.cells[first + position] == .null || rows.cells[first + position] == .absent
        }
        let definition = catalog[rows.type]
        guard definition.key.allSatisfy(rows.columns.contains) else { return [] }
        if let column = definition.key.first(where: isMissing) { return [(.missingKey, column)] }
        return definition.columns.indices.filter { !definition.columns[$0].isNullable && isMissing($0) }
            .map { (.missingValue, $0) }
    }

    /// Forgets the rows that were made, and not which keys they had.
    func dropRows() {
        rows.cells.removeAll(keepingCapacity: true)
        rows.origins.removeAll(keepingCapacity: true)
    }

    /// Makes room for so many more rows.
    func reserve(rowCount: Int) {
        rows.origins.reserveCapacity(rows.origins.count + rowCount)
        rows.cells.reserveCapacity(rows.cells.count + rowCount * rows.columns.count)
    }

    /// A dated row must not end before it begins.
    private func periodProblem(_ first: Int) -> ValueProblem? {
        guard let period, case .date(let end) = rows.cells[first + period.to],
            case .date(let start) = rows.cells[first + period.from], end < start
        else { return nil }
        return .endsBeforeItBegins(DateText.text(start))
    }

    /// Remembers the key of the last row; whether the row stays.
    private func isNew(_ plan: TypePlan, _ first: Int) -> Bool {
        guard keys != nil else { return true }
        var parts: [KeyPart] = []
        for column in catalog[rows.type].key {
            guard let position = rows.columns.firstIndex(of: column), let part = KeyPart(rows.cells[first + position]) else {
                return true
            }
            parts.append(part)
        }
        var text: [UInt8] = []
        KeyText.append(Key(parts), of: rows.type, in: catalog, to: &text)
        let isNew = keys?.insert(text.span, ()) ?? true
        return isNew || !plan.isDistinct
    }
}
