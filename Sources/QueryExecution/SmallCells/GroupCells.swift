import Expressions
import QueryPlanning
import StoreColumns

/// What a list of groups is held against where only aggregates are seen.
struct GroupCells {
    let judge: CellJudge
    /// By key of the groups.
    let places: [CellLevelPlace]
    /// The measures that `having` reads.
    let conditions: Range<Int>
}

/// A group as it is told.
struct ToldGroup {
    /// In the figures; nil where no row is in it.
    var number: Int?
    var values: [CellGrid.Value]
    var verdict: CellVerdict
}

extension GroupsBinding {
    /// The groups that are shown of those that there are or might be.
    ///
    /// What is not told neither chooses nor sorts: `having` leaves out groups whose figures it may not read, and in an order by
    /// figures they come last, in the order of their keys.
    func groups(
        of rows: RowSelection, _ filter: CellFilter?, _ cells: GroupCells
    ) throws(EvaluationError) -> GroupPage {
        let figures = try aggregation.figures(of: rows)
        var open = try cells.judge.verdicts(filter, by: cells.places, of: aggregation.measures, on: aggregation.type).groups
        let held = try having.map { (having) throws(EvaluationError) in Set(try figures.groups(where: having)) }
        let sorting = order.compactMap { if case .measure(let measure) = $0.by { measure } else { nil } }
        var told: [ToldGroup] = []
        for number in 0..<figures.count {
            let key = keys.indices.map { figures.key($0, of: number) }
            // Of what no cell is known nothing is told.
            guard let group = open.removeValue(forKey: key) else { continue }
            if let held, !held.contains(number) || cells.conditions.contains(where: { group.verdict.withheld[$0] }) { continue }
            told.append(ToldGroup(number: number, values: group.values, verdict: group.verdict))
        }
        if held == nil {
            for group in open.values where group.verdict.withholdsCount {
                told.append(ToldGroup(number: nil, values: group.values, verdict: group.verdict))
            }
        }
        var sorted: [ToldGroup] = []
        if !sorting.isEmpty {
            var places: [Int: Int] = [:]
            for (place, group) in told.enumerated() {
                guard let number = group.number, !sorting.contains(where: { group.verdict.withheld[$0] }) else { continue }
                places[number] = place
            }
            sorted = try figures.sorted(places.keys.sorted(), by: order).compactMap { places[$0].map { told[$0] } }
            let placed = Set(places.values)
            told = told.indices.filter { !placed.contains($0) }.map { told[$0] }
        }
        sorted += told.sorted { isOrdered($0.values, $1.values, by: sorting.isEmpty ? order : []) }
        let page = Array(sorted.dropFirst(offset).prefix(first))
        return GroupPage(figures: figures, groups: page.map { $0.number ?? 0 }, rows: [], binding: self, told: page)
    }

    private func isOrdered(_ left: [CellGrid.Value], _ right: [CellGrid.Value], by order: [GroupSortKey]) -> Bool {
        for key in order + keys.indices.map({ GroupSortKey(.key($0)) }) {
            guard case .key(let index) = key.by, left[index].rank != right[index].rank else { continue }
            let isNull = (left[index].scalar == .null, right[index].scalar == .null)
            if isNull.0 != isNull.1 { return isNull.0 == key.nullsFirst }
            return (left[index].rank < right[index].rank) == key.ascending
        }
        return false
    }
}

extension GroupPage {
    /// The value of a key of a group of the page.
    func key(_ number: Int, at index: Int) -> Scalar {
        guard let told else { return figures.key(number, of: groups[index]) }
        return told[index].values[number].scalar
    }
}
