import StoreColumns

/// The end of one column: appends pieces to it, in the order in which they come.
// Sendable: a lane lets one thread at a time take a piece; the pieces' makers only ask for what never changes.
final class ColumnSink: @unchecked Sendable {
    private let target: ColumnAppender
    /// How pieces for this column hold their values.
    let shape: ColumnPiece.Shape

    /// - Parameter repetition: Of texts; nil where the column's definition tells.
    init(_ table: TableBuilder, _ column: Int, _ repetition: TextAppender.Repetition?) {
        target = table.appender(column, repetition)
        switch target {
        case .text(let appender): shape = .text(keepsEvery: appender.keepsEveryText)
        case .codes, .rows: shape = .list
        default: shape = .number
        }
    }

    /// Appends a piece; false where the column cannot hold it.
    func take(_ piece: ColumnPiece) -> Bool {
        switch target {
        case .boolean(let column):
            forEachNumber(piece) { column.append($0.map { $0 != 0 }) }
        case .int(let column): column.append(rowCount: piece.count, piece.numbers.span, validity: piece.validity.span)
        case .int64(let column): column.append(rowCount: piece.count, piece.numbers.span, validity: piece.validity.span)
        case .float(let column):
            forEachNumber(piece) { column.append($0.map { Double(bitPattern: UInt64(bitPattern: $0)) }) }
        case .code(let column): column.append(rowCount: piece.count, piece.numbers.span, validity: piece.validity.span)
        case .row(let column): column.append(rowCount: piece.count, piece.numbers.span, validity: piece.validity.span)
        case .text(let column): return take(piece, column)
        case .codes(let column):
            return column.append(piece.numbers.span, ends: piece.listEnds.span, validity: piece.validity.span)
        case .rows(let column):
            return column.append(piece.numbers.span, ends: piece.listEnds.span, validity: piece.validity.span)
        }
        return true
    }

    private func forEachNumber(_ piece: ColumnPiece, _ append: (Int64?) -> Void) {
        var place = 0
        for row in 0..<piece.count {
            if piece.isNull(row) {
                append(nil)
            } else {
                append(piece.numbers[place])
                place += 1
            }
        }
    }

    private func take(_ piece: ColumnPiece, _ column: TextAppender) -> Bool {
        guard let found = piece.texts else { return false }
        if found.keepsEvery {
            return column.append(
                rowCount: piece.count, texts: found.texts.all, ends: found.texts.allEnds, validity: piece.validity.span)
        }
        var codes: [Int64] = []
        codes.reserveCapacity(found.texts.count)
        for place in 0..<found.texts.count {
            guard let code = column.code(of: found.texts[place], hash: found.hashes[place]) else { return false }
            codes.append(Int64(code))
        }
        var ofRows: [Int64] = []
        ofRows.reserveCapacity(found.codes.count)
        for code in found.codes { ofRows.append(codes[Int(code)]) }
        column.append(rowCount: piece.count, codes: ofRows.span, validity: piece.validity.span)
        return true
    }
}
