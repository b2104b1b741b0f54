import StoreColumns

// An expression is compiled to a tree of nodes, each of one of five shapes by what it gives: a verdict, an integer, a
// ratio, a text, a set of rows. Whatever is a number of at most 64 bits travels as an integer: Int, the unscaled Decimal,
// days, microseconds, enum codes, dictionary codes, row numbers, the bits of a Float. A node answers for the rows bound in
// a frame, and most also for a block of 1,024 rows at once; the two must agree, and the block's way may not fail where the
// other would not: it looks only at rows in its mask.
//
// Nodes are classes: a call is one indirect jump, and nothing is retained or boxed on the way.

/// Sendable: here and in every subclass in this room, stored properties are `let` and Sendable.
class TruthNode: @unchecked Sendable {
    func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth { preconditionFailure("a node without an answer") }

    /// What is left to be asked where parts of a conjunction are known to be TRUE. Shares its nodes, and so its frames.
    func without(_ isKnown: (TruthNode) -> Bool) -> TruthNode { isKnown(self) ? ConstantTruth(.yes) : self }

    func truths(
        _ block: Block, _ mask: BlockBits, _ frame: inout Frame
    ) throws(EvaluationError) -> BlockTruth {
        var result = BlockTruth.no
        for word in 0..<Block.wordCount {
            var bits = mask[word: word]
            while bits != 0 {
                let row = word << 6 + bits.trailingZeroBitCount
                bits &= bits &- 1
                frame.rows[block.slot] = RowNumber(truncatingIfNeeded: block.start + row)
                result.set(row, try truth(&frame))
            }
        }
        return result
    }

    /// The verdicts of rows that lanes hold, each bound to a slot in turn.
    func truths(
        ofRowsIn rows: borrowing Lanes, _ mask: BlockBits, slot: Int, _ frame: inout Frame
    ) throws(EvaluationError) -> BlockTruth {
        var result = BlockTruth.no
        for word in 0..<Block.wordCount {
            var bits = mask[word: word]
            while bits != 0 {
                let place = word << 6 + bits.trailingZeroBitCount
                bits &= bits &- 1
                frame.rows[slot] = RowNumber(truncatingIfNeeded: rows.values[place])
                result.set(place, try truth(&frame))
            }
        }
        return result
    }
}

/// Sendable: as `TruthNode`.
class IntegerNode: @unchecked Sendable {
    /// Nil is null.
    func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? { preconditionFailure("a node without an answer") }

    /// The values of the mask's rows; what the lanes hold for other rows means nothing.
    func fill(
        _ lanes: inout Lanes, _ block: Block, _ mask: BlockBits, _ frame: inout Frame
    ) throws(EvaluationError) {
        lanes.valid = .none
        for word in 0..<Block.wordCount {
            var bits = mask[word: word]
            while bits != 0 {
                let row = word << 6 + bits.trailingZeroBitCount
                bits &= bits &- 1
                frame.rows[block.slot] = RowNumber(truncatingIfNeeded: block.start + row)
                guard let value = try value(&frame) else { continue }
                lanes.values[row] = value
                lanes.valid.insert(row)
            }
        }
    }

    /// Those of the mask's rows that have a value.
    func presence(_ block: Block, _ mask: BlockBits, _ frame: inout Frame) throws(EvaluationError) -> BlockBits {
        var lanes = frame.takeLanes()
        try fill(&lanes, block, mask, &frame)
        let there = mask & lanes.valid
        frame.giveBack(lanes)
        return there
    }

    /// The values of the mask's rows compared with a constant.
    func compare(
        _ comparison: Comparison, _ constant: Int64, _ block: Block, _ mask: BlockBits, _ frame: inout Frame
    ) throws(EvaluationError) -> BlockTruth {
        var lanes = frame.takeLanes()
        try fill(&lanes, block, mask, &frame)
        let held = comparison.bits(of: lanes.values.span, against: constant)
        let truth = BlockTruth(yes: held & lanes.valid, unknown: mask.without(lanes.valid))
        frame.giveBack(lanes)
        return truth
    }

    /// The value where it is the same for every row and known when compiled.
    var constant: Int64?? { nil }
}

/// Sendable: as `TruthNode`.
class RatioNode: @unchecked Sendable {
    /// Nil is null.
    func value(_ frame: inout Frame) throws(EvaluationError) -> Ratio? { preconditionFailure("a node without an answer") }
}

/// Sendable: as `TruthNode`.
class TextNode: @unchecked Sendable {
    /// Appends the text's UTF-8; false, with nothing appended, for null.
    func append(to bytes: inout [UInt8], _ frame: inout Frame) throws(EvaluationError) -> Bool {
        preconditionFailure("a node without an answer")
    }
}

/// Sendable: as `TruthNode`.
class RowSetNode: @unchecked Sendable {
    /// Appends the set's rows to an empty list, ascending, each once; false where the set itself is null.
    func collect(_ list: inout [RowNumber], _ frame: inout Frame) throws(EvaluationError) -> Bool {
        preconditionFailure("a node without an answer")
    }

    /// How many rows; nil where the set is null.
    func count(_ frame: inout Frame) throws(EvaluationError) -> Int? {
        var list = frame.takeList()
        let isThere = try collect(&list, &frame)
        let count = list.count
        frame.giveBack(list)
        try frame.charge(count)
        return isThere ? count : nil
    }

    /// Whether a row is in the set; unknown where the set is null.
    func contains(_ row: RowNumber, _ frame: inout Frame) throws(EvaluationError) -> Truth {
        var list = frame.takeList()
        guard try collect(&list, &frame) else {
            frame.giveBack(list)
            return .unknown
        }
        try frame.charge(list.count)
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low + high) / 2
            if list[middle] < row { low = middle + 1 } else { high = middle }
        }
        let found = low < list.count && list[low] == row
        frame.giveBack(list)
        return found ? .yes : .no
    }
}
