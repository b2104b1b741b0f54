import Access
import HTTPTypes
import Hummingbird
import NIOCore
import Query
import Settings
import Store
import StoreColumns

/// Questions: documents by POST and GET, and saved ones by name.
extension Answerer {
    func answerPost(_ request: Request, _ caller: Caller?) async throws(Refusal) -> Response {
        try RequestMediaType.requireJSON(
            contentType: request.headers[.contentType], contentEncoding: request.headers[.contentEncoding])
        let mediaType = try mediaType(of: request)
        let parameters = try URLParameters(target: request.head.path)
        let moment = try await moment(parameters, request, caller)
        let body = try await collectedBody(of: request)
        let limits = content.limits
        let pairs = parameters.pairs
        let clock = try explainClock(parameters)
        let answer = try await ask(moment, caller, at: .graphQL) { () throws(RequestError) in
            var request = try QueryRequest.parse(json: body, limits: limits)
            try request.takeParameters(fromURL: pairs)
            request.explainClock = clock
            return request
        }
        return response(answer, as: mediaType, isHead: false)
    }

    func answerGet(_ request: Request, _ caller: Caller?) async throws(Refusal) -> Response {
        let mediaType = try mediaType(of: request)
        let parameters = try URLParameters(target: request.head.path)
        let moment = try await moment(parameters, request, caller)
        let query = try parameters.single("query")
        let variables = try parameters.single("variables")
        let extensions = try parameters.single("extensions")
        let operationName = try parameters.single("operationName")
        let limits = content.limits
        let pairs = parameters.pairs
        let clock = try explainClock(parameters)
        let answer = try await ask(moment, caller, at: .graphQL) { () throws(RequestError) in
            var request = try QueryRequest.parse(
                query: query, variables: variables, extensions: extensions, operationName: operationName, limits: limits)
            try request.takeParameters(fromURL: pairs)
            request.explainClock = clock
            return request
        }
        return response(answer, as: mediaType, isHead: request.method == .head)
    }

    func answerQuestion(_ name: String, _ request: Request, _ caller: Caller?) async throws(Refusal) -> Response {
        guard let question = content.questions[name] else { throw .notFound }
        let mediaType = try mediaType(of: request, preferred: .json)
        let parameters = try URLParameters(target: request.head.path)
        let moment = try await moment(parameters, request, caller)
        let pairs = parameters.pairs
        let clock = try explainClock(parameters)
        let answer = try await ask(moment, caller, at: .question(name)) { () throws(RequestError) in
            var request = try question.request(fromURL: pairs)
            request.explainClock = clock
            return request
        }
        return response(answer, as: mediaType, isHead: request.method == .head)
    }

    /// The clock of an answer that is to say how it was found: `explain=1`.
    private func explainClock(_ parameters: URLParameters) throws(Refusal) -> (@Sendable () -> Int64)? {
        switch try parameters.single("explain") {
        case nil, "0"?: return nil
        case "1"?: return ExplainClock.nanoseconds
        default: throw .parameterInvalid(name: "explain", reason: "is 1 or 0")
        }
    }

    func mediaType(of request: Request, preferred: AnswerMediaType = .graphQLResponse) throws(Refusal) -> AnswerMediaType {
        guard let mediaType = AnswerMediaType.best(accept: request.headers[.accept], preferred: preferred) else {
            throw .notAcceptable(found: request.headers[.accept] ?? "", offered: AnswerMediaType.offered)
        }
        return mediaType
    }

    /// Reads the body as far as the limit. The connection's guard has cut off what is longer.
    private func collectedBody(of request: Request) async throws(Refusal) -> [UInt8] {
        let bodyByteLimit = settings.limits["max-body-bytes"]
        do {
            return Array(buffer: try await request.body.collect(upTo: bodyByteLimit))
        } catch {
            throw .bodyTooLarge(limit: bodyByteLimit)
        }
    }

    /// The version and the day a request names, in its URL or its fields; else the current ones.
    func moment(
        _ parameters: URLParameters, _ request: Request, _ caller: Caller?
    ) async throws(Refusal) -> Asking.Moment {
        let name = try versionName(parameters)
        var terms = VersionTerms(isNamed: name != nil)
        (terms.today, terms.newest) = (content.today(), content.store.current)
        if let asked = request.headers[.minDataVersion] {
            guard let number = UInt64(asked) else { throw .parameterInvalid(name: "Min-Data-Version", reason: "is not a number") }
            terms.minimum = number
        }
        let version = if let name { try await version(name) } else { content.store.current }
        // Whatever the operation says: a newer one there is not.
        if let minimum = terms.minimum, minimum > version.number {
            let what = name == nil ? "the data is" : "the request names one"
            throw .versionNotReached(
                "Version \(minimum) is asked for at least (Min-Data-Version); \(what) at version \(version.number).")
        }
        var asOf = content.today()
        if let asked = try parameters.single("asOf") {
            guard let date = CivilDate(isoText: asked) else {
                throw .parameterInvalid(name: "asOf", reason: "is not a date as 2026-12-31")
            }
            asOf = date
        }
        return Asking.Moment(version: version, asOf: asOf, terms: terms, role: caller?.key?.role)
    }

    /// The version that a request names in its URL, by number or by a moment; nil where it names none.
    private func versionName(_ parameters: URLParameters) throws(Refusal) -> VersionName? {
        let moment = try parameters.single("knownAt")
        if let asked = try parameters.single("version") {
            guard moment == nil else {
                throw .parameterInvalid(name: "knownAt", reason: "names a version, and so does 'version'")
            }
            guard let number = UInt64(asked) else { throw .parameterInvalid(name: "version", reason: "is not a number") }
            return .number(number)
        }
        guard let moment else { return nil }
        guard let instant = Instant(isoText: moment) else {
            throw .parameterInvalid(name: "knownAt", reason: "is not an instant as 2026-12-31T08:00:00Z")
        }
        return .knownAt(instant)
    }

    /// A version that may have to be opened from a file, or made again.
    private func version(_ name: VersionName) async throws(Refusal) -> GraphVersion {
        switch await asking.finder.find(name, milliseconds: asking.deadlineMilliseconds) {
        case .success(let version): return version
        case .failure(let reason):
            switch reason {
            case .gone: throw .versionGone("\(reason)")
            case .notReached: throw .versionNotReached("\(reason)")
            case .before(let first):
                throw .parameterInvalid(name: "knownAt", reason: "lies before the first version, of \(first)")
            case .stopped: throw .versionTimeout("\(reason)")
            case .busy(let limit):
                throw .overloaded(name: VersionFinder.waitingLimitName, limit: limit, retryAfterSeconds: 1)
            }
        }
    }

    func response(_ answer: Asking.Answered, as mediaType: AnswerMediaType, isHead: Bool) -> Response {
        let status = answer.outcome.status(in: settings.statuses, as: mediaType)
        var fields = SecurityFields.answer(mediaType.label(status: status, in: settings.statuses))
        fields.append(HTTPField(name: .dataVersion, value: String(answer.version)))
        fields.append(HTTPField(name: .dataAsOf, value: answer.asOf.description))
        if answer.outcome == .mutationOverGet { fields[.allow] = "POST" }
        return Response(status: status, headers: fields, bytes: answer.body, isHead: isHead)
    }
}
