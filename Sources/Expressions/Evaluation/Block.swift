import StoreColumns

/// 1,024 rows at a time: small enough for the nearest cache, large enough that a call per block costs nothing.
struct Block {
    static let rowCount = 1_024
    static let wordCount = 16

    /// The frame's slot of the row variable that runs over the block.
    var slot: Int
    /// A multiple of 1,024.
    var start: Int
    /// At most 1,024.
    var count: Int
}

/// One bit a row of a block.
struct BlockBits {
    private var words: InlineArray<16, UInt64>

    static let none = BlockBits(words: InlineArray(repeating: 0))

    private init(words: InlineArray<16, UInt64>) { self.words = words }

    /// The first `count` bits.
    init(first count: Int) {
        words = InlineArray(repeating: count == Block.rowCount ? ~0 : 0)
        guard count < Block.rowCount else { return }
        for index in 0..<count / 64 { words[index] = ~0 }
        if count % 64 != 0 { words[count / 64] = 1 << UInt64(count % 64) &- 1 }
    }

    subscript(word index: Int) -> UInt64 {
        @inline(__always) get { words[index] }
        @inline(__always) set { words[index] = newValue }
    }

    subscript(row: Int) -> Bool { words[row >> 6] >> UInt64(row & 63) & 1 != 0 }

    mutating func insert(_ row: Int) { words[row >> 6] |= 1 << UInt64(row & 63) }

    var isEmpty: Bool {
        var all: UInt64 = 0
        for index in 0..<Block.wordCount { all |= words[index] }
        return all == 0
    }

    var count: Int {
        var count = 0
        for index in 0..<Block.wordCount { count += words[index].nonzeroBitCount }
        return count
    }

    static func & (left: BlockBits, right: BlockBits) -> BlockBits {
        var result = left
        for index in 0..<Block.wordCount { result.words[index] &= right.words[index] }
        return result
    }
    static func | (left: BlockBits, right: BlockBits) -> BlockBits {
        var result = left
        for index in 0..<Block.wordCount { result.words[index] |= right.words[index] }
        return result
    }
    func without(_ other: BlockBits) -> BlockBits {
        var result = self
        for index in 0..<Block.wordCount { result.words[index] &= ~other.words[index] }
        return result
    }

    /// Rows whose bit is set, in order.
    @inline(__always)
    func forEach(_ body: (Int) throws(EvaluationError) -> Void) throws(EvaluationError) {
        for index in 0..<Block.wordCount {
            var word = self[word: index]
            while word != 0 {
                try body(index << 6 + word.trailingZeroBitCount)
                word &= word &- 1
            }
        }
    }
}

/// Verdicts of a block's rows: in neither set means no. Outside the mask that was asked for they mean nothing.
struct BlockTruth {
    var yes: BlockBits
    var unknown: BlockBits

    static let no = BlockTruth(yes: .none, unknown: .none)

    subscript(row: Int) -> Truth {
        get { yes[row] ? .yes : unknown[row] ? .unknown : .no }
    }
    /// The row must have been `no`.
    mutating func set(_ row: Int, _ truth: Truth) {
        switch truth {
        case .yes: yes.insert(row)
        case .unknown: unknown.insert(row)
        case .no: break
        }
    }
}

/// Integers of a block's rows, with which of them are there.
struct Lanes {
    var values: [Int64]
    var valid: BlockBits

    init() {
        values = Array(repeating: 0, count: Block.rowCount)
        valid = .none
    }
}

/// Verdicts for every row of a type. Dead rows are in neither set.
final class TruthBitmaps: Sendable {
    let yes: [UInt64]
    /// Empty where no verdict is unknown, as is the rule.
    let unknown: [UInt64]

    init(yes: [UInt64], unknown: [UInt64]) {
        self.yes = yes
        self.unknown = unknown.allSatisfy { $0 == 0 } ? [] : unknown
    }

    var byteCount: Int { (yes.count + unknown.count) * 8 }

    /// How many rows have the verdict yes.
    var yesCount: Int { yes.reduce(0) { $0 + $1.nonzeroBitCount } }

    subscript(row: Int) -> Truth {
        let bit = UInt64(1) << UInt64(row & 63)
        if yes[row >> 6] & bit != 0 { return .yes }
        return !unknown.isEmpty && unknown[row >> 6] & bit != 0 ? .unknown : .no
    }

    func block(_ block: Block) -> BlockTruth {
        var truth = BlockTruth.no
        let first = block.start >> 6
        for index in 0..<min(Block.wordCount, yes.count - first) { truth.yes[word: index] = yes[first + index] }
        guard !unknown.isEmpty else { return truth }
        for index in 0..<min(Block.wordCount, yes.count - first) { truth.unknown[word: index] = unknown[first + index] }
        return truth
    }
}
