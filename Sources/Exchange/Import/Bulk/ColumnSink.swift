import StoreColumns

/// The end of one column: appends pieces to it, in the order in which they come.
// Sendable: a lane lets one thread at a time take a piece; the pieces' makers only ask for what never changes.
final class ColumnSink: @unchecked Sendable {
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
    /// How pieces for this column hold their values.
    let shape: ColumnPiece.Shape

    init(_ table: TableBuilder, _ column: Int, _ kind: ColumnKind) {
        switch kind {
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
            forEachNumber(piece) {
                column.append($0 != 0)
            } null: {
                column.append(nil)
            }
        case .int(let column):
            forEachNumber(piece) {
                column.append(Int32(truncatingIfNeeded: $0))
            } null: {
                column.appendNull()
            }
        case .long(let column):
            forEachNumber(piece) {
                column.append($0)
            } null: {
                column.appendNull()
            }
        case .float(let column):
            forEachNumber(piece) {
                column.append(Double(bitPattern: UInt64(bitPattern: $0)))
            } null: {
                column.appendNull()
            }
        case .code(let column):
            forEachNumber(piece) {
                column.append(UInt16(truncatingIfNeeded: $0))
            } null: {
                column.appendNull()
            }
        case .row(let column):
            forEachNumber(piece) {
                column.append(UInt32(truncatingIfNeeded: $0))
            } null: {
                column.appendNull()
            }
        case .text(let column): return take(piece, column)
        case .codes(let column):
            return column.append(piece.numbers.span, ends: piece.listEnds.span, validity: piece.validity.span)
        case .rows(let column):
            return column.append(piece.numbers.span, ends: piece.listEnds.span, validity: piece.validity.span)
        }
        return true
    }

    @inline(__always)
    private func forEachNumber(_ piece: ColumnPiece, _ append: (Int64) -> Void, null appendNull: () -> Void) {
        let numbers = piece.numbers
        let validity = piece.validity
        var place = 0
        for row in 0..<piece.count {
            if validity[row >> 6] >> UInt64(truncatingIfNeeded: row & 63) & 1 == 0 {
                appendNull()
            } else {
                append(numbers[place])
                place += 1
            }
        }
    }

    private func take(_ piece: ColumnPiece, _ column: TextAppender) -> Bool {
        guard let found = piece.texts else { return false }
        let texts = found.texts
        if column.keepsEveryText {
            var place = 0
            for row in 0..<piece.count {
                if piece.isNull(row) {
                    column.appendNull()
                } else {
                    guard column.append(checked: texts[place]) else { return false }
                    place += 1
                }
            }
            return true
        }
        var codes: [UInt32] = []
        codes.reserveCapacity(texts.count)
        for place in 0..<texts.count {
            guard let code = column.code(of: texts[place], hash: found.hashes[place]) else { return false }
            codes.append(code)
        }
        var place = 0
        for row in 0..<piece.count {
            if piece.isNull(row) {
                column.appendNull()
            } else {
                column.append(code: codes[Int(found.codes[place])])
                place += 1
            }
        }
        return true
    }
}
