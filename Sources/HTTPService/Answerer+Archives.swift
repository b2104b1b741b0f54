import Access
import Bytes
import Exchange
import HTTPTypes
import Hummingbird
import JSONText
import Model
import NIOCore
import Query
import Settings
import Store
import StoreColumns

/// `/archives`: a version, and perhaps a saved question with its answer, written where the operator said, told of and given out.
extension Answerer {
    /// What somebody may have archived, and be given.
    private enum ArchiveRight {
        /// Everything, as it is, and for whomever.
        case everything
        /// For some masking profiles, as far as he sees himself what his claims let him see.
        case profiles([String], Asker)
    }

    /// Archives of everything are for whoever may see and change everything; masked ones for whom the rules say.
    private func archivist(for caller: Caller?) throws(Refusal) -> (Archivist, ArchiveRight) {
        guard let archivist = content.archivist else { throw .archivesOff }
        guard let caller, let asker = caller.asker, !caller.mayDoEverything else { return (archivist, .everything) }
        let profiles = archivist.profiles?.written(by: asker.role) ?? []
        guard !profiles.isEmpty else { throw .archiveForbidden(role: asker.role) }
        return (archivist, .profiles(profiles, asker))
    }

    /// For whom an archive is written, where somebody may have it written.
    private func masking(
        _ profile: String?, role: String?, claims: [(name: String, value: String)], _ archivist: Archivist, _ right: ArchiveRight
    ) throws(Refusal) -> Masking? {
        var (role, claims) = (role, claims)
        if case .profiles(let names, let asker) = right {
            guard let profile, names.contains(profile) else { throw .archiveForbidden(role: asker.role) }
            guard claims.isEmpty else {
                throw .parameterInvalid(name: "claims", reason: "are those of the key; an editor may name others")
            }
            if archivist.profiles?.isSeen(profile, as: asker.role) == true { role = role ?? asker.role }
            let (seenAs, profiles) = (role, archivist.profiles)
            claims = asker.claims.map { (name: $0.name, value: $0.value) }
                .filter { profiles?.needs($0.name, profile: profile, role: seenAs) == true }
        }
        guard let profiles = archivist.profiles else {
            guard profile ?? Masking.unmasked == Masking.unmasked, role == nil, claims.isEmpty else {
                throw .parameterInvalid(name: "profile", reason: "is \(Masking.unmasked): this server has no rules for another")
            }
            return nil
        }
        do throws(ArchiveError) {
            return try profiles.masking(profile, role: role, claims: claims)
        } catch {
            throw .parameterInvalid(name: "profile", reason: "is none to archive for: \(error)")
        }
    }

    /// Whether an archive is one that somebody would be given if he ordered it now, under the rules of now.
    private func maySee(_ known: Masking?, _ archivist: Archivist, _ right: ArchiveRight) -> Bool {
        guard case .profiles = right else { return true }
        guard let known, let own = try? masking(known.profile, role: known.role, claims: [], archivist, right) else {
            return false
        }
        return own == known
    }

    // MARK: Making

    func answerArchives(_ request: Request, _ caller: Caller?) async throws(Refusal) -> Response {
        let (archivist, right) = try archivist(for: caller)
        guard request.method == .post else {
            var names: [String] = []
            for name in await archivist.names() {
                if case .everything = right {
                    names.append(name)
                } else if let known = await archivist.known(name), maySee(known.masking, archivist, right) {
                    names.append(name)
                }
            }
            return archiveList(names, isHead: request.method == .head)
        }
        try RequestMediaType.requireJSON(
            contentType: request.headers[.contentType], contentEncoding: request.headers[.contentEncoding])
        let body = try ArchiveBody(try await collectedBody(of: request))
        let wait = Self.wait(request.headers[.prefer], limit: settings.limits["archive-wait-time"])
        let masking = try masking(body.profile, role: body.role, claims: body.claims, archivist, right)
        var order = try await order(body, request, caller)
        order.masking = masking
        if masking != nil { order.newest = content.store.current }
        let (job, isNew) = try await begin(order, archivist, caller)
        let state = await job.wait(milliseconds: wait)
        switch state {
        case .writing:
            var fields = archiveFields(job)
            fields[.retryAfter] = "1"
            return Response(json: Archivist.Known.job(job).json, .accepted, fields, isHead: false)
        case .written:
            return Response(
                json: Archivist.Known.job(job).json, isNew ? .created : .ok, archiveFields(job), isHead: false)
        case .ended(.unanswered(let answer)): return response(Asking.Answered(answer, order.trail), as: .json, isHead: false)
        case .ended(.unreadable(let error)):
            let answered = Asking.Answered(
                outcome: error.outcome, body: error.body, version: order.version.number, asOf: order.asOf)
            return response(answered, as: .json, isHead: false)
        case .ended(.untold(let refusal)): throw refusal
        case .ended(.refused(.occupied)): throw .archiveThere(name: job.name)
        case .ended(.refused(.profile(let reason))):
            throw .parameterInvalid(name: "profile", reason: "is none to archive this for: \(reason)")
        case .ended(.refused(.doesNotFollow(let reason))):
            throw .parameterInvalid(
                name: "question", reason: "has an answer that does not follow from what the archive would hold: \(reason)")
        case .ended(.refused): throw .archiveFailed
        }
    }

