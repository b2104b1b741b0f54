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
    /// Where few rows are noted of which figures are made; nil where they are not.
    var noted: NotedRows?

    init(_ layout: FigureLayout, _ aggregation: Aggregation) {
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
    /// Where the rows of groups of few are noted; nil where they are not.
    var noted: NotedRows?

    init(
        keys: [AskedKey], layout: FigureLayout, aggregation: Aggregation, having: Expression?, order: [GroupSortKey], first: Int,
        offset: Int, rowOrder: ListOrder?
    ) {
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
    func groups(of rows: RowSelection) throws(EvaluationError) -> GroupPage {
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
}

/// Figures while they are written.
struct FigureSet {
    let figures: Figures
    let layout: FigureLayout
}
