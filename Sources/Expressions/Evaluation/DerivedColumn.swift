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
    fileprivate let values: Values
    fileprivate let valid: [UInt64]
    fileprivate let failures: [Int: EvaluationError]

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

/// The values of a derived field for adjacent rows, the first a block's first.
private struct DerivedPart: Sendable {
    var values: DerivedColumn.Values
    var valid: [UInt64]
    /// By row of the table.
    var failures: [Int: EvaluationError] = [:]

    mutating func append(_ other: DerivedPart) {
        switch (values, other.values) {
        case (.integers(var own), .integers(let others)):
            values = .integers([])
            own += others
            values = .integers(own)
        case (.ratios(var own), .ratios(let others)):
            values = .ratios([])
            own += others
            values = .ratios(own)
        default: preconditionFailure("Parts of one column are of one kind.")
        }
        valid += other.valid
        failures.merge(other.failures) { first, _ in first }
    }
}

extension RootNode {
    /// The column of every live row of a table; nil for what is not kept as a column. Made in parts where the frame has threads
    /// to split with and there is much to do.
    ///
    /// - Parameter cost: of a row, in column reads.
    func column(
        over table: Table, slot: Int, cost: Int, _ frame: inout Frame
    ) throws(EvaluationError) -> DerivedColumn? {
        guard let root = numeric else { return nil }
        let rowCount = table.rowCount
        guard let splitting = frame.splitting?.splitting(rowCount, cost: cost) else {
            return DerivedColumn(try root.part(0..<rowCount, over: table, slot: slot, &frame))
        }
        // The first block alone, as in a scan: there it is found what pays to compute before.
        var all = try root.part(0..<Block.rowCount, over: table, slot: slot, &frame)
        let parts = try splitting.parts(of: Block.rowCount..<rowCount, &frame) { (range, frame) throws(EvaluationError) in
            try root.part(range, over: table, slot: slot, &frame)
        }
        for part in parts { all.append(part) }
        return DerivedColumn(all)
    }

    /// A column of an earlier version with some rows computed anew, and room for the rows that there are now.
    func renewed(
        _ column: DerivedColumn, _ rows: [RowNumber], rowCount: Int, slot: Int, _ frame: inout Frame
    ) throws(EvaluationError) -> DerivedColumn? {
        guard let root = numeric else { return nil }
        var valid = column.valid
        valid += Array(repeating: 0, count: max(0, (rowCount + 63) / 64 - valid.count))
        var failures = column.failures
        for row in rows {
            failures[Int(row)] = nil
            valid[Int(row) >> 6] &= ~(1 << UInt64(row & 63))
        }
        func compute<Value>(
            _ values: inout [Value], placeholder: Value, _ value: (inout Frame) throws(EvaluationError) -> Value?
        ) throws(EvaluationError) {
            values += Array(repeating: placeholder, count: max(0, rowCount - values.count))
            for row in rows {
                try frame.charge(1)
                frame.rows[slot] = row
                do throws(EvaluationError) {
                    guard let value = try value(&frame) else { continue }
                    values[Int(row)] = value
                    valid[Int(row) >> 6] |= 1 << UInt64(row & 63)
                } catch {
                    try error.throwUnlessOfOneRow()
                    failures[Int(row)] = error
                }
            }
        }
        switch (root, column.values) {
        case (.integer(let node), .integers(var values)):
            try compute(&values, placeholder: 0) { (frame) throws(EvaluationError) in try node.value(&frame) }
            return DerivedColumn(.integers(values), valid: valid, failures: failures)
        case (.ratio(let node), .ratios(var values)):
            try compute(&values, placeholder: .zero) { (frame) throws(EvaluationError) in try node.value(&frame) }
            return DerivedColumn(.ratios(values), valid: valid, failures: failures)
        default: return nil
        }
    }

