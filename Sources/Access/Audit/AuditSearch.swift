import Bytes
import JSONText
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

/// What a search came to.
package struct AuditFindings: Sendable {
    package var entries: [AuditEntry] = []
    /// Whether there may be more: behind the last entry, or, where there is none, behind what there was time for.
    package var isCut = false
    package var lineCount = 0
    /// Pseudonyms in the entries.
    var subjectCount = 0
}

/// A line of an audit that tells what was read.
package struct AuditEntry: Sendable, Hashable {
    package struct Kind: Sendable, Hashable {
        package var kind: String
        package var view: String
    }

    package struct Subjects: Sendable, Hashable {
        package var type: String
        package var count = 0
        /// Pseudonyms; empty where there is a filter.
        package var rows: [String] = []
        var filter: String?
        package var isListed: Bool { filter == nil }
    }

    package var number = 0
    package var at = ""
    package var key = ""
    package var role = ""
    package var from = ""
    package var route = ""
    package var question = ""
    package var document = ""
    package var statedReason = ""
    package var decision = ""
    package var outcome = ""
    package var version = ""
    package var asOf = ""
    package var rowCount = 0
    package var classes: [Kind] = []
    package var fields: [String] = []
    package var subjects: [Subjects] = []
    /// Whether only a filter says that it was about who is looked for: of a hundred of others it says so of one.
    package var isPerhaps = false

    /// One of which nothing is told.
    package static let none = AuditEntry()
    private init() {}

    /// - Returns: nil where the line is no JSON object with a number.
    init?(_ line: [UInt8]) {
        do throws(JSONError) {
            var reader = JSONReader(line, limits: JSONReader.Limits(depth: 8, members: 2_000))
            guard try reader.next() == .beginObject else { return nil }
            while case .key(let name)? = try reader.next() { try read(name, &reader) }
        } catch {
            return nil
        }
        guard number > 0 else { return nil }
    }

    private mutating func read(_ name: String, _ reader: inout JSONReader) throws(JSONError) {
        switch name {
        case "n": number = try Self.number(&reader)
        case "at": at = try Self.text(&reader)
        case "key": key = try Self.text(&reader)
        case "role": role = try Self.text(&reader)
        case "from": from = try Self.text(&reader)
        case "route": route = try Self.text(&reader)
        case "question": question = try Self.text(&reader)
        case "document": document = try Self.text(&reader)
        case "statedReason": statedReason = try Self.text(&reader)
        case "decision": decision = try Self.text(&reader)
        case "outcome": outcome = try Self.text(&reader)
        case "version": version = try Self.text(&reader)
        case "asOf": asOf = try Self.text(&reader)
        case "rows": rowCount = try Self.number(&reader)
        case "classes":
            _ = try reader.next()
            while case .key(let kind)? = try reader.next() { classes.append(Kind(kind: kind, view: try Self.text(&reader))) }
        case "fields": fields = try Self.texts(&reader)
        case "about":
            _ = try reader.next()
            while case .key(let type)? = try reader.next() { subjects.append(try Self.subjects(type, &reader)) }
        default: try reader.skipValue()
        }
    }

    private static func subjects(_ type: String, _ reader: inout JSONReader) throws(JSONError) -> Subjects {
        var subjects = Subjects(type: type)
        _ = try reader.next()
        while case .key(let name)? = try reader.next() {
            switch name {
            case "count": subjects.count = try number(&reader)
            case "rows": subjects.rows = try texts(&reader)
            case "filter": subjects.filter = try text(&reader)
            default: try reader.skipValue()
            }
        }
        return subjects
    }

    private static func text(_ reader: inout JSONReader) throws(JSONError) -> String {
        if case .string(let text)? = try reader.next() { text } else { "" }
    }

    private static func number(_ reader: inout JSONReader) throws(JSONError) -> Int {
        if case .number(let digits)? = try reader.next() { Int(digits) ?? 0 } else { 0 }
    }

    private static func texts(_ reader: inout JSONReader) throws(JSONError) -> [String] {
        var texts: [String] = []
        guard try reader.next() == .beginArray else { return [] }
        while case .string(let text)? = try reader.next() { texts.append(text) }
        return texts
    }

    /// The day of the first line of a file, which is that of all its lines.
    static func day(ofLine span: borrowing Span<UInt8>) -> CivilDate? {
        guard let place = BytePattern("\"at\":\"").place(span, 0, min(span.count, 64)), place + 16 <= span.count else {
            return nil
        }
        var text: [UInt8] = []
        for index in place + 6..<place + 16 { text.append(span[index]) }
        return CivilDate(isoText: String(decoding: text, as: UTF8.self))
    }
}

/// A few bytes that are looked for in many.
private struct BytePattern: Sendable {
    private let bytes: [UInt8]
    init(_ text: String) { bytes = Array(text.utf8) }

    func isIn(_ span: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Bool { place(span, start, end) != nil }

    func place(_ span: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        let pattern = bytes.span
        guard pattern.count > 0, end - start >= pattern.count else { return nil }
        let first = pattern[0]
        // The last byte of these patterns is rarer than the first.
        let (tail, last) = (pattern.count - 1, pattern[pattern.count - 1])
        var index = start
        while index + tail < end {
            if span[index] == first, span[index + tail] == last {
                var length = 1
                while length < tail, span[index + length] == pattern[length] { length += 1 }
                if length == tail { return index }
            }
            index += 1
        }
        return nil
    }
}
