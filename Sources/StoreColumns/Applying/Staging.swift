/// A change set on its way: all tables as they will be, and what is wrong with them.
///
/// The steps run in this order: deletes find their rows, rows of the set find theirs or get numbers, columns are written,
/// unique columns and deletes are checked against the result, edges follow.
struct Staging {
    let base: GraphVersion
    let number: UInt64
    let tables: [StagedTable]
    let problems: ProblemList

    init(_ changes: ChangeSet, to base: GraphVersion, number: UInt64, problemLimit: Int) {
        self.base = base
        self.number = number
        problems = ProblemList(limit: problemLimit)
        tables = base.tables.map { StagedTable($0, definition: base.catalog[$0.type]) }
        for type in changes.types where !type.columns.isEmpty { tables[type.type.index].add(type) }
    }

    /// Finds the rows that the set deletes, as they are in the base.
    func markDeleted(_ changes: ChangeSet) {
        for type in changes.types {
            // All are looked up before any is marked: a key may hold a reference to a row that goes too.
            let rows = type.deletedKeys.map { base.row(of: type.type, forKey: $0) }
            for (place, row) in rows.enumerated() {
                guard let row, tables[type.type.index].delete(row, place: place) else {
                    problems.report(.noSuchRow, type: type.type, row: place)
                    continue
                }
            }
        }
    }

    // MARK: Keys

    /// The row that a key names once the set is applied, as far as its rows are known; nil where there is none.
    func row(of type: NodeTypeID, forKey key: Key, depth: Int = 0) -> RowNumber? {
        let table = tables[type.index]
        let columns = table.definition.key
        guard key.parts.count == columns.count, depth < GraphVersion.maximumKeyDepth else { return nil }
        var lanes = Lanes()
        for index in columns.indices {
            guard let lane = lane(of: key.parts[index], in: columns[index], of: table, depth: depth) else { return nil }
            lanes[index] = lane
        }
        return table.row(lanes)
    }

    private func lane(of part: KeyPart, in column: Int, of table: StagedTable, depth: Int) -> UInt64? {
        switch (part, table.definition.columns[column].kind) {
        case (.string(let text), .string): table.code(of: text, in: column).map(UInt64.init)
        case (.reference(let key), .reference(let target)):
            row(of: target, forKey: key, depth: depth + 1).map(UInt64.init)
        case (_, let kind): part.lane(in: kind)
        }
    }
}