    private func order(
        _ body: ArchiveBody, _ request: Request, _ caller: Caller?
    ) async throws(Refusal) -> ArchiveOrder {
        let parameters = try body.parameters(besides: try URLParameters(target: request.head.path))
        let moment = try await moment(parameters, request, caller)
        var order = ArchiveOrder(version: moment.version, asOf: moment.asOf)
        if let name = body.question {
            guard let question = content.shelf.current[name] else {
                throw .parameterInvalid(name: "question", reason: "names no saved question; /q lists them")
            }
            order.question = (name, Array(question.text.utf8), body.variables)
            if let digests = settings.auditor?.digests,
                let request = try? QueryRequest(
                    document: Array(question.text.utf8), jsonVariables: body.variables, limits: content.limits)
            {
                order.trail = AuditTrail(request, digests)
            }
        }
        return order
    }

    /// Has it made; when it is there it is told to the audit, and charged to whoever ordered it, whether they wait or not.
    private func begin(
        _ order: ArchiveOrder, _ archivist: Archivist, _ caller: Caller?
    ) async throws(Refusal) -> (job: ArchiveJob, isNew: Bool) {
        try settings.auditor?.check()
        try settings.doorkeeper?.beginQuestion(of: caller)
        let (settings, log) = (self.settings, self.log)
        do throws(Refusal) {
            let begun = try archivist.begin(
                order, content.queries.model, limits: content.limits, deadlineMilliseconds: asking.deadlineMilliseconds
            ) { (state) async throws(Refusal) in
                var rowCount = 0
                if case .written(let report) = state { rowCount = report.rowCount }
                settings.doorkeeper?.endQuestion(of: caller, rowsVisited: rowCount)
                switch state {
                case .written(let report):
                    if let auditor = settings.auditor {
                        try await auditor.tell(Self.event(order, report, auditor.members(of: caller)))
                    }
                case .ended(.refused(.occupied)): break
                case .ended(.refused(let error)): log.tell("archive failed", [("reason", .text("\(error)"))])
                case .ended, .writing: break
                }
            }
            if !begun.isNew { settings.doorkeeper?.endQuestion(of: caller, rowsVisited: 0) }
            return begun
        } catch {
            settings.doorkeeper?.endQuestion(of: caller, rowsVisited: 0)
            throw error
        }
    }

    /// What a client wants to wait (RFC 7240): `respond-async`, or `wait=` and seconds; at most as long as the limit.
    static func wait(_ prefer: String?, limit milliseconds: Int) -> Int {
        guard let prefer else { return milliseconds }
        for preference in HeaderValue.list(prefer) {
            let text = preference.lowercased().filter { $0 != " " }
            if text == "respond-async" { return 0 }
            if text.hasPrefix("wait="), let seconds = Int(text.dropFirst(5)), seconds >= 0 {
                return seconds > milliseconds / 1_000 ? milliseconds : seconds * 1_000
            }
        }
        return milliseconds
    }

    private static func event(
        _ order: ArchiveOrder, _ report: ArchiveReport, _ who: [(name: String, value: AuditEvent.Value)]
    ) -> AuditEvent {
        var members = who
        members.append(("route", .text(Route.archives.name)))
        if let question = order.question { members.append(("question", .text(question.name))) }
        if let trail = order.trail {
            members.append(("document", .text(trail.document)))
            members.append(("variables", .texts(trail.variables)))
        }
        members += [
            ("version", .text("\(report.version)")), ("asOf", .text("\(order.asOf)")), ("outcome", .text("written")),
            ("profile", .text(order.masking?.profile ?? Masking.unmasked)), ("as", .text(order.masking?.role ?? "")),
            ("rows", .int(report.rowCount)), ("bytes", .int(report.byteCount)),
            ("content", .text(report.contentDigest.hexadecimal)), ("archive", .text(report.digest.hexadecimal)),
        ]
        return AuditEvent("archive", members)
    }

    // MARK: Telling

    /// How far an archive is, or what came of it.
    func answerArchive(_ name: String, _ request: Request, _ caller: Caller?) async throws(Refusal) -> Response {
        let (archivist, right) = try archivist(for: caller)
        guard let known = await archivist.known(name), maySee(known.masking, archivist, right) else { throw .notFound }
        return Response(json: known.json, isHead: request.method == .head)
    }

