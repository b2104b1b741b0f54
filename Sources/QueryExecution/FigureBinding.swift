import Expressions
import Model
import QueryPlanning
import StoreColumns

/// Which figures a selection asks for, and where each stands among the measures.
final class FigureLayout: Sendable {
    /// A figure as a selection names it: nil for the count of rows.
    struct Asked: Hashable {
        var operation: AggregateOperation?
        /// In `ModelType.fields`; 0 for the count.
        var position = 0
        static let count = Asked(operation: nil)
    }
    private let places: [(asked: Asked, measure: Int)]

    init(_ places: [(asked: Asked, measure: Int)]) { self.places = places }

    var measures: [Int] { places.map(\.measure) }

    /// Few are asked for, so looking through them costs less than a hash.
    func measure(_ operation: AggregateOperation?, _ position: Int) -> Int? {
        for place in places where place.asked.position == position && place.asked.operation == operation { return place.measure }
        return nil
    }
}

/// `aggregate` on a connection, bound: the same for every set it is asked of. Used on one thread.
final class AggregateBinding {
    let layout: FigureLayout
    let aggregation: Aggregation
    /// Whether nothing but the count of rows is asked for, which sets may know without being listed.
    let isCount: Bool
    /// Who says what is told of it, where only aggregates are seen.
    let cells: CellJudge?
    /// Where few rows are noted of which figures are made; nil where they are not.
    var noted: NotedRows?

    init(_ layout: FigureLayout, _ aggregation: Aggregation, cells: CellJudge? = nil) {
        self.cells = cells
        self.layout = layout
        self.aggregation = aggregation
        isCount = aggregation.measures.allSatisfy { $0 == Measure(.count) }
    }
}

/// `groups` on a connection, bound. Used on one thread.
final class GroupsBinding {
    let keys: [AskedKey]
    /// The model's types of the keys' own fields.
    let layout: FigureLayout
    let aggregation: Aggregation
    let having: Expression?
    let order: [GroupSortKey]
    let first: Int
    let offset: Int
    /// Set where rows of groups are asked for: the order they come in, by key.
    let rowOrder: ListOrder?
    /// What they are held against, where only aggregates are seen.
    let cells: GroupCells?
    /// Where the rows of groups of few are noted; nil where they are not.
    var noted: NotedRows?

    init(
        keys: [AskedKey], layout: FigureLayout, aggregation: Aggregation, having: Expression?, order: [GroupSortKey], first: Int,
        offset: Int, rowOrder: ListOrder?, cells: GroupCells? = nil
    ) {
        self.cells = cells
        self.keys = keys
        self.layout = layout
        self.aggregation = aggregation
        self.having = having
        self.order = order
        self.first = first
        self.offset = offset
        self.rowOrder = rowOrder
    }

    /// The groups that are shown, in order.
    /// - Parameter filter: Which values of dimensions the rows were chosen by, where only aggregates are seen.
    func groups(of rows: RowSelection, _ filter: CellFilter?) throws(EvaluationError) -> GroupPage {
        if let cells { return try groups(of: rows, filter, cells) }
        let figures = try aggregation.figures(of: rows, keepsRows: rowOrder != nil || noted != nil)
        var groups = Array(0..<figures.count)
        if let having { groups = try figures.groups(where: having) }
        groups = try figures.sorted(groups, by: order)
        groups = Array(groups.dropFirst(offset).prefix(first))
        let rows = rowOrder == nil && noted == nil ? [] : figures.rows(of: groups)
        if let noted { for rows in rows { noted.add(figureOf: .list(rows)) } }
        return GroupPage(figures: figures, groups: groups, rows: rows, binding: self)
    }
}

/// Groups while they are written.
struct GroupPage {
    let figures: Figures
    /// Their numbers in the figures, in the order of the answer.
    let groups: [Int]
    /// Of each of them, where they are asked for.
    let rows: [[RowNumber]]
    let binding: GroupsBinding
    /// Where only aggregates are seen: what is told of each of them.
    var told: [ToldGroup]?
}

/// Figures while they are written.
struct FigureSet {
    let figures: Figures
    let layout: FigureLayout
    /// Nil where everything is told.
    var verdict: CellVerdict?

    func withholds(_ measure: Int) -> Bool { verdict?.withheld[measure] ?? false }

    /// Whether any figure that is asked for is not told.
    var isSuppressed: Bool { verdict.map { $0.withholdsCount || layout.measures.contains(where: withholds) } ?? false }
}
