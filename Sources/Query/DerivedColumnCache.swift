import Expressions
import Model
import QueryExecution
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
        var ranks: KeyRanks
    }

    /// The last one asked for comes last.
    private let entries = Mutex<[Entry]>([])

    func entry(for version: GraphVersion, _ asOf: CivilDate, _ model: Model) -> (columns: DerivedColumns, ranks: KeyRanks) {
        entries.withLock { entries in
            if let place = entries.lastIndex(where: { $0.version === version && $0.asOf == asOf }) {
                if place < entries.count - 1 { entries.append(entries.remove(at: place)) }
            } else {
                // Ranks hold for every date.
                let ranks = entries.last { $0.version === version }?.ranks ?? KeyRanks()
                if entries.count == Self.capacity { entries.removeFirst() }
                entries.append(
                    Entry(version: version, asOf: asOf, columns: DerivedColumns(model.rowTypes), ranks: ranks))
            }
            let last = entries[entries.count - 1]
            return (last.columns, last.ranks)
        }
    }
}
