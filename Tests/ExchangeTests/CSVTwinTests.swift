import Exchange
import Testing

/// The reader against a twin that looks at one byte after the other.
@Suite("CSV, read twice") struct CSVTwinTests {
    enum Read: Equatable {
        case rows([[[UInt8]]])
        /// The rows before the first mistake.
        case broken([[[UInt8]]], CSVError.Reason)
    }

    func read(_ bytes: [UInt8], cells count: Int? = nil) -> Read {
        var reader = CSVReader()
        var row = CSVRow()
        var rows: [[[UInt8]]] = []
        do throws(CSVError) {
            while try reader.next(bytes.span, into: &row, cells: count) {
                rows.append(
                    row.cells.map { cell in
                        var text: [UInt8] = []
                        CSVReader.append(cell, of: bytes.span, to: &text)
                        return text
                    })
            }
        } catch {
            return .broken(rows, error.reason)
        }
        return .rows(rows)
    }

    func readNaively(_ text: [UInt8]) -> Read {
        let (comma, quote, feed, carriage) = (UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        var rest = text[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        var rows: [[[UInt8]]] = []
        func isLineEnd() -> Bool { rest.first == feed || rest.starts(with: [carriage, feed]) }
        func passLineEnd() { rest = rest.dropFirst(rest.first == feed ? 1 : 2) }
        while true {
            while isLineEnd() { passLineEnd() }
            guard !rest.isEmpty else { return .rows(rows) }
            var row: [[UInt8]] = []
            cells: while true {
                var cell: [UInt8] = []
                if rest.first == quote || rest.starts(with: [UInt8(ascii: "="), quote]) {
                    rest = rest.dropFirst(rest.first == quote ? 1 : 2)
                    while true {
                        guard let byte = rest.popFirst() else { return .broken(rows, .unclosedQuote) }
                        if byte == quote {
                            guard rest.first == quote else { break }
                            rest = rest.dropFirst()
                        }
                        cell.append(byte)
                    }
                    guard rest.isEmpty || rest.first == comma || isLineEnd() else { return .broken(rows, .textAfterQuote) }
                } else {
                    while let byte = rest.first, byte != comma, !isLineEnd() {
                        if byte == carriage { return .broken(rows, .loneCarriageReturn) }
                        if byte == quote { return .broken(rows, .quoteInText) }
                        cell.append(byte)
                        rest = rest.dropFirst()
                    }
                }
                row.append(cell)
                guard rest.first == comma else { break cells }
                rest = rest.dropFirst()
            }
            rows.append(row)
            if isLineEnd() { passLineEnd() }
        }
    }

    @Test func `rows that are read up to a cell are whole rows up to it`() {
        var random = SeededRandom(seed: 8)
        let cells = [
            "", "a", "0123456789", "\"\"", "\"a,b\"", "\"c\nd\"", "\"e\"\"\"", "=\"1\"", "汉",
            "\"a very long text,\r\n with lines\"",
        ]
        for _ in 0..<2_000 {
            let lines = (0..<Int.random(in: 1..<5, using: &random)).map { _ in
                (0..<Int.random(in: 1..<6, using: &random)).map { _ in cells.randomElement(using: &random) ?? "" }
                    .joined(separator: ",")
            }
            let text = Array((lines.joined(separator: "\n") + (Bool.random(using: &random) ? "\n" : "")).utf8)
            guard case .rows(let rows) = read(text) else {
                Issue.record("\(lines) cannot be read")
                continue
            }
            for count in 1...6 {
                #expect(read(text, cells: count) == .rows(rows.map { Array($0.prefix(count)) }), "\(lines), \(count) cells")
            }
        }
    }

    @Test func `random text is read as one byte after the other is`() {
        var random = SeededRandom(seed: 7)
        let pieces = [
            "a", "0123456789", ",", ",", "\n", "\n", "\r\n", "\r", "\"", "\"\"", "\"a,b\"", "\"c\nd\"", "=\"1\"", " ", "汉",
            "+-*#",
            "\u{FEFF}", "𠮷", "!", "~",
        ]
        for _ in 0..<5_000 {
            let text = (0..<Int.random(in: 0..<14, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
                .joined()
            let bytes = Array(text.utf8)
            #expect(read(bytes) == readNaively(bytes), "\(text.debugDescription)")
        }
    }
}
