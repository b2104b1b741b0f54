import Access
import HTTPTypes
import Hummingbird
import JSONText
import Query
import StoreColumns

/// `/explain/<rule>?id=…` or `?key=…`: why a rule holds for a row; without either which of its conditions fails how often, `by=` a field;
/// `/explain` alone lists the rules. JSON, or a page for a browser. Everything is asked as a document would ask it.
extension Answerer {
    func answerExplanation(_ rule: String?, _ request: Request, _ caller: Caller?) async throws(Refusal) -> Response {
        let parameters = try URLParameters(target: request.head.path)
        let wantsPage = content.pages.explanation != nil && Self.prefersPage(request.headers[.accept])
        let mediaType: AnswerMediaType = wantsPage ? .json : try mediaType(of: request, preferred: .json)
        let moment = try await moment(parameters, request, caller)
        let question = try ExplanationQuestion(rule: rule, parameters)
        let limits = content.limits
        let pairs = parameters.pairs
        let answer = try await ask(moment, caller, at: .explanation(rule)) { () throws(RequestError) in
            var request = try question.request(limits)
            try request.takeParameters(fromURL: pairs)
            return request
        }
        let isHead = request.method == .head
        // What cannot be explained is a mistake of the address; data that is null beside errors says less to whoever wrote it.
        let status: HTTPResponse.Status =
            switch answer.outcome {
            case .data: .ok
            case .dataIsNull, .dataWithErrors: .unprocessableContent
            default: answer.outcome.status(in: settings.statuses, as: mediaType)
            }
        var response: Response
        if wantsPage, let page = content.pages.explanation {
            let filled = page(
                ExplanationPage(rule: rule, parameters: parameters.pairs.map { ($0.name, $0.value) }, answer: answer.body))
            var fields = SecurityFields.form
            fields[.contentType] = "text/html; charset=utf-8"
            response = Response(status: status, headers: fields, bytes: filled, isHead: isHead)
            response.headers[.dataVersion] = String(answer.version)
            response.headers[.dataAsOf] = answer.asOf.description
        } else {
            response = self.response(answer, as: mediaType, isHead: isHead)
            response.status = status
        }
        response.headers[.vary] = "Accept"
        return response
    }

    /// Whether a client names pages before JSON, as browsers do.
    static func prefersPage(_ accept: String?) -> Bool {
        guard let accept, AnswerMediaType.plain(accept: accept, preferred: .json) == nil else { return false }
        let names = HeaderValue.list(accept).compactMap { HeaderValue($0)?.value }
        guard let page = names.firstIndex(of: "text/html") else { return false }
        return names.firstIndex { $0 == "application/json" || $0 == "application/graphql-response+json" }.map { page < $0 }
            ?? true
    }
}

/// What an address of an explanation asks, as a document with variables.
struct ExplanationQuestion: Sendable {
    /// Parameters that the address has for itself; all others are the rule's variables.
    static let ownParameters: Set<String> = ["id", "key", "by", "among", "evidence", "first", "personal"]

    private var document: [UInt8]
    private var variables: [UInt8]

    init(rule: String?, _ parameters: URLParameters) throws(Refusal) {
        guard let rule else {
            document = Array(ExplanationDocuments.rules.utf8)
            variables = Array("{}".utf8)
            return
        }
        let named = (id: try parameters.single("id"), key: try parameters.single("key"))
        let asksForRow = named.id != nil || named.key != nil
        document = Array((asksForRow ? ExplanationDocuments.verdict : ExplanationDocuments.failures).utf8)
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.name("rule")
        writer.string(rule)
        for name in asksForRow ? ["id", "key"] : ["by"] {
            guard let value = try parameters.single(name) else { continue }
            writer.name(name)
            writer.string(value)
        }
        for name in asksForRow ? ["evidence"] : ["first"] {
            guard let value = try parameters.single(name) else { continue }
            guard let number = Int(value) else { throw .parameterInvalid(name: name, reason: "is not a number") }
            writer.name(name)
            writer.int(number)
        }
        if !asksForRow, let value = try parameters.single("among") {
            writer.name("among")
            writer.beginArray()
            for part in value.split(separator: ",") {
                guard let number = Int(part) else {
                    throw .parameterInvalid(name: "among", reason: "is not a list of numbers as 0,2")
                }
                writer.separate()
                writer.int(number)
            }
            writer.endArray()
        }
        if let value = try parameters.single("personal") {
            guard value == "true" || value == "false" else {
                throw .parameterInvalid(name: "personal", reason: "is true or false")
            }
            writer.name("personal")
            writer.boolean(value == "true")
        }
        writer.name("variables")
        writer.beginArray()
        let reserved = Self.ownParameters.union(SavedQuestion.reservedParameters)
        for pair in parameters.pairs
        where !reserved.contains(pair.name) && !pair.name.hasPrefix(QueryRequest.parameterPrefix) && !pair.value.isEmpty {
            writer.separate()
            writer.beginObject()
            writer.name("name")
            writer.string(pair.name)
            writer.name("value")
            writer.string(pair.value)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        variables = writer.finish()
    }

    func request(_ limits: QueryLimits) throws(RequestError) -> QueryRequest {
        try QueryRequest(document: document, jsonVariables: variables, limits: limits)
    }
}
