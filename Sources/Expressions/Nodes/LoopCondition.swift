import StoreColumns

/// A condition asked of the rows of sets: one after another, or, where it names no outer row and that pays, of its whole
/// type at once and then a bit a row.
final class LoopCondition: Sendable {
    let slot: Int
    private let condition: TruthNode
    private let hoists: [Int]
    private let site: Int
    let table: Table
    /// Nil where it names rows outside the loop, and so means something else in each.
    private let alone: Alone?
    /// Whether there is one: asked before each loop, where a look at the condition itself would be counted.
    private let standsAlone: Bool
    private let opensHoists: Bool
    /// Rows asked one by one for which its whole type could be asked: eight times as many, unless each row's text is to be tested, which
    /// costs the same in either way.
    private let pricedRowCount: Int
    let context: EvaluationContext

    /// The condition as it stands in the expression: for what is kept between requests.
    private struct Alone: Sendable {
        var condition: Expression
        var variable: Int
    }

    init(
        _ condition: TruthNode, of expression: Expression, variable: Int, slot: Int, hoists: [Int], site: Int, over table: Table,
        _ context: EvaluationContext
    ) {
        self.condition = condition
        self.slot = slot
        self.hoists = hoists
        self.site = site
        self.table = table
        self.context = context
        let outer = expression.freeVariables & ~(1 << UInt64(variable))
        pricedRowCount = table.rowCount * (expression.testsTexts(in: context.version) ? 8 : 1)
        alone = outer == 0 ? Alone(condition: expression, variable: variable) : nil
        standsAlone = outer == 0
        opensHoists = !hoists.isEmpty
    }

    var isAlwaysTrue: Bool { (condition as? ConstantTruth)?.verdict == .yes }

    /// Before a loop over `count` rows.
    func begin(_ frame: inout Frame, asking count: Int) throws(EvaluationError) {
        try frame.charge(count)
        if opensHoists { frame.open(hoists) }
        guard standsAlone, !frame.isKnown(at: site) else { return }
        if frame.pays(at: site, asked: count, of: pricedRowCount) { _ = try makeBitmaps(&frame) }
    }

    @inline(__always)
    func truth(of row: RowNumber, _ frame: inout Frame) throws(EvaluationError) -> Truth {
        if let known = frame.predicates[site] { return known[Int(row)] }
        frame.rows[slot] = row
        return try condition.truth(&frame)
    }

    /// The verdicts of rows that lanes hold; nil where what is asked of each depends on a row outside.
    func truths(
        ofRowsIn rows: borrowing Lanes, _ mask: BlockBits, _ frame: inout Frame
    ) throws(EvaluationError) -> BlockTruth? {
        guard alone != nil, hoists.isEmpty else { return nil }
        try frame.charge(mask.count)
        return try condition.truths(ofRowsIn: rows, mask, slot: slot, &frame)
    }

    /// The verdicts of the whole type, where they are known or now pay.
    func bitmaps(_ frame: inout Frame, asking count: Int) throws(EvaluationError) -> TruthBitmaps? {
        if let known = frame.predicates[site] { return known }
        guard standsAlone, frame.pays(at: site, asked: count, of: pricedRowCount) else { return nil }
        return try makeBitmaps(&frame)
    }

    private func makeBitmaps(_ frame: inout Frame) throws(EvaluationError) -> TruthBitmaps? {
        guard let alone else { return nil }
        let key = KeptVerdicts.Key(type: table.type, condition: alone.condition.movingVariables(by: -alone.variable))
        let known = try context.verdicts(key, &frame) { (frame) throws(EvaluationError) in
            try condition.bitmaps(over: table, slot: slot, &frame)
        }
        frame.predicates[site] = known
        return known
    }
}

extension EvaluationContext {
    /// The verdicts of a condition for a whole type: those that are kept, or made now, as a step where steps are noted.
    func verdicts(
        _ key: KeptVerdicts.Key, _ frame: inout Frame, _ make: (inout Frame) throws(EvaluationError) -> TruthBitmaps
    ) throws(EvaluationError) -> TruthBitmaps {
        guard let trace = frame.trace else {
            return try derived.verdicts.verdicts(key, budget) { () throws(EvaluationError) in try make(&frame) }.value
        }
        try frame.settle()
        let open = trace.begin(.set, key.condition.text(in: rowTypes), visited: budget.rowsVisited)
        do throws(EvaluationError) {
            let found = try derived.verdicts.verdicts(key, budget) { () throws(EvaluationError) in try make(&frame) }
            try frame.settle()
            trace.end(open, mode: found.wasKnown ? .kept : .set, rows: found.value.yesCount, visited: budget.rowsVisited)
            return found.value
        } catch {
            trace.end(open, visited: budget.rowsVisited)
            throw error
        }
    }
}
