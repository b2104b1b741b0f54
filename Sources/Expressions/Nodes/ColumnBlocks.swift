import StoreColumns

// How a block of rows lies in a column: 64 blocks make a chunk, and a block never crosses one.

extension Chunk {
    /// One bit for each row of a block that has a value. `offset` is the block's place in the chunk, a multiple of 1,024.
    @inline(__always)
    func validity(at offset: Int, _ count: Int) -> BlockBits {
        var bits = BlockBits(first: Swift.max(0, Swift.min(count, self.count - offset)))
        guard hasNulls else { return bits }
        let words = validity
        let first = offset >> 6
        for index in 0..<Swift.min(Block.wordCount, Swift.max(0, words.count - first)) {
            bits[word: index] &= words[first + index]
        }
        return bits
    }
}

extension FixedWidthColumn {
    /// One bit for each row of a block that has a value.
    func presence(_ block: Block) -> BlockBits {
        chunk(block.start >> 16).validity(at: block.start & 0xFFFF, block.count)
    }
}

extension FixedWidthColumn where Element: BlockElement {
    func compare(_ comparison: Comparison, _ constant: Element, _ block: Block, _ mask: BlockBits) -> BlockTruth {
        let chunk = chunk(block.start >> 16)
        let offset = block.start & 0xFFFF
        let values = chunk.values
        let end = Swift.min(offset + block.count, values.count)
        guard offset < end else { return BlockTruth(yes: .none, unknown: mask) }
        let held = comparison.bits(of: values.extracting(offset..<end), against: constant)
        let valid = chunk.validity(at: offset, block.count)
        return BlockTruth(yes: held & valid & mask, unknown: mask.without(valid))
    }
}

extension FixedWidthColumn where Element: RangedElement {
    func within(_ least: Element, _ greatest: Element, _ block: Block, _ mask: BlockBits) -> BlockTruth {
        let chunk = chunk(block.start >> 16)
        let offset = block.start & 0xFFFF
        let values = chunk.values
        let count = Swift.max(0, Swift.min(block.count, values.count - offset))
        var held = BlockBits.none
        for word in 0..<count >> 6 {
            let first = offset + word << 6
            held[word: word] = Element.bits(from: least, to: greatest, values.extracting(first..<first + 64))
        }
        for row in count & ~63..<count where values[offset + row] >= least && values[offset + row] <= greatest {
            held.insert(row)
        }
        let valid = chunk.validity(at: offset, block.count)
        return BlockTruth(yes: held & valid & mask, unknown: mask.without(valid))
    }
}

extension FixedWidthColumn where Element == UInt32 {
    /// One bit for each row of a block whose reference leads to a set bit.
    func verdicts(of bits: Span<UInt64>, _ block: Block, _ mask: BlockBits) -> (yes: BlockBits, there: BlockBits) {
        let chunk = chunk(block.start >> 16)
        let offset = block.start & 0xFFFF
        let targets = chunk.values
        let there = mask & chunk.validity(at: offset, block.count)
        var yes = BlockBits.none
        for word in 0..<Block.wordCount {
            var open = there[word: word]
            var held: UInt64 = 0
            while open != 0 {
                let bit = open.trailingZeroBitCount
                open &= open &- 1
                let target = Int(targets[offset + word << 6 + bit])
                held |= (bits[target >> 6] >> UInt64(target & 63) & 1) << UInt64(bit)
            }
            yes[word: word] = held
        }
        return (yes, there)
    }
}

extension Lanes {
    @inline(__always)
    mutating func fill<Element: ColumnElement>(
        from column: FixedWidthColumn<Element>, _ block: Block, _ convert: (Element) -> Int64
    ) {
        let chunk = column.chunk(block.start >> 16)
        let offset = block.start & 0xFFFF
        let stored = chunk.values
        let end = Swift.min(offset + block.count, stored.count)
        valid = .none
        guard offset < end else { return }
        let source = stored.extracting(offset..<end)
        var target = values.mutableSpan
        for index in source.indices { target[index] = convert(source[index]) }
        valid = chunk.validity(at: offset, block.count)
    }
}
