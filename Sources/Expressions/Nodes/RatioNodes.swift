import StoreColumns

/// A ratio known when compiled; nil is null.
final class ConstantRatio: RatioNode, @unchecked Sendable {
    private let known: Ratio?
    init(_ value: Ratio?) { known = value }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Ratio? { known }
}

/// A scaled integer as a ratio.
final class RatioOfInteger: RatioNode, @unchecked Sendable {
    private let operand: IntegerNode
    private let denominator: Int64
    init(_ operand: IntegerNode, scale: Int) {
        self.operand = operand
        denominator = Scale.power(of: scale)
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Ratio? {
        try operand.value(&frame).flatMap { Ratio(numerator: $0, denominator: denominator) }
    }
}

/// One scaled integer over another; null where the second is null or 0. The halves of whole numbers stay as they are.
final class RatioOfTwo: RatioNode, @unchecked Sendable {
    private let numerator: IntegerNode
    private let denominator: IntegerNode
    private let numeratorFactor: Int128
    private let denominatorFactor: Int128
    init(_ numerator: IntegerNode, scale: Int, over denominator: IntegerNode, scale denominatorScale: Int) {
        self.numerator = numerator
        self.denominator = denominator
        numeratorFactor = Int128(Scale.power(of: max(0, denominatorScale - scale)))
        denominatorFactor = Int128(Scale.power(of: max(0, scale - denominatorScale)))
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Ratio? {
        guard let first = try numerator.value(&frame), let second = try denominator.value(&frame), second != 0 else {
            return nil
        }
        let sign: Int128 = second < 0 ? -1 : 1
        let top = Int128(first) * numeratorFactor * sign
        let bottom = Int128(second) * denominatorFactor * sign
        if let top = Int64(exactly: top), let bottom = Int64(exactly: bottom) {
            return Ratio(numerator: top, denominator: bottom)
        }
        guard let ratio = Ratio(reducing: top, over: bottom) else { throw .overflow("\(top)/\(bottom) does not fit a Ratio") }
        return ratio
    }
}

/// A sign between two ratios; division by zero is null.
final class RatioArithmetic: RatioNode, @unchecked Sendable {
    private let sign: Arithmetic
    private let left: RatioNode
    private let right: RatioNode
    init(_ sign: Arithmetic, _ left: RatioNode, _ right: RatioNode) {
        self.sign = sign
        self.left = left
        self.right = right
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Ratio? {
        guard let first = try left.value(&frame), let second = try right.value(&frame) else { return nil }
        if sign == .divide && second.numerator == 0 { return nil }
        guard let result = first.computed(sign, second) else {
            throw .overflow("a Ratio computed by '\(sign.sign)' does not fit in 64 bits over 64 bits")
        }
        return result
    }
}

/// One ratio or another, by a verdict; null where that is unknown.
final class ConditionalRatio: RatioNode, @unchecked Sendable {
    private let condition: TruthNode
    private let then: RatioNode
    private let otherwise: RatioNode
    init(_ condition: TruthNode, then: RatioNode, otherwise: RatioNode) {
        self.condition = condition
        self.then = then
        self.otherwise = otherwise
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Ratio? {
        switch try condition.truth(&frame) {
        case .yes: try then.value(&frame)
        case .no: try otherwise.value(&frame)
        case .unknown: nil
        }
    }
}

/// The first ratio that is not null.
final class CoalesceRatio: RatioNode, @unchecked Sendable {
    private let operands: [RatioNode]
    init(_ operands: [RatioNode]) { self.operands = operands }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Ratio? {
        for operand in operands {
            if let value = try operand.value(&frame) { return value }
        }
        return nil
    }
}

/// The greatest or the least of several; null where one is null.
final class ExtremeRatio: RatioNode, @unchecked Sendable {
    private let operands: [RatioNode]
    private let isGreatest: Bool
    init(_ operands: [RatioNode], isGreatest: Bool) {
        self.operands = operands
        self.isGreatest = isGreatest
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Ratio? {
        var result: Ratio?
        for operand in operands {
            guard let value = try operand.value(&frame) else { return nil }
            if result.map({ value.exceeds($0, isGreatest) }) ?? true { result = value }
        }
        return result
    }
}
