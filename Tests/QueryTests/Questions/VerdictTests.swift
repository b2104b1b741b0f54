import Foundation
import Query
import Testing

/// Verdicts on households and villages of the samples, worked out by hand: from what the documents ask and what the rows say, not from
/// the model. The last text of a line is the working.
@Suite struct `Verdicts worked out by hand` {
    private enum Verdict: String { case yes = "TRUE", no = "FALSE", unknown = "UNKNOWN" }

    /// What the documents would say of one household or village on a day.
    private struct Working: CustomTestStringConvertible {
        var sample: Sample
        var day: String
        var key: String
        var rule: String
        var verdict: Verdict
        var why: String
        var parameters: String

        init(
            _ sample: Sample, _ day: String, _ key: String, _ rule: String, _ verdict: Verdict, _ why: String,
            parameters: String = "{}"
        ) {
            (self.sample, self.day, self.key, self.rule) = (sample, day, key, rule)
            (self.verdict, self.why, self.parameters) = (verdict, why, parameters)
        }

        var testDescription: String { "\(key) on \(day), \(rule): \(verdict.rawValue), \(why)" }
    }

    /// Households of one village of the second sample, by the end of their number. In the autumn of 2017 what counts is the income of 2016
    /// and its line of 2,952.00 yuan; a year later that of 2017 and 3,000.00; in 2019 the line of 2018 is missing.
    private static func row(_ end: String) -> String { "420799001201" + end }

    /// R31, R32, R33, R37: a stable income over the line, also after treatment; all that nobody may lack, by an assessment of the last
    /// 365 days; electricity; measures that show an effect.
    private static let exits = [
        Working(.edistrict, "2017-11-15", row("0001"), "Household.meetsExit", .no, "2,952.00 is on the line, not over it"),
        Working(
            .edistrict, "2017-11-15", row("0004"), "Household.meetsExit", .yes, "2,952.01 is over it, nothing paid for treatment"),
        Working(.edistrict, "2017-11-15", row("0006"), "Household.meetsExit", .no, "2,951.99 is below it"),
        Working(.edistrict, "2017-11-15", row("0008"), "Household.meetsExit", .no, "4,000.00, and no stable source"),
        Working(
            .edistrict, "2017-11-15", row("0010"), "Household.meetsExit", .no, "(8,000 - 2,096) / 2 = 2,952.00 after treatment"),
        Working(
            .edistrict, "2017-11-15", row("0012"), "Household.meetsExit", .yes, "(8,000 - 2,095) / 2 = 2,952.50 after treatment"),
        Working(
            .edistrict, "2017-11-15", row("0015"), "Household.meetsExit", .unknown,
            "no income of 2016; nothing else speaks against it"),
        Working(.edistrict, "2017-11-15", row("0016"), "Household.meetsExit", .no, "the water is not safe"),
        Working(
            .edistrict, "2017-11-15", row("0017"), "Household.meetsExit", .unknown, "the house was not looked at, all else is met"
        ),
        Working(
            .edistrict, "2017-11-15", row("0020"), "Household.meetsExit", .unknown,
            "nobody assessed it; 4,000.00 is over the line"),
        Working(.edistrict, "2017-11-15", row("0022"), "Household.meetsExit", .no, "no electricity"),
        Working(.edistrict, "2017-11-15", row("0023"), "Household.meetsExit", .no, "eight measures, none with an effect yet"),
        Working(
            .edistrict, "2017-11-15", row("0025"), "Household.meetsExit", .no, "2,100.00 is below the line, the house unsafe"),
        Working(
            .edistrict, "2017-11-15", row("0026"), "Household.meetsExit", .no, "2,385.00 is below the line, the house unsafe"),
        Working(
            .edistrict, "2017-10-08", row("0004"), "Household.meetsExit", .unknown, "before its first assessment on 25 October"),
        Working(
            .edistrict, "2018-11-15", row("0001"), "Household.meetsExit", .yes,
            "4,970.11, less 90.00 a person; assessed on 15 October"),
        Working(
            .edistrict, "2018-11-15", row("0023"), "Household.meetsExit", .yes, "the ninth measure shows its effect since April"),
        Working(.edistrict, "2019-07-31", row("0004"), "Household.meetsExit", .unknown, "the line of 2018 was not entered"),
        Working(
            .edistrict, "2019-12-31", row("0004"), "Household.meetsExit", .unknown,
            "nor is an assessment left that is not too old"),
        Working(.hanyang, "2017-06-30", "4201150102170001", "Household.meetsExit", .unknown, "no line of poverty, no assessment"),
        Working(
            .dongzhou, "2019-06-30", "2104039012010001", "Household.meetsExit", .yes,
            "(4,956 - 260) of 2018 is over 3,320.00; assessed on 23 October"),
        Working(.dongzhou, "2020-04-30", "2104039012010001", "Household.meetsExit", .unknown, "the line of 2019 was not entered"),
        // Other villages and samples.
        Working(.edistrict, "2017-11-15", "4207990012010002", "Household.meetsExit", .yes, "3,291.28 - 190.00 is over the line"),
        Working(.edistrict, "2017-11-15", "4207990012020001", "Household.meetsExit", .no, "1,854.22 is below it"),
        Working(
            .edistrict, "2017-11-15", "4207990032010005", "Household.meetsExit", .no, "2,441.80 is below it, the house unsafe"),
        Working(.edistrict, "2017-11-15", "4207990022010003", "Household.meetsExit", .yes, "6,023.09, assessed on 25 October"),
        Working(.edistrict, "2018-10-25", "4207990022010003", "Household.meetsExit", .yes, "6,375.04, assessed 365 days before"),
        Working(.edistrict, "2018-10-26", "4207990022010003", "Household.meetsExit", .unknown, "the assessment is a day too old"),
        Working(
            .hanyang, "2017-06-30", "4201150102170003", "Household.meetsExit", .no,
            "two measures without an effect, whatever the line"),
        Working(.hanyang, "2017-06-30", "4201150102450001", "Household.meetsExit", .unknown, "effects, and no line"),
        Working(.hanyang, "2017-06-30", "4201150102000001", "Household.meetsExit", .unknown, "it has left, and no line either"),
        Working(.dongzhou, "2019-06-30", "2104039012020001", "Household.meetsExit", .yes, "4,090 - 65 is over 3,320.00"),
        Working(.dongzhou, "2019-06-30", "2104039022010002", "Household.meetsExit", .yes, "4,664 - 40 is over it"),
        Working(
            .dongzhou, "2019-06-30", "2104039022020001", "Household.meetsExit", .yes,
            "3,758 - 45; no measure at all is none without effect"),
    ]

