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
    /// The rows that exist, ascending, where somebody sees few of many; nil elsewhere.
    package let fewRows: [RowNumber]?
    private let liveBitmap = Mutex<Bitmap?>(nil)
    /// Columns and edges as they are held, for handing on; those of `lateParts` only stand for what `late` makes.
    let heldColumns: [Column]
    let heldInverses: [Adjacency]
    let late: LateColumns?
    /// Of columns, then edges; empty where none is late.
    let lateParts: [Bool]
    let columnVersions: [UInt64]
    let keyIndex: RowIndex
    /// By column, for unique columns.
    let uniqueIndexes: [Int: RowIndex]
    let hash: KeyedHash
    private let knownKeyColumns = OnceReference<ColumnList>()

    private final class ColumnList: Sendable {
        let columns: [Column]
        init(_ columns: [Column]) { self.columns = columns }

        /// A call, so that the columns are lent.
        func hold(_ lanes: Lanes, at row: RowNumber) -> Bool { lanes.areHeld(by: Int(row), in: columns) }
    }

    init(
        type: NodeTypeID, rowCount: Int, live: LiveRows, columns: [Column], columnVersions: [UInt64],
        inverses: [Adjacency], keyIndex: RowIndex, uniqueIndexes: [Int: RowIndex], hash: KeyedHash,
        late: LateColumns? = nil, lateParts: [Bool] = [], fewRows: [RowNumber]? = nil
    ) {
        self.type = type
        self.rowCount = rowCount
        self.live = live
        self.fewRows = fewRows
        hasDeadRows = live.deadCount > 0
        heldColumns = columns
        self.late = late
        self.lateParts = lateParts
        self.columnVersions = columnVersions
        heldInverses = inverses
        self.keyIndex = keyIndex
        self.uniqueIndexes = uniqueIndexes
        self.hash = hash
    }

    /// A column by its index in the catalog. It is made now, if it has not been; one whose bytes are damaged comes as one of nulls
    /// (`GraphVersion.damage`).
    package func column(_ index: Int) -> Column {
        guard let late, lateParts[index] else { return heldColumns[index] }
        return late.column(index) ?? heldColumns[index].withoutValues(rowCount: rowCount, hash: hash)
    }
    /// A to-many edge by its index in the catalog. Made as a column is; one that is damaged comes empty.
    package func inverse(_ index: Int) -> Adjacency {
        guard let late, lateParts[heldColumns.count + index] else { return heldInverses[index] }
        return late.edge(heldColumns.count + index) ?? .empty(version: heldInverses[index].version)
    }

    /// All columns, made.
    var columns: [Column] {
        lateParts.isEmpty ? heldColumns : heldColumns.indices.map(column)
    }
    /// All inverse edges, made.
    var inverses: [Adjacency] {
        lateParts.isEmpty ? heldInverses : heldInverses.indices.map(inverse)
    }
    /// The columns of the key, in its order, made.
    var keyColumns: [Column] { listOfKeyColumns.columns }
    private var listOfKeyColumns: ColumnList {
        knownKeyColumns.load() ?? knownKeyColumns.storeIfNil(ColumnList(keyIndex.columns.map(column)))
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

    /// Calls with each row that exists, ascending.
    package func forEachRow<Failure: Error>(_ body: (RowNumber) throws(Failure) -> Void) throws(Failure) {
        if let fewRows {
            for row in fewRows { try body(row) }
        } else {
            for row in 0..<RowNumber(truncatingIfNeeded: rowCount) where isLive(row) { try body(row) }
        }
    }

    /// The live row whose key columns hold these lanes.
    func liveRow(_ lanes: Lanes) -> RowNumber? { keyIndex.row(lanes, hash, in: keyColumns, where: isLive) }

    /// The live row whose whole key is one text, by the text's code in the key's column; nil where there is none.
    package func row(withKeyCode code: UInt32) -> RowNumber? {
        guard keyIndex.columns.count == 1 else { return nil }
        var lanes = Lanes()
        lanes[0] = UInt64(code)
        // Rows mostly have the numbers of their keys: then the index, which knows of the others, need not be asked.
        if let row = keyIndex.selfNamed(lanes), isLive(row), areKeys(lanes, of: row) { return row }
        return liveRow(lanes)
    }

    /// Whether a row's key columns hold these lanes.
    private func areKeys(_ lanes: Lanes, of row: RowNumber) -> Bool {
        knownKeyColumns.withLoaded { $0.hold(lanes, at: row) } ?? listOfKeyColumns.hold(lanes, at: row)
    }

    /// The texts of the key, where one text is the whole of it.
    package var textKeys: StringDictionary? {
        guard keyIndex.columns.count == 1, case .string(let stored) = column(keyIndex.columns[0]) else { return nil }
        return stored.dictionary
    }

    /// The code of a text in a column; nil where the column has never held it.
    func code(of text: String, in column: Int) -> UInt32? {
        guard case .string(let stored) = self.column(column) else { return nil }
        return stored.dictionary.code(of: text)
    }

    /// The live row that holds a text in a unique column; nil where none does or the column is not unique.
    package func row(withUnique text: String, in column: Int) -> RowNumber? {
        code(of: text, in: column).flatMap { row(withUniqueLane: UInt64($0), in: column) }
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
