extension MigrationPlan {
    /// Everything that stands in the way of bringing a version over. Looks at no more rows than the plan asks about.
    package func obstacles(in version: GraphVersion) -> [Note] {
        refusals
            + demands.compactMap { demand in
                switch demand {
                case .noRows(let type, let note):
                    note.counting(version[type].liveRowCount)
                case .filled(let type, let column, let note):
                    note.counting(version[type].count { version[type].column(column).isNull(at: $0) })
                case .unfilled(let type, let column, let note):
                    note.counting(version[type].count { !version[type].column(column).isNull(at: $0) })
                case .unheld(let enumeration, let code, let note):
                    note.counting(version.count(of: code, in: enumeration))
                case .distinct(let type, let column, let note):
                    note.counting(version[type].repeatedCount(column))
                }
            }
    }
}

extension MigrationPlan.Note {
    /// The note for so many rows; nil for none.
    fileprivate func counting(_ count: Int) -> MigrationPlan.Note? {
        guard count > 0 else { return nil }
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        return MigrationPlan.Note(parts.joined(separator: String(count)), at: place)
    }
}

extension GraphVersion {
    /// How many values of rows are this one, in all columns of its enumeration.
    fileprivate func count(of code: UInt16, in enumeration: EnumerationID) -> Int {
        tables.reduce(0) { sum, table in
            catalog[table.type].columns.indices.reduce(sum) { sum, index in
                switch catalog[table.type].columns[index].kind {
                case .enumeration(enumeration), .enumerationList(enumeration): sum + table.count(of: code, in: index)
                default: sum
                }
            }
        }
    }
}

extension Table {
    fileprivate func count(of code: UInt16, in index: Int) -> Int {
        switch column(index) {
        case .enumeration(let column): count { column[$0] == code }
        case .enumerationList(let column):
            count { row in
                guard !column.isNull(at: row) else { return false }
                let list = column.list(at: row)
                return list.indices.contains { list[$0] == code }
            }
        default: 0
        }
    }

    fileprivate func count(where matches: (Int) -> Bool) -> Int {
        (0..<rowCount).count { isLive(RowNumber(truncatingIfNeeded: $0)) && matches($0) }
    }

    /// How many rows hold a value that a row before them holds too.
    fileprivate func repeatedCount(_ index: Int) -> Int {
        let column = self.column(index)
        var seen: Set<UInt64> = []
        return count { row in column.lane(at: row).map { !seen.insert($0).inserted } ?? false }
    }
}
