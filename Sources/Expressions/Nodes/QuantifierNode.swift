import StoreColumns
import Synchronization

/// Some, every, none or exactly one of a set's rows, by Kleene's rules; unknown where the set is null.
///
/// Asked of a whole block over the other end of a plain reference, it goes the other way: the rows for which the condition
/// holds are followed to what they refer to, so the cost is theirs and not the edge's.
final class QuantifierNode: TruthNode, @unchecked Sendable {
    private let quantifier: Quantifier
    private let set: RowSetNode
    private let condition: LoopCondition
    private let site: Int
    private let table: Table
    private let image: Image?
    private let computed = Mutex<TruthBitmaps?>(nil)

    /// The way back along the edge.
    private struct Image: Sendable {
        var reference: FixedWidthColumn<UInt32>
        /// The variable whose rows it comes back to.
        var slot: Int
        var owners: Table
    }

    /// - Parameters:
    ///   - table: of the set's rows.
    ///   - owners: the table of the rows that the set is taken from.
    init(
        _ quantifier: Quantifier, over set: RowSetNode, _ condition: LoopCondition, site: Int, table: Table, owners: Table?
    ) {
        self.quantifier = quantifier
        self.set = set
        self.condition = condition
        self.site = site
        self.table = table
        if let inverse = set as? InverseSet, let variable = inverse.row as? VariableNode, let owners,
            case .reference(let reference) = inverse.column, quantifier != .exactlyOne
        {
            image = Image(reference: reference, slot: variable.slot, owners: owners)
        } else {
            image = nil
        }
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        if condition.isAlwaysTrue {
            guard let count = try set.count(&frame) else { return .unknown }
            switch quantifier {
            case .some: return Truth(count > 0)
            case .none: return Truth(count == 0)
            case .exactlyOne: return Truth(count == 1)
            case .every: return .yes
            }
        }
        var list = frame.takeList()
        guard try set.collect(&list, &frame) else {
            frame.giveBack(list)
            return .unknown
        }
        try condition.begin(&frame, asking: list.count)
        let truth = try decide(list, &frame)
        frame.giveBack(list)
        return truth
    }

    private func decide(_ list: [RowNumber], _ frame: inout Frame) throws(EvaluationError) -> Truth {
        var unknownCount = 0
        var yesCount = 0
        for row in list {
            switch try condition.truth(of: row, &frame) {
            case .yes:
                switch quantifier {
                case .some: return .yes
                case .none: return .no
                case .exactlyOne:
                    yesCount += 1
                    if yesCount > 1 { return .no }
                case .every: break
                }
            case .no: if quantifier == .every { return .no }
            case .unknown: unknownCount += 1
            }
        }
        if unknownCount > 0 { return .unknown }
        switch quantifier {
        case .some: return .no
        case .every, .none: return .yes
        case .exactlyOne: return Truth(yesCount == 1)
        }
    }

    override func truths(_ block: Block, _ mask: BlockBits, _ frame: inout Frame) throws(EvaluationError) -> BlockTruth {
        guard let image, image.slot == block.slot, !condition.isAlwaysTrue else {
            return try super.truths(block, mask, &frame)
        }
        if let known = frame.predicates[site] { return known.block(block) }
        // The rows of the block stand for so many edges: enough of them, and the condition is known for the whole type.
        let edgeCount = mask.count * max(1, table.rowCount / max(1, image.owners.rowCount))
        guard let condition = try condition.bitmaps(&frame, asking: edgeCount) else {
            return try super.truths(block, mask, &frame)
        }
        let known: TruthBitmaps
        if let kept = computed.withLock({ $0 }) {
            known = kept
        } else {
            known = try makeImage(of: condition, through: image, &frame)
            computed.withLock { $0 = known }
        }
        frame.predicates[site] = known
        return known.block(block)
    }

    private func makeImage(
        of condition: TruthBitmaps, through image: Image, _ frame: inout Frame
    ) throws(EvaluationError) -> TruthBitmaps {
        let wordCount = (image.owners.rowCount + 63) / 64
        var hit = Array(repeating: UInt64(0), count: wordCount)
        var doubtful = hit
        for start in stride(from: 0, to: table.rowCount, by: Block.rowCount) {
            let block = Block(slot: 0, start: start, count: min(Block.rowCount, table.rowCount - start))
            let truth = condition.block(block)
            // What decides: a row that holds, or for `every` a row that does not.
            let decisive =
                quantifier == .every ? table.liveBits(of: block).without(truth.yes | truth.unknown) : truth.yes
            try frame.charge(decisive.count + truth.unknown.count)
            mark(decisive, of: block, through: image.reference, in: &hit)
            mark(truth.unknown, of: block, through: image.reference, in: &doubtful)
        }
        var yes = Array(repeating: UInt64(0), count: wordCount)
        var unknown = yes
        for word in yes.indices {
            unknown[word] = doubtful[word] & ~hit[word]
            yes[word] = quantifier == .some ? hit[word] : ~(hit[word] | doubtful[word])
        }
        return TruthBitmaps(yes: yes, unknown: unknown)
    }

    private func mark(
        _ rows: BlockBits, of block: Block, through reference: FixedWidthColumn<UInt32>, in words: inout [UInt64]
    ) {
        for word in 0..<Block.wordCount {
            var open = rows[word: word]
            while open != 0 {
                let row = block.start + word << 6 + open.trailingZeroBitCount
                open &= open &- 1
                if let owner = reference[row] { words[Int(owner) >> 6] |= 1 << UInt64(owner & 63) }
            }
        }
    }
}

/// Whether a set holds a row; unknown where either is null.
final class ContainsNode: TruthNode, @unchecked Sendable {
    private let set: RowSetNode
    private let row: IntegerNode
    init(_ set: RowSetNode, _ row: IntegerNode) {
        self.set = set
        self.row = row
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let row = try row.value(&frame) else { return .unknown }
        return try set.contains(RowNumber(truncatingIfNeeded: row), &frame)
    }
}
