/// Periods told by labels of days: a day lies in March 2019 where its month is called "2019-03". Nothing is computed but from day
/// to day.
enum NaivePeriod {
    static let units = ["WEEK", "MONTH", "QUARTER", "HALF", "YEAR"]

    /// What the unit that holds a day is called.
    static func label(_ day: Int, _ unit: String) -> String {
        let text = dateText(day)
        let (year, month) = (Int(text.prefix(4))!, Int(text.dropFirst(5).prefix(2))!)
        switch unit {
        case "YEAR": return "\(year)"
        case "HALF": return "\(year)-H\((month + 5) / 6)"
        case "QUARTER": return "\(year)-Q\((month + 2) / 3)"
        case "MONTH": return String(text.prefix(7))
        case "WEEK":
            // The week belongs to the year that has its Thursday. 1970-01-01 was one.
            var thursday = day
            while thursday % 7 != 0 { thursday += isBeforeThursday(day) ? 1 : -1 }
            let year = Int(dateText(thursday).prefix(4))!
            let week = (thursday - days(year, 1, 1)) / 7 + 1
            return "\(year)-W\(week < 10 ? "0" : "")\(week)"
        default: return text
        }
    }

    /// Monday, Tuesday or Wednesday.
    private static func isBeforeThursday(_ day: Int) -> Bool { (day + 3) % 7 < 3 }

    /// Whether a day lies in a period.
    static func holds(_ period: String, _ day: Int, asOf: Int) -> Bool {
        if period == "TODAY" { return day == asOf }
        if period == "YESTERDAY" { return day == asOf - 1 }
        let ends = period.split(separator: "/")
        if ends.count == 2 { return (ends[0]...ends[1]).contains(Substring(dateText(day))) }
        let words = period.split(separator: "_").map(String.init)
        switch (words.first, words.count) {
        case ("THIS", 2): return label(day, words[1]) == label(asOf, words[1])
        case ("LAST", 2), ("NEXT", 2):
            var neighbour = asOf
            let stride = ["WEEK": 1, "MONTH": 20, "QUARTER": 60, "HALF": 90, "YEAR": 150][words[1]]!
            while label(neighbour, words[1]) == label(asOf, words[1]) { neighbour += words[0] == "NEXT" ? stride : -stride }
            return label(day, words[1]) == label(neighbour, words[1])
        case ("LAST", 3): return day <= asOf && day > start(Int(words[1])!, words[2], asOf)
        default:
            return (units + ["DAY"]).contains { label(day, $0) == period }
        }
    }

    /// The last day before so many units up to a day.
    private static func start(_ count: Int, _ unit: String, _ asOf: Int) -> Int {
        switch unit {
        case "DAYS": return asOf - count
        case "WEEKS": return asOf - count * 7
        default:
            let months = count * ["MONTHS": 1, "QUARTERS": 3, "HALVES": 6, "YEARS": 12][unit]!
            let text = dateText(asOf)
            var (year, month) = (Int(text.prefix(4))!, Int(text.dropFirst(5).prefix(2))!)
            for _ in 0..<months { (year, month) = month == 1 ? (year - 1, 12) : (year, month - 1) }
            // The same day of the month, or the last there is.
            var day = Int(text.suffix(2))!
            let name = month < 10 ? "0\(month)" : "\(month)"
            while dateText(days(year, month, day)).dropFirst(5).prefix(2) != name { day -= 1 }
            return days(year, month, day)
        }
    }

    static func random(_ chance: inout Chance) -> String {
        let day = days(2017, 1, 1) + chance.below(1_800)
        switch chance.below(6) {
        case 0: return label(day, chance.pick(units + ["DAY"]))
        case 1: return "\(dateText(day))/\(dateText(day + chance.below(400)))"
        case 2: return chance.pick(["TODAY", "YESTERDAY"])
        case 3: return "\(chance.pick(["THIS", "LAST", "NEXT"]))_\(chance.pick(units))"
        case 4: return "LAST_\(1 + chance.below(30))_\(chance.pick(["DAYS", "WEEKS", "MONTHS", "QUARTERS", "HALVES", "YEARS"]))"
        default: return label(day, "WEEK")
        }
    }
}
