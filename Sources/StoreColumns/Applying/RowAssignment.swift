/// Which row each row of a change set is: one that is there, or the next number. First of the steps of applying.
struct RowAssignment {
    let base: GraphVersion
    /// By position in the change set, then by row; nil where the row has no usable key.
    private(set) var rows: [[RowNumber?]] = []
    /// By node type: new rows by key, in the order of their numbers.
    private var newRows: [[Key: RowNumber]]
    /// By node type: the rows that the set deletes.
    private(set) var deletedRows: [Set<RowNumber>]
    /// By node type.
    private(set) var rowCounts: [Int]

    init(_ changes: ChangeSet, to base: GraphVersion, problems: inout ProblemList) {
        self.base = base
        newRows = base.catalog.nodeTypes.map { _ in [:] }
        deletedRows = base.catalog.nodeTypes.map { _ in [] }
        rowCounts = base.tables.map(\.rowCount)
        for type in changes.types { delete(type, problems: &problems) }
        var seen: [[Key: Int]] = base.catalog.nodeTypes.map { _ in [:] }
        for type in changes.types { rows.append(assign(type, seen: &seen[type.type.index], problems: &problems)) }
    }

    private mutating func delete(_ changes: TypeChanges, problems: inout ProblemList) {
        for (index, key) in changes.deletedKeys.enumerated() {
            guard let row = base.row(of: changes.type, forKey: key), deletedRows[changes.type.index].insert(row).inserted
            else {
                problems.report(.noSuchRow, type: changes.type, row: index)
                continue
            }
        }
    }

    private mutating func assign(
        _ changes: TypeChanges, seen: inout [Key: Int], problems: inout ProblemList
    ) -> [RowNumber?] {
        let type = changes.type
        let keyColumns = base.catalog[type].key
        let places = keyColumns.map { changes.columns.firstIndex(of: $0) }
        return (0..<changes.rowCount).map { row in
            var parts: [KeyPart] = []
            for (column, place) in zip(keyColumns, places) {
                guard let place else {
                    problems.report(.missingKey, type: type, row: row, column: column)
                    return nil
                }
                let cell = changes.cells[row * changes.columns.count + place]
                switch (KeyPart(cell), cell) {
                case (let part?, _) where part.fits(base.catalog[type].columns[column].kind): parts.append(part)
                case (nil, .absent), (nil, .null):
                    problems.report(.missingKey, type: type, row: row, column: column)
                    return nil
                default:
                    problems.report(.wrongKind, type: type, row: row, column: column)
                    return nil
                }
            }
            let key = Key(parts)
            if let first = seen[key] {
                problems.report(.duplicateKey(firstRow: first), type: type, row: row)
                return nil
            }
            seen[key] = row
            if let known = base.row(of: type, forKey: key) {
                if deletedRows[type.index].contains(known) {
                    // Deleted and upserted at once: nobody can say which was meant.
                    problems.report(.duplicateKey(firstRow: row), type: type, row: row)
                    return nil
                }
                return known
            }
            guard rowCounts[type.index] < Int(RowNumber.max) else {
                problems.report(.tooManyRows, type: type, row: row)
                return nil
            }
            let number = RowNumber(rowCounts[type.index])
            rowCounts[type.index] += 1
            newRows[type.index][key] = number
            return number
        }
    }

    /// The row that a key names once the set is applied; nil where there is none.
    func row(of type: NodeTypeID, forKey key: Key) -> RowNumber? {
        if let new = newRows[type.index][key] { return new }
        return base.row(of: type, forKey: key).flatMap { deletedRows[type.index].contains($0) ? nil : $0 }
    }

    /// The new rows of a type with their keys.
    func added(to type: NodeTypeID) -> [Key: RowNumber] { newRows[type.index] }
}

extension KeyPart {
    /// The cell as a part of a key; nil for cells that cannot be one.
    init?(_ cell: Cell) {
        switch cell {
        case .boolean(let value): self = .boolean(value)
        case .int(let value): self = .int(value)
        case .decimal(let value): self = .decimal(value)
        case .date(let value): self = .date(value)
        case .dateTime(let value): self = .dateTime(value)
        case .enumeration(let value): self = .enumeration(value)
        case .string(let value): self = .string(value)
        case .reference(let key): self = .reference(key)
        case .absent, .null, .float, .enumerationList, .referenceList: return nil
        }
    }

    func fits(_ kind: ColumnKind) -> Bool {
        switch (self, kind) {
        case (.boolean, .boolean), (.int, .int), (.decimal, .decimal), (.date, .date), (.dateTime, .dateTime),
            (.enumeration, .enumeration), (.string, .string), (.reference, .reference):
            true
        default: false
        }
    }
}
