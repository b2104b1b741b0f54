import Synchronization

/// How far something is that is done for somebody who need not stay until it ends.
final class JobProgress<State: Sendable>: Sendable {
    private let current: Mutex<State>
    private let isEnd: @Sendable (State) -> Bool

    init(_ state: State, isEnd: @escaping @Sendable (State) -> Bool) {
        current = Mutex(state)
        self.isEnd = isEnd
    }

    var state: State { current.withLock { $0 } }

    var hasEnded: Bool { isEnd(state) }

    func isNow(_ state: State) { current.withLock { $0 = state } }

    /// Waits until it has ended, but no longer than so many milliseconds.
    func wait(milliseconds: Int) async -> State {
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        while !hasEnded, ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(5)) }
        return state
    }
}
