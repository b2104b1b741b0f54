/// A day of the proleptic Gregorian calendar, years 1 to 9999, without time and zone.
package struct CivilDate: Sendable, Hashable, Comparable {
    /// Days since 1970-01-01.
    package let days: Int32

    package static let earliest = CivilDate(unchecked: -719_162)
    package static let latest = CivilDate(unchecked: 2_932_896)

    private init(unchecked days: Int32) { self.days = days }

    /// - Returns: nil outside the years 1 to 9999.
    package init?(days: Int32) {
        guard (CivilDate.earliest.days...CivilDate.latest.days).contains(days) else { return nil }
        self.days = days
    }

    /// - Returns: nil if there is no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...CivilDate.dayCount(year, month)).contains(day)
        else { return nil }
        // Years start in March here, so that the leap day is the last of its year (days from civil, in 400-year eras).
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        days = Int32(era * 146_097 + dayOfEra - 719_468)
    }

    /// Reads `YYYY-MM-DD`, four, two and two digits.
    package init?(isoText text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in bytes[range] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else { return nil }
        self.init(year: year, month: month, day: day)
    }

    package static func < (left: CivilDate, right: CivilDate) -> Bool { left.days < right.days }

    package static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    /// Days of a month (1…12) of a year.
    package static func dayCount(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    package var components: (year: Int, month: Int, day: Int) {
        let shifted = Int(days) + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
    package var year: Int { components.year }
    package var month: Int { components.month }
    package var day: Int { components.day }
    /// 1 Monday … 7 Sunday.
    package var weekday: Int { (Int(days) + 719_162) % 7 + 1 }

    /// Nil outside the calendar.
    package func adding(days count: Int) -> CivilDate? {
        let (sum, overflow) = Int(days).addingReportingOverflow(count)
        guard !overflow, let days = Int32(exactly: sum) else { return nil }
        return CivilDate(days: days)
    }

    /// The same day some months on; the last of the month where that month is shorter. Nil outside the calendar.
    package func adding(months count: Int) -> CivilDate? {
        let (year, month, day) = components
        let (total, overflow) = (year * 12 + month - 1).addingReportingOverflow(count)
        guard !overflow, total >= 12 else { return nil }
        let (newYear, newMonth) = (total / 12, total % 12 + 1)
        return CivilDate(year: newYear, month: newMonth, day: min(day, CivilDate.dayCount(newYear, newMonth)))
    }
}

extension CivilDate: CustomStringConvertible {
    /// `2017-06-30`
    package var description: String {
        let (year, month, day) = components
        func padded(_ value: Int, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}
