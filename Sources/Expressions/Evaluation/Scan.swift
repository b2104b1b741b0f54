import StoreColumns

extension TruthNode {
    /// The verdicts for every live row of a table, block by block; where the frame has threads to split with and the table is
    /// large, in parts.
    ///
    /// - Parameter rows: Asked of these only; the others are not in the answer.
    func bitmaps(
        over table: Table, slot: Int, among rows: Bitmap? = nil, _ frame: inout Frame
    ) throws(EvaluationError) -> TruthBitmaps {
        let scan = Scan(node: self, table: table, slot: slot, rows: rows)
        let rowCount = table.rowCount
        // Room is made for a bit a row.
        try frame.budget.foresee(rows: rows == nil ? rowCount : rowCount / 64)
        guard let splitting = frame.splitting, splitting.splits(rowCount) else {
            let part = try scan.part(0..<rowCount, &frame)
            return TruthBitmaps(yes: part.yes, unknown: part.unknown)
        }
        // The first block alone: there the nodes find out what pays to compute for whole types, and that is then there for
        // every part, itself computed on all threads.
        let first = try scan.part(0..<Block.rowCount, &frame)
        let others = try splitting.parts(of: Block.rowCount..<rowCount, &frame) { (range, frame) throws(EvaluationError) in
            try scan.part(range, &frame)
        }
        return Scan.Part.joined([first] + others, rowCount: rowCount)
    }
}

/// A condition asked of all rows of a table, or of some.
private struct Scan: Sendable {
    struct Part: Sendable {
        var yes: [UInt64]
        /// Empty where no row is in doubt.
        var unknown: [UInt64]

        static func joined(_ parts: [Part], rowCount: Int) -> TruthBitmaps {
            let wordCount = (rowCount + 63) / 64
            var (yes, unknown): ([UInt64], [UInt64]) = ([], [])
            yes.reserveCapacity(wordCount)
            for part in parts { yes += part.yes }
            if parts.contains(where: { !$0.unknown.isEmpty }) {
                unknown.reserveCapacity(wordCount)
                for part in parts {
                    unknown += part.unknown.isEmpty ? Array(repeating: 0, count: part.yes.count) : part.unknown
                }
            }
            return TruthBitmaps(yes: yes, unknown: unknown)
        }
    }
    let node: TruthNode
    let table: Table
    let slot: Int
    let rows: Bitmap?

    /// - Parameter range: Begins with a block.
    func part(_ range: Range<Int>, _ frame: inout Frame) throws(EvaluationError) -> Part {
        let wordCount = (range.count + 63) / 64
        var part = Part(yes: Array(repeating: 0, count: wordCount), unknown: [])
        let outer = frame.extrapolation
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Block.rowCount) {
            let block = Block(slot: slot, start: start, count: min(Block.rowCount, range.upperBound - start))
            frame.extrapolation = max(1, table.rowCount / (start - range.lowerBound + block.count))
            let asked = asked(of: block)
            guard !asked.isEmpty else { continue }
            try frame.charge(rows == nil ? block.count : asked.count)
            let truth = try node.truths(block, asked, &frame)
            let first = (start - range.lowerBound) >> 6
            let (words, unknown) = ((block.count + 63) / 64, truth.unknown & asked)
            for word in 0..<words { part.yes[first + word] = truth.yes[word: word] & asked[word: word] }
            guard !unknown.isEmpty else { continue }
            if part.unknown.isEmpty { part.unknown = Array(repeating: 0, count: wordCount) }
            for word in 0..<words { part.unknown[first + word] = unknown[word: word] }
        }
        frame.extrapolation = outer
        return part
    }

    private func asked(of block: Block) -> BlockBits {
        let live = table.liveBits(of: block)
        guard let rows else { return live }
        return live & rows.bits(of: block)
    }
}

extension Table {
    /// The rows of a block that are not deleted.
    func liveBits(of block: Block) -> BlockBits {
        guard let live = liveRows else { return BlockBits(first: block.count) }
        return live.bits(of: block)
    }
}

extension Bitmap {
    func bits(of block: Block) -> BlockBits {
        var bits = BlockBits(first: block.count)
        let words = words
        let first = block.start >> 6
        for index in 0..<Block.wordCount { bits[word: index] &= first + index < words.count ? words[first + index] : 0 }
        return bits
    }
}
