import Foundation
import QueryExecution
import Testing

/// A table, what is shown of it, and somebody who computes.
struct AttackedTable {
    var table: CellTable
    var suppression: CellSuppression
    /// Values without parts, of each dimension.
    private let leaves: (rows: [Int], columns: [Int])

    init(_ table: CellTable) {
        self.table = table
        suppression = table.suppression(dominancePercent: 85)
        func leaves(_ axis: CellAxis) -> [Int] { (0..<axis.count).filter { !axis.parents.dropFirst().contains($0) } }
        self.leaves = (leaves(table.rows), leaves(table.columns))
    }

    var isOneDimension: Bool { table.columns.count == 1 || table.rows.count == 1 }

    func holds(_ place: CellPlace, _ leaf: CellPlace) -> Bool {
        table.rows.ancestor(of: leaf.row, at: table.rows.levels[place.row]) == place.row
            && table.columns.ancestor(of: leaf.column, at: table.columns.levels[place.column]) == place.column
    }

    var places: [CellPlace] {
        (0..<table.rows.count).flatMap { row in (0..<table.columns.count).map { CellPlace(row, $0) } }
    }

    /// The greatest that a cell can be for all that is shown, total and margins too. In a list of values each is known to have a row.
    func greatest(_ place: CellPlace) -> Double? {
        let cells = leaves.rows.flatMap { row in leaves.columns.map { CellPlace(row, $0) } }
        let unknown = cells.filter { !suppression.shows($0) }
        let least = isOneDimension ? 1 : 0
        // The last number is the cell that is asked about.
        var bounds = LinearBounds(count: unknown.count + 2)
        for shown in places where suppression.shows(shown) {
            let open = unknown.indices.filter { holds(shown, unknown[$0]) }
            guard !open.isEmpty else { continue }
            let known = cells.filter { holds(shown, $0) && suppression.shows($0) }.reduce(0) { $0 + table[$1].contributors }
            bounds.add(open, sum: table[shown].contributors - known - open.count * least)
        }
        let inside = unknown.indices.filter { holds(place, unknown[$0]) }
        let known = cells.filter { holds(place, $0) && suppression.shows($0) }.reduce(0) { $0 + table[$1].contributors }
        guard inside.count != 1 else { return bounds.greatest(inside[0]).map { $0 + Double(least + known) } }
        // inside + rest = a sum large enough, so the greatest inside leaves the least rest.
        let large = 1_000_000
        bounds.add(inside + [unknown.count], sum: large)
        bounds.add([unknown.count, unknown.count + 1], sum: large)
        return bounds.greatest(unknown.count + 1).map { $0 + Double(known + inside.count * least) }
    }

    /// Whether nothing is shown of the parts that the cell is one of.
    func isAllHidden(_ place: CellPlace) -> Bool {
        places.filter {
            $0 != place && table[$0].contributors > 0
                && table.rows.levels[$0.row] == table.rows.levels[place.row]
                && table.columns.levels[$0.column] == table.columns.levels[place.column]
                && table.rows.parents[$0.row] == table.rows.parents[place.row]
                && table.columns.parents[$0.column] == table.columns.parents[place.column]
        }.allSatisfy { !suppression.shows($0) }
    }

    var shown: Int { places.filter { table[$0].contributors > 0 && suppression.shows($0) }.count }
    var existing: Int { places.filter { table[$0].contributors > 0 }.count }
}

/// Which cells of a table are not shown.
@Suite struct `Small cells of a table` {
    func line(_ counts: [Int], minimum: Int = 5) -> CellTable {
        var axis = CellAxis(minimumCells: [5, minimum])
        let values = counts.map { _ in axis.add(below: 0) }
        return CellTable(
            rows: axis, columns: .whole(minimumCell: 5),
            cells: zip(values, counts).map { (CellPlace($0, 0), CellWeight(contributors: $1)) })
    }

    /// The counts with a dash for what is not shown, the total last.
    func shown(_ table: CellTable) -> String {
        let suppression = table.suppression(dominancePercent: 85)
        return ((1..<table.rows.count).map { CellPlace($0, 0) } + [CellPlace(0, 0)]).map {
            suppression.shows($0) ? String(table[$0].contributors) : "-"
        }.joined(separator: " ")
    }

    @Test func `a cell that is too small takes the smallest other with it, since the total is known`() {
        #expect(shown(line([3, 20, 9, 40])) == "- 20 - 40 72")
        #expect(shown(line([4, 4, 40])) == "- - 40 48")
        #expect(shown(line([1, 1, 40, 7])) == "- - 40 - 49")
        #expect(shown(line([10, 20])) == "10 20 30")
        #expect(shown(line([10, 8], minimum: 11)) == "- - 18")
    }

