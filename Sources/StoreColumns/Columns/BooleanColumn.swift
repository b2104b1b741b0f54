/// A column of Booleans, one bit a row, in chunks.
package struct BooleanColumn: Sendable {
    /// One byte would do; a bit is what Arrow keeps. Values ride in a column of 64-row words.
    let words: FixedWidthColumn<UInt64>
    let valid: FixedWidthColumn<UInt64>
    package let rowCount: Int

    static var empty: BooleanColumn { BooleanColumn(words: .empty, valid: .empty, rowCount: 0) }

    /// The value of a row; nil where it is null.
    package subscript(row: Int) -> Bool? {
        let bit = UInt64(row & 63)
        guard (valid[row >> 6] ?? 0) >> bit & 1 != 0 else { return nil }
        return (words[row >> 6] ?? 0) >> bit & 1 != 0
    }
    package subscript(row: RowNumber) -> Bool? { self[Int(row)] }

    /// The 64 rows from `64 * index` on: their values, and which of them have one.
    package func word(_ index: Int) -> (values: UInt64, validity: UInt64) { (words[index] ?? 0, valid[index] ?? 0) }
}

struct BooleanBuilder {
    private var words: FixedWidthBuilder<UInt64>
    private var valid: FixedWidthBuilder<UInt64>
    private(set) var rowCount: Int

    init(_ base: BooleanColumn) {
        words = FixedWidthBuilder(base.words)
        valid = FixedWidthBuilder(base.valid)
        rowCount = base.rowCount
    }

    mutating func set(_ row: Int, to value: Bool?) {
        let bit: UInt64 = 1 << UInt64(row & 63)
        let word = words.value(at: row >> 6) ?? 0
        let known = valid.value(at: row >> 6) ?? 0
        words.set(row >> 6, to: value == true ? word | bit : word & ~bit)
        valid.set(row >> 6, to: value == nil ? known & ~bit : known | bit)
        rowCount = max(rowCount, row + 1)
    }

    func finish() -> BooleanColumn { BooleanColumn(words: words.finish(), valid: valid.finish(), rowCount: rowCount) }
}
