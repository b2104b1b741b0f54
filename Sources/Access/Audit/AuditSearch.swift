import Bytes
import StoreColumns

/// What is looked for in an audit: who was told which classes of data, about whom, when and why. `Schema/formats/Audit.md`
package struct AuditSearch: Sendable {
    /// Classes of which at least one was told; empty: any.
    package var kinds: Set<String> = []
    /// How they were told, `full` or another word of the page; empty: any.
    package var views: Set<String> = []
    /// About whom.
    package var subject: RowPseudonym?
    /// The id of a key.
    package var key: String?
    package var role: String?
    /// From the beginning of this day to the end of that one, UTC; nil: no such bound.
    package var from: CivilDate?
    package var to: CivilDate?
    /// Only lines behind this one.
    package var after = 0
    /// Entries that are found before the search ends.
    package var limit: Int
    /// Pseudonyms in all of them, behind which it ends too: some megabytes.
    static let subjectLimit = 200_000

    package init(limit: Int) { self.limit = limit }

    /// Looks through the audit of a folder, from its first line to its last. Lines are read as they stand; whether any was changed is told by
    /// `AuditReading.check`.
    ///
    /// Cost: reads every file of the days that are meant; lines that tell of nobody are passed over without being read as JSON. Holds one
    /// file at a time.
    /// - Parameter isOver: Asked now and then; the search ends where it says so.
    package func run(
        _ folder: String, on files: any FileSystem, isOver: () -> Bool = { false }
    ) throws(AuditProblem) -> AuditFindings {
        var findings = AuditFindings()
        let names = try AuditReading.names(folder, on: files)
        for (index, name) in names.enumerated() {
            // A file holds no line that is not before the first of the next.
            if index + 1 < names.count, let next = AuditReading.number(of: names[index + 1]), next <= after + 1 { continue }
            let path = folder + "/" + name
            // One that is being written may have half a line at its end, which is no line yet.
            let bytes = try AuditReading.storing(path) { () throws(FileError) in try files.contents(of: path, limit: 1 << 31) }
            try look(through: bytes, path, isOver, &findings)
            if findings.isCut { break }
        }
        return findings
    }

    private func look(
        through bytes: [UInt8], _ path: String, _ isOver: () -> Bool, _ findings: inout AuditFindings
    ) throws(AuditProblem) {
        let span = bytes.span
        var start = 0
        var lineNumber = 0
        guard let day = AuditEntry.day(ofLine: span), isMeant(day) else { return }
        while start < span.count {
            var end = start
            while end < span.count, span[end] != 0x0A { end += 1 }
            guard end < span.count else { return }
            defer { start = end + 1 }
            lineNumber += 1
            findings.lineCount += 1
            if lineNumber & 0xFFF == 0, isOver() {
                findings.isCut = true
                return
            }
            guard Self.classes.isIn(span, start, end), mayBeAbout(span, start, end) else {
                continue
            }
            let line = Array(bytes[start..<end])
            guard let entry = AuditEntry(line) else {
                throw AuditProblem(path: path, line: lineNumber, reason: "this line is none of an audit")
            }
            guard entry.number > after, let found = matches(entry) else { continue }
            guard findings.entries.count < limit else {
                findings.isCut = true
                return
            }
            findings.entries.append(found)
            findings.subjectCount += found.subjects.reduce(0) { $0 + $1.rows.count }
            if findings.subjectCount >= Self.subjectLimit {
                findings.isCut = true
                return
            }
        }
    }

    private func isMeant(_ day: CivilDate) -> Bool { (from.map { $0 <= day } ?? true) && (to.map { day <= $0 } ?? true) }

    private static let classes = BytePattern("\"classes\":{")
    private static let filter = BytePattern("\"filter\":\"")

    private func mayBeAbout(_ span: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard let subject else { return true }
        return BytePattern(subject.text).isIn(span, start, end) || Self.filter.isIn(span, start, end)
    }

    private func matches(_ entry: AuditEntry) -> AuditEntry? {
        var entry = entry
        guard key == nil || entry.key == key, role == nil || entry.role == role else { return nil }
        guard
            kinds.isEmpty && views.isEmpty
                || entry.classes.contains(where: {
                    (kinds.isEmpty || kinds.contains($0.kind)) && (views.isEmpty || views.contains($0.view))
                })
        else { return nil }
        guard let subject else { return entry }
        if entry.subjects.contains(where: { $0.rows.contains(subject.text) }) { return entry }
        guard entry.subjects.contains(where: { $0.filter.flatMap(SubjectFilter.init)?.mayContain(subject) == true }) else {
            return nil
        }
        entry.isPerhaps = true
        return entry
    }
}
