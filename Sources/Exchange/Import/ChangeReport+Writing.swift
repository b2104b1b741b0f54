import JSONText
import Model

/// The report of every import, for a terminal and as JSON. The mutation's, with the places in files.
extension ChangeReport {
    /// Lines: the files, the notes, the problems, the counts, and what came of it.
    package var text: String {
        var lines = files.map { file in
            "\(file.name): \(file.rowCount) rows\(file.badRowCount > 0 ? ", \(file.badRowCount) of them cannot be read" : "")"
        }
        lines += notes.map { "note: \($0)" } + passedOver.map { "note: \($0.message)" }
        lines += problems.map(\.text)
        if problemCount > problems.count { lines.append("… and \(problemCount - problems.count) more") }
        for count in counts {
            let parts = [
                (count.added, "added"), (count.changed, "changed"), (count.deleted, "removed"), (count.unchanged, "as they were"),
            ]
            lines.append("\(count.type): " + parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", "))
        }
        if leftOutCount > 0 { lines.append("\(leftOutCount) rows left out") }
        let problems = problemCount == 0 ? "no problems" : "\(problemCount) \(problemCount == 1 ? "problem" : "problems")"
        lines.append("\(problems); \(outcome)")
        return lines.joined(separator: "\n")
    }

    private var outcome: String {
        if isRepeated { return "applied before, as version \(version); nothing was done again" }
        if isApplied { return "version \(version)" }
        return isDryRun
            ? "a trial on version \(version): nothing was applied" : "nothing was applied; the data stays at version \(version)"
    }

    /// With the names of the API's type `ChangeReport`.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        for (name, value) in [("applied", isApplied), ("dryRun", isDryRun), ("repeated", isRepeated)] {
            writer.name(name)
            writer.boolean(value)
        }
        writer.name("version")
        writer.string(String(version))
        writer.list("counts", counts) { count, writer in
            writer.member("type", count.type)
            writer.member("added", count.added)
            writer.member("changed", count.changed)
            writer.member("unchanged", count.unchanged)
            writer.member("deleted", count.deleted)
        }
        writer.list("problems", problems) { $0.write(to: &$1) }
        writer.member("problemCount", problemCount)
        writer.member("leftOutCount", leftOutCount)
        writer.list("files", files) { file, writer in
            writer.member("name", file.name)
            writer.member("byteCount", file.byteCount)
            writer.member("rowCount", file.rowCount)
            writer.member("badRowCount", file.badRowCount)
        }
        writer.name("notes")
        writer.beginArray()
        for note in notes {
            writer.separate()
            writer.string(note)
        }
        writer.endArray()
        writer.list("passedOver", passedOver) { part, writer in
            writer.member("file", part.file)
            writer.member("heading", part.heading)
            writer.member("rows", part.rows)
            writer.member("rowCount", part.rowCount)
            writer.member("reason", part.reason)
            writer.member("message", part.message)
        }
        writer.list("tables", tables) { table, writer in
            writer.member("name", table.name)
            writer.member("type", table.type)
            writer.list("columns", table.columns) { column, writer in
                writer.member("heading", column.heading)
                writer.member("field", column.field)
            }
        }
        writer.endObject()
        return writer.finish()
    }
}

extension ChangeReport.Problem {
    /// `authors.csv:17:5: born: '1971-02-30': is not a date (HARD)`
    fileprivate var text: String {
        var text = ""
        if let place {
            text +=
                [place.file, place.line.map(String.init), place.line == nil ? nil : place.column.map(String.init)]
                .compactMap { $0 }.joined(separator: ":") + ": "
            if let heading = place.heading { text += "\(heading): " }
            if let value = place.value { text += "'\(value)': " }
            if place.isValueHidden { text += "(value hidden: personal) " }
        } else if let type {
            text += "\(type)\(key.map { " \($0)" } ?? ""): "
        }
        text += message
        if let check { text += " (check \(check))" }
        return severity == .hard ? text : text + " (\(severity.rawValue))"
    }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("code", code.rawValue)
        writer.member("severity", severity.rawValue)
        writer.member("type", type)
        writer.member("list", list?.rawValue)
        writer.member("row", row)
        writer.member("key", key)
        writer.member("field", field)
        writer.member("check", check)
        writer.member("reason", reason)
        writer.member("message", message)
        guard let place else { return }
        writer.member("file", place.file)
        writer.member("line", place.line)
        writer.member("column", place.column)
        writer.member("heading", place.heading)
        writer.member("value", place.value)
        if place.isValueHidden {
            writer.name("isValueHidden")
            writer.boolean(true)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ value: String?) {
        guard let value else { return }
        self.name(name)
        string(value)
    }

    fileprivate mutating func member(_ name: String, _ value: Int?) {
        guard let value else { return }
        self.name(name)
        int(value)
    }

    fileprivate mutating func list<Item>(_ name: String, _ items: [Item], _ write: (Item, inout JSONWriter) -> Void) {
        self.name(name)
        beginArray()
        for item in items {
            separate()
            beginObject()
            write(item, &self)
            endObject()
        }
        endArray()
    }
}
