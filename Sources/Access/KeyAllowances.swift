import StoreColumns
import Synchronization

/// What the holder of a key may ask for: so many points a minute, and so many questions at once. One key cannot take the server from the others.
///
/// A bucket of points fills evenly up to a minute's worth. What a question costs is known when it is answered, so it is paid then; a bucket may go below
/// nothing by what ran at the time, and is asked to be above it before the next begins.
package final class KeyAllowances: Sendable {
    package enum Refused: Sendable, Hashable {
        /// No points are left.
        case points(limit: Int, retryAfterSeconds: Int)
        case concurrency(limit: Int)
    }

    private struct Bucket {
        var points: Double
        var at: Int64
        var running = 0
    }

    /// Rows visited for which one point is paid, beside the one that every question costs.
    package static let rowsPerPoint = 1_000

    private let pointsPerMinute: Int
    private let concurrency: Int
    private let buckets = Mutex<[String: Bucket]>([:])

    package init(pointsPerMinute: Int, concurrency: Int) {
        self.pointsPerMinute = pointsPerMinute
        self.concurrency = concurrency
    }

    /// Begins a question.
    ///
    /// - Returns: Why it may not begin; nil where it may, and `leave` must follow.
    package func enter(_ keyID: String, now: Instant) -> Refused? {
        buckets.withLock { buckets in
            var bucket = filled(buckets[keyID], now)
            defer { buckets[keyID] = bucket }
            guard bucket.running < concurrency else { return .concurrency(limit: concurrency) }
            guard bucket.points > 0 else {
                let seconds = (-bucket.points * 60 / Double(pointsPerMinute)).rounded(.up)
                return .points(limit: pointsPerMinute, retryAfterSeconds: max(1, Int(exactly: min(seconds, 86_400)) ?? 1))
            }
            bucket.running += 1
            return nil
        }
    }

    /// Ends a question, and pays for it.
    package func leave(_ keyID: String, rowsVisited: Int, now: Instant) {
        buckets.withLock { buckets in
            var bucket = filled(buckets[keyID], now)
            bucket.points -= 1 + Double(rowsVisited / Self.rowsPerPoint)
            bucket.running = max(0, bucket.running - 1)
            buckets[keyID] = bucket
        }
    }

    private func filled(_ bucket: Bucket?, _ now: Instant) -> Bucket {
        guard var bucket else { return Bucket(points: Double(pointsPerMinute), at: now.microseconds) }
        // A clock that was set back fills nothing.
        let elapsed = max(0, now.microseconds - bucket.at)
        bucket.points = min(Double(pointsPerMinute), bucket.points + Double(elapsed) * Double(pointsPerMinute) / 60_000_000)
        bucket.at = now.microseconds
        return bucket
    }
}
