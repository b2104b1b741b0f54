import Access
import HTTPTypes
import Hummingbird
import JSONText

/// `/audit` and `/audit/<name>`: who was told which classes of data, for those whose role may ask. They are shown the log, and no row of the
/// data; asking is itself told to the audit. `Schema/formats/Audit.md`
extension Answerer {
    func answerAuditQuestions(_ request: Request, _ caller: Caller?) async throws(Refusal) -> Response {
        _ = try await auditor(for: caller)
        var json = JSONWriter(capacity: 1_024)
        json.beginObject()
        json.list("questions") { json in
            for question in content.auditQuestions {
                json.element { json in
                    json.member("name", question.name)
                    for (name, label) in [("zh", question.chinese), ("en", question.english)] {
                        if let label { json.member(name, label) }
                    }
                }
            }
        }
        json.object("parameters") { json in
            for (name, meaning) in AuditQuestion.parameters { json.member(name, meaning) }
        }
        json.endObject()
        return varying(Response(json: json.finish(), isHead: request.method == .head))
    }

    /// - Parameter format: The extension of the address, if it has one.
    func answerAuditQuestion(
        _ name: String, _ format: String?, _ request: Request, _ caller: Caller?
    ) async throws(Refusal) -> Response {
        let auditor = try await auditor(for: caller)
        guard let question = content.auditQuestions.first(where: { $0.name == name }) else { throw .notFound }
        guard format == nil || format == "json" || format == "csv" else {
            throw .notAcceptable(found: "." + (format ?? ""), offered: [".json", ".csv"])
        }
        let reason = try StatedReason.read(request.headers)
        let search = try question.search(try URLParameters(target: request.head.path), auditor.digests)
        try auditor.check()
        try settings.doorkeeper?.beginQuestion(of: caller)
        let findings: AuditFindings
        do throws(Refusal) {
            findings = try await auditor.find(search, milliseconds: asking.deadlineMilliseconds)
        } catch {
            settings.doorkeeper?.endQuestion(of: caller, rowsVisited: 0)
            throw error
        }
        settings.doorkeeper?.endQuestion(of: caller, rowsVisited: findings.lineCount)
        var members = auditor.members(of: caller)
        members += [("route", .text("/audit/<name>")), ("question", .text(name))]
        if let reason { members.append(("statedReason", .text(reason))) }
        if let subject = search.subject { members.append(("subject", .text(subject.text))) }
        members += [("rows", .int(findings.entries.count)), ("visited", .int(findings.lineCount))]
        try await auditor.tell(AuditEvent("auditAnswer", members))
        let isTable = format == "csv" || (format == nil && request.headers[.accept] == "text/csv")
        let isHead = request.method == .head
        guard isTable else { return varying(Response(json: AuditTable.json(findings), isHead: isHead)) }
        var fields = SecurityFields.data
        fields[.contentType] = "text/csv; charset=utf-8"
        fields[.contentDisposition] = "attachment; filename=\"\(name).csv\""
        return varying(Response(status: .ok, headers: fields, bytes: AuditTable.csv(findings), isHead: isHead))
    }

    /// - Throws: Where the role may not ask it, or there is none.
    private func auditor(for caller: Caller?) async throws(Refusal) -> Auditor {
        // Where nobody needs a key there may be no audit, and nobody has a role.
        guard let auditor = settings.auditor else { throw .notFound }
        guard try await desk(of: caller).asksAudit else { throw .auditForbidden(role: caller?.asker?.role ?? "none") }
        return auditor
    }
}
