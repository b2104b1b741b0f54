import Dispatch
import Foundation
import Synchronization

/// Looks at a file twice a second, and tells when there is another thing to be read in it, or nothing any more.
final class FileWatch<Content: Hashable & Sendable, Problem: Error & Hashable>: Sendable {
    private struct State {
        /// What was found last.
        var seen: Result<Content, Problem>
        var isStopped = false
    }

    private let queue: DispatchQueue
    private let state: Mutex<State>
    private let read: @Sendable () -> Result<Content, Problem>
    private let take: @Sendable (Result<Content, Problem>) -> Void

    /// - Parameters:
    ///   - first: What was found before, and need not be told again.
    ///   - take: Called on a queue of the watch's own, one change after the other.
    init(
        _ label: String, first: Content, read: @escaping @Sendable () -> Result<Content, Problem>,
        take: @escaping @Sendable (Result<Content, Problem>) -> Void
    ) {
        queue = DispatchQueue(label: label)
        state = Mutex(State(seen: .success(first)))
        self.read = read
        self.take = take
    }

    func start() { lookLater() }

    /// Waits for what is being done, and looks no more.
    func stop() {
        state.withLock { $0.isStopped = true }
        queue.sync {}
    }

    private func lookLater() {
        queue.asyncAfter(deadline: .now() + .milliseconds(500)) { [weak self] in self?.look() }
    }

    private func look() {
        guard !state.withLock({ $0.isStopped }) else { return }
        let result = read()
        let isNew = state.withLock { state in
            defer { state.seen = result }
            return state.seen != result
        }
        if isNew { take(result) }
        lookLater()
    }
}
