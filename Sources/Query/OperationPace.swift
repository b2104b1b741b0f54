import Synchronization

/// How long an operation took of late, as whoever has a clock says: whether the next question of it may be tried where it would stand
/// in others' way if it took long. For any number of threads.
package final class OperationPace: Sendable {
    private let pace = Mutex(Pace())

    package init() {}

    package var mayTry: Bool { pace.withLock { $0.mayTry } }

    /// It was answered.
    package func ran(isShort: Bool) { pace.withLock { $0.ran(isShort: isShort) } }

    /// It was tried, and broke off in its midst.
    package func brokeOff() { pace.withLock { $0.brokeOff() } }
}

/// The same without a lock. An operation may be tried once its last answer was short. Where its answers are sometimes short and sometimes
/// not, as its variables are, tries are in vain: after each of these more short answers are wanted before the next, up to `longestWait`.
package struct Pace: Sendable {
    package static let longestWait = 256

    private var wasShort = false
    /// Short answers that are wanted before the next try.
    private var wait = 0
    /// The last such wait, less the tries since that were not in vain.
    private var doubt = 0

    package init() {}

    package var mayTry: Bool { wasShort && wait == 0 }

    package mutating func ran(isShort: Bool) {
        wasShort = isShort
        guard isShort else { return }
        if wait > 0 { wait -= 1 } else if doubt > 0 { doubt -= 1 }
    }

    package mutating func brokeOff() {
        doubt = min(max(4, doubt * 2), Self.longestWait)
        wait = doubt
    }
}
