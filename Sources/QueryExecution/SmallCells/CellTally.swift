/// How many figures' sets of rows somebody was told of who sees aggregates only, and of how many it was not all told: for the audit, and
/// for what such a one may ask in a day.
package struct CellTally: Sendable, Hashable {
    package var told = 0
    package var withheld = 0
    package init() {}

    package var count: Int { told + withheld }

    mutating func add(_ figures: FigureSet) {
        guard figures.verdict != nil else { return }
        if figures.isSuppressed { withheld += 1 } else { told += 1 }
    }
}
