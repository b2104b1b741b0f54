import StoreColumns

/// A verdict known when compiled.
final class ConstantTruth: TruthNode, @unchecked Sendable {
    let verdict: Truth
    init(_ verdict: Truth) { self.verdict = verdict }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth { verdict }

    override func truths(_ block: Block, _ mask: BlockBits, _ frame: inout Frame) throws(EvaluationError) -> BlockTruth {
        switch verdict {
        case .yes: BlockTruth(yes: mask, unknown: .none)
        case .unknown: BlockTruth(yes: .none, unknown: mask)
        case .no: .no
        }
    }
}

/// Kleene's and: no as soon as one side says no. The second is asked only of rows that the first has not decided.
///
/// Two sides, not a list: looping over an array of nodes retains each, a third of the time of a cheap condition.
final class AndNode: TruthNode, @unchecked Sendable {
    private let first: TruthNode
    private let second: TruthNode
    private init(_ first: TruthNode, _ second: TruthNode) {
        self.first = first
        self.second = second
    }

    /// All of them, in order, as a balanced tree: thousands nest only a dozen deep. Of none: yes.
    static func all(_ operands: ArraySlice<TruthNode>) -> TruthNode {
        guard operands.count > 1 else { return operands.first ?? ConstantTruth(.yes) }
        let middle = operands.startIndex + operands.count / 2
        return AndNode(all(operands[..<middle]), all(operands[middle...]))
    }

    override func without(_ isKnown: (TruthNode) -> Bool) -> TruthNode {
        let rest = [first.without(isKnown), second.without(isKnown)].filter { ($0 as? ConstantTruth)?.verdict != .yes }
        return AndNode.all(rest[...])
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        let left = try first.truth(&frame)
        guard left != .no else { return .no }
        let right = try second.truth(&frame)
        return left == .yes || right == .no ? right : .unknown
    }

    override func truths(_ block: Block, _ mask: BlockBits, _ frame: inout Frame) throws(EvaluationError) -> BlockTruth {
        let left = try first.truths(block, mask, &frame)
        let undecided = mask & (left.yes | left.unknown)
        guard !undecided.isEmpty else { return .no }
        let right = try second.truths(block, undecided, &frame)
        let notNo = undecided & (right.yes | right.unknown)
        let unknown = left.unknown | right.unknown
        return BlockTruth(yes: notNo.without(unknown), unknown: notNo & unknown)
    }
}

/// Kleene's or: yes as soon as one side says yes.
final class OrNode: TruthNode, @unchecked Sendable {
    private let first: TruthNode
    private let second: TruthNode
    private init(_ first: TruthNode, _ second: TruthNode) {
        self.first = first
        self.second = second
    }

    /// Any of them, as `AndNode.all`. Of none: no.
    static func any(_ operands: ArraySlice<TruthNode>) -> TruthNode {
        guard operands.count > 1 else { return operands.first ?? ConstantTruth(.no) }
        let middle = operands.startIndex + operands.count / 2
        return OrNode(any(operands[..<middle]), any(operands[middle...]))
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        let left = try first.truth(&frame)
        guard left != .yes else { return .yes }
        let right = try second.truth(&frame)
        return left == .no || right == .yes ? right : .unknown
    }

    override func truths(_ block: Block, _ mask: BlockBits, _ frame: inout Frame) throws(EvaluationError) -> BlockTruth {
        let left = try first.truths(block, mask, &frame)
        let undecided = mask.without(left.yes)
        guard !undecided.isEmpty else { return BlockTruth(yes: mask, unknown: .none) }
        let right = try second.truths(block, undecided, &frame)
        let open = undecided.without(right.yes)
        return BlockTruth(yes: mask.without(open), unknown: open & (left.unknown | right.unknown))
    }
}

final class NotNode: TruthNode, @unchecked Sendable {
    private let operand: TruthNode
    init(_ operand: TruthNode) { self.operand = operand }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth { try operand.truth(&frame).negated }

    override func truths(_ block: Block, _ mask: BlockBits, _ frame: inout Frame) throws(EvaluationError) -> BlockTruth {
        let truth = try operand.truths(block, mask, &frame)
        return BlockTruth(yes: mask.without(truth.yes | truth.unknown), unknown: truth.unknown & mask)
    }
}

/// Two verdicts alike (or not); unknown where either is.
final class CompareTruths: TruthNode, @unchecked Sendable {
    private let left: TruthNode
    private let right: TruthNode
    private let alike: Bool
    init(_ left: TruthNode, _ right: TruthNode, alike: Bool) {
        self.left = left
        self.right = right
        self.alike = alike
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        let first = try left.truth(&frame)
        guard first != .unknown else { return .unknown }
        let second = try right.truth(&frame)
        return second == .unknown ? .unknown : Truth((first == second) == alike)
    }
}

/// Whether a verdict is unknown: the `isNull` of Booleans. Two-valued.
final class IsUnknown: TruthNode, @unchecked Sendable {
    private let operand: TruthNode
    init(_ operand: TruthNode) { self.operand = operand }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        Truth(try operand.truth(&frame) == .unknown)
    }

    override func truths(_ block: Block, _ mask: BlockBits, _ frame: inout Frame) throws(EvaluationError) -> BlockTruth {
        BlockTruth(yes: try operand.truths(block, mask, &frame).unknown & mask, unknown: .none)
    }
}

/// One verdict or another, by a third; unknown where that is.
final class ConditionalTruth: TruthNode, @unchecked Sendable {
    private let condition: TruthNode
    private let then: TruthNode
    private let otherwise: TruthNode
    init(_ condition: TruthNode, then: TruthNode, otherwise: TruthNode) {
        self.condition = condition
        self.then = then
        self.otherwise = otherwise
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        switch try condition.truth(&frame) {
        case .yes: try then.truth(&frame)
        case .no: try otherwise.truth(&frame)
        case .unknown: .unknown
        }
    }
}

/// The first verdict that is not unknown.
final class CoalesceTruth: TruthNode, @unchecked Sendable {
    private let operands: [TruthNode]
    init(_ operands: [TruthNode]) { self.operands = operands }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        for operand in operands {
            let truth = try operand.truth(&frame)
            if truth != .unknown { return truth }
        }
        return .unknown
    }
}

/// A verdict that does not change within a loop: asked once each time the loop begins.
final class HoistedTruth: TruthNode, @unchecked Sendable {
    private let operand: TruthNode
    private let index: Int
    init(_ operand: TruthNode, index: Int) {
        self.operand = operand
        self.index = index
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        switch frame.hoisted[index] {
        case .value(let value): return Truth(value != 0)
        case .null: return .unknown
        case .open:
            let truth = try operand.truth(&frame)
            frame.hoisted[index] = truth == .unknown ? .null : .value(truth == .yes ? 1 : 0)
            return truth
        }
    }
}
