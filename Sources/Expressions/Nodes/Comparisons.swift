import StoreColumns

/// An integer against a constant of the same scale.
final class CompareConstant: TruthNode, @unchecked Sendable {
    let comparison: Comparison
    let operand: IntegerNode
    let constant: Int64
    init(_ comparison: Comparison, _ operand: IntegerNode, _ constant: Int64) {
        self.comparison = comparison
        self.operand = operand
        self.constant = constant
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let value = try operand.value(&frame) else { return .unknown }
        return Truth(comparison.holds(value, constant))
    }

    override func truths(_ block: Block, _ mask: BlockBits, _ frame: inout Frame) throws(EvaluationError) -> BlockTruth {
        try operand.compare(comparison, constant, block, mask, &frame)
    }
}

/// A column between two constants: both comparisons in one pass, with the verdicts that they have together.
final class WithinRange: TruthNode, @unchecked Sendable {
    private let column: ColumnInteger
    private let least: CompareConstant
    private let greatest: CompareConstant
    private let bounds: ClosedRange<Int64>?

    /// Nil where two comparisons of the same column are no range.
    init?(_ column: ColumnInteger, _ first: CompareConstant, _ second: CompareConstant) {
        guard let least = first.least ?? second.least, let greatest = first.greatest ?? second.greatest,
            (first.least == nil) != (second.least == nil)
        else { return nil }
        self.column = column
        (self.least, self.greatest) = first.least == nil ? (second, first) : (first, second)
        bounds = least <= greatest ? least...greatest : nil
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let value = try column.value(&frame) else { return .unknown }
        return Truth(bounds?.contains(value) ?? false)
    }

    override func truths(_ block: Block, _ mask: BlockBits, _ frame: inout Frame) throws(EvaluationError) -> BlockTruth {
        if let bounds, let truth = column.within(bounds.lowerBound, bounds.upperBound, block, mask) { return truth }
        let left = try least.truths(block, mask, &frame)
        let right = try greatest.truths(block, mask, &frame)
        return BlockTruth(yes: left.yes & right.yes, unknown: left.unknown)
    }
}

extension CompareConstant {
    /// The least value for which it holds, where it is a bound from below.
    fileprivate var least: Int64? {
        switch comparison {
        case .greaterOrEqual: constant
        case .greater where constant < .max: constant + 1
        default: nil
        }
    }

    /// The greatest value for which it holds, where it is a bound from above.
    fileprivate var greatest: Int64? {
        switch comparison {
        case .lessOrEqual: constant
        case .less where constant > .min: constant - 1
        default: nil
        }
    }
}

/// A verdict that only a null withholds: a comparison with a constant that no value can reach.
final class SettledUnlessNull: TruthNode, @unchecked Sendable {
    private let isNull: TruthNode
    private let verdict: Truth
    init(_ isNull: TruthNode, _ verdict: Truth) {
        self.isNull = isNull
        self.verdict = verdict
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        try isNull.truth(&frame) == .yes ? .unknown : verdict
    }

    override func truths(_ block: Block, _ mask: BlockBits, _ frame: inout Frame) throws(EvaluationError) -> BlockTruth {
        let null = try isNull.truths(block, mask, &frame).yes
        return BlockTruth(yes: verdict == .yes ? mask.without(null) : .none, unknown: null & mask)
    }
}

/// Two integers of the same scale.
final class CompareIntegers: TruthNode, @unchecked Sendable {
    private let comparison: Comparison
    private let left: IntegerNode
    private let right: IntegerNode
    init(_ comparison: Comparison, _ left: IntegerNode, _ right: IntegerNode) {
        self.comparison = comparison
        self.left = left
        self.right = right
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let first = try left.value(&frame), let second = try right.value(&frame) else { return .unknown }
        return Truth(comparison.holds(first, second))
    }

    override func truths(_ block: Block, _ mask: BlockBits, _ frame: inout Frame) throws(EvaluationError) -> BlockTruth {
        var first = frame.takeLanes()
        try left.fill(&first, block, mask, &frame)
        // Where the left is null the right is not asked, as row by row.
        let asked = mask & first.valid
        var second = frame.takeLanes()
        try right.fill(&second, block, asked, &frame)
        let both = asked & second.valid
        let held = comparison.bits(of: first.values.span, against: second.values.span)
        frame.giveBack(first)
        frame.giveBack(second)
        return BlockTruth(yes: held & both, unknown: mask.without(both))
    }
}

