import Expressions
import StoreColumns

/// The rows of a type by two dimensions at most, and which cells of that are shown.
///
/// Every level of a dimension takes part, whichever is asked about: so what is shown on one is the same for every question.
final class CellGrid: Sendable {
    /// Which dimensions, ascending.
    struct Shape: Hashable {
        var type: NodeTypeID
        var dimensions: [Int]
    }

    /// A value of a level, as it is told, and where it stands among all of the level in the order of keys.
    struct Value: Sendable {
        var scalar: Scalar
        var rank: Int
    }

    let shape: Shape
    let table: CellTable
    let counts: CellSuppression
    /// By what figures are made of: which of them are shown for those who have a value, and for those who have none, whose number follows
    /// from a sum and a mean.
    let figures: [Expression: [CellSuppression]]
    /// By axis and value; that of the whole is null.
    private let values: [[Value]]
    private let numbers: [[Child: Int]]

    private struct Child: Hashable, Sendable {
        var parent: Int
        var scalar: Scalar
    }

    var axes: [CellAxis] { [table.rows, table.columns] }

    func value(_ axis: Int, _ number: Int) -> Value { values[axis][number] }

    /// The number of a value of an axis, by those of the levels from the coarsest down to its own; nil where no row has it.
    func number(_ axis: Int, _ scalars: [Scalar]) -> Int? {
        var number = 0
        for scalar in scalars {
            guard let next = numbers[axis][Child(parent: number, scalar: scalar)] else { return nil }
            number = next
        }
        return number
    }

    /// - Parameter elements: what figures are asked of, over variable 0, with the least that a cell has of it.
    init(
        _ shape: Shape, _ policy: SmallCellPolicy, _ elements: [(element: Expression, minimumCell: Int)],
        _ context: EvaluationContext,
        groupLimit: Int
    ) throws(EvaluationError) {
        self.shape = shape
        let dimensions = policy.dimensions(of: shape.type)
        let levels = shape.dimensions.map { dimensions[$0].levels }
        let measured = elements.map { CellMeasures($0.element) }
        let stored = context.version[shape.type]
        let subject = policy.subject(of: shape.type)
        let found = try Aggregation(
            of: [Measure(.count)] + measured.flatMap(\.measures),
            by: levels.flatMap { $0.map(\.key) } + (subject.map { [GroupingKey($0, .value)] } ?? []), on: shape.type, context,
            groupLimit: groupLimit
        ).figures(of: .bitmap(stored.liveRows ?? Bitmap(count: stored.rowCount, all: true)))

        let least = policy.minimumCell(ofRows: shape.type)
        // Values are numbered in the order of keys, so that what is chosen among equals hangs on nothing else.
        let whole = [Value(scalar: .null, rank: 0)]
        var axes: [CellAxis] = []
        var values: [[Value]] = []
        var numbers: [[Child: Int]] = []
        var ofGroups: [[Int]] = []
        var firstKey = 0
        for index in 0..<2 {
            let own = index < levels.count ? levels[index] : []
            let keys = Array(firstKey..<(firstKey + own.count))
            firstKey += own.count
            let ranks = try keys.map { (key) throws(EvaluationError) in try Self.ranks(of: key, in: found) }
            var axis = CellAxis(
                minimumCells: [least] + Self.minimumCells(own, least))
            var (ownValues, ownNumbers) = (whole, [Child: Int]())
            var ofGroup = Array(repeating: 0, count: found.count)
            for group in try found.sorted(Array(0..<found.count), by: keys.map { GroupSortKey(.key($0)) }) {
                var number = 0
                for (level, key) in keys.enumerated() {
                    let child = Child(parent: number, scalar: found.key(key, of: group))
                    if let known = ownNumbers[child] {
                        number = known
                        continue
                    }
                    number = axis.add(below: number)
                    ownNumbers[child] = number
                    ownValues.append(Value(scalar: child.scalar, rank: ranks[level][child.scalar] ?? 0))
                }
                ofGroup[group] = number
            }
            axes.append(axis)
            values.append(ownValues)
            numbers.append(ownNumbers)
            ofGroups.append(ofGroup)
        }
        self.values = values
        self.numbers = numbers

        let people = subject == nil ? nil : Self.people(in: found, key: firstKey)
        func table(_ rows: CellAxis, _ columns: CellAxis, isCount: Bool, _ weight: (Int) throws(EvaluationError) -> CellWeight)
            throws(EvaluationError) -> CellTable
        {
            var cells: [(CellPlace, CellWeight)] = []
            for group in 0..<found.count { cells.append((CellPlace(ofGroups[0][group], ofGroups[1][group]), try weight(group))) }
            guard let people else { return CellTable(rows: rows, columns: columns, cells: cells, isCount: isCount) }
            return CellTable(rows: rows, columns: columns, people: people.map { $0.map { cells[$0] } }, isCount: isCount)
        }
        let dominance = policy.rules.dominancePercent
        self.table = try table(axes[0], axes[1], isCount: true) { (group) throws(EvaluationError) in
            CellWeight(contributors: try found.count(0, of: group))
        }
        counts = self.table.suppression(dominancePercent: dominance)
        var suppressions: [Expression: [CellSuppression]] = [:]
        var first = 1
        for (index, measured) in measured.enumerated() {
            let minimum = elements[index].minimumCell
            let (rows, columns) = (axes[0].raised(to: minimum), axes[1].raised(to: minimum))
            let own = try table(rows, columns, isCount: false) { (group) throws(EvaluationError) in
                try measured.weight(first, of: group, in: found)
            }
            let others = try table(rows, columns, isCount: false) { (group) throws(EvaluationError) in
                CellWeight(contributors: try found.count(0, of: group) - found.count(first, of: group))
            }
            suppressions[elements[index].element] = [own, others].map { $0.suppression(dominancePercent: dominance) }
            first += measured.measures.count
        }
        figures = suppressions
    }

