import Synchronization

/// The client at the other end of one connection, as the request that is being answered sees it.
///
/// The event loop writes what it learns of the connection; the task that answers reads it.
final class Client: Sendable {
    /// The client whose request this task answers; `nil` outside of a connection.
    @TaskLocal static var current: Client?

    /// The machine at the other end, as the socket names it; empty where it does not.
    let address: String

    /// Of the event loop that reads its requests; nil where nobody counts.
    let turn: LoopTurn?

    init(address: String = "", turn: LoopTurn? = nil) {
        self.address = address
        self.turn = turn
    }

    private struct State {
        var hasLeft = false
        var closesAfterAnswer = false
        var onLeaving: (@Sendable () -> Void)?
        var answeringAgain: RepeatedHeads.Answering?
    }

    private let state = Mutex(State())

    /// Whether the answer to the present request ends the connection, and so must say `Connection: close`.
    var closesAfterAnswer: Bool { state.withLock { $0.closesAfterAnswer } }

    /// A request has been read; how its connection goes on.
    func begin(closesAfterAnswer: Bool) {
        state.withLock { state in
            state.closesAfterAnswer = closesAfterAnswer
            state.answeringAgain = nil
        }
    }

    /// The answer to the present request ends the connection, whatever the request said of it.
    func closeAfterAnswer() { state.withLock { $0.closesAfterAnswer = true } }

    /// Leaves word how the bytes of the present request are answered when they come again on this connection.
    func answersAgain(_ answering: @escaping RepeatedHeads.Answering) {
        state.withLock { $0.answeringAgain = answering }
    }

    /// The word that was left, once.
    func takeAnsweringAgain() -> RepeatedHeads.Answering? { state.withLock { $0.answeringAgain.take() } }

    /// Nobody will read the answer. Runs what waits for that, once.
    func leave() {
        let action = state.withLock { state in
            state.hasLeft = true
            return state.onLeaving.take()
        }
        action?()
    }

    /// Remembers what to do when the client leaves. If it has left, that is done now.
    func onLeaving(_ action: @escaping @Sendable () -> Void) {
        let isTooLate = state.withLock { state in
            if !state.hasLeft { state.onLeaving = action }
            return state.hasLeft
        }
        if isTooLate { action() }
    }

    /// The answer is made; nothing is left to do when the client leaves.
    func forgetLeaving() {
        state.withLock { $0.onLeaving = nil }
    }
}
