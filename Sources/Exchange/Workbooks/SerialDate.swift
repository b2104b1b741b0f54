import StoreColumns

/// Dates as spreadsheets count them: days, and shares of a day, since the end of 1899.
enum SerialDate {
    /// 1970-01-01.
    private static let epoch = 25_569
    /// How much later files count that were begun on a Macintosh.
    private static let from1904 = 1_462
    /// 1900-03-01: before it spreadsheets count a day that never was, and disagree.
    private static let firstCertain = 61

    /// The number of a day; nil where spreadsheets do not agree on one.
    static func number(of days: Int32) -> Int? {
        let number = Int(days) + epoch
        return number >= firstCertain && number <= 2_958_465 ? number : nil
    }

    /// A number as `2019-07-31`, with a time behind it where it has one, or a time alone; nil where it is no date.
    static func text(_ number: Span<UInt8>, from1904: Bool) -> [UInt8]? {
        guard let parts = WorkbookNumber.Parts(number), !parts.isNegative, parts.point <= 7 else { return nil }
        let whole = parts.digits.prefix(max(0, parts.point))
        var days = whole.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        for _ in whole.count..<max(whole.count, parts.point) { days *= 10 }
        // Nine digits of a day are a ten-thousandth of a second.
        var (share, unit) = (0, 1_000_000_000)
        if parts.point > -9 {
            let rest = [UInt8](repeating: 0x30, count: max(0, -parts.point)) + parts.digits.dropFirst(max(0, parts.point))
            for digit in rest.prefix(9) {
                unit /= 10
                share += Int(digit - 0x30) * unit
            }
        }
        var seconds = (share * 86_400 + 500_000_000) / 1_000_000_000
        if seconds == 86_400 { (days, seconds) = (days + 1, 0) }
        let time = seconds == 0 ? "" : time(seconds)
        if days == 0, !from1904 { return Array((time.isEmpty ? "00:00:00" : time).utf8) }
        var since1970 = days - epoch + (from1904 ? Self.from1904 : 0)
        if !from1904 {
            // The day that never was, and those before it, which are counted from one day later.
            guard days != 60 else { return nil }
            if days < 60 { since1970 += 1 }
        }
        guard let day = Int32(exactly: since1970).flatMap({ CivilDate(days: $0) }) else { return nil }
        return Array((time.isEmpty ? "\(day)" : "\(day) \(time)").utf8)
    }

    private static func time(_ seconds: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(seconds / 3_600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }
}
