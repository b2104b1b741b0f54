import GraphQLTypes
import StoreColumns

/// A stretch of days: named by the calendar, by two dates, or as seen from the as-of date.
package enum Period: Sendable, Hashable {
    case year(Int)
    /// 1 or 2.
    case half(year: Int, Int)
    /// 1 to 4.
    case quarter(year: Int, Int)
    case month(year: Int, Int)
    /// ISO 8601: from Monday; the week belongs to the year that has its Thursday.
    case week(year: Int, Int)
    case days(CivilDate, CivilDate)
    /// The unit that holds the as-of date, or one before or after it.
    case relative(Unit, offset: Int)
    /// So many units up to and including the as-of date.
    case last(Int, Unit)

    package enum Unit: String, Sendable, Hashable, CaseIterable {
        case day = "DAY"
        case week = "WEEK"
        case month = "MONTH"
        case quarter = "QUARTER"
        case half = "HALF"
        case year = "YEAR"
    }

    /// What the API says of the scalar.
    static let explanation = """
        A stretch of days, as a string.

        A year "2026", half "2026-H2", quarter "2026-Q4", month "2026-11", ISO week "2026-W47" or day "2026-11-05";
        two days with all between them "2026-01-01/2026-03-31";
        as seen from the as-of date: TODAY, YESTERDAY, THIS_WEEK, LAST_MONTH, NEXT_QUARTER and so on with WEEK, MONTH,
        QUARTER, HALF, YEAR, or so many DAYS, WEEKS, MONTHS, QUARTERS, HALVES, YEARS up to it: LAST_12_MONTHS.
        """

    /// Reads a period as the API writes it.
    /// - Throws: What is wrong, for the middle of a message.
    package init(_ text: String) throws(ScalarError) {
        guard let period = Self.named(text) ?? Self.relative(text) else {
            throw ScalarError(
                "is not a period such as \"2026\", \"2026-Q4\", \"2026-11\", \"2026-01-01/2026-03-31\", \"THIS_QUARTER\" or "
                    + "\"LAST_12_MONTHS\"")
        }
        if case .days(let first, let last) = period, last < first { throw ScalarError("ends before it begins") }
        self = period
    }

    private static func named(_ text: String) -> Period? {
        let ends = text.split(separator: "/", omittingEmptySubsequences: false)
        if ends.count == 2, let first = CivilDate(isoText: String(ends[0])), let last = CivilDate(isoText: String(ends[1])) {
            return .days(first, last)
        }
        if let day = CivilDate(isoText: text) { return .days(day, day) }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let year = number(parts[0], digits: 4), year >= 1, parts.count <= 2 else { return nil }
        guard parts.count == 2 else { return .year(year) }
        let part = parts[1]
        if let month = number(part, digits: 2) { return (1...12).contains(month) ? .month(year: year, month) : nil }
        switch part.first {
        case "H":
            return number(part.dropFirst(), digits: 1).flatMap { (1...2).contains($0) ? .half(year: year, $0) : nil }
        case "Q":
            return number(part.dropFirst(), digits: 1).flatMap { (1...4).contains($0) ? .quarter(year: year, $0) : nil }
        case "W":
            guard let week = number(part.dropFirst(), digits: 2), week >= 1, monday(year: year, week: week) != nil else {
                return nil
            }
            return .week(year: year, week)
        default: return nil
        }
    }

    private static func relative(_ text: String) -> Period? {
        if text == "TODAY" { return .relative(.day, offset: 0) }
        if text == "YESTERDAY" { return .relative(.day, offset: -1) }
        let words = text.split(separator: "_", omittingEmptySubsequences: false)
        if words.count == 2, let offset = ["THIS": 0, "LAST": -1, "NEXT": 1][words[0]],
            let unit = Unit(rawValue: String(words[1])),
            unit != .day
        {
            return .relative(unit, offset: offset)
        }
        guard words.count == 3, words[0] == "LAST", words[1].first != "0", words[1].utf8.count <= 4,
            let count = number(words[1], digits: words[1].utf8.count), let unit = Unit(plural: words[2])
        else { return nil }
        return .last(count, unit)
    }

    /// Exactly so many digits.
    private static func number(_ text: Substring, digits: Int) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
        return Int(text)
    }

    // MARK: - Days

    /// The first and the last day, both included.
    /// - Returns: nil where a day would lie outside the years 1 to 9999.
    package func bounds(asOf: CivilDate) -> (first: CivilDate, last: CivilDate)? {
        switch self {
        case .year(let year): Self.months(from: Months(year, 1), count: 12)
        case .half(let year, let half): Self.months(from: Months(year, half * 6 - 5), count: 6)
        case .quarter(let year, let quarter): Self.months(from: Months(year, quarter * 3 - 2), count: 3)
        case .month(let year, let month): Self.months(from: Months(year, month), count: 1)
        case .week(let year, let week): Self.monday(year: year, week: week).flatMap { Self.days(from: $0, count: 7) }
        case .days(let first, let last): (first, last)
        case .relative(let unit, let offset): Self.relative(unit, offset: offset, to: asOf)
        case .last(let count, let unit): Self.last(count, unit, to: asOf)
        }
    }

    private typealias Bounds = (first: CivilDate, last: CivilDate)

    /// Months counted through from the year 0.
    private struct Months {
        var count: Int
        init(_ year: Int, _ month: Int) { count = year * 12 + month - 1 }
        var year: Int { count / 12 }
        var month: Int { count % 12 + 1 }
        func adding(_ months: Int) -> Months {
            var copy = self
            copy.count += months
            return copy
        }
    }

    private static func months(from start: Months, count: Int) -> Bounds? {
        let end = start.adding(count - 1)
        guard let first = CivilDate(year: start.year, month: start.month, day: 1), let last = lastDay(of: end) else { return nil }
        return (first, last)
    }

    private static func lastDay(of month: Months) -> CivilDate? {
        CivilDate(year: month.year, month: month.month, day: CivilDate.dayCount(month.year, month.month))
    }

    private static func days(from first: Int, count: Int) -> Bounds? {
        guard let first = date(first), let last = date(Int(first.days) + count - 1) else { return nil }
        return (first, last)
    }

    private static func date(_ days: Int) -> CivilDate? { Int32(exactly: days).flatMap(CivilDate.init(days:)) }

    /// Days since 1970-01-01 of the Monday of an ISO week; nil where the year has no such week.
    private static func monday(year: Int, week: Int) -> Int? {
        // January 4th is always in week 1, the Thursday of a week always in its year.
        guard let fourth = CivilDate(year: year, month: 1, day: 4) else { return nil }
        let monday = Self.monday(before: Int(fourth.days)) + (week - 1) * 7
        guard let thursday = date(monday + 3), thursday.year == year else { return nil }
        return monday
    }

    /// The Monday on or before a day. 1970-01-01 was a Thursday.
    private static func monday(before days: Int) -> Int { days - ((days + 3) % 7 + 7) % 7 }

    private static func relative(_ unit: Unit, offset: Int, to asOf: CivilDate) -> Bounds? {
        let month = Months(asOf.year, asOf.month)
        switch unit {
        case .day: return days(from: Int(asOf.days) + offset, count: 1)
        case .week: return days(from: monday(before: Int(asOf.days)) + offset * 7, count: 7)
        default:
            let length = unit.months
            return months(
                from: Months(month.year, (month.month - 1) / length * length + 1).adding(offset * length), count: length)
        }
    }

    /// A month back from the 31st is the last day of a shorter month.
    private static func last(_ count: Int, _ unit: Unit, to asOf: CivilDate) -> Bounds? {
        let before: Int
        switch unit {
        case .day: before = Int(asOf.days) - count
        case .week: before = Int(asOf.days) - count * 7
        default:
            let month = Months(asOf.year, asOf.month).adding(-count * unit.months)
            guard month.count >= 12, let end = lastDay(of: month) else { return nil }
            before = Int(CivilDate(year: month.year, month: month.month, day: asOf.day)?.days ?? end.days)
        }
        return date(before + 1).map { ($0, asOf) }
    }
}

extension Period.Unit {
    /// `MONTHS`
    fileprivate init?(plural: Substring) {
        guard let unit = Self.allCases.first(where: { ($0 == .half ? "HALVES" : $0.rawValue + "S") == plural }) else {
            return nil
        }
        self = unit
    }

    /// 0 for days and weeks.
    fileprivate var months: Int {
        switch self {
        case .day, .week: 0
        case .month: 1
        case .quarter: 3
        case .half: 6
        case .year: 12
        }
    }
}
