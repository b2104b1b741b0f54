/// Why the text of a cell is no value of its field.
enum ValueProblem: Error, Hashable {
    case notBoolean
    case notWholeNumber
    /// Beyond 32 bits.
    case intOutOfRange
    case notDecimal
    case tooManyDigits(allowed: Int)
    case decimalOutOfRange
    case notNumber
    case notDate
    /// A year, or a year and a month.
    case dateWithoutDay
    case notDateTime
    case unknownValue(hint: String)
    case ambiguousValue([String])
    /// A long number that a spreadsheet has rounded.
    case lostPrecision
    case keyParts(expected: Int, found: Int)
    /// `values` of the mapping does not list the text.
    case notTranslated(hint: String)
    /// The row that a look-up needs is not in the other file.
    case notLookedUp(file: String)

    /// A dated row whose last date is before its first.
    case endsBeforeItBegins(String)

    var reason: ImportProblem.Reason {
        switch self {
        case .notBoolean: .notBoolean
        case .notWholeNumber: .notWholeNumber
        case .intOutOfRange, .decimalOutOfRange: .outOfRange
        case .notDecimal, .notNumber: .notNumber
        case .tooManyDigits: .tooManyDigits
        case .notDate, .dateWithoutDay: .notDate
        case .notDateTime: .notDateTime
        case .unknownValue, .notTranslated: .unknownValue
        case .ambiguousValue: .ambiguousValue
        case .lostPrecision: .lostPrecision
        case .keyParts: .wrongKey
        case .notLookedUp: .danglingReference
        case .endsBeforeItBegins: .endsBeforeItBegins
        }
    }

    /// What was expected; the value stands beside it.
    var message: String {
        switch self {
        case .notBoolean: "not a yes or no (true, false, 1, 0, 是, 否, 有, 无)"
        case .notWholeNumber: "not a whole number"
        case .intOutOfRange: "beyond the whole numbers from -2147483648 to 2147483647"
        case .notDecimal: "not a decimal number (digits, and a point before the fraction)"
        case .tooManyDigits(let allowed): "more than \(allowed) digits after the point, which would be lost"
        case .decimalOutOfRange: "beyond the numbers that the field can hold"
        case .notNumber: "not a number"
        case .notDate: "not a date (2019-07-31, 20190731, 2019/7/31)"
        case .dateWithoutDay: "a date without its day; write the day (2019-07-31)"
        case .notDateTime: "not a point in time (2019-07-31T08:00:00Z)"
        case .unknownValue(let hint): "not a value of the field.\(hint)"
        case .ambiguousValue(let names): "may mean \(names.joined(separator: " or ")); write one of these"
        case .lostPrecision: "a number that a spreadsheet has rounded; export the column as text"
        case .keyParts(let expected, let found): "a key of \(expected) parts joined by '|'; found \(found)"
        case .notTranslated(let hint): "not among the values that the mapping lists.\(hint)"
        case .notLookedUp(let file): "no row of \(file) has it"
        case .endsBeforeItBegins(let start): "the end is before the beginning, \(start)"
        }
    }
}