    /// By whom rows are about: the groups that are theirs.
    private static func people(in figures: Figures, key: Int) -> [[Int]] {
        var numbers: [Scalar: Int] = [:]
        var people: [[Int]] = []
        for group in 0..<figures.count {
            let person = figures.key(key, of: group)
            if let number = numbers[person] {
                people[number].append(group)
            } else {
                numbers[person] = people.count
                people.append([group])
            }
        }
        return people
    }

    /// A level below another has at least the rows that the other has.
    private static func minimumCells(_ levels: [CellLevel], _ least: Int) -> [Int] {
        var least = least
        return levels.map {
            least = max(least, $0.minimumCell)
            return least
        }
    }

    private static func ranks(of key: Int, in figures: Figures) throws(EvaluationError) -> [Scalar: Int] {
        var ranks: [Scalar: Int] = [:]
        for group in try figures.sorted(Array(0..<figures.count), by: [GroupSortKey(.key(key))]) {
            let scalar = figures.key(key, of: group)
            if ranks[scalar] == nil { ranks[scalar] = ranks.count }
        }
        return ranks
    }
}

/// What is measured of the values that figures are made of: how many there are, and whether one outweighs the others.
private struct CellMeasures {
    let measures: [Measure]

    init(_ element: Expression) {
        let zero: Expression
        switch element.type {
        case .int: zero = .constant(.int(0), .int)
        case .float: zero = .constant(.float(0), .float)
        case .decimal(let digits): zero = .constant(.decimal(Decimal(unscaled: 0, fractionDigits: digits)), element.type)
        default:
            measures = [Measure(.count, of: element)]
            return
        }
        let (above, below) = (Expression.compare(.greater, element, zero), Expression.compare(.less, element, zero))
        measures = [
            Measure(.count, of: element), Measure(.count, of: element, where: above), Measure(.count, of: element, where: below),
            Measure(.minimum, of: element), Measure(.maximum, of: element), Measure(.sum, of: element, where: above),
            Measure(.sum, of: element, where: below),
        ]
    }

    func weight(_ first: Int, of group: Int, in figures: Figures) throws(EvaluationError) -> CellWeight {
        guard measures.count > 1 else { return CellWeight(contributors: try figures.count(first, of: group)) }
        // What adds nothing hides nobody.
        let count = try figures.count(first + 1, of: group) + figures.count(first + 2, of: group)
        guard count > 0 else { return .nothing }
        do throws(EvaluationError) {
            func number(_ place: Int) throws(EvaluationError) -> Double { try figures.value(first + place, of: group).magnitude }
            return CellWeight(
                contributors: count, sum: try number(5) + number(6), greatest: max(try number(3), try number(4)))
        } catch {
            // A sum that does not fit is not told anyway, and neither is what it is part of.
            guard case .overflow = error else { throw error }
            return CellWeight(contributors: count, sum: 0, greatest: .infinity)
        }
    }
}

extension Figures {
    fileprivate func count(_ measure: Int, of group: Int) throws(EvaluationError) -> Int {
        guard case .int(let count) = try value(measure, of: group) else { return 0 }
        return Int(count)
    }
}

extension Scalar {
    /// A number without its sign, as near as a binary fraction comes; 0 of all else.
    fileprivate var magnitude: Double {
        switch self {
        case .int(let value): return Double(value).magnitude
        case .float(let value): return value.magnitude
        case .decimal(let value):
            var divisor = 1.0
            for _ in 0..<value.fractionDigits { divisor *= 10 }
            return Double(value.unscaled).magnitude / divisor
        default: return 0
        }
    }
}

extension CellAxis {
    /// The same values with at least so many rows in a cell.
    fileprivate func raised(to minimum: Int) -> CellAxis {
        CellAxis(of: self, minimumCells: minimumCells.map { max($0, minimum) })
    }
}
