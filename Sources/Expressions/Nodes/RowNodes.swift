import StoreColumns

/// The dated row of an owner that holds on the look-up's date. (The row it refers to is then a column of it.)
final class ValidRowNode: IntegerNode, @unchecked Sendable {
    private let lookup: PeriodLookup
    private let owner: IntegerNode
    private let derived: DerivedColumns
    private let site: Int
    init(_ lookup: PeriodLookup, of owner: IntegerNode, _ derived: DerivedColumns, site: Int) {
        self.lookup = lookup
        self.owner = owner
        self.derived = derived
        self.site = site
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let owner = try owner.value(&frame) else { return nil }
        let period: RowNumber
        if let valid = try known(&frame, asking: 1) {
            period = valid.rows[Int(truncatingIfNeeded: owner)]
        } else {
            let owner = RowNumber(truncatingIfNeeded: owner)
            try frame.charge(lookup.periods.count(of: owner))
            period = lookup.validRow(of: owner)
        }
        return period == noRow ? nil : Int64(period)
    }

    override func fill(
        _ lanes: inout Lanes, _ block: Block, _ mask: BlockBits, _ frame: inout Frame
    ) throws(EvaluationError) {
        guard let valid = try known(&frame, asking: mask.count) else {
            return try super.fill(&lanes, block, mask, &frame)
        }
        try owner.fill(&lanes, block, mask, &frame)
        let owners = lanes.valid & mask
        lanes.valid = .none
        try owners.forEach { index in
            let period = valid.rows[Int(truncatingIfNeeded: lanes.values[index])]
            guard period != noRow else { return }
            lanes.values[index] = Int64(period)
            lanes.valid.insert(index)
        }
    }

    private func known(_ frame: inout Frame, asking count: Int) throws(EvaluationError) -> ValidRows? {
        if let known = frame.validRows[site] { return known }
        guard frame.pays(at: site, asked: count, of: lookup.ownerTable.rowCount) else { return nil }
        let known = try derived.validRows(lookup, frame.budget)
        frame.validRows[site] = known
        return known
    }
}

/// The row of a set with the greatest, or least, key that is not null; of several, the one with the least business key.
final class ExtremeRow: IntegerNode, @unchecked Sendable {
    enum By: Sendable {
        case integer(IntegerNode, isFloat: Bool)
        case ratio(RatioNode)
        case text(TextNode)
    }
    private let set: RowSetNode
    private let slot: Int
    private let by: By
    private let isGreatest: Bool
    private let keyOrder: KeyOrder
    private let hoists: [Int]
    init(_ set: RowSetNode, slot: Int, by: By, isGreatest: Bool, _ keyOrder: KeyOrder, hoists: [Int]) {
        self.set = set
        self.slot = slot
        self.by = by
        self.isGreatest = isGreatest
        self.keyOrder = keyOrder
        self.hoists = hoists
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        var list = frame.takeList()
        guard try set.collect(&list, &frame) else {
            frame.giveBack(list)
            return nil
        }
        try frame.charge(list.count)
        frame.open(hoists)
        let best: RowNumber
        switch by {
        case .integer(let key, let isFloat): best = try extreme(of: list, by: key, isFloat, &frame)
        case .ratio(let key): best = try extreme(of: list, by: key, &frame)
        case .text(let key): best = try extreme(of: list, by: key, &frame)
        }
        frame.giveBack(list)
        return best == noRow ? nil : Int64(best)
    }

    private func extreme(
        of list: [RowNumber], by key: IntegerNode, _ isFloat: Bool, _ frame: inout Frame
    ) throws(EvaluationError) -> RowNumber {
        var best = noRow
        var bestKey: Int64 = 0
        for row in list {
            frame.rows[slot] = row
            guard let value = try key.value(&frame) else { continue }
            if best != noRow {
                let exceeds =
                    isFloat
                    ? Double(lane: value).exceeds(Double(lane: bestKey), isGreatest) : value.exceeds(bestKey, isGreatest)
                let isEqual = isFloat ? Double(lane: value) == Double(lane: bestKey) : value == bestKey
                guard exceeds || isEqual && keyOrder.compare(row, best) < 0 else { continue }
            }
            best = row
            bestKey = value
        }
        return best
    }

    private func extreme(
        of list: [RowNumber], by key: RatioNode, _ frame: inout Frame
    ) throws(EvaluationError) -> RowNumber {
        var best = noRow
        var bestKey = Ratio.zero
        for row in list {
            frame.rows[slot] = row
            guard let value = try key.value(&frame) else { continue }
            if best != noRow {
                guard value.exceeds(bestKey, isGreatest) || value == bestKey && keyOrder.compare(row, best) < 0 else { continue }
            }
            best = row
            bestKey = value
        }
        return best
    }

    private func extreme(
        of list: [RowNumber], by key: TextNode, _ frame: inout Frame
    ) throws(EvaluationError) -> RowNumber {
        var best = noRow
        var bestKey = frame.takeBytes()
        var next = frame.takeBytes()
        for row in list {
            frame.rows[slot] = row
            next.removeAll(keepingCapacity: true)
            guard try key.append(to: &next, &frame) else { continue }
            if best != noRow {
                let order = next.span.order(against: bestKey.span)
                guard order.exceeds(0, isGreatest) || order == 0 && keyOrder.compare(row, best) < 0 else { continue }
            }
            best = row
            swap(&bestKey, &next)
        }
        frame.giveBack(bestKey)
        frame.giveBack(next)
        return best
    }
}
