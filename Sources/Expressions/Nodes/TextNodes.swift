import StoreColumns

/// A text known when compiled; nil is null.
final class ConstantText: TextNode, @unchecked Sendable {
    private let known: [UInt8]?
    init(_ value: String?) { known = value.map { Array($0.utf8) } }

    override func append(to bytes: inout [UInt8], _ frame: inout Frame) throws(EvaluationError) -> Bool {
        guard let known else { return false }
        bytes.append(contentsOf: known)
        return true
    }
}

/// One text or another, by a verdict; null where that is unknown.
final class ConditionalText: TextNode, @unchecked Sendable {
    private let condition: TruthNode
    private let then: TextNode
    private let otherwise: TextNode
    init(_ condition: TruthNode, then: TextNode, otherwise: TextNode) {
        self.condition = condition
        self.then = then
        self.otherwise = otherwise
    }

    override func append(to bytes: inout [UInt8], _ frame: inout Frame) throws(EvaluationError) -> Bool {
        switch try condition.truth(&frame) {
        case .yes: try then.append(to: &bytes, &frame)
        case .no: try otherwise.append(to: &bytes, &frame)
        case .unknown: false
        }
    }
}

/// The first text that is not null.
final class CoalesceText: TextNode, @unchecked Sendable {
    private let operands: [TextNode]
    init(_ operands: [TextNode]) { self.operands = operands }

    override func append(to bytes: inout [UInt8], _ frame: inout Frame) throws(EvaluationError) -> Bool {
        for operand in operands where try operand.append(to: &bytes, &frame) { return true }
        return false
    }
}

/// The greatest or the least of several, by bytes; null where one is null.
final class ExtremeText: TextNode, @unchecked Sendable {
    private let operands: [TextNode]
    private let isGreatest: Bool
    init(_ operands: [TextNode], isGreatest: Bool) {
        self.operands = operands
        self.isGreatest = isGreatest
    }

    override func append(to bytes: inout [UInt8], _ frame: inout Frame) throws(EvaluationError) -> Bool {
        var best = frame.takeBytes()
        var next = frame.takeBytes()
        var areThere = true
        for (index, operand) in operands.enumerated() {
            next.removeAll(keepingCapacity: true)
            areThere = try operand.append(to: &next, &frame)
            guard areThere else { break }
            if index == 0 || next.span.order(against: best.span).exceeds(0, isGreatest) { swap(&best, &next) }
        }
        if areThere { bytes.append(contentsOf: best) }
        frame.giveBack(best)
        frame.giveBack(next)
        return areThere
    }
}
