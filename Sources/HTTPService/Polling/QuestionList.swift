import Query
import Synchronization

/// The list of the saved questions as `/q` and `/openapi.json` tell it: made again when they are replaced.
final class QuestionList: Sendable {
    private let known = Mutex<(generation: Int, content: FixedContent)?>(nil)
    private let knownAPI = Mutex<(generation: Int, content: FixedContent)?>(nil)

    func openAPI(_ asked: (questions: SavedQuestions, generation: Int), hasKeys: Bool) -> FixedContent {
        let (questions, generation) = asked
        if let content = knownAPI.withLock({ $0?.generation == generation ? $0?.content : nil }) { return content }
        let content = FixedContent(
            contentType: AnswerMediaType.json.contentType, bytes: OpenAPI.document(of: questions, hasKeys: hasKeys))
        knownAPI.withLock { $0 = (generation, content) }
        return content
    }

    func current(_ asked: (questions: SavedQuestions, generation: Int)) -> FixedContent {
        let (questions, generation) = asked
        if let content = known.withLock({ $0?.generation == generation ? $0?.content : nil }) { return content }
        let content = FixedContent(contentType: AnswerMediaType.json.contentType, bytes: questions.listing)
        known.withLock { $0 = (generation, content) }
        return content
    }
}