    /// R17: below the line and something lacking. R18: below the line, a child out of school for want of money, an unsafe house, or below
    /// the line after treatment with somebody ill. R27: in scope, one of them, and nothing that keeps it out.
    private static let entries = [
        Working(
            .edistrict, "2017-11-15", row("0001"), "Household.meetsEntry", .no,
            "on the line is not below it; house safe, nobody ill"),
        Working(.edistrict, "2017-11-15", row("0004"), "Household.meetsEntry", .no, "2,952.01; ill, but nothing paid"),
        Working(.edistrict, "2017-11-15", row("0006"), "Household.meetsNationalEntry", .no, "below the line, and lacks nothing"),
        Working(.edistrict, "2017-11-15", row("0006"), "Household.meetsMunicipalEntry", .yes, "below the line is enough"),
        Working(.edistrict, "2017-11-15", row("0006"), "Household.isEligible", .yes, "rural, below the line, nothing declared"),
        Working(
            .edistrict, "2017-11-15", row("0006"), "Household.isEligible", .no, "by the national rule alone it lacks nothing",
            parameters: #"{"entry.profile": "NATIONAL"}"#),
        Working(.edistrict, "2017-11-15", row("0010"), "Household.meetsEntry", .no, "2,952.00 after treatment is not below"),
        Working(.edistrict, "2017-11-15", row("0015"), "Household.meetsEntry", .unknown, "no income; house safe, nobody ill"),
        Working(
            .edistrict, "2017-11-15", row("0016"), "Household.meetsEntry", .no,
            "unsafe water is none of the four, and 4,000.00 is over"),
        Working(
            .edistrict, "2017-11-15", row("0017"), "Household.meetsEntry", .unknown, "whether the house is safe is not known"),
        Working(.edistrict, "2017-11-15", row("0020"), "Household.meetsEntry", .unknown, "nobody looked at the house"),
        Working(.edistrict, "2017-11-15", row("0025"), "Household.meetsNationalEntry", .yes, "2,100.00 and an unsafe house"),
        Working(.edistrict, "2017-11-15", row("0025"), "Household.isEligible", .no, "a luxury car keeps it out"),
        Working(.edistrict, "2017-11-15", row("0026"), "Household.isEligible", .yes, "a business without employees does not"),
        Working(
            .edistrict, "2018-11-15", row("0025"), "Household.meetsEntry", .no,
            "4,447.19 of 2017 is over 3,000.00, the house safe"),
        Working(.edistrict, "2019-07-31", row("0001"), "Household.meetsEntry", .unknown, "the line of 2018 was not entered"),
        Working(.edistrict, "2019-07-31", row("0025"), "Household.isEligible", .no, "the car keeps it out, whatever the line"),
        Working(
            .edistrict, "2017-11-15", "4207990012010003", "Household.meetsNationalEntry", .yes, "1,667.66 and an unsafe house"),
        Working(.edistrict, "2017-11-15", "4207990012020001", "Household.meetsNationalEntry", .no, "1,854.22, and lacks nothing"),
        Working(.edistrict, "2017-11-15", "4207990012020001", "Household.isEligible", .yes, "below the line is one of the four"),
        Working(
            .dongzhou, "2019-06-30", "2104039022020001", "Household.isEligible", .no,
            "3,713 after treatment is not below 3,320.00"),
        Working(.hanyang, "2017-06-30", "4201150102170001", "Household.isEligible", .unknown, "no line, no assessment"),
    ]

    /// R40, R41, R43, R44, R45. On 30 June 2018, between the exits, the villages of the second sample still have poor households; of the
    /// first, six villages have none left on 30 June 2017.
    private static let villages = [
        Working(.edistrict, "2018-06-30", "420799001201", "Village.meetsIncidence", .yes, "55 of 2,894 is 1.90 %"),
        Working(.edistrict, "2018-06-30", "420799002201", "Village.meetsIncidence", .no, "58 of 2,320 is 2.50 %"),
        Working(
            .edistrict, "2018-06-30", "420799002201", "Village.meetsIncidence", .yes, "2.50 % is below 3 %",
            parameters: #"{"profile": "D3"}"#),
        Working(.edistrict, "2018-06-30", "420799003201", "Village.meetsIncidence", .no, "55 of 2,750 is 2 %, not below it"),
        Working(
            .edistrict, "2018-06-30", "420799003201", "Village.meetsIncidence", .yes, "2 % where it is inclusive",
            parameters: #"{"village.exit.incidenceInclusive": true}"#),
        Working(
            .edistrict, "2018-06-30", "420799001202", "Village.meetsIncidence", .no, "63 of 2,100 is 3 %, not below it",
            parameters: #"{"profile": "D3"}"#),
        Working(
            .edistrict, "2018-06-30", "420799002202", "Village.meetsIncidence", .no, "63 of 1,800 is 3.50 %",
            parameters: #"{"profile": "D3"}"#),
        Working(.edistrict, "2018-06-30", "420799003202", "Village.meetsIncidence", .unknown, "56 of nobody knows how many"),
        Working(
            .edistrict, "2018-06-30", "420799001201", "Village.meetsIncidence", .no, "55 poor persons are left",
            parameters: #"{"profile": "D1"}"#),
        Working(
            .hanyang, "2017-06-30", "420115010200", "Village.meetsExit", .yes,
            "8,890.00 is 70 % of 12,700; 100,000.00; nine of nine",
            parameters: #"{"profile": "D1"}"#),
        Working(
            .hanyang, "2017-06-30", "420115010201", "Village.meetsExit", .no, "8,889.99 is less than 70 % of 12,700",
            parameters: #"{"profile": "D1"}"#),
        Working(
            .hanyang, "2017-06-30", "420115010204", "Village.meetsExit", .no, "a collective income of 99,999.99",
            parameters: #"{"profile": "D1"}"#),
        Working(
            .hanyang, "2017-06-30", "420115010205", "Village.meetsExit", .no, "eight of nine: no clean energy",
            parameters: #"{"profile": "D1"}"#),
        Working(
            .hanyang, "2017-06-30", "420115010206", "Village.meetsExit", .unknown, "the income a person of 2016 is missing",
            parameters: #"{"profile": "D1"}"#),
        Working(
            .hanyang, "2017-06-30", "420115010217", "Village.meetsExit", .no, "118 poor of 1,275 are left",
            parameters: #"{"profile": "D1"}"#),
        Working(
            .hanyang, "2017-06-30", "420115010200", "Village.meetsExit", .yes, "eight of eight, nobody poor",
            parameters: #"{"profile": "D3"}"#),
        Working(
            .hanyang, "2017-06-30", "420115010201", "Village.meetsExit", .no, "seven of eight: not a clean village",
            parameters: #"{"profile": "D3"}"#),
    ]

    private static let document = """
        query Explain($rule: String!, $key: String) {
          explain(rule: $rule, key: $key) { verdict conditions { verdict } missing { reason type key field } ways { changes { field } } }
        }
        """

    @Test(arguments: exits + entries + villages) private func `the engine comes to the same verdict, and says what is missing`(
        working: Working
    ) throws {
        let explained = try working.sample.desk(asOf: working.day).data(
            Self.document, variables: "{\"rule\": \"\(working.rule)\", \"key\": \"\(working.key)\"}",
            extensions: "{\"parameters\": \(working.parameters)}"
        ).explain
        #expect(explained.verdict.string == working.verdict.rawValue, "\(working.why)")
        #expect((working.verdict == .unknown) == !explained.missing.items.isEmpty, "\(working.why)")
    }

    /// The county reviews fifteen days before the replies.
    @Test(arguments: [("2017-12-05", "第一批", 115), ("2018-12-05", "第二批", 384)])
    func `everybody who left met the rules of exit on the day of the county's review`(day: String, batch: String, count: Int)
        throws
    {
        let households = try Sample.edistrict.desk(asOf: day).data(
            "{ households(where: {exitBatch: {eq: \"\(batch)\"} meetsExit: {eq: true} isPoor: {eq: true}}) { totalCount } }"
        ).households
        #expect(households.totalCount.int == count)
    }

    @Test func `they are of twenty households and more, and of all verdicts`() {
        let households = Set((Self.exits + Self.entries).map(\.key))
        #expect(households.count >= 20)
        #expect(Set(Self.villages.map(\.key)).count >= 5)
        for workings in [Self.exits, Self.entries, Self.villages] { #expect(Set(workings.map(\.verdict)).count == 3) }
    }
}
