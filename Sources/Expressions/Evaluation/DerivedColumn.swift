import StoreColumns

/// A derived field for every row of its type, on one version and as-of date.
///
/// A row whose value could not be computed keeps its error, which whoever reads that row gets: the same as asking that row
/// alone.
final class DerivedColumn: Sendable {
    enum Values: Sendable {
        case integers([Int64])
        case ratios([Ratio])
    }
    private let values: Values
    private let valid: [UInt64]
    private let failures: [Int: EvaluationError]

    init(_ values: Values, valid: [UInt64], failures: [Int: EvaluationError]) {
        self.values = values
        self.valid = valid
        self.failures = failures
    }

    /// But for the failures, which are few.
    var byteCount: Int {
        let valueBytes =
            switch values {
            case .integers(let values): values.count * MemoryLayout<Int64>.stride
            case .ratios(let values): values.count * MemoryLayout<Ratio>.stride
            }
        return valueBytes + valid.count * 8
    }

    @inline(__always)
    private func isThere(_ row: Int) throws(EvaluationError) -> Bool {
        if valid[row >> 6] >> UInt64(row & 63) & 1 != 0 { return true }
        if !failures.isEmpty, let failure = failures[row] { throw failure }
        return false
    }

    func integer(at row: Int) throws(EvaluationError) -> Int64? {
        guard try isThere(row), case .integers(let values) = values else { return nil }
        return values[row]
    }

    /// Puts the values in place of the rows that lanes hold.
    func read(at lanes: inout Lanes, _ mask: BlockBits) throws(EvaluationError) {
        let rows = lanes.valid & mask
        lanes.valid = .none
        try rows.forEach { (index) throws(EvaluationError) in
            guard let value = try integer(at: Int(truncatingIfNeeded: lanes.values[index])) else { return }
            lanes.values[index] = value
            lanes.valid.insert(index)
        }
    }

    func ratio(at row: Int) throws(EvaluationError) -> Ratio? {
        guard try isThere(row), case .ratios(let values) = values else { return nil }
        return values[row]
    }
}

extension RootNode {
    /// The column of every live row of a table; nil for what is not kept as a column.
    func column(over table: Table, slot: Int, _ frame: inout Frame) throws(EvaluationError) -> DerivedColumn? {
        var valid = Array(repeating: UInt64(0), count: (table.rowCount + 63) / 64)
        var failures: [Int: EvaluationError] = [:]
        switch self {
        case .text, .rows: return nil
        case .truth(let node):
            // Known verdicts are there as 0 or 1; an unknown one is null.
            let integers = IntegerOfTruth(node)
            return try RootNode.integer(integers).column(over: table, slot: slot, &frame)
        case .integer(let node):
            var values = Array(repeating: Int64(0), count: table.rowCount)
            var lanes = frame.takeLanes()
            for start in stride(from: 0, to: table.rowCount, by: Block.rowCount) {
                let block = Block(slot: slot, start: start, count: min(Block.rowCount, table.rowCount - start))
                let live = table.liveBits(of: block)
                try frame.charge(block.count)
                do throws(EvaluationError) {
                    try node.fill(&lanes, block, live, &frame)
                    try (lanes.valid & live).forEach { row in
                        values[start + row] = lanes.values[row]
                        valid[(start + row) >> 6] |= 1 << UInt64(row & 63)
                    }
                } catch {
                    try error.throwUnlessOfOneRow()
                    // Some row of the block fails: row by row it is found which.
                    try live.forEach { (row) throws(EvaluationError) in
                        frame.rows[slot] = RowNumber(truncatingIfNeeded: start + row)
                        do throws(EvaluationError) {
                            guard let value = try node.value(&frame) else { return }
                            values[start + row] = value
                            valid[(start + row) >> 6] |= 1 << UInt64(row & 63)
                        } catch {
                            try error.throwUnlessOfOneRow()
                            failures[start + row] = error
                        }
                    }
                    lanes = Lanes()
                }
            }
            frame.giveBack(lanes)
            return DerivedColumn(.integers(values), valid: valid, failures: failures)
        case .ratio(let node):
            var values = Array(repeating: Ratio.zero, count: table.rowCount)
            for start in stride(from: 0, to: table.rowCount, by: Block.rowCount) {
                let block = Block(slot: slot, start: start, count: min(Block.rowCount, table.rowCount - start))
                try frame.charge(block.count)
                try table.liveBits(of: block).forEach { (row) throws(EvaluationError) in
                    frame.rows[slot] = RowNumber(truncatingIfNeeded: start + row)
                    do throws(EvaluationError) {
                        guard let value = try node.value(&frame) else { return }
                        values[start + row] = value
                        valid[(start + row) >> 6] |= 1 << UInt64(row & 63)
                    } catch {
                        try error.throwUnlessOfOneRow()
                        failures[start + row] = error
                    }
                }
            }
            return DerivedColumn(.ratios(values), valid: valid, failures: failures)
        }
    }
}

extension EvaluationError {
    /// Throws what ends the whole request; what is about one row's values is for whoever reads the row.
    fileprivate func throwUnlessOfOneRow() throws(EvaluationError) {
        switch self {
        case .overflow, .patternLimit: return
        case .overBudget, .stopped, .patternInvalid, .illTyped: throw self
        }
    }
}

/// A verdict as 0 or 1; unknown is null.
final class IntegerOfTruth: IntegerNode, @unchecked Sendable {
    private let operand: TruthNode
    init(_ operand: TruthNode) { self.operand = operand }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        switch try operand.truth(&frame) {
        case .yes: 1
        case .no: 0
        case .unknown: nil
        }
    }

    override func fill(
        _ lanes: inout Lanes, _ block: Block, _ mask: BlockBits, _ frame: inout Frame
    ) throws(EvaluationError) {
        let truth = try operand.truths(block, mask, &frame)
        lanes.valid = mask.without(truth.unknown)
        for row in 0..<block.count { lanes.values[row] = truth.yes[row] ? 1 : 0 }
    }
}
