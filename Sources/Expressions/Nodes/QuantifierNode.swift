import StoreColumns

/// Some, every, none or exactly one of a set's rows, by Kleene's rules; unknown where the set is null.
///
/// Asked of a whole block over the other end of a plain reference, it goes the other way: the rows for which the condition
/// holds are followed to what they refer to, so the cost is theirs and not the edge's.
final class QuantifierNode: TruthNode, @unchecked Sendable {
    private let quantifier: Quantifier
    private let set: RowSetNode
    /// The set, where it is the other end of a plain reference.
    private let inverse: InverseSet?
    private let condition: LoopCondition
    private let site: Int
    private let table: Table
    private let image: Image?

    /// The way back along the edge.
    private struct Image: Sendable {
        var reference: FixedWidthColumn<UInt32>
        /// The variable whose rows it comes back to.
        var slot: Int
        var owners: Table
        /// The whole question, for what is kept between requests, and the number of that variable in it.
        var question: Expression
        var variable: Int
    }

    /// - Parameters:
    ///   - question: what this node answers.
    ///   - table: of the set's rows.
    ///   - owners: the table of the rows that the set is taken from.
    init(
        _ quantifier: Quantifier, over set: RowSetNode, _ condition: LoopCondition, of question: Expression, site: Int,
        table: Table, owners: Table?
    ) {
        self.quantifier = quantifier
        self.set = set
        inverse = set as? InverseSet
        self.condition = condition
        self.site = site
        self.table = table
        if let inverse = set as? InverseSet, let variable = inverse.row as? VariableNode, let owners,
            case .reference(let reference) = inverse.column, quantifier != .exactlyOne,
            case .quantified(_, .rows(.variable(let number, _), _), _, _) = question
        {
            image = Image(
                reference: reference, slot: variable.slot, owners: owners, question: question, variable: number)
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
        // Asked as it stands there: what is taken out of an optional is counted.
        if let truth = try inverse?.truth(askedBy: self, &frame) { return truth }
        var list = frame.takeList()
        guard try set.collect(&list, &frame) else {
            frame.giveBack(list)
            return .unknown
        }
        try condition.begin(&frame, asking: list.count)
        let truth = try decide(list.span, &frame)
        frame.giveBack(list)
        return truth
    }

    /// Of the rows at the other end of a plain reference, as they lie there. A call, to which the edge is lent.
    @inline(never)
    func truth(ofRowsAt adjacency: Adjacency, _ row: RowNumber, _ frame: inout Frame) throws(EvaluationError) -> Truth {
        let rows = adjacency.targets(of: row)
        try condition.begin(&frame, asking: rows.count)
        return try decide(rows, &frame)
    }

    private func decide(_ rows: borrowing Span<RowNumber>, _ frame: inout Frame) throws(EvaluationError) -> Truth {
        var unknownCount = 0
        var yesCount = 0
        for index in rows.indices {
            switch try condition.truth(of: rows[index], &frame) {
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
        let key = KeptVerdicts.Key(
            type: image.owners.type, condition: image.question.movingVariables(by: -image.variable),
            isImage: true)
        let known = try self.condition.context.verdicts(key, &frame) { (frame) throws(EvaluationError) in
            try makeImage(of: condition, through: image, &frame)
        }
        frame.predicates[site] = known
        return known.block(block)
    }

    /// So many parts at most: each marks bits of its own for all owners.
    private static let imagePartLimit = 8

    private func makeImage(
        of condition: TruthBitmaps, through image: Image, _ frame: inout Frame
    ) throws(EvaluationError) -> TruthBitmaps {
        var marks: Marks
        if let splitting = frame.splitting, splitting.splits(table.rowCount) {
            let parts = try splitting.parts(of: 0..<table.rowCount, atMost: Self.imagePartLimit, &frame) {
                (range, frame) throws(EvaluationError) in
                try self.marks(range, of: condition, through: image, &frame)
            }
            marks = parts[0]
            for part in parts.dropFirst() { marks.formUnion(part) }
        } else {
            marks = try self.marks(0..<table.rowCount, of: condition, through: image, &frame)
        }
        var yes = marks.hit
        var unknown = marks.doubtful
        for word in yes.indices {
            unknown[word] &= ~marks.hit[word]
            if quantifier != .some { yes[word] = ~(marks.hit[word] | marks.doubtful[word]) }
        }
        return TruthBitmaps(yes: yes, unknown: unknown)
    }

    /// The owners that some row decides for, and those that some row leaves in doubt.
    private struct Marks: Sendable {
        var hit: [UInt64]
        var doubtful: [UInt64]

        mutating func formUnion(_ other: Marks) {
            for word in hit.indices {
                hit[word] |= other.hit[word]
                doubtful[word] |= other.doubtful[word]
            }
        }
    }

    private func marks(
        _ range: Range<Int>, of condition: TruthBitmaps, through image: Image, _ frame: inout Frame
    ) throws(EvaluationError) -> Marks {
        let none = Array(repeating: UInt64(0), count: (image.owners.rowCount + 63) / 64)
        var marks = Marks(hit: none, doubtful: none)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Block.rowCount) {
            let block = Block(slot: 0, start: start, count: min(Block.rowCount, range.upperBound - start))
            let truth = condition.block(block)
            // What decides: a row that holds, or for `every` a row that does not.
            let decisive =
                quantifier == .every ? table.liveBits(of: block).without(truth.yes | truth.unknown) : truth.yes
            try frame.charge(decisive.count + truth.unknown.count)
            mark(decisive, of: block, through: image.reference, in: &marks.hit)
            mark(truth.unknown, of: block, through: image.reference, in: &marks.doubtful)
        }
        return marks
    }

    private func mark(
        _ rows: BlockBits, of block: Block, through reference: FixedWidthColumn<UInt32>, in words: inout [UInt64]
    ) {
        guard !rows.isEmpty else { return }
        let chunk = reference.chunk(block.start >> 16)
        let owners = chunk.values
        let offset = block.start & 0xFFFF
        let valid = chunk.validity(at: offset, block.count)
        for word in 0..<Block.wordCount {
            var open = rows[word: word] & valid[word: word]
            while open != 0 {
                let owner = owners[offset + word << 6 + open.trailingZeroBitCount]
                open &= open &- 1
                words[Int(owner) >> 6] |= 1 << UInt64(owner & 63)
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
