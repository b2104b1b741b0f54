import StoreColumns

/// Generated words → the end of one column.
final class ColumnLoader {
    private enum Sink {
        case boolean(BooleanAppender)
        case int(FixedWidthAppender<Int32>)
        case date(FixedWidthAppender<Int32>)
        case decimal(FixedWidthAppender<Int64>, digits: Int)
        case text(TextAppender)
        case code(FixedWidthAppender<UInt16>)
        case codes(ListAppender<UInt16>)
        case row(FixedWidthAppender<UInt32>)
        case rows(ListAppender<UInt32>)
    }

    let column: Int
    /// The type whose rows it names.
    let target: NodeTypeID?
    private let sink: Sink
    private let isNullable: Bool
    /// The names of an enumeration.
    private let names: [[UInt8]]
    private var line: [UInt8] = []

    /// - Throws: where a recipe has no values for such a column.
    init(
        _ column: Int, of type: NodeType, _ catalog: Catalog, _ table: TableBuilder
    ) throws(GenerationProblem) {
        self.column = column
        let definition = type.columns[column]
        isNullable = definition.isNullable
        var names: [[UInt8]] = []
        var target: NodeTypeID?
        switch definition.kind {
        case .boolean: sink = .boolean(table.booleans(column))
        case .int: sink = .int(table.ints(column))
        case .date: sink = .date(table.ints(column))
        case .decimal(let digits): sink = .decimal(table.longs(column), digits: digits)
        case .string:
            let isDistinct = definition.isUnique || type.key == [column]
            sink = .text(table.texts(column, isDistinct ? TextAppender.Repetition.none : .unknown))
        case .enumeration(let id):
            names = catalog[id].values.map { Array($0.utf8) }
            sink = .code(table.codes(column))
        case .enumerationList(let id):
            names = catalog[id].values.map { Array($0.utf8) }
            sink = .codes(table.codeLists(column))
        case .reference(let type):
            target = type
            sink = .row(table.references(column))
        case .referenceList(let type):
            target = type
            sink = .rows(table.referenceLists(column))
        case .float, .dateTime:
            throw GenerationProblem(
                description: "'\(type.name).\(definition.name)' is of a kind that no recipe makes without text in between")
        }
        self.names = names
        self.target = target
    }

    func appendNull() {
        switch sink {
        case .boolean(let column): column.append(nil)
        case .int(let column), .date(let column): column.appendNull()
        case .decimal(let column, _): column.appendNull()
        case .text(let column): column.appendNull()
        case .code(let column): column.appendNull()
        case .row(let column): column.appendNull()
        // A list that is always there is empty.
        case .codes(let column): _ = column.append(isNullable ? nil : [])
        case .rows(let column): _ = column.append(isNullable ? nil : [])
        }
    }

    /// - Parameter find: the row of a type with a key.
    /// - Returns: false for a value that the column cannot hold.
    func append(
        _ word: Int64, _ kind: ValueKind, _ texts: Span<UInt8>, _ find: (NodeTypeID, Span<UInt8>) -> RowNumber?
    ) -> Bool {
        guard word != absentWord else {
            appendNull()
            return true
        }
        if case .text = kind {
            let range = TextPlace(word: word).range
            // An empty text is none, as it is in a file.
            guard !range.isEmpty else {
                appendNull()
                return true
            }
            return append(texts.extracting(range), find)
        }
        switch (sink, kind) {
        case (.boolean(let column), .boolean): column.append(word != 0)
        case (.int(let column), .integer):
            guard let value = Int32(exactly: word) else { return false }
            column.append(value)
        case (.date(let column), .date):
            guard let value = Int32(exactly: word), CivilDate(days: value) != nil else { return false }
            column.append(value)
        case (.decimal(let column, let digits), .decimal(let own)): return append(word, own, to: column, digits)
        case (.decimal(let column, let digits), .integer): return append(word, 0, to: column, digits)
        case (.text, .integer), (.text, .decimal), (.text, .date), (.text, .boolean), (.row, .integer), (.rows, .integer):
            line.removeAll(keepingCapacity: true)
            CellWriter.append(word, kind, texts: [], to: &line)
            let text = line
            return append(text.span, find)
        default: return false
        }
        return true
    }

    private func append(_ word: Int64, _ own: Int, to column: FixedWidthAppender<Int64>, _ digits: Int) -> Bool {
        guard own <= digits else { return false }
        var value = word
        for _ in own..<digits {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { return false }
            value = product
        }
        column.append(value)
        return true
    }

    private func append(_ text: Span<UInt8>, _ find: (NodeTypeID, Span<UInt8>) -> RowNumber?) -> Bool {
        switch sink {
        case .text(let column): return column.append(text)
        case .code(let column):
            guard let code = code(text) else { return false }
            column.append(code)
            return true
        case .row(let column):
            guard let target, let row = find(target, text) else { return false }
            column.append(row)
            return true
        case .codes(let column):
            var list: [UInt16] = []
            return forEachElement(text) { element in
                guard let code = code(element) else { return false }
                list.append(code)
                return true
            } && column.append(list)
        case .rows(let column):
            guard let target else { return false }
            var list: [UInt32] = []
            return forEachElement(text) { element in
                guard let row = find(target, element) else { return false }
                list.append(row)
                return true
            } && column.append(list)
        case .boolean, .int, .date, .decimal: return false
        }
    }

    /// The parts of a list, which stand between semicolons.
    private func forEachElement(_ text: Span<UInt8>, _ body: (Span<UInt8>) -> Bool) -> Bool {
        var start = 0
        for index in 0...text.count where index == text.count || text[index] == UInt8(ascii: ";") {
            guard body(text.extracting(start..<index)) else { return false }
            start = index + 1
        }
        return true
    }

    private func code(_ text: Span<UInt8>) -> UInt16? {
        for (code, name) in names.enumerated() where name.count == text.count {
            var isSame = true
            for index in text.indices { isSame = isSame && name[index] == text[index] }
            if isSame { return UInt16(truncatingIfNeeded: code) }
        }
        return nil
    }

    /// A value as text, for a message.
    func told(_ word: Int64, _ kind: ValueKind, _ texts: Span<UInt8>) -> String {
        var line: [UInt8] = []
        if case .text = kind {
            let text = texts.extracting(TextPlace(word: word).range)
            for index in text.indices { line.append(text[index]) }
        } else {
            CellWriter.append(word, kind, texts: [], to: &line)
        }
        return "\(kind.description) '\(String(decoding: line, as: UTF8.self))'"
    }
}
