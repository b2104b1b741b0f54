import Expressions
import StoreColumns

/// What may be told of the figures of one set of rows.
struct CellVerdict {
    /// By measure: whether it is not told.
    var withheld: [Bool]
    /// Whether it is not told how many rows there are; then nothing is.
    var withholdsCount: Bool

    /// - Parameter count: of measures.
    static func all(_ count: Int) -> CellVerdict {
        CellVerdict(withheld: Array(repeating: true, count: count), withholdsCount: true)
    }

    static func nothing(_ count: Int) -> CellVerdict {
        CellVerdict(withheld: Array(repeating: false, count: count), withholdsCount: false)
    }
}

/// Decides, for one operation of somebody who sees aggregates only, which figures are told. Used on one thread.
///
/// A set is told of where every cell that it is made of is: the sum of cells that are shown tells nothing more.
final class CellJudge {
    private let policy: SmallCellPolicy
    private let context: EvaluationContext
    private let groupLimit: Int
    /// The least that cells have of what a figure is made of, by type.
    private var minimums: [NodeTypeID: [Expression: Int]] = [:]
    private let kept: KeptGrids

    /// - Parameter kept: Tables of the same version, date and policy.
    init(_ policy: SmallCellPolicy, _ context: EvaluationContext, groupLimit: Int, kept: KeptGrids) {
        self.kept = kept
        self.policy = policy
        self.context = context
        self.groupLimit = groupLimit
    }

    /// Says what figures of a field need.
    func note(_ element: Expression, minimumCell: Int, on type: NodeTypeID) {
        minimums[type, default: [:]][element] = minimumCell
    }

    private func grid(_ shape: CellGrid.Shape, _ elements: [Expression]) throws(EvaluationError) -> CellGrid {
        let asked = KeptGrids.Asked(shape: shape, elements: elements)
        if let known = kept.grid(asked) { return known }
        let grid = try CellGrid(
            shape, policy,
            elements.map { ($0, minimums[shape.type]?[$0] ?? policy.rules.minimumCellForSensitive) }, context,
            groupLimit: groupLimit)
        kept.keep(grid, asked)
        return grid
    }

    // MARK: - Filters

    /// A condition with the level that it is about and the values of it that it holds, by what each is called from the coarsest level
    /// down; nil where it holds some of a value's rows and not all.
    private typealias Chosen = (dimension: Int, level: Int, values: [[Scalar]]?)

    private func chosen(_ condition: CellFilter.Condition, _ type: NodeTypeID) throws(EvaluationError) -> Chosen {
        guard let finest = condition.levels.last else { return (condition.dimension, 0, nil) }
        let all = try grid(CellGrid.Shape(type: type, dimensions: [condition.dimension]), [])
        let keys = policy.dimensions(of: type)[condition.dimension].levels[...finest].map(\.key)
        let found = try Aggregation(of: [Measure(.count)], by: keys, on: type, context, groupLimit: groupLimit)
            .figures(of: try condition.rows.rows())
        for level in condition.levels {
            var counts: [[Scalar]: Int] = [:]
            for group in 0..<found.count {
                guard case .int(let count) = try found.value(0, of: group) else { continue }
                counts[(0...level).map { found.key($0, of: group) }, default: 0] += Int(count)
            }
            let isWhole = counts.allSatisfy { scalars, count in
                all.number(0, scalars).map { all.table[CellPlace($0, 0)].contributors == count } ?? false
            }
            if isWhole { return (condition.dimension, level, Array(counts.keys)) }
        }
        return (condition.dimension, finest, nil)
    }

