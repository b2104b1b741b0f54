import Access
import Exchange
import HTTPTypes
import Hummingbird
import JSONText

/// `/audit` and `/audit/<name>`: who was told which classes of data, for those whose role may ask. They are shown the log, and no row of the
/// data; asking is itself told to the audit. `Schema/formats/Audit.md`
extension Answerer {
    func answerAuditQuestions(_ request: Request, _ caller: Caller?) async throws(Refusal) -> Response {
        _ = try await auditor(for: caller)
        var writer = JSONWriter(capacity: 1_024)
        writer.beginObject()
        writer.name("questions")
        writer.beginArray()
        for question in content.auditQuestions {
            writer.separate()
            writer.beginObject()
            writer.name("name")
            writer.string(question.name)
            for (name, label) in [("zh", question.chinese), ("en", question.english)] {
                guard let label else { continue }
                writer.name(name)
                writer.string(label)
            }
            writer.endObject()
        }
        writer.endArray()
        writer.name("parameters")
        writer.beginObject()
        for (name, meaning) in AuditQuestion.parameters {
            writer.name(name)
            writer.string(meaning)
        }
        writer.endObject()
        writer.endObject()
        return auditResponse(writer.finish(), AnswerMediaType.json.contentType, isHead: request.method == .head)
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
        var response = auditResponse(
            isTable ? AuditTable.csv(findings) : AuditTable.json(findings),
            isTable ? "text/csv; charset=utf-8" : AnswerMediaType.json.contentType, isHead: request.method == .head)
        if isTable { response.headers[.contentDisposition] = "attachment; filename=\"\(name).csv\"" }
        return response
    }

    /// - Throws: Where the role may not ask it, or there is none.
    private func auditor(for caller: Caller?) async throws(Refusal) -> Auditor {
        // Where nobody needs a key there may be no audit, and nobody has a role.
        guard let auditor = settings.auditor else { throw .notFound }
        guard try await desk(of: caller).asksAudit else { throw .auditForbidden(role: caller?.asker?.role ?? "none") }
        return auditor
    }

    private func auditResponse(_ bytes: [UInt8], _ contentType: String, isHead: Bool) -> Response {
        var fields = SecurityFields.data
        fields[.contentType] = contentType
        return varying(Response(status: .ok, headers: fields, bytes: bytes, isHead: isHead))
    }
}

/// Entries of the audit as they are sent.
enum AuditTable {
    static func json(_ findings: AuditFindings) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024 + findings.entries.count * 512)
        writer.beginObject()
        writer.name("entries")
        writer.beginArray()
        for entry in findings.entries {
            writer.separate()
            write(entry, &writer)
        }
        writer.endArray()
        writer.name("isCut")
        writer.boolean(findings.isCut)
        writer.name("linesRead")
        writer.int(findings.lineCount)
        writer.endObject()
        return writer.finish()
    }

    private static func write(_ entry: AuditEntry, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("n")
        writer.int(entry.number)
        for (name, text) in texts(of: entry) where !text.isEmpty {
            writer.name(name)
            writer.string(text)
        }
        writer.name("rows")
        writer.int(entry.rowCount)
        writer.name("classes")
        writer.beginObject()
        for kind in entry.classes {
            writer.name(kind.kind)
            writer.string(kind.view)
        }
        writer.endObject()
        writer.name("fields")
        write(entry.fields, &writer)
        writer.name("about")
        writer.beginArray()
        for subjects in entry.subjects {
            writer.separate()
            writer.beginObject()
            writer.name("type")
            writer.string(subjects.type)
            writer.name("count")
            writer.int(subjects.count)
            if subjects.isListed {
                writer.name("rows")
                write(subjects.rows, &writer)
            }
            writer.endObject()
        }
        writer.endArray()
        if entry.isPerhaps {
            writer.name("perhaps")
            writer.boolean(true)
        }
        writer.endObject()
    }

    private static func write(_ texts: [String], _ writer: inout JSONWriter) {
        writer.beginArray()
        for text in texts {
            writer.separate()
            writer.string(text)
        }
        writer.endArray()
    }

    private static func texts(of entry: AuditEntry) -> [(name: String, text: String)] {
        [
            ("at", entry.at), ("key", entry.key), ("role", entry.role), ("from", entry.from), ("route", entry.route),
            ("question", entry.question), ("statedReason", entry.statedReason), ("decision", entry.decision),
            ("outcome", entry.outcome), ("version", entry.version), ("asOf", entry.asOf), ("document", entry.document),
        ]
    }

    /// One line an entry; lists with blanks between. Texts of people are written so that no office program takes one for a formula.
    static func csv(_ findings: AuditFindings) -> [UInt8] {
        var writer = TableCSVWriter(hasMark: true, isExact: false)
        let names = ["n"] + texts(of: AuditEntry.none).map(\.name) + ["rows", "classes", "fields", "about", "perhaps"]
        for name in names { writer.text(name) }
        writer.endRow()
        for entry in findings.entries {
            writer.value("\(entry.number)")
            for (_, text) in texts(of: entry) { if text.isEmpty { writer.none() } else { writer.text(text) } }
            writer.value("\(entry.rowCount)")
            writer.text(entry.classes.map { "\($0.kind):\($0.view)" }.joined(separator: " "))
            writer.text(entry.fields.joined(separator: " "))
            writer.text(
                entry.subjects.map { "\($0.type):\($0.count)" + ($0.rows.isEmpty ? "" : ":" + $0.rows.joined(separator: " ")) }
                    .joined(separator: "; "))
            writer.value(entry.isPerhaps ? "true" : "false")
            writer.endRow()
        }
        return writer.finish()
    }
}
