import Bytes

extension Column {
    /// A column of references that reads null where it names a row that is not seen, and lists without such rows. Chunks in which no
    /// row that is seen names one are shared.
    /// - Parameters:
    ///   - targets: those of the rows referred to that are seen.
    ///   - rows: those of the column's own rows that are seen, of a table of so many; nil: all. What others hold is left as it pleases.
    func seeing(_ targets: SeenRows, in rows: SeenRows?, rowCount: Int) -> Column {
        func forEachRow(_ body: (Int) -> Void) {
            if let few = rows?.few {
                for row in few { body(Int(row)) }
            } else {
                for row in 0..<rowCount where rows?.live[row] ?? true { body(row) }
            }
        }
        switch self {
        case .reference(let column):
            var builder = FixedWidthBuilder(column, rowCount: rowCount)
            forEachRow { row in if let target = column[row], !targets.contains(target) { builder.set(row, to: nil) } }
            return .reference(builder.finish())
        case .referenceList(let column):
            var builder = ListBuilder(column, rowCount: rowCount)
            forEachRow { row in
                guard !column.isNull(at: row) else { return }
                let list = column.list(at: row)
                guard list.indices.contains(where: { !targets.contains(list[$0]) }) else { return }
                builder.set(row, to: list.indices.map { list[$0] }.filter(targets.contains))
            }
            return .referenceList(builder.finish())
        default: return self
        }
    }
}