    @Test func `all but few in one cell tells of the few, so that it is not shown either`() {
        #expect(shown(line([3, 20])) == "- - 23")
        #expect(shown(line([20])) == "20 20")
        #expect(shown(line([4])) == "- -")
        #expect(shown(line([2, 2])) == "- - -")
    }

    @Test func `parts of what is not shown are not shown, and neither are those that would be computed`() {
        var axis = CellAxis(minimumCells: [5, 5, 5])
        let towns = (0..<3).map { _ in axis.add(below: 0) }
        let parts = towns.map { town in (axis.add(below: town), axis.add(below: town)) }
        // 3 = 1 + 2; 30 = 10 + 20; 40 = 36 + 4
        let counts = [(1, 2), (10, 20), (36, 4)]
        let table = CellTable(
            rows: axis, columns: .whole(minimumCell: 5),
            cells: zip(parts, counts).flatMap { part, count in
                [
                    (CellPlace(part.0, 0), CellWeight(contributors: count.0)),
                    (CellPlace(part.1, 0), CellWeight(contributors: count.1)),
                ]
            })
        #expect(shown(table) == "- - 40 - - - - - - 73")
    }

    @Test func `two margins are known: at four corners nothing is shown`() {
        let table = grid([[2, 30, 30], [20, 10, 9], [15, 15, 15]])
        let suppression = table.suppression(dominancePercent: 85)
        let hidden = (1...3).map { row in (1...3).map { suppression.shows(CellPlace(row, $0)) ? "." : "x" }.joined() }
        #expect(hidden == ["x.x", "x.x", "..."])
    }

    @Test func `a cell without rows is not shown where it would tell of another`() {
        // Without the 0 each row and column would have one number that is not known.
        let table = grid([[2, 30, 0], [0, 10, 9], [15, 0, 15]])
        let attacked = AttackedTable(table)
        #expect(!attacked.suppression.shows(CellPlace(1, 1)))
        #expect(attacked.greatest(CellPlace(1, 1)) ?? 0 >= 5)
        #expect(attacked.places.contains { table[$0].contributors == 0 && !attacked.suppression.shows($0) })
    }

    private func grid(_ counts: [[Int]]) -> CellTable {
        var (rows, columns) = (CellAxis(minimumCells: [5, 5]), CellAxis(minimumCells: [5, 5]))
        for _ in counts { _ = rows.add(below: 0) }
        for _ in counts[0] { _ = columns.add(below: 0) }
        return CellTable(
            rows: rows, columns: columns,
            cells: counts.indices.flatMap { row in
                counts[row].indices.map { (CellPlace(row + 1, $0 + 1), CellWeight(contributors: counts[row][$0])) }
            })
    }

    @Test func `one who makes up most of a sum is told by no sum`() {
        var axis = CellAxis(minimumCells: [5, 5])
        let values = (0..<3).map { _ in axis.add(below: 0) }
        let weights = [
            CellWeight(contributors: 10, sum: 1_000, greatest: 900), CellWeight(contributors: 10, sum: 20, greatest: 3),
            CellWeight(contributors: 40, sum: 400, greatest: 20),
        ]
        let table = CellTable(
            rows: axis, columns: .whole(minimumCell: 5), cells: zip(values, weights).map { (CellPlace($0, 0), $1) },
            isCount: false)
        // The second would leave 900 of 1,020.
        #expect(shown(table) == "- 10 - 60")
    }

    // MARK: - Somebody who computes

    static let rounds = Int(ProcessInfo.processInfo.environment["SMALL_CELL_ROUNDS"] ?? "") ?? 60

    /// Random values below values, down to a depth.
    private func axis(_ chance: inout Chance, depth: Int, minimum: Int) -> CellAxis {
        var axis = CellAxis(minimumCells: Array(repeating: minimum, count: depth + 1))
        var last = [0]
        for _ in 0..<depth {
            last = last.flatMap { parent in (0..<(1 + chance.below(depth == 1 ? 5 : 3))).map { _ in axis.add(below: parent) } }
        }
        return axis
    }

    private func count(_ chance: inout Chance) -> Int {
        switch chance.below(5) {
        case 0: 0
        case 1, 2: chance.below(6)
        case 3: chance.below(15)
        default: chance.below(60)
        }
    }

