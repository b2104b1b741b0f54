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
    /// Columns and edges as they are held, perhaps not checked yet: for handing on, not for reading.
    let heldColumns: [Column]
    let heldInverses: [Adjacency]
    /// What must pass before a column or an edge is read; nil where nothing has to.
    let checks: ColumnChecks?
    let columnVersions: [UInt64]
    let keyIndex: RowIndex
    /// By column, for unique columns.
    let uniqueIndexes: [Int: RowIndex]
    let hash: KeyedHash
    private let heldKeyColumns: [Column]

    init(
        type: NodeTypeID, rowCount: Int, live: LiveRows, columns: [Column], columnVersions: [UInt64],
        inverses: [Adjacency], keyIndex: RowIndex, uniqueIndexes: [Int: RowIndex], hash: KeyedHash,
        checks: ColumnChecks? = nil
    ) {
        self.type = type
        self.rowCount = rowCount
        self.live = live
        hasDeadRows = live.deadCount > 0
        heldColumns = columns
        self.checks = checks
        self.columnVersions = columnVersions
        heldInverses = inverses
        self.keyIndex = keyIndex
        self.uniqueIndexes = uniqueIndexes
        self.hash = hash
        heldKeyColumns = keyIndex.columns.map { columns[$0] }
    }

    /// A column by its index in the catalog. Its bytes are checked now, if they have not been; one whose bytes are damaged comes
    /// as one of nulls (`GraphVersion.damage`).
    package func column(_ index: Int) -> Column {
        if let checks, !checks.allows(index) { return heldColumns[index].withoutValues(rowCount: rowCount, hash: hash) }
        return heldColumns[index]
    }
    /// A to-many edge by its index in the catalog. Checked as a column is; one that is damaged comes empty.
    package func inverse(_ index: Int) -> Adjacency {
        if let checks, !checks.allows(heldColumns.count + index) { return .empty(version: heldInverses[index].version) }
        return heldInverses[index]
    }

    /// All columns, checked.
    var columns: [Column] {
        checks == nil ? heldColumns : heldColumns.indices.map(column)
    }
    /// All inverse edges, checked.
    var inverses: [Adjacency] {
        checks == nil ? heldInverses : heldInverses.indices.map(inverse)
    }
    /// The columns of the key, in its order, checked.
    var keyColumns: [Column] {
        guard let checks else { return heldKeyColumns }
        for column in keyIndex.columns where !checks.allows(column) { return keyIndex.columns.map { self.column($0) } }
        return heldKeyColumns
    }
    /// The newest version that changed a column.
    package func columnVersion(_ index: Int) -> UInt64 { columnVersions[index] }
    /// The newest version that changed an edge.
    package func inverseVersion(_ index: Int) -> UInt64 { heldInverses[index].version }

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
        guard case .string(let stored) = self.column(column), let code = stored.dictionary.code(of: text) else { return nil }
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
        return index.row(lanes, hash, in: [self.column(column)], where: isLive)
    }
}
