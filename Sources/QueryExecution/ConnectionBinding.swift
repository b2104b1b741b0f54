import Expressions
import GraphQLTypes
import QueryPlanning
import StoreColumns

/// A connection of a plan, bound to the arguments of one request: the same for every row it is asked of. Used on one thread.
final class ConnectionBinding {
    let plan: ConnectionPlan
    /// Shared with connections that differ in nothing but their response key, their order and their page.
    let rows: ConnectionRows
    let order: ListOrder
    /// Which page is meant, and what makes the list but for the row that it belongs to: of one request.
    var window: PageWindow
    var digest: ListDigest
    /// Where the rows are noted to which the lists belong; nil where they are not.
    var notedOwners: NotedRows?
    /// Of all rows: one list for every page.
    let types: [NodeTypeID]

    init(
        _ plan: ConnectionPlan, rows: ConnectionRows, order: ListOrder, window: PageWindow, digest: ListDigest
    ) {
        self.plan = plan
        self.rows = rows
        self.order = order
        self.window = window
        self.digest = digest
        types = [plan.type]
    }
}

/// A page of a connection while it is written.
struct Page {
    var rows: [RowNumber] = []
    /// Nil where nobody asks.
    var totalCount: Int?
    var hasNextPage = false
    var hasPreviousPage = false
    /// Of each row, or one of all of them.
    var types: [NodeTypeID]
    /// Whether rows of several types stand in it, so that a cursor names the type too.
    var isMixed = false
    /// What the cursors of its rows are bound to.
    var list: [UInt8] = []
    /// The whole set that it is a page of; nil for a search.
    var source: ConnectionRows?
    /// The row that the set belongs to; nil at the root.
    var parent: RowNumber?

    func type(at index: Int) -> NodeTypeID { types[types.count == 1 ? 0 : index] }

    /// The whole set, for a pass over all of it.
    func scannedRows() throws(EvaluationError) -> RowSelection { try source?.scannedRows(of: parent) ?? .list([]) }

    /// Figures of the whole set.
    func figures(_ binding: AggregateBinding) throws(EvaluationError) -> Figures {
        if binding.isCount, let count = try source?.count(of: parent) {
            return binding.aggregation.figures(ofCount: count)
        }
        let rows = try scannedRows()
        binding.noted?.add(figureOf: rows)
        return try binding.aggregation.figures(of: rows)
    }
}
