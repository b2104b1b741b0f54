import Dispatch
import Synchronization

/// One after the other: changes are staged here, and everything that must not meet a change.
///
/// To wake a thread costs more than to stage a row. So whoever brings a small piece, and has the time, does it at once where nobody
/// is at it, and then what others have brought meanwhile; all else is done on a queue of its own.
final class StagingLine: Sendable {
    private struct Piece: Sendable {
        var isSmall: Bool
        var work: @Sendable () -> Void
    }

    private struct State {
        var waiting: [Piece] = []
        /// The place in `waiting` of the next; those before it are gone.
        var next = 0
        /// Whether somebody is at it.
        var isBusy = false
    }

    /// What a borrowed thread does of others' before it goes back to its own business: a millisecond's work.
    private static let borrowedCount = 32

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "store.staging")

    /// Adds a piece, done after all that were added before.
    ///
    /// - Parameters:
    ///   - isSmall: it takes some microseconds.
    ///   - isLent: the caller's thread may do some small pieces before this returns.
    func add(isSmall: Bool = false, isLent: Bool = false, _ work: @escaping @Sendable () -> Void) {
        let begins = state.withLock { state in
            state.waiting.append(Piece(isSmall: isSmall, work: work))
            defer { state.isBusy = true }
            return !state.isBusy
        }
        guard begins else { return }
        guard isSmall, isLent else { return queue.async { self.run() } }
        for _ in 0..<Self.borrowedCount {
            switch next(onlySmall: true) {
            case .piece(let piece): piece.work()
            case .large: return queue.async { self.run() }
            case .nothing: return
            }
        }
        queue.async { self.run() }
    }

    /// Runs something between two pieces; the caller's thread waits for its turn.
    func alone<Value: Sendable, Failure: Error>(
        _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let (turn, end) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        add {
            turn.signal()
            end.wait()
        }
        turn.wait()
        defer { end.signal() }
        return try body()
    }

    private func run() {
        while case .piece(let piece) = next(onlySmall: false) { piece.work() }
    }

    private enum Next { case piece(Piece), large, nothing }

    /// The next piece; once there is none, nobody is at it.
    private func next(onlySmall: Bool) -> Next {
        state.withLock { state in
            guard state.next < state.waiting.count else {
                state.waiting.removeAll(keepingCapacity: true)
                state.next = 0
                state.isBusy = false
                return .nothing
            }
            let piece = state.waiting[state.next]
            if onlySmall, !piece.isSmall { return .large }
            state.next += 1
            if state.next >= 64, state.next * 2 >= state.waiting.count {
                state.waiting.removeFirst(state.next)
                state.next = 0
            }
            return .piece(piece)
        }
    }
}
