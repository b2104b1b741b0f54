import StoreColumns

/// A quantifier over a row or none: the condition asked of the row that a to-one edge leads to.
final class OptionalQuantifier: TruthNode, @unchecked Sendable {
    private let quantifier: Quantifier
    private let row: IntegerNode
    private let condition: LoopCondition
    init(_ quantifier: Quantifier, _ row: IntegerNode, _ condition: LoopCondition) {
        self.quantifier = quantifier
        self.row = row
        self.condition = condition
    }

    /// Of no row.
    private var ofNone: Truth { quantifier == .every || quantifier == .none ? .yes : .no }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let row = try row.value(&frame) else { return ofNone }
        try condition.begin(&frame, asking: 1)
        let truth = try condition.truth(of: RowNumber(truncatingIfNeeded: row), &frame)
        return quantifier == .none ? truth.negated : truth
    }

    override func truths(_ block: Block, _ mask: BlockBits, _ frame: inout Frame) throws(EvaluationError) -> BlockTruth {
        let known = try condition.bitmaps(&frame, asking: mask.count)
        if let known, let (yes, there) = (row as? ColumnInteger)?.verdicts(of: known, block, mask) {
            let held = quantifier == .none ? there.without(yes) : yes
            return BlockTruth(yes: ofNone == .yes ? held | mask.without(there) : held, unknown: .none)
        }
        var lanes = frame.takeLanes()
        try row.fill(&lanes, block, mask, &frame)
        let asked = mask & lanes.valid
        var truth = BlockTruth.no
        if let known {
            try asked.forEach { truth.set($0, known[Int(truncatingIfNeeded: lanes.values[$0])]) }
        } else if let found = try condition.truths(ofRowsIn: lanes, asked, &frame) {
            truth = BlockTruth(yes: found.yes & asked, unknown: found.unknown & asked)
        } else {
            frame.giveBack(lanes)
            return try super.truths(block, mask, &frame)
        }
        if quantifier == .none { truth.yes = asked.without(truth.yes | truth.unknown) }
        if ofNone == .yes { truth.yes = truth.yes | mask.without(lanes.valid) }
        frame.giveBack(lanes)
        return truth
    }
}
