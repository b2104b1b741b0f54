import Foundation
import Query
import Testing

/// A threshold is a parameter: another value changes the answers of the questions that read it, and of no other.
@Suite struct `Thresholds` {
    /// On 30 June 2018, between the exits, six poor villages: 1.9 %, 3 %, 2.5 %, 3.5 %, 2 %, and one of which nobody knows.
    @Test func `Q6: the thresholds of three documents stand side by side`() throws {
        func codes(_ list: JSON) -> [String] { list.nodes.items.map { String($0.code.shown.suffix(6)) } }
        let between = try Sample.edistrict.desk(asOf: "2018-06-30").data(try Sample.question("threshold-comparison"))
        #expect(codes(between.underTwoPerCent) == ["001201"])
        #expect(codes(between.underThreePerCent) == ["001201", "002201", "003201"])
        #expect(codes(between.nobodyPoor) == [])
        #expect(codes(between.differing) == ["001201", "002201", "003201"])
        // When everybody has left nothing differs; of the village whose population is not known only that nobody is poor.
        let after = try Sample.edistrict.desk(asOf: "2018-12-31").data(try Sample.question("threshold-comparison"))
        #expect(codes(after.underTwoPerCent) == ["001201", "001202", "002201", "002202", "003201"])
        #expect(codes(after.underThreePerCent) == codes(after.underTwoPerCent))
        #expect(codes(after.nobodyPoor) == codes(after.underTwoPerCent) + ["003202"])
        #expect(codes(after.differing) == [])
        // In the first sample six villages have nobody left, and the others many: the documents agree.
        let first = try Sample.hanyang.desk(asOf: "2017-06-30").data(try Sample.question("threshold-comparison"))
        #expect(first.underTwoPerCent.totalCount.int == 6 && first.nobodyPoor.totalCount.int == 6)
        #expect(first.differing.totalCount.int == 0)
    }

    /// One threshold, set otherwise, and the questions whose answers are others then, worked out from what the sample's rows hold.
    private struct Change: CustomTestStringConvertible {
        var sample: Sample
        var day: String
        var name: String
        var value: String
        var questions: Set<String>
        var testDescription: String { "\(name)=\(value) in \(sample) on \(day)" }
    }

    private static let changes = [
        // 2 % and 2.5 % are below 3 %; 2 % is at 2 %.
        Change(
            sample: .edistrict, day: "2018-06-30", name: "village.exit.incidenceMax", value: "0.03",
            questions: ["villages-ready-to-exit", "incidence-by-village"]),
        Change(
            sample: .edistrict, day: "2018-06-30", name: "village.exit.incidenceInclusive", value: "true",
            questions: ["villages-ready-to-exit", "incidence-by-village"]),
        // Some villages earn less.
        Change(
            sample: .edistrict, day: "2018-06-30", name: "village.exit.collectiveIncomeMin", value: "100000",
            questions: ["villages-ready-to-exit"]),
        // Two villages were also looked at by the other list.
        Change(
            sample: .hanyang, day: "2017-06-30", name: "village.exit.checklist", value: "EIGHT_HAVE",
            questions: ["villages-ready-to-exit"]),
        // Some loans are of 100,000; all run for 36 months.
        Change(sample: .edistrict, day: "2018-06-30", name: "loan.cap", value: "50000", questions: ["loan-rule-breaks"]),
        Change(sample: .edistrict, day: "2018-06-30", name: "loan.termMonths", value: "24", questions: ["loan-rule-breaks"]),
        // All teams of poor villages have three members; eight houses got 14,000; everybody else's premium was carried up to 200.
        Change(
            sample: .edistrict, day: "2018-06-30", name: "team.minSizeProvincialPoorVillage", value: "4",
            questions: ["small-work-teams"]),
        Change(
            sample: .edistrict, day: "2018-06-30", name: "house.cMinSubsidy", value: "15000", questions: ["renovation-subsidies"]),
        Change(
            sample: .edistrict, day: "2018-06-30", name: "medical.premiumSubsidyGeneral", value: "201",
            questions: ["premium-subsidies"]),
        // Bills were settled in 2019, and 91 of 100 paid by others.
        Change(sample: .edistrict, day: "2019-07-31", name: "medical.annualCap", value: "500", questions: ["over-the-cap"]),
        Change(
            sample: .edistrict, day: "2019-07-31", name: "medical.inpatientRatio", value: "0.95",
            questions: ["reimbursement-ratios"]),
        // Units gave 30,000; too few take part by the stricter share.
        Change(sample: .hanyang, day: "2017-06-30", name: "fund.unitMin", value: "40000", questions: ["assistance-funds"]),
        Change(
            sample: .hanyang, day: "2017-06-30", name: "medical.villageInsuredShareMin", value: "0.999",
            questions: ["participation"]),
    ]

