import Access
import Bytes
import HTTPTypes
import Hummingbird
import Query
import Store
import StoreColumns

/// Questions that are asked again and again: with names of answers that are known before the answers are. `api.md` §7
extension Answerer {
    /// What the form of an answer adds to its name.
    private func tagForm(_ form: AnswerForm, namesChange: Bool) -> @Sendable (UInt64, CivilDate) -> String {
        let short = form.short
        // A table holds rows alone.
        if case .table = form { return { _, _ in short } }
        return { version, asOf in namesChange ? short : EntityTag.form(version, asOf, short) }
    }

    /// What is known of an answer before it is made.
    enum Foreknown {
        case unchanged
        case kept(Asking.Answered)
        /// It has to be made, and the request for it was read.
        case toBeAsked(Polls.Recipe)
        /// It has no name under which it could be kept, or its request has to be read anew: a table is made by a maker of its own.
        case unnamed
    }

    /// - Parameter condition: `If-None-Match`.
    func foreknown(_ poll: Polls.Poll, _ telling: Polls.Telling, condition: String?) -> Foreknown {
        if EntityTags.match(condition, telling.tag) { return .unchanged }
        guard let name = poll.keptName?(telling.identity, telling.version, telling.date) else { return .unnamed }
        if let kept = polls.answer(name) { return .kept(kept) }
        guard let recipe = poll.recipe, case .graphQL = poll.form else { return .unnamed }
        return .toBeAsked(recipe)
    }

    /// Answers a request that was asked before without reading it again. For the price of two look-ups: that nothing has changed, or
    /// what is kept since; else by asking what was read then. Nil where nothing is known of it.
    func known(_ route: Route, _ request: Request, _ caller: Caller?) async throws(Refusal) -> Response? {
        guard let caller, request.method != .post, request.headers[.minDataVersion] == nil else { return nil }
        let key = pollKey(request, caller)
        guard let poll = polls[key] else { return nil }
        let reason = try StatedReason.read(request.headers)
        let desk = try await desk(of: caller)
        // Whoever has to state a reason and does not is told so where it is found out what is asked.
        guard reason != nil || !desk.needsReasons else { return nil }
        poll.interest.note(.now())
        ahead.wake()
        guard let version = desk.seesAggregatesOnly ? dayVersion.atHand(content.today()) : content.store.current,
            let telling = telling(poll, version)
        else { return nil }
        let (condition, isHead) = (request.headers[.ifNoneMatch], request.method == .head)
        let response: Response
        switch foreknown(poll, telling, condition: condition) {
        case .unchanged:
            var answer = Asking.Answered(
                outcome: .data, body: [], version: version.number, asOf: telling.date, trail: poll.trail)
            answer.isUnchanged = true
            answer.reason = reason
            try await tell(answer, caller, at: route)
            response = Response(status: .notModified, headers: telling.unchanged)
        // What is told of figures of many is counted for each key, where questions are asked.
        case _ where desk.seesAggregatesOnly: return nil
        case .kept(var kept):
            (kept.version, kept.asOf, kept.trail, kept.reason) = (version.number, telling.date, poll.trail, reason)
            try await tell(kept, caller, at: route)
            response = again(kept, telling, as: poll.form, route, isHead: isHead)
        case .toBeAsked(let recipe):
            var moment = moment(version, telling, caller, desk)
            moment.reason = reason
            let answer = try await ask(
                moment, caller, at: route, recipe.condition, byteCount: key.target.utf8.count, read: recipe.read)
            guard let identity = answer.identity, answer.outcome == .data else {
                return varying(self.response(answer, as: poll.form, route, isHead: isHead))
            }
            keep(identity, of: poll, for: key)
            response = again(answer, telling, as: poll.form, route, isHead: isHead)
        case .unnamed: return nil
        }
        if reason == nil, case .graphQL = poll.form { answersAgain(request, key, at: route, caller) }
        return response
    }

    /// The newest data, as a request sees them that names no version.
    func moment(_ version: GraphVersion, _ telling: Polls.Telling, _ caller: Caller, _ desk: Desk) -> Asking.Moment {
        var terms = VersionTerms(isNamed: false)
        (terms.today, terms.newest) = (content.today(), version)
        return Asking.Moment(version: version, asOf: telling.asOf, terms: terms, caller: caller, desk: desk, reason: nil)
    }

