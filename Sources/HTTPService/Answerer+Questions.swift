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
        let isLive = Self.wantsEvents(request.headers[.accept])
        let parameters = try URLParameters(target: request.head.path)
        let form: AnswerForm =
            isLive ? .graphQL(.graphQLResponse) : try self.form(of: request, .graphQLResponse, parameters)
        let body = try await collectedBody(of: request)
        let limits = content.limits
        let clock = try explainClock(parameters)
        let byteCount = (request.head.path ?? "").utf8.count + body.count
        let inquiry = Inquiry(route: .graphQL, parameters: parameters, byteCount: byteCount) { () throws(RequestError) in
            var request = try QueryRequest.parse(json: body, limits: limits)
            try request.takeParameters(fromURL: parameters.pairs)
            request.explainClock = clock
            // What is answered again and again changes nothing.
            if isLive { request.allowsMutation = false }
            return request
        }
        guard !isLive else { return try await live(request, caller) { inquiry } }
        guard case .graphQL(let mediaType) = form else { return try await poll(inquiry, request, caller, as: form) }
        let moment = try await moment(parameters, request, caller)
        let answer = try await ask(moment, caller, at: .graphQL, byteCount: byteCount, read: inquiry.read)
        return response(answer, as: mediaType, isHead: false)
    }

    func answerGet(_ request: Request, _ caller: Caller?) async throws(Refusal) -> Response {
        if let known = try await known(.graphQL, request, caller) { return known }
        let parameters = try URLParameters(target: request.head.path)
        let query = try parameters.single("query")
        let variables = try parameters.single("variables")
        let extensions = try parameters.single("extensions")
        let operationName = try parameters.single("operationName")
        let limits = content.limits
        let clock = try explainClock(parameters)
        let byteCount = (request.head.path ?? "").utf8.count
        let inquiry = Inquiry(route: .graphQL, parameters: parameters, byteCount: byteCount) { () throws(RequestError) in
            var request = try QueryRequest.parse(
                query: query, variables: variables, extensions: extensions, operationName: operationName, limits: limits)
            try request.takeParameters(fromURL: parameters.pairs)
            request.explainClock = clock
            return request
        }
        guard !Self.wantsEvents(request.headers[.accept]) else { return try await live(request, caller) { inquiry } }
        return try await poll(inquiry, request, caller, as: try form(of: request, .graphQLResponse, parameters))
    }

    /// - Parameter format: The extension of the address, if it has one.
    func answerQuestion(
        _ name: String, _ format: String?, _ request: Request, _ caller: Caller?
    ) async throws(Refusal) -> Response {
        if let known = try await known(.question(name), request, caller) { return known }
        let desk = try await desk(of: caller)
        guard desk.questions.questions[name] != nil else { throw .notFound }
        if format == nil, let page = try await questionPage(name, request, caller) { return page }
        let given = request.method == .post ? try await questionBody(request) : .nothing
        guard format != nil || !Self.wantsEvents(request.headers[.accept]) else {
            return try await live(request, caller) { () throws(Refusal) in try inquiry(name, given, request, desk) }
        }
        let parameters = try URLParameters(target: request.head.path)
        let form: AnswerForm =
            if let format {
                try self.form(extension: format, parameters)
            } else {
                try self.form(of: request, .json, parameters)
            }
        return try await poll(try inquiry(name, given, request, desk), request, caller, as: form)
    }

    /// What is answered to an address with an extension, whatever `Accept` says.
    private func form(extension text: String, _ parameters: URLParameters) throws(Refusal) -> AnswerForm {
        if text == "json" { return .graphQL(.json) }
        guard let format = TableFormat(rawValue: text) else {
            throw .notAcceptable(found: ".\(text)", offered: AnswerForm.offeredExtensions)
        }
        return .table(try TableOptions(format, parameters, isDownload: true))
    }

    private func form(
        of request: Request, _ preferred: AnswerMediaType, _ parameters: URLParameters
    ) throws(Refusal) -> AnswerForm {
        try AnswerForm.best(accept: request.headers[.accept], preferred: preferred, parameters)
    }

    /// Variables that stand in a body and not in the address.
    enum QuestionBody: Sendable {
        case nothing
        case form([(name: String, value: String)])
        case json([UInt8])

        var byteCount: Int {
            switch self {
            case .nothing: 0
            case .form(let pairs): pairs.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
            case .json(let body): body.count
            }
        }
    }

    private func questionBody(_ request: Request) async throws(Refusal) -> QuestionBody {
        let expected = "application/x-www-form-urlencoded or application/json"
        guard let field = request.headers[.contentType], let value = HeaderValue(field) else {
            throw .mediaTypeUnsupported(found: request.headers[.contentType], expected: expected)
        }
        switch value.value {
        case "application/json":
            try RequestMediaType.requireJSON(contentType: field, contentEncoding: request.headers[.contentEncoding])
            return .json(try await collectedBody(of: request))
        case "application/x-www-form-urlencoded":
            if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" {
                throw .encodingUnsupported(encoding)
            }
            let text = String(decoding: try await collectedBody(of: request), as: UTF8.self)
            return .form(try URLParameters(target: "?" + text).pairs)
        default: throw .mediaTypeUnsupported(found: field, expected: expected)
        }
    }

    /// A saved question with the parameters of the URL and of the body.
    func inquiry(
        _ name: String, _ given: QuestionBody, _ request: Request, _ desk: Desk
    ) throws(Refusal) -> Inquiry {
        let (questions, generation) = desk.questions
        guard let question = questions[name] else { throw .notFound }
        let parameters = try URLParameters(target: request.head.path)
        let clock = try explainClock(parameters)
        let limits = content.limits
        var inquiry = Inquiry(
            route: .question(name), parameters: parameters, byteCount: (request.head.path ?? "").utf8.count + given.byteCount,
            namesChange: true, generation: generation
        ) { () throws(RequestError) in
            var request: QueryRequest
            switch given {
            case .nothing: request = try question.request(fromURL: parameters.pairs)
            case .form(let pairs): request = try question.request(fromURL: parameters.pairs + pairs)
            case .json(let body): request = try question.request(fromURL: parameters.pairs, json: body, limits: limits)
            }
            request.explainClock = clock
            return request
        }
        inquiry.table = question.table
        return inquiry
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
    func collectedBody(of request: Request) async throws(Refusal) -> [UInt8] {
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
        // Whoever came so far has been asked; if not, nothing is seen as anybody.
        guard let caller else { throw .unauthenticated }
        let name = try versionName(parameters)
        let desk = try await desk(of: caller)
        var terms = VersionTerms(isNamed: name != nil)
        (terms.today, terms.newest) = (content.today(), content.store.current)
        if let asked = request.headers[.minDataVersion] {
            guard let number = UInt64(asked) else { throw .parameterInvalid(name: "Min-Data-Version", reason: "is not a number") }
            terms.minimum = number
        }
        let version: GraphVersion
        if desk.seesAggregatesOnly {
            // Whoever names one all the same is told that he may not.
            version = try await versionOfDay()
            terms.newest = version
        } else if let name {
            version = try await self.version(name)
        } else {
            version = content.store.current
        }
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
        return Asking.Moment(
            version: version, asOf: asOf, terms: terms, caller: caller, desk: desk,
            reason: try StatedReason.read(request.headers))
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

    /// The one version of today, for whoever sees aggregates only.
    private func versionOfDay() async throws(Refusal) -> GraphVersion {
        try Self.found(await dayVersion.version(of: content.today(), milliseconds: asking.deadlineMilliseconds))
    }

    /// A version that may have to be opened from a file, or made again.
    private func version(_ name: VersionName) async throws(Refusal) -> GraphVersion {
        try Self.found(await asking.finder.find(name, milliseconds: asking.deadlineMilliseconds))
    }

    private static func found(_ result: Result<GraphVersion, VersionUnavailable>) throws(Refusal) -> GraphVersion {
        switch result {
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
        if let timing = Self.timing(answer) { fields[.serverTiming] = timing }
        if answer.outcome == .mutationOverGet { fields[.allow] = "POST" }
        return Response(status: status, headers: fields, bytes: answer.body, isHead: isHead)
    }

    /// `Server-Timing`: what the question itself took, on its thread; nil where nothing was run.
    static func timing(_ answer: Asking.Answered) -> String? {
        guard answer.ranMilliseconds > 0 else { return nil }
        let microseconds = Int((answer.ranMilliseconds * 1_000).rounded())
        let fraction = String(1_000 + microseconds % 1_000).dropFirst()
        return "answer;dur=\(microseconds / 1_000).\(fraction)"
    }
}
