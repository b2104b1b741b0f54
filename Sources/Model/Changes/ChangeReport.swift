/// What became of changes: the same for the mutation and for every import. `api.md` §8
package struct ChangeReport: Sendable, Hashable {
    /// Problems that are listed; more are counted.
    package static let problemLimit = 1_000

    package var isApplied = false
    package var isDryRun = false
    /// They had been applied before, under the same id.
    package var isRepeated = false
    /// The version with the changes; the one they were checked against where none are applied.
    package var version: UInt64
    /// By type, in the model's order, types without a change left out.
    package var counts: [Count] = []
    /// Those that stand against the changes before milder ones, where not all can be listed.
    package var problems: [Problem] = []
    package var problemCount = 0
    /// Of an import: what was read.
    package var files: [File] = []
    /// Of an import: rows that were left out because something is wrong with them.
    package var leftOutCount = 0
    /// Of an import: what is worth knowing and stands against nothing.
    package var notes: [String] = []
    /// Of an import: what makes no row and is no mistake.
    package var passedOver: [PassedOver] = []
    /// Of an import in our own shape: what was found in the files, and what it was taken for.
    package var tables: [Table] = []
    private let limit: Int

    /// - Parameter limit: of listed problems.
    package init(version: UInt64, limit: Int = ChangeReport.problemLimit) {
        self.version = version
        self.limit = limit
    }

    /// A file of an import.
    package struct File: Sendable, Hashable {
        package var name: String
        package var byteCount: Int
        package var rowCount: Int
        /// Rows that could not be read.
        package var badRowCount: Int
        package init(name: String, byteCount: Int, rowCount: Int, badRowCount: Int) {
            self.name = name
            self.byteCount = byteCount
            self.rowCount = rowCount
            self.badRowCount = badRowCount
        }
    }

    /// Rows, a column or a sheet of an import that are not read.
    package struct PassedOver: Sendable, Hashable {
        package var file: String
        /// As the file numbers them: `5、9–11`; empty where no row is meant.
        package var rows: String
        package var rowCount: Int
        package var heading: String?
        /// A word that stays the same.
        package var reason: String
        package var message: String
        package init(file: String, rows: String, rowCount: Int, heading: String? = nil, reason: String, message: String) {
            (self.file, self.rows, self.rowCount) = (file, rows, rowCount)
            (self.heading, self.reason, self.message) = (heading, reason, message)
        }
    }

    /// A file or a sheet of an import.
    package struct Table: Sendable, Hashable {
        package struct Column: Sendable, Hashable {
            package var heading: String
            /// Nil where the heading is none of the type's.
            package var field: String?
            package init(heading: String) { self.heading = heading }
        }

        package var name: String
        /// Nil where nobody knows what its rows are.
        package var type: String?
        package var columns: [Column] = []
        package init(name: String, type: String? = nil) { (self.name, self.type) = (name, type) }
    }

    /// How many rows of a type are touched.
    package struct Count: Sendable, Hashable {
        package var type: String
        package var added = 0
        package var changed = 0
        /// Given as they were.
        package var unchanged = 0
        package var deleted = 0
        package init(type: String) { self.type = type }
    }

    /// What is wrong with one row, or with the changes as a whole.
    package struct Problem: Sendable, Hashable {
        package enum List: String, Sendable, Hashable { case upsert = "UPSERT", delete = "DELETE" }
        package var code: ChangeProblemCode
        package var severity = CheckSeverity.hard
        package var type: String?
        package var list: List?
        /// From 0.
        package var row: Int?
        /// The row's key, as one text.
        package var key: String?
        package var field: String?
        package var check: String?
        /// Of a row that did not go the way its procedure goes: which, at which step, and a word for what is wrong.
        package var procedure: String?
        package var step: String?
        package var reason: String?
        package var message: String
        /// Where it stands in a file.
        package var place: Place?

        package init(_ code: ChangeProblemCode, _ message: String) {
            self.code = code
            self.message = message
        }
    }

    package mutating func add(_ problem: Problem) {
        problemCount += 1
        if problems.count < limit { return problems.append(problem) }
        // A thousand mild findings must not hide what stands against the changes.
        let mildest = problems.reduce(problem.severity) { max($0, $1.severity) }
        guard mildest > problem.severity, let place = problems.lastIndex(where: { $0.severity == mildest }) else { return }
        problems.remove(at: place)
        problems.append(problem)
    }
}

extension ChangeReport.Problem {
    /// A cell or a line of a file.
    package struct Place: Sendable, Hashable {
        package var file: String
        /// Of the file's lines, from 1.
        package var line: Int?
        /// Of the line's characters, from 1.
        package var column: Int?
        /// Of the row's cells, from 1: the column of the table.
        package var cell: Int?
        package var heading: String?
        /// What the cell holds, shortened; nil where no cell is at fault, and where it tells about a person.
        package var value: String?
        package var isValueHidden: Bool

        package init(
            file: String, line: Int?, column: Int?, cell: Int?, heading: String?, value: String?, isValueHidden: Bool
        ) {
            self.file = file
            self.line = line
            self.column = column
            self.cell = cell
            self.heading = heading
            self.value = value
            self.isValueHidden = isValueHidden
        }
    }
}

extension CheckSeverity: Comparable {
    /// The graver first.
    package static func < (left: CheckSeverity, right: CheckSeverity) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .hard: 0
        case .soft: 1
        case .report: 2
        }
    }
}

extension ChangeReport {
    /// The report on changes that come under the id of those that this report was on.
    ///
    /// - Parameter isSame: Whether they are the same changes; others are refused.
    package func repeated(_ isSame: Bool, _ id: String) -> ChangeReport {
        var report = self
        guard !isSame else {
            report.isRepeated = true
            return report
        }
        report = ChangeReport(version: version)
        report.add(
            Problem(
                .changeIDReused,
                "Other changes were applied under the id '\(id.prefix(100))', as version \(version); give these another."))
        return report
    }
}
