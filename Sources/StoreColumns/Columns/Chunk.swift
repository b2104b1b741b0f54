import Bytes

/// A value that a column stores with a fixed width.
@usableFromInline package protocol ColumnElement: FixedWidthElement {}
extension UInt16: ColumnElement {}
extension Int32: ColumnElement {}
extension UInt32: ColumnElement {}
extension Int64: ColumnElement {}
extension UInt64: ColumnElement {}
extension Double: ColumnElement {}

extension ColumnElement {
    /// What stands in the place of a null.
    @inlinable package static var placeholder: Self { zero }
}

/// The number of a row in its type's table: stable over versions, meaningless outside.
@usableFromInline package typealias RowNumber = UInt32

/// How columns are cut: row `r` stands at `r & 0xFFFF` of chunk `r >> 16`.
@usableFromInline package enum ChunkLayout {
    @inlinable package static var rowCount: Int { 65_536 }
    package static let wordCount = rowCount / 64
    /// How many chunks that many rows need.
    package static func chunkCount(_ rowCount: Int) -> Int { (rowCount + ChunkLayout.rowCount - 1) / ChunkLayout.rowCount }
    /// How many rows of `rowCount` stand in chunk `index`.
    package static func rowCount(ofChunk index: Int, of rowCount: Int) -> Int {
        min(ChunkLayout.rowCount, rowCount - index * ChunkLayout.rowCount)
    }
    /// The room for a chunk that has `count` rows now and may grow.
    static func capacity(for count: Int) -> Int {
        var capacity = 64
        while capacity < count { capacity *= 2 }
        return capacity
    }
}

/// At most 65,536 rows of a column, laid out as an Arrow array: values, and a validity bitmap where any is null.
///
/// Never changes once made; versions that did not touch these rows share its memory, and one that only adds rows shares
/// the beginning of the values.
@usableFromInline package struct Chunk<Element: ColumnElement>: Sendable {
    @usableFromInline package let elements: Elements<Element>
    @usableFromInline package let validityWords: Elements<UInt64>
    @usableFromInline package let nullCount: Int

    /// - Parameter validityWords: one bit a row, 1 for a value; empty where no row is null.
    package init(elements: Elements<Element>, validityWords: Elements<UInt64>, nullCount: Int) {
        self.elements = elements
        self.validityWords = validityWords
        self.nullCount = nullCount
    }

    @inlinable package var count: Int { elements.count }
    /// False says that `validity` is empty and every row has a value.
    @inlinable package var hasNulls: Bool { validityWords.count != 0 }

    /// One value a row; a placeholder where the row is null.
    @inlinable package var values: Span<Element> {
        @_lifetime(borrow self) get { elements.span }
    }
    /// One bit a row, least significant first; empty where no row is null.
    @inlinable package var validity: Span<UInt64> {
        @_lifetime(borrow self) get { validityWords.span }
    }

    @inlinable @inline(__always)
    package func isNull(at offset: Int) -> Bool {
        hasNulls && validityWords[offset >> 6] >> UInt64(truncatingIfNeeded: offset & 63) & 1 == 0
    }

    /// The value at `offset`; nil where it is null. In line, as a call would be handed a copy of the chunk.
    @inlinable package subscript(offset: Int) -> Element? {
        @inline(__always) get { isNull(at: offset) ? nil : elements[offset] }
    }
}
