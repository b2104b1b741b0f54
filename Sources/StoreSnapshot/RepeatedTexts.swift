import Bytes

/// Rows of a plain text column whose text an earlier row holds.
///
/// With them the code of a row's text is the first row that holds it: of all other rows, their own number.
struct RepeatedTexts: Sendable {
    /// Ascending.
    let rows: Elements<UInt32>
    /// For each of them the first row that holds its text.
    let firsts: Elements<UInt32>

    static let none = RepeatedTexts(rows: Elements(), firsts: Elements())

    var count: Int { rows.count }

    /// The code of a row's text. Cost: a binary search.
    func code(ofRow row: Int) -> UInt32 {
        let rows = rows.span
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(rows[middle]) < row { low = middle + 1 } else { high = middle }
        }
        return low < rows.count && Int(rows[low]) == row ? firsts[low] : UInt32(truncatingIfNeeded: row)
    }
}
