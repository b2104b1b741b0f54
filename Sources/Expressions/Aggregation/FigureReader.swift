import StoreColumns

/// An expression of which figures or keys are made, compiled.
struct CompiledFigure: Sendable {
    let type: ExpressionType
    let program: Program
    /// Values run from 0 up to, not including, this; nil where nothing is known of them.
    let space: Int?
    /// What codes stand for, where the values are codes of a column.
    let dictionary: StringDictionary?

    init(_ expression: Expression, on rows: NodeTypeID, _ context: EvaluationContext) throws(EvaluationError) {
        type = expression.type
        var found: StringDictionary?
        switch type {
        case .string: program = try Program(codesOf: expression, of: rows, context) { found = $0 }
        case .rows, .enumerationList: throw .illTyped("figures are made of values")
        default: program = try Program(expression, of: rows, as: type, context)
        }
        dictionary = found
        switch type {
        case .boolean: space = 2
        case .enumeration(let id): space = context.version.catalog[id].values.count
        case .row(let id): space = context.version[id].rowCount
        case .string: space = found?.count
        default: space = nil
        }
    }
}

/// The values of an expression for blocks of rows, as integers in lanes. Used on one thread.
///
/// Texts are read as codes of their column's dictionary, or numbered as they come; ratios are handed out one by one.
final class FigureReader {
    private enum Source {
        case integer(IntegerNode)
        case ratio(RatioNode)
        case text(TextNode)
    }
    let figure: CompiledFigure
    private let source: Source
    private var frame: Frame
    /// Texts that are no column's, by number.
    private(set) var texts: [[UInt8]] = []
    private var numbers: [[UInt8]: Int64] = [:]

    var type: ExpressionType { figure.type }

    /// Fewer rows of a block than this are read one by one.
    private static let sparseCount = 16

    /// - Parameter seed: What another reader of the same figure has found computed; nil for the first one.
    init(_ figure: CompiledFigure, _ seed: FrameSeed? = nil) throws(EvaluationError) {
        self.figure = figure
        frame = seed.map { Frame($0) } ?? figure.program.makeFrame()
        switch figure.program.root {
        case .truth(let node): source = .integer(IntegerOfTruth(node))
        case .integer(let node): source = .integer(node)
        case .ratio(let node): source = .ratio(node)
        case .text(let node): source = .text(node)
        case .rows: throw .illTyped("figures are made of values")
        }
    }

    /// The values of the mask's rows; `lanes.valid` says which of them have one.
    func fill(_ lanes: inout Lanes, _ block: Block, _ mask: BlockBits) throws(EvaluationError) {
        switch source {
        case .integer(let node):
            if mask.count < Self.sparseCount {
                lanes.valid = .none
                try mask.forEach { (row) throws(EvaluationError) in
                    frame.rows[Program.rootSlot] = RowNumber(truncatingIfNeeded: block.start + row)
                    guard let value = try node.value(&frame) else { return }
                    lanes.values[row] = value
                    lanes.valid.insert(row)
                }
            } else {
                try node.fill(&lanes, block, mask, &frame)
                lanes.valid = lanes.valid & mask
            }
            if type == .float { lanes.valid.forEachRow { if lanes.values[$0] == Int64.min { lanes.values[$0] = 0 } } }
        case .text(let node):
            lanes.valid = .none
            var bytes: [UInt8] = []
            try mask.forEach { (row) throws(EvaluationError) in
                frame.rows[Program.rootSlot] = RowNumber(truncatingIfNeeded: block.start + row)
                bytes.removeAll(keepingCapacity: true)
                guard try node.append(to: &bytes, &frame) else { return }
                lanes.values[row] = number(of: bytes)
                lanes.valid.insert(row)
            }
        case .ratio: throw .illTyped("ratios travel in no lanes")
        }
    }

    /// The ratio of each row that has one.
    func forEachRatio(
        _ block: Block, _ mask: BlockBits, _ body: (Int, Ratio) throws(EvaluationError) -> Void
    ) throws(EvaluationError) {
        guard case .ratio(let node) = source else { throw .illTyped("a Ratio was expected") }
        try mask.forEach { (row) throws(EvaluationError) in
            frame.rows[Program.rootSlot] = RowNumber(truncatingIfNeeded: block.start + row)
            if let ratio = try node.value(&frame) { try body(row, ratio) }
        }
    }

