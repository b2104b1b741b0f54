/// Why bytes are not CSV as RFC 4180 has it, and where.
package struct CSVError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        /// A byte that cannot stand in UTF-8 where it stands.
        case invalidUTF8(UInt8)
        /// A NUL: the file is UTF-16, or no text.
        case nulByte
        /// The file ends inside quotes: it is cut off, or a quote is too many.
        case unclosedQuote
        /// Something other than a comma or the end of the line behind a closing quote.
        case textAfterQuote
        /// A quote in the middle of a cell that does not begin with one.
        case quoteInText
        /// A carriage return without a line feed.
        case loneCarriageReturn
        case cellTooLong(limit: Int)
        case tooManyCells(limit: Int)
    }

    package let reason: Reason
    /// Of the file's lines, from 1; a cell in quotes may span several. An unclosed quote is placed where it opens.
    package let line: Int
    /// Of the line's characters (Unicode scalars), from 1.
    package let column: Int

    package init(_ reason: Reason, line: Int, column: Int) {
        self.reason = reason
        self.line = line
        self.column = column
    }

    package var description: String { "line \(line), column \(column): \(message)" }

    /// What was found, and what to do.
    package var message: String {
        switch reason {
        case .invalidUTF8(let byte):
            "byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true)) is not UTF-8; save the file as UTF-8"
        case .nulByte: "a NUL byte; the file is not UTF-8 text"
        case .unclosedQuote: "the file ends inside the quotes that open here; it is cut off, or a quote is missing"
        case .textAfterQuote: "text stands behind a closing quote; a quote inside quotes is written twice"
        case .quoteInText: "a quote stands inside a cell that does not begin with one; put the cell in quotes and write it twice"
        case .loneCarriageReturn: "a carriage return without a line feed; lines end with LF or CR LF"
        case .cellTooLong(let limit): "the cell has more than \(limit) bytes"
        case .tooManyCells(let limit): "the row has more than \(limit) cells"
        }
    }
}
