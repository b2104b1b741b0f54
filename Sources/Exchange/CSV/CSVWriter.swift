/// CSV as `CSVReader` reads it: UTF-8 without a byte order mark, lines ended by LF, quotes only where they are needed.
/// The same cells always make the same bytes.
package struct CSVWriter: ~Copyable, Sendable {
    private var bytes: [UInt8] = []
    private var isFirstCell = true
    private var rowStart = 0

    package init() {}

    /// A cell with a text. An empty text is written in quotes; `emptyCell` is none at all.
    package mutating func cell(_ text: String) { cell(text.utf8Span.span) }

    /// The same from UTF-8.
    ///
    /// - Parameter isMarked: Written as `="…"`, which says that it is a text, whatever it looks like.
    package mutating func cell(_ utf8: Span<UInt8>, isMarked: Bool = false) {
        separate()
        guard isMarked || needsQuotes(utf8) else {
            for index in utf8.indices { bytes.append(utf8[index]) }
            return
        }
        if isMarked { bytes.append(UInt8(ascii: "=")) }
        bytes.append(0x22)
        for index in utf8.indices {
            if utf8[index] == 0x22 { bytes.append(0x22) }
            bytes.append(utf8[index])
        }
        bytes.append(0x22)
    }

    /// A cell without a value.
    package mutating func emptyCell() { separate() }

    package mutating func endRow() {
        // A row that is one empty cell would be an empty line, which readers skip.
        if bytes.count == rowStart, !isFirstCell { bytes.append(contentsOf: [0x22, 0x22]) }
        bytes.append(0x0A)
        isFirstCell = true
        rowStart = bytes.count
    }

    /// Of the rows that were not taken yet.
    package var byteCount: Int { bytes.count }

    /// Hands over the rows since the last time, and forgets them. To be called between two rows.
    package mutating func takeRows<Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Void) throws(Failure) {
        try body(bytes.span)
        bytes.removeAll(keepingCapacity: true)
        rowStart = 0
    }

    package consuming func finish() -> [UInt8] { bytes }

    private mutating func separate() {
        if !isFirstCell { bytes.append(0x2C) }
        isFirstCell = false
    }

    /// Commas, quotes and line ends must be quoted; blanks at an end would be trimmed; `="` would be read as a quote.
    private func needsQuotes(_ text: Span<UInt8>) -> Bool {
        guard text.count > 0 else { return true }
        if !TextForm.isTrimmed(text) { return true }
        for index in text.indices {
            switch text[index] {
            case 0x22, 0x2C, 0x0A, 0x0D: return true
            default: continue
            }
        }
        return false
    }
}
