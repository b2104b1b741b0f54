import Synchronization

/// Wakes those who wait for news: when something has changed, and now and then when nothing has.
///
/// One task looks for all of them, and only while somebody waits.
final class NewsTicker: Sendable {
    /// What answers are made of beside their requests.
    struct Scene: Equatable, Sendable {
        var version: UInt64
        var day: Int32
        var questions: Int
        var isStopping: Bool
    }

    /// Whoever takes either looks for itself: word that has not been taken is replaced by the next.
    enum News: Sendable { case change, nothing }

    private struct Listener {
        var continuation: AsyncStream<News>.Continuation
        /// Looks until the next word that there is nothing.
        var silence = 0
    }

    private struct State {
        var listeners: [Int: Listener] = [:]
        var next = 0
        var isLooking = false
    }

    /// How long a change goes unnoticed, at most; a person does not see it.
    private static let interval = Duration.milliseconds(25)

    private let state = Mutex(State())
    private let scene: @Sendable () -> Scene
    private let patience: Int

    /// - Parameter milliseconds: After which a listener is told that nothing has changed.
    init(heartbeat milliseconds: Int, scene: @escaping @Sendable () -> Scene) {
        self.scene = scene
        patience = max(1, milliseconds / 25)
    }

    /// The news from now on. Several changes that nobody has taken yet are one. Ends when `leave` is called with its number.
    func listen() -> (news: AsyncStream<News>, number: Int) {
        let (stream, continuation) = AsyncStream.makeStream(of: News.self, bufferingPolicy: .bufferingNewest(1))
        let seen = scene()
        let (number, starts) = state.withLock { state in
            let number = state.next
            state.next += 1
            state.listeners[number] = Listener(continuation: continuation)
            defer { state.isLooking = true }
            return (number, !state.isLooking)
        }
        if starts { Task { await look(since: seen) } }
        return (stream, number)
    }

    func leave(_ number: Int) {
        state.withLock { $0.listeners.removeValue(forKey: number) }?.continuation.finish()
    }

    private func look(since first: Scene) async {
        var seen = first
        while true {
            try? await Task.sleep(for: Self.interval)
            let scene = scene()
            let hasChanged = scene != seen
            seen = scene
            let goesOn = state.withLock { state in
                guard !state.listeners.isEmpty else {
                    state.isLooking = false
                    return false
                }
                for number in state.listeners.keys { tell(number, hasChanged, &state) }
                return true
            }
            guard goesOn else { return }
        }
    }

    private func tell(_ number: Int, _ hasChanged: Bool, _ state: inout State) {
        guard var listener = state.listeners[number] else { return }
        listener.silence += 1
        if hasChanged || listener.silence >= patience {
            listener.silence = 0
            listener.continuation.yield(hasChanged ? .change : .nothing)
        }
        state.listeners[number] = listener
    }
}
