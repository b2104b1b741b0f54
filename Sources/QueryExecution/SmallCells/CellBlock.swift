/// A table of two dimensions and one level each, with the sums of its rows and columns known, while cells to be left out are chosen.
///
/// A cell is protected by boxes: four cells at the corners of a rectangle, none of them shown. Moving rows of the table from one corner
/// to its neighbours, around the box, changes no sum; so the first corner may be larger by as many as the two beside it hold.
/// A cell without rows may be the corner that grows too; then nobody is told that it has none.
struct CellBlock {
    /// By number in the block; the last one stands for all values whose cells are not shown.
    private let rows: [Int?]
    private let columns: [Int?]
    private let rowNumbers: [Int: Int]
    private let columnNumbers: [Int: Int]
    private let minimumCell: Int
    private let dominancePercent: Int
    private var weights: [CellPlace: CellWeight] = [:]
    /// Cells with rows, by row and by column of the block.
    private var inRow: [[Int]]
    private var inColumn: [[Int]]
    /// In numbers of the block.
    private var taken: Set<CellPlace> = []

    init(rows: [Int], columns: [Int], minimumCell: Int, dominancePercent: Int) {
        self.rows = rows + [nil]
        self.columns = columns + [nil]
        rowNumbers = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1, $0) })
        columnNumbers = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
        self.minimumCell = minimumCell
        self.dominancePercent = dominancePercent
        inRow = Array(repeating: [], count: rows.count + 1)
        inColumn = Array(repeating: [], count: columns.count + 1)
    }

    mutating func add(_ place: CellPlace, _ weight: CellWeight) {
        let place = CellPlace(rowNumbers[place.row] ?? rows.count - 1, columnNumbers[place.column] ?? columns.count - 1)
        if weights[place] == nil {
            inRow[place.row].append(place.column)
            inColumn[place.column].append(place.row)
        }
        weights[place] = self[place] + weight
    }

    /// Cells, not among those of values that are not shown at all, that are not to be shown.
    var hidden: [CellPlace] {
        taken.sorted().compactMap { place in
            guard let row = rows[place.row], let column = columns[place.column] else { return nil }
            return CellPlace(row, column)
        }
    }

    private subscript(place: CellPlace) -> CellWeight { weights[place] ?? .nothing }

    private func isTaken(_ place: CellPlace) -> Bool {
        rows[place.row] == nil || columns[place.column] == nil || taken.contains(place)
    }

    /// So many looks at cells are taken: beyond, choosing costs more than it is worth, and nothing of the block is shown.
    private static let workLimit = 20_000_000

    /// - Returns: false where not every cell can be protected, so that none of the block may be shown.
    mutating func protect() -> Bool {
        let sensitive = weights.keys.filter { place in
            self[place].isSensitive(minimumCell: minimumCell, dominancePercent: dominancePercent)
        }.sorted()
        // With one row or one column that is not empty, every cell is a sum that is known from above.
        guard inRow.count(where: { !$0.isEmpty }) > 1, inColumn.count(where: { !$0.isEmpty }) > 1 else { return true }
        var work = 0
        for place in sensitive {
            work += inRow[place.row].count + inColumn[place.column].count
            if work > Self.workLimit { return false }
        }
        taken.formUnion(sensitive)
        for place in sensitive where !protect(place) { return false }
        return true
    }

    // MARK: - One cell

    private mutating func protect(_ place: CellPlace) -> Bool {
        let weight = self[place]
        let needed = weight.contributors < minimumCell ? minimumCell - weight.contributors : minimumCell
        var raised = 0
        /// What corners gave already.
        var given: [CellPlace: Int] = [:]
        while raised < needed || isTold(place) {
            guard let box = nextBox(around: place, needed: max(1, needed - raised), given) else { return false }
            raised += box.capacity
            given[box.inRow, default: 0] += box.capacity
            given[box.inColumn, default: 0] += box.capacity
            taken.formUnion([box.inRow, box.inColumn, box.opposite])
        }
        return true
    }

    /// Whether the sum of what is not shown in its row, or in its column, still tells of the one that makes up most of the cell, or of the
    /// few whom it is about.
    private func isTold(_ place: CellPlace) -> Bool {
        let weight = self[place]
        guard weight.isDominated(percent: dominancePercent) || weight.sharesPeople && weight.people < minimumCell else {
            return false
        }
        func isSensitive(_ places: [CellPlace]) -> Bool {
            let sum = places.filter(isTaken).map { self[$0] }.reduce(.nothing, +)
            return sum.isDominated(percent: dominancePercent) || sum.sharesPeople && sum.people < minimumCell
        }
        return isSensitive(inRow[place.row].map { CellPlace(place.row, $0) })
            || isSensitive(inColumn[place.column].map { CellPlace($0, place.column) })
    }

    private struct Box {
        var inRow: CellPlace
        var inColumn: CellPlace
        var opposite: CellPlace
        var capacity: Int
    }

    /// The box that takes the fewest cells from the answer, and of these the fewest rows.
    private func nextBox(around place: CellPlace, needed: Int, _ given: [CellPlace: Int]) -> Box? {
        let besides = candidates(inRow[place.row].map { CellPlace(place.row, $0) }, but: place, needed, given)
        let below = candidates(inColumn[place.column].map { CellPlace($0, place.column) }, but: place, needed, given)
        var best: (box: Box, cost: [Int])?
        for beside in besides {
            for other in below {
                let opposite = CellPlace(other.place.row, beside.place.column)
                let capacity = min(beside.left, other.left)
                var (cells, rows) = (0, 0)
                for corner in [beside.place, other.place, opposite] where !isTaken(corner) {
                    cells += 1
                    rows += self[corner].contributors
                }
                let cost = [
                    cells, capacity >= needed ? 0 : 1, rows, other.place.row, beside.place.column,
                ]
                if let best, !cost.lexicographicallyPrecedes(best.cost) { continue }
                best = (Box(inRow: beside.place, inColumn: other.place, opposite: opposite, capacity: capacity), cost)
            }
        }
        return best?.box
    }

    /// Of a long line only so many are looked at.
    private static let candidateLimit = 16

    /// Corners that may shrink: those not shown already come first, then the smallest that is large enough.
    private func candidates(
        _ line: [CellPlace], but place: CellPlace, _ needed: Int, _ given: [CellPlace: Int]
    ) -> [(place: CellPlace, left: Int)] {
        var found: [(place: CellPlace, left: Int, cost: [Int])] = []
        for corner in line where corner != place {
            let left = self[corner].contributors - (given[corner] ?? 0)
            guard left > 0 else { continue }
            found.append((corner, left, [isTaken(corner) ? 0 : 1, left >= needed ? 0 : 1, left, corner.row, corner.column]))
        }
        found.sort { $0.cost.lexicographicallyPrecedes($1.cost) }
        return found.prefix(Self.candidateLimit).map { ($0.place, $0.left) }
    }
}
