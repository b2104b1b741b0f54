import Expressions
import Model
import StoreColumns
import Synchronization

/// What was computed for whole types, by version and as-of date: a few of them, for the dates and versions that people ask
/// for at the same time. An entry keeps its version alive.
final class DerivedColumnCache: Sendable {
    /// Enough for today, a quarter's ends and a comparison; each entry may hold a column for each derived field.
    private static let capacity = 8

    private struct Entry: Sendable {
        var version: GraphVersion
        var asOf: CivilDate
        var columns: DerivedColumns
    }

    /// The last one asked for comes last.
    private let entries = Mutex<[Entry]>([])

    func columns(of version: GraphVersion, _ asOf: CivilDate, _ model: Model) -> DerivedColumns {
        entries.withLock { entries in
            if let place = entries.lastIndex(where: { $0.version === version && $0.asOf == asOf }) {
                if place < entries.count - 1 { entries.append(entries.remove(at: place)) }
                return entries[entries.count - 1].columns
            }
            let columns = DerivedColumns(model.rowTypes)
            if entries.count == Self.capacity { entries.removeFirst() }
            entries.append(Entry(version: version, asOf: asOf, columns: columns))
            return columns
        }
    }
}
