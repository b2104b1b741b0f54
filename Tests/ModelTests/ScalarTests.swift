import Expressions
import GraphQLTypes
import Model
import StoreColumns
import Testing

@Suite struct `Scalars of the API` {
    func coerce(_ value: InputValue, as scalar: String) throws -> InputValue {
        try #require(ScalarBehavior.ofTheAPI[scalar]).coerce(value)
    }

    func check(
        _ value: InputValue, as scalar: String, gives expected: InputValue, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        do {
            #expect(try coerce(value, as: scalar) == expected, sourceLocation: sourceLocation)
        } catch {
            Issue.record("\(value.literalText): \(error)", sourceLocation: sourceLocation)
        }
    }

    func check(
        _ value: InputValue, as scalar: String, refusedAs reason: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: ScalarError(reason), sourceLocation: sourceLocation) { try coerce(value, as: scalar) }
    }

    @Test func `a decimal is read from a number's text or a string, never through a double`() {
        check(.number("0.1"), as: "Decimal", gives: .number("0.1"))
        check(.string("-12.50"), as: "Decimal", gives: .number("-12.5"))
        check(.number("9007199254740993.1"), as: "Decimal", gives: .number("9007199254740993.1"))
        check(.number("1.5e3"), as: "Decimal", gives: .number("1500"))
        check(.number("25E-3"), as: "Decimal", gives: .number("0.025"))
        check(.number("-0.0"), as: "Decimal", gives: .number("0"))
        check(.int(7), as: "Decimal", gives: .number("7"))
        check(.number("-9223372036854775808"), as: "Decimal", gives: .number("-9223372036854775808"))
    }

    @Test(arguments: ["", "-", ".5", "5.", "1e", "1e+", "0x10", "1,5", "１", "1e999999999", "9223372036854775808", "--1", "1e1.0"])
    func `what is no decimal number, or has too many digits, is refused`(text: String) {
        check(.string(text), as: "Decimal", refusedAs: "is not a decimal number of at most 18 digits")
    }

    @Test func `a decimal of more digits than are kept is refused, not rounded`() {
        check(.number("0.1234567891"), as: "Decimal", refusedAs: "has 10 fraction digits; 9 are kept")
        check(.boolean(true), as: "Decimal", refusedAs: "is not a decimal number")
    }

    @Test func `a ratio is a number or two integers, kept exact`() {
        check(.number("0.02"), as: "Ratio", gives: .string("2/100"))
        check(.string("0.08"), as: "Ratio", gives: .string("8/100"))
        check(.number("1"), as: "Ratio", gives: .string("1/1"))
        check(.string("1/50"), as: "Ratio", gives: .string("1/50"))
        check(.string("-3/7"), as: "Ratio", gives: .string("-3/7"))
        check(.string("1/0"), as: "Ratio", refusedAs: "is not a ratio of two integers such as \"1/50\"")
        check(.string("1/2/3"), as: "Ratio", refusedAs: "is not a ratio of two integers such as \"1/50\"")
        check(.string("two"), as: "Ratio", refusedAs: "is not a ratio of at most 18 digits")
        check(.enumeration("HALF"), as: "Ratio", refusedAs: "is not a ratio")
    }

    @Test func `a date is a day of the calendar, in one form`() {
        check(.string("2016-02-29"), as: "Date", gives: .string("2016-02-29"))
        check(.string("0001-01-01"), as: "Date", gives: .string("0001-01-01"))
        for text in [
            "2015-02-29", "2016-2-9", "2016-13-01", "20160229", "2016-02-29T00:00:00Z", "0000-01-01", "", "2016/02/29",
            "+016-02-29",
        ] {
            check(.string(text), as: "Date", refusedAs: "is not a date of the form YYYY-MM-DD")
        }
        check(.number("20160229"), as: "Date", refusedAs: "is not a date of the form YYYY-MM-DD")
    }

    @Test func `an instant has an offset, and is kept in UTC`() throws {
        func microseconds(_ text: String) throws -> Int64? {
            let coerced = try coerce(.string(text), as: "DateTime")
            guard
                case .dateTime(let instant)? = Scalar(
                    coerced: coerced, as: .dateTime, in: Catalog(nodeTypes: [], enumerations: []))
            else { return nil }
            return instant.microseconds
        }
        #expect(try microseconds("1970-01-01T00:00:00Z") == 0)
        #expect(try microseconds("1970-01-01T08:00:01+08:00") == 1_000_000)
        #expect(try microseconds("1969-12-31T23:59:59.5Z") == -500_000)
        #expect(try microseconds("2016-02-29t12:34:56.000001-05:30") == 1_456_769_096_000_001)
        for text in [
            "2016-02-29", "2016-02-29T24:00:00Z", "2016-02-29T12:60:00Z", "2016-02-29T12:00:60Z", "2016-02-29T12:00:00",
            "2016-02-30T12:00:00Z", "2016-02-29T12:00:00.Z", "2016-02-29T12:00:00.1234567Z", "2016-02-29 12:00:00Z",
            "2016-02-29T12:00:00+0800", "2016-02-29T12:00:00ZZ",
        ] {
            check(
                .string(text), as: "DateTime",
                refusedAs: "is not an instant of the form YYYY-MM-DDThh:mm:ssZ, or with an offset +hh:mm")
        }
    }

    @Test func `an instant that its offset leads out of the calendar is refused`() {
        check(.string("0001-01-01T00:00:00+08:00"), as: "DateTime", refusedAs: "lies outside the years 1 to 9999 in UTC")
        check(.string("9999-12-31T23:00:00-08:00"), as: "DateTime", refusedAs: "lies outside the years 1 to 9999 in UTC")
    }

    @Test func `a coerced value becomes the scalar of an expression, of its type or not at all`() throws {
        let catalog = Catalog(nodeTypes: [], enumerations: [Enumeration(name: "E", values: ["A", "B"])])
        func scalar(_ value: InputValue, _ type: ExpressionType) -> Scalar? { Scalar(coerced: value, as: type, in: catalog) }
        #expect(scalar(.number("-0.05"), .decimal(fractionDigits: 2)) == .decimal(Decimal(unscaled: -5, fractionDigits: 2)))
        #expect(scalar(.string("2/100"), .ratio(displayDigits: 4)) == Ratio(numerator: 2, denominator: 100).map(Scalar.ratio))
        #expect(scalar(.string("1970-01-02"), .date) == CivilDate(days: 1).map(Scalar.date))
        #expect(scalar(.enumeration("B"), .enumeration(EnumerationID(0))) == .enumeration(1))
        #expect(scalar(.enumeration("C"), .enumeration(EnumerationID(0))) == nil)
        #expect(scalar(.int(3), .int) == .int(3))
        #expect(scalar(.double(0.5), .float) == .float(0.5))
        #expect(scalar(.string("x"), .string) == .string("x"))
        #expect(scalar(.boolean(true), .boolean) == .boolean(true))
        #expect(scalar(.null, .date) == .null)
        #expect(scalar(.string("x"), .int) == nil)
    }
}

