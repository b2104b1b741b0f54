import NIOCore
import Synchronization

/// What one event loop does between two looks at its sockets: how many questions it has answered there itself, so that whoever is read
/// next waits for few of them, however many clients ask at once.
final class LoopTurn: Sendable {
    private let eventLoop: any EventLoop
    private let limit: Int
    private let count = Atomic(0)

    fileprivate init(_ eventLoop: any EventLoop, limit: Int) {
        self.eventLoop = eventLoop
        self.limit = limit
    }

    /// Whether one more may be tried in this turn.
    func takesOne() -> Bool {
        let before = count.add(1, ordering: .relaxed).oldValue
        // Runs behind everything that this turn has read.
        if before == 0 { eventLoop.execute { [self] in count.store(0, ordering: .relaxed) } }
        return before < limit
    }
}

/// The turns of a server's event loops.
final class LoopTurns: Sendable {
    private let limit: Int
    private let turns = Mutex<[ObjectIdentifier: LoopTurn]>([:])

    /// - Parameter limit: Questions that are tried in a turn.
    init(limit: Int) { self.limit = limit }

    func turn(of eventLoop: any EventLoop) -> LoopTurn {
        turns.withLock { turns in
            if let known = turns[ObjectIdentifier(eventLoop)] { return known }
            let made = LoopTurn(eventLoop, limit: limit)
            turns[ObjectIdentifier(eventLoop)] = made
            return made
        }
    }
}
