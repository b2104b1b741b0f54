import Model
import StoreColumns

extension ChangeSet {
    /// All rows of a version as a change set that would make them anew, rows in the order of their numbers.
    ///
    /// The cost in memory is that of an import of the same rows.
    package init(of version: GraphVersion) {
        self.init(types: version.catalog.nodeTypes.indices.map { TypeChanges(of: NodeTypeID($0), in: version) })
    }
}

extension TypeChanges {
    /// All rows of a type in a version.
    package init(of type: NodeTypeID, in version: GraphVersion) {
        let table = version[type]
        let columns = Array(version.catalog[type].columns.indices)
        var cells: [Cell] = []
        cells.reserveCapacity(table.liveRowCount * columns.count)
        for row in 0..<table.rowCount where table.liveRows?[row] ?? true {
            for column in columns {
                cells.append(version.cell(row, table.column(column), version.catalog[type].columns[column].kind))
            }
        }
        self.init(type: type, columns: columns, cells: cells)
    }
}

extension GraphVersion {
    /// What a row holds in a column, references by key.
    fileprivate func cell(_ row: Int, _ column: Column, _ kind: ColumnKind) -> Cell {
        switch (column, kind) {
        case (.boolean(let column), _): column[row].map(Cell.boolean) ?? .null
        case (.int(let column), _): column[row].map(Cell.int) ?? .null
        case (.decimal(let column, _), _): column[row].map(Cell.decimal) ?? .null
        case (.float(let column), _): column[row].map(Cell.float) ?? .null
        case (.date(let column), _): column[row].map(Cell.date) ?? .null
        case (.dateTime(let column), _): column[row].map(Cell.dateTime) ?? .null
        case (.enumeration(let column), _): column[row].map(Cell.enumeration) ?? .null
        case (.string(let column), _): column.text(at: row).map(Cell.string) ?? .null
        case (.reference(let column), .reference(let target)):
            column[row].map { .reference(key(of: $0, type: target)) } ?? .null
        case (.enumerationList(let column), _):
            column.isNull(at: row) ? .null : .enumerationList(elements(column.list(at: row)))
        case (.referenceList(let column), .referenceList(let target)):
            column.isNull(at: row) ? .null : .referenceList(elements(column.list(at: row)).map { key(of: $0, type: target) })
        case (.reference, _), (.referenceList, _): .null
        }
    }

    private func elements<Element>(_ list: Span<Element>) -> [Element] {
        var elements: [Element] = []
        for index in list.indices { elements.append(list[index]) }
        return elements
    }
}
