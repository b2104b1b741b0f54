import Bytes

/// One immutable, numbered state of the whole graph. Safe to read from anywhere for as long as it is held.
@usableFromInline package final class GraphVersion: Sendable {
    /// Counts up by one from 0, the empty graph.
    package let number: UInt64
    package let publishedAt: Instant
    package let catalog: Catalog
    let tables: [Table]
    let hash: KeyedHash
    /// How many rows a type can number.
    let rowLimit: Int
    /// Set where it is what somebody sees of another.
    let seeing: Seeing?

    init(
        number: UInt64, publishedAt: Instant, catalog: Catalog, tables: [Table], hash: KeyedHash, rowLimit: Int,
        seeing: Seeing? = nil
    ) {
        self.seeing = seeing
        self.number = number
        self.publishedAt = publishedAt
        self.catalog = catalog
        self.tables = tables
        self.hash = hash
        self.rowLimit = rowLimit
    }

    package subscript(type: NodeTypeID) -> Table { tables[type.index] }

    /// More rows than this a type cannot number: the last number stands for none.
    package static let maximumRowCount = Int(RowNumber.max)

    /// Version 0: every type, no row.
    /// - Parameters:
    ///   - hash: seeds the indexes, so that nobody can choose keys that collide.
    ///   - rowLimit: rows a type may have, deleted ones included; at most `maximumRowCount`.
    package static func empty(
        catalog: Catalog, publishedAt: Instant = Instant(microseconds: 0), hash: KeyedHash = .ofProcess,
        rowLimit: Int = GraphVersion.maximumRowCount
    ) -> GraphVersion {
        precondition((0...maximumRowCount).contains(rowLimit), "row numbers have 32 bits")
        let tables = catalog.nodeTypes.enumerated().map { index, type in
            precondition((1...Lanes.maximumCount).contains(type.key.count), "a key has one to four columns")
            let unique = type.columns.indices.filter { type.columns[$0].isUnique }
            return Table(
                type: NodeTypeID(index), rowCount: 0, live: .all,
                columns: type.columns.map { Column(emptyOf: $0.kind, hash: hash) },
                columnVersions: type.columns.map { _ in 0 }, inverses: type.inverses.map { _ in .empty(version: 0) },
                keyIndex: RowIndex(columns: type.key, index: .empty),
                uniqueIndexes: Dictionary(
                    uniqueKeysWithValues: unique.map { ($0, RowIndex(columns: [$0], index: .empty)) }),
                hash: hash)
        }
        return GraphVersion(
            number: 0, publishedAt: publishedAt, catalog: catalog, tables: tables, hash: hash, rowLimit: rowLimit)
    }
}

// MARK: - Keys

extension GraphVersion {
    /// The live row of a type with that business key, or nil. Parts must be of their columns' kinds, else nil.
    package func row(of type: NodeTypeID, forKey key: Key) -> RowNumber? {
        lanes(of: key, type: type, depth: 0).flatMap { tables[type.index].liveRow($0) }
    }

    /// Keys of keys deeper than this name nothing: a guard against a key made to exhaust the stack.
    static let maximumKeyDepth = 32

    private func lanes(of key: Key, type: NodeTypeID, depth: Int) -> Lanes? {
        let columns = catalog[type].key
        guard key.parts.count == columns.count, depth < Self.maximumKeyDepth else { return nil }
        var lanes = Lanes()
        for (index, part) in key.parts.enumerated() {
            guard let lane = lane(of: part, in: columns[index], of: type, depth: depth) else { return nil }
            lanes[index] = lane
        }
        return lanes
    }

    private func lane(of part: KeyPart, in column: Int, of type: NodeTypeID, depth: Int) -> UInt64? {
        switch (part, catalog[type].columns[column].kind) {
        case (.string(let text), .string):
            guard case .string(let stored) = tables[type.index].column(column) else { return nil }
            return stored.dictionary.code(of: text).map(UInt64.init)
        case (.reference(let key), .reference(let target)):
            return lanes(of: key, type: target, depth: depth + 1).flatMap { tables[target.index].liveRow($0) }.map(UInt64.init)
        case (_, let kind): return part.lane(in: kind)
        }
    }

    /// The business key of a row.
    package func key(of row: RowNumber, type: NodeTypeID) -> Key {
        Key(catalog[type].key.compactMap { part(of: Int(row), column: $0, type: type) })
    }

    private func part(of row: Int, column index: Int, type: NodeTypeID) -> KeyPart? {
        let kind = catalog[type].columns[index].kind
        switch tables[type.index].column(index) {
        case .boolean(let column): return column[row].map(KeyPart.boolean)
        case .int(let column): return column[row].map(KeyPart.int)
        case .date(let column): return column[row].map(KeyPart.date)
        case .decimal(let column, _): return column[row].map(KeyPart.decimal)
        case .dateTime(let column): return column[row].map(KeyPart.dateTime)
        case .enumeration(let column): return column[row].map(KeyPart.enumeration)
        case .string(let column): return column.text(at: row).map(KeyPart.string)
        case .reference(let column):
            guard case .reference(let target) = kind, let referred = column[row] else { return nil }
            return .reference(key(of: referred, type: target))
        case .float, .enumerationList, .referenceList: return nil
        }
    }
}
