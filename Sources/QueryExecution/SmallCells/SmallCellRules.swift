/// From how many rows on a cell of an answer may be shown to those who see aggregates only. `SECURITY.md`
package struct SmallCellRules: Sendable, Hashable {
    /// What nobody may go below. A register raises them, for all columns or for one.
    package static let leastMinimumCell = 5
    package static let leastMinimumCellForSensitive = 11
    package static let mostDominancePercent = 85

    /// Rows that a cell has at least, or none.
    package let minimumCell: Int
    /// The same where a column takes part that tells of health, or of anything else as sensitive.
    package let minimumCellForSensitive: Int
    /// One row that makes up more than this share of a sum may not be told by it.
    package let dominancePercent: Int

    package static let standard = SmallCellRules()

    private init() {
        minimumCell = Self.leastMinimumCell
        minimumCellForSensitive = Self.leastMinimumCellForSensitive
        dominancePercent = Self.mostDominancePercent
    }

    /// - Throws: Where a rule would be weaker than the least that is kept.
    package init(
        minimumCell: Int = SmallCellRules.leastMinimumCell,
        minimumCellForSensitive: Int = SmallCellRules.leastMinimumCellForSensitive,
        dominancePercent: Int = SmallCellRules.mostDominancePercent
    ) throws(SmallCellProblem) {
        guard minimumCell >= Self.leastMinimumCell else {
            throw SmallCellProblem(
                "The smallest cell is \(minimumCell); it is \(Self.leastMinimumCell) at least, and may only be raised.")
        }
        guard minimumCellForSensitive >= max(minimumCell, Self.leastMinimumCellForSensitive) else {
            throw SmallCellProblem(
                "The smallest cell of sensitive columns is \(minimumCellForSensitive); it is "
                    + "\(max(minimumCell, Self.leastMinimumCellForSensitive)) at least, and may only be raised.")
        }
        guard (1...Self.mostDominancePercent).contains(dominancePercent) else {
            throw SmallCellProblem(
                "One row may make up \(dominancePercent) percent of a sum; it is \(Self.mostDominancePercent) at most, and may only be "
                    + "lowered.")
        }
        self.minimumCell = minimumCell
        self.minimumCellForSensitive = minimumCellForSensitive
        self.dominancePercent = dominancePercent
    }
}

/// Why rules for small cells cannot be kept as they are written.
package struct SmallCellProblem: Error, Sendable, Hashable {
    package var message: String
    /// The line of a file that it is about, where it is known.
    package var line: Int?
    package init(_ message: String) { self.message = message }

    func at(_ line: Int?) -> SmallCellProblem {
        var problem = self
        problem.line = problem.line ?? line
        return problem
    }
}
