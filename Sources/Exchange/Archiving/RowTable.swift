import Model
import StoreColumns

/// Writes the rows of one type as `<Type>.csv`, as `Schema/formats/RegisterFolder.md` has it: piece by piece, so that memory does not
/// grow with the rows but for their order.
struct RowTable {
    private let source: RowTextSource
    private let view: ArchiveView
    private static let pieceByteCount = 1 << 20
    /// After how many rows somebody is told, and may stop it.
    private static let stepRowCount = 4096

    init(_ source: RowTextSource, _ view: ArchiveView) {
        self.source = source
        self.view = view
    }

    /// - Parameters:
    ///   - step: Called with a number of rows that were written since the last call; true to stop.
    ///   - sink: Called with each piece.
    func write(
        _ type: NodeTypeID, step: (Int) -> Bool, to sink: (Span<UInt8>) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        let definition = source.version.catalog[type]
        let columns = written(type, definition)
        var writer = CSVWriter()
        for column in columns { writer.cell(column.definition.name) }
        writer.endRow()
        var text: [UInt8] = []
        var count = 0
        func write(_ row: Int, _ writer: inout CSVWriter) throws(ArchiveError) {
            for column in columns {
                text.removeAll(keepingCapacity: true)
                var holdsValue = false
                if let mask = column.mask {
                    if let shown = view.text(mask, column.index, at: row, of: type, in: source.version) {
                        text.append(contentsOf: shown.utf8)
                        guard !text.contains(0) else {
                            throw .unwritable(
                                field: "\(definition.name).\(column.definition.name)",
                                reason: RowTextSource.Unwritable.nul.message)
                        }
                        writer.cell(text.span)
                    } else {
                        writer.emptyCell()
                    }
                    continue
                }
                do throws(RowTextSource.Unwritable) {
                    holdsValue = try source.append(column.values, column.definition.kind, at: row, to: &text)
                } catch {
                    throw .unwritable(field: "\(definition.name).\(column.definition.name)", reason: error.message)
                }
                // A list that is always there is empty where its cell is.
                if !holdsValue || column.isAlwaysList && text == [UInt8(ascii: "["), UInt8(ascii: "]")] {
                    writer.emptyCell()
                } else {
                    writer.cell(text.span)
                }
            }
            writer.endRow()
            if writer.byteCount >= Self.pieceByteCount { try writer.takeRows(sink) }
            count += 1
            if count % Self.stepRowCount == 0, step(Self.stepRowCount) { throw .stopped }
        }
        if let rows = RowOrder.rows(of: type, source) {
            for row in rows { try write(Int(row), &writer) }
        } else {
            let table = source.version[type]
            for row in 0..<RowNumber(truncatingIfNeeded: table.rowCount) where table.isLive(row) {
                try write(Int(row), &writer)
            }
        }
        try writer.takeRows(sink)
        if step(count % Self.stepRowCount) { throw .stopped }
    }

    private struct Written {
        var index: Int
        var mask: ModelField?
        var definition: ColumnDefinition
        var values: Column
        var isAlwaysList: Bool
    }

    /// The view's columns without those that may be null and have no value in any row.
    private func written(_ type: NodeTypeID, _ definition: NodeType) -> [Written] {
        let table = source.version[type]
        return (view.columns(of: type, in: source.version.catalog) ?? []).compactMap { archived in
            let index = archived.index
            let column = definition.columns[index]
            let values = table.column(index)
            func isShown(_ row: Int) -> Bool {
                guard !values.isNull(at: row) else { return false }
                return archived.mask.map { view.text($0, index, at: row, of: type, in: source.version) != nil } ?? true
            }
            let isList =
                switch column.kind {
                case .enumerationList, .referenceList: true
                default: false
                }
            let holdsAny =
                !column.isNullable && archived.mask == nil
                || (0..<RowNumber(truncatingIfNeeded: table.rowCount)).contains { table.isLive($0) && isShown(Int($0)) }
            return holdsAny
                ? Written(
                    index: index, mask: archived.mask, definition: column, values: values,
                    isAlwaysList: isList && !column.isNullable) : nil
        }
    }
}

extension RowTextSource.Unwritable {
    fileprivate var message: String {
        switch self {
        case .nul: "a text holds a NUL (U+0000), which no text file can carry; change it first"
        case .emptyKeyInList: "a list refers to a row whose key is an empty text, which no list in a cell can carry"
        }
    }
}
