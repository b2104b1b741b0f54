/// A change set that would have broken the graph. No version was made.
package struct ChangeSetRefused: Error, Sendable {
    /// The first problems found, as many as the caller wanted.
    package let problems: [ChangeProblem]
    /// How many there are in all.
    package let problemCount: Int
}

/// Problems as they are found: counted all, kept up to a limit.
struct ProblemList {
    private(set) var problems: [ChangeProblem] = []
    private(set) var count = 0
    let limit: Int
    init(limit: Int) { self.limit = limit }
    mutating func report(_ reason: ChangeProblem.Reason, type: NodeTypeID, row: Int, column: Int? = nil) {
        count += 1
        if problems.count < limit { problems.append(ChangeProblem(type: type, row: row, column: column, reason: reason)) }
    }
}
