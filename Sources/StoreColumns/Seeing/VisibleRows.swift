/// The rows that somebody may see, of those types that a rule of their own restricts; of all others nothing is said here.
package struct VisibleRows: Sendable {
    /// The rows of one type. Its identity says that nothing has changed since it was found.
    final class Given: Sendable {
        enum Rows: Sendable {
            /// Ascending.
            case list([RowNumber])
            case bitmap(Bitmap)
        }
        let rows: Rows
        init(_ rows: Rows) { self.rows = rows }
    }

    /// By `NodeTypeID`; nil for a type without a rule.
    private(set) var given: [Given?]

    /// No type is restricted.
    package init(of catalog: Catalog) { given = Array(repeating: nil, count: catalog.nodeTypes.count) }

    /// - Parameter rows: live rows of the type, ascending, each once.
    package mutating func restrict(_ type: NodeTypeID, to rows: [RowNumber]) { given[type.index] = Given(.list(rows)) }

    /// - Parameter rows: of the type's table, a bit for every numbered row.
    package mutating func restrict(_ type: NodeTypeID, to rows: Bitmap) { given[type.index] = Given(.bitmap(rows)) }

    /// Restricts a type as it was restricted before, where nothing has changed that its rule reads.
    package mutating func restrict(_ type: NodeTypeID, asIn earlier: VisibleRows) {
        given[type.index] = earlier.given[type.index]
    }

    package func restricts(_ type: NodeTypeID) -> Bool { given[type.index] != nil }
    package var isUnrestricted: Bool { given.allSatisfy { $0 == nil } }
}

/// The rows of a type that exist in a seen version. Its identity says that they are the same as those of another version.
final class SeenRows: Sendable {
    let live: LiveRows
    let count: Int
    /// Ascending, where they are so few that a list is smaller than a bit for each row.
    let few: [RowNumber]?
    /// A reference column that must hold a row, where a row of this type is seen if and only if that row is.
    let follows: Int?

    private static let fewCount = 1_024
    static func areFew(_ count: Int, of rowCount: Int) -> Bool { count <= fewCount || count * 32 <= rowCount }

    init(list: [RowNumber], rowCount: Int, follows: Int? = nil) {
        count = list.count
        live = LiveRows(only: list, of: rowCount)
        few = Self.areFew(list.count, of: rowCount) ? list : nil
        self.follows = follows
    }

    init(bitmap: Bitmap, follows: Int? = nil) {
        count = bitmap.setCount
        live = LiveRows(only: bitmap)
        var list: [RowNumber]?
        if Self.areFew(count, of: bitmap.count) {
            var rows: [RowNumber] = []
            rows.reserveCapacity(count)
            bitmap.forEachSet { rows.append(RowNumber(truncatingIfNeeded: $0)) }
            list = rows
        }
        few = list
        self.follows = follows
    }

    var byteCount: Int { live.byteCount + (few?.count ?? 0) * 4 }

    @inline(__always)
    func contains(_ row: RowNumber) -> Bool { live[Int(row)] }
}
