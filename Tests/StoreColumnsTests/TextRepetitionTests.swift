import StoreColumns
import Testing

@Suite struct `A column of texts that may or may not repeat` {
    private static let catalog = Catalog(
        nodeTypes: [
            NodeType(
                name: "Row",
                columns: [
                    ColumnDefinition(name: "number", kind: .int, isNullable: false),
                    ColumnDefinition(name: "text", kind: .string, isNullable: true),
                ], key: [0])
        ], enumerations: [])

    private func column(_ texts: [String?], _ repetition: TextAppender.Repetition) throws -> DictionaryColumn? {
        let builder = GraphBuilder(catalog: Self.catalog)
        let table = builder.table(NodeTypeID(0))
        let appender = table.texts(1, repetition)
        for (row, text) in texts.enumerated() {
            table.ints(0).append(Int32(row))
            if let text { #expect(appender.append(text)) } else { appender.appendNull() }
        }
        let version = try builder.finish(number: 1, publishedAt: Instant(microseconds: 0))
        guard case .string(let column) = version[NodeTypeID(0)].column(1) else { return nil }
        #expect(version.firstInconsistency() == nil)
        return column
    }

    private func check(_ texts: [String?], isOneARow: Bool, _ comment: Comment) throws {
        let column = try #require(try column(texts, .unknown))
        for (row, text) in texts.enumerated() where column.text(at: row) != text {
            Issue.record("row \(row) holds \(String(describing: column.text(at: row))), not \(String(describing: text))")
            return
        }
        let distinct = Set(texts.compactMap(\.self)).count
        #expect(column.dictionary.count == (isOneARow ? texts.count : distinct), comment)
        for text in Set(texts.compactMap(\.self)).prefix(50) { #expect(column.dictionary.code(of: text) != nil) }
        #expect(column.dictionary.code(of: "nowhere") == nil)
    }

    @Test func `keeps each distinct text once if any repeats, else one a row`() throws {
        try check([], isOneARow: true, "none")
        try check(["a", nil, "b", "c"], isOneARow: true, "distinct, with a null")
        try check(["a", nil, "b", "a"], isOneARow: false, "the last repeats")
        try check((0..<2_000).map { "t\($0 % 7)" }, isOneARow: false, "few")
    }

    /// 131,072 rows decide; what comes behind them may still prove it wrong.
    @Test func `decides by its first rows, and mends what they did not show`() throws {
        let distinct = (0..<140_000).map { $0 % 50 == 3 ? nil : "t\($0)" }
        try check(distinct, isOneARow: true, "distinct throughout")
        try check(distinct.dropLast() + ["t7"], isOneARow: false, "distinct but for the last")
        try check((0..<140_000).map { "t\($0 % 1_000)" }, isOneARow: false, "repeating from the start")
    }
}
