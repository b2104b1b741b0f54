import StoreColumns

/// Takes generated parts, in their order, straight into the columns of a graph: without text, files or cells in between.
///
/// References are keys in the recipe, as they are in its files. A part finds the rows that it holds itself, and those of earlier parts
/// of types that have few rows; memory is that of the columns and of one part.
package final class RowLoader {
    private let program: GenerationProgram
    private let builder: GraphBuilder
    private let types: [TypeLoader]
    package private(set) var rowCount = 0

    /// Of types with more rows than this only those of the part at hand are found by key.
    private static let keptKeyCount = 2_000_000

    /// - Throws: what the recipe makes and the catalog does not hold.
    package init(
        _ generator: RegisterGenerator, catalog: Catalog, into builder: GraphBuilder
    ) throws(GenerationProblem) {
        program = generator.program
        self.builder = builder
        var types: [TypeLoader] = []
        for (position, type) in generator.program.types.enumerated() {
            guard let id = catalog.nodeType(named: type.name) else {
                throw GenerationProblem(description: "the model has no type '\(type.name)'")
            }
            types.append(try TypeLoader(position, id, generator.program, catalog, builder.table(id)))
        }
        self.types = types
        // Only keys that something refers to are kept.
        let targets = Set(types.flatMap(\.targets))
        for type in types { type.isTarget = targets.contains(type.id) }
        for target in targets where !types.contains(where: { $0.id == target }) {
            throw GenerationProblem(description: "rows of '\(catalog[target].name)' are referred to, and none are made")
        }
    }

    /// Appends the rows of the next part.
    package func append(_ part: GeneratedRows) throws(GenerationProblem) {
        for (type, rows) in zip(types, part.types) where type.isTarget { try type.readKeys(rows, program) }
        for (type, rows) in zip(types, part.types) {
            try type.appendRows(rows, program) { (target, text) in
                for type in types where type.id == target { return type.row(text) }
                return nil
            }
        }
        for type in types { type.endPart(keptKeyCount: Self.keptKeyCount) }
        rowCount += part.rowCount
    }
}

/// The columns of one type.
private final class TypeLoader {
    let id: NodeTypeID
    private let name: String
    private let position: Int
    /// By the column of the recipe.
    private let columns: [ColumnLoader]
    /// Positions in the recipe's columns of what makes up the key, in its order.
    private let keyColumns: [Int]
    var isTarget = false
    private var rowCount = 0
    /// Keys of the part at hand, and of all before it while they are few.
    private var own = KeyTable()
    private var earlier: KeyTable? = KeyTable()

    init(
        _ position: Int, _ id: NodeTypeID, _ program: GenerationProgram, _ catalog: Catalog, _ table: TableBuilder
    ) throws(GenerationProblem) {
        self.position = position
        self.id = id
        let definition = catalog[id]
        name = definition.name
        var columns: [ColumnLoader] = []
        for heading in program.types[position].columns {
            guard let column = definition.column(named: heading) else {
                throw GenerationProblem(description: "the model's '\(definition.name)' has no stored field '\(heading)'")
            }
            columns.append(try ColumnLoader(column, of: definition, catalog, table))
        }
        self.columns = columns
        keyColumns = definition.key.compactMap { column in columns.firstIndex { $0.column == column } }
        guard keyColumns.count == definition.key.count else {
            throw GenerationProblem(description: "the recipe makes no whole key of '\(definition.name)'")
        }
    }

    var targets: [NodeTypeID] { columns.compactMap(\.target) }

    func row(_ text: Span<UInt8>) -> RowNumber? { own.row(text) ?? earlier?.row(text) }

    /// Finds out where the keys of a part's rows will stand.
    func readKeys(_ rows: GeneratedRows.Rows, _ program: GenerationProgram) throws(GenerationProblem) {
        var start = 0
        let texts = rows.texts.span
        var key: [UInt8] = []
        for (number, kind) in rows.kinds.enumerated() {
            let fields = program.kinds[Int(kind)].fields
            key.removeAll(keepingCapacity: true)
            for (place, column) in keyColumns.enumerated() {
                guard let field = fields.firstIndex(where: { $0.column == column }), rows.words[start + field] != absentWord
                else {
                    throw GenerationProblem(description: "a row of '\(name)' lacks a part of its key")
                }
                if place > 0 { key.append(UInt8(ascii: "|")) }
                let word = rows.words[start + field]
                if case .text = fields[field].kind {
                    let text = texts.extracting(TextPlace(word: word).range)
                    for index in text.indices { key.append(text[index]) }
                } else {
                    CellWriter.append(word, fields[field].kind, texts: [], to: &key)
                }
            }
            guard own.insert(key.span, RowNumber(truncatingIfNeeded: rowCount + number)) else {
                throw GenerationProblem(
                    description: "two rows of '\(name)' have the key \(String(decoding: key, as: UTF8.self))")
            }
            start += fields.count
        }
    }

    func appendRows(
        _ rows: GeneratedRows.Rows, _ program: GenerationProgram, _ find: (NodeTypeID, Span<UInt8>) -> RowNumber?
    ) throws(GenerationProblem) {
        guard rowCount + rows.kinds.count <= GraphVersion.maximumRowCount else {
            throw GenerationProblem(
                description:
                    "'\(name)' would have more than \(GraphVersion.maximumRowCount) rows, which is as many as can be numbered")
        }
        let texts = rows.texts.span
        var start = 0
        for kind in rows.kinds {
            let fields = program.kinds[Int(kind)].fields
            var next = 0
            for column in columns.indices {
                if next < fields.count, fields[next].column == column {
                    guard columns[column].append(rows.words[start + next], fields[next].kind, texts, find) else {
                        throw GenerationProblem(
                            description: "'\(name)' cannot hold a value of '\(program.types[position].columns[column])': "
                                + columns[column].told(rows.words[start + next], fields[next].kind, texts))
                    }
                    next += 1
                } else {
                    columns[column].appendNull()
                }
            }
            start += fields.count
        }
        rowCount += rows.kinds.count
    }

    func endPart(keptKeyCount: Int) {
        guard isTarget else { return }
        if let known = earlier, known.count + own.count > keptKeyCount { earlier = nil }
        earlier?.insertAll(own)
        own.removeAll()
    }
}
