import StoreColumns

/// A stored Boolean column at a row; unknown where it or the row is null.
final class BooleanColumnNode: TruthNode, @unchecked Sendable {
    private let column: BooleanColumn
    private let row: IntegerNode
    init(_ column: BooleanColumn, of row: IntegerNode) {
        self.column = column
        self.row = row
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let row = try row.value(&frame), let value = column[Int(truncatingIfNeeded: row)] else { return .unknown }
        return Truth(value)
    }

    override func truths(_ block: Block, _ mask: BlockBits, _ frame: inout Frame) throws(EvaluationError) -> BlockTruth {
        guard (row as? VariableNode)?.slot == block.slot else { return try super.truths(block, mask, &frame) }
        var truth = BlockTruth(yes: .none, unknown: mask)
        for index in 0..<(block.count + 63) / 64 {
            let (values, validity) = column.word(block.start >> 6 + index)
            truth.yes[word: index] = values & validity & mask[word: index]
            truth.unknown[word: index] = mask[word: index] & ~validity
        }
        return truth
    }
}

/// Whether an enum-list column at a row holds all, or any, of some codes; unknown where it or the row is null.
final class ListIncludes: TruthNode, @unchecked Sendable {
    private let column: ListColumn<UInt16>
    private let row: IntegerNode
    private let codes: [UInt16]
    private let all: Bool
    init(_ column: ListColumn<UInt16>, of row: IntegerNode, _ codes: [UInt16], all: Bool) {
        self.column = column
        self.row = row
        self.codes = codes
        self.all = all
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let row = try row.value(&frame) else { return .unknown }
        let index = Int(truncatingIfNeeded: row)
        guard !column.isNull(at: index) else { return .unknown }
        let column = column
        let list = column.list(at: index)
        for code in codes {
            var isThere = false
            for position in list.indices where list[position] == code { isThere = true }
            if isThere != all { return Truth(!all) }
        }
        return Truth(all)
    }
}

/// Whether an enum-list column at a row is empty; unknown where it or the row is null.
final class ListIsEmpty: TruthNode, @unchecked Sendable {
    private let column: ListColumn<UInt16>
    private let row: IntegerNode
    init(_ column: ListColumn<UInt16>, of row: IntegerNode) {
        self.column = column
        self.row = row
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let row = try row.value(&frame) else { return .unknown }
        let index = Int(truncatingIfNeeded: row)
        let column = column
        return column.isNull(at: index) ? .unknown : Truth(column.list(at: index).isEmpty)
    }
}