    private static let given: [Sample: [String: String]] = [
        .hanyang: ["year": "2016"],
        .edistrict: ["year": "2019", "area": "\"420799000000\"", "town": "\"420799001000\"", "village": "\"420799001201\""],
    ]

    private struct Answer: Equatable {
        var data: String
        /// The parameters that were read as the request has them.
        var read: Set<String>
    }

    private static func ask(_ question: String, _ sample: Sample, _ day: String, _ parameters: String) throws -> Answer {
        let text = try Sample.question(question)
        let values = EveryQuestionTests.given.merging(given[sample] ?? [:]) { $1 }
        let answer = try sample.desk(asOf: day).answer(
            text, variables: EveryQuestionTests.variables(of: text, given: values), extensions: "{\"parameters\": \(parameters)}")
        let body = try JSON(answer.body)
        #expect(answer.outcome == .data, "\(question): \(body["errors"])")
        let read = body["extensions"].data.parameters.items.filter { $0.profile.isNull }.compactMap(\.name.string)
        return Answer(data: Self.withoutCursors(body["data"]).description, read: Set(read))
    }

    /// A cursor holds the parameters it was made with.
    private static func withoutCursors(_ json: JSON) -> JSON {
        if let object = json.value as? [String: Any] {
            return JSON(value: object.filter { $0.key != "pageInfo" }.mapValues { withoutCursors(JSON(value: $0)).value })
        }
        if let list = json.value as? [Any] { return JSON(value: list.map { withoutCursors(JSON(value: $0)).value }) }
        return json
    }

    @Test func `a threshold that is set otherwise changes what reads it, and nothing else`() throws {
        let names = Set(Self.changes.map(\.name))
        let all = "{" + Self.changes.map { "\"\($0.name)\": \"\($0.value)\"" }.joined(separator: ", ") + "}"
        // What reads one of them is the same on every sample and day. The others are asked with all of them set otherwise at once.
        var readers: [String: Set<String>] = [:]
        for question in EveryQuestionTests.names {
            let before = try Self.ask(question, .edistrict, "2018-06-30", "{}")
            readers[question] = before.read.intersection(names)
            guard before.read.isDisjoint(with: names) else { continue }
            #expect(try Self.ask(question, .edistrict, "2018-06-30", all) == before, "\(question)")
        }
        readers = readers.filter { !$0.value.isEmpty }
        #expect(readers.count > 8)
        for changes in Dictionary(grouping: Self.changes, by: { "\($0.sample) \($0.day)" }).values {
            let (sample, day) = (changes[0].sample, changes[0].day)
            let before = try Dictionary(uniqueKeysWithValues: readers.keys.map { ($0, try Self.ask($0, sample, day, "{}").data) })
            for change in changes {
                let changed = try readers.keys.filter { question in
                    try Self.ask(question, sample, day, "{\"\(change.name)\": \"\(change.value)\"}").data != before[question]
                }
                #expect(Set(changed) == change.questions, "\(change.testDescription)")
                for question in changed {
                    #expect(
                        readers[question]?.contains(change.name) == true, "\(question) does not say that it reads \(change.name)")
                }
            }
        }
    }
}
