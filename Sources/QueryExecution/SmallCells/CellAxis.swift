/// The values of one dimension of a table, level below level: the whole, its parts, their parts.
///
/// A value is a number in the order in which values were added; 0 is the whole. Two tables with the same values, added in the same
/// order, are protected in the same way.
package struct CellAxis: Sendable {
    /// By value: the one above it; the whole is above itself.
    package private(set) var parents: [Int] = [0]
    /// By value.
    package private(set) var levels: [Int] = [0]
    /// By level, that of the whole the first: how many rows a cell has at least that names a value of it.
    package let minimumCells: [Int]

    /// A dimension that nothing is asked by.
    package static func whole(minimumCell: Int) -> CellAxis { CellAxis(minimumCells: [minimumCell]) }

    package init(minimumCells: [Int]) { self.minimumCells = minimumCells }

    /// The same values with other minimums.
    init(of axis: CellAxis, minimumCells: [Int]) {
        parents = axis.parents
        levels = axis.levels
        self.minimumCells = minimumCells
    }

    package var depth: Int { minimumCells.count - 1 }
    package var count: Int { parents.count }

    package mutating func add(below parent: Int) -> Int {
        parents.append(parent)
        levels.append(levels[parent] + 1)
        return parents.count - 1
    }

    /// By value: how many values without parts of their own are below it, itself among them.
    package var leafCounts: [Int] {
        var counts = Array(repeating: 0, count: count)
        // Parts stand behind what they are parts of.
        for value in counts.indices.reversed() {
            if counts[value] == 0 { counts[value] = 1 }
            if value > 0 { counts[parents[value]] += counts[value] }
        }
        return counts
    }

    /// The value of a level that holds a value of it or of one below.
    package func ancestor(of value: Int, at level: Int) -> Int {
        var value = value
        while levels[value] > level { value = parents[value] }
        return value
    }
}
