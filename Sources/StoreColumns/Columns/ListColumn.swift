import Bytes

/// A column of lists, laid out as Arrow list arrays: a run of elements a row, in chunks.
@usableFromInline package struct ListColumn<Element: ColumnElement>: Sendable {
    @usableFromInline package let chunks: [ListChunk<Element>]
    @usableFromInline package let rowCount: Int

    /// No list is longer, so that a chunk's offsets fit 32 bits.
    package static var maximumListCount: Int { 65_535 }

    static var empty: ListColumn { ListColumn(chunks: [], rowCount: 0) }

    package init(chunks: [ListChunk<Element>], rowCount: Int) {
        self.chunks = chunks
        self.rowCount = rowCount
    }

    @inlinable package func isNull(at row: Int) -> Bool { chunks[row >> 16].isNull(at: row & 0xFFFF) }

    /// The elements of a row, in the order given; empty where it is null.
    @_lifetime(borrow self)
    @inlinable package func list(at row: Int) -> Span<Element> {
        let range = chunks[row >> 16].range(at: row & 0xFFFF)
        // The chunk is held by this column.
        let elements = chunks[row >> 16].elements.span(heldBy: self)
        return elements.extracting(range)
    }
}

/// At most 65,536 rows of a column of lists.
@usableFromInline package struct ListChunk<Element: ColumnElement>: Sendable {
    /// One more than there are rows.
    @usableFromInline package let offsets: Elements<UInt32>
    @usableFromInline package let elements: Elements<Element>
    /// Empty where no row is null.
    @usableFromInline package let validityWords: Elements<UInt64>

    package init(offsets: Elements<UInt32>, elements: Elements<Element>, validityWords: Elements<UInt64>) {
        self.offsets = offsets
        self.elements = elements
        self.validityWords = validityWords
    }

    @inlinable func range(at offset: Int) -> Range<Int> { Int(offsets[offset])..<Int(offsets[offset + 1]) }

    @inlinable func isNull(at offset: Int) -> Bool {
        validityWords.count != 0 && validityWords[offset >> 6] >> UInt64(truncatingIfNeeded: offset & 63) & 1 == 0
    }
}

/// Builds the next state of a list column: rewrites the chunks it touches, shares the others. New rows are null until they
/// are set.
struct ListBuilder<Element: ColumnElement> {
    private let base: ListColumn<Element>
    private let rowCount: Int
    /// What was set, by chunk: rows in the chunk, and their lists.
    private var changed: [[(offset: Int, list: [Element]?)]]
    /// Whether a row now holds something else, or there are more of them.
    private(set) var hasChanged: Bool

    init(_ base: ListColumn<Element>, rowCount: Int) {
        self.base = base
        self.rowCount = rowCount
        hasChanged = rowCount > base.rowCount
        changed = Array(repeating: [], count: ChunkLayout.chunkCount(rowCount))
    }

    /// Sets a row. A row is set once.
    mutating func set(_ row: Int, to list: [Element]?) {
        if row < base.rowCount, isHeld(list, at: row) { return }
        hasChanged = true
        changed[row >> 16].append((row & 0xFFFF, list))
    }

    private func isHeld(_ list: [Element]?, at row: Int) -> Bool {
        guard let list, !base.isNull(at: row) else { return (list == nil) == base.isNull(at: row) }
        let held = base.list(at: row)
        return held.count == list.count && held.indices.allSatisfy { held[$0] == list[$0] }
    }

    func finish() -> ListColumn<Element> {
        guard hasChanged else { return base }
        let chunks = changed.indices.map { index in
            let count = ChunkLayout.rowCount(ofChunk: index, of: rowCount)
            let isLonger = index * ChunkLayout.rowCount + count > base.rowCount
            return isLonger || !changed[index].isEmpty ? rewritten(index, count: count) : base.chunks[index]
        }
        return ListColumn(chunks: chunks, rowCount: rowCount)
    }

    private func rewritten(_ index: Int, count: Int) -> ListChunk<Element> {
        var places = [Int32](repeating: -1, count: count)
        for (place, change) in changed[index].enumerated() { places[change.offset] = Int32(truncatingIfNeeded: place) }
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(count + 1)
        var elements: [Element] = []
        var validity = OpenBits(count: count)
        for offset in 0..<count {
            let row = index << 16 + offset
            if places[offset] >= 0 {
                if let list = changed[index][Int(places[offset])].list {
                    elements += list
                    validity[offset] = true
                }
            } else if row < base.rowCount, !base.isNull(at: row) {
                let list = base.list(at: row)
                for position in list.indices { elements.append(list[position]) }
                validity[offset] = true
            }
            // A list has at most 65,535 elements and a chunk 65,536 lists.
            offsets.append(UInt32(elements.count))
        }
        return ListChunk(
            offsets: Elements(copying: offsets), elements: Elements(copying: elements),
            validityWords: validity.setCount == count ? Elements() : validity.finish())
    }
}
