import Bytes

extension FixedWidthAppender where Element: FixedWidthInteger {
    /// Appends rows at once.
    /// - Parameters:
    ///   - rowCount: how many, nulls among them.
    ///   - values: of the rows that have one, in their order; the lower bits count.
    ///   - validity: a bit a row, 1 for a value.
    @inlinable package func append(rowCount: Int, _ values: Span<Int64>, validity: Span<UInt64>) {
        var row = 0
        var place = 0
        while row < rowCount {
            // Up to the end of the open chunk, with its bits at hand.
            let end = min(rowCount, row + ChunkLayout.rowCount - count)
            let writer = writer
            var bits = self.validity
            self.validity = []
            var offset = count
            let first = place
            while row < end {
                if validity[row >> 6] >> UInt64(truncatingIfNeeded: row & 63) & 1 != 0 {
                    writer[offset] = Element(truncatingIfNeeded: values[place])
                    bits[offset >> 6] |= 1 << UInt64(truncatingIfNeeded: offset & 63)
                    place += 1
                }
                offset += 1
                row += 1
            }
            self.validity = bits
            bits = []
            valueCount += place - first
            count = offset
            if count == ChunkLayout.rowCount { close() }
        }
    }
}

extension FixedWidthAppender<UInt32> {
    /// Appends rows that hold their own numbers; they must not go beyond the open chunk.
    /// - Parameters:
    ///   - rows: which bits of the validity are theirs, 1 for a number.
    ///   - valueCount: how many are 1.
    func appendOwnNumbers(_ rows: Range<Int>, _ validity: Span<UInt64>, valueCount added: Int) {
        precondition(rows.count <= ChunkLayout.rowCount - count, "rows of one chunk")
        let writer = writer
        var bits = self.validity
        self.validity = []
        let first = rowCount - count
        var offset = count
        for row in rows {
            if validity[row >> 6] >> UInt64(truncatingIfNeeded: row & 63) & 1 != 0 {
                writer[offset] = UInt32(truncatingIfNeeded: first + offset)
                bits[offset >> 6] |= 1 << UInt64(truncatingIfNeeded: offset & 63)
            }
            offset += 1
        }
        self.validity = bits
        bits = []
        valueCount += added
        count = offset
        if count == ChunkLayout.rowCount { close() }
    }
}
