import Expressions
import StoreColumns
import Synchronization

/// What `param` reads in one version on one date, and what is derived with these values in it.
package final class BoundParameters: Sendable {
    package let resolved: ResolvedParameters
    package let rowTypes: RowTypes

    package var values: ParameterValues { resolved.values }

    init(_ resolved: ResolvedParameters, _ rowTypes: RowTypes) {
        self.resolved = resolved
        self.rowTypes = rowTypes
    }
}

/// Parameters that were bound: for the versions, dates and scopes that are asked for at the same time.
///
/// Hardly any change touches the rows that set parameters, and every one asks what they are; so the next version takes over what was
/// found of the one before, while the rows are those.
final class KeptParameters: Sendable {
    private struct Entry: Sendable {
        var scope: ParameterScope
        var asOf: CivilDate
        /// The rows that set parameters, and those of the tree of places; nil where there is none.
        var rows: Table
        var places: Table?
        var bound: BoundParameters
    }

    /// Today, a comparison, and the days of a few steps.
    private static let capacity = 8

    /// The last one asked for comes last.
    private let entries = Mutex<[Entry]>([])

    func bound(
        _ scope: ParameterScope, in version: GraphVersion, asOf: CivilDate, of model: Model, _ parameters: ModelParameters
    ) throws(ParameterProblem) -> BoundParameters {
        let (rows, places) = (version[parameters.type], parameters.placeType.map { version[$0] })
        let known = entries.withLock { entries -> BoundParameters? in
            let place = entries.lastIndex { entry in
                entry.asOf == asOf && entry.rows === rows && entry.scope == scope
                    && Self.areSame(places, entry.places, scope, parameters)
            }
            guard let place else { return nil }
            if place < entries.count - 1 { entries.append(entries.remove(at: place)) }
            return entries[entries.count - 1].bound
        }
        if let known { return known }
        let resolved = try model.resolvedParameters(scope, in: version, asOf: asOf)
        // Hardly any day has other values than the day before.
        let same = entries.withLock { $0.last { $0.bound.values == resolved.values } }
        let bound = BoundParameters(resolved, same?.bound.rowTypes ?? model.parametricTypes.bound(to: resolved.values))
        // What is forgotten is released outside the lock.
        let forgotten = entries.withLock { entries -> Entry? in
            let oldest = entries.count == Self.capacity ? entries.removeFirst() : nil
            entries.append(Entry(scope: scope, asOf: asOf, rows: rows, places: places, bound: bound))
            return oldest
        }
        _ = forgotten
        return bound
    }

    /// Whether rows that set parameters somewhere hold in the same places. Where the scope names none, only the roots count, and so
    /// nothing but the references to the rows above.
    private static func areSame(
        _ left: Table?, _ right: Table?, _ scope: ParameterScope, _ parameters: ModelParameters
    ) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        if left === right { return true }
        guard scope.texts[ParameterScope.placeName] == nil, let column = parameters.parentColumn else { return false }
        return left.column(column).isShared(with: right.column(column))
    }
}