@Suite struct `Periods` {
    let thursday = "2026-11-19"

    func check(_ text: String, asOf day: String? = nil, is expected: String, sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        let asOf = try #require(CivilDate(isoText: day ?? thursday))
        let bounds = try Period(text).bounds(asOf: asOf)
        #expect(bounds.map { "\($0.first)/\($0.last)" } == expected, "\(text)", sourceLocation: sourceLocation)
    }

    @Test func `the calendar's periods are whole`() throws {
        try check("2026", is: "2026-01-01/2026-12-31")
        try check("2026-H1", is: "2026-01-01/2026-06-30")
        try check("2026-H2", is: "2026-07-01/2026-12-31")
        try check("2026-Q1", is: "2026-01-01/2026-03-31")
        try check("2026-Q4", is: "2026-10-01/2026-12-31")
        try check("2026-02", is: "2026-02-01/2026-02-28")
        try check("2024-02", is: "2024-02-01/2024-02-29")
        try check("2026-11-05", is: "2026-11-05/2026-11-05")
        try check("2026-01-01/2026-03-31", is: "2026-01-01/2026-03-31")
        try check("9999", is: "9999-01-01/9999-12-31")
    }

    @Test func `weeks begin on Monday and belong to the year of their Thursday`() throws {
        try check("2026-W47", is: "2026-11-16/2026-11-22")
        try check("2026-W01", is: "2025-12-29/2026-01-04")
        try check("2026-W53", is: "2026-12-28/2027-01-03")
        try check("1970-W01", is: "1969-12-29/1970-01-04")
    }

