import QueryExecution
import QueryPlanning
import StoreColumns
import Synchronization

/// The last comparisons of versions: whoever turns the pages of one asks for it again and again. An entry keeps its
/// versions alive, so there are few.
final class ComparisonCache: Sendable {
    private static let capacity = 2

    private struct Entry: Sendable {
        var old: GraphVersion
        var new: GraphVersion
        var asOf: CivilDate
        var reader: Viewer
        var diff: VersionDiff
    }
    private let entries = Mutex<[Entry]>([])

    func diff(_ old: GraphVersion, _ new: GraphVersion, _ asOf: CivilDate, _ reader: Viewer) -> VersionDiff? {
        entries.withLock { $0.first { $0.old === old && $0.new === new && $0.asOf == asOf && $0.reader == reader }?.diff }
    }

    func keep(_ diff: VersionDiff, _ old: GraphVersion, _ new: GraphVersion, _ asOf: CivilDate, _ reader: Viewer) {
        entries.withLock { entries in
            if entries.count == Self.capacity { entries.removeFirst() }
            entries.append(Entry(old: old, new: new, asOf: asOf, reader: reader, diff: diff))
        }
    }
}
