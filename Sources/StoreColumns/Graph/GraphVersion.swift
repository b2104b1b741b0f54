/// One immutable, numbered state of the whole graph. Safe to read from anywhere for as long as it is held.
package final class GraphVersion: Sendable {
    /// Counts up by one from 0, the empty graph.
    package let number: UInt64
    package let publishedAt: Instant
    package let catalog: Catalog
    let tables: [Table]

    init(number: UInt64, publishedAt: Instant, catalog: Catalog, tables: [Table]) {
        self.number = number
        self.publishedAt = publishedAt
        self.catalog = catalog
        self.tables = tables
    }

    package subscript(type: NodeTypeID) -> Table { tables[type.index] }

    /// Version 0: every type, no row.
    package static func empty(catalog: Catalog, publishedAt: Instant = Instant(microseconds: 0)) -> GraphVersion {
        let tables = catalog.nodeTypes.enumerated().map { index, type in
            precondition((1...Lanes.maximumCount).contains(type.key.count), "a key has one to four columns")
            return Table(
                type: NodeTypeID(index), rowCount: 0, liveRows: nil, columns: type.columns.map { Column(emptyOf: $0.kind) },
                columnVersions: type.columns.map { _ in 0 }, inverses: type.inverses.map { _ in .empty(version: 0) },
                keyIndex: RowIndex(columns: type.key),
                uniqueIndexes: Dictionary(
                    uniqueKeysWithValues: type.columns.indices.filter { type.columns[$0].isUnique }.map {
                        ($0, RowIndex(columns: [$0]))
                    }))
        }
        return GraphVersion(number: 0, publishedAt: publishedAt, catalog: catalog, tables: tables)
    }
}

// MARK: - Keys

extension GraphVersion {
    /// The live row of a type with that business key, or nil. Parts must be of their columns' kinds, else nil.
    package func row(of type: NodeTypeID, forKey key: Key) -> RowNumber? {
        lanes(of: key, type: type).flatMap { tables[type.index].liveRow($0) }
    }

    func lanes(of key: Key, type: NodeTypeID) -> Lanes? {
        let columns = catalog[type].key
        guard key.parts.count == columns.count else { return nil }
        var lanes = Lanes()
        for (index, part) in key.parts.enumerated() {
            guard let lane = lane(of: part, in: columns[index], of: type) else { return nil }
            lanes[index] = lane
        }
        return lanes
    }

    private func lane(of part: KeyPart, in column: Int, of type: NodeTypeID) -> UInt64? {
        switch (part, catalog[type].columns[column].kind) {
        case (.string(let text), .string):
            guard case .string(let stored) = tables[type.index].columns[column] else { return nil }
            return stored.dictionary.code(of: text).map(UInt64.init)
        case (.reference(let key), .reference(let target)): return row(of: target, forKey: key).map(UInt64.init)
        case (_, let kind): return part.lane(in: kind)
        }
    }

    /// The business key of a row.
    package func key(of row: RowNumber, type: NodeTypeID) -> Key {
        Key(catalog[type].key.compactMap { part(of: Int(row), column: $0, type: type) })
    }

    private func part(of row: Int, column index: Int, type: NodeTypeID) -> KeyPart? {
        let kind = catalog[type].columns[index].kind
        switch tables[type.index].columns[index] {
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

extension KeyPart {
    /// The part as an integer, where it is one by itself; nil for texts, references, and parts of another kind.
    func lane(in kind: ColumnKind) -> UInt64? {
        switch (self, kind) {
        case (.boolean(let value), .boolean): value ? 1 : 0
        case (.int(let value), .int), (.date(let value), .date): UInt64(bitPattern: Int64(value))
        case (.decimal(let value), .decimal), (.dateTime(let value), .dateTime): UInt64(bitPattern: value)
        case (.enumeration(let value), .enumeration): UInt64(value)
        default: nil
        }
    }
}
