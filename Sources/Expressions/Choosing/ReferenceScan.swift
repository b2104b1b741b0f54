import StoreColumns

extension Table {
    /// Few rows are looked for, and only among so many: some microseconds.
    private static let soughtLimit = 4
    private static let scannedLimit = 1 << 16

    /// The rows of a small table whose reference is one of few rows, where the model has no way back along it: a pass over the
    /// references, sixteen at a time.
    ///
    /// - Returns: ascending; nil where they are more than a limit, or a pass is too much.
    func rows(referringTo sought: [RowNumber], by column: Int, atMost limit: Int) -> [RowNumber]? {
        guard sought.count <= Self.soughtLimit, rowCount <= Self.scannedLimit,
            case .reference(let references) = self.column(column)
        else { return nil }
        var found: [RowNumber] = []
        for start in stride(from: 0, to: rowCount, by: Block.rowCount) {
            let block = Block(slot: 0, start: start, count: min(Block.rowCount, rowCount - start))
            let live = liveBits(of: block)
            var bits = BlockBits.none
            for row in sought { bits = bits | references.compare(.equal, row, block, live).yes }
            bits.forEachRow { found.append(RowNumber(truncatingIfNeeded: start + $0)) }
            guard found.count <= limit else { return nil }
        }
        return found
    }
}
