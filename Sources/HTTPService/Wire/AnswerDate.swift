import Foundation
import StoreColumns
import Synchronization

/// The time as `Date` says it (RFC 9110 §5.6.7, `IMF-fixdate`), put together once a second.
final class AnswerDate: Sendable {
    private struct Known {
        var second: Int
        var text: String
    }

    private let secondsSince1970: @Sendable () -> Int
    private let known = Mutex<Known?>(nil)

    /// - Parameter secondsSince1970: The system's time.
    init(
        secondsSince1970: @escaping @Sendable () -> Int = { Int(Date().timeIntervalSince1970.rounded(.down)) }
    ) {
        self.secondsSince1970 = secondsSince1970
    }

    var text: String {
        let second = secondsSince1970()
        return known.withLock { known in
            if let known, known.second == second { return known.text }
            let text = Self.text(secondsSince1970: second)
            known = Known(second: second, text: text)
            return text
        }
    }

    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `Sun, 22 Nov 2026 06:08:45 GMT`; of a clock that stands outside of the calendar, its beginning.
    static func text(secondsSince1970: Int) -> String {
        let time = secondsSince1970 % 86_400
        let day = CivilDate(days: Int32(clamping: secondsSince1970 / 86_400)) ?? .earliest
        let (year, month, dayOfMonth) = day.components
        func twoDigits(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        let clock = [time / 3_600, time / 60 % 60, time % 60].map(twoDigits).joined(separator: ":")
        let date = "\(twoDigits(dayOfMonth)) \(months[month - 1]) \(String(10_000 + year).dropFirst())"
        return "\(weekdays[day.weekday - 1]), \(date) \(clock) GMT"
    }
}
