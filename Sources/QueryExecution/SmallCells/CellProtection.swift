/// Chooses which cells of a table are not shown, so that no cell that is too small can be computed from those that are.
///
/// Every sum of cells is taken to be known that is itself shown anywhere: the choice looks at the whole table, level by level from the
/// total down, and never at what somebody asks. A cell's fate follows from the table alone, so two answers never differ about it.
///
/// On each level, cells are parts of lines whose sums are known from the level above. One that is too small is not shown, and with
/// it as many others as it takes for there to be another table, with the same sums and the same cells shown, in which it would be
/// large enough (`DECISIONS.md`, "Small cells are protected by another table that would look the same").
struct CellProtection {
    let table: CellTable
    let dominancePercent: Int
    private(set) var suppression: CellSuppression

    init(_ table: CellTable, dominancePercent: Int) {
        self.table = table
        self.dominancePercent = dominancePercent
        suppression = CellSuppression(rows: table.rows, columns: table.columns)
    }

    /// Of equal cells the one that was added to its axis first is taken.
    mutating func run() {
        var blocks: [[Int]: [CellPlace]] = [:]
        for place in table.weights.keys {
            let (row, column) = (table.rows.levels[place.row], table.columns.levels[place.column])
            blocks[[row + column, row, table.rows.parents[place.row], table.columns.parents[place.column]], default: []].append(
                place)
        }
        for key in blocks.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard let places = blocks[key]?.sorted() else { continue }
            let whole = CellPlace(key[2], key[3])
            let isLowerRow = key[1] > 0
            let isLowerColumn = key[0] > key[1]
            switch (isLowerRow, isLowerColumn) {
            case (false, false): if isSensitive(whole, minimumCell: table.minimumCell(at: whole)) { suppression.suppress(whole) }
            case (true, true): protectBlock(places, of: whole)
            default: protectLine(places, of: whole, isRow: isLowerColumn)
            }
        }
    }

    func isSensitive(_ place: CellPlace, minimumCell: Int) -> Bool { isSensitive(table[place], minimumCell) }

    func isSensitive(_ weight: CellWeight, _ minimumCell: Int, besides: Int = 0) -> Bool {
        weight.isSensitive(minimumCell: minimumCell, besides: besides, dominancePercent: dominancePercent)
    }

    // MARK: - One dimension

    /// The parts of one value, which add up to it.
    private mutating func protectLine(_ places: [CellPlace], of whole: CellPlace, isRow: Bool) {
        guard suppression.shows(whole) else { return }
        let minimum = places.map(table.minimumCell(at:)).max() ?? 0
        func hideAll(_ suppression: inout CellSuppression) {
            if isRow { suppression.hidePartsOfColumn(at: whole) } else { suppression.hidePartsOfRow(at: whole) }
        }
        // What is known of the whole is what is known of these parts: those of another dimension say nothing here.
        let known = places.reduce(0) { $0 + table.leastKnown(at: $1) }
        if isTooSmall(whole, minimum, known: known) { return hideAll(&suppression) }
        var hidden = places.filter { isTooSmall($0, minimum, known: table.leastKnown(at: $0)) }
        guard !hidden.isEmpty else { return }
        var open = places.filter { !isTooSmall($0, minimum, known: table.leastKnown(at: $0)) }.sorted {
            (table[$0].contributors, $0) < (table[$1].contributors, $1)
        }
        while !isProtected(hidden, minimum) {
            guard let last = open.indices.last else { return hideAll(&suppression) }
            let next = open.firstIndex { isProtected(hidden + [$0], minimum) } ?? last
            hidden.append(open.remove(at: next))
        }
        for place in hidden { suppression.suppress(place) }
    }

    /// Whether a value has so few rows that one below it would be known to be too small, did each of the others have one row only.
    private func isTooSmall(_ place: CellPlace, _ minimum: Int, known: Int) -> Bool {
        isSensitive(table[place], minimum, besides: max(0, known - 1))
    }

    /// Whether parts of which only the sum is known may each be thought large: as large as the sum, but for the one row that each of the
    /// others is known to have.
    private func isProtected(_ hidden: [CellPlace], _ minimum: Int) -> Bool {
        let sum = hidden.map { table[$0] }.reduce(.nothing, +)
        let known = hidden.reduce(0) { $0 + table.leastKnown(at: $1) }
        return hidden.count > 1 && sum.contributors > 0 && !isSensitive(sum, minimum, besides: max(0, known - 1))
    }

    // MARK: - Two dimensions

    /// The parts of a row's value by the parts of a column's: a table with known sums at its margins.
    private mutating func protectBlock(_ places: [CellPlace], of whole: CellPlace) {
        guard suppression.shows(whole) else { return }
        let minimum = places.map(table.minimumCell(at:)).max() ?? 0
        let (rows, hiddenRows) = openValues(
            Set(places.map(\.row)).sorted(), minimum, margin: { CellPlace($0, whole.column) })
        for row in hiddenRows { suppression.hidePartsOfColumn(at: CellPlace(row, whole.column)) }
        let (columns, hiddenColumns) = openValues(
            Set(places.map(\.column)).sorted(), minimum, margin: { CellPlace(whole.row, $0) })
        for column in hiddenColumns { suppression.hidePartsOfRow(at: CellPlace(whole.row, column)) }
        var block = CellBlock(rows: rows, columns: columns, minimumCell: minimum, dominancePercent: dominancePercent)
        for place in places { block.add(place, table[place]) }
        guard block.protect() else {
            for row in rows { suppression.hidePartsOfColumn(at: CellPlace(row, whole.column)) }
            return
        }
        for place in block.hidden { suppression.suppress(place) }
    }

    /// The values whose own cells may be shown, of those at one side of a block; the others are one to who looks at the block: only
    /// their sum is known. Where that sum is too small, more join them.
    /// - Returns: those whose cells may be shown, and those whose cells are not though their sum is.
    private func openValues(
        _ values: [Int], _ minimum: Int, margin: (Int) -> CellPlace
    ) -> (open: [Int], joined: [Int]) {
        var open: [Int] = []
        var joined: [Int] = []
        var sum = CellWeight.nothing
        for value in values {
            let isShown = suppression.shows(margin(value))
            if isShown, !isSensitive(margin(value), minimumCell: minimum) {
                open.append(value)
                continue
            }
            sum = sum + table[margin(value)]
            if isShown { joined.append(value) }
        }
        while isSensitive(sum, minimum), !open.isEmpty {
            let sorted = open.sorted { (table[margin($0)].contributors, $0) < (table[margin($1)].contributors, $1) }
            let next = sorted.first { !isSensitive(sum + table[margin($0)], minimum) } ?? sorted[sorted.count - 1]
            open.removeAll { $0 == next }
            joined.append(next)
            sum = sum + table[margin(next)]
        }
        return (open, joined)
    }
}

extension CellTable {
    /// Which of its cells are not shown to those who see aggregates only.
    package func suppression(dominancePercent: Int) -> CellSuppression {
        var protection = CellProtection(self, dominancePercent: dominancePercent)
        protection.run()
        return protection.suppression
    }
}