    @Test func `relative periods move with the as-of date`() throws {
        try check("TODAY", is: "2026-11-19/2026-11-19")
        try check("YESTERDAY", is: "2026-11-18/2026-11-18")
        try check("THIS_WEEK", is: "2026-11-16/2026-11-22")
        try check("LAST_WEEK", is: "2026-11-09/2026-11-15")
        try check("THIS_WEEK", asOf: "1969-12-31", is: "1969-12-29/1970-01-04")
        try check("THIS_MONTH", is: "2026-11-01/2026-11-30")
        try check("NEXT_MONTH", asOf: "2026-12-31", is: "2027-01-01/2027-01-31")
        try check("THIS_QUARTER", is: "2026-10-01/2026-12-31")
        try check("LAST_QUARTER", asOf: "2026-02-10", is: "2025-10-01/2025-12-31")
        try check("THIS_HALF", asOf: "2026-06-30", is: "2026-01-01/2026-06-30")
        try check("LAST_HALF", asOf: "2026-06-30", is: "2025-07-01/2025-12-31")
        try check("LAST_YEAR", is: "2025-01-01/2025-12-31")
    }

    @Test func `so many units up to the as-of date include it and go back to the day after its like`() throws {
        try check("LAST_1_DAYS", is: "2026-11-19/2026-11-19")
        try check("LAST_30_DAYS", is: "2026-10-21/2026-11-19")
        try check("LAST_2_WEEKS", is: "2026-11-06/2026-11-19")
        try check("LAST_12_MONTHS", is: "2025-11-20/2026-11-19")
        try check("LAST_1_MONTHS", asOf: "2026-03-31", is: "2026-03-01/2026-03-31")
        try check("LAST_2_QUARTERS", is: "2026-05-20/2026-11-19")
        try check("LAST_1_HALVES", is: "2026-05-20/2026-11-19")
        try check("LAST_1_YEARS", asOf: "2024-02-29", is: "2023-03-01/2024-02-29")
    }

    @Test(arguments: [
        "", "26", "2026-", "2026-Q5", "2026-Q0", "2026-H3", "2026-13", "2026-00", "2025-W53", "2026-W00", "2026-W5", "0000",
        "2026-11-31",
        "2026-01-01/", "2026-01-01/2026-02-30", "2026-01-01/2026-02-01/2026-03-01", "THIS", "THIS_DAY", "LAST_0_DAYS",
        "LAST_99999_DAYS",
        "LAST_3_MONTH", "LAST__MONTHS", "NEXT_3_MONTHS", "this_quarter", "2026-q1", "LAST_-1_DAYS", "-026", "2026-1",
    ])
    func `anything else is no period`(text: String) {
        #expect(throws: ScalarError.self) { try Period(text) }
    }

    @Test func `a period does not end before it begins, and stays within the calendar`() throws {
        #expect(throws: ScalarError("ends before it begins")) { try Period("2026-03-31/2026-01-01") }
        #expect(try Period("NEXT_YEAR").bounds(asOf: try #require(CivilDate(isoText: "9999-06-01"))) == nil)
        #expect(try Period("LAST_9999_YEARS").bounds(asOf: try #require(CivilDate(isoText: thursday))) == nil)
        #expect(try Period("YESTERDAY").bounds(asOf: try #require(CivilDate(isoText: "0001-01-01"))) == nil)
        #expect(try Period("LAST_WEEK").bounds(asOf: try #require(CivilDate(isoText: "0001-01-03"))) == nil)
    }
}
