import Patterns
import Synchronization

/// Patterns that were compiled: kept with a plan, so that they are compiled once for it and not once a run. For any number of
/// threads.
package final class PatternCache: Sendable {
    /// Further ones are compiled each time: patterns in variables, another each time.
    package static let standardCapacity = 32

    private struct Key: Hashable {
        var text: String
        var caseInsensitive: Bool
        var bounds: PatternBounds

        /// By bytes: texts that only look alike are other patterns.
        static func == (left: Key, right: Key) -> Bool {
            left.caseInsensitive == right.caseInsensitive && left.bounds == right.bounds
                && left.text.utf8.elementsEqual(right.text.utf8)
        }
        func hash(into hasher: inout Hasher) {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }

    private let capacity: Int
    private let known = Mutex<[Key: Pattern]>([:])

    package init(capacity: Int = PatternCache.standardCapacity) { self.capacity = capacity }

    /// How many are kept.
    package var count: Int { known.withLock { $0.count } }

    func pattern(_ text: String, caseInsensitive: Bool, _ bounds: PatternBounds) throws(PatternError) -> Pattern {
        let key = Key(text: text, caseInsensitive: caseInsensitive, bounds: bounds)
        if let pattern = known.withLock({ $0[key] }) { return pattern }
        let pattern = try Pattern(text, caseInsensitive: caseInsensitive, bounds: bounds)
        known.withLock { known in
            if known.count < capacity { known[key] = pattern }
        }
        return pattern
    }
}
