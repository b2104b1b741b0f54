// What can only be seen on the tables as they will be.

extension Staging {
    /// Reports rows of the set whose value in a unique column another row holds too. Of two rows of the set the later one is
    /// reported. Values may change hands within a set.
    func checkUniqueness() {
        for table in tables where !table.entries.isEmpty {
            for column in table.uniqueIndexes.keys.sorted() {
                guard let index = table.uniqueIndexes[column], table.columnVersions[column] == number else { continue }
                let stored = [table.columns[column]]
                var builder = HashIndexBuilder(index.index)
                for entry in table.entries where entry.changes.columns.contains(column) {
                    builder.reserve(entry.rows.count)
                    for (place, row) in entry.rows.enumerated() {
                        guard let row, let lane = stored[0].lane(at: Int(row)) else { continue }
                        var lanes = Lanes()
                        lanes[0] = lane
                        let hash = lanes.hash32(base.hash, count: 1)
                        func isOther(_ other: RowNumber) -> Bool {
                            other != row && table.isLive(other) && lanes.areHeld(by: Int(other), in: stored)
                        }
                        let isTaken = builder.first(hash, where: isOther) != nil || index.selfNamed(lanes).map(isOther) == true
                        if isTaken { problems.report(.notUnique, type: table.type, row: place, column: column) }
                        builder.insert(hash, row)
                    }
                }
                table.uniqueIndexes[column] = RowIndex(
                    columns: [column], index: builder.finish(), selfNamedCount: index.selfNamedCount)
            }
        }
    }

    /// Reports deleted rows to which rows that stay refer. Looks at the referring rows where an edge names them, else at
    /// the whole column that could.
    func checkDeletes() {
        for target in tables where !target.deleted.isEmpty {
            var unreported = target.deleted
            for (index, type) in base.catalog.nodeTypes.enumerated() {
                for (column, definition) in type.columns.enumerated()
                where definition.kind.target == target.type && !unreported.isEmpty {
                    let source = table(NodeTypeID(index))
                    if HiddenName.isHidden(definition.name) {
                        clear(column, of: source, referringTo: target.deleted)
                        continue
                    }
                    for row in referred(of: unreported, by: column, of: source, in: target) {
                        guard let place = unreported.removeValue(forKey: row) else { continue }
                        problems.report(.stillReferenced(byType: source.type), type: target.type, row: place)
                    }
                }
            }
        }
    }

    /// Takes deleted rows out of a column that nobody sees any more, so that nobody is held up by it.
    private func clear(_ column: Int, of source: StagedTable, referringTo rows: [RowNumber: Int]) {
        source.requireWhole()
        switch source.columns[column] {
        case .reference(let held):
            var builder = FixedWidthBuilder(held, rowCount: source.rowCount)
            for row in 0..<source.rowCount { if let target = held[row], rows[target] != nil { builder.set(row, to: nil) } }
            guard builder.hasChanged else { return }
            source.columns[column] = .reference(builder.finish())
        case .referenceList(let held):
            var builder = ListBuilder(held, rowCount: source.rowCount)
            for row in 0..<source.rowCount where !held.isNull(at: row) {
                let list = held.list(at: row)
                let kept = list.indices.map { list[$0] }.filter { rows[$0] == nil }
                if kept.count < list.count { builder.set(row, to: kept) }
            }
            guard builder.hasChanged else { return }
            source.columns[column] = .referenceList(builder.finish())
        default: return
        }
        source.columnVersions[column] = number
    }

    /// Those of some deleted rows to which a column will refer.
    private func referred(
        of rows: [RowNumber: Int], by column: Int, of source: StagedTable, in target: StagedTable
    ) -> [RowNumber] {
        source.requireWhole()
        let stored = source.columns[column]
        let edge = target.definition.inverses.firstIndex { $0.source == source.type && $0.column == column }
        if let edge {
            // The set cannot refer to a row that it deletes, so whoever still does is in the edge as it was.
            let adjacency = target.base.inverse(edge)
            return rows.keys.filter { row in
                let sources = adjacency.targets(of: row)
                return sources.indices.contains { source.isLive(sources[$0]) && stored.refers(at: Int(sources[$0]), to: row) }
            }
        }
        var found: [RowNumber] = []
        for row in 0..<source.rowCount where source.isLive(RowNumber(truncatingIfNeeded: row)) {
            stored.forEachReference(at: row) { if rows[$0] != nil { found.append($0) } }
        }
        return found
    }
}

extension Column {
    /// Calls with each distinct row that a reference or list of references of a row names.
    package func forEachReference(at row: Int, _ body: (RowNumber) -> Void) {
        switch self {
        case .reference(let column):
            if let target = column[row] { body(target) }
        case .referenceList(let column):
            let list = column.list(at: row)
            if list.count < 8 {
                for index in list.indices where !(0..<index).contains(where: { list[$0] == list[index] }) { body(list[index]) }
            } else {
                var seen = Set<RowNumber>()
                for index in list.indices where seen.insert(list[index]).inserted { body(list[index]) }
            }
        default: break
        }
    }

    fileprivate func refers(at row: Int, to target: RowNumber) -> Bool {
        var found = false
        forEachReference(at: row) { if $0 == target { found = true } }
        return found
    }
}
