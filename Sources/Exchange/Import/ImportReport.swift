import Model

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
    /// The tables of files in our own shape, in their order, with what their columns are.
    package var tables: [ChangeReport.Table] = []
    /// What makes no row and is no mistake, in the order in which it was met.
    package private(set) var passedOver: [PassedOver] = []

    /// Whether everything may be loaded.
    package var isClean: Bool { problemCount == 0 }

    mutating func add(_ problem: ImportProblem, limit: Int) {
        problemCount += 1
        if problems.count < limit { problems.append(problem) }
    }

    /// Tells that a row, or what has no rows, is not read.
    mutating func passOver(_ reason: PassedOver.Reason, file: String, row: Int? = nil, heading: String? = nil) {
        let known = passedOver.lastIndex { $0.file == file && $0.reason == reason && $0.heading == heading }
        if known == nil { passedOver.append(PassedOver(reason, file: file, heading: heading)) }
        if let row { passedOver[known ?? passedOver.count - 1].add(row) }
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
        lines += notes.map { "note: \($0)" } + passedOver.map { "note: \($0.told.message)" }
        lines += problems.map(\.description)
        if problemCount > problems.count { lines.append("… and \(problemCount - problems.count) more") }
        lines.append(
            isClean ? "no problems" : "\(problemCount) \(problemCount == 1 ? "problem" : "problems"); nothing was loaded")
        return lines.joined(separator: "\n")
    }
}

extension ImportReport {
    /// As every change is reported: of files that were read, and loaded if they are clean.
    /// - Parameter version: what they make, or would be applied to.
    package func changeReport(version: UInt64) -> ChangeReport {
        var report = ChangeReport(version: version)
        report.files = reportFiles
        report.notes = notes
        report.passedOver = passedOver.map(\.told)
        report.tables = tables
        for problem in problems { report.add(ChangeReport.Problem(problem)) }
        report.problemCount = problemCount
        var counts: [String: Int] = [:]
        for count in files.flatMap(\.types) { counts[count.type, default: 0] += count.rowCount }
        for type in files.flatMap(\.types).map(\.type) where counts[type] != nil {
            var count = ChangeReport.Count(type: type)
            count.added = counts.removeValue(forKey: type) ?? 0
            report.counts.append(count)
        }
        return report
    }
}

/// Files were not loaded; the report says why.
package struct ImportRefused: Error, Sendable, CustomStringConvertible {
    package let report: ImportReport
    package init(_ report: ImportReport) { self.report = report }
    package var description: String { report.description }
}
