// Which row each row of a change set is: one that is there, or the next number.

extension Staging {
    /// Gives every row of the set its number.
    ///
    /// A key may hold references, also to rows of the set; so types come after those that their keys refer to. Where keys
    /// refer in a circle, rows wait for one another: a key is at most 32 keys deep, and each round settles at least one
    /// depth.
    func assignRows() {
        var waiting: [(table: StagedTable, entry: Int, row: Int)] = []
        for table in tablesInKeyOrder() {
            for entry in table.entries.indices {
                for row in 0..<table.entries[entry].changes.rowCount {
                    if !assign(row, entry, in: table) { waiting.append((table, entry, row)) }
                }
            }
        }
        while !waiting.isEmpty {
            let still = waiting.filter { !assign($0.row, $0.entry, in: $0.table) }
            if still.count == waiting.count { break }
            waiting = still
        }
        for (table, entry, row) in waiting {
            if case .waiting(let column) = key(of: row, in: table.entries[entry].changes, table) {
                problems.report(.danglingReference, type: table.type, row: row, column: column)
            }
        }
    }

    /// False if the row's key refers to a row that is not known yet.
    private func assign(_ row: Int, _ entry: Int, in table: StagedTable) -> Bool {
        switch key(of: row, in: table.entries[entry].changes, table) {
        case .waiting: return false
        case .problem(let reason, let column):
            problems.report(reason, type: table.type, row: row, column: column)
        case .key(let key):
            switch table.assign(key, place: row, rowLimit: base.rowLimit) {
            case .row(let number): table.setRow(number, entry: entry, place: row)
            case .named(let first): problems.report(.duplicateKey(firstRow: first), type: table.type, row: row)
            // Deleted and given at once: nobody can say which was meant.
            case .deleted: problems.report(.duplicateKey(firstRow: row), type: table.type, row: row)
            case .full: problems.report(.tooManyRows, type: table.type, row: row)
            }
        }
        return true
    }

    private enum RowKey {
        case key(Lanes)
        /// The column refers to a row that is not known (yet).
        case waiting(column: Int)
        case problem(ChangeProblem.Reason, column: Int)
    }

    private func key(of row: Int, in changes: TypeChanges, _ table: StagedTable) -> RowKey {
        var lanes = Lanes()
        for (index, column) in table.definition.key.enumerated() {
            guard let place = changes.columns.firstIndex(of: column) else { return .problem(.missingKey, column: column) }
            let kind = table.definition.columns[column].kind
            switch changes.cells[row * changes.columns.count + place] {
            case .absent, .null: return .problem(.missingKey, column: column)
            case .string(let text):
                guard kind == .string, let code = table.dictionaries[column]?.intern(text) else {
                    return .problem(.wrongKind, column: column)
                }
                lanes[index] = UInt64(code)
            case .reference(let key):
                guard case .reference(let target) = kind else { return .problem(.wrongKind, column: column) }
                guard let referred = self.row(of: target, forKey: key) else { return .waiting(column: column) }
                lanes[index] = UInt64(referred)
            case let cell:
                guard cell.fits(kind, of: base.catalog), let lane = KeyPart(cell)?.lane(in: kind) else {
                    return .problem(.wrongKind, column: column)
                }
                lanes[index] = lane
            }
        }
        return .key(lanes)
    }

    /// The tables that the set writes, each after those that its key refers to, as far as keys do not refer in a circle.
    private func tablesInKeyOrder() -> [StagedTable] {
        let tables = tables
        if tables.count == 1 { return tables }
        var order: [StagedTable] = []
        var seen = Set<NodeTypeID>()
        func visit(_ type: NodeTypeID) {
            guard seen.insert(type).inserted else { return }
            let definition = base.catalog[type]
            for column in definition.key {
                if case .reference(let target) = definition.columns[column].kind { visit(target) }
            }
            if let table = tableIfStaged(type) { order.append(table) }
        }
        for table in tables { visit(table.type) }
        return order
    }
}

extension Cell {
    /// Whether the cell is a value of a kind, apart from what it refers to: dates and moments in the calendar's years,
    /// finite numbers, known enum values, texts and lists that are not too long.
    func fits(_ kind: ColumnKind, of catalog: Catalog) -> Bool {
        switch (self, kind) {
        case (.boolean, .boolean), (.int, .int), (.decimal, .decimal), (.reference, .reference): true
        case (.float(let value), .float): value.isFinite
        case (.date(let days), .date): CivilDate(days: days) != nil
        case (.dateTime(let microseconds), .dateTime): Instant.range.contains(Instant(microseconds: microseconds))
        case (.enumeration(let code), .enumeration(let id)): Int(code) < catalog[id].values.count
        case (.string(let text), .string): text.utf8.count <= StringDictionary.maximumByteCount
        case (.enumerationList(let codes), .enumerationList(let id)):
            codes.count <= ListColumn<UInt16>.maximumListCount && codes.allSatisfy { Int($0) < catalog[id].values.count }
        case (.referenceList(let keys), .referenceList): keys.count <= ListColumn<UInt32>.maximumListCount
        default: false
        }
    }
}
