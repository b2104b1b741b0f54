import Bytes

/// A column of Booleans, one bit a row, in chunks.
@usableFromInline package struct BooleanColumn: Sendable {
    @usableFromInline package let chunks: [BooleanChunk]
    @usableFromInline package let rowCount: Int

    static var empty: BooleanColumn { BooleanColumn(chunks: [], rowCount: 0) }

    package init(chunks: [BooleanChunk], rowCount: Int) {
        self.chunks = chunks
        self.rowCount = rowCount
    }

    /// The value of a row; nil where it is null.
    @inlinable package subscript(row: Int) -> Bool? {
        let (values, validity) = word(row >> 6)
        let bit = UInt64(truncatingIfNeeded: row & 63)
        return validity >> bit & 1 == 0 ? nil : values >> bit & 1 != 0
    }
    @inlinable package subscript(row: RowNumber) -> Bool? { self[Int(row)] }

    /// The 64 rows from `64 * index` on: their values, and which of them have one.
    @inlinable package func word(_ index: Int) -> (values: UInt64, validity: UInt64) {
        let chunk = chunks[index >> 10]
        return (chunk.values[index & 0x3FF], chunk.validity[index & 0x3FF])
    }
}

/// At most 65,536 rows of a column of Booleans: a bit a row, and a bit that says whether there is one. Bits of rows that
/// are null or not there are 0.
@usableFromInline package struct BooleanChunk: Sendable {
    @usableFromInline package let values: Elements<UInt64>
    @usableFromInline package let validity: Elements<UInt64>

    package init(values: Elements<UInt64>, validity: Elements<UInt64>) {
        self.values = values
        self.validity = validity
    }
}

/// Builds the next state of a column of Booleans: copies the chunks it touches, shares the others. New rows are null until
/// they are set.
struct BooleanBuilder {
    private let base: BooleanColumn
    private let rowCount: Int
    private var open: [OpenBooleans?]
    /// Whether a row now holds something else, or there are more of them.
    private(set) var hasChanged: Bool

    private final class OpenBooleans {
        var values: OpenBits
        var validity: OpenBits
        init(_ base: BooleanChunk?, count: Int) {
            let empty = Elements<UInt64>()
            values = OpenBits(base?.values ?? empty, count: 0, elseAll: false, extendedTo: count)
            validity = OpenBits(base?.validity ?? empty, count: 0, elseAll: false, extendedTo: count)
        }
        func finish() -> BooleanChunk { BooleanChunk(values: values.finish(), validity: validity.finish()) }
    }

    init(_ base: BooleanColumn, rowCount: Int) {
        self.base = base
        self.rowCount = rowCount
        hasChanged = rowCount > base.rowCount
        open = (0..<ChunkLayout.chunkCount(rowCount)).map { index in
            let count = ChunkLayout.rowCount(ofChunk: index, of: rowCount)
            if index >= base.chunks.count { return OpenBooleans(nil, count: count) }
            let old = ChunkLayout.rowCount(ofChunk: index, of: base.rowCount)
            return old < count ? OpenBooleans(base.chunks[index], count: count) : nil
        }
    }

    mutating func set(_ row: Int, to value: Bool?) {
        if row < base.rowCount, base[row] == value, open[row >> 16] == nil { return }
        let chunk: OpenBooleans
        if let known = open[row >> 16] {
            chunk = known
        } else {
            chunk = OpenBooleans(
                base.chunks[row >> 16], count: ChunkLayout.rowCount(ofChunk: row >> 16, of: rowCount))
            open[row >> 16] = chunk
        }
        let offset = row & 0xFFFF
        let before = chunk.validity[offset] ? chunk.values[offset] : nil
        if before == value { return }
        chunk.values[offset] = value ?? false
        chunk.validity[offset] = value != nil
        hasChanged = true
    }

    func finish() -> BooleanColumn {
        guard hasChanged else { return base }
        return BooleanColumn(chunks: open.indices.map { open[$0]?.finish() ?? base.chunks[$0] }, rowCount: rowCount)
    }
}
