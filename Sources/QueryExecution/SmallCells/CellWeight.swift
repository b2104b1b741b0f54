/// What stands behind one figure of a set of rows.
package struct CellWeight: Sendable, Hashable {
    /// How many rows have a value.
    package var contributors: Int
    /// How many people they are about: of several sets together, at least so many.
    package var people: Int
    /// Whether somebody may be behind several sets.
    package var sharesPeople: Bool
    /// Of what the values are without their signs, and the most of it that one of them has, or may have; 0 where values are not added up.
    package var sum: Double
    package var greatest: Double

    /// - Parameter people: Where somebody may have several rows, here and elsewhere; nil: each row is about another.
    package init(contributors: Int, people: Int? = nil, sum: Double = 0, greatest: Double = 0) {
        self.contributors = contributors
        self.people = people ?? contributors
        sharesPeople = people != nil
        self.sum = sum
        self.greatest = greatest
    }

    package static let nothing = CellWeight(contributors: 0)

    package static func + (left: CellWeight, right: CellWeight) -> CellWeight {
        let shares = left.sharesPeople || right.sharesPeople
        var sum = CellWeight(
            contributors: left.contributors + right.contributors, sum: left.sum + right.sum,
            greatest: shares ? left.greatest + right.greatest : max(left.greatest, right.greatest))
        sum.sharesPeople = shares
        if shares { sum.people = max(left.people, right.people) }
        return sum
    }

    /// Whether one makes up more than a share of the sum.
    package func isDominated(percent: Int) -> Bool { greatest * 100 > sum * Double(percent) }

    /// Whether a figure of it would tell about few. Nobody is told about by nothing.
    /// - Parameter besides: Rows that are known to be somebody else's.
    package func isSensitive(minimumCell: Int, besides: Int = 0, dominancePercent: Int) -> Bool {
        contributors > 0
            && (people < minimumCell || contributors < minimumCell + besides || isDominated(percent: dominancePercent))
    }
}
