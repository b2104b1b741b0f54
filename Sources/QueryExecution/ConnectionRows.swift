import Expressions
import GraphQLTypes
import Model
import QueryPlanning
import StoreColumns

/// The rows of a connection before they are ordered and cut into pages. Used on one thread.
///
/// One set serves every field of an operation that asks for the same rows, so that `a: items(where: …) { totalCount }` beside
/// `b: items(where: …, first: 3) { nodes { … } }` costs one evaluation. What was found for the last parent is kept while
/// fields share it; fields of one parent are walked one after the other.
final class ConnectionRows {
    /// What makes two sets the same, whatever their parents.
    struct Key: Hashable {
        var parentType: TypeID
        var fieldName: String
        var date: CivilDate?
        var filter: InputValue?
    }

    private let table: Table
    private let filter: RowFilter?
    /// What the filter asks for, where only aggregates are seen.
    let cells: CellFilter?
    /// The lists themselves, where nothing else makes them: no filter, and no date.
    let adjacency: Adjacency?
    /// Nil at the root: all rows of the type.
    private let edge: LateRows?
    private let budget: Budget
    /// The verdict for every row, once that was cheaper than asking row by row.
    private var verdicts: Bitmap?
    private var questions = 0
    /// Set once a second field asks for the same.
    private var isShared = false
    private var last: (parent: RowNumber?, rows: RowSelection)?
    /// All rows of the type for which a filter is TRUE that no request changes, where there is room for its verdicts: the same for every
    /// one that this is kept for.
    private var fixed: RowSelection?
    /// Larger ones are found again: what is kept between requests takes kilobytes.
    private static let fixedByteLimit = 16_384

    init(
        table: Table, edge: LateRows?, adjacency: Adjacency?, filter: RowFilter?, cells: CellFilter? = nil, budget: Budget
    ) {
        self.cells = cells
        self.adjacency = filter == nil ? adjacency : nil
        self.table = table
        self.edge = edge
        self.filter = filter
        self.budget = budget
    }

    func share() { isShared = true }

    /// What of a request its filter reads.
    var arguments: [ConditionArguments.Argument] { filter?.arguments ?? [] }

    /// Puts the values of a request in place of those before.
    /// - Returns: false where a value cannot be compared.
    func bind(_ arguments: PlacedArguments, _ values: VariableValues, in model: Model) -> Bool {
        if last != nil { last = nil }
        if verdicts != nil { verdicts = nil }
        questions = 0
        return filter?.bind(arguments, values, in: model) ?? true
    }

    /// The rows of the list, ascending by number: at the root, or behind the edge of a row.
    func rows(of parent: RowNumber?) throws(EvaluationError) -> RowSelection {
        guard isShared else { return try makeRows(of: parent) }
        if let last, last.parent == parent { return last.rows }
        let rows = try makeRows(of: parent)
        last = (parent, rows)
        return rows
    }

    /// The same rows as what a pass over them goes through fastest.
    func scannedRows(of parent: RowNumber?) throws(EvaluationError) -> RowSelection {
        guard filter == nil, parent == nil || edge == nil else { return try rows(of: parent) }
        return .bitmap(table.liveRows ?? Bitmap(count: table.rowCount, all: true))
    }

    /// How many rows the list has, where that can be said without listing them.
    func count(of parent: RowNumber?) throws(EvaluationError) -> Int {
        if filter == nil {
            guard let parent, edge != nil else { return table.liveRowCount }
            return try edge?.count(of: parent) ?? 0
        }
        return try rows(of: parent).count
    }

    /// At the root the filter chooses between few candidates and a scan. Behind an edge rows are asked one by one, until so many
    /// were asked, of one parent or of many, that the verdicts of the whole type are cheaper.
    private func makeRows(of parent: RowNumber?) throws(EvaluationError) -> RowSelection {
        guard let parent, edge != nil else { return try allRows() }
        var rows: [RowNumber] = []
        try edge?.rows(of: parent, into: &rows)
        guard let filter, !rows.isEmpty else { return .list(rows) }
        questions += rows.count
        if verdicts == nil, questions > max(256, table.liveRowCount / 8) { verdicts = try Self.verdicts(filter, table) }
        if let verdicts {
            rows.removeAll { !verdicts[Int($0)] }
            return .list(rows)
        }
        var kept = 0
        for index in rows.indices {
            guard try filter.truth(of: rows[index]) == .yes else { continue }
            rows[kept] = rows[index]
            kept += 1
        }
        rows.removeLast(rows.count - kept)
        return .list(rows)
    }

    private func allRows() throws(EvaluationError) -> RowSelection {
        if let fixed { return fixed }
        // Asked as it stands there: what is taken out of an optional is counted.
        if let rows = try filter?.rows() {
            if case .bitmap = rows, rows.byteCount <= Self.fixedByteLimit, filter?.keepsRows == true { fixed = rows }
            return rows
        }
        try budget.charge(rows: table.liveRowCount)
        if let live = table.liveRows { return .bitmap(live) }
        return .list(Array(0..<RowNumber(truncatingIfNeeded: table.rowCount)))
    }

    private static func verdicts(_ filter: RowFilter, _ table: Table) throws(EvaluationError) -> Bitmap {
        switch try filter.rows() {
        case .bitmap(let bitmap): return bitmap
        case .list(let rows):
            var words = [UInt64](repeating: 0, count: (table.rowCount + 63) / 64)
            for row in rows { words[Int(row) >> 6] |= 1 << UInt64(row & 63) }
            return Bitmap(words: words, count: table.rowCount)
        }
    }
}
