/// The rows of one part as values, not yet as text.
package struct GeneratedRows: Sendable {
    /// The rows of one type, one after the other.
    struct Rows: Sendable {
        /// What each row was made by: a position in the program's kinds.
        var kinds: [UInt16] = []
        /// The values of each row's fields, as many as its kind has, in their order.
        var words: [Int64] = []
        /// What the words of texts name.
        var texts: [UInt8] = []
    }
    /// By the position of the type.
    var types: [Rows]
    package var rowCount: Int { types.reduce(0) { $0 + $1.kinds.count } }
}
