extension GraphVersion {
    /// The version that a change set makes of this one: wholly, or not at all. This version stays as it is, and what the
    /// set does not touch is shared by both.
    ///
    /// Cost: proportional to the set and to the chunks it touches; a set that brings a large part of a type is built by
    /// counting instead of by patches.
    /// - Parameters:
    ///   - number: the new version's number, greater than this one's.
    ///   - problemLimit: how many problems to keep; all are counted.
    /// - Throws: `ChangeSetRefused`; nothing was made.
    package func applying(
        _ changes: ChangeSet, number: UInt64, publishedAt: Instant, problemLimit: Int = 1_000
    ) throws(ChangeSetRefused) -> GraphVersion {
        precondition(number > self.number, "versions count up")
        var problems = ProblemList(limit: problemLimit)
        let assignment = RowAssignment(changes, to: self, problems: &problems)
        var next = NextTables(self, assignment, number: number)
        for (index, type) in changes.types.enumerated() {
            next.setColumns(type, rows: assignment.rows[index], problems: &problems)
        }
        next.deleteRows(problems: &problems, deleting: changes)
        // What follows reads whole columns; refused rows have left holes in them.
        if problems.count == 0 { next.checkUniqueness(changes, problems: &problems) }
        guard problems.count == 0 else { throw ChangeSetRefused(problems: problems.problems, problemCount: problems.count) }
        return GraphVersion(number: number, publishedAt: publishedAt, catalog: catalog, tables: next.finish())
    }
}

/// The tables of a version in the making.
private struct NextTables {
    let base: GraphVersion
    let assignment: RowAssignment
    let number: UInt64
    var columns: [[Column]]
    var columnVersions: [[UInt64]]
    var liveRows: [Bitmap?]
    /// By type, the rows that were written.
    var written: [[RowNumber]]
    var uniqueIndexes: [[Int: RowIndex]]

    init(_ base: GraphVersion, _ assignment: RowAssignment, number: UInt64) {
        self.base = base
        self.assignment = assignment
        self.number = number
        columns = base.tables.map(\.columns)
        columnVersions = base.tables.map(\.columnVersions)
        liveRows = base.tables.map(\.liveRows)
        written = base.tables.map { _ in [] }
        uniqueIndexes = base.tables.map(\.uniqueIndexes)
    }

    mutating func setColumns(_ changes: TypeChanges, rows: [RowNumber?], problems: inout ProblemList) {
        let type = changes.type
        let table = base.tables[type.index]
        let rowCount = assignment.rowCounts[type.index]
        written[type.index] += rows.compactMap { $0 }
        for (index, definition) in base.catalog[type].columns.enumerated() {
            let place = changes.columns.firstIndex(of: index)
            guard place != nil || rowCount > table.rowCount else { continue }
            let step = ColumnChanges(
                type: type, index: index, definition: definition, rows: rows, changes: changes, place: place,
                firstNewRow: table.rowCount, catalog: base.catalog)
            columns[type.index][index] = step.applied(
                to: columns[type.index][index], rowCount: rowCount, resolving: assignment, problems: &problems)
            columnVersions[type.index][index] = number
        }
        if let live = liveRows[type.index], live.count < rowCount {
            var grown = Bitmap(count: rowCount, all: true)
            for row in 0..<live.count where !live[row] { grown[row] = false }
            liveRows[type.index] = grown
        }
    }

    mutating func deleteRows(problems: inout ProblemList, deleting changes: ChangeSet) {
        for (index, deleted) in assignment.deletedRows.enumerated() where !deleted.isEmpty {
            var live = liveRows[index] ?? Bitmap(count: assignment.rowCounts[index], all: true)
            for row in deleted { live[Int(row)] = false }
            liveRows[index] = live
            for column in columnVersions[index].indices { columnVersions[index][column] = number }
        }
        for type in changes.types where !type.deletedKeys.isEmpty {
            for (position, key) in type.deletedKeys.enumerated() {
                guard let row = base.row(of: type.type, forKey: key), let source = reference(to: row, of: type.type) else {
                    continue
                }
                problems.report(.stillReferenced(byType: source), type: type.type, row: position)
            }
        }
    }

    /// A type with a live row that refers to a row, or nil. Cost: a pass over every column that could.
    private func reference(to target: RowNumber, of type: NodeTypeID) -> NodeTypeID? {
        for (index, source) in base.catalog.nodeTypes.enumerated() {
            for (column, definition) in source.columns.enumerated() {
                guard definition.kind == .reference(type) || definition.kind == .referenceList(type) else { continue }
                for row in 0..<assignment.rowCounts[index] where isLive(row, index) {
                    var found = false
                    columns[index][column].forEachReference(at: row) { if $0 == target { found = true } }
                    if found { return NodeTypeID(index) }
                }
            }
        }
        return nil
    }

