import Synchronization

/// The saved questions as they are now: files may change while the server runs.
package final class QuestionShelf: Sendable {
    private struct State: Sendable {
        var questions: SavedQuestions
        var generation = 0
    }

    private let state: Mutex<State>

    package init(_ questions: SavedQuestions = SavedQuestions()) { state = Mutex(State(questions: questions)) }

    package var current: SavedQuestions { state.withLock { $0.questions } }

    /// How often they were replaced.
    package var generation: Int { state.withLock { $0.generation } }

    /// The questions with the generation that they are.
    package var both: (questions: SavedQuestions, generation: Int) { state.withLock { ($0.questions, $0.generation) } }

    /// Takes others in place of all that are there. What is being answered goes on with those it began with.
    package func replace(with questions: SavedQuestions) {
        // What is forgotten is released outside the lock.
        let forgotten = state.withLock { state in
            let forgotten = state.questions
            state = State(questions: questions, generation: state.generation + 1)
            return forgotten
        }
        _ = forgotten
    }
}