    /// Remembers what the last answer is called.
    func keep(_ identity: AnswerIdentity, of known: Polls.Poll, for key: Polls.Key) {
        guard identity.name != known.name else { return }
        var poll = known
        poll.name = identity.name
        polls.keep(poll, for: key)
    }

    /// Data, as `named`.
    private func again(
        _ answer: Asking.Answered, _ telling: Polls.Telling, as form: AnswerForm, _ route: Route, isHead: Bool
    ) -> Response {
        guard var fields = telling.answered else {
            return named(answer, telling.tag, .revalidated, as: form, route, isHead: isHead)
        }
        if let timing = Self.timing(answer) { fields[.serverTiming] = timing }
        return Response(status: .ok, headers: fields, bytes: answer.body, isHead: isHead)
    }

    /// Nil where an answer from the version has no name.
    func telling(_ poll: Polls.Poll, _ version: GraphVersion) -> Polls.Telling? {
        let asOf = poll.asOf ?? content.today()
        if let telling = poll.told.telling(version.number, asOf) { return telling }
        guard let identity = poll.footing.identity(in: version, asOf: asOf) else { return nil }
        let date = poll.footing.date(asOf)
        let tag = EntityTag.text(identity, form: tagForm(poll.form, namesChange: poll.namesChange)(version.number, date))
        let unchanged = unchangedFields(version.number, date, poll.form, tag, .revalidated)
        var answered: HTTPFields?
        if case .graphQL(let mediaType) = poll.form {
            answered = unchanged
            answered?[.contentType] = mediaType.contentType
            answered?[.contentLength] = nil
        }
        let telling = Polls.Telling(
            version: version.number, asOf: asOf, date: date, identity: identity, tag: tag, unchanged: unchanged,
            answered: answered)
        poll.told.keep(telling)
        return telling
    }

    /// - Parameter generation: Of the saved questions that the request was read from; nil: as they are now.
    private func pollKey(_ request: Request, _ caller: Caller?, _ generation: Int? = nil) -> Polls.Key {
        Polls.Key(
            target: request.head.path ?? "", accept: request.headers[.accept] ?? "",
            viewer: caller?.viewer ?? QueryService.localViewer, generation: generation ?? content.shelf.generation)
    }

    /// Asks, unless the client has the answer or it was made before, and names the answer.
    func poll(
        _ inquiry: Inquiry, _ request: Request, _ caller: Caller?, as answerForm: AnswerForm
    ) async throws(Refusal) -> Response {
        var inquiry = inquiry
        let moment = try await moment(inquiry.parameters, request, caller)
        let form = tagForm(answerForm, namesChange: inquiry.namesChange)
        let known = request.headers[.ifNoneMatch]
        var condition = condition(for: inquiry)
        condition.isKnown = { identity, version, asOf in
            EntityTags.match(known, EntityTag.text(identity, form: form(version, asOf)))
        }
        if request.method != .post {
            condition.footing =
                polls[pollKey(request, caller, inquiry.namesChange ? inquiry.generation : nil)]?.footing
        }
        if case .table(let options) = answerForm {
            tabulate(&inquiry, &condition, moment, TableMaker(options, title: inquiry.title))
        }
        let answer = try await ask(
            moment, caller, at: inquiry.route, condition, byteCount: inquiry.byteCount, read: inquiry.read)
        guard let identity = answer.identity, let footing = answer.footing, answer.outcome == .data else {
            return varying(self.response(answer, as: answerForm, inquiry.route, isHead: request.method == .head))
        }
        let asOf = try asOfText(inquiry.parameters)
        // What a body says stands in no key.
        if request.method != .post, !moment.terms.isNamed, inquiry.generation == content.shelf.generation || !inquiry.namesChange
        {
            var poll = Polls.Poll(
                footing: footing, asOf: asOf == nil ? nil : moment.asOf, trail: answer.trail, form: answerForm,
                namesChange: inquiry.namesChange, keptName: condition.keptName, name: identity.name)
            // Who sees aggregates only is answered from the day's version, which no change makes another; and a reason is not stated ahead.
            if inquiry.namesChange, !moment.desk.seesAggregatesOnly, !moment.desk.needsReasons {
                (condition.footing, condition.isKnown) = (footing, { _, _, _ in false })
                poll.recipe = Polls.Recipe(caller: moment.caller, desk: moment.desk, condition: condition, read: inquiry.read)
                // A table's maker is told of each reading.
                if condition.table == nil {
                    let once = Polls.ReadOnce(inquiry.read)
                    poll.recipe?.read = { () throws(RequestError) in try once() }
                }
            }
            polls.keep(poll, for: pollKey(request, caller))
            ahead.wake()
        }
        let tag = EntityTag.text(identity, form: form(answer.version, answer.asOf))
        let isDated = asOf != nil || footing.ownDate != nil || (inquiry.namesChange && !identity.readsAsOf)
        let isPinned = try inquiry.parameters.single("version") != nil && isDated
        let freshness: Freshness = isPinned ? .pinned : .revalidated
        if answer.isUnchanged {
            return Response(
                status: .notModified, headers: unchangedFields(answer.version, answer.asOf, answerForm, tag, freshness))
        }
        return named(answer, tag, freshness, as: answerForm, inquiry.route, isHead: request.method == .head)
    }

