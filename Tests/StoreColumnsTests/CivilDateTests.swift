import StoreColumns
import Testing

@Suite struct `Civil dates` {
    @Test func `days count from 1970, forward and back`() throws {
        #expect(try #require(CivilDate(year: 1970, month: 1, day: 1)).days == 0)
        #expect(try #require(CivilDate(isoText: "2000-02-29")).days == 11_016)
        #expect(try #require(CivilDate(isoText: "0001-01-01")) == CivilDate.earliest)
        #expect(try #require(CivilDate(isoText: "9999-12-31")) == CivilDate.latest)
        #expect(CivilDate(days: CivilDate.latest.days + 1) == nil)
    }

    @Test func `every day of the calendar has one name and one successor`() throws {
        var expected = (year: 1, month: 1, day: 1)
        for days in CivilDate.earliest.days...CivilDate.latest.days {
            let date = try #require(CivilDate(days: days))
            let components = date.components
            guard components == expected, CivilDate(year: expected.year, month: expected.month, day: expected.day)?.days == days
            else {
                Issue.record("\(days) is \(components), not \(expected)")
                return
            }
            expected.day += 1
            if expected.day > CivilDate.dayCount(expected.year, expected.month) {
                (expected.month, expected.day) = (expected.month + 1, 1)
            }
            if expected.month > 12 { (expected.year, expected.month) = (expected.year + 1, 1) }
        }
    }

    @Test(arguments: [
        "2017-02-29", "2017-13-01", "2017-00-10", "2017-04-31", "17-04-01", "2017-4-1", "2017/04/01", "20170401", "",
        "0000-01-01", "+2017-01-01", "2017-01-01 ", "２017-01-01",
    ])
    func `what is no day is refused`(text: String) { #expect(CivilDate(isoText: text) == nil) }

    @Test func `text reads back`() throws {
        for text in ["0001-01-01", "0987-06-05", "2016-02-29", "9999-12-31"] {
            #expect(try #require(CivilDate(isoText: text)).description == text)
        }
    }

    @Test func `months keep the day or end with the month`() throws {
        let last = try #require(CivilDate(isoText: "2016-01-31"))
        #expect(last.adding(months: 1)?.description == "2016-02-29")
        #expect(last.adding(months: 13)?.description == "2017-02-28")
        #expect(last.adding(months: -2)?.description == "2015-11-30")
        #expect(last.adding(months: .max) == nil && last.adding(days: .max) == nil && last.adding(months: -99_999) == nil)
    }

    @Test func `a quarter begins and ends where the calendar says, also on its own first and last day`() throws {
        for (day, start, end) in [
            ("2017-01-01", "2017-01-01", "2017-03-31"), ("2017-03-31", "2017-01-01", "2017-03-31"),
            ("2016-02-29", "2016-01-01", "2016-03-31"), ("2017-04-01", "2017-04-01", "2017-06-30"),
            ("2017-12-31", "2017-10-01", "2017-12-31"),
        ] {
            let date = try #require(CivilDate(isoText: day))
            #expect(date.startOfQuarter.description == start && date.endOfQuarter.description == end)
        }
    }

    @Test func `ISO weeks belong to the year of their Thursday`() throws {
        for (day, year, week) in [
            ("2016-01-03", 2015, 53), ("2016-01-04", 2016, 1), ("2018-12-31", 2019, 1), ("2020-12-31", 2020, 53),
            ("2026-11-21", 2026, 47),
        ] {
            #expect(try #require(CivilDate(isoText: day)).isoWeek == (year, week))
        }
        #expect(CivilDate(isoYear: 2026, week: 47)?.description == "2026-11-16")
        #expect(CivilDate(isoYear: 2016, week: 53) == nil)
    }
}

@Suite struct `Instants` {
    @Test func `text reads back, and offsets are taken off`() throws {
        for text in ["1970-01-01T00:00:00Z", "2026-11-21T03:51:07.000042Z", "1969-12-31T23:59:59.999999Z"] {
            #expect(try #require(Instant(isoText: text)).description == text)
        }
        #expect(Instant(isoText: "2017-06-30T08:00:00+08:00") == Instant(isoText: "2017-06-30T00:00:00Z"))
    }

    @Test(arguments: [
        "2017-06-30", "2017-06-30T24:00:00Z", "2017-06-30T00:00:00", "2017-06-30T00:00:00.Z", "2017-06-30T00:00:00.1234567Z",
    ])
    func `what is no instant is refused`(text: String) { #expect(Instant(isoText: text) == nil) }

    @Test func `any number of microseconds has a text`() {
        #expect(!Instant(microseconds: .min).description.isEmpty && !Instant(microseconds: .max).description.isEmpty)
    }
}
