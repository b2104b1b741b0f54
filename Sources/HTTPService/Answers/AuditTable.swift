import Access
import Exchange
import JSONText

/// Entries of the audit as they are sent.
enum AuditTable {
    static func json(_ findings: AuditFindings) -> [UInt8] {
        var json = JSONWriter(capacity: 1_024 + findings.entries.count * 512)
        json.beginObject()
        json.list("entries") { json in
            for entry in findings.entries { json.element { write(entry, &$0) } }
        }
        json.member("isCut", findings.isCut)
        json.member("linesRead", findings.lineCount)
        json.endObject()
        return json.finish()
    }

    private static func write(_ entry: AuditEntry, _ json: inout JSONWriter) {
        json.member("n", entry.number)
        for (name, text) in texts(of: entry) where !text.isEmpty { json.member(name, text) }
        json.member("rows", entry.rowCount)
        json.object("classes") { json in
            for kind in entry.classes { json.member(kind.kind, kind.view) }
        }
        json.member("fields", entry.fields)
        json.list("about") { json in
            for subjects in entry.subjects {
                json.element { json in
                    json.member("type", subjects.type)
                    json.member("count", subjects.count)
                    if subjects.isListed { json.member("rows", subjects.rows) }
                }
            }
        }
        if entry.isPerhaps { json.member("perhaps", true) }
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
