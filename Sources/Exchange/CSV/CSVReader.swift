import Bytes

/// A cell as it stands in the file.
package struct CSVCell: Hashable, Sendable {
    /// The first byte of its text, behind an opening quote.
    package var start: Int
    /// Behind its last byte, before a closing quote.
    package var end: Int
    package var isQuoted: Bool
    /// Whether quotes are written twice inside, so that the text is not the bytes.
    package var hasDoubledQuotes: Bool

    package init(start: Int, end: Int, isQuoted: Bool, hasDoubledQuotes: Bool) {
        self.start = start
        self.end = end
        self.isQuoted = isQuoted
        self.hasDoubledQuotes = hasDoubledQuotes
    }
}

/// One record of a file: where its cells stand. Reused from row to row, so that nothing is allocated for one.
package struct CSVRow: Sendable {
    package fileprivate(set) var cells: [CSVCell] = []
    /// Of the file's records, from 1; the header is one.
    package fileprivate(set) var number = 0
    /// The line on which it begins, from 1.
    package fileprivate(set) var line = 1
    /// Its first byte.
    package fileprivate(set) var start = 0
    /// Whether a line end followed it. A whole file's last line may lack one; a cut off file's does.
    package fileprivate(set) var isTerminated = false
    package init() {}
}

/// Reads CSV strictly as RFC 4180 has it, over bytes that the caller keeps: UTF-8 with or without a byte order mark, LF or CR LF,
/// cells in quotes with commas, line ends and doubled quotes. Empty lines are skipped.
///
/// One spelling beyond the RFC is read, because spreadsheets write it to keep a number a text: `="420115…"`.
/// After an error the reader stands at the beginning of the next line, so that a caller may go on and find more.
package struct CSVReader: Sendable {
    package struct Limits: Sendable {
        /// A cell holds a text, not a file.
        package var cellBytes = 1 << 20
        package var cells = 1000
        package init() {}
    }

    private let limits: Limits
    private var position = 0
    private var line = 1
    private var rowNumber = 0

    package init(limits: Limits = Limits()) { self.limits = limits }

    /// A reader that begins with a row whose place is known, to read that one again.
    package init(limits: Limits = Limits(), atRow start: Int, line: Int) {
        self.limits = limits
        position = start
        self.line = line
    }

    /// Where the next row is looked for: its first byte and line.
    package var place: (start: Int, line: Int) { (position, line) }

    /// Whether all bytes are UTF-8 without NUL, with the place of the first that is not. To be called once before `next`, which
    /// takes it for granted. One pass.
    package static func checkText(_ bytes: Span<UInt8>) throws(CSVError) {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes)
        } catch {
            let offset = error.byteOffsets.lowerBound
            let place = place(of: offset, in: bytes, from: 0, line: 1)
            throw CSVError(.invalidUTF8(bytes[offset]), line: place.line, column: place.column)
        }
        for index in bytes.indices where bytes[index] == 0 {
            let place = place(of: index, in: bytes, from: 0, line: 1)
            throw CSVError(.nulByte, line: place.line, column: place.column)
        }
    }

    /// The next record; false at the end.
    ///
    /// - Parameters:
    ///   - bytes: The whole file, the same at every call.
    ///   - wantedCount: Of the cells; those behind are passed over, and what is wrong with them is not found. Nil for all.
    package mutating func next(
        _ bytes: Span<UInt8>, into row: inout CSVRow, cells wantedCount: Int? = nil
    ) throws(CSVError) -> Bool {
        if position == 0, bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
        skipEmptyLines(bytes)
        guard position < bytes.count else { return false }
        rowNumber += 1
        row.cells.removeAll(keepingCapacity: true)
        row.number = rowNumber
        row.line = line
        row.start = position
        row.isTerminated = false
        while true {
            let cell = try cell(bytes, in: row)
            guard cell.end - cell.start <= limits.cellBytes else {
                throw fail(.cellTooLong(limit: limits.cellBytes), at: cell.start, row, bytes)
            }
            guard row.cells.count < limits.cells else {
                throw fail(.tooManyCells(limit: limits.cells), at: cell.start, row, bytes)
            }
            row.cells.append(cell)
            guard position < bytes.count else { return true }
            if bytes[position] == UInt8(ascii: ",") {
                position += 1
                guard row.cells.count == wantedCount else { continue }
                row.isTerminated = passLine(bytes)
                return true
            }
            try endLine(bytes, row)
            row.isTerminated = true
            return true
        }
    }

    /// The line and column of a byte of a row.
    package static func place(of offset: Int, in row: CSVRow, _ bytes: Span<UInt8>) -> (line: Int, column: Int) {
        place(of: offset, in: bytes, from: row.start, line: row.line)
    }

    /// The text of a cell, doubled quotes resolved, appended to `text`.
    package static func append(_ cell: CSVCell, of bytes: Span<UInt8>, to text: inout [UInt8]) {
        var index = cell.start
        while index < cell.end {
            text.append(bytes[index])
            // Of a doubled quote the second is passed over.
            if bytes[index] == UInt8(ascii: "\""), cell.hasDoubledQuotes, index + 1 < cell.end { index += 1 }
            index += 1
        }
    }

    // MARK: Cells

    /// From the first byte of a cell to the comma or line end behind it.
    private mutating func cell(_ bytes: Span<UInt8>, in row: CSVRow) throws(CSVError) -> CSVCell {
        let start = position
        if start < bytes.count {
            if bytes[start] == UInt8(ascii: "\"") { return try quotedCell(bytes, from: start + 1, row) }
            if bytes[start] == UInt8(ascii: "="), start + 1 < bytes.count, bytes[start + 1] == UInt8(ascii: "\"") {
                return try quotedCell(bytes, from: start + 2, row)
            }
        }
        var index = start
        while index < bytes.count {
            // Eight bytes at a time, as long as none of them can end a cell.
            while index &+ 8 <= bytes.count {
                let low = Self.bytesUpToComma(bytes.word(at: index))
                if low == 0 {
                    index &+= 8
                } else {
                    index &+= low.trailingZeroBitCount >> 3
                    break
                }
            }
            guard index < bytes.count else { break }
            let byte = bytes[index]
            // The four bytes that end or break a cell are all up to the comma; digits, letters and Chinese lie above it.
            if byte <= 0x2C {
                if byte == 0x2C || byte == 0x0A { break }
                if byte == 0x0D {
                    guard index + 1 < bytes.count, bytes[index + 1] == 0x0A else {
                        throw fail(.loneCarriageReturn, at: index, row, bytes)
                    }
                    break
                }
                if byte == 0x22 { throw fail(.quoteInText, at: index, row, bytes) }
            }
            index &+= 1
        }
        position = index
        return CSVCell(start: start, end: index, isQuoted: false, hasDoubledQuotes: false)
    }

    /// The top bit of every byte of a word that is at most a comma's; of those above the lowest it may be wrong.
    @inline(__always)
    private static func bytesUpToComma(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        return (word &- ones &* 0x2D) & ~word & (ones &* 0x80)
    }

    /// From behind an opening quote to behind the closing one.
    private mutating func quotedCell(_ bytes: Span<UInt8>, from start: Int, _ row: CSVRow) throws(CSVError) -> CSVCell {
        var index = start
        var doubled = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte <= 0x22 {
                if byte == 0x0A {
                    line += 1
                } else if byte == 0x22 {
                    guard index + 1 < bytes.count, bytes[index + 1] == 0x22 else { break }
                    doubled = true
                    index &+= 1
                }
            }
            index &+= 1
        }
        guard index < bytes.count else {
            position = bytes.count
            throw place(.unclosedQuote, at: start - 1, row, bytes)
        }
        position = index + 1
        if position < bytes.count, !isEndOfCell(bytes, position) { throw fail(.textAfterQuote, at: position, row, bytes) }
        return CSVCell(start: start, end: index, isQuoted: true, hasDoubledQuotes: doubled)
    }

    private func isEndOfCell(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
        switch bytes[index] {
        case 0x2C, 0x0A: true
        case 0x0D: index + 1 < bytes.count && bytes[index + 1] == 0x0A
        default: false
        }
    }

    // MARK: Lines

    /// Passes the line end that stands here; a cell stops nowhere else.
    private mutating func endLine(_ bytes: Span<UInt8>, _ row: CSVRow) throws(CSVError) {
        position += bytes[position] == 0x0D ? 2 : 1
        line += 1
    }

    /// Passes the rest of a line, up to a line end that an even number of quotes precede; false where the bytes end before one.
    private mutating func passLine(_ bytes: Span<UInt8>) -> Bool {
        var index = position
        var isQuoted = false
        while index < bytes.count {
            if index &+ 8 <= bytes.count {
                let word = bytes.word(at: index)
                let marks = Self.zeroBytes(word ^ 0x0A0A_0A0A_0A0A_0A0A) | Self.zeroBytes(word ^ 0x2222_2222_2222_2222)
                guard marks != 0 else {
                    index &+= 8
                    continue
                }
                index &+= marks.trailingZeroBitCount >> 3
            }
            let byte = bytes[index]
            index &+= 1
            if byte == 0x22 {
                isQuoted.toggle()
            } else if byte == 0x0A {
                line += 1
                guard isQuoted else {
                    position = index
                    return true
                }
            }
        }
        position = index
        return false
    }

    /// The top bit of every byte that is zero; of those above the lowest it may be wrong.
    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }

    private mutating func skipEmptyLines(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            if bytes[position] == 0x0A {
                position += 1
            } else if bytes[position] == 0x0D, position + 1 < bytes.count, bytes[position + 1] == 0x0A {
                position += 2
            } else {
                return
            }
            line += 1
        }
    }

    // MARK: Errors

    /// An error in a row, and the reader moved to the next line.
    private mutating func fail(_ reason: CSVError.Reason, at offset: Int, _ row: CSVRow, _ bytes: Span<UInt8>) -> CSVError {
        position = max(position, offset)
        // A lone carriage return ends a line for this purpose; else the rest of the file would be lost.
        while position < bytes.count, bytes[position] != 0x0A { position += 1 }
        if position < bytes.count {
            position += 1
            line += 1
        }
        return place(reason, at: offset, row, bytes)
    }

    private func place(_ reason: CSVError.Reason, at offset: Int, _ row: CSVRow, _ bytes: Span<UInt8>) -> CSVError {
        let place = Self.place(of: offset, in: row, bytes)
        return CSVError(reason, line: place.line, column: place.column)
    }

    /// Counted from a place that is known: only for messages.
    private static func place(
        of offset: Int, in bytes: Span<UInt8>, from start: Int, line: Int
    ) -> (line: Int, column: Int) {
        var line = line
        var column = 1
        var index = start
        if start == 0, bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { index = 3 }
        while index < offset {
            if bytes[index] == 0x0A {
                line += 1
                column = 1
            } else if bytes[index] & 0xC0 != 0x80 {
                column += 1
            }
            index += 1
        }
        return (line, column)
    }
}
