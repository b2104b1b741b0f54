import HTTPService
import StoreColumns
import Synchronization
import Testing

@Suite struct `The server's day` {
    @Test func `the calendar is asked again after a tenth of a second, and not before`() throws {
        let start = ContinuousClock.now
        let elapsed = Mutex(Duration.zero)
        let days = Mutex<Int32>(0)
        let day = ServerDay(now: { start + elapsed.withLock { $0 } }) {
            days.withLock { count in
                count += 1
                return CivilDate(days: count) ?? .earliest
            }
        }
        let first = day.today
        #expect(day.today == first)
        elapsed.withLock { $0 = .milliseconds(99) }
        #expect(day.today == first)
        elapsed.withLock { $0 = .milliseconds(100) }
        #expect(day.today != first)
        #expect(days.withLock { $0 } == 2)
    }
}