    /// The grid that a question is about, and which values of its axes; nil where a filter cuts through a cell.
    private func scope(
        _ filter: CellFilter?, keys: [CellLevelPlace], _ type: NodeTypeID, _ elements: [Expression]
    ) throws(EvaluationError) -> (grid: CellGrid, allowed: [[Int]])? {
        var levels: [Int: Int] = [:]
        for key in keys { levels[key.dimension] = max(levels[key.dimension] ?? 0, key.level) }
        var conditions: [Chosen] = []
        for condition in filter?.conditions ?? [] {
            let chosen = try chosen(condition, type)
            guard chosen.values != nil else { return nil }
            levels[chosen.dimension] = max(levels[chosen.dimension] ?? 0, chosen.level)
            conditions.append(chosen)
        }
        let dimensions = levels.keys.sorted()
        guard dimensions.count <= SmallCellPolicy.dimensionLimit else { return nil }
        let grid = try grid(CellGrid.Shape(type: type, dimensions: dimensions), elements)
        var allowed: [[Int]] = []
        for (index, axis) in grid.axes.enumerated() {
            guard index < dimensions.count, let level = levels[dimensions[index]] else {
                allowed.append([0])
                continue
            }
            var values = (0..<axis.count).filter { axis.levels[$0] == level + 1 }
            for condition in conditions where condition.dimension == dimensions[index] {
                let named = Set((condition.values ?? []).compactMap { grid.number(index, $0) })
                values.removeAll { !named.contains(axis.ancestor(of: $0, at: condition.level + 1)) }
            }
            allowed.append(values)
        }
        return (grid, allowed)
    }

    // MARK: - Verdicts

    private func elements(_ measures: [Measure]) -> [Expression] {
        var elements: [Expression] = []
        for case let element? in measures.map(\.element) where !elements.contains(element) { elements.append(element) }
        return elements
    }

    /// What is told of the rows that a filter holds.
    func verdict(_ filter: CellFilter?, of measures: [Measure], on type: NodeTypeID) throws(EvaluationError) -> CellVerdict {
        var verdict = CellVerdict.nothing(measures.count)
        guard let (grid, allowed) = try scope(filter, keys: [], type, elements(measures)) else { return .all(measures.count) }
        try forEachPlace(allowed) { place in grid.judge(place, measures, &verdict) }
        return verdict
    }

    /// What is told of groups, by the values of their keys; also of those without rows, where it is not told that they have none.
    func verdicts(
        _ filter: CellFilter?, by keys: [CellLevelPlace], of measures: [Measure], on type: NodeTypeID
    ) throws(EvaluationError) -> CellGroups {
        var groups = CellGroups(measureCount: measures.count)
        guard let (grid, allowed) = try scope(filter, keys: keys, type, elements(measures)) else { return groups }
        let axes = keys.map { key in grid.shape.dimensions.firstIndex(of: key.dimension) ?? 0 }
        try forEachPlace(allowed) { place in
            guard grid.table[place].contributors > 0 || !grid.counts.shows(place) else { return }
            let values = zip(axes, keys).map { axis, key in
                grid.value(axis, grid.axes[axis].ancestor(of: axis == 0 ? place.row : place.column, at: key.level + 1))
            }
            groups.add(values) { grid.judge(place, measures, &$0) }
        }
        return groups
    }

    private func forEachPlace(_ allowed: [[Int]], _ body: (CellPlace) -> Void) throws(EvaluationError) {
        let (product, isTooLarge) = allowed[0].count.multipliedReportingOverflow(by: allowed[1].count)
        guard !isTooLarge, product <= groupLimit else { throw .overBudget(.groups, limit: groupLimit) }
        for row in allowed[0] {
            try context.budget.poll()
            for column in allowed[1] { body(CellPlace(row, column)) }
        }
    }
}

extension CellGrid {
    /// Withholds what one cell does not tell.
    fileprivate func judge(_ place: CellPlace, _ measures: [Measure], _ verdict: inout CellVerdict) {
        let isCounted = counts.shows(place)
        if !isCounted { verdict.withholdsCount = true }
        for (index, measure) in measures.enumerated() where !verdict.withheld[index] {
            let isShown = isCounted && (measure.element.flatMap { figures[$0] }?.allSatisfy { $0.shows(place) } ?? true)
            if !isShown { verdict.withheld[index] = true }
        }
    }
}

/// Groups by the values of their keys.
struct CellGroups {
    struct Group {
        var values: [CellGrid.Value]
        var verdict: CellVerdict
    }
    private(set) var groups: [[Scalar]: Group] = [:]
    private let measureCount: Int

    init(measureCount: Int) { self.measureCount = measureCount }

    mutating func add(_ values: [CellGrid.Value], _ judge: (inout CellVerdict) -> Void) {
        let empty = Group(values: values, verdict: .nothing(measureCount))
        judge(&groups[values.map(\.scalar), default: empty].verdict)
    }

    subscript(key: [Scalar]) -> Group? { groups[key] }
}
