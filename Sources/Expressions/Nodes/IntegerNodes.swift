import StoreColumns

/// A value known when compiled; nil is null.
final class ConstantInteger: IntegerNode, @unchecked Sendable {
    private let known: Int64?
    init(_ value: Int64?) { known = value }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? { known }
    override var constant: Int64?? { .some(known) }

    override func fill(
        _ lanes: inout Lanes, _ block: Block, _ mask: BlockBits, _ frame: inout Frame
    ) throws(EvaluationError) {
        guard let known else {
            lanes.valid = .none
            return
        }
        lanes.valid = mask
        for index in lanes.values.indices { lanes.values[index] = known }
    }
}

/// The row bound to a variable.
final class VariableNode: IntegerNode, @unchecked Sendable {
    let slot: Int
    init(slot: Int) { self.slot = slot }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        let row = frame.rows[slot]
        return row == noRow ? nil : Int64(row)
    }

    override func fill(
        _ lanes: inout Lanes, _ block: Block, _ mask: BlockBits, _ frame: inout Frame
    ) throws(EvaluationError) {
        guard slot == block.slot else { return try super.fill(&lanes, block, mask, &frame) }
        lanes.valid = mask
        var values = lanes.values.mutableSpan
        for index in values.indices { values[index] = Int64(truncatingIfNeeded: block.start + index) }
    }
}

/// A value that does not change within a loop: computed once each time the loop begins.
final class HoistedInteger: IntegerNode, @unchecked Sendable {
    private let operand: IntegerNode
    private let index: Int
    init(_ operand: IntegerNode, index: Int) {
        self.operand = operand
        self.index = index
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        switch frame.hoisted[index] {
        case .value(let value): return value
        case .null: return nil
        case .open:
            let value = try operand.value(&frame)
            frame.hoisted[index] = value.map { .value($0) } ?? .null
            return value
        }
    }
}

/// One value or another, by a verdict; null where that is unknown.
final class ConditionalInteger: IntegerNode, @unchecked Sendable {
    private let condition: TruthNode
    private let then: IntegerNode
    private let otherwise: IntegerNode
    init(_ condition: TruthNode, then: IntegerNode, otherwise: IntegerNode) {
        self.condition = condition
        self.then = then
        self.otherwise = otherwise
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        switch try condition.truth(&frame) {
        case .yes: try then.value(&frame)
        case .no: try otherwise.value(&frame)
        case .unknown: nil
        }
    }

    override func fill(
        _ lanes: inout Lanes, _ block: Block, _ mask: BlockBits, _ frame: inout Frame
    ) throws(EvaluationError) {
        let truth = try condition.truths(block, mask, &frame)
        let first = mask & truth.yes
        let second = mask.without(truth.yes | truth.unknown)
        try then.fill(&lanes, block, first, &frame)
        lanes.valid = lanes.valid & first
        guard !second.isEmpty else { return }
        var other = frame.takeLanes()
        try otherwise.fill(&other, block, second, &frame)
        let taken = other.valid & second
        try taken.forEach { row in lanes.values[row] = other.values[row] }
        lanes.valid = lanes.valid | taken
        frame.giveBack(other)
    }
}

/// The first value that is not null.
final class CoalesceInteger: IntegerNode, @unchecked Sendable {
    private let operands: [IntegerNode]
    init(_ operands: [IntegerNode]) { self.operands = operands }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        for operand in operands {
            if let value = try operand.value(&frame) { return value }
        }
        return nil
    }
}

/// The greatest or the least of several; null where one is null.
final class ExtremeInteger: IntegerNode, @unchecked Sendable {
    private let operands: [IntegerNode]
    private let isGreatest: Bool
    private let isFloat: Bool
    init(_ operands: [IntegerNode], isGreatest: Bool, isFloat: Bool) {
        self.operands = operands
        self.isGreatest = isGreatest
        self.isFloat = isFloat
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        var result: Int64?
        for operand in operands {
            guard let value = try operand.value(&frame) else { return nil }
            guard let best = result else {
                result = value
                continue
            }
            if isFloat ? Double(lane: value).exceeds(Double(lane: best), isGreatest) : value.exceeds(best, isGreatest) {
                result = value
            }
        }
        return result
    }
}

extension Comparable {
    /// Whether this is beyond another, upwards or downwards.
    @inline(__always)
    func exceeds(_ other: Self, _ upwards: Bool) -> Bool { upwards ? self > other : self < other }
}

/// How many Unicode scalars a text has.
final class TextSize: IntegerNode, @unchecked Sendable {
    private let operand: TextNode
    init(_ operand: TextNode) { self.operand = operand }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        var bytes = frame.takeBytes()
        let isThere = try operand.append(to: &bytes, &frame)
        var count: Int64 = 0
        for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
        frame.giveBack(bytes)
        return isThere ? count : nil
    }
}
