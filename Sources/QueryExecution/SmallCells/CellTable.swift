/// A cell: a value of each of the two dimensions of a table.
package struct CellPlace: Sendable, Hashable, Comparable {
    package var row: Int
    package var column: Int
    package init(_ row: Int, _ column: Int) {
        self.row = row
        self.column = column
    }
    package static func < (left: CellPlace, right: CellPlace) -> Bool {
        left.row == right.row ? left.column < right.column : left.row < right.row
    }
}

/// What stands behind a figure in every cell of a table: of all levels of its two dimensions, margins and total included.
package struct CellTable: Sendable {
    package let rows: CellAxis
    package let columns: CellAxis
    /// Cells without rows are absent.
    private(set) var weights: [CellPlace: CellWeight] = [:]
    private let leastRows: [Int]
    private let leastColumns: [Int]

    /// - Parameters:
    ///   - cells: of the finest levels; those of a place are added up.
    ///   - isCount: Whether it is known of each value of a dimension that it has a row, which its being there tells.
    package init(rows: CellAxis, columns: CellAxis, cells: [(CellPlace, CellWeight)], isCount: Bool = true) {
        self.rows = rows
        self.columns = columns
        leastRows = isCount ? rows.leafCounts : []
        leastColumns = isCount ? columns.leafCounts : []
        for (place, weight) in cells where weight.contributors > 0 {
            forEachPlace(above: place) { weights[$0] = self[$0] + weight }
        }
    }

    /// The same where somebody may have several rows, in several cells.
    /// - Parameter people: What each of them has in cells of the finest levels.
    package init(rows: CellAxis, columns: CellAxis, people: [[(CellPlace, CellWeight)]], isCount: Bool = true) {
        self.init(rows: rows, columns: columns, cells: [], isCount: isCount)
        for cells in people {
            var own: [CellPlace: CellWeight] = [:]
            for (place, weight) in cells where weight.contributors > 0 {
                forEachPlace(above: place) { own[$0] = (own[$0] ?? .nothing) + weight }
            }
            for (place, weight) in own {
                let known = self[place]
                weights[place] = CellWeight(
                    contributors: known.contributors + weight.contributors, people: known.people + 1,
                    sum: known.sum + weight.sum, greatest: max(known.greatest, weight.sum, weight.greatest))
            }
        }
    }

    /// The place itself, and those that hold it, up to the total.
    private func forEachPlace(above place: CellPlace, _ body: (CellPlace) -> Void) {
        var row = place.row
        while true {
            var column = place.column
            while true {
                body(CellPlace(row, column))
                if column == 0 { break }
                column = columns.parents[column]
            }
            if row == 0 { break }
            row = rows.parents[row]
        }
    }

    package subscript(place: CellPlace) -> CellWeight { weights[place] ?? .nothing }

    /// How many rows a cell at a margin is known to have, whatever is shown of it; of the total it is not asked.
    func leastKnown(at place: CellPlace) -> Int {
        if place.column == 0 { return leastRows.isEmpty ? 0 : leastRows[place.row] }
        return leastColumns.isEmpty || place.row != 0 ? 0 : leastColumns[place.column]
    }

    func minimumCell(at place: CellPlace) -> Int {
        max(rows.minimumCells[rows.levels[place.row]], columns.minimumCells[columns.levels[place.column]])
    }
}
