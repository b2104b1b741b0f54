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
    package var problems: [Problem] = []
    package var problemCount = 0

    package init(version: UInt64) { self.version = version }

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
        package var message: String

        package init(_ code: ChangeProblemCode, _ message: String) {
            self.code = code
            self.message = message
        }
    }

    package mutating func add(_ problem: Problem) {
        problemCount += 1
        if problems.count < Self.problemLimit { problems.append(problem) }
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
