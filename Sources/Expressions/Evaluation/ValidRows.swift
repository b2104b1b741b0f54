import StoreColumns

/// One dated look-up, bound to a version and a date: which rows of the dated type hold, and for whom.
final class PeriodLookup: Sendable {
    let lookup: ValidLookup
    let ownerType: NodeTypeID
    /// Days since 1970-01-01.
    let date: Int32
    /// The dated rows of an owner.
    let periods: Adjacency
    let periodTable: Table
    let ownerTable: Table
    private let from: FixedWidthColumn<Int32>
    private let to: FixedWidthColumn<Int32>
    /// The dated type's column that names the owner.
    private let owner: Column
    private let keyOrder: KeyOrder

    init(_ lookup: ValidLookup, of ownerType: NodeTypeID, on date: CivilDate, in version: GraphVersion) throws(EvaluationError) {
        let owners = version.catalog[ownerType]
        guard owners.inverses.indices.contains(lookup.inverse), owners.inverses[lookup.inverse].source == lookup.periodType else {
            throw .illTyped("\(owners.name) has no inverse \(lookup.inverse) from the dated type")
        }
        self.lookup = lookup
        self.ownerType = ownerType
        self.date = date.days
        ownerTable = version[ownerType]
        periodTable = version[lookup.periodType]
        periods = ownerTable.inverse(lookup.inverse)
        guard case .date(let from) = periodTable.column(lookup.fromColumn),
            case .date(let to) = periodTable.column(lookup.toColumn)
        else { throw .illTyped("a dated look-up needs two Date columns") }
        self.from = from
        self.to = to
        owner = periodTable.column(owners.inverses[lookup.inverse].column)
        keyOrder = KeyOrder(lookup.periodType, in: version)
    }

    /// Half-open; an end that is not there is open.
    @inline(__always)
    func holds(_ period: RowNumber) -> Bool {
        let row = Int(period)
        if let start = from[row], start > date { return false }
        if let end = to[row], end <= date { return false }
        return true
    }

    /// The later start, then the greater key.
    private func exceeds(_ period: RowNumber, _ best: RowNumber) -> Bool {
        let start = from[Int(period)] ?? Int32.min
        let bestStart = from[Int(best)] ?? Int32.min
        return start != bestStart ? start > bestStart : keyOrder.compare(period, best) > 0
    }

    /// The one dated row of an owner that holds; `noRow` where none does.
    func validRow(of owner: RowNumber) -> RowNumber {
        var best = noRow
        let periods = periods
        let candidates = periods.targets(of: owner)
        for index in candidates.indices {
            let period = candidates[index]
            if holds(period), best == noRow || exceeds(period, best) { best = period }
        }
        return best
    }

    /// The dated row that holds for every owner, by one pass over the dated table.
    func validRows(_ budget: Budget) throws(EvaluationError) -> ValidRows {
        var rows = Array(repeating: noRow, count: ownerTable.rowCount)
        for start in stride(from: 0, to: periodTable.rowCount, by: Block.rowCount) {
            let end = min(start + Block.rowCount, periodTable.rowCount)
            try budget.charge(rows: end - start)
            for period in start..<end {
                let period = RowNumber(truncatingIfNeeded: period)
                guard periodTable.isLive(period), holds(period) else { continue }
                switch owner {
                case .reference(let column):
                    guard let owner = column[Int(period)] else { continue }
                    improve(&rows[Int(owner)], with: period)
                case .referenceList(let column):
                    let owners = column.list(at: Int(period))
                    for index in owners.indices { improve(&rows[Int(owners[index])], with: period) }
                default: break
                }
            }
        }
        return ValidRows(rows: rows)
    }

    private func improve(_ best: inout RowNumber, with period: RowNumber) {
        if best == noRow || exceeds(period, best) { best = period }
    }
}

/// The dated row that holds for each owner, on one date; `noRow` where none does.
final class ValidRows: Sendable {
    let rows: [RowNumber]
    init(rows: [RowNumber]) { self.rows = rows }

    var byteCount: Int { rows.count * MemoryLayout<RowNumber>.stride }
}
