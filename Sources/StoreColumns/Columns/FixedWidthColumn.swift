import Bytes

/// A column of values of one width, in chunks.
@usableFromInline package struct FixedWidthColumn<Element: ColumnElement>: Sendable {
    @usableFromInline let chunks: [Chunk<Element>]
    @usableFromInline package let rowCount: Int
    package let nullCount: Int

    package init(chunks: [Chunk<Element>], rowCount: Int) {
        self.chunks = chunks
        self.rowCount = rowCount
        nullCount = chunks.reduce(0) { $0 + $1.nullCount }
    }

    static var empty: FixedWidthColumn { FixedWidthColumn(chunks: [], rowCount: 0) }

    @inlinable package var chunkCount: Int { chunks.count }
    @inlinable package func chunk(_ index: Int) -> Chunk<Element> { chunks[index] }

    /// The value of a row; nil where it is null. For many rows take a chunk and its span.
    @inlinable package subscript(row: Int) -> Element? {
        @inline(__always) get { chunks[row >> 16][row & 0xFFFF] }
    }
    @inlinable package subscript(row: RowNumber) -> Element? { self[Int(row)] }

    /// Calls `body` with the value of each of some rows in turn, nil where it is null, until it returns false. What lies in one chunk is
    /// bound once, where rows come side by side.
    /// - Returns: false where `body` did.
    @inlinable @inline(__always)
    package func read(_ rows: borrowing Span<RowNumber>, _ body: (Element?) -> Bool) -> Bool {
        var index = 0
        while index < rows.count {
            let number = rows[index] >> 16
            // Lent, as a copy of the chunk would be counted. The chunk is held by this column.
            let values = chunks[Int(number)].elements.span(heldBy: self)
            let validity = chunks[Int(number)].validityWords.span(heldBy: self)
            repeat {
                let offset = Int(rows[index] & 0xFFFF)
                index &+= 1
                let isThere = validity.isEmpty || validity[offset >> 6] >> UInt64(truncatingIfNeeded: offset & 63) & 1 == 1
                guard body(isThere ? values[offset] : nil) else { return false }
            } while index < rows.count && rows[index] >> 16 == number
        }
        return true
    }

    @inlinable package func isNull(at row: Int) -> Bool { chunks[row >> 16].isNull(at: row & 0xFFFF) }
}

/// Builds the next state of a column: copies the chunks it touches, shares the others. New rows are null until they are set.
struct FixedWidthBuilder<Element: ColumnElement> {
    private let base: FixedWidthColumn<Element>
    private let rowCount: Int
    /// Chunks being changed, by index; nil where the base's stands.
    private var open: [OpenChunk<Element>?]
    /// Whether a row now holds something else, or there are more of them.
    private(set) var hasChanged: Bool

    init(_ base: FixedWidthColumn<Element>, rowCount: Int) {
        self.base = base
        self.rowCount = rowCount
        hasChanged = rowCount > base.rowCount
        open = (0..<ChunkLayout.chunkCount(rowCount)).map { index in
            let count = ChunkLayout.rowCount(ofChunk: index, of: rowCount)
            if index >= base.chunkCount { return OpenChunk(nil, count: count) }
            let chunk = base.chunk(index)
            return chunk.count < count ? OpenChunk(chunk, count: count) : nil
        }
    }

    mutating func set(_ row: Int, to value: Element?) {
        let index = row >> 16
        let offset = row & 0xFFFF
        if let chunk = open[index] {
            if chunk.set(offset, to: value) { hasChanged = true }
            return
        }
        // What stays as it was keeps its chunk.
        let chunk = base.chunk(index)
        if value == nil ? chunk.isNull(at: offset) : Element.self != Double.self && chunk[offset] == value { return }
        let copy = OpenChunk(chunk, count: chunk.count)
        _ = copy.set(offset, to: value)
        open[index] = copy
        hasChanged = true
    }

    func finish() -> FixedWidthColumn<Element> {
        guard hasChanged else { return base }
        return FixedWidthColumn(
            chunks: open.indices.map { open[$0]?.finish() ?? base.chunk($0) }, rowCount: rowCount)
    }
}
