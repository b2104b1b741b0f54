extension GraphVersion {
    /// This version under the target of a plan. Rows keep their numbers, and columns that stay as they are, are shared.
    ///
    /// Cost: a pass over columns with new codes, over edges that are new, and over unique columns that were not.
    /// - Parameters:
    ///   - plan: made for this version's catalog.
    ///   - number: its own, or the next one.
    /// - Throws: `MigrationRefused`, with everything that stands in the way. Columns that had to be read may be damaged: then the
    ///   result must not be used (`damage`, of this version).
    package func migrated(
        by plan: MigrationPlan, number: UInt64, publishedAt: Instant
    ) throws(MigrationRefused) -> GraphVersion {
        precondition(plan.stored == catalog, "a plan is made for one catalog")
        let obstacles = plan.obstacles(in: self)
        guard obstacles.isEmpty else { throw MigrationRefused(notes: obstacles) }
        if plan.isIdentity, number == self.number { return self }
        let migration = Migration(base: self, plan: plan, number: number)
        let columns = plan.types.indices.map { migration.columns(of: NodeTypeID($0)) }
        let tables = plan.types.indices.map { migration.table(NodeTypeID($0), columns) }
        return GraphVersion(
            number: number, publishedAt: publishedAt, catalog: plan.target, tables: tables, hash: hash, rowLimit: rowLimit)
    }
}

private struct Migration {
    let base: GraphVersion
    let plan: MigrationPlan
    let number: UInt64

    func stored(_ type: NodeTypeID) -> Table? { plan.types[type.index].stored.map { base[$0] } }

    func columns(of type: NodeTypeID) -> [Column] {
        let definitions = plan.target[type].columns
        guard let table = stored(type) else { return definitions.map { Column(emptyOf: $0.kind, hash: base.hash) } }
        return zip(definitions, plan.types[type.index].columns).map { definition, source in
            switch source {
            case .stored(let index): table.heldColumns[index]
            case .recoded(let index, let codes): table.column(index).recoded(codes)
            case .nothing: Column(nullsOf: definition.kind, rowCount: table.rowCount, hash: base.hash)
            case .emptyLists: Column(emptyListsOf: definition.kind, rowCount: table.rowCount, hash: base.hash)
            case .constant(let cell): Column(definition.kind, of: cell, rowCount: table.rowCount, hash: base.hash)
            }
        }
    }

    /// - Parameter columns: of all types, which edges may be counted from.
    func table(_ type: NodeTypeID, _ columns: [[Column]]) -> Table {
        let definition = plan.target[type]
        let unique = definition.columns.indices.filter { definition.columns[$0].isUnique }
        let own = columns[type.index]
        guard let table = stored(type) else {
            return Table(
                type: type, rowCount: 0, live: .all, columns: own, columnVersions: own.map { _ in number },
                inverses: definition.inverses.map { _ in .empty(version: number) },
                keyIndex: RowIndex(columns: definition.key, index: .empty),
                uniqueIndexes: Dictionary(
                    uniqueKeysWithValues: unique.map { ($0, RowIndex(columns: [$0], index: .empty)) }), hash: base.hash)
        }
        let edges = definition.inverses.map { storedEdge($0, to: type) }
        let late = late(storedParts(of: type, edges, table), table)
        return Table(
            type: type, rowCount: table.rowCount, live: table.live, columns: own,
            columnVersions: plan.types[type.index].columns.map { source in
                if case .stored(let index) = source { table.columnVersion(index) } else { number }
            },
            inverses: zip(definition.inverses, edges).map { inverse, edge in
                edge.map { table.heldInverses[$0] } ?? counted(inverse, rowCount: table.rowCount, columns)
            },
            keyIndex: index(definition.key, of: type, given: table.keyIndex, own, table),
            uniqueIndexes: Dictionary(
                uniqueKeysWithValues: unique.map { column in
                    let given = plan.types[type.index].columns[column].index.flatMap { table.uniqueIndexes[$0] }
                    return (column, index([column], of: type, given: given, own, table))
                }), hash: base.hash, late: late.columns, lateParts: late.parts)
    }

    /// An index that is there serves on where the values are as they were: it holds their hashes, and nothing of columns.
    private func index(
        _ columns: [Int], of type: NodeTypeID, given: RowIndex?, _ own: [Column], _ table: Table
    ) -> RowIndex {
        let isAsBefore = columns.allSatisfy {
            if case .stored = plan.types[type.index].columns[$0] { true } else { false }
        }
        if isAsBefore, let given {
            return RowIndex(columns: columns, index: given.index, selfNamedCount: given.selfNamedCount)
        }
        let made = columns.map { column in
            if case .stored(let index) = plan.types[type.index].columns[column] { table.column(index) } else { own[column] }
        }
        let built = BucketIndex(count: table.rowCount, columns: made, base.hash)
        return RowIndex(columns: columns, index: HashIndex(base: built))
    }

    // MARK: Edges

    /// The stored edge that is the other end of the same column.
    private func storedEdge(_ inverse: InverseDefinition, to type: NodeTypeID) -> Int? {
        guard let owner = plan.types[type.index].stored, let source = plan.types[inverse.source.index].stored,
            case .stored(let column) = plan.types[inverse.source.index].columns[inverse.column]
        else { return nil }
        return plan.stored[owner].inverses.firstIndex { $0.source == source && $0.column == column }
    }

    private func counted(_ inverse: InverseDefinition, rowCount: Int, _ columns: [[Column]]) -> Adjacency {
        guard let source = stored(inverse.source) else { return .empty(version: number) }
        let column: Column
        switch plan.types[inverse.source.index].columns[inverse.column] {
        case .stored(let index): column = source.column(index)
        case .recoded: column = columns[inverse.source.index][inverse.column]
        case .nothing, .emptyLists, .constant: return .empty(version: number)
        }
        return .counting(rowCount: rowCount, version: number) { body in
            for row in 0..<RowNumber(truncatingIfNeeded: source.rowCount) where source.isLive(row) {
                column.forEachReference(at: Int(row)) { body($0, row) }
            }
        }
    }

    // MARK: What is late

    /// The stored part that each column, then each edge, of a type is; nil for those that are new.
    private func storedParts(of type: NodeTypeID, _ edges: [Int?], _ table: Table) -> [Int?] {
        plan.types[type.index].columns.map { source in
            if case .stored(let index) = source { index } else { nil }
        } + edges.map { $0.map { table.heldColumns.count + $0 } }
    }

    /// What has not been made yet is made as it would have been.
    private func late(_ parts: [Int?], _ table: Table) -> (columns: LateColumns?, parts: [Bool]) {
        guard let late = table.late else { return (nil, []) }
        let columns = LateColumns(
            partCount: parts.count,
            check: { (part) throws(Damage) in
                if let stored = parts[part] { try late.verify(stored) }
                return true
            },
            make: { (part) throws(Damage) in
                guard let stored = parts[part] else { preconditionFailure("a column that is new is not late") }
                return try late.contentOrDamage(stored)
            })
        return (columns, parts.map { $0.map { table.lateParts[$0] } ?? false })
    }
}

extension MigrationPlan.Source {
    /// The stored column that it comes from.
    fileprivate var index: Int? {
        switch self {
        case .stored(let index), .recoded(let index, _): index
        case .nothing, .emptyLists, .constant: nil
        }
    }
}
