import Access
import Query

/// What the audit is told an answer shows of persons: classes, and under pseudonyms of whom something sensitive in full. Holds no value of
/// the data. `Schema/formats/Audit.md`
struct AuditReads: Sendable {
    /// Pseudonyms of one type that are listed; of more only a filter is told, that says whether somebody may be among them.
    static let listLimit = 1_000
    /// Names of fields that are told.
    private static let fieldLimit = 200

    let members: [(name: String, value: AuditEvent.Value)]
    let isMasked: Bool
    /// Roughly what it takes to keep.
    let byteCount: Int

    /// Cost: a digest for each person of whom something sensitive is shown; nothing where nobody's is.
    init(_ told: AnswerTellings, _ digests: AuditDigests) {
        var members: [(name: String, value: AuditEvent.Value)] = []
        let views = told.views.map { AuditEvent.Member(name: $0.kind, text: $0.view) }
        if !views.isEmpty { members.append(("classes", .texts(views))) }
        if !told.sensitiveFields.isEmpty {
            members.append(("fields", .list(Array(told.sensitiveFields.prefix(Self.fieldLimit)))))
        }
        var byteCount = 64 * (views.count + told.sensitiveFields.count)
        let subjects = told.subjects
        if !subjects.isEmpty {
            var values: [AuditEvent.Value] = []
            for subject in subjects {
                let (value, size) = Self.value(of: subject, digests)
                values.append(value)
                byteCount += size
            }
            members.append(("about", .object(subjects.map(\.type), values)))
        }
        self.members = members
        self.byteCount = byteCount
        isMasked = told.isMasked
    }

    private static func value(
        of subject: (type: String, count: Int, forEachKey: ((String) -> Void) -> Void), _ digests: AuditDigests
    ) -> (AuditEvent.Value, byteCount: Int) {
        guard subject.count > listLimit else {
            var texts: [String] = []
            subject.forEachKey { texts.append(digests.row($0, of: subject.type).text) }
            return (.object(["count", "rows"], [.int(subject.count), .list(texts)]), texts.count * 32)
        }
        var filter = SubjectFilter(count: subject.count)
        subject.forEachKey { filter.insert(digests.row($0, of: subject.type)) }
        let text = filter.text
        return (.object(["count", "filter"], [.int(subject.count), .text(text)]), text.utf8.count)
    }
}
