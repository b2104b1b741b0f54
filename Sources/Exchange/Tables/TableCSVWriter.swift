/// A table of an answer as CSV for spreadsheets: RFC 4180, its lines ended by CR LF.
///
/// A spreadsheet takes a text that begins with `= + - @`, a tab or a carriage return for a formula, and runs it. Unless the table is
/// to be exact, such a text gets an apostrophe in front, which spreadsheets do not show. Numbers are numbers, and never get one.
package struct TableCSVWriter: ~Copyable, Sendable {
    private var bytes: [UInt8] = []
    private var isFirstCell = true
    private let isExact: Bool

    /// - Parameters:
    ///   - hasMark: Whether the bytes begin with a byte order mark, by which spreadsheets know UTF-8.
    ///   - isExact: Texts are written as they are, for programs and archives.
    package init(hasMark: Bool, isExact: Bool) {
        self.isExact = isExact
        if hasMark { bytes = [0xEF, 0xBB, 0xBF] }
    }

    package var byteCount: Int { bytes.count }

    /// A text; an empty one is written in quotes, so that it is not taken for none.
    package mutating func text(_ text: String) {
        separate()
        let utf8 = text.utf8
        let isFormula = !isExact && (utf8.first.map(Self.beginsFormula) ?? false)
        let isQuoted =
            utf8.isEmpty || utf8.first == 0x20 || utf8.last == 0x20
            || utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
        if isQuoted { bytes.append(0x22) }
        if isFormula { bytes.append(UInt8(ascii: "'")) }
        for byte in utf8 {
            if byte == 0x22 { bytes.append(0x22) }
            bytes.append(byte)
        }
        if isQuoted { bytes.append(0x22) }
    }

    /// A number, a date or a truth value, whose text is ours.
    package mutating func value(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    /// A cell without a value.
    package mutating func none() { separate() }

    package mutating func endRow() {
        bytes.append(contentsOf: [0x0D, 0x0A])
        isFirstCell = true
    }

    package consuming func finish() -> [UInt8] { bytes }

    private mutating func separate() {
        if !isFirstCell { bytes.append(0x2C) }
        isFirstCell = false
    }

    private static func beginsFormula(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D: true
        default: false
        }
    }
}
