import Expressions
import HTTPService
import Model
import Query
import StoreColumns

/// The sample register, and the questions of `Questions.txt` ready to be asked of it.
struct Sample {
    struct Question {
        var name: String
        /// As in a URL: `/q/name?parameter=value&asOf=date`.
        var target: String
        var request: QueryRequest
        var asOf: CivilDate
    }

    struct Unusable: Error, CustomStringConvertible {
        var description: String
    }

    let root: String
    let register: Register
    let saved: SavedQuestions
    let questions: [Question]

    /// - Throws: Whatever keeps the sample or a question from being used.
    static func load(root: String) throws -> Sample {
        let register = try Register.load(
            Register.Places(model: root + "/Schema/model", rows: root + "/Snapshots/hanyang"),
            publishedAt: Instant(microseconds: 0), asOf: Instant(microseconds: 0).day)
        let files = try RegisterFiles.questions(in: root + "/Schema/queries")
        let saved = SavedQuestions(files: files, model: register.model, limits: QueryLimits())
        let lines = String(decoding: try RegisterFiles.bytes(of: root + "/Sources/Bench/Questions.txt"), as: UTF8.self)
            .split(separator: "\n").filter { !$0.hasPrefix("#") }
        return Sample(root: root, register: register, saved: saved, questions: try lines.map { try question($0, saved) })
    }

    /// `name?parameter=value&parameter=value date`
    private static func question(_ line: Substring, _ saved: SavedQuestions) throws -> Question {
        let parts = line.split(separator: " ")
        guard parts.count == 2, let asOf = CivilDate(isoText: parts[1]) else {
            throw Unusable(description: "Questions.txt: '\(line)' is no question with a date.")
        }
        let halves = parts[0].split(separator: "?", maxSplits: 1)
        guard let question = saved[String(halves[0])] else {
            throw Unusable(description: "Questions.txt: there is no saved question '\(halves[0])'.")
        }
        let parameters = (halves.count > 1 ? halves[1].split(separator: "&") : []).map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1).map(String.init)
            return (name: sides[0], value: sides.count > 1 ? sides[1] : "")
        }
        return Question(
            name: question.name, target: "/q/\(parts[0])\(parameters.isEmpty ? "?" : "&")asOf=\(asOf)",
            request: try question.request(fromURL: parameters), asOf: asOf)
    }

    /// A service that has answered nothing yet.
    func makeService() -> QueryService {
        QueryService(model: register.model, cursorKey: [UInt8](repeating: 7, count: 32))
    }

    /// What the names of a question's answers stand on; nil where they have none.
    func footing(of question: Question, by service: QueryService) -> AnswerFooting? {
        service.footing(
            of: question.request, version: register.version, asOf: question.asOf, viewer: QueryService.localViewer)
    }

    /// What may be spent where a question is tried, as the server allows it unless it is told otherwise.
    private static let allowance = Budget.Allowance(rows: 4_096, memory: 4_096 * 32)

    /// A question as a server answers who polls it, but for the wire: its name is looked up by what that stands on, the answer says since
    /// when it is as it is, and it is tried with an allowance. A try that comes to something which is made once for all who ask, as a
    /// derived column or an order of rows that pays by now, breaks off, and the question is answered whole and then tried again.
    ///
    /// - Throws: Where it comes to more than is allowed, whatever was made for it.
    func poll(_ question: Question, _ footing: AnswerFooting, by service: QueryService) throws -> QueryAnswer {
        for _ in 0..<Self.tryCount {
            if let answer = tried(question, footing, by: service) { return answer }
            answer(question, by: service).pace?.ran(isShort: true)
        }
        throw Unusable(description: "\(question.name) is more than may be tried.")
    }

    /// More than what these questions have made for them, of which each try finds one.
    private static let tryCount = 16

    /// - Returns: nil where it comes to more than is allowed.
    private func tried(_ question: Question, _ footing: AnswerFooting, by service: QueryService) -> QueryAnswer? {
        var request = question.request
        request.dataChange = footing.identity(in: register.version, asOf: question.asOf)
        var terms = VersionTerms(isNamed: false)
        (terms.today, terms.newest) = (question.asOf, register.version)
        let budget = service.makeBudget(Self.allowance)
        let step = service.begin(
            request, version: register.version, asOf: question.asOf, viewer: QueryService.localViewer, budget: budget, terms)
        guard case .answered(let answer) = step, answer.outcome == .data, !budget.isStopped else { return nil }
        answer.pace?.ran(isShort: true)
        return answer
    }

    func answer(_ question: Question, by service: QueryService) -> QueryAnswer {
        service.answer(
            question.request, version: register.version, asOf: question.asOf, viewer: QueryService.localViewer,
            budget: service.makeBudget())
    }
}
