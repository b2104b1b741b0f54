import Bytes

/// Which rows of a table exist: a tombstone a deleted row, kept only for chunks that have one.
@usableFromInline struct LiveRows: Sendable {
    /// One word for 64 rows of a chunk, 1 for a row that exists or is not numbered yet; nil where all exist. Chunks past the
    /// last are whole too.
    private let chunks: [Elements<UInt64>?]
    private(set) var deadCount: Int

    static let all = LiveRows(chunks: [], deadCount: 0)

    init(chunks: [Elements<UInt64>?], deadCount: Int) {
        self.chunks = chunks
        self.deadCount = deadCount
    }

    subscript(row: Int) -> Bool {
        let index = row >> 16
        guard index < chunks.count, let words = chunks[index] else { return true }
        return words[(row & 0xFFFF) >> 6] >> UInt64(row & 63) & 1 != 0
    }

    /// The memory of its chunks, as if none were shared.
    var byteCount: Int { chunks.reduce(0) { $0 + ($1?.count ?? 0) * 8 } }

    /// Without some rows that exist.
    func deleting(_ rows: [RowNumber]) -> LiveRows {
        var open: [Int: OpenBits] = [:]
        for row in rows {
            let index = Int(row >> 16)
            let held = index < chunks.count ? chunks[index] : nil
            var bits =
                open.removeValue(forKey: index)
                ?? OpenBits(
                    held ?? Elements(), count: ChunkLayout.rowCount, elseAll: true, extendedTo: ChunkLayout.rowCount)
            bits[Int(row & 0xFFFF)] = false
            open[index] = bits
        }
        var next = chunks
        for (index, bits) in open {
            while next.count <= index { next.append(nil) }
            next[index] = bits.finish()
        }
        return LiveRows(chunks: next, deadCount: deadCount + rows.count)
    }

    /// The first `rowCount` rows as one set; nil where all exist.
    func bitmap(rowCount: Int) -> Bitmap? {
        guard deadCount > 0 else { return nil }
        var words: [UInt64] = []
        words.reserveCapacity((rowCount + 63) / 64)
        for index in 0..<ChunkLayout.chunkCount(rowCount) {
            if index < chunks.count, let held = chunks[index] {
                for place in 0..<held.count { words.append(held[place]) }
            } else {
                words += repeatElement(~0, count: ChunkLayout.wordCount)
            }
        }
        return Bitmap(words: words, count: rowCount)
    }
}
