import JSONText
import Query

/// The file of a saved question can be asked, or says why not; what there is to ask is listed as JSON either way.
enum QuestionLaws {
    static func check(_ bytes: [UInt8]) throws(BrokenLaw) {
        let questions = SavedQuestions(
            files: [.init(name: "sample", bytes: bytes)], model: SampleData.model, limits: RequestLaws.limits)
        try JSONLaws.checkAnswer(questions.listing)
        guard let question = questions["sample"] else { throw BrokenLaw("a question is lost") }
        try hold(question.problems.allSatisfy { !$0.isEmpty }, "a problem without words")
        let request: QueryRequest
        do throws(RequestError) {
            request = try question.request(fromURL: [("asOf", "2020-01-01"), ("number", "1")])
        } catch {
            return try hold(!error.errors.isEmpty, "refused without a reason")
        }
        try hold(question.problems.isEmpty, "a question with problems can be asked")
        try RequestLaws.checkAnswers(request)
    }
}
