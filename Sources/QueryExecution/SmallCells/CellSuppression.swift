/// Which cells of a table are not shown.
///
/// What lies below a cell that is not shown is not shown either, and neither is that nothing lies there: who is not told how many
/// players a band has is not told that none of them sings.
package struct CellSuppression: Sendable {
    package let rows: CellAxis
    package let columns: CellAxis
    /// Cells that are not shown for their own sake or for another's.
    private(set) var cells: Set<CellPlace> = []
    /// Lines of which nothing is shown though their sum is: the parts of the column's value in the row, and of the row's in the column.
    private(set) var partsOfColumn: Set<CellPlace> = []
    private(set) var partsOfRow: Set<CellPlace> = []

    init(rows: CellAxis, columns: CellAxis) {
        self.rows = rows
        self.columns = columns
    }

    mutating func suppress(_ place: CellPlace) { cells.insert(place) }
    /// All parts of the column's value, in the row.
    mutating func hidePartsOfColumn(at place: CellPlace) { partsOfColumn.insert(place) }
    /// All parts of the row's value, in the column.
    mutating func hidePartsOfRow(at place: CellPlace) { partsOfRow.insert(place) }

    package var isEmpty: Bool { cells.isEmpty && partsOfColumn.isEmpty && partsOfRow.isEmpty }

    package func shows(_ place: CellPlace) -> Bool {
        if isEmpty { return true }
        var row = place.row
        while true {
            var column = place.column
            while true {
                if cells.contains(CellPlace(row, column)) { return false }
                if column != 0, partsOfColumn.contains(CellPlace(row, columns.parents[column])) { return false }
                if row != 0, partsOfRow.contains(CellPlace(rows.parents[row], column)) { return false }
                if column == 0 { break }
                column = columns.parents[column]
            }
            if row == 0 { return true }
            row = rows.parents[row]
        }
    }
}
