/// Something that two parts of a version disagree about. A version made by change sets has none.
package struct Inconsistency: Sendable, Hashable, CustomStringConvertible {
    package var type: String
    /// A column or an inverse edge; nil for the key.
    package var field: String?
    package var row: Int?
    package var description: String
}

extension GraphVersion {
    /// The first thing found wrong between columns, indexes and edges of a version whose parts came from elsewhere; nil where
    /// all agree. Cost: several passes over everything, and as much memory as the largest edge.
    package func firstInconsistency() -> Inconsistency? {
        for table in tables {
            if let found = table.keyInconsistency(catalog[table.type]) ?? table.textInconsistency(catalog[table.type])
                ?? edgeInconsistency(table)
            {
                return found
            }
        }
        return nil
    }

    /// Counts every edge anew from the column it comes from.
    private func edgeInconsistency(_ table: Table) -> Inconsistency? {
        for (index, definition) in catalog[table.type].inverses.enumerated() {
            let source = tables[definition.source.index]
            let column = source.columns[definition.column]
            let counted = Adjacency.counting(rowCount: table.rowCount, version: 0) { body in
                for row in 0..<RowNumber(truncatingIfNeeded: source.rowCount) where source.isLive(row) {
                    column.forEachReference(at: Int(row)) { body($0, row) }
                }
            }
            let held = table.inverses[index]
            for row in 0..<RowNumber(truncatingIfNeeded: table.rowCount) {
                let (wanted, found) = (counted.targets(of: row), held.targets(of: row))
                var isSame = wanted.count == found.count
                for place in wanted.indices where isSame { isSame = wanted[place] == found[place] }
                if !isSame {
                    return Inconsistency(
                        type: catalog[table.type].name, field: definition.name, row: Int(row),
                        description: "the edge does not name the rows that refer to this one")
                }
            }
        }
        return nil
    }
}

extension Table {
    /// A row that its key or unique value does not find, because another one has it or an index lacks it.
    fileprivate func keyInconsistency(_ definition: NodeType) -> Inconsistency? {
        for index in [keyIndex] + uniqueIndexes.keys.sorted().compactMap({ uniqueIndexes[$0] }) {
            let isKey = index.columns == definition.key
            let stored = index.columns.map { columns[$0] }
            for row in 0..<RowNumber(truncatingIfNeeded: rowCount) where isLive(row) {
                guard let lanes = Lanes(of: Int(row), in: stored) else {
                    if !isKey { continue }
                    return Inconsistency(
                        type: definition.name, row: Int(row), description: "a part of the key has no value")
                }
                if index.row(lanes, hash, in: stored, where: isLive) != row {
                    return Inconsistency(
                        type: definition.name, field: isKey ? nil : definition.columns[index.columns[0]].name, row: Int(row),
                        description: "another row has the same value, or the index does not find it")
                }
            }
        }
        return nil
    }

    /// A row whose text is there under another code too, or is not found by the index.
    fileprivate func textInconsistency(_ definition: NodeType) -> Inconsistency? {
        for (index, column) in columns.enumerated() {
            guard case .string(let texts) = column else { continue }
            for row in 0..<rowCount where isLive(RowNumber(truncatingIfNeeded: row)) {
                guard let code = texts.codes[row] else { continue }
                if texts.dictionary.code(of: texts.dictionary.bytes(of: code)) != code {
                    return Inconsistency(
                        type: definition.name, field: definition.columns[index].name, row: row,
                        description: "the text has two codes, or the index does not find it")
                }
            }
        }
        return nil
    }
}
