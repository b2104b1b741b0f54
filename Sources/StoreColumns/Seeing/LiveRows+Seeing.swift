import Bytes

extension LiveRows {
    /// A chunk of which no row exists.
    private static let none = Elements<UInt64>(copying: Array(repeating: 0, count: ChunkLayout.wordCount))

    /// Only some rows. Chunks without any share their memory.
    /// - Parameter rows: ascending, each once.
    init(only rows: [RowNumber], of rowCount: Int) {
        var chunks: [Elements<UInt64>?] = Array(repeating: Self.none, count: ChunkLayout.chunkCount(rowCount))
        var next = 0
        while next < rows.count {
            let chunk = Int(rows[next] >> 16)
            var words = [UInt64](repeating: 0, count: ChunkLayout.wordCount)
            while next < rows.count, Int(rows[next] >> 16) == chunk {
                words[Int(rows[next] & 0xFFFF) >> 6] |= 1 << UInt64(rows[next] & 63)
                next += 1
            }
            chunks[chunk] = Elements(copying: words)
        }
        self.init(chunks: chunks, deadCount: rowCount - rows.count)
    }

    init(only rows: Bitmap) {
        let words = rows.words
        let chunks = (0..<ChunkLayout.chunkCount(rows.count)).map { index -> Elements<UInt64>? in
            let first = index * ChunkLayout.wordCount
            var own = [UInt64](repeating: 0, count: ChunkLayout.wordCount)
            var any: UInt64 = 0
            for place in 0..<min(ChunkLayout.wordCount, words.count - first) {
                own[place] = words[first + place]
                any |= own[place]
            }
            return any == 0 ? Self.none : Elements(copying: own)
        }
        self.init(chunks: chunks, deadCount: rows.count - rows.setCount)
    }
}
