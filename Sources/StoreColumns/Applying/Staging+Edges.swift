// The other ends of references, and the finished tables.

extension Staging {
    /// The tables of the next version. What is as it was is shared.
    func finish() -> [Table] {
        var next = base.tables
        let inverses = nextInverses()
        for type in Set(tables.map(\.type)).union(inverses.keys) {
            next[type.index] = finish(type, inverses[type] ?? [:])
        }
        return next
    }

    /// - Parameter changed: its edges that are not as the base holds them.
    private func finish(_ type: NodeTypeID, _ changed: [Int: Adjacency]) -> Table {
        let (old, table) = (base[type], tableIfStaged(type))
        let isWritten = table.map { $0.columnVersions.contains(number) || !$0.deleted.isEmpty } ?? false
        guard isWritten || !changed.isEmpty else { return old }
        var lateParts = old.lateParts
        if let table, table.isWhole, !lateParts.isEmpty {
            for index in table.columns.indices { lateParts[index] = false }
        }
        var inverses = old.heldInverses
        for (index, edge) in changed {
            inverses[index] = edge
            if !lateParts.isEmpty { lateParts[old.heldColumns.count + index] = false }
        }
        guard let table else {
            return Table(
                type: type, rowCount: old.rowCount, live: old.live, columns: old.heldColumns,
                columnVersions: old.columnVersions, inverses: inverses, keyIndex: old.keyIndex,
                uniqueIndexes: old.uniqueIndexes, hash: old.hash, late: old.late, lateParts: lateParts)
        }
        return Table(
            type: type, rowCount: table.rowCount,
            live: table.deleted.isEmpty ? old.live : old.live.deleting(Array(table.deleted.keys)),
            columns: table.columns, columnVersions: table.columnVersions, inverses: inverses,
            keyIndex: table.finishedKeyIndex(), uniqueIndexes: table.uniqueIndexes, hash: old.hash,
            late: old.late, lateParts: lateParts)
    }

    /// The edges that the columns that were written have made others, by the type that has them.
    private func nextInverses() -> [NodeTypeID: [Int: Adjacency]] {
        var next: [NodeTypeID: [Int: Adjacency]] = [:]
        for source in tables {
            for column in source.columns.indices where source.columnVersions[column] == number {
                guard let target = source.definition.columns[column].kind.target else { continue }
                let edges = base.catalog.nodeTypes[target.index].inverses
                for index in edges.indices where edges[index].source == source.type && edges[index].column == column {
                    if let edge = nextInverse(index, of: target, from: source, column) {
                        next[target, default: [:]][index] = edge
                    }
                }
            }
        }
        return next
    }

    /// A set that touches more than this many rows, and more than a sixteenth of a table, has its edges counted anew.
    private static let mostPatchedRows = 256

    /// - Returns: nil for an edge that is as the base holds it.
    private func nextInverse(
        _ index: Int, of owner: NodeTypeID, from source: StagedTable, _ column: Int
    ) -> Adjacency? {
        let rowCount = tableIfStaged(owner)?.rowCount ?? base[owner].rowCount
        let adjacency = base[owner].inverse(index)
        let (before, after) = (source.base.column(column), source.columns[column])
        let touchedCount = source.entries.reduce(source.deleted.count) { $0 + $1.rows.count }
        if touchedCount > max(Self.mostPatchedRows, source.rowCount / 16) {
            return .counting(rowCount: rowCount, version: number) { body in forEachEdge(after, source, body) }
        }
        var added: [Edge] = []
        var removed: [Edge] = []
        func compare(_ row: RowNumber) {
            var old: Set<RowNumber> = []
            var new: Set<RowNumber> = []
            if Int(row) < source.base.rowCount { before.forEachReference(at: Int(row)) { old.insert($0) } }
            if source.isLive(row) { after.forEachReference(at: Int(row)) { new.insert($0) } }
            for target in new where !old.contains(target) { added.append(Edge(to: target, from: row)) }
            for target in old where !new.contains(target) { removed.append(Edge(to: target, from: row)) }
        }
        for entry in source.entries { for case let row? in entry.rows { compare(row) } }
        for row in source.deleted.keys { compare(row) }
        if added.isEmpty, removed.isEmpty { return nil }
        return adjacency.changing(adding: added, removing: removed, rowCount: rowCount, version: number)
    }

    /// Calls with every reference of a live row: the row it names, and the row.
    private func forEachEdge(_ column: Column, _ source: StagedTable, _ body: (RowNumber, RowNumber) -> Void) {
        let areAllLive = source.deleted.isEmpty && source.base.live.deadCount == 0
        guard case .reference(let references) = column else {
            for row in 0..<RowNumber(truncatingIfNeeded: source.rowCount) where areAllLive || source.isLive(row) {
                column.forEachReference(at: Int(row)) { body($0, row) }
            }
            return
        }
        for index in 0..<references.chunkCount {
            let chunk = references.chunk(index)
            let values = chunk.values
            for offset in values.indices where !chunk.isNull(at: offset) {
                let row = RowNumber(truncatingIfNeeded: index << 16 | offset)
                if areAllLive || source.isLive(row) { body(values[offset], row) }
            }
        }
    }
}
