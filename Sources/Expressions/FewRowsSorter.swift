import StoreColumns

/// Puts lists of few rows in order, one after another, where the first key is an integer and tells their rows apart: without what a sort of
/// many rows sets up. Used on one thread.
package final class FewRowsSorter {
    /// Longer lists are for `RowOrder`.
    private static let countLimit = 32

    private let key: RowOrder.CompiledKey?
    private let node: IntegerNode?
    private let keyOrder: KeyOrder
    private var frame: Frame?
    /// Of the rows that are sorted.
    private var values: [Int64?] = []

    fileprivate init(_ key: RowOrder.CompiledKey?, _ keyOrder: KeyOrder) {
        self.key = key
        self.keyOrder = keyOrder
        if case .integer(let node)? = key?.program.root { self.node = node } else { node = nil }
        frame = node == nil ? nil : key?.program.makeFrame()
    }

    /// Puts rows in order, each of which stands there once.
    ///
    /// - Returns: false where they are left to `RowOrder`, in any order: too many, a key that is no integer, two rows that tie by it.
    /// - Throws: as `RowOrder.sorted(_:first:)`.
    package func sort(_ rows: inout [RowNumber]) throws(EvaluationError) -> Bool {
        guard rows.count <= Self.countLimit else { return false }
        guard rows.count > 1 else { return true }
        guard key != nil else {
            keyOrder.sortFew(&rows)
            return true
        }
        guard node != nil else { return false }
        try readValues(of: rows)
        for place in 1..<rows.count {
            guard insert(place, into: &rows) else { return false }
        }
        return true
    }

    /// Moves a row to its place among those before it, which are in order.
    /// - Returns: false where it ties with one of them.
    private func insert(_ place: Int, into rows: inout [RowNumber]) -> Bool {
        let (row, value) = (rows[place], values[place])
        var (free, last) = (place, 1)
        while free > 0 {
            last = order(values[free - 1], value)
            guard last > 0 else { break }
            (rows[free], values[free]) = (rows[free - 1], values[free - 1])
            free -= 1
        }
        (rows[free], values[free]) = (row, value)
        return last != 0
    }

    private func readValues(of rows: [RowNumber]) throws(EvaluationError) {
        values.removeAll(keepingCapacity: true)
        for row in rows { values.append(try frame?.value(of: row, node) ?? nil) }
        try frame?.settle()
    }

    private func order(_ left: Int64?, _ right: Int64?) -> Int {
        guard let left, let right else { return key?.order(left != nil, right != nil) ?? 0 }
        return key?.order(left, right) ?? 0
    }
}

extension RowOrder {
    /// For lists of few rows in this order.
    package func makeSorterOfFew() -> FewRowsSorter { FewRowsSorter(keys.first, keyOrder) }
}

extension Frame {
    fileprivate mutating func value(of row: RowNumber, _ node: IntegerNode?) throws(EvaluationError) -> Int64? {
        try charge(1)
        rows[Program.rootSlot] = row
        return try node?.value(&self)
    }
}
