import Bytes
import StoreColumns

/// Makes the index files of a version, with the row numbers and text codes that its Arrow files have.
struct IndexWriter: Sendable {
    let version: GraphVersion
    let renumberings: [RowRenumbering]
    /// By type.
    let plans: [[FieldPlan]]
    let key: IndexKey
    let folder: String
    let files: any FileSystem
    let filesWritten: WrittenFiles

    /// An index that is to be made.
    private struct Piece: Sendable {
        var type: Int
        var subject: IndexFile.Subject
        /// By what rows are found; nil where it is texts that are.
        var columns: [Int]?
        /// Of texts.
        var column = 0
        var count: Int
    }

    func write() throws(SnapshotError) -> [Manifest.Entry] {
        var entries: [Manifest.Entry] = []
        var pieces: [Piece] = []
        for (index, type) in version.catalog.nodeTypes.enumerated() {
            let rowCount = renumberings[index].rowCount
            for (column, definition) in type.columns.enumerated() {
                if let plan = plans[index][column].text {
                    pieces.append(Piece(type: index, subject: .texts(definition.name), column: column, count: plan.count))
                    if plan.repeated.count > 0 { entries.append(try writeRepeated(plan.repeated, definition, type)) }
                }
                if definition.isUnique, !isSelfNamed([column], index) {
                    pieces.append(
                        Piece(type: index, subject: .uniqueColumn(definition.name), columns: [column], count: rowCount))
                }
            }
            if !isSelfNamed(type.key, index) {
                pieces.append(Piece(type: index, subject: .key, columns: type.key, count: rowCount))
            }
        }
        let all = pieces
        entries += try Workers.results(weights: all.map(\.count)) { place throws(SnapshotError) in
            let piece = all[place]
            let type = version.catalog.nodeTypes[piece.type]
            if let columns = piece.columns { return try write(rows(NodeTypeID(piece.type), columns), piece.subject, type) }
            guard case .string(let texts) = version[NodeTypeID(piece.type)].column(piece.column),
                let plan = plans[piece.type][piece.column].text
            else { preconditionFailure("an index of texts is over a text column that has some") }
            return try write(self.texts(texts, plan, renumberings[piece.type]), piece.subject, type)
        }
        return entries
    }

    private func write(
        _ index: BucketIndex, _ subject: IndexFile.Subject, _ type: NodeType
    ) throws(SnapshotError) -> Manifest.Entry {
        let name = IndexFile.name(subject, of: type.name)
        return try IndexFile.write(index, key, to: folder + "/" + name, as: name, on: files, in: filesWritten)
    }

    private func writeRepeated(
        _ repeated: RepeatedTexts, _ column: ColumnDefinition, _ type: NodeType
    ) throws(SnapshotError) -> Manifest.Entry {
        let name = RepeatFile.name(column.name, of: type.name)
        return try RepeatFile.write(repeated, key, to: folder + "/" + name, as: name, on: files, in: filesWritten)
    }

    /// Whether rows are found by the number of their text, so that no index is needed.
    private func isSelfNamed(_ columns: [Int], _ type: Int) -> Bool {
        columns.count == 1 && plans[type][columns[0]].field.form == .utf8 && plans[type][columns[0]].field.repeatCount == 0
    }

    private func texts(_ column: DictionaryColumn, _ plan: TextPlan, _ rows: RowRenumbering) -> BucketIndex {
        switch plan.form {
        case .plain:
            // The texts' numbers are their rows', the first where there are several.
            if rows.isIdentity, column.isSelfNumbered { return column.dictionary.makeIndex(under: key.hash) }
            let repeated = plan.repeated
            var next = 0
            return BucketIndex(count: rows.rowCount) { row in
                if next < repeated.count, repeated.rows[next] == row {
                    next += 1
                    return nil
                }
                return column.codes[rows.row(Int(row))].map { column.dictionary.hash(of: $0, under: key.hash) }
            }
        case .dictionary:
            if plan.isWhole { return column.dictionary.makeIndex(under: key.hash) }
            var held: [UInt32] = []
            for code in 0..<column.dictionary.count where plan.isHeld(code) { held.append(UInt32(truncatingIfNeeded: code)) }
            return BucketIndex(count: held.count) { column.dictionary.hash(of: held[Int($0)], under: key.hash) }
        }
    }

    private func rows(_ type: NodeTypeID, _ columns: [Int]) -> BucketIndex {
        let rows = renumberings[type.index]
        return version[type].makeIndex(
            over: columns, rowCount: rows.rowCount, key.hash, row: rows.isIdentity ? nil : { rows.row($0) },
            changes: columns.map { numbering(of: $0, type) })
    }

    /// What the value of a key column becomes in the file, as a word; takes the word it is now, and the row's new number. Nil
    /// where it stays.
    private func numbering(of column: Int, _ type: NodeTypeID) -> ((UInt64, Int) -> UInt64)? {
        if let text = plans[type.index][column].text {
            switch text.form {
            case .dictionary:
                if text.isWhole { return nil }
                return { lane, _ in UInt64(text.code(UInt32(truncatingIfNeeded: lane))) }
            case .plain: return { _, number in UInt64(text.repeated.code(ofRow: number)) }
            }
        }
        if case .reference(let target) = version.catalog[type].columns[column].kind {
            let rows = renumberings[target.index]
            if rows.isIdentity { return nil }
            return { lane, _ in UInt64(rows.number(of: RowNumber(truncatingIfNeeded: lane))) }
        }
        return nil
    }
}