    /// An answer with its name.
    private func named(
        _ answer: Asking.Answered, _ tag: String, _ freshness: Freshness, as form: AnswerForm, _ route: Route, isHead: Bool
    ) -> Response {
        var sent = response(answer, as: form, route, isHead: isHead)
        sent.headers[.eTag] = tag
        sent.headers[.cacheControl] = freshness.cacheControl
        return varying(sent)
    }

    /// What is to be found out of an answer to an inquiry; nothing is known yet.
    func condition(for inquiry: Inquiry) -> Condition {
        let namesChange = inquiry.namesChange
        return Condition(
            isKnown: { _, _, _ in false },
            keptName: { identity, version, asOf in
                namesChange ? identity.name : EntityTag.form(version, asOf, identity.name)
            }, namesChange: namesChange)
    }

    /// Has a table made of every answer.
    private func tabulate(
        _ inquiry: inout Inquiry, _ condition: inout Condition, _ moment: Asking.Moment, _ maker: TableMaker
    ) {
        let (read, queries, viewer, name) = (inquiry.read, moment.desk.queries, moment.caller.viewer, inquiry.table)
        inquiry.read = { () throws(RequestError) in
            var request = try read()
            request.allowsMutation = false
            request.isExport = true
            maker.takes(try queries.tableShape(of: request, viewer: viewer, named: name))
            return request
        }
        condition.table = maker
        let short = maker.options.short
        condition.keptName = { identity, _, _ in identity.name + "-" + short }
    }

    /// An answer in its form. What holds no data, or errors beside it, is told as JSON, and never as a table.
    private func response(_ answer: Asking.Answered, as form: AnswerForm, _ route: Route, isHead: Bool) -> Response {
        guard case .table(let options) = form, let rowCount = answer.tableRowCount else {
            var told = self.response(answer, as: form.mediaType, isHead: isHead)
            if case .table = form, told.status.kind == .successful { told.status = .unprocessableContent }
            return told
        }
        var fields = SecurityFields.answer(.json)
        fields[.contentType] = options.format.contentType
        fields.append(HTTPField(name: .dataVersion, value: String(answer.version)))
        fields.append(HTTPField(name: .dataAsOf, value: answer.asOf.description))
        fields.append(HTTPField(name: .dataRows, value: String(rowCount)))
        if let digest = answer.fileDigest {
            let text = String(decoding: Base64.standard.encode(digest.bytes), as: UTF8.self)
            fields.append(HTTPField(name: .reprDigest, value: "sha-256=:\(text):"))
        }
        if case .question(let name) = route {
            fields[.contentDisposition] = "attachment; filename=\"\(name).\(options.format.rawValue)\""
        }
        return Response(status: .ok, headers: fields, bytes: answer.body, isHead: isHead)
    }

    private func asOfText(_ parameters: URLParameters) throws(Refusal) -> String? { try parameters.single("asOf") }

    private func unchangedFields(
        _ version: UInt64, _ date: CivilDate, _ form: AnswerForm, _ tag: String, _ freshness: Freshness
    ) -> HTTPFields {
        var fields = SecurityFields.answer(form.mediaType)
        fields[.contentType] = nil
        fields[.cacheControl] = freshness.cacheControl
        fields[.eTag] = tag
        fields.append(HTTPField(name: .dataVersion, value: String(version)))
        fields.append(HTTPField(name: .dataAsOf, value: date.description))
        return varying(Response(status: .notModified, headers: fields)).headers
    }

    /// Where there are keys, no cache gives the answer for one to another.
    func varying(_ response: Response) -> Response {
        guard settings.doorkeeper != nil else { return response }
        var response = response
        response.headers[.vary] = "Accept, Authorization, Cookie"
        return response
    }
}
