import Expressions
import StoreColumns
import Synchronization

/// Where each row of a type stands in the order of business keys: worked out once for a version, by whoever first asks for a
/// list in that order, so that the next page costs its rows and not its sort.
package final class KeyRanks: Sendable {
    /// Larger tables are sorted anew each time: four bytes a row are too much to keep for a guess.
    static let rowLimit = 4_000_000

    enum Ranks: Sendable {
        /// Rows are numbered in the order of their keys, as a load from sorted files numbers them.
        case rowNumbers
        /// By row number; dead rows come last.
        case ranks([UInt32])
    }

    private let known = Mutex<[NodeTypeID: Ranks]>([:])

    /// For one version.
    package init() {}

    /// - Parameter order: Of business keys alone.
    func ranks(of table: Table, _ order: RowOrder) throws(EvaluationError) -> Ranks? {
        guard table.rowCount <= Self.rowLimit else { return nil }
        if let ranks = known.withLock({ $0[table.type] }) { return ranks }
        // Two threads that ask at once both work it out; the results are the same.
        let live = (0..<RowNumber(truncatingIfNeeded: table.rowCount)).filter { table.isLive($0) }
        let sorted = try order.sorted(live)
        var ranks = Ranks.rowNumbers
        if sorted != live {
            var places = [UInt32](repeating: .max, count: table.rowCount)
            for (rank, row) in sorted.enumerated() { places[Int(row)] = UInt32(truncatingIfNeeded: rank) }
            ranks = .ranks(places)
        }
        known.withLock { $0[table.type] = ranks }
        return ranks
    }
}

/// The order of a list: by sort keys, or by business key alone. Used on one thread.
final class ListOrder {
    private let order: RowOrder
    /// Set where the business key is the only key.
    private let keyRanks: KeyRanks?
    private let table: Table
    private var ranks: KeyRanks.Ranks?
    /// How many rows all lists together have had.
    private var asked = 0

    init(_ order: RowOrder, _ keyRanks: KeyRanks?, _ table: Table) {
        self.order = order
        self.keyRanks = keyRanks
        self.table = table
    }

    /// The rows of a selection in order, the first so many of those behind `last`.
    func rows(of selection: RowSelection, after last: RowNumber?, first limit: Int) throws(EvaluationError) -> [RowNumber] {
        var rows = selection.array()
        if rows.count < 2, last == nil { return Array(rows.prefix(limit)) }
        if let ranks = try ranks(asking: rows.count) {
            switch ranks {
            case .rowNumbers:
                // Selections are ascending already.
                if let last { rows.removeAll { $0 <= last } }
                return rows.count > limit ? Array(rows.prefix(limit)) : rows
            case .ranks(let ranks):
                if let last {
                    let rank = ranks[Int(last)]
                    rows.removeAll { ranks[Int($0)] <= rank }
                }
                return Self.first(limit, of: rows, by: ranks)
            }
        }
        guard let last else { return try order.sorted(rows, first: limit) }
        return try order.sorted(rows, after: last, first: limit)
    }

    /// The rows of the smallest ranks, in their order. A page of a long list is picked in one pass: rows that stand behind
    /// everything a page can hold are passed over, and only what is picked is sorted.
    private static func first(_ limit: Int, of rows: [RowNumber], by ranks: [UInt32]) -> [RowNumber] {
        var picked: [RowNumber] = []
        var bound = UInt32.max
        for row in rows where ranks[Int(row)] < bound {
            picked.append(row)
            if picked.count > 2 * limit {
                picked.sort { ranks[Int($0)] < ranks[Int($1)] }
                picked.removeLast(picked.count - limit)
                bound = picked.last.map { ranks[Int($0)] } ?? 0
            }
        }
        picked.sort { ranks[Int($0)] < ranks[Int($1)] }
        return Array(picked.prefix(limit))
    }

    /// The ranks of business keys, where they are the order. A handful of rows is sorted sooner than a table is ranked, but not
    /// one handful after the other.
    private func ranks(asking count: Int) throws(EvaluationError) -> KeyRanks.Ranks? {
        if let ranks { return ranks }
        guard let keyRanks else { return nil }
        asked += count
        guard count >= 32 || asked * 8 >= table.rowCount else { return nil }
        ranks = try keyRanks.ranks(of: table, order)
        return ranks
    }
}
