import Query
import Store
import StoreColumns
import Synchronization

/// The version that everybody is answered from, for a day, who sees aggregates only: one person who comes between two answers would be
/// their difference.
///
/// It is the newest that was published before the day began. Where none of that age is kept it is the oldest that is, and stays so while
/// this process runs.
final class DayVersion: Sendable {
    private let store: Store
    private let finder: VersionFinder
    private let beginning: @Sendable (CivilDate) -> Instant
    private let known = Mutex<(day: CivilDate, version: GraphVersion)?>(nil)

    /// - Parameter beginning: The moment at which a day of the server begins.
    init(_ store: Store, beginning: @escaping @Sendable (CivilDate) -> Instant) {
        self.store = store
        finder = VersionFinder(store: store)
        self.beginning = beginning
    }

    /// The day's version, if somebody asked for it on that day already.
    func atHand(_ day: CivilDate) -> GraphVersion? {
        known.withLock { known in known.flatMap { $0.day == day ? $0.version : nil } }
    }

    /// - Parameter milliseconds: After which looking for it is given up.
    func version(of day: CivilDate, milliseconds: Int64) async -> Result<GraphVersion, VersionUnavailable> {
        if let version = atHand(day) { return .success(version) }
        let before = Instant(microseconds: beginning(day).microseconds - 1)
        var found = await finder.find(.knownAt(before), milliseconds: milliseconds)
        switch found {
        case .failure(.before), .failure(.gone):
            let names = store.versions.sorted { $0.number > $1.number }
            let oldest = [names.last?.number, store.answerable.map(\.lowerBound).min()].compactMap(\.self).min()
            guard let number = names.first(where: { $0.publishedAt <= before })?.number ?? oldest else { return found }
            found = await finder.find(.number(number), milliseconds: milliseconds)
        case .failure, .success: break
        }
        guard case .success(let version) = found else { return found }
        // Whoever came first has said which it is.
        return .success(
            known.withLock { known in
                if let known, known.day == day { return known.version }
                known = (day, version)
                return version
            })
    }
}
