import StoreColumns

// Two-valued tests of what is not there.

final class IntegerIsNull: TruthNode, @unchecked Sendable {
    private let operand: IntegerNode
    init(_ operand: IntegerNode) { self.operand = operand }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        Truth(try operand.value(&frame) == nil)
    }

    override func truths(_ block: Block, _ mask: BlockBits, _ frame: inout Frame) throws(EvaluationError) -> BlockTruth {
        BlockTruth(yes: mask.without(try operand.presence(block, mask, &frame)), unknown: .none)
    }
}

final class RatioIsNull: TruthNode, @unchecked Sendable {
    private let operand: RatioNode
    init(_ operand: RatioNode) { self.operand = operand }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        Truth(try operand.value(&frame) == nil)
    }
}

final class TextIsNull: TruthNode, @unchecked Sendable {
    private let operand: TextNode
    init(_ operand: TextNode) { self.operand = operand }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        var bytes = frame.takeBytes()
        let isThere = try operand.append(to: &bytes, &frame)
        frame.giveBack(bytes)
        return Truth(!isThere)
    }
}
