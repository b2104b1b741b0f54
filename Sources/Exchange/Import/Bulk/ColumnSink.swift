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
    /// For texts: who knows their hashes.
    let texts: TextAppender?
    /// Whether each text is kept as it comes.
    let keepsEveryText: Bool

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
        case .text(let appender):
            shape = .text(keepsEvery: appender.keepsEveryText)
            texts = appender
            keepsEveryText = appender.keepsEveryText
        case .codes, .rows:
            shape = .list
            texts = nil
            keepsEveryText = false
        default:
            shape = .number
            texts = nil
            keepsEveryText = false
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
            return forEachList(piece) { column.append($0.map { list in list.map { UInt16(truncatingIfNeeded: $0) } }) }
        case .rows(let column):
            return forEachList(piece) { column.append($0.map { list in list.map { UInt32(truncatingIfNeeded: $0) } }) }
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

    private func forEachList(_ piece: ColumnPiece, _ append: (ArraySlice<Int64>?) -> Bool) -> Bool {
        var start = 0
        for row in 0..<piece.count {
            let end = piece.listEnds[row]
            guard append(piece.isNull(row) ? nil : piece.numbers[start..<end]) else { return false }
            start = end
        }
        return true
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
