/// A change set that would have broken the graph. No version was made.
package struct ChangeSetRefused: Error, Sendable {
    /// The problems found first, as many as the caller wanted, in the order of types, rows and columns.
    package let problems: [ChangeProblem]
    /// How many there are in all.
    package let problemCount: Int

    package init(_ problems: [ChangeProblem], problemCount: Int) {
        self.problems = problems
        self.problemCount = problemCount
    }
}

/// Problems as they are found: counted all, kept up to a limit.
final class ProblemList {
    private var problems: [ChangeProblem] = []
    private(set) var count = 0
    let limit: Int
    init(limit: Int) { self.limit = limit }

    func report(_ reason: ChangeProblem.Reason, type: NodeTypeID, row: Int, column: Int? = nil) {
        count += 1
        if problems.count < limit { problems.append(ChangeProblem(type: type, row: row, column: column, reason: reason)) }
    }

    var refusal: ChangeSetRefused {
        let ordered = problems.sorted { ($0.type.index, $0.row, $0.column ?? -1) < ($1.type.index, $1.row, $1.column ?? -1) }
        return ChangeSetRefused(ordered, problemCount: count)
    }
}