    private func archiveList(_ names: [String], isHead: Bool) -> Response {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.list("archives") { json in for name in names { json.element { $0.member("archive", name) } } }
        json.endObject()
        return Response(json: json.finish(), isHead: isHead)
    }

    private func archiveFields(_ job: ArchiveJob) -> HTTPFields {
        var fields = SecurityFields.data
        fields[.location] = "/archives/\(job.name)"
        fields.append(HTTPField(name: .dataVersion, value: "\(job.order.version.number)"))
        fields.append(HTTPField(name: .dataAsOf, value: "\(job.order.asOf)"))
        return fields
    }

    // MARK: Giving out

    /// An archive as one file.
    func answerArchiveFile(_ name: String, _ request: Request, _ caller: Caller?) async throws(Refusal) -> Response {
        let (archivist, right) = try archivist(for: caller)
        try settings.auditor?.check()
        guard let known = await archivist.known(name), maySee(known.masking, archivist, right),
            let (tar, version) = await archivist.tar(name)
        else { throw .notFound }
        var fields = SecurityFields.data
        fields[.contentType] = "application/x-tar"
        fields[.contentDisposition] = "attachment; filename=\"\(name).tar\""
        fields.append(HTTPField(name: .dataVersion, value: version))
        guard request.method != .head else {
            fields[.contentLength] = String(tar.byteCount)
            return Response(status: .ok, headers: fields)
        }
        if let auditor = settings.auditor {
            try await auditor.tell(
                AuditEvent(
                    "archive",
                    auditor.members(of: caller) + [
                        ("route", .text(Route.archiveFile(name).name)), ("version", .text(version)), ("outcome", .text("given")),
                        ("bytes", .int(tar.byteCount)),
                    ]))
        }
        let body = ResponseBody(contentLength: tar.byteCount) { writer in
            var tar = tar
            while true {
                let (rest, piece) = await archivist.piece(of: tar)
                guard let bytes = try piece.get() else { break }
                tar = rest
                try await writer.write(ByteBuffer(bytes: bytes))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: fields, body: body)
    }
}

extension HTTPField.Name {
    static let prefer = constant("Prefer")
}

extension Archivist.Known {
    /// For whom it is masked; nil where it holds everything.
    fileprivate var masking: Masking? {
        switch self {
        case .job(let job): job.order.masking
        case .bag(_, let info): Masking(info)
        }
    }

    /// What is known, for a program: always `archive`, `state` and `version`, and what the state has.
    var json: [UInt8] {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        switch self {
        case .bag(let name, let info):
            json.member("archive", name)
            json.member("state", "written")
            for (member, label) in [
                ("version", RegisterArchive.Label.version), ("publishedAt", RegisterArchive.Label.publishedAt),
                ("asOf", RegisterArchive.Label.asOf), ("profile", RegisterArchive.Label.profile),
                ("contentSha256", RegisterArchive.Label.content),
            ] { if let value = info[label] { json.member(member, value) } }
            if let count = info[RegisterArchive.Label.rowCount].flatMap({ Int($0) }) { json.member("rows", count) }
        case .job(let job):
            json.member("archive", job.name)
            Self.add(job.state, job.order, to: &json)
        }
        json.endObject()
        return json.finish()
    }

    private static func add(_ state: ArchiveJob.State, _ order: ArchiveOrder, to json: inout JSONWriter) {
        let word =
            switch state {
            case .writing: "writing"
            case .written: "written"
            case .ended: "failed"
            }
        json.member("state", word)
        json.member("version", "\(order.version.number)")
        json.member("publishedAt", "\(order.version.publishedAt)")
        json.member("asOf", "\(order.asOf)")
        json.member("profile", order.masking?.profile ?? Masking.unmasked)
        switch state {
        case .writing(let count, let total):
            json.member("rows", count)
            json.member("of", total)
        case .written(let report):
            json.member("contentSha256", report.contentDigest.hexadecimal)
            json.member("archiveSha256", report.digest.hexadecimal)
            json.member("rows", report.rowCount)
            json.member("files", report.fileCount)
            json.member("bytes", report.byteCount)
            json.member("signed", report.isSigned)
        case .ended(let failure): json.member("reason", failure.words)
        }
    }
}

extension ArchiveJob.Failure {
    /// For whoever asked: no path, and nothing of the data.
    fileprivate var words: String {
        switch self {
        case .unanswered, .unreadable: "The question is not answered without errors; ask it at /q to see them."
        case .refused(.occupied): "This was archived before."
        case .refused(.profile(let reason)): "Nothing can be archived for this profile: \(reason)"
        case .refused(.doesNotFollow(let reason)): "The answer does not follow from what the archive would hold: \(reason)"
        case .refused: Refusal.archiveFailed.message
        case .untold(let refusal): refusal.message
        }
    }
}
