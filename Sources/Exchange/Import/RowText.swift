import Bytes
import Settings

/// Finds the texts of fields in one row after the other. What must be put together is put together in a buffer that is kept.
struct RowText {
    /// Where a text stands.
    enum Found: Hashable {
        case nothing
        case inFile(Range<Int>)
        case inBuffer(Range<Int>)
    }

    private(set) var buffer: [UInt8] = []
    private let lookUps: [TextTable]
    private let profile: CellProfile

    init(lookUps: [TextTable], _ profile: CellProfile = .lenient) {
        self.lookUps = lookUps
        self.profile = profile
    }

    /// Forgets the texts of the row before.
    mutating func beginRow() { buffer.removeAll(keepingCapacity: true) }

    func holds(_ conditions: [RowCondition], _ row: CSVRow, _ bytes: Span<UInt8>) -> Bool {
        for condition in conditions {
            let cell = row.cells[condition.column]
            let range = TextForm.trimmed(bytes, cell.start..<cell.end)
            let text = bytes.extracting(range)
            switch condition.test {
            case .isPresent(let wanted): guard wanted == !range.isEmpty else { return false }
            case .isOneOf(let texts): guard texts.contains(where: { isEqual($0, text) }) else { return false }
            case .isNoneOf(let texts): guard !texts.contains(where: { isEqual($0, text) }) else { return false }
            }
        }
        return true
    }

    mutating func find(_ source: CellSource, _ row: CSVRow, _ bytes: Span<UInt8>) throws(ValueProblem) -> Found {
        switch source {
        case .column(let index): return cell(row.cells[index], bytes)
        case .constant(let text): return append(text)
        case .template(let parts):
            // The columns first: what they put into the buffer must not come between the parts.
            var texts: [Found] = []
            for part in parts {
                guard case .column(let index) = part else { continue }
                let text = cell(row.cells[index], bytes)
                guard text != .nothing else { return .nothing }
                texts.append(text)
            }
            texts.reverse()
            let start = buffer.count
            for part in parts {
                switch part {
                case .text(let text): buffer.append(contentsOf: text)
                case .column: copy(texts.popLast() ?? .nothing, bytes)
                }
            }
            return .inBuffer(start..<buffer.count)
        case .key(let sources): return try key(sources, row, bytes)
        case .laterOf(let sources):
            var latest = Found.nothing
            var latestDays = Int32.min
            for source in sources {
                let found = try find(source, row, bytes)
                guard found != .nothing else { continue }
                let days = try days(found, bytes)
                if latest == .nothing || days > latestDays { (latest, latestDays) = (found, days) }
            }
            return latest
        case .firstOf(let sources):
            for source in sources {
                let found = try find(source, row, bytes)
                if found != .nothing { return found }
            }
            return .nothing
        case .characters(let source, let from, let count):
            return characters(of: try find(source, row, bytes), from: from, count: count, bytes)
        case .part(let source, let number, let separator):
            return part(number, of: try find(source, row, bytes), separator: separator, bytes)
        case .translated(let source, let translation, let otherwise):
            let found = try find(source, row, bytes)
            guard found != .nothing else { return .nothing }
            if let entry = entry(of: found, in: translation.table, bytes) {
                return Self.append(entry, of: translation.table, to: &buffer)
            }
            guard case .refuse = otherwise else { return self.otherwise(otherwise, found) }
            throw .notTranslated(hint: didYouMean(text(found, bytes), among: translation.known))
        case .conditional(let conditions, let source):
            return holds(conditions, row, bytes) ? try find(source, row, bytes) : .nothing
        case .lookUp(let table, let file, let source, let otherwise):
            let found = try find(source, row, bytes)
            guard found != .nothing else { return .nothing }
            if let entry = entry(of: found, in: lookUps[table], bytes) {
                return Self.append(entry, of: lookUps[table], to: &buffer)
            }
            guard case .refuse = otherwise else { return self.otherwise(otherwise, found) }
            throw .notLookedUp(file: file)
        }
    }

    /// The text that was found, for a message.
    func text(_ found: Found, _ bytes: Span<UInt8>) -> String {
        switch found {
        case .nothing: ""
        case .inFile(let range): String(checked: bytes.extracting(range))
        case .inBuffer(let range): String(checked: buffer.span.extracting(range))
        }
    }

    /// Appends it to a list.
    func append(_ found: Found, _ bytes: Span<UInt8>, to list: inout TextList) {
        switch found {
        case .nothing: list.append(Span())
        case .inFile(let range): list.append(bytes.extracting(range))
        case .inBuffer(let range): list.append(buffer.span.extracting(range))
        }
    }

    /// Its bytes, to keep.
    func bytes(_ found: Found, _ bytes: Span<UInt8>) -> [UInt8] {
        var kept: [UInt8] = []
        switch found {
        case .nothing: break
        case .inFile(let range): for index in range { kept.append(bytes[index]) }
        case .inBuffer(let range): kept.append(contentsOf: buffer[range])
        }
        return kept
    }

    // MARK: Parts