/// Two scaled integers of different scales, compared exactly.
final class CompareScaled: TruthNode, @unchecked Sendable {
    private let comparison: Comparison
    private let left: IntegerNode
    private let right: IntegerNode
    private let leftFactor: Int128
    private let rightFactor: Int128
    init(_ comparison: Comparison, _ left: IntegerNode, leftScale: Int, _ right: IntegerNode, rightScale: Int) {
        self.comparison = comparison
        self.left = left
        self.right = right
        leftFactor = Int128(Scale.power(of: max(0, rightScale - leftScale)))
        rightFactor = Int128(Scale.power(of: max(0, leftScale - rightScale)))
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let first = try left.value(&frame), let second = try right.value(&frame) else { return .unknown }
        return Truth(comparison.holds(Int128(first) * leftFactor, Int128(second) * rightFactor))
    }
}

/// Two Floats, each as the bits of a double.
final class CompareFloats: TruthNode, @unchecked Sendable {
    private let comparison: Comparison
    private let left: IntegerNode
    private let right: IntegerNode
    init(_ comparison: Comparison, _ left: IntegerNode, _ right: IntegerNode) {
        self.comparison = comparison
        self.left = left
        self.right = right
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let first = try left.value(&frame), let second = try right.value(&frame) else { return .unknown }
        return Truth(comparison.holds(Double(lane: first), Double(lane: second)))
    }
}

/// Two ratios.
final class CompareRatios: TruthNode, @unchecked Sendable {
    private let comparison: Comparison
    private let left: RatioNode
    private let right: RatioNode
    init(_ comparison: Comparison, _ left: RatioNode, _ right: RatioNode) {
        self.comparison = comparison
        self.left = left
        self.right = right
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let first = try left.value(&frame), let second = try right.value(&frame) else { return .unknown }
        return Truth(comparison.holds(first, second))
    }
}

/// Two texts, byte by byte.
final class CompareTexts: TruthNode, @unchecked Sendable {
    private let comparison: Comparison
    private let left: TextNode
    private let right: TextNode
    init(_ comparison: Comparison, _ left: TextNode, _ right: TextNode) {
        self.comparison = comparison
        self.left = left
        self.right = right
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        var first = frame.takeBytes()
        var second = frame.takeBytes()
        var areThere = try left.append(to: &first, &frame)
        if areThere { areThere = try right.append(to: &second, &frame) }
        let order = first.span.order(against: second.span)
        frame.giveBack(first)
        frame.giveBack(second)
        return areThere ? Truth(comparison.holds(order, 0)) : .unknown
    }
}

/// Whether an integer is one of some constants of the same scale.
final class IntegerIsOneOf: TruthNode, @unchecked Sendable {
    private let operand: IntegerNode
    private let sorted: [Int64]
    /// One bit a value from the least to the greatest, where those are near: enum codes, dictionary codes, years.
    private let bits: [UInt64]
    private static let bitLimit: UInt64 = 1 << 16

    init(_ operand: IntegerNode, _ constants: [Int64]) {
        self.operand = operand
        sorted = constants.sorted()
        guard let least = sorted.first, let greatest = sorted.last,
            UInt64(bitPattern: greatest &- least) < Self.bitLimit
        else {
            bits = []
            return
        }
        var bits = Array(repeating: UInt64(0), count: Int(greatest &- least) / 64 + 1)
        for constant in sorted { bits[Int(constant &- least) >> 6] |= 1 << UInt64((constant &- least) & 63) }
        self.bits = bits
    }

    private func holds(_ value: Int64) -> Bool {
        guard let least = sorted.first, value >= least else { return false }
        if !bits.isEmpty {
            let distance = UInt64(bitPattern: value &- least)
            return distance < UInt64(bits.count) * 64 && bits[Int(distance >> 6)] >> (distance & 63) & 1 != 0
        }
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] == value
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let value = try operand.value(&frame) else { return .unknown }
        return Truth(holds(value))
    }

    override func truths(_ block: Block, _ mask: BlockBits, _ frame: inout Frame) throws(EvaluationError) -> BlockTruth {
        var lanes = frame.takeLanes()
        try operand.fill(&lanes, block, mask, &frame)
        var truth = BlockTruth(yes: .none, unknown: mask.without(lanes.valid))
        for word in 0..<Block.wordCount {
            var open = mask[word: word] & lanes.valid[word: word]
            var held: UInt64 = 0
            while open != 0 {
                let bit = open.trailingZeroBitCount
                open &= open &- 1
                if holds(lanes.values[word << 6 + bit]) { held |= 1 << UInt64(bit) }
            }
            truth.yes[word: word] = held
        }
        frame.giveBack(lanes)
        return truth
    }
}
