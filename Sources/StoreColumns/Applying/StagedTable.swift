import Bytes

/// The next state of one type's table while a change set is applied: which rows there are, by key, and their columns.
final class StagedTable {
    let base: Table
    let definition: NodeType
    var type: NodeTypeID { base.type }

    /// What the set says about this type, in its order.
    private(set) var entries: [Entry] = []
    struct Entry {
        let changes: TypeChanges
        /// The row that each row of the set is; nil where its key is not usable, or not known yet.
        var rows: [RowNumber?]
    }

    /// Rows numbered so far, new ones included.
    private(set) var rowCount: Int
    /// The keys of new rows, from `base.rowCount` on.
    private var newKeys: [Lanes] = []
    private var keyIndex: HashIndexBuilder
    /// Where the set first names a row, by the row.
    private var firstPlaces: [RowNumber: Int] = [:]
    /// Rows that the set deletes, with their place among its deletes.
    private(set) var deleted: [RowNumber: Int] = [:]

    /// By column; for text columns that the set gives.
    private(set) var dictionaries: [StringDictionaryBuilder?]
    /// As the base holds them, until they are all made.
    var columns: [Column]
    private(set) var isWhole: Bool
    var columnVersions: [UInt64]
    var uniqueIndexes: [Int: RowIndex]

    init(_ base: Table, definition: NodeType) {
        self.base = base
        self.definition = definition
        rowCount = base.rowCount
        keyIndex = HashIndexBuilder(base.keyIndex.index)
        dictionaries = Array(repeating: nil, count: definition.columns.count)
        columns = base.heldColumns
        isWhole = base.lateParts.isEmpty
        columnVersions = base.columnVersions
        uniqueIndexes = base.uniqueIndexes
    }

    func add(_ changes: TypeChanges) {
        requireWhole()
        precondition(
            Set(changes.columns).count == changes.columns.count
                && changes.columns.allSatisfy(definition.columns.indices.contains)
                && changes.rowCount * changes.columns.count == changes.cells.count,
            "a change set names columns of its type once, and has a cell for each in each row")
        entries.append(Entry(changes: changes, rows: Array(repeating: nil, count: changes.rowCount)))
        keyIndex.reserve(changes.rowCount)
        for index in changes.columns {
            if dictionaries[index] == nil, case .string(let column) = columns[index] {
                dictionaries[index] = StringDictionaryBuilder(column.dictionary)
            }
        }
    }

    /// Has all columns made before they are read. Damaged ones are taken as nulls, and whoever applies the set throws away what comes
    /// of it (`GraphVersion.damage`).
    func requireWhole() {
        guard !isWhole else { return }
        isWhole = true
        columns = base.columns
    }

    /// Whether rows are new, changed or deleted.
    var isTouched: Bool { !deleted.isEmpty || entries.contains { !$0.rows.isEmpty } }

    // MARK: Rows

    /// The row that will hold this key once the set is applied, or nil.
    func row(_ key: Lanes) -> RowNumber? {
        find(key) { self.base.isLive($0) && (self.deleted.isEmpty || self.deleted[$0] == nil) }
    }

    /// - Parameter exists: asked of rows of the base.
    private func find(_ key: Lanes, _ exists: (RowNumber) -> Bool) -> RowNumber? {
        let row = keyIndex.first(key.hash32(base.hash, count: definition.key.count)) { row in
            let new = Int(row) - base.rowCount
            return new >= 0 ? newKeys[new] == key : exists(row) && key.areHeld(by: Int(row), in: base.keyColumns)
        }
        return row
            ?? base.keyIndex.selfNamed(key).flatMap { row in
                exists(row) && key.areHeld(by: Int(row), in: base.keyColumns) ? row : nil
            }
    }

    /// What the row with this key is to a set that gives it.
    enum Assignment {
        case row(RowNumber)
        /// The set has named it before.
        case named(firstPlace: Int)
        /// The set deletes it too.
        case deleted
        /// There are as many rows as there may be.
        case full
    }

    /// The row with this key, which gets the next number if there is none.
    /// - Parameter place: the row of the set.
    func assign(_ key: Lanes, place: Int, rowLimit: Int) -> Assignment {
        if let row = find(key, base.isLive) {
            if deleted[row] != nil { return .deleted }
            if let first = firstPlaces[row] { return .named(firstPlace: first) }
            firstPlaces[row] = place
            return .row(row)
        }
        guard rowCount < rowLimit else { return .full }
        let row = RowNumber(truncatingIfNeeded: rowCount)
        rowCount += 1
        newKeys.append(key)
        keyIndex.insert(key.hash32(base.hash, count: definition.key.count), row)
        firstPlaces[row] = place
        return .row(row)
    }

    func setRow(_ row: RowNumber, entry: Int, place: Int) { entries[entry].rows[place] = row }

    /// Marks a row of the base as deleted. False if it is already.
    func delete(_ row: RowNumber, place: Int) -> Bool {
        guard deleted[row] == nil else { return false }
        requireWhole()
        deleted[row] = place
        return true
    }

    /// Whether a row will exist once the set is applied.
    func isLive(_ row: RowNumber) -> Bool {
        Int(row) >= base.rowCount ? Int(row) < rowCount : base.isLive(row) && (deleted.isEmpty || deleted[row] == nil)
    }

    /// The code of a text in a column as it will be; nil where it is not there.
    func code(of text: String, in column: Int) -> UInt32? {
        if let builder = dictionaries[column] { return builder.code(of: text) }
        return base.code(of: text, in: column)
    }

    func finishedKeyIndex() -> RowIndex {
        RowIndex(
            columns: base.keyIndex.columns, index: keyIndex.finish(), selfNamedCount: base.keyIndex.selfNamedCount)
    }
}
