import Access
import HTTPTypes
import Hummingbird
import JSONText
import Model
import NIOCore
import Query
import Store
import StoreColumns

/// Answers every request: origin, route, method, then what stands there.
struct Answerer: HTTPResponder {
    typealias Context = BasicRequestContext

    let content: ServiceContent
    let settings: ServiceSettings
    let state: ServerState
    let asking: Asking
    let log: EventLog
    let polls: Polls
    let ahead: AnswersAhead
    let imports: ImportDesk
    let places: LivePlaces
    let ticker: NewsTicker
    let desks: Desks
    let dayVersion: DayVersion
    let requests: RequestCounts
    let date = AnswerDate()

    func respond(to request: Request, context: Context) async throws -> Response {
        let start = ContinuousClock.now
        let route = Route(target: request.head.path ?? "").flatMap { content.pages.has($0) ? $0 : nil }
        let isHead = request.method == .head
        var response: Response
        var caller: Caller?
        var sender = OriginRule.Sender.own
        do throws(Refusal) {
            response = try await answer(request, at: route, &sender, &caller)
        } catch {
            log.tellRefusal(error, route: route?.name ?? "none")
            await tellRefusal(error, caller, request, route)
            response = signInInstead(of: error, request, route) ?? error.response(isHead: isHead)
        }
        CrossOrigin.allow(sender, &response.headers)
        if state.originRule?.allowsOthers == true { CrossOrigin.vary(&response.headers) }
        if state.isStopping { Client.current?.closeAfterAnswer() }
        if state.isStopping || Client.current?.closesAfterAnswer == true { response.headers[.connection] = "close" }
        let (milliseconds, byteCount) = ((ContinuousClock.now - start) / .milliseconds(1), response.body.contentLength ?? 0)
        requests.add(
            route: route?.name ?? "none", status: response.status.code, milliseconds: milliseconds, byteCount: byteCount)
        log.tellAnswer(
            route: route?.name ?? "none", method: route == nil ? "" : request.method.rawValue, status: response.status.code,
            milliseconds: milliseconds, byteCount: byteCount)
        return response
    }

    /// Where a request comes from: our own pages, or those of an origin that is allowed.
    func sender(of request: Request) throws(Refusal) -> OriginRule.Sender {
        try state.originRule?.check(
            authority: request.head.authority, origin: request.headers[.origin], fetchSite: request.headers[.secFetchSite],
            fetchMode: request.headers[.secFetchMode]) ?? .own
    }

    private func answer(
        _ request: Request, at route: Route?, _ sender: inout OriginRule.Sender, _ caller: inout Caller?
    ) async throws(Refusal) -> Response {
        sender = try self.sender(of: request)
        if sender != .own {
            if CrossOrigin.isPreflight(request) { return CrossOrigin.preflight }
            guard route?.isForOwnPages != true else { throw .originForeign(found: request.headers[.origin]) }
        }
        // Before the route is looked at: what is there is nobody's business who may not ask.
        if route?.isOpen != true { caller = try await self.caller(of: request, from: sender) }
        guard let route else { throw .notFound }
        guard route.methods.contains(request.method) else {
            throw .methodNotAllowed(found: request.method.rawValue, allowed: route.methods.map(\.rawValue))
        }
        let isHead = request.method == .head
        switch route {
        case .live:
            return status("live", isHead: isHead)
        case .ready:
            return ready(isHead: isHead)
        case .graphQL:
            try await requireDocuments(of: caller)
            return request.method == .post ? try await answerPost(request, caller) : try await answerGet(request, caller)
        case .signIn: return try await answerSignIn(request)
        case .signOut: return try await answerSignOut(request)
        case .schema:
            guard let schema = try await desk(of: caller).schema else { throw .schemaHidden }
            return fixed(schema, to: request)
        case .questions:
            if let page = try await questionListPage(request, caller) { return page }
            return fixed(try await desk(of: caller).listing, to: request)
        case .events:
            return try await answerEvents(request, caller)
        case .question(let name):
            return try await answerQuestion(name, nil, request, caller)
        case .questionTable(let name, let format):
            return try await answerQuestion(name, format, request, caller)
        case .openAPI:
            return fixed(try await desk(of: caller).openAPI(hasKeys: settings.doorkeeper != nil), to: request)
        case .metrics:
            return answerMetrics(showsRows: try await desk(of: caller).isWhole, isHead: isHead)
        case .questionSource(let name):
            let own = try await desk(of: caller)
            // A question that this role cannot ask whole: who may ask documents may ask for what he has of it.
            let others = own.asksSavedOnly ? nil : desks.whole.questions.questions[name]
            guard let question = own.questions.questions[name] ?? others else { throw .notFound }
            return text(Array(question.text.utf8), contentType: "text/plain; charset=utf-8", isHead: isHead)
        case .imports: return try await answerImports(request, caller)
        case .importJob(let name): return try await answerImport(name, request, caller)
        case .archives: return try await answerArchives(request, caller)
        case .archive(let name): return try await answerArchive(name, request, caller)
        case .archiveFile(let name): return try await answerArchiveFile(name, request, caller)
        case .auditQuestions: return try await answerAuditQuestions(request, caller)
        case .auditQuestion(let name, let format): return try await answerAuditQuestion(name, format, request, caller)
        case .explanation(let rule):
            try await requireDocuments(of: caller)
            return try await answerExplanation(rule, request, caller)
        case .startPage:
            let page = content.pages.start(content.store.current, content.today(), try await desk(of: caller).isWhole)
            return fixed(FixedContent(contentType: "text/html; charset=utf-8", bytes: page), to: request, SecurityFields.page)
        case .page(let name):
            guard let page = content.pages.named[name] else { throw .notFound }
            return fixed(page, to: request, SecurityFields.page)
        case .asset(let name):
            guard let asset = content.pages.assets[name] else { throw .notFound }
            return fixed(asset, to: request)
        }
    }

