/// A change set on its way: all tables as they will be, and what is wrong with them.
///
/// The steps run in this order: deletes find their rows, rows of the set find theirs or get numbers, columns are written,
/// unique columns and deletes are checked against the result, edges follow.
///
/// A set touches few of many types: only tables that it writes are staged, all others are the base's.
final class Staging {
    let base: GraphVersion
    let number: UInt64
    let problems: ProblemList
    /// By type; nil for one that is read from the base.
    private var staged: [StagedTable?]

    init(_ changes: ChangeSet, to base: GraphVersion, number: UInt64, problemLimit: Int) {
        self.base = base
        self.number = number
        problems = ProblemList(limit: problemLimit)
        staged = Array(repeating: nil, count: base.tables.count)
        for type in changes.types where !type.columns.isEmpty { table(type.type).add(type) }
    }

    /// Those of the tables that are written, in the order of their types.
    var tables: [StagedTable] { staged.compactMap { $0 } }

    /// The table of a type, to be written.
    func table(_ type: NodeTypeID) -> StagedTable {
        if let table = staged[type.index] { return table }
        let table = StagedTable(base[type], definition: base.catalog[type])
        staged[type.index] = table
        return table
    }

    /// The table of a type, if it is written.
    func tableIfStaged(_ type: NodeTypeID) -> StagedTable? { staged[type.index] }

    /// Finds the rows that the set deletes, as they are in the base.
    func markDeleted(_ changes: ChangeSet) {
        for type in changes.types {
            // All are looked up before any is marked: a key may hold a reference to a row that goes too.
            let rows = type.deletedKeys.map { base.row(of: type.type, forKey: $0) }
            for (place, row) in rows.enumerated() {
                guard let row, table(type.type).delete(row, place: place) else {
                    problems.report(.noSuchRow, type: type.type, row: place)
                    continue
                }
            }
        }
    }

    // MARK: Keys

    /// The row that a key names once the set is applied, as far as its rows are known; nil where there is none.
    func row(of type: NodeTypeID, forKey key: Key, depth: Int = 0) -> RowNumber? {
        let (table, stored) = (staged[type.index], base[type])
        let columns = stored.keyIndex.columns
        guard key.parts.count == columns.count, depth < GraphVersion.maximumKeyDepth else { return nil }
        var lanes = Lanes()
        for index in columns.indices {
            let kind = base.catalog.nodeTypes[type.index].columns[columns[index]].kind
            let lane =
                switch (key.parts[index], kind) {
                case (.string(let text), .string):
                    (table == nil ? stored.code(of: text, in: columns[index]) : table?.code(of: text, in: columns[index]))
                        .map(UInt64.init)
                case (.reference(let key), .reference(let target)):
                    row(of: target, forKey: key, depth: depth + 1).map(UInt64.init)
                case (let part, let kind): part.lane(in: kind)
                }
            guard let lane else { return nil }
            lanes[index] = lane
        }
        return if let table { table.row(lanes) } else { stored.liveRow(lanes) }
    }
}
