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

    /// Texts that come in blocks of some length are the column that they are one by one, also where the blocks go across chunks and the row
    /// that decides.
    @Test(arguments: [TextAppender.Repetition.none, .unknown]) func `takes blocks as it takes rows`(
        _ repetition: TextAppender.Repetition
    ) throws {
        let many = (0..<140_000).map { $0 % 50 == 3 ? nil : "t\($0)" }
        let lists: [[String?]] = [
            [], [nil], ["a"], (0..<1_000).map { $0 % 7 == 0 ? nil : "x\($0)" }, many,
            repetition == .unknown ? (0..<140_000).map { "t\($0 % 1_000)" } : [],
        ]
        for (number, texts) in lists.enumerated() {
            let wanted = try #require(try column(texts, repetition))
            let builder = GraphBuilder(catalog: Self.catalog)
            let table = builder.table(NodeTypeID(0))
            for row in texts.indices { table.ints(0).append(Int32(row)) }
            let appender = table.texts(1, repetition)
            var row = 0
            while row < texts.count {
                let block = texts[row..<min(texts.count, row + 7_001 * (number + 1))]
                row += block.count
                var (bytes, ends): ([UInt8], [Int]) = ([], [])
                var validity = [UInt64](repeating: 0, count: (block.count + 63) / 64)
                for (place, text) in block.enumerated() {
                    guard let text else { continue }
                    bytes += Array(text.utf8)
                    ends.append(bytes.count)
                    validity[place >> 6] |= 1 << UInt64(place & 63)
                }
                let isTaken = appender.append(
                    rowCount: block.count, texts: bytes.span, ends: ends.span, validity: validity.span)
                #expect(isTaken)
            }
            let version = try builder.finish(number: 1, publishedAt: Instant(microseconds: 0))
            guard case .string(let found) = version[NodeTypeID(0)].column(1) else { continue }
            #expect(found.rowCount == texts.count && found.dictionary.count == wanted.dictionary.count)
            for row in texts.indices where found.codes[row] != wanted.codes[row] || found.text(at: row) != texts[row] {
                Issue.record("list \(number), row \(row): \(String(describing: found.text(at: row)))")
                break
            }
        }
    }
}
