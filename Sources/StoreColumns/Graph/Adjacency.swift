import Bytes

/// A to-many edge: for every row of one type the rows of another that refer to it, ascending.
///
/// Compressed sparse rows, plus the lists that changed since they were made; both are shared between versions until a
/// change touches them.
package struct Adjacency: Sendable {
    private let lists: Lists
    /// The newest version that changed the edge.
    package let version: UInt64

    init(_ lists: Lists, version: UInt64) {
        self.lists = lists
        self.version = version
    }

    static func empty(version: UInt64) -> Adjacency {
        Adjacency(Lists(offsets: [0], targets: [], changed: [:]), version: version)
    }

    /// The rows that refer to a row, in ascending order; empty for a row that nothing refers to.
    @_lifetime(borrow self)
    package func targets(of row: RowNumber) -> Span<RowNumber> { lists.targets(of: row) }

    /// How many rows refer to a row.
    package func count(of row: RowNumber) -> Int { lists.targets(of: row).count }

    /// With some rows' lists replaced.
    func replacing(_ replacements: [RowNumber: [RowNumber]], version: UInt64) -> Adjacency {
        let changed = lists.changed.merging(replacements) { $1 }
        return Adjacency(Lists(offsets: lists.offsets, targets: lists.targets, changed: changed), version: version)
    }

    /// Lists that stand apart from the compressed rows.
    var changedCount: Int { lists.changed.count }

    /// The compressed rows and their patch.
    final class Lists: Sendable {
        /// One more than there are rows in the compressed part.
        let offsets: [UInt32]
        let targets: [RowNumber]
        let changed: [RowNumber: [RowNumber]]

        init(offsets: [UInt32], targets: [RowNumber], changed: [RowNumber: [RowNumber]]) {
            self.offsets = offsets
            self.targets = targets
            self.changed = changed
        }

        @_lifetime(borrow self)
        func targets(of row: RowNumber) -> Span<RowNumber> {
            if !changed.isEmpty, let list = changed[row] { return lend(list.span, heldBy: self) }
            let index = Int(row)
            let targets = targets
            guard index + 1 < offsets.count else { return lend(targets.span.extracting(0..<0), heldBy: self) }
            return lend(targets.span.extracting(Int(offsets[index])..<Int(offsets[index + 1])), heldBy: self)
        }
    }
}

extension Adjacency {
    /// Makes the whole edge by counting: cost proportional to rows and references.
    /// - Parameter forEachEdge: calls with every (target row, referring row), referring rows ascending.
    static func counting(
        rowCount: Int, version: UInt64, _ forEachEdge: (_ body: (RowNumber, RowNumber) -> Void) -> Void
    ) -> Adjacency {
        var offsets = [UInt32](repeating: 0, count: rowCount + 1)
        forEachEdge { target, _ in offsets[Int(target) + 1] += 1 }
        for index in 0..<rowCount { offsets[index + 1] += offsets[index] }
        var places = offsets
        var targets = [RowNumber](repeating: 0, count: Int(offsets[rowCount]))
        forEachEdge { target, source in
            targets[Int(places[Int(target)])] = source
            places[Int(target)] += 1
        }
        return Adjacency(Lists(offsets: offsets, targets: targets, changed: [:]), version: version)
    }
}