    private func isLive(_ row: Int, _ type: Int) -> Bool { liveRows[type]?[row] ?? true }

    mutating func checkUniqueness(_ changes: ChangeSet, problems: inout ProblemList) {
        for (position, type) in changes.types.enumerated() {
            let index = type.type.index
            for (column, unique) in uniqueIndexes[index] where type.columns.contains(column) {
                let stored = [columns[index][column]]
                var seen: [Lanes: RowNumber] = [:]
                var added: [(Lanes, RowNumber)] = []
                for (row, number) in assignment.rows[position].enumerated() {
                    guard let number, let lanes = RowIndex.lanes(of: Int(number), in: stored) else { continue }
                    let held = unique.row(lanes, in: stored)
                    let isHeld = held.map {
                        $0 != number && isLive(Int($0), index) && RowIndex.lanes(of: Int($0), in: stored) == lanes
                    }
                    if isHeld == true || seen[lanes] != nil {
                        problems.report(.notUnique, type: type.type, row: row, column: column)
                    }
                    seen[lanes] = number
                    added.append((lanes, number))
                }
                uniqueIndexes[index][column] = unique.adding(added, in: stored, rowCount: assignment.rowCounts[index])
            }
        }
    }

    func finish() -> [Table] {
        base.tables.indices.map { index in
            let table = base.tables[index]
            let type = NodeTypeID(index)
            let inverses = base.catalog[type].inverses.enumerated().map { nextInverse($1, table.inverses[$0], of: index) }
            let isUntouched =
                written[index].isEmpty && assignment.deletedRows[index].isEmpty
                && zip(inverses, table.inverses).allSatisfy { $0.version == $1.version }
            if isUntouched { return table }
            let stored = base.catalog[type].key.map { columns[index][$0] }
            let added = assignment.added(to: type).values.sorted().compactMap { row in
                RowIndex.lanes(of: Int(row), in: stored).map { ($0, row) }
            }
            return Table(
                type: type, rowCount: assignment.rowCounts[index], liveRows: liveRows[index], columns: columns[index],
                columnVersions: columnVersions[index], inverses: inverses,
                keyIndex: table.keyIndex.adding(added, in: stored, rowCount: assignment.rowCounts[index]),
                uniqueIndexes: uniqueIndexes[index])
        }
    }

    // MARK: Inverses

    private func nextInverse(_ definition: InverseDefinition, _ adjacency: Adjacency, of owner: Int) -> Adjacency {
        let source = definition.source.index
        let deleted = assignment.deletedRows[source]
        guard columnVersions[source][definition.column] == number, !written[source].isEmpty || !deleted.isEmpty else {
            return adjacency
        }
        let column = columns[source][definition.column]
        let touched = written[source].count + deleted.count
        if touched + adjacency.changedCount > max(256, assignment.rowCounts[source] / 16) {
            return .counting(rowCount: assignment.rowCounts[owner], version: number) { body in
                for row in 0..<assignment.rowCounts[source] where isLive(row, source) {
                    column.forEachReference(at: row) { body($0, RowNumber(row)) }
                }
            }
        }
        // Few rows: only the lists that lose or gain one are written anew.
        let before = base.tables[source].columns[definition.column]
        var lists: [RowNumber: Set<RowNumber>] = [:]
        func list(_ target: RowNumber) -> Set<RowNumber> {
            if let list = lists[target] { return list }
            let targets = adjacency.targets(of: target)
            var list: Set<RowNumber> = []
            for index in targets.indices { list.insert(targets[index]) }
            return list
        }
        for row in written[source] + Array(deleted) {
            if Int(row) < base.tables[source].rowCount {
                before.forEachReference(at: Int(row)) { lists[$0] = list($0).subtracting([row]) }
            }
            if isLive(Int(row), source) {
                column.forEachReference(at: Int(row)) { lists[$0] = list($0).union([row]) }
            }
        }
        return adjacency.replacing(lists.mapValues { $0.sorted() }, version: number)
    }
}

extension Column {
    /// Calls with each distinct row that a reference or reference list of a row names, in order.
    fileprivate func forEachReference(at row: Int, _ body: (RowNumber) -> Void) {
        switch self {
        case .reference(let column):
            if let target = column[row] { body(target) }
        case .referenceList(let column):
            let list = column.list(at: row)
            for index in list.indices where !(0..<index).contains(where: { list[$0] == list[index] }) { body(list[index]) }
        default: break
        }
    }
}
