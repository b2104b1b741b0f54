import Bytes
import Synchronization

/// The rows of one node type in one version.
@usableFromInline package final class Table: Sendable {
    package let type: NodeTypeID
    /// Rows ever numbered, deleted ones included: row numbers are below this.
    @usableFromInline package let rowCount: Int
    /// Whether some numbered rows exist no more.
    @usableFromInline let hasDeadRows: Bool
    /// Rows that exist.
    package var liveRowCount: Int { rowCount - live.deadCount }
    let live: LiveRows
    private let liveBitmap = Mutex<Bitmap?>(nil)
    let columns: [Column]
    let columnVersions: [UInt64]
    let inverses: [Adjacency]
    let keyIndex: RowIndex
    /// By column, for unique columns.
    let uniqueIndexes: [Int: RowIndex]
    let hash: KeyedHash
    /// The columns of the key, in its order.
    let keyColumns: [Column]

    init(
        type: NodeTypeID, rowCount: Int, live: LiveRows, columns: [Column], columnVersions: [UInt64],
        inverses: [Adjacency], keyIndex: RowIndex, uniqueIndexes: [Int: RowIndex], hash: KeyedHash
    ) {
        self.type = type
        self.rowCount = rowCount
        self.live = live
        hasDeadRows = live.deadCount > 0
        self.columns = columns
        self.columnVersions = columnVersions
        self.inverses = inverses
        self.keyIndex = keyIndex
        self.uniqueIndexes = uniqueIndexes
        self.hash = hash
        keyColumns = keyIndex.columns.map { columns[$0] }
    }

    /// A column by its index in the catalog.
    package func column(_ index: Int) -> Column { columns[index] }
    /// A to-many edge by its index in the catalog.
    package func inverse(_ index: Int) -> Adjacency { inverses[index] }
    /// The newest version that changed a column.
    package func columnVersion(_ index: Int) -> UInt64 { columnVersions[index] }
    /// The newest version that changed an edge.
    package func inverseVersion(_ index: Int) -> UInt64 { inverses[index].version }

    /// Which rows exist; nil where all do. Made on first use, then kept.
    package var liveRows: Bitmap? {
        guard live.deadCount > 0 else { return nil }
        return liveBitmap.withLock { known in
            if known == nil { known = live.bitmap(rowCount: rowCount) }
            return known
        }
    }

    @inlinable package func isLive(_ row: RowNumber) -> Bool {
        Int(row) < rowCount && (!hasDeadRows || isNotDeleted(row))
    }
    @usableFromInline func isNotDeleted(_ row: RowNumber) -> Bool { live[Int(row)] }

    /// The live row whose key columns hold these lanes.
    func liveRow(_ lanes: Lanes) -> RowNumber? { keyIndex.row(lanes, hash, in: keyColumns, where: isLive) }

    /// The live row that holds a text in a unique column; nil where none does or the column is not unique.
    package func row(withUnique text: String, in column: Int) -> RowNumber? {
        guard case .string(let stored) = columns[column], let code = stored.dictionary.code(of: text) else { return nil }
        return row(withUniqueLane: UInt64(code), in: column)
    }

    /// The live row that holds a value in a unique column; nil where none does, the column is not unique, or the value is a
    /// reference or of another kind.
    package func row(withUnique part: KeyPart, in column: Int, of catalog: Catalog) -> RowNumber? {
        if case .string(let text) = part { return row(withUnique: text, in: column) }
        return part.lane(in: catalog[type].columns[column].kind).flatMap { row(withUniqueLane: $0, in: column) }
    }

    private func row(withUniqueLane lane: UInt64, in column: Int) -> RowNumber? {
        guard let index = uniqueIndexes[column] else { return nil }
        var lanes = Lanes()
        lanes[0] = lane
        return index.row(lanes, hash, in: [columns[column]], where: isLive)
    }
}
