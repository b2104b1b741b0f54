/// A moment of Coordinated Universal Time, to the microsecond.
package struct Instant: Sendable, Hashable, Comparable {
    /// Since 1970-01-01T00:00:00Z.
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    /// Reads `YYYY-MM-DDThh:mm:ss`, up to six fraction digits, then `Z` or an offset such as `+08:00`.
    package init?(isoText text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), let date = CivilDate(isoText: String(decoding: bytes[..<10], as: UTF8.self)),
            let hour = Instant.twoDigits(bytes, 11), let minute = Instant.twoDigits(bytes, 14),
            let second = Instant.twoDigits(bytes, 17), hour < 24, minute < 60, second < 60
        else { return nil }
        var place = 19
        var fraction: Int64 = 0
        if bytes[place] == UInt8(ascii: ".") {
            var weight: Int64 = 100_000
            place += 1
            let start = place
            while place < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) {
                guard weight > 0 else { return nil }
                fraction += Int64(bytes[place] - UInt8(ascii: "0")) * weight
                weight /= 10
                place += 1
            }
            guard place > start else { return nil }
        }
        guard place < bytes.count, let offset = Instant.offsetMinutes(Array(bytes[place...])) else { return nil }
        let seconds = Int64(date.days) * 86_400 + Int64(hour * 3_600 + minute * 60 + second) - Int64(offset) * 60
        microseconds = seconds * 1_000_000 + fraction
    }

    private static func twoDigits(_ bytes: [UInt8], _ at: Int) -> Int? {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard at + 1 < bytes.count, digits.contains(bytes[at]), digits.contains(bytes[at + 1]) else { return nil }
        return Int(bytes[at] - UInt8(ascii: "0")) * 10 + Int(bytes[at + 1] - UInt8(ascii: "0"))
    }

    /// `Z`, or `±hh:mm`.
    private static func offsetMinutes(_ bytes: [UInt8]) -> Int? {
        if bytes.count == 1 { return bytes[0] | 0x20 == UInt8(ascii: "z") ? 0 : nil }
        guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"), let hours = twoDigits(bytes, 1),
            let minutes = twoDigits(bytes, 4), hours < 24, minutes < 60
        else { return nil }
        switch bytes[0] {
        case UInt8(ascii: "+"): return hours * 60 + minutes
        case UInt8(ascii: "-"): return -(hours * 60 + minutes)
        default: return nil
        }
    }

    package static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }
}

extension Instant: CustomStringConvertible {
    /// `2026-11-21T03:51:00Z`, with six fraction digits where they are not all 0.
    package var description: String {
        let perDay: Int64 = 86_400_000_000
        var day = microseconds / perDay
        var rest = microseconds % perDay
        if rest < 0 {
            day -= 1
            rest += perDay
        }
        let date = Int32(exactly: day).flatMap(CivilDate.init(days:))?.description ?? "\(day)d"
        func padded(_ value: Int64, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
        }
        let seconds = rest / 1_000_000
        let fraction = rest % 1_000_000
        return date + "T" + padded(seconds / 3_600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2)
            + (fraction == 0 ? "" : "." + padded(fraction, 6)) + "Z"
    }
}

extension Instant {
    /// The moments that have a date in the calendar: years 1 to 9999.
    package static let range = startOfDay(.earliest)...Instant(microseconds: startOfDay(.latest).microseconds + 86_399_999_999)

    /// Midnight, at the beginning of a day.
    /// Midnight, in UTC.
    package static func startOfDay(_ date: CivilDate) -> Instant {
        Instant(microseconds: Int64(date.days) * 86_400_000_000)
    }
}
