import StoreColumns

/// The rows of a type that a snapshot keeps, and their new numbers.
struct RowRenumbering: Sendable {
    /// Rows as they are numbered now, ascending; nil where all are kept.
    private let kept: [RowNumber]?
    /// For each 64 rows: which are kept, and how many are before them.
    private let words: [UInt64]
    private let before: [UInt32]
    let rowCount: Int

    init(_ table: Table) {
        guard let live = table.liveRows else {
            kept = nil
            words = []
            before = []
            rowCount = table.rowCount
            return
        }
        var kept: [RowNumber] = []
        kept.reserveCapacity(table.liveRowCount)
        live.forEachSet { kept.append(RowNumber(truncatingIfNeeded: $0)) }
        var words: [UInt64] = []
        var before: [UInt32] = []
        var sum: UInt32 = 0
        let span = live.words
        for index in span.indices {
            words.append(span[index])
            before.append(sum)
            sum += UInt32(span[index].nonzeroBitCount)
        }
        self.kept = kept
        self.words = words
        self.before = before
        rowCount = kept.count
    }

    /// Whether every row keeps its number.
    var isIdentity: Bool { kept == nil }

    func isKept(_ row: RowNumber) -> Bool { kept == nil || words[Int(row >> 6)] >> UInt64(row & 63) & 1 != 0 }

    /// The new number of a row that is kept.
    func number(of row: RowNumber) -> RowNumber {
        guard kept != nil else { return row }
        let index = Int(row >> 6)
        let lower = words[index] & (1 << UInt64(row & 63) &- 1)
        return before[index] + UInt32(lower.nonzeroBitCount)
    }

    /// How a row that will have a number is numbered now.
    func row(_ number: Int) -> Int { kept.map { Int($0[number]) } ?? number }

    /// The new numbers that a batch holds.
    func rows(ofBatch index: Int) -> Range<Int> {
        index << 16..<index << 16 + ChunkLayout.rowCount(ofChunk: index, of: rowCount)
    }

    var batchCount: Int { ChunkLayout.chunkCount(rowCount) }
}
