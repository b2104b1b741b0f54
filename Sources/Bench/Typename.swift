import Bytes
import Query

/// The least that can be asked: from the value of a request to the bytes of its answer, its plan being known.
struct Typename {
    private let sample: Sample
    init(_ sample: Sample) { self.sample = sample }

    func group() throws -> Group {
        let service = sample.makeService()
        let request = QueryRequest(document: Array("{ __typename }".utf8))
        let question = Sample.Question(name: "__typename", target: "", request: request, asOf: sample.questions[0].asOf)
        let answer = sample.answer(question, by: service)
        guard answer.outcome == .data else {
            throw Sample.Unusable(description: String(decoding: answer.body, as: UTF8.self))
        }
        return Group(
            name: "typename", title: "{ __typename }, asked again",
            comparison: "beside the SHA-256 of the document, by which its plan is found",
            bodies: [
                Body("SHA-256", .things(1, "requests")) { SHA256Digest(of: request.document.span).bytes.count },
                Body("the whole answer", .things(1, "requests")) { sample.answer(question, by: service).body.count },
            ], peerTasks: [PeerTask("execute", document: "{ __typename }", schema: "type Query { nothing: Int }")])
    }
}
