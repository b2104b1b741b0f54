import JSONText

/// What an import read and what was wrong with it.
package struct ImportReport: Hashable, Sendable {
    package struct File: Hashable, Sendable {
        package var name: String
        package var byteCount: Int
        /// Records without the header.
        package var rowCount = 0
        /// Records that make no row because something in them is wrong.
        package var badRowCount = 0
        /// Rows made, by type, in the order of the mapping.
        package var types: [TypeCount] = []

        /// Counts rows of a type that several mappings may make.
        mutating func add(_ rowCount: Int, of type: String) {
            if let place = types.firstIndex(where: { $0.type == type }) {
                types[place].rowCount += rowCount
            } else {
                types.append(TypeCount(type: type, rowCount: rowCount))
            }
        }
    }
    package struct TypeCount: Hashable, Sendable {
        package var type: String
        package var rowCount: Int
    }

    package var files: [File] = []
    /// The first of them, as many as the limit allows, in the order of files and lines.
    package var problems: [ImportProblem] = []
    /// All of them.
    package var problemCount = 0
    /// What is worth knowing and keeps nothing from being loaded: columns and files that were passed over.
    package var notes: [String] = []

    /// Whether everything may be loaded.
    package var isClean: Bool { problemCount == 0 }

    mutating func add(_ problem: ImportProblem, limit: Int) {
        problemCount += 1
        if problems.count < limit { problems.append(problem) }
    }
}

extension ImportReport: CustomStringConvertible {
    /// For a terminal: a line for each file, then one for each problem.
    package var description: String {
        var lines = files.map { file in
            let types = file.types.map { "\($0.type) \($0.rowCount)" }.joined(separator: ", ")
            let bad = file.badRowCount > 0 ? ", \(file.badRowCount) of them bad" : ""
            return "\(file.name): \(file.rowCount) rows\(bad)\(types.isEmpty ? "" : " → \(types)")"
        }
        lines += notes.map { "note: \($0)" }
        lines += problems.map(\.description)
        if problemCount > problems.count { lines.append("… and \(problemCount - problems.count) more") }
        lines.append(
            isClean ? "no problems" : "\(problemCount) \(problemCount == 1 ? "problem" : "problems"); nothing was loaded")
        return lines.joined(separator: "\n")
    }
}

extension ImportReport {
    /// The report as JSON.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("problemCount")
        writer.int(problemCount)
        writer.name("files")
        writer.beginArray()
        for file in files { write(file, to: &writer) }
        writer.endArray()
        writer.name("problems")
        writer.beginArray()
        for problem in problems { write(problem, to: &writer) }
        writer.endArray()
        writer.name("notes")
        writer.beginArray()
        for note in notes {
            writer.separate()
            writer.string(note)
        }
        writer.endArray()
        writer.endObject()
        return writer.finish()
    }

    private func write(_ file: File, to writer: inout JSONWriter) {
        writer.separate()
        writer.beginObject()
        writer.name("name")
        writer.string(file.name)
        writer.name("byteCount")
        writer.int(file.byteCount)
        writer.name("rowCount")
        writer.int(file.rowCount)
        writer.name("badRowCount")
        writer.int(file.badRowCount)
        writer.name("types")
        writer.beginArray()
        for count in file.types {
            writer.separate()
            writer.beginObject()
            writer.name("type")
            writer.string(count.type)
            writer.name("rowCount")
            writer.int(count.rowCount)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }

    private func write(_ problem: ImportProblem, to writer: inout JSONWriter) {
        func text(_ name: String, _ value: String?, _ writer: inout JSONWriter) {
            guard let value else { return }
            writer.name(name)
            writer.string(value)
        }
        func number(_ name: String, _ value: Int?, _ writer: inout JSONWriter) {
            guard let value else { return }
            writer.name(name)
            writer.int(value)
        }
        writer.separate()
        writer.beginObject()
        text("reason", problem.reason.rawValue, &writer)
        text("file", problem.file, &writer)
        number("line", problem.line, &writer)
        number("column", problem.column, &writer)
        text("heading", problem.heading, &writer)
        text("field", problem.field, &writer)
        text("value", problem.value, &writer)
        if problem.isValueHidden {
            writer.name("isValueHidden")
            writer.boolean(true)
        }
        text("message", problem.message, &writer)
        writer.endObject()
    }
}

/// Files were not loaded; the report says why.
package struct ImportRefused: Error, Sendable, CustomStringConvertible {
    package let report: ImportReport
    package init(_ report: ImportReport) { self.report = report }
    package var description: String { report.description }
}
