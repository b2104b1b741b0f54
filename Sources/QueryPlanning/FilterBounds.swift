/// How much filters, sorts and keys of groups may ask for. Each bound has a name, under which it is configured and reported.
package struct FilterBounds: Sendable, Hashable {
    package static let depthName = "max-filter-depth"
    package static let conditionsName = "max-filter-conditions"
    package static let groupKeysName = "max-group-keys"
    package static let groupBoundsName = "max-group-bounds"

    /// Levels of filters inside filters, and fields that a sort or a key of groups follows. Each becomes a few levels of the expression.
    package var depth: Int
    /// Conditions of all filters of an operation: what is asked of a value, of rows, of a set.
    package var conditions: Int
    package var groupKeys: Int
    /// Bounds of the intervals of one key.
    package var groupBounds: Int

    package init(depth: Int = 15, conditions: Int = 2_000, groupKeys: Int = 8, groupBounds: Int = 1_000) {
        self.depth = depth
        self.conditions = conditions
        self.groupKeys = groupKeys
        self.groupBounds = groupBounds
    }
}

/// How many conditions an operation's filters have so far. Used on one thread.
final class ConditionCount {
    fileprivate(set) var count = 0
}

extension FilterCompiler {
    /// Counts conditions.
    /// - Throws: `QUERY_TOO_COMPLEX` where there are too many.
    func count(_ more: Int, _ place: FilterPlace) throws(ArgumentProblem) {
        conditions.count += more
        guard conditions.count > bounds.conditions else { return }
        throw ArgumentProblem(
            .queryTooComplex,
            "The filters have more than \(bounds.conditions) conditions; ask for less at a time (limit \(FilterBounds.conditionsName)).",
            at: place.path, limit: ExceededLimit(name: FilterBounds.conditionsName, maximum: bounds.conditions))
    }

    func checkDepth(_ place: FilterPlace) throws(ArgumentProblem) {
        guard place.depth >= bounds.depth else { return }
        throw tooDeep("Filters are nested more than \(bounds.depth) deep", place.path)
    }

    func tooDeep(_ what: String, _ path: String) -> ArgumentProblem {
        ArgumentProblem(
            .queryTooDeep, "\(what) (limit \(FilterBounds.depthName)).", at: path,
            limit: ExceededLimit(name: FilterBounds.depthName, maximum: bounds.depth))
    }
}
