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

    func answer(_ question: Question, by service: QueryService) -> QueryAnswer {
        service.answer(
            question.request, version: register.version, asOf: question.asOf, viewer: QueryService.localViewer,
            budget: service.makeBudget())
    }
}
