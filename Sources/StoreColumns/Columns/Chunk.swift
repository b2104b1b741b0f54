/// A value that a column stores with a fixed width.
public protocol ColumnElement: BitwiseCopyable, Sendable, Hashable {
    /// What stands in the place of a null.
    static var placeholder: Self { get }
}
extension UInt16: ColumnElement { @inlinable public static var placeholder: UInt16 { 0 } }
extension Int32: ColumnElement { @inlinable public static var placeholder: Int32 { 0 } }
extension UInt32: ColumnElement { @inlinable public static var placeholder: UInt32 { 0 } }
extension Int64: ColumnElement { @inlinable public static var placeholder: Int64 { 0 } }
extension UInt64: ColumnElement { @inlinable public static var placeholder: UInt64 { 0 } }
extension Double: ColumnElement { @inlinable public static var placeholder: Double { 0 } }

/// The number of a row in its type's table: stable over versions, meaningless outside.
public typealias RowNumber = UInt32

/// How columns are cut: row `r` stands at `r & 0xFFFF` of chunk `r >> 16`.
package enum ChunkLayout {
    package static let rowCount = 65_536
    package static let wordCount = rowCount / 64
}

/// At most 65,536 rows of a column, laid out as an Arrow array: values, and a validity bitmap where any is null.
///
/// Never changes once made; versions that did not touch these rows share its memory.
public struct Chunk<Element: ColumnElement>: Sendable {
    @usableFromInline let storage: [Element]
    @usableFromInline let validityWords: [UInt64]

    /// - Parameter validityWords: one bit a row, 1 for a value; empty where no row is null.
    init(storage: [Element], validityWords: [UInt64]) {
        self.storage = storage
        self.validityWords = validityWords
    }

    @inlinable public var count: Int { storage.count }
    /// False says that `validity` is empty and every row has a value.
    @inlinable public var hasNulls: Bool { !validityWords.isEmpty }

    /// One value a row; a placeholder where the row is null.
    public var values: Span<Element> {
        @_lifetime(borrow self) @inlinable get { storage.span }
    }
    /// One bit a row, least significant first; empty where no row is null.
    public var validity: Span<UInt64> {
        @_lifetime(borrow self) @inlinable get { validityWords.span }
    }

    @inlinable public func isNull(at offset: Int) -> Bool {
        hasNulls && validityWords[offset >> 6] >> UInt64(offset & 63) & 1 == 0
    }
}
