import StoreColumns
import Synchronization

/// The server's day, looked up again ten times a second at most: a calendar takes longer to find it than a short question
/// takes to be answered.
package final class ServerDay: Sendable {
    private struct Known {
        var day: CivilDate
        var until: ContinuousClock.Instant
    }

    private let find: @Sendable () -> CivilDate
    private let now: @Sendable () -> ContinuousClock.Instant
    private let known = Mutex<Known?>(nil)

    /// - Parameter find: Asks the calendar.
    /// - Parameter now: A clock that only goes on.
    package init(
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now },
        _ find: @escaping @Sendable () -> CivilDate
    ) {
        self.find = find
        self.now = now
    }

    /// The day, as it was at most a tenth of a second ago.
    package var today: CivilDate {
        let now = now()
        return known.withLock { known in
            if let known, now < known.until { return known.day }
            let day = find()
            known = Known(day: day, until: now + .milliseconds(100))
            return day
        }
    }
}
