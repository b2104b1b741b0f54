/// A column of values of one width, in chunks.
///
/// Public, as its chunks are, though only rooms of this package see it: Swift 6.3 does not carry the bodies of `package`
/// functions into other modules, even where they are inlinable, and a generic read then costs 40 ns a row instead of 5.
public struct FixedWidthColumn<Element: ColumnElement>: Sendable {
    @usableFromInline let chunks: [Chunk<Element>]
    package let rowCount: Int
    package let nullCount: Int

    init(chunks: [Chunk<Element>], rowCount: Int, nullCount: Int) {
        self.chunks = chunks
        self.rowCount = rowCount
        self.nullCount = nullCount
    }

    static var empty: FixedWidthColumn { FixedWidthColumn(chunks: [], rowCount: 0, nullCount: 0) }

    @inlinable public var chunkCount: Int { chunks.count }
    @inlinable public func chunk(_ index: Int) -> Chunk<Element> { chunks[index] }

    /// The value of a row; nil where it is null. For many rows take a chunk and its span.
    @inlinable public subscript(row: Int) -> Element? {
        let chunk = chunks[row >> 16]
        let offset = row & 0xFFFF
        return chunk.isNull(at: offset) ? nil : chunk.storage[offset]
    }
    @inlinable public subscript(row: RowNumber) -> Element? { self[Int(row)] }
    @inlinable public func isNull(at row: Int) -> Bool { chunks[row >> 16].isNull(at: row & 0xFFFF) }
}

/// Builds the next state of a column: copies the chunks it touches, shares the others.
struct FixedWidthBuilder<Element: ColumnElement> {
    private let base: FixedWidthColumn<Element>
    /// Chunks being changed, by index; nil where the base's stands.
    private var open: [OpenChunk<Element>?]
    private(set) var rowCount: Int

    init(_ base: FixedWidthColumn<Element>) {
        self.base = base
        rowCount = base.rowCount
        open = Array(repeating: nil, count: base.chunkCount)
    }

    mutating func append(_ value: Element?) {
        set(rowCount, to: value)
    }

    /// The value as it now is; nil where null or not there yet.
    func value(at row: Int) -> Element? {
        guard row < rowCount else { return nil }
        guard let chunk = open[row >> 16] else { return base[row] }
        let offset = row & 0xFFFF
        let isNull = !chunk.validity.isEmpty && chunk.validity[offset >> 6] >> UInt64(offset & 63) & 1 == 0
        return isNull ? nil : chunk.values[offset]
    }

    /// Sets a row that is there, or the next one.
    mutating func set(_ row: Int, to value: Element?) {
        let index = row >> 16
        let offset = row & 0xFFFF
        if index == open.count { open.append(OpenChunk(values: [], validity: [])) }
        if open[index] == nil {
            let chunk = base.chunk(index)
            open[index] = OpenChunk(values: chunk.storage, validity: chunk.validityWords)
        }
        open[index]?.set(offset, to: value)
        rowCount = max(rowCount, row + 1)
    }

    func finish() -> FixedWidthColumn<Element> {
        guard open.contains(where: { $0 != nil }) else { return base }
        var nulls = base.nullCount
        let chunks = open.indices.map { index in
            guard let changed = open[index] else { return base.chunk(index) }
            if index < base.chunkCount { nulls -= base.chunk(index).nullCount }
            let chunk = Chunk(storage: changed.values, validityWords: changed.validity)
            nulls += chunk.nullCount
            return chunk
        }
        return FixedWidthColumn(chunks: chunks, rowCount: rowCount, nullCount: nulls)
    }
}

extension Chunk {
    var nullCount: Int {
        hasNulls ? count - validityWords.reduce(0) { $0 + $1.nonzeroBitCount } : 0
    }
}

/// A chunk that is still being written.
private struct OpenChunk<Element: ColumnElement> {
    var values: [Element]
    /// Empty while every row has a value.
    var validity: [UInt64]

    /// Sets a row that is there, or the next one.
    mutating func set(_ offset: Int, to value: Element?) {
        if offset == values.count {
            values.append(value ?? Element.placeholder)
            if !validity.isEmpty, offset & 63 == 0 { validity.append(0) }
        } else {
            values[offset] = value ?? Element.placeholder
        }
        let bit: UInt64 = 1 << UInt64(offset & 63)
        if value == nil {
            if validity.isEmpty {
                validity = Array(repeating: ~0, count: (values.count + 63) / 64)
                if values.count & 63 != 0 { validity[validity.count - 1] = 1 << UInt64(values.count & 63) &- 1 }
            }
            validity[offset >> 6] &= ~bit
        } else if !validity.isEmpty {
            validity[offset >> 6] |= bit
        }
    }
}
