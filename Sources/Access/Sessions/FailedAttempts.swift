import StoreColumns
import Synchronization

/// How often somebody at an address showed a key that is none. Beyond so many within a minute nothing more is looked at, right or wrong,
/// until that minute is over.
package final class FailedAttempts: Sendable {
    private struct Window {
        var began: Int64
        var count: Int
    }

    private static let windowMicroseconds: Int64 = 60_000_000
    private let limit: Int
    private let addressLimit: Int
    private let windows = Mutex<[String: Window]>([:])

    /// - Parameters:
    ///   - limit: Within a minute.
    ///   - addressLimit: Whose failures are remembered at once; the oldest are forgotten first.
    package init(limit: Int, addressLimit: Int = 4_096) {
        self.limit = limit
        self.addressLimit = addressLimit
    }

    /// How many seconds nothing of this address is looked at any more; nil where it may try.
    package func secondsToWait(_ address: String, now: Instant) -> Int? {
        windows.withLock { windows in
            guard let window = windows[address] else { return nil }
            let age = now.microseconds - window.began
            guard age >= 0, age < Self.windowMicroseconds else {
                windows[address] = nil
                return nil
            }
            guard window.count >= limit else { return nil }
            return max(1, Int((Self.windowMicroseconds - age + 999_999) / 1_000_000))
        }
    }

    /// Counts a failure.
    package func note(_ address: String, now: Instant) {
        windows.withLock { windows in
            if windows[address] == nil, windows.count >= addressLimit {
                windows = windows.filter { now.microseconds - $0.value.began < Self.windowMicroseconds }
                if windows.count >= addressLimit, let oldest = windows.min(by: { $0.value.began < $1.value.began }) {
                    windows[oldest.key] = nil
                }
            }
            windows[address, default: Window(began: now.microseconds, count: 0)].count += 1
        }
    }
}
