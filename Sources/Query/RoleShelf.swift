import Model
import Synchronization

/// The saved questions that people of one role may ask: those of a shelf that the role's model can answer, whenever they are replaced.
package final class RoleShelf: Sendable {
    private let shelf: QuestionShelf
    private let fitting: @Sendable (SavedQuestions) -> SavedQuestions
    private let known = Mutex<(generation: Int, questions: SavedQuestions)?>(nil)

    /// - Parameters:
    ///   - model: of the role.
    ///   - names: of those that may be asked; nil for all that can be.
    package init(
        _ shelf: QuestionShelf, fitting model: Model, limits: QueryLimits, language: QueryLanguage, only names: Set<String>? = nil
    ) {
        self.shelf = shelf
        fitting = { $0.fitting(model, limits: limits, language: language, only: names) }
    }

    /// The questions with the generation of the shelf that they are of. Cost: they are read again where the shelf's were replaced.
    package var both: (questions: SavedQuestions, generation: Int) {
        let (all, generation) = shelf.both
        // Whoever asks while they are read waits for it.
        return known.withLock { known in
            if let known, known.generation == generation { return (known.questions, generation) }
            let questions = fitting(all)
            known = (generation, questions)
            return (questions, generation)
        }
    }
}
