import StoreColumns

/// A sign between two scaled integers; the operands' scales were settled when compiled. Exact: what does not fit is an error,
/// division by zero null.
final class IntegerArithmetic: IntegerNode, @unchecked Sendable {
    private let sign: Arithmetic
    private let left: IntegerNode
    private let right: IntegerNode
    init(_ sign: Arithmetic, _ left: IntegerNode, _ right: IntegerNode) {
        self.sign = sign
        self.left = left
        self.right = right
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let first = try left.value(&frame), let second = try right.value(&frame) else { return nil }
        return try compute(first, second)
    }

    override func fill(
        _ lanes: inout Lanes, _ block: Block, _ mask: BlockBits, _ frame: inout Frame
    ) throws(EvaluationError) {
        try left.fill(&lanes, block, mask, &frame)
        let asked = lanes.valid & mask
        lanes.valid = .none
        guard !asked.isEmpty else { return }
        var other = frame.takeLanes()
        try right.fill(&other, block, asked, &frame)
        try (asked & other.valid).forEach { (row) throws(EvaluationError) in
            guard let value = try compute(lanes.values[row], other.values[row]) else { return }
            lanes.values[row] = value
            lanes.valid.insert(row)
        }
        frame.giveBack(other)
    }

    @inline(__always)
    private func compute(_ first: Int64, _ second: Int64) throws(EvaluationError) -> Int64? {
        let (value, overflows): (Int64, Bool)
        switch sign {
        case .add: (value, overflows) = first.addingReportingOverflow(second)
        case .subtract: (value, overflows) = first.subtractingReportingOverflow(second)
        case .multiply: (value, overflows) = first.multipliedReportingOverflow(by: second)
        case .divide:
            guard second != 0 else { return nil }
            (value, overflows) = first.dividedReportingOverflow(by: second)
        case .remainder:
            guard second != 0 else { return nil }
            // The remainder by -1 is 0; the hardware's overflow there is about the quotient.
            return second == -1 ? 0 : first % second
        }
        guard !overflows else { throw .overflow("\(first) \(sign.sign) \(second) does not fit in 64 bits") }
        return value
    }
}

extension Arithmetic {
    var sign: String {
        switch self {
        case .add: "+"
        case .subtract: "-"
        case .multiply: "*"
        case .divide: "/"
        case .remainder: "%"
        }
    }
}

/// A scaled integer with more fraction digits than it had.
final class ScaleUp: IntegerNode, @unchecked Sendable {
    private let operand: IntegerNode
    private let factor: Int64
    init(_ operand: IntegerNode, by digits: Int) {
        self.operand = operand
        factor = Scale.power(of: digits)
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let value = try operand.value(&frame) else { return nil }
        let (product, overflows) = value.multipliedReportingOverflow(by: factor)
        guard !overflows else { throw .overflow("\(value) × \(factor) does not fit in 64 bits") }
        return product
    }
}

/// A scaled integer with fewer fraction digits, rounded half away from zero.
final class ScaleDown: IntegerNode, @unchecked Sendable {
    private let operand: IntegerNode
    private let divisor: Int128
    init(_ operand: IntegerNode, by digits: Int) {
        self.operand = operand
        divisor = Int128(Scale.power(of: digits))
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let value = try operand.value(&frame) else { return nil }
        return Int64(truncatingIfNeeded: Scale.roundedQuotient(Int128(value), divisor))
    }
}

/// A ratio as a decimal, rounded half away from zero.
final class RoundedRatio: IntegerNode, @unchecked Sendable {
    private let operand: RatioNode
    private let factor: Int128
    init(_ operand: RatioNode, digits: Int) {
        self.operand = operand
        factor = Int128(Scale.power(of: digits))
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let ratio = try operand.value(&frame) else { return nil }
        let rounded = Scale.roundedQuotient(Int128(ratio.numerator) * factor, Int128(ratio.denominator))
        guard let value = Int64(exactly: rounded) else {
            throw .overflow("\(ratio.numerator)/\(ratio.denominator) does not fit a Decimal")
        }
        return value
    }
}

/// A scaled integer as a Float.
final class FloatOfInteger: IntegerNode, @unchecked Sendable {
    private let operand: IntegerNode
    private let divisor: Double
    init(_ operand: IntegerNode, scale: Int) {
        self.operand = operand
        divisor = Double(Scale.power(of: scale))
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        try operand.value(&frame).map { (Double($0) / divisor).lane }
    }
}

/// A ratio as a Float.
final class FloatOfRatio: IntegerNode, @unchecked Sendable {
    private let operand: RatioNode
    init(_ operand: RatioNode) { self.operand = operand }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        try operand.value(&frame).map { (Double($0.numerator) / Double($0.denominator)).lane }
    }
}

/// A sign between two Floats; a result that is not finite is an error, division by zero null.
final class FloatArithmetic: IntegerNode, @unchecked Sendable {
    private let sign: Arithmetic
    private let left: IntegerNode
    private let right: IntegerNode
    init(_ sign: Arithmetic, _ left: IntegerNode, _ right: IntegerNode) {
        self.sign = sign
        self.left = left
        self.right = right
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let first = try left.value(&frame), let second = try right.value(&frame) else { return nil }
        let (a, b) = (Double(lane: first), Double(lane: second))
        let result: Double
        switch sign {
        case .add: result = a + b
        case .subtract: result = a - b
        case .multiply: result = a * b
        case .divide:
            guard b != 0 else { return nil }
            result = a / b
        case .remainder: return nil
        }
        guard result.isFinite else { throw .overflow("\(a) \(sign.sign) \(b) is not finite") }
        return result.lane
    }
}
