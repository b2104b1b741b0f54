import StoreColumns
import Synchronization

/// A condition asked of the rows of sets: one after another, or, where it names no outer row and that pays, of its whole
/// type at once and then a bit a row.
final class LoopCondition: Sendable {
    let slot: Int
    private let condition: TruthNode
    private let hoists: [Int]
    private let site: Int
    private let table: Table
    /// Whether it names rows outside the loop, and so means something else in each.
    private let isCorrelated: Bool
    private let computed = Mutex<TruthBitmaps?>(nil)

    init(_ condition: TruthNode, slot: Int, hoists: [Int], site: Int, over table: Table, isCorrelated: Bool) {
        self.condition = condition
        self.slot = slot
        self.hoists = hoists
        self.site = site
        self.table = table
        self.isCorrelated = isCorrelated
    }

    var isAlwaysTrue: Bool { (condition as? ConstantTruth)?.verdict == .yes }

    /// Before a loop over `count` rows.
    func begin(_ frame: inout Frame, asking count: Int) throws(EvaluationError) {
        try frame.charge(count)
        frame.open(hoists)
        _ = try bitmaps(&frame, asking: count)
    }

    @inline(__always)
    func truth(of row: RowNumber, _ frame: inout Frame) throws(EvaluationError) -> Truth {
        if let known = frame.predicates[site] { return known[Int(row)] }
        frame.rows[slot] = row
        return try condition.truth(&frame)
    }

    /// The verdicts of the whole type, where they are known or now pay.
    func bitmaps(_ frame: inout Frame, asking count: Int) throws(EvaluationError) -> TruthBitmaps? {
        if let known = frame.predicates[site] { return known }
        guard !isCorrelated, frame.pays(at: site, asked: count, of: table.rowCount) else { return nil }
        let known: TruthBitmaps
        if let kept = computed.withLock({ $0 }) {
            known = kept
        } else {
            known = try condition.bitmaps(over: table, slot: slot, &frame)
            computed.withLock { $0 = known }
        }
        frame.predicates[site] = known
        return known
    }
}

extension TruthNode {
    /// The verdicts for every live row of a table, block by block.
    func bitmaps(over table: Table, slot: Int, _ frame: inout Frame) throws(EvaluationError) -> TruthBitmaps {
        let wordCount = (table.rowCount + 63) / 64
        var yes = Array(repeating: UInt64(0), count: wordCount)
        var unknown = yes
        for start in stride(from: 0, to: table.rowCount, by: Block.rowCount) {
            let block = Block(slot: slot, start: start, count: min(Block.rowCount, table.rowCount - start))
            try frame.charge(block.count)
            let live = table.liveBits(of: block)
            guard !live.isEmpty else { continue }
            let truth = try truths(block, live, &frame)
            for word in 0..<(block.count + 63) / 64 {
                yes[start >> 6 + word] = truth.yes[word: word] & live[word: word]
                unknown[start >> 6 + word] = truth.unknown[word: word] & live[word: word]
            }
        }
        return TruthBitmaps(yes: yes, unknown: unknown)
    }
}

extension Table {
    /// The rows of a block that are not deleted.
    func liveBits(of block: Block) -> BlockBits {
        var bits = BlockBits(first: block.count)
        guard let live = liveRows else { return bits }
        let words = live.words
        let first = block.start >> 6
        for index in 0..<Block.wordCount {
            bits[word: index] &= first + index < words.count ? words[first + index] : 0
        }
        return bits
    }
}