    /// What gives numbers; nil for texts and rows.
    private var numeric: RootNode? {
        switch self {
        case .text, .rows: nil
        // Known verdicts are there as 0 or 1; an unknown one is null.
        case .truth(let node): .integer(IntegerOfTruth(node))
        case .integer, .ratio: self
        }
    }

    private func part(
        _ range: Range<Int>, over table: Table, slot: Int, _ frame: inout Frame
    ) throws(EvaluationError) -> DerivedPart {
        let outer = frame.extrapolation
        defer { frame.extrapolation = outer }
        switch self {
        case .integer(let node): return try integers(node, range, over: table, slot: slot, &frame)
        case .ratio(let node): return try ratios(node, range, over: table, slot: slot, &frame)
        case .truth, .text, .rows: preconditionFailure("Columns are of numbers.")
        }
    }

    private func integers(
        _ node: IntegerNode, _ range: Range<Int>, over table: Table, slot: Int, _ frame: inout Frame
    ) throws(EvaluationError) -> DerivedPart {
        var valid = Array(repeating: UInt64(0), count: (range.count + 63) / 64)
        var failures: [Int: EvaluationError] = [:]
        var values = Array(repeating: Int64(0), count: range.count)
        var lanes = frame.takeLanes()
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Block.rowCount) {
            let block = Block(slot: slot, start: start, count: min(Block.rowCount, range.upperBound - start))
            let live = table.liveBits(of: block)
            let place = start - range.lowerBound
            frame.extrapolation = max(1, table.rowCount / (place + block.count))
            try frame.charge(block.count)
            do throws(EvaluationError) {
                try node.fill(&lanes, block, live, &frame)
                let there = lanes.valid & live
                for word in 0..<(block.count + 63) / 64 { valid[place >> 6 + word] = there[word: word] }
                for row in 0..<block.count { values[place + row] = lanes.values[row] }
            } catch {
                try error.throwUnlessOfOneRow()
                // Some row of the block fails: row by row it is found which.
                try live.forEach { (row) throws(EvaluationError) in
                    frame.rows[slot] = RowNumber(truncatingIfNeeded: start + row)
                    do throws(EvaluationError) {
                        guard let value = try node.value(&frame) else { return }
                        values[place + row] = value
                        valid[(place + row) >> 6] |= 1 << UInt64(row & 63)
                    } catch {
                        try error.throwUnlessOfOneRow()
                        failures[start + row] = error
                    }
                }
                lanes = Lanes()
            }
        }
        frame.giveBack(lanes)
        return DerivedPart(values: .integers(values), valid: valid, failures: failures)
    }

    private func ratios(
        _ node: RatioNode, _ range: Range<Int>, over table: Table, slot: Int, _ frame: inout Frame
    ) throws(EvaluationError) -> DerivedPart {
        var valid = Array(repeating: UInt64(0), count: (range.count + 63) / 64)
        var failures: [Int: EvaluationError] = [:]
        var values = Array(repeating: Ratio.zero, count: range.count)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Block.rowCount) {
            let block = Block(slot: slot, start: start, count: min(Block.rowCount, range.upperBound - start))
            let place = start - range.lowerBound
            frame.extrapolation = max(1, table.rowCount / (place + block.count))
            try frame.charge(block.count)
            try table.liveBits(of: block).forEach { (row) throws(EvaluationError) in
                frame.rows[slot] = RowNumber(truncatingIfNeeded: start + row)
                do throws(EvaluationError) {
                    guard let value = try node.value(&frame) else { return }
                    values[place + row] = value
                    valid[(place + row) >> 6] |= 1 << UInt64(row & 63)
                } catch {
                    try error.throwUnlessOfOneRow()
                    failures[start + row] = error
                }
            }
        }
        return DerivedPart(values: .ratios(values), valid: valid, failures: failures)
    }
}

extension DerivedColumn {
    fileprivate convenience init(_ part: DerivedPart) {
        self.init(part.values, valid: part.valid, failures: part.failures)
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
