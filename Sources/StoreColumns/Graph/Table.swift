/// The rows of one node type in one version.
package final class Table: Sendable {
    package let type: NodeTypeID
    /// Rows ever numbered, deleted ones included: row numbers are below this.
    package let rowCount: Int
    /// Rows that exist.
    package let liveRowCount: Int
    /// Which rows exist; nil where all do.
    package let liveRows: Bitmap?
    let columns: [Column]
    let columnVersions: [UInt64]
    let inverses: [Adjacency]
    let keyIndex: RowIndex
    /// By column, for unique columns.
    let uniqueIndexes: [Int: RowIndex]

    init(
        type: NodeTypeID, rowCount: Int, liveRows: Bitmap?, columns: [Column], columnVersions: [UInt64],
        inverses: [Adjacency], keyIndex: RowIndex, uniqueIndexes: [Int: RowIndex]
    ) {
        self.type = type
        self.rowCount = rowCount
        self.liveRows = liveRows
        liveRowCount = liveRows?.setCount ?? rowCount
        self.columns = columns
        self.columnVersions = columnVersions
        self.inverses = inverses
        self.keyIndex = keyIndex
        self.uniqueIndexes = uniqueIndexes
    }

    /// A column by its index in the catalog.
    package func column(_ index: Int) -> Column { columns[index] }
    /// A to-many edge by its index in the catalog.
    package func inverse(_ index: Int) -> Adjacency { inverses[index] }
    /// The newest version that changed a column.
    package func columnVersion(_ index: Int) -> UInt64 { columnVersions[index] }
    /// The newest version that changed an edge.
    package func inverseVersion(_ index: Int) -> UInt64 { inverses[index].version }

    package func isLive(_ row: RowNumber) -> Bool { Int(row) < rowCount && (liveRows?[Int(row)] ?? true) }

    /// The live row whose key columns hold these lanes.
    func liveRow(_ lanes: Lanes) -> RowNumber? {
        keyIndex.row(lanes, in: keyIndex.columns.map { columns[$0] }).flatMap { isLive($0) ? $0 : nil }
    }

    /// The live row that holds a text in a unique column; nil where none does or the column is not unique.
    package func row(withUnique text: String, in column: Int) -> RowNumber? {
        guard let index = uniqueIndexes[column], case .string(let stored) = columns[column],
            let code = stored.dictionary.code(of: text)
        else { return nil }
        var lanes = Lanes()
        lanes[0] = UInt64(code)
        return index.row(lanes, in: [columns[column]]).flatMap { isLive($0) ? $0 : nil }
    }
}
