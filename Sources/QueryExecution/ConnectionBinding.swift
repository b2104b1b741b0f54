import Expressions
import GraphQLTypes
import QueryPlanning
import StoreColumns

/// A connection of a plan, bound to the arguments of one request: the same for every row it is asked of. Used on one thread.
final class ConnectionBinding {
    let plan: ConnectionPlan
    let table: Table
    let filter: CompiledPredicate?
    let order: ListOrder
    let first: Int
    let offset: Int
    let after: Cursor?
    /// The cursor, where it was given but is none of ours.
    let isAfterForeign: Bool
    var hasCursor: Bool { after != nil || isAfterForeign }
    /// What makes the list, but for the row that it belongs to.
    let digest: ListDigest
    /// Nil at the root: all rows of the type.
    private var edge: RowsEvaluator?
    private let budget: Budget
    private var judge: PredicateEvaluator?
    /// The verdict for every row, once that was cheaper than asking row by row.
    private var verdicts: Bitmap?
    private var questions = 0

    init(
        _ plan: ConnectionPlan, table: Table, edge: CompiledRows?, filter: CompiledPredicate?, order: ListOrder, first: Int,
        offset: Int, after: Cursor?, isAfterForeign: Bool, digest: ListDigest, budget: Budget
    ) {
        self.plan = plan
        self.table = table
        self.edge = edge?.makeEvaluator()
        self.filter = filter
        self.judge = filter?.makeEvaluator()
        self.order = order
        self.first = first
        self.offset = offset
        self.after = after
        self.isAfterForeign = isAfterForeign
        self.digest = digest
        self.budget = budget
    }

    // MARK: - Rows

    /// The rows of the list, ascending by number: at the root, or behind the edge of a row.
    ///
    /// At the root the filter chooses between few candidates and a scan. Behind an edge rows are asked one by one, until so many
    /// were asked, of one parent or of many, that the verdicts of the whole type are cheaper.
    func rows(of parent: RowNumber?) throws(EvaluationError) -> RowSelection {
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
            guard try judge?.truth(of: rows[index]) == .yes else { continue }
            rows[kept] = rows[index]
            kept += 1
        }
        rows.removeLast(rows.count - kept)
        return .list(rows)
    }

    /// How many rows the list has, where that can be said without listing them.
    func count(of parent: RowNumber?) throws(EvaluationError) -> Int {
        if filter == nil {
            guard let parent, edge != nil else { return table.liveRowCount }
            return try edge?.count(of: parent) ?? 0
        }
        return try rows(of: parent).count
    }

    private func allRows() throws(EvaluationError) -> RowSelection {
        if let filter { return try filter.rows() }
        try budget.charge(rows: table.liveRowCount)
        if let live = table.liveRows { return .bitmap(live) }
        return .list(Array(0..<RowNumber(truncatingIfNeeded: table.rowCount)))
    }

    private static func verdicts(_ filter: CompiledPredicate, _ table: Table) throws(EvaluationError) -> Bitmap {
        switch try filter.rows() {
        case .bitmap(let bitmap): return bitmap
        case .list(let rows):
            var words = [UInt64](repeating: 0, count: (table.rowCount + 63) / 64)
            for row in rows { words[Int(row) >> 6] |= 1 << UInt64(row & 63) }
            return Bitmap(words: words, count: table.rowCount)
        }
    }
}

/// A page of a connection while it is written.
struct Page {
    var rows: [RowNumber] = []
    /// Nil where nobody asks.
    var totalCount: Int?
    var hasNextPage = false
    var hasPreviousPage = false
    var type: NodeTypeID
    /// What the cursors of its rows are bound to.
    var list: [UInt8] = []
}
