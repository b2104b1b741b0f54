import Foundation
import Query
import Testing

/// The figures that the documents publish, from the samples that were made to have them. F1 to F4 are one question over all three.
@Suite struct `Published figures` {
    private func ask(_ sample: Sample, _ name: String, on date: String, _ variables: String = "{}") throws -> JSON {
        try sample.desk(asOf: date).data(try Sample.question(name), variables: variables)
    }

    private func pair(_ figures: JSON) -> String { line(figures.aggregate["count"], figures.aggregate.sum.memberCount) }

    /// Hundredths of a per cent, half up.
    private func hundredths(_ part: Int, of all: Int) -> Int { (part * 20_000 + all) / (2 * all) }

    // MARK: - The published tables

    /// On the day of the lock, and on any later one.
    @Test(arguments: ["2019-07-31", "2026-01-01"]) func `F1 and F2: totals, exits and causes of the locked register`(date: String)
        throws
    {
        let tables = try ask(.edistrict, "published-tables", on: date)
        #expect(pair(tables.registered) == "474 912")
        #expect(pair(tables.poor) == "0 0")
        let round = tables.lockedRound.nodes[0]
        #expect(
            line(round.year, round.ordinal, round.lockedOn, round.lockedHouseholds, round.lockedPersons)
                == "2019 1 2019-07-31 474 912")
        #expect(
            line(tables.exits.aggregate.countDistinct.subjectHousehold, tables.exits.aggregate.sum.personCountAtDecision)
                == "499 959")
        #expect(
            Set(
                tables.exits.groups.items.map {
                    line($0.key.subjectHousehold.exitBatch, $0.aggregate["count"], $0.aggregate.sum.personCountAtDecision)
                }) == ["第一批 115 272", "第二批 384 687"])
        let causes = tables.causes.groups.items.map { ($0.key.causeGroup.string ?? "", $0.aggregate["count"].int ?? 0) }
        #expect(
            causes.map { "\($0) \($1)" } == ["ILLNESS_OR_DISABILITY 428", "SCHOOLING 10", "LACK_OF_LABOUR 25", "OTHER_CAUSES 11"])
        // Printed: 90.3, 2.11, 5.27, 2.32.
        let shares = causes.map { hundredths($0.1, of: tables.causes.aggregate["count"].int ?? 1) }
        #expect(shares == [9030, 211, 527, 232] && shares.reduce(0, +) == 10_000)
    }

    @Test func `F2: by single causes, of which the printed table does not tell two apart`() throws {
        let groups = try ask(.edistrict, "poverty-causes", on: "2019-07-31").households.groups.items
        #expect(
            groups.map { line($0.key.mainCause, $0.aggregate["count"]) } == [
                "ILLNESS 301", "DISABILITY 127", "LACK_OF_LABOUR 25", "SCHOOLING 10", "LACK_OF_TECHNOLOGY 6",
                "LACK_OF_MOTIVATION 4",
                "LACK_OF_FUNDS 1",
            ])
    }

    /// On the day of the plan, on the sample's day, and later.
    @Test(arguments: ["2015-10-24", "2017-06-30", "2026-01-01"]) func `F3 and F4: who is assisted, and the plan of exits`(
        date: String
    ) throws {
        let tables = try ask(.hanyang, "published-tables", on: date)
        #expect([tables.units, tables.workTeams, tables.poorVillages].map { $0.totalCount.int } == [66, 21, 21])
        #expect(pair(tables.registered) == "1097 2469")
        if date == "2015-10-24" { #expect(pair(tables.poor) == "1097 2469") }
        #expect(
            tables.categories.groups.items.map { "\($0.key.category.shown) \(pair($0)) \($0.aggregate.avg.memberCount.shown)" }
                == [
                    "GENERAL 515 1531 2.9728", "MINIMUM_ALLOWANCE 536 892 1.6642", "FIVE_GUARANTEES 46 46 1",
                ])
        #expect(tables.categories.aggregate.avg.memberCount.shown == "2.2507")
        #expect(
            tables.targets.nodes.items.map { line($0.subject, $0.year, $0.share, $0["count"]) } == [
                "PERSON 2016 0.3 741", "PERSON 2017 0.5 1234", "PERSON 2018 0.2 494", "HOUSEHOLD 2016 0.3 329",
                "HOUSEHOLD 2017 0.5 549",
                "HOUSEHOLD 2018 0.2 219", "VILLAGE 2016 0.3 6", "VILLAGE 2017 0.4 9", "VILLAGE 2018 0.3 6",
            ])
        #expect(
            tables.planned.groups.items.map { "\($0.key.plannedExitYear["value"].shown) \(pair($0))" } == [
                "2016 329 741", "2017 549 1234", "2018 219 494",
            ])
        #expect(
            tables.plannedVillages.groups.items.map { line($0.key.plannedExitYear["value"], $0.aggregate["count"]) } == [
                "2016 6", "2017 9", "2018 6",
            ])
    }

    @Test func `what a register does not hold is empty, and no error`() throws {
        let first = try ask(.hanyang, "published-tables", on: "2017-06-30")
        #expect(first.lockedRound.nodes.items.isEmpty && first.exits.groups.items.isEmpty)
        let second = try ask(.edistrict, "published-tables", on: "2019-07-31")
        #expect(second.targets.nodes.items.isEmpty)
        let third = try ask(.dongzhou, "published-tables", on: "2020-04-30")
        #expect(third.lockedRound.nodes.items.isEmpty && third.exits.groups.items.isEmpty)
        #expect(third.targets.nodes.items.map { line($0.subject, $0.year, $0.share) } == ["PERSON 2018 1"])
        #expect(pair(third.poor) == "0 0" && third.poorVillages.totalCount.int == 2)
    }

    @Test func `R12: what exits came to is explained down to the last person`() throws {
        let data = try ask(.edistrict, "exit-reconciliation", on: "2019-07-31")
        let left = data.leaves.groups.items.compactMap(\.aggregate.count.int).reduce(0, +)
        let joined = Dictionary(
            uniqueKeysWithValues: data.joins.groups.items.map { ($0.key.joinReason.shown, $0.aggregate["count"].int ?? 0) })
        #expect(data.struckOff.totalCount.int == 25)
        #expect(joined == ["REGISTERED": 959, "BORN": 5, "MARRIED_IN": 3] && left == 55)
        // 25 that were struck off had one member each.
        #expect(959 - left + 8 == 912 && 499 - 25 == 474)
        #expect(
            Set(data.leaves.groups.items.map { line($0.key.leaveReason, $0.aggregate["count"]) })
                == ["DIED 37", "MOVED_OUT 9", "MARRIED_OUT 8", "IMPRISONED 1"])
        #expect(
            data.announced.groups.items.map {
                line($0.key.year["value"], $0.aggregate["count"], $0.aggregate.sum.personCountAtDecision)
            } == [
                "2017 115 272", "2018 384 687",
            ])
    }

    @Test func `F9: every exit took two notices, one comparison, one announcement, and eleven steps`() throws {
        let rows = try Dictionary(
            uniqueKeysWithValues: ["ProcessStep", "PublicNotice", "DataComparison"].map { ($0, try Sample.edistrict.rows($0)) })
        func cases(_ type: String, _ holds: ([String: String]) -> Bool) -> [String: Int] {
            (rows[type] ?? []).filter(holds).flatMap { ($0["cases"] ?? "").split(separator: ";").map(String.init) }
                .reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        let steps = Dictionary(grouping: rows["ProcessStep"] ?? []) { $0["case"] ?? "" }.mapValues(\.count)
        #expect(steps.count == 499 && steps.values.allSatisfy { $0 == 11 })
        for (found, count) in [
            (cases("PublicNotice") { $0["type"] == "NOTICE" }, 2), (cases("PublicNotice") { $0["type"] == "ANNOUNCEMENT" }, 1),
            (cases("DataComparison") { _ in true }, 1),
        ] {
            #expect(found.count == 499 && found.values.allSatisfy { $0 == count })
        }
    }

    // MARK: - Other numbers

    @Test func `F5: posts, and the hospitals of the document in its order`() throws {
        let posts = try ask(.edistrict, "eco-posts", on: "2019-07-31")
        #expect(posts.all.totalCount.int == 75 && posts.filled.totalCount.int == 75)
        let data = try Sample.edistrict.desk(asOf: "2019-07-31").data(
            """
            { city: hospitals(where: {level: {eq: CITY}} orderBy: [{code: ASC}]) { nodes { name specialScope } }
              areas: hospitals(where: {level: {eq: COUNTY_AREA}}) { totalCount } }
            """)
        let city = data.city.nodes.items
        #expect(city.count == 15 && data.areas.totalCount.int == 5)
        #expect(city.first?.name.string == "市中心医院" && city.last?.name.string == "华仁康复医院")
        #expect(city.map(\.specialScope.shown).suffix(3) == ["SEVERE_MENTAL", "SEVERE_MENTAL", "CEREBRAL_PALSY"])
        #expect(city.dropLast(3).allSatisfy { $0.specialScope.string == "NONE" })
        #expect(try ask(.edistrict, "medical-cards", on: "2019-07-31").without.totalCount.int == 0)
        #expect(try ask(.edistrict, "uninsured", on: "2019-07-31", #"{"year": 2019}"#).persons.totalCount.int == 0)
    }

    @Test func `F6: allowances of a month and of a full year, and what pupils are entitled to`() throws {
        let groups = try ask(.edistrict, "guaranteed-income", on: "2019-07-31").all.groups.items
        #expect(
            groups.map { line($0.key.kind, $0.aggregate.avg.monthlyAmount) } == ["MINIMUM_ALLOWANCE 470", "FIVE_GUARANTEES 940"])
        #expect(groups.map { ($0.aggregate.avg.monthlyAmount.int ?? 0) * 13 } == [6_110, 12_220])
        let amounts = try Sample.edistrict.rows("Subsidy").reduce(into: [String: Set<String>]()) {
            $0[$1["kind"] ?? "", default: []].insert($1["entitledAmount"] ?? "")
        }
        #expect(
            amounts == [
                "PRIMARY": ["1000.00"], "JUNIOR": ["1250.00"], "SENIOR_HIGH_GRANT": ["3000.00"],
                "VOCATIONAL_SUBSIDY": ["2025.00"],
                "YULU": ["5000.00"],
            ])
    }

    @Test func `F7: loans, houses, and what a district's revenue gives`() throws {
        let loans = try ask(.edistrict, "loan-rule-breaks", on: "2019-07-31")
        #expect(loans.overCap.totalCount.int == 0 && loans.loans.totalCount.int == 0)
        #expect(try Sample.edistrict.rows("Loan").contains { $0["principal"] == "100000.00" && $0["termMonths"] == "36" })
        #expect(try ask(.edistrict, "renovation-subsidies", on: "2019-07-31").gradeC.totalCount.int == 0)
        #expect(
            try Sample.edistrict.rows("HouseRenovation").filter { $0["gradeBefore"] == "C" }.allSatisfy {
                $0["subsidyAmount"] == "14000.00"
            })
        let fiscal = try ask(.edistrict, "fiscal-guarantee", on: "2019-07-31", #"{"year": 2018}"#)
        // 15 % of 40 million, half of 9 million.
        let statement = fiscal.fiscalStatements.nodes[0]
        #expect(line(statement.specialPovertyBudgetAdded, statement.recoveredUsedForPoverty) == "6000000 4500000")
        #expect(fiscal.incrementTooSmall.totalCount.int == 0 && fiscal.stockTooSmall.totalCount.int == 0)
    }

    @Test func `F8: the district's fund and the units', and who takes part in the cooperative scheme`() throws {
        let funds = try ask(.hanyang, "assistance-funds", on: "2017-06-30", #"{"year": 2016}"#)
        let district = funds.district.aggregate.sum.arrived.int ?? 0
        let units = funds.units.nodes.items.map { $0.funds.aggregate.sum.arrived.int ?? 0 }
        #expect(district == 3_000_000 && units == Array(repeating: 30_000, count: 66))
        #expect(units.reduce(0, +) == 1_980_000 && district + units.reduce(0, +) == 4_980_000)
        #expect(funds.tooLittle.totalCount.int == 0)
        #expect(try ask(.hanyang, "assistance-funds", on: "2017-06-30", #"{"year": 2017}"#).tooLittle.totalCount.int == 10)
        #expect(try ask(.hanyang, "participation", on: "2017-06-30", #"{"year": 2016}"#).tooFew.totalCount.int == 0)
        #expect(try ask(.hanyang, "participation", on: "2017-06-30", #"{"year": 2015}"#).tooFew.totalCount.int == 21)
    }

    @Test func `F9: villages, hamlets, samples of water, services and institutions of the three-year plan`() throws {
        let water = try ask(.dongzhou, "water-samples", on: "2020-04-30")
        #expect(water.waterTests.totalCount.int == 12 && water.notSafe.totalCount.int == 0)
        #expect(water.waterTests.groups.items.map { $0.aggregate["count"].int } == Array(repeating: 2, count: 6))
        #expect(Set(water.waterTests.groups.items.map(\.key.village.code.shown)).count == 2)
        let health = try ask(.dongzhou, "health-coverage", on: "2020-04-30")
        let registered = Set(health.villages.nodes.items.map { line($0.code, $0.registered.aggregate.sum.memberCount) })
        for services in [health.contracts, health.checkups, health.screenings] {
            #expect(Set(services.groups.items.map { line($0.key.household.village.code, $0.aggregate["count"]) }) == registered)
        }
        #expect(try ask(.dongzhou, "uninsured", on: "2020-04-30", #"{"year": 2020}"#).persons.totalCount.int == 0)
        #expect(try ask(.dongzhou, "housing-appraisals", on: "2020-04-30").without.totalCount.int == 0)
        let institutions = try ask(.dongzhou, "institution-standards", on: "2020-04-30")
        #expect(institutions.lacking.totalCount.int == 0)
        #expect(institutions.hospitals.nodes.items.map(\.name.shown) == ["章党镇卫生院", "哈达镇卫生院", "洼子村卫生室", "阿及村卫生室"])
    }

    @Test(arguments: [
        ("FiveBatch", 5), ("ExitRoute", 5), ("EightDifficulty", 8), ("FourLook", 4), ("CourtyardPart", 4), ("InquiryTopic", 3),
        // Ten of one document and six of another; eight and nine things of a village, one of them in both lists.
        ("Prohibition", 10 + 6), ("ChecklistItem", 8 + 9 - 1), ("ChecklistScheme", 2), ("SpecialGroup", 7),
        ("CauseReportGroup", 4),
    ])
    func `F9: the documents' lists have as many entries as they name`(name: String, count: Int) throws {
        let data = try Sample.hanyang.desk(asOf: "2017-06-30").data("{ __type(name: \"\(name)\") { enumValues { name } } }")
        #expect(data["__type"].enumValues.items.count == count)
    }

    @Test(arguments: [
        ("village.exit.incidenceMax", "D0", "0.02"), ("village.exit.incidenceMax", "D3", "0.03"),
        ("village.exit.incidenceMax", "D1", "0.00"),
        ("village.exit.collectiveIncomeMin", "D1", "100000"), ("village.exit.incomeShareOfProvince", "D1", "0.70"),
        ("household.exit.incomeShareOfDistrict", "D1", "0.70"), ("medical.inpatientRatio", "D0", "0.90"),
        ("medical.outpatientRatio", "D0", "0.80"),
        ("medical.annualCap", "D0", "5000"), ("medical.premiumSubsidyGeneral", "D0", "200"),
        ("medical.villageInsuredShareMin", "D1", "0.99"),
        ("medical.insuredShareMin", "D4", "1.00"), ("medical.d1.ratioIncrease", "D1", "0.20"),
        ("health.contractShare", "D4", "1.00"),
        ("health.checkupShare", "D4", "1.00"), ("health.screeningShare", "D4", "1.00"), ("edu.primary", "D0", "1000"),
        ("edu.junior", "D0", "1250"),
        ("edu.seniorGrant", "D0", "3000"), ("edu.vocationalTuitionPrivate", "D0", "2025"),
        ("edu.vocationalSubsidy", "D0", "2025"),
        ("edu.yuluMin", "D0", "5000"), ("dibao.monthly", "D0", "470"), ("tekun.monthly", "D0", "940"),
        ("allowance.months", "D0", "13"),
        ("loan.cap", "D0", "100000"), ("loan.termMonths", "D0", "36"), ("house.cMinSubsidy", "D0", "14000"),
        ("post.ecoCount", "D0", "75"),
        ("fund.districtAssistanceMin", "D1", "3000000"), ("fund.unitMin", "D1", "30000"),
        ("fund.revenueIncrementShare", "D0", "0.15"),
        ("fund.stockShare", "D0", "0.50"), ("visit.perQuarter", "D3", "1"), ("contact.perMonth", "D3", "1"),
        ("consolation.perYear", "D3", "1"),
        ("unit.workdayPerMonth", "D3", "1"), ("unit.infoPerMonth", "D3", "1"), ("unit.meetingPerQuarter", "D3", "1"),
        ("unit.deedsPerYear", "D3", "1"),
        ("village.courtyardPerQuarter", "D3", "1"), ("meeting.city.everyMonths", "D0", "2"),
        ("meeting.county.everyMonths", "D0", "1"),
        ("team.minSizeProvincialPoorVillage", "D0", "3"), ("team.rotationMinYears", "D0", "2"),
        ("adjust.roundsPerYear", "D0", "2"),
    ])
    func `F5 to F9: a parameter has the value that its document prints, in the model and in the samples' rows`(
        name: String, profile: String, value: String
    ) throws {
        let desk = try Sample.dongzhou.desk(asOf: "2020-04-30")
        let all = try desk.data("{ villages(where: {cel: \"param('\(name)', '\(profile)') == \(value)\"}) { totalCount } }")
            .villages
        #expect(all.totalCount.int == 4, "the model's value of \(name) is \(value)")
        for sample in Sample.allCases {
            for row in try sample.rows("PolicyParameter") where row["key"] == name && row["profile"] == profile {
                #expect(Decimal(string: row["value"] ?? "") == Decimal(string: value), "\(sample) \(name)")
                #expect(!(row["document"] ?? "").isEmpty)
            }
        }
    }
}
