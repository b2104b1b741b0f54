import Model
import StoreColumns

/// What filters read while they are turned into expressions, and what the expressions do not show any more. Used on one thread.
package final class FilterReads {
    /// Whether a period was named from the as-of date.
    package private(set) var readsAsOf = false
    /// Types of which a row was found by its key.
    package private(set) var types: Set<NodeTypeID> = []

    package init() {}

    func note(_ period: Period) {
        switch period {
        case .relative, .last: readsAsOf = true
        case .year, .half, .quarter, .month, .week, .days: break
        }
    }

    func noteRow(of type: NodeTypeID) { types.insert(type) }
}