    var givesRatios: Bool { if case .ratio = source { true } else { false } }

    private func number(of text: [UInt8]) -> Int64 {
        if let known = numbers[text] { return known }
        let number = Int64(texts.count)
        numbers[text] = number
        texts.append(text)
        return number
    }

    /// What a reader on another thread begins with.
    var seed: FrameSeed { frame.seed }

    /// Whether two readers give the same values for the same rows: texts that are no column's are numbered as they come.
    var givesSharedValues: Bool { if case .text = source { false } else { true } }

    /// How many times more rows will be read than were read so far.
    func extrapolate(_ factor: Int) { frame.extrapolation = factor }

    /// Tells the budget of what the expression looked at, beside the rows themselves.
    func settle() throws(EvaluationError) { try frame.settle() }
}

/// A condition on rows, block by block. Used on one thread.
final class ConditionReader {
    private let node: TruthNode
    private var frame: Frame

    /// - Parameter seed: as of `FigureReader`.
    init(_ program: Program, _ seed: FrameSeed? = nil) throws(EvaluationError) {
        guard case .truth(let node) = program.root else { throw .illTyped("a Boolean was expected") }
        self.node = node
        frame = seed.map { Frame($0) } ?? program.makeFrame()
    }

    var seed: FrameSeed { frame.seed }

    func extrapolate(_ factor: Int) { frame.extrapolation = factor }

    /// The mask's rows for which it is TRUE.
    func rows(_ block: Block, _ mask: BlockBits) throws(EvaluationError) -> BlockBits {
        try node.truths(block, mask, &frame).yes & mask
    }

    func settle() throws(EvaluationError) { try frame.settle() }
}

extension BlockBits {
    @inline(__always)
    func forEachRow(_ body: (Int) -> Void) {
        for index in 0..<Block.wordCount {
            var word = self[word: index]
            while word != 0 {
                body(index << 6 + word.trailingZeroBitCount)
                word &= word &- 1
            }
        }
    }
}

/// The blocks that hold rows of a selection, in order, and which of their rows those are.
struct BlockWalk {
    private let selection: RowSelection
    private let rowCount: Int
    private var next = 0
    private let end: Int

    /// - Parameter range: Of row numbers, beginning with a block; nil: all.
    init(_ selection: RowSelection, of table: Table, in range: Range<Int>? = nil) {
        self.selection = selection
        rowCount = table.rowCount
        let range = range ?? 0..<rowCount
        switch selection {
        case .list(let rows):
            next = rows.place(ofRow: range.lowerBound)
            end = rows.place(ofRow: range.upperBound)
        case .bitmap:
            next = range.lowerBound
            end = range.upperBound
        }
    }

    mutating func block() -> (Block, BlockBits)? {
        switch selection {
        case .list(let rows):
            guard next < end else { return nil }
            let start = Int(rows[next]) & ~(Block.rowCount - 1)
            var mask = BlockBits.none
            while next < end, Int(rows[next]) < start + Block.rowCount {
                mask.insert(Int(rows[next]) - start)
                next += 1
            }
            return (Block(slot: Program.rootSlot, start: start, count: min(Block.rowCount, rowCount - start)), mask)
        case .bitmap(let bitmap):
            let words = bitmap.words
            while next < end {
                let start = next
                next += Block.rowCount
                var mask = BlockBits.none
                let first = start >> 6
                for index in 0..<min(Block.wordCount, words.count - first) { mask[word: index] = words[first + index] }
                guard !mask.isEmpty else { continue }
                return (Block(slot: Program.rootSlot, start: start, count: min(Block.rowCount, rowCount - start)), mask)
            }
            return nil
        }
    }
}

extension [RowNumber] {
    /// Where a row stands in an ascending list, or would.
    fileprivate func place(ofRow row: Int) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if Int(self[middle]) < row { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
