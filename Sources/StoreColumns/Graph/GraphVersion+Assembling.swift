import Bytes

/// The rows of one node type as columns that exist already, on the way into a version.
package struct TableParts: Sendable {
    package var rowCount: Int
    /// One a column of the type, each of its kind, with `rowCount` rows.
    package var columns: [Column]
    package var columnVersions: [UInt64]
    /// One an inverse edge of the type.
    package var inverses: [Adjacency]
    /// Text columns in which the code of each row's text is the row's number.
    package var selfNumberedColumns: Set<Int>
    /// By the key; nil to have it made.
    package var keyIndex: LateIndex?
    /// By column; those of unique columns that are missing are made.
    package var uniqueIndexes: [Int: LateIndex]
    /// Where columns and edges come from when they are first read; then what stands above only names their kinds and versions.
    package var late: LateColumns?
    /// Where indexes that are made find room; nil: on the heap.
    var scratch: Scratch?

    package init(
        rowCount: Int, columns: [Column], columnVersions: [UInt64], inverses: [Adjacency],
        selfNumberedColumns: Set<Int> = [], keyIndex: LateIndex? = nil, uniqueIndexes: [Int: LateIndex] = [:]
    ) {
        self.rowCount = rowCount
        self.columns = columns
        self.columnVersions = columnVersions
        self.inverses = inverses
        self.selfNumberedColumns = selfNumberedColumns
        self.keyIndex = keyIndex
        self.uniqueIndexes = uniqueIndexes
    }
}

extension GraphVersion {
    /// A version of parts that exist already, shared and not copied. That they fit one another is the caller's word: columns are
    /// of their kinds and of equal length, row numbers and codes in range, keys and unique values there once, edges those of
    /// their columns.
    ///
    /// - Parameter hash: what the given indexes were made with, and those that are made will be.
    package convenience init(
        number: UInt64, publishedAt: Instant, catalog: Catalog, parts: [TableParts], hash: KeyedHash,
        rowLimit: Int = GraphVersion.maximumRowCount
    ) {
        precondition(parts.count == catalog.nodeTypes.count, "a table a type")
        let tables = zip(catalog.nodeTypes, parts).enumerated().map { index, pair in
            let (type, parts) = pair
            precondition((1...Lanes.maximumCount).contains(type.key.count), "a key has one to four columns")
            var unique: [Int: RowIndex] = [:]
            for column in type.columns.indices where type.columns[column].isUnique {
                unique[column] = parts.index(over: [column], given: parts.uniqueIndexes[column], hash)
            }
            return Table(
                type: NodeTypeID(index), rowCount: parts.rowCount, live: .all, columns: parts.columns,
                columnVersions: parts.columnVersions, inverses: parts.inverses,
                keyIndex: parts.index(over: type.key, given: parts.keyIndex, hash), uniqueIndexes: unique, hash: hash,
                late: parts.late,
                lateParts: parts.late == nil ? [] : Array(repeating: true, count: parts.columns.count + parts.inverses.count))
        }
        self.init(
            number: number, publishedAt: publishedAt, catalog: catalog, tables: tables, hash: hash, rowLimit: rowLimit)
    }
}

extension TableParts {
    /// Whether an index over these columns holds nothing, because a row is found by the code of its text.
    package func isSelfNamed(_ columns: [Int]) -> Bool { columns.count == 1 && selfNumberedColumns.contains(columns[0]) }

    fileprivate func index(over columns: [Int], given: LateIndex?, _ hash: KeyedHash) -> RowIndex {
        if isSelfNamed(columns) { return RowIndex(columns: columns, index: .empty, selfNamedCount: rowCount) }
        return RowIndex(columns: columns, index: HashIndex(base: given ?? LateIndex(makeIndex(over: columns, hash))))
    }

    /// The rows by the values of some columns; rows with a null among them are left out. Cost: one pass over the columns.
    package func makeIndex(over columns: [Int], _ hash: KeyedHash) -> BucketIndex {
        BucketIndex(count: rowCount, columns: columns.map { self.columns[$0] }, hash, in: scratch)
    }
}

extension Table {
    /// An index over some columns for rows and values that are numbered otherwise than here.
    /// - Parameters:
    ///   - row: the row here of each row there, of which there are `rowCount`; nil where it is the same.
    ///   - changes: for each of the columns: takes the value here as a word, and the row there; gives the value there. Nil where it is the
    ///     same.
    package func makeIndex(
        over columns: [Int], rowCount: Int, _ hash: KeyedHash, row: ((Int) -> Int)?, changes: [((UInt64, Int) -> UInt64)?]
    ) -> BucketIndex {
        let stored = columns.map { self.columns[$0] }
        guard let row else { return BucketIndex(count: rowCount, columns: stored, hash, changes: changes) }
        return BucketIndex(count: rowCount) { number in
            guard var lanes = Lanes(of: row(Int(number)), in: stored) else { return nil }
            for place in columns.indices { lanes[place] = changes[place]?(lanes[place], Int(number)) ?? lanes[place] }
            return lanes.hash32(hash, count: columns.count)
        }
    }
}

extension BucketIndex {
    /// Rows by the values of some columns.
    package init(count: Int, columns: [Column], _ hash: KeyedHash, in scratch: Scratch? = nil) {
        self.init(count: count, columns: columns, hash, in: scratch, changes: columns.map { _ in nil })
    }

    /// As above, of values that are changed before.
    fileprivate init(
        count: Int, columns: [Column], _ hash: KeyedHash, in scratch: Scratch? = nil, changes: [((UInt64, Int) -> UInt64)?]
    ) {
        var numbers = HashedNumbers(capacity: count)
        var batch = LaneBatch(rowCount: min(count, ChunkLayout.rowCount))
        for chunk in 0..<ChunkLayout.chunkCount(count) {
            batch.read(columns, chunk: chunk, rowCount: ChunkLayout.rowCount(ofChunk: chunk, of: count))
            for (place, change) in changes.enumerated() {
                if let change { batch.change(place, chunk: chunk, change) }
            }
            batch.append(to: &numbers, chunk: chunk, hash, columnCount: columns.count)
        }
        self.init(numbers, in: scratch)
    }
}

extension Lanes {
    /// What a row holds in some columns; nil if it is null in one of them.
    init?(of row: Int, in columns: [Column]) {
        self.init()
        for index in columns.indices {
            guard let lane = columns[index].lane(at: row) else { return nil }
            self[index] = lane
        }
    }
}
