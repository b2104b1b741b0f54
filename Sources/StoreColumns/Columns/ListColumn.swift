import Bytes

/// A column of lists, laid out as Arrow list arrays: a run of elements a row, in chunks.
package struct ListColumn<Element: ColumnElement>: Sendable {
    let chunks: ListChunks<Element>
    package var rowCount: Int { chunks.rowCount }

    static var empty: ListColumn { ListColumn(chunks: ListChunks(chunks: [], rowCount: 0)) }

    // The bodies are not carried into other modules; made for both elements here, they are at least not generic there.
    @_specialize(where Element == UInt16)
    @_specialize(where Element == UInt32)
    package func isNull(at row: Int) -> Bool { chunks.chunks[row >> 16].isNull(at: row & 0xFFFF) }

    /// The elements of a row, in the order given; empty where it is null.
    @_specialize(where Element == UInt16)
    @_specialize(where Element == UInt32)
    @_lifetime(borrow self)
    package func list(at row: Int) -> Span<Element> { chunks.list(at: row) }
}

/// The chunks of a list column, kept together so that a span into one can be lent.
final class ListChunks<Element: ColumnElement>: Sendable {
    let chunks: [ListChunk<Element>]
    let rowCount: Int
    init(chunks: [ListChunk<Element>], rowCount: Int) {
        self.chunks = chunks
        self.rowCount = rowCount
    }
    @_lifetime(borrow self)
    func list(at row: Int) -> Span<Element> {
        let chunk = chunks[row >> 16]
        let offset = row & 0xFFFF
        let range = Int(chunk.offsets[offset])..<Int(chunk.offsets[offset + 1])
        // The chunk lives as long as the list of chunks that holds it.
        let elements = chunk.elements
        return lend(elements.span.extracting(range), heldBy: self)
    }
}

final class ListChunk<Element: ColumnElement>: Sendable {
    /// One more than there are rows.
    let offsets: [UInt32]
    let elements: [Element]
    let validityWords: [UInt64]
    init(offsets: [UInt32], elements: [Element], validityWords: [UInt64]) {
        self.offsets = offsets
        self.elements = elements
        self.validityWords = validityWords
    }
    var rowCount: Int { offsets.count - 1 }
    func isNull(at offset: Int) -> Bool {
        !validityWords.isEmpty && validityWords[offset >> 6] >> UInt64(offset & 63) & 1 == 0
    }
}

/// Builds the next state of a list column: rewrites the chunks it touches, shares the others.
struct ListBuilder<Element: ColumnElement> {
    private let base: ListColumn<Element>
    private var changed: [Int: [Element]?] = [:]
    private(set) var rowCount: Int

    init(_ base: ListColumn<Element>) {
        self.base = base
        rowCount = base.rowCount
    }

    mutating func set(_ row: Int, to list: [Element]?) {
        changed.updateValue(list, forKey: row)
        rowCount = max(rowCount, row + 1)
    }

    func finish() -> ListColumn<Element> {
        guard !changed.isEmpty else { return base }
        let touched = Set(changed.keys.map { $0 >> 16 })
        let count = (rowCount + ChunkLayout.rowCount - 1) / ChunkLayout.rowCount
        let chunks = (0..<count).map { index in
            touched.contains(index) ? rewritten(index) : base.chunks.chunks[index]
        }
        return ListColumn(chunks: ListChunks(chunks: chunks, rowCount: rowCount))
    }

    private func rewritten(_ index: Int) -> ListChunk<Element> {
        let first = index << 16
        let count = min(ChunkLayout.rowCount, rowCount - first)
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(count + 1)
        var elements: [Element] = []
        var validity = [UInt64](repeating: 0, count: (count + 63) / 64)
        var hasNulls = false
        for offset in 0..<count {
            let row = first + offset
            var isNull = false
            if let list = changed[row] {
                if let list { elements += list } else { isNull = true }
            } else if row < base.rowCount, !base.isNull(at: row) {
                let list = base.list(at: row)
                for position in list.indices { elements.append(list[position]) }
            } else {
                isNull = true
            }
            if isNull { hasNulls = true } else { validity[offset >> 6] |= 1 << UInt64(offset & 63) }
            offsets.append(UInt32(elements.count))
        }
        return ListChunk(offsets: offsets, elements: elements, validityWords: hasNulls ? validity : [])
    }
}