    private mutating func otherwise(_ otherwise: CellSource.Otherwise, _ found: Found) -> Found {
        switch otherwise {
        case .keep: found
        case .nothing, .refuse: .nothing
        case .constant(let text): append(text)
        }
    }

    /// A cell without blanks around it; in quotes they belong to it.
    mutating func cell(_ cell: CSVCell, _ bytes: Span<UInt8>) -> Found {
        if cell.hasDoubledQuotes {
            let start = buffer.count
            CSVReader.append(cell, of: bytes, to: &buffer)
            return .inBuffer(start..<buffer.count)
        }
        if profile == .exact {
            return cell.isQuoted || cell.end > cell.start ? .inFile(cell.start..<cell.end) : .nothing
        }
        let range = TextForm.trimmed(bytes, cell.start..<cell.end)
        return range.isEmpty ? .nothing : .inFile(cell.isQuoted ? cell.start..<cell.end : range)
    }

    /// The values of a key, joined by `|`; what would part them gets a `\`.
    private mutating func key(_ sources: [CellSource], _ row: CSVRow, _ bytes: Span<UInt8>) throws(ValueProblem) -> Found {
        var texts: [[UInt8]] = []
        for source in sources {
            let found = try find(source, row, bytes)
            guard found != .nothing else { return .nothing }
            texts.append(self.bytes(found, bytes))
        }
        let start = buffer.count
        for (position, text) in texts.enumerated() {
            if position > 0 { buffer.append(UInt8(ascii: "|")) }
            for byte in text {
                if byte == UInt8(ascii: "|") || byte == UInt8(ascii: "\\") { buffer.append(UInt8(ascii: "\\")) }
                buffer.append(byte)
            }
        }
        return .inBuffer(start..<buffer.count)
    }

    private func days(_ found: Found, _ bytes: Span<UInt8>) throws(ValueProblem) -> Int32 {
        switch found {
        case .nothing: throw .notDate
        case .inFile(let range): try DateText.days(bytes.extracting(range))
        case .inBuffer(let range): try DateText.days(buffer.span.extracting(range))
        }
    }

    private func entry(of found: Found, in table: borrowing TextTable, _ bytes: Span<UInt8>) -> Int? {
        switch found {
        case .nothing: nil
        case .inFile(let range): table.entry(of: bytes.extracting(range))
        case .inBuffer(let range): table.entry(of: buffer.span.extracting(range))
        }
    }

    /// Appends what a table has; an empty text is nothing.
    private static func append(_ entry: Int, of table: borrowing TextTable, to buffer: inout [UInt8]) -> Found {
        let start = buffer.count
        table.append(entry, to: &buffer)
        return buffer.count > start ? .inBuffer(start..<buffer.count) : .nothing
    }

    private mutating func characters(of found: Found, from: Int, count: Int, _ bytes: Span<UInt8>) -> Found {
        let scalars = Array(text(found, bytes).unicodeScalars.dropFirst(from - 1).prefix(count))
        var part = String.UnicodeScalarView()
        part.append(contentsOf: scalars)
        return append(Array(String(part).utf8))
    }

    /// The part between two separators; nothing where there are not so many.
    private func part(_ number: Int, of found: Found, separator: [UInt8], _ bytes: Span<UInt8>) -> Found {
        switch found {
        case .nothing: .nothing
        case .inFile(let range): Self.part(number, of: bytes, range, separator: separator).map(Found.inFile) ?? .nothing
        case .inBuffer(let range):
            Self.part(number, of: buffer.span, range, separator: separator).map(Found.inBuffer) ?? .nothing
        }
    }

    private static func part(
        _ number: Int, of bytes: Span<UInt8>, _ range: Range<Int>, separator: [UInt8]
    ) -> Range<Int>? {
        var start = range.lowerBound
        var remaining = number - 1
        var position = start
        while position <= range.upperBound {
            let isAtEnd = position == range.upperBound
            guard isAtEnd || begins(bytes, at: position, before: range.upperBound, with: separator) else {
                position += 1
                continue
            }
            if remaining == 0 {
                let part = TextForm.trimmed(bytes, start..<position)
                return part.isEmpty ? nil : part
            }
            if isAtEnd { return nil }
            remaining -= 1
            position += separator.count
            start = position
        }
        return nil
    }

    private static func begins(_ bytes: Span<UInt8>, at start: Int, before end: Int, with text: [UInt8]) -> Bool {
        guard end - start >= text.count else { return false }
        for index in text.indices where bytes[start + index] != text[index] { return false }
        return true
    }

    /// Appends a text; an empty one is nothing.
    mutating func append(_ text: [UInt8]) -> Found {
        guard !text.isEmpty else { return .nothing }
        let start = buffer.count
        buffer.append(contentsOf: text)
        return .inBuffer(start..<buffer.count)
    }

    private mutating func copy(_ found: Found, _ bytes: Span<UInt8>) {
        switch found {
        case .nothing: break
        case .inFile(let range): for index in range { buffer.append(bytes[index]) }
        case .inBuffer(let range): for index in range { buffer.append(buffer[index]) }
        }
    }

    private func isEqual(_ text: [UInt8], _ other: Span<UInt8>) -> Bool { text.span.isSame(as: other) }
}
