import StoreColumns

/// What rows are grouped by.
package struct GroupingKey: Sendable, Hashable {
    /// How values become keys.
    package enum Unit: Sendable, Hashable {
        /// Equal values are one key.
        case value
        /// Dates, and instants by their day in UTC, of one calendar period.
        case period(DateBucket)
        /// Numbers of one interval.
        case buckets(NumberBuckets)
        /// Rows of a tree with the same ancestor of a level; a row of that level is its own ancestor.
        case ancestor(AncestorLevel)
    }
    /// Over variable 0.
    package var expression: Expression
    package var unit: Unit

    package init(_ expression: Expression, _ unit: Unit = .value) {
        self.expression = expression
        self.unit = unit
    }
}

/// Calendar periods by which dates are grouped, by the names of the API's enum.
package enum DateBucket: String, Sendable, Hashable, CaseIterable {
    case year = "YEAR"
    case half = "HALF"
    case quarter = "QUARTER"
    case month = "MONTH"
    case week = "WEEK"
    case day = "DAY"

    /// The first and the last day of the period that holds a day. Weeks begin on Monday (ISO 8601).
    package func bounds(of date: CivilDate) -> (first: CivilDate, last: CivilDate) {
        switch self {
        case .year: (date.startOfYear, date.endOfYear)
        case .half: (date.startOfHalf, date.endOfHalf)
        case .quarter: (date.startOfQuarter, date.endOfQuarter)
        case .month: (date.startOfMonth, date.endOfMonth)
        case .week: (date.startOfWeek, date.endOfWeek)
        case .day: (date, date)
        }
    }

    /// The period as it is written: `2026`, `2026-H2`, `2026-Q4`, `2026-11`, `2026-W47`, `2026-11-21`.
    package func text(of date: CivilDate) -> String {
        func padded(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
        }
        let year = padded(date.year, 4)
        switch self {
        case .year: return year
        case .half: return "\(year)-H\(date.month <= 6 ? 1 : 2)"
        case .quarter: return "\(year)-Q\(date.quarter)"
        case .month: return "\(year)-\(padded(date.month, 2))"
        case .week:
            let week = date.isoWeek
            return "\(padded(week.year, 4))-W\(padded(week.week, 2))"
        case .day: return date.description
        }
    }
}

/// Intervals of numbers, each with its lower end and without its upper one.
package enum NumberBuckets: Sendable, Hashable {
    /// All as wide as each other: `origin + index × width` is the lower end. The width is above 0.
    case even(width: Decimal, origin: Decimal)
    /// Between ascending bounds, below the first of them, and from the last of them on.
    case between([Decimal])

    /// The ends of an interval; nil where it is open there, or where the end is no Decimal.
    package func ends(of index: Int64) -> (from: Decimal?, to: Decimal?) {
        switch self {
        case .even(let width, let origin): return (Self.end(width, origin, index), Self.end(width, origin, index &+ 1))
        case .between(let bounds):
            let index = Int(index)
            return (index > 0 ? bounds[index - 1] : nil, index < bounds.count ? bounds[index] : nil)
        }
    }

    private static func end(_ width: Decimal, _ origin: Decimal, _ index: Int64) -> Decimal? {
        let digits = max(width.fractionDigits, origin.fractionDigits)
        guard let wide = width.rescaled(to: digits), let start = origin.rescaled(to: digits) else { return nil }
        let end = Int128(wide.unscaled) * Int128(index) + Int128(start.unscaled)
        return Int64(exactly: end).map { Decimal(unscaled: $0, fractionDigits: digits) }
    }
}

/// A level of a tree of rows: each row but the root has a parent, and an enum column says which level it is of.
package struct AncestorLevel: Sendable, Hashable {
    package var tree: NodeTypeID
    package var parentColumn: Int
    package var levelColumn: Int
    /// The code of the level.
    package var level: UInt16

    package init(tree: NodeTypeID, parentColumn: Int, levelColumn: Int, level: UInt16) {
        self.tree = tree
        self.parentColumn = parentColumn
        self.levelColumn = levelColumn
        self.level = level
    }
}