    @Test(arguments: [[1, 0], [2, 0], [1, 1], [2, 1]])
    func `nobody who solves the equations learns that a cell is too small`(depths: [Int]) {
        var (tested, shown, existing) = (0, 0, 0)
        // Equations of two dimensions take long.
        let rounds = depths[1] == 0 ? Self.rounds : Self.rounds / 5
        for round in 0..<rounds {
            let seed = UInt64(round) &+ UInt64(depths[0] * 1_000 + depths[1] * 10_000)
            var chance = Chance(seed: seed)
            let minimum = chance.oneIn(4) ? 11 : 5
            let rows = axis(&chance, depth: depths[0], minimum: minimum)
            let columns = axis(&chance, depth: depths[1], minimum: minimum)
            var cells: [(CellPlace, CellWeight)] = []
            for row in 0..<rows.count where rows.levels[row] == rows.depth {
                for column in 0..<columns.count where columns.levels[column] == columns.depth {
                    var count = self.count(&chance)
                    // A value of a dimension is there because some row has it.
                    if depths[1] == 0 { count = max(1, count) }
                    cells.append((CellPlace(row, column), CellWeight(contributors: count)))
                }
            }
            let attacked = AttackedTable(CellTable(rows: rows, columns: columns, cells: cells))
            (shown, existing) = (shown + attacked.shown, existing + attacked.existing)
            guard attacked.suppression.shows(CellPlace(0, 0)) else { continue }
            for place in attacked.places where (1..<minimum).contains(attacked.table[place].contributors) {
                #expect(!attacked.suppression.shows(place), "seed \(seed)")
                tested += 1
                let greatest = attacked.greatest(place) ?? 0
                // Of parts of which none is shown it is still known that each is there.
                if attacked.isOneDimension, attacked.isAllHidden(place) { continue }
                #expect(
                    greatest >= Double(minimum) - 1e-6,
                    "seed \(seed): \(place) of \(attacked.table[place].contributors) is \(greatest) at most")
            }
        }
        print("small cells \(depths): \(tested) attacked, \(shown) of \(existing) cells shown, \(rounds) seeds")
        #expect(tested > rounds / 2)
    }

    @Test func `of people who stand in several cells neither what is told nor what is left of it is about few`() {
        var (small, rests) = (0, 0)
        for seed in 0..<UInt64(Self.rounds * 5) {
            var chance = Chance(seed: 0x9E0_0000 + seed)
            let rows = axis(&chance, depth: 1 + chance.below(2), minimum: 5)
            let columns = chance.oneIn(2) ? CellAxis.whole(minimumCell: 5) : axis(&chance, depth: 1, minimum: 5)
            let leaves = (0..<rows.count).filter { rows.levels[$0] == rows.depth }
            let columnLeaves = (0..<columns.count).filter { columns.levels[$0] == columns.depth }
            let people = (0..<(5 + chance.below(40))).map { _ in
                (0..<(1 + chance.below(4))).map { _ in
                    (CellPlace(chance.pick(leaves), chance.pick(columnLeaves)), CellWeight(contributors: 1 + chance.below(4)))
                }
            }
            let table = CellTable(rows: rows, columns: columns, people: people)
            let suppression = table.suppression(dominancePercent: 85)
            func holds(_ place: CellPlace, _ leaf: CellPlace) -> Bool {
                rows.ancestor(of: leaf.row, at: rows.levels[place.row]) == place.row
                    && columns.ancestor(of: leaf.column, at: columns.levels[place.column]) == place.column
            }
            func count(_ isMeant: (CellPlace) -> Bool) -> Int { people.count { $0.contains { isMeant($0.0) } } }
            let places = (0..<rows.count).flatMap { row in (0..<columns.count).map { CellPlace(row, $0) } }
            for place in places {
                let own = count { holds(place, $0) }
                #expect(table[place].people == own && table[place].contributors >= own, "seed \(seed)")
                guard own > 0 else { continue }
                if own < 5 {
                    small += 1
                    #expect(!suppression.shows(place), "seed \(seed): \(place)")
                }
                guard suppression.shows(place) else { continue }
                // Its parts, by one dimension: what of them is not told.
                for isRow in [true, false] {
                    let parts = places.filter {
                        isRow
                            ? $0.row != 0 && rows.parents[$0.row] == place.row && $0.column == place.column
                            : $0.column != 0 && columns.parents[$0.column] == place.column && $0.row == place.row
                    }
                    let hidden = parts.filter { !suppression.shows($0) }
                    guard !hidden.isEmpty else { continue }
                    let rest = count { leaf in hidden.contains { holds($0, leaf) } }
                    rests += 1
                    #expect(rest == 0 || rest >= 5, "seed \(seed): of \(place) \(rest) people are left")
                }
            }
        }
        print("cells of people: \(small) of few, \(rests) rests, \(Self.rounds * 5) seeds from 0x9E00000")
        #expect(small > Self.rounds && rests > Self.rounds)
    }

    @Test func `rules are raised, never lowered`() throws {
        #expect(throws: SmallCellProblem.self) { try SmallCellRules(minimumCell: 4) }
        #expect(throws: SmallCellProblem.self) { try SmallCellRules(minimumCellForSensitive: 10) }
        #expect(throws: SmallCellProblem.self) { try SmallCellRules(minimumCell: 20) }
        #expect(throws: SmallCellProblem.self) { try SmallCellRules(dominancePercent: 86) }
        #expect(try SmallCellRules(minimumCell: 10, minimumCellForSensitive: 20, dominancePercent: 50).minimumCell == 10)
    }
}