    /// Refuses documents of whoever asks saved questions only.
    private func requireDocuments(of caller: Caller?) async throws(Refusal) {
        guard try await desk(of: caller).asksSavedOnly else { return }
        throw .savedQuestionsOnly(role: caller?.asker?.role ?? "")
    }

    /// Where whoever sent a request asks.
    func desk(of caller: Caller?) async throws(Refusal) -> Desk {
        try await desks.desk(of: caller?.viewer ?? QueryService.localViewer)
    }

    /// What does not change often: kept by the browser, which asks whether it is still so.
    func fixed(_ content: FixedContent, to request: Request, _ fields: HTTPFields = SecurityFields.data) -> Response {
        let (form, isCompressed) = content.form(acceptEncoding: request.headers[.acceptEncoding])
        var fields = fields
        fields[.cacheControl] = "private, no-cache"
        fields[.eTag] = form.entityTag
        fields[.vary] = "Accept-Encoding"
        if EntityTags.match(request.headers[.ifNoneMatch], form.entityTag) {
            return Response(status: .notModified, headers: fields)
        }
        fields[.contentType] = content.contentType
        if isCompressed { fields[.contentEncoding] = "gzip" }
        return Response(status: .ok, headers: fields, bytes: form.bytes, isHead: request.method == .head)
    }

    private func text(
        _ bytes: [UInt8], contentType: String, fields: HTTPFields = SecurityFields.data, isHead: Bool
    ) -> Response {
        var fields = fields
        fields[.contentType] = contentType
        return Response(status: .ok, headers: fields, bytes: bytes, isHead: isHead)
    }

    // MARK: Health

    private func status(_ word: String, isHead: Bool) -> Response {
        Response(json: Array("{\"status\":\"\(word)\"}".utf8), isHead: isHead)
    }

    private func ready(isHead: Bool) -> Response {
        if state.isStopping { return Refusal.stopping.response(isHead: isHead) }
        let version = content.store.current
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.name("status")
        writer.string("ready")
        writer.name("version")
        writer.string(String(version.number))
        writer.name("publishedAt")
        writer.string(String(describing: version.publishedAt))
        writer.name("asOf")
        writer.string(String(describing: content.today()))
        writer.name("writable")
        writer.boolean(content.isWritable)
        if let reason = content.store.readOnlyReason {
            writer.name("reason")
            writer.string(reason)
        }
        if let masking = content.queries.model.masking { writer.member("masked", masking.profile) }
        writer.name("verified")
        let verification = content.store.verificationState
        writer.boolean(verification == .passed)
        if case .damaged = verification {
            writer.name("damaged")
            writer.boolean(true)
        }
        let counts = asking.counts
        writer.name("running")
        writer.int(counts.running)
        writer.name("long")
        writer.int(counts.long)
        writer.name("waiting")
        writer.int(counts.waiting)
        writer.endObject()
        return Response(json: writer.finish(), isHead: isHead)
    }
}
