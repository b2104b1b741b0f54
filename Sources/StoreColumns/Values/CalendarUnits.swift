/// Calendar periods around a day. Ends are the last day of the period itself.
extension CivilDate {
    package var startOfYear: CivilDate { first(ofMonth: 1) }
    package var endOfYear: CivilDate { last(ofMonth: 12) }
    package var startOfHalf: CivilDate { first(ofMonth: month <= 6 ? 1 : 7) }
    package var endOfHalf: CivilDate { last(ofMonth: month <= 6 ? 6 : 12) }
    /// 1…4
    package var quarter: Int { (month - 1) / 3 + 1 }
    package var startOfQuarter: CivilDate { first(ofMonth: quarter * 3 - 2) }
    package var endOfQuarter: CivilDate { last(ofMonth: quarter * 3) }
    package var startOfMonth: CivilDate { first(ofMonth: month) }
    package var endOfMonth: CivilDate { last(ofMonth: month) }
    /// Monday of the ISO 8601 week; the first day of the calendar where that would be before it.
    package var startOfWeek: CivilDate { adding(days: 1 - weekday) ?? .earliest }
    /// Sunday of the ISO 8601 week; the last day of the calendar where that would be after it.
    package var endOfWeek: CivilDate { adding(days: 7 - weekday) ?? .latest }

    /// ISO 8601 week number and the year it belongs to.
    package var isoWeek: (year: Int, week: Int) {
        // The Thursday of a week decides its year.
        let thursday = adding(days: 4 - weekday) ?? self
        let start = thursday.startOfYear
        return (thursday.year, Int(thursday.days - start.days) / 7 + 1)
    }

    /// Monday of a week; nil where the year has no such week.
    package init?(isoYear: Int, week: Int) {
        guard (1...53).contains(week), let fourth = CivilDate(year: isoYear, month: 1, day: 4),
            let monday = fourth.startOfWeek.adding(days: (week - 1) * 7), monday.isoWeek == (isoYear, week)
        else { return nil }
        self = monday
    }

    private func first(ofMonth month: Int) -> CivilDate { CivilDate(year: year, month: month, day: 1) ?? self }
    private func last(ofMonth month: Int) -> CivilDate {
        CivilDate(year: year, month: month, day: CivilDate.dayCount(year, month)) ?? self
    }
}
