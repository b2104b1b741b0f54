import StoreColumns

/// Text of files → dates: `2019-07-31`, `2019/7/31`, `2019.7.31`, `20190731`, `2019年7月31日`, with or without midnight behind.
enum DateText {
    /// The days of a date as `2019-07-31`, which is how nearly every one is written; nil for another text.
    static func isoDays(_ text: Span<UInt8>) -> Int32? {
        guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for index in range {
                guard text[index] &- 0x30 < 10 else { return nil }
                value = value &* 10 &+ Int(text[index] &- 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else { return nil }
        return CivilDate(year: year, month: month, day: day)?.days
    }

    /// Days since 1970-01-01.
    static func days(_ text: Span<UInt8>) throws(ValueProblem) -> Int32 {
        var scanner = Scanner(text)
        let first = scanner.digits(upTo: 8)
        if first.count == 8 {
            try scanner.passMidnight()
            return try days(first.value / 10_000, first.value / 100 % 100, first.value % 100)
        }
        guard first.count == 4 else { throw .notDate }
        if scanner.isAtEnd { throw .dateWithoutDay }
        let separator = scanner.separator()
        guard separator != .none else { throw .notDate }
        if separator == .year, scanner.isAtEnd { throw .dateWithoutDay }
        let month = scanner.digits(upTo: 2)
        guard month.count > 0 else { throw .notDate }
        let second = scanner.separator()
        if scanner.isAtEnd, second == .month || second == .none { throw .dateWithoutDay }
        guard second == (separator == .year ? .month : separator) else { throw .notDate }
        let day = scanner.digits(upTo: 2)
        guard day.count > 0 else { throw .notDate }
        if separator == .year { guard scanner.separator() == .day else { throw .notDate } }
        try scanner.passMidnight()
        return try days(first.value, month.value, day.value)
    }

    /// `2019-07-31`; a number beyond the calendar as it is.
    static func text(_ days: Int32) -> String { CivilDate(days: days)?.description ?? "\(days)" }

    private static func days(_ year: Int, _ month: Int, _ day: Int) throws(ValueProblem) -> Int32 {
        guard let date = CivilDate(year: year, month: month, day: day) else { throw .notDate }
        return date.days
    }

    private enum Separator { case none, hyphen, slash, point, year, month, day }

    private struct Scanner: ~Escapable {
        let text: Span<UInt8>
        var index = 0

        @_lifetime(copy text)
        init(_ text: Span<UInt8>) { self.text = text }

        var isAtEnd: Bool { index == text.count }

        mutating func digits(upTo limit: Int) -> (value: Int, count: Int) {
            var value = 0
            var count = 0
            while index < text.count, count < limit, text[index] &- 0x30 < 10 {
                value = value * 10 + Int(text[index] &- 0x30)
                count += 1
                index += 1
            }
            return (value, count)
        }

        mutating func separator() -> Separator {
            guard index < text.count else { return .none }
            switch text[index] {
            case UInt8(ascii: "-"): return pass(1, .hyphen)
            case UInt8(ascii: "/"): return pass(1, .slash)
            case UInt8(ascii: "."): return pass(1, .point)
            default: break
            }
            // 年 E5 B9 B4, 月 E6 9C 88, 日 E6 97 A5
            guard index + 3 <= text.count else { return .none }
            switch (text[index], text[index + 1], text[index + 2]) {
            case (0xE5, 0xB9, 0xB4): return pass(3, .year)
            case (0xE6, 0x9C, 0x88): return pass(3, .month)
            case (0xE6, 0x97, 0xA5): return pass(3, .day)
            default: return .none
            }
        }

        private mutating func pass(_ count: Int, _ separator: Separator) -> Separator {
            index += count
            return separator
        }

        /// The end, or a time of day that is midnight: how spreadsheets write a date in a column of times.
        mutating func passMidnight() throws(ValueProblem) {
            guard !isAtEnd else { return }
            guard text[index] == 0x20 || text[index] == UInt8(ascii: "T") else { throw .notDate }
            index += 1
            while index < text.count {
                switch text[index] {
                case UInt8(ascii: "0"), UInt8(ascii: ":"), UInt8(ascii: "."): index += 1
                default: throw .notDate
                }
            }
        }
    }
}
