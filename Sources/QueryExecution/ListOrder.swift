import Expressions
import StoreColumns

/// The order of a list: by sort keys, or by business key alone. Used on one thread.
final class ListOrder {
    private let order: RowOrder
    private let few: FewRowsSorter
    private let key: KeyRanks.OrderKey
    private let keyRanks: KeyRanks
    private let table: Table
    private let budget: Budget
    private var ranks: KeyRanks.Ranks?
    /// Shorter lists are sorted sooner than ranks are looked for.
    private static let leastCount = 32
    /// Some row of the type has no place, though perhaps none of the list's.
    private var cannotBeRanked = false
    /// Rows that lists by these sort keys have had, of this request and of those before that were answered by the same.
    private var asked = 0

    /// - Parameter order: Of the key.
    init(_ order: RowOrder, _ key: KeyRanks.OrderKey, _ keyRanks: KeyRanks, _ table: Table, _ budget: Budget) {
        self.order = order
        few = order.makeSorterOfFew()
        self.key = key
        self.keyRanks = keyRanks
        self.table = table
        self.budget = budget
    }

    /// A stretch of a selection's rows, in order.
    ///
    /// - Parameter isDeep: Whether it lies behind others, so that more such stretches are likely to be asked for.
    func rows(
        of selection: consuming RowSelection, _ stretch: RowStretch, isDeep: Bool
    ) throws(EvaluationError) -> [RowNumber] {
        let count = selection.count
        if count < 2, stretch.limit >= count, stretch.after == nil, stretch.before == nil { return selection.array() }
        guard let ranks = try ranks(asking: count, isDeep: isDeep) else {
            // Lists behind edges, of which an answer may have thousands: nothing is claimed or looked up for them.
            guard count >= Self.leastCount else { return try sortedFew(selection.array(), stretch) }
            let memory = MemoryClaim(budget)
            try memory.add(count * MemoryLayout<RowNumber>.stride)
            return try order.sorted(selection.array(), in: stretch)
        }
        if case .ranked(let ranked) = ranks, case .bitmap(let set) = copy selection,
            ranked.isWalked(for: stretch.limit, of: count)
        {
            return ranked.walked(stretch, through: set)
        }
        let memory = MemoryClaim(budget)
        try memory.add(count * MemoryLayout<RowNumber>.stride)
        let rows = selection.array()
        switch ranks {
        case .ranked(let ranked): return ranked.picked(stretch, from: rows)
        case .rowNumbers:
            // Selections are ascending already.
            let first = stretch.after.map { rows.place(of: $0 + 1) } ?? 0
            let end = stretch.before.map { rows.place(of: $0) } ?? rows.count
            guard first < end else { return [] }
            return Array(stretch.isFromEnd ? rows[first..<end].suffix(stretch.limit) : rows[first..<end].prefix(stretch.limit))
        }
    }

    private func sortedFew(_ given: consuming [RowNumber], _ stretch: RowStretch) throws(EvaluationError) -> [RowNumber] {
        var rows = given
        guard stretch.limit >= rows.count, stretch.after == nil, stretch.before == nil, try few.sort(&rows) else {
            return try order.sorted(rows, in: stretch)
        }
        return rows
    }

    /// Puts lists that lie end to end in order, each by itself, and takes all but so many of the first of each away.
    /// - Returns: false where they are better found one by one.
    func arrange(_ rows: inout [RowNumber], _ ends: inout [Int], first limit: Int) throws(EvaluationError) -> Bool {
        guard key.isOfBusinessKeys else { return false }
        let unsorted = order.listsOutOfOrder(rows.span, ends: ends.span)
        for list in unsorted {
            let range = (list == 0 ? 0 : ends[list - 1])..<ends[list]
            let sorted = try self.rows(of: .list(Array(rows[range])), RowStretch(limit: range.count), isDeep: false)
            rows.replaceSubrange(range, with: sorted)
        }
        var (start, kept, isCut) = (0, 0, false)
        for list in ends.indices {
            let end = ends[list]
            let count = min(end - start, limit)
            if isCut { for place in 0..<count { rows[kept + place] = rows[start + place] } }
            isCut = isCut || count < end - start
            kept += count
            (ends[list], start) = (kept, end)
        }
        rows.removeLast(rows.count - kept)
        return true
    }

    /// The ranks of all rows, where they are known or pay.
    ///
    /// A list is picked from or sorted by a pass over its rows; ranking costs some passes over the table. So by business key, which
    /// all lists share, the table is ranked once the lists of this request, or of all requests of the version, have had more rows than
    /// that. By sort keys, which sooner or later are others: for the second page of a large part of the table, as the first is
    /// picked in one pass; and of a table that is not large, once the same list was asked for so often that ranking costs less, as a
    /// poll does.
    private func ranks(asking count: Int, isDeep: Bool) throws(EvaluationError) -> KeyRanks.Ranks? {
        if let ranks { return ranks }
        guard !cannotBeRanked else { return nil }
        var paysByNow = false
        if !key.isOfBusinessKeys, table.rowCount <= KeyRanks.sortRowLimit {
            asked += count
            paysByNow = asked >= KeyRanks.sortPayingShare * table.rowCount
        }
        guard count >= Self.leastCount || paysByNow else { return nil }
        ranks = keyRanks.known(key)
        if ranks != nil { return ranks }
        if key.isOfBusinessKeys {
            guard isDeep && count * 4 >= table.rowCount || keyRanks.pays(asking: count, of: table, key.type) else { return nil }
        } else {
            guard paysByNow || isDeep && count * 4 >= table.rowCount else { return nil }
        }
        try budget.beginUncounted()
        do throws(EvaluationError) {
            ranks = try keyRanks.ranks(of: table, key, order)
        } catch {
            // An error of one row is for a list that has the row.
            guard !error.endsExecution else { throw error }
            cannotBeRanked = true
        }
        return ranks
    }
}

extension [RowNumber] {
    /// Where a row stands in an ascending list, or would.
    func place(of row: RowNumber) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < row { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
