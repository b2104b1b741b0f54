import StoreColumns

/// The first or last day of the calendar period that holds a date.
final class PeriodBound: IntegerNode, @unchecked Sendable {
    private let operand: IntegerNode
    private let unit: CalendarUnit
    private let isEnd: Bool
    init(_ operand: IntegerNode, _ unit: CalendarUnit, isEnd: Bool) {
        self.operand = operand
        self.unit = unit
        self.isEnd = isEnd
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let days = try operand.value(&frame), let date = CivilDate(lane: days) else { return nil }
        let bound =
            switch unit {
            case .year: isEnd ? date.endOfYear : date.startOfYear
            case .half: isEnd ? date.endOfHalf : date.startOfHalf
            case .quarter: isEnd ? date.endOfQuarter : date.startOfQuarter
            case .month: isEnd ? date.endOfMonth : date.startOfMonth
            case .week: isEnd ? date.endOfWeek : date.startOfWeek
            }
        return Int64(bound.days)
    }
}

/// A date some days later or, by a negative number, earlier. A result outside the years 1 to 9999 is an error.
final class AddDays: IntegerNode, @unchecked Sendable {
    private let date: IntegerNode
    private let days: IntegerNode
    init(_ date: IntegerNode, _ days: IntegerNode) {
        self.date = date
        self.days = days
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let start = try date.value(&frame), let count = try days.value(&frame) else { return nil }
        let (sum, overflows) = start.addingReportingOverflow(count)
        guard !overflows, CivilDate(lane: sum) != nil else {
            throw .overflow("\(count) days from a date leave the years 1 to 9999")
        }
        return sum
    }
}

/// The date of a year, month and day; null where there is no such day.
final class MakeDate: IntegerNode, @unchecked Sendable {
    private let year: IntegerNode
    private let month: IntegerNode
    private let day: IntegerNode
    init(year: IntegerNode, month: IntegerNode, day: IntegerNode) {
        self.year = year
        self.month = month
        self.day = day
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let year = try year.value(&frame), let month = try month.value(&frame), let day = try day.value(&frame),
            (1...9_999).contains(year), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        return CivilDate(year: Int(year), month: Int(month), day: Int(day)).map { Int64($0.days) }
    }
}

/// The year, month or day of a date.
final class DatePart: IntegerNode, @unchecked Sendable {
    enum Part: Sendable { case year, month, day }
    private let operand: IntegerNode
    private let part: Part
    init(_ operand: IntegerNode, _ part: Part) {
        self.operand = operand
        self.part = part
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let days = try operand.value(&frame), let date = CivilDate(lane: days) else { return nil }
        let components = date.components
        switch part {
        case .year: return Int64(components.year)
        case .month: return Int64(components.month)
        case .day: return Int64(components.day)
        }
    }
}
