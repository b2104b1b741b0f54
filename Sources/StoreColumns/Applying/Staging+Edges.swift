// The other ends of references, and the finished tables.

extension Staging {
    /// The tables of the next version. What is as it was is shared.
    func finish() -> [Table] {
        tables.map { table in
            let old = table.base
            var lateParts = old.lateParts
            if table.isWhole, !lateParts.isEmpty {
                for index in table.columns.indices { lateParts[index] = false }
            }
            var inverses: [Adjacency] = []
            for index in table.definition.inverses.indices {
                let next = nextInverse(index, of: table)
                if next != nil, !lateParts.isEmpty { lateParts[table.columns.count + index] = false }
                inverses.append(next ?? old.heldInverses[index])
            }
            let isAsBefore =
                !table.columnVersions.contains(number) && table.deleted.isEmpty
                && !inverses.contains { $0.version == number }
            if isAsBefore { return old }
            return Table(
                type: old.type, rowCount: table.rowCount,
                live: table.deleted.isEmpty ? old.live : old.live.deleting(Array(table.deleted.keys)),
                columns: table.columns, columnVersions: table.columnVersions, inverses: inverses,
                keyIndex: table.finishedKeyIndex(), uniqueIndexes: table.uniqueIndexes, hash: old.hash,
                late: old.late, lateParts: lateParts)
        }
    }

    /// A set that touches more than this many rows, and more than a sixteenth of a table, has its edges counted anew.
    private static let mostPatchedRows = 256

    /// - Returns: nil for an edge that is as the base holds it.
    private func nextInverse(_ index: Int, of owner: StagedTable) -> Adjacency? {
        let definition = owner.definition.inverses[index]
        let source = tables[definition.source.index]
        guard source.columnVersions[definition.column] == number else { return nil }
        let adjacency = owner.base.inverse(index)
        let (before, after) = (source.base.columns[definition.column], source.columns[definition.column])
        let touchedCount = source.entries.reduce(source.deleted.count) { $0 + $1.rows.count }
        if touchedCount > max(Self.mostPatchedRows, source.rowCount / 16) {
            return .counting(rowCount: owner.rowCount, version: number) { body in forEachEdge(after, source, body) }
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
        if added.isEmpty, removed.isEmpty { return adjacency }
        return adjacency.changing(adding: added, removing: removed, rowCount: owner.rowCount, version: number)
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
