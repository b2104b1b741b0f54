import Foundation
import Query
import Testing

/// The edges of what somebody is entitled to: halves of an odd amount, months of a year, shares that are reached exactly.
extension `Rules at their boundaries` {
    /// A pupil in two semesters, with what was paid.
    private func pupil(_ stage: String, _ payments: [(kind: String, amount: String, day: String)]) -> [String: String] {
        var files = household([
            "SchoolEnrollment":
                "person,schoolYear,semester,stage,state\np,2019,1,\(stage),IN_SCHOOL\np,2019,2,\(stage),IN_SCHOOL\n",
            "Subsidy": "source,recordNumber,kind,household,beneficiary\n",
            "SubsidyPayment": "source,recordNumber,subsidy,amount,paidOn,status\n",
        ])
        for (place, payment) in payments.enumerated() {
            files["Subsidy"]! += "s,\(place),\(payment.kind),h,p\n"
            files["SubsidyPayment"]! += "s,\(place),s|\(place),\(payment.amount),\(payment.day),PAID\n"
        }
        return files
    }

    private func semesters(_ files: [String: String], on day: String = "2020-08-31", parameters: String = "{}") throws -> [String]
    {
        try desk(files, asOf: day).data(
            "{ schoolEnrollments(orderBy: [{semester: ASC}]) { nodes { entitlement entitlementState } } }",
            extensions: "{\"parameters\": \(parameters)}"
        ).schoolEnrollments.nodes.items.map { line($0.entitlement, $0.entitlementState) }
    }

    @Test func `R102, R103: a pupil is given half in each semester, and an odd hundredth in the second`() throws {
        #expect(try semesters(pupil("PRIMARY", [])) == ["500 MISSING", "500 MISSING"])
        #expect(try semesters(pupil("JUNIOR", [])) == ["625 MISSING", "625 MISSING"])
        #expect(try semesters(pupil("SENIOR_HIGH", [])) == ["1500 MISSING", "1500 MISSING"])
        #expect(try semesters(pupil("SECONDARY_VOCATIONAL", [])) == ["1012.5 MISSING", "1012.5 MISSING"])
        #expect(try semesters(pupil("PRESCHOOL", [])) == ["null null", "null null"])
        #expect(
            try semesters(pupil("PRIMARY", []), parameters: #"{"edu.primary": "1000.01"}"#) == ["500 MISSING", "500.01 MISSING"])
    }

    @Test func `R102: what was paid counts in the semester of its day, for its stage, and exactly`() throws {
        func states(_ payments: (kind: String, amount: String, day: String)...) throws -> [String] {
            try semesters(pupil("PRIMARY", payments)).map { $0.components(separatedBy: " ")[1] }
        }
        // Autumn runs from 1 September to 31 January, spring to 31 August.
        #expect(try states(("PRIMARY", "500.00", "2019-09-01"), ("PRIMARY", "500.00", "2020-02-01")) == ["PAID", "PAID"])
        #expect(try states(("PRIMARY", "500.00", "2020-01-31"), ("PRIMARY", "500.00", "2020-08-31")) == ["PAID", "PAID"])
        #expect(try states(("PRIMARY", "500.00", "2019-08-31")) == ["MISSING", "MISSING"])
        #expect(try states(("PRIMARY", "499.99", "2019-10-01"), ("PRIMARY", "500.01", "2020-03-01")) == ["SHORT", "OVER"])
        #expect(try states(("JUNIOR", "625.00", "2019-10-01")) == ["WRONG_STAGE", "MISSING"])
        #expect(try states(("BOARDING_WAIVER", "500.00", "2019-10-01")) == ["MISSING", "MISSING"], "a waiver is no grant")
    }

    @Test(arguments: [("2019-10-30", 0), ("2019-10-31", 1), ("2020-01-31", 1), ("2020-02-01", 0)])
    func `R103: a helper is told of money that has not come sixty days after the semester began, while it runs`(
        day: String, count: Int
    ) throws {
        var files = pupil("PRIMARY", [("PRIMARY", "500.00", "2020-02-01")])
        files["Cadre"] = "number,name,active\nc,C,true\n"
        files["Pairing"] = "cadre,household,role,validFrom\nc,h,PRIMARY,2019-01-01\n"
        let due = try desk(files, asOf: day).data(try Sample.question("education-money-due"), variables: #"{"cadre": "c"}"#)
        #expect(due.schoolEnrollments.totalCount.int == count)
    }

    @Test(arguments: [
        // From when, until when, the months of 2019, and what they come to at 470 a month.
        ("2018-05-01", "", 12, "6110"), ("2019-01-01", "2020-01-01", 12, "6110"), ("2019-01-01", "2019-12-31", 12, "5640"),
        ("2019-04-01", "", 9, "4700"), ("2019-12-31", "", 1, "940"), ("2018-01-01", "2019-01-01", 0, "0"),
        ("2018-01-01", "2019-01-02", 1, "470"),
        ("2020-01-01", "", 0, "0"),
    ])
    func `R108: an allowance comes to its months, and one more where it holds on 31 December`(
        from: String, to: String, months: Int, amount: String
    ) throws {
        let files = household([
            "AllowanceEnrollment": "household,kind,monthlyAmount,validFrom,validTo\nh,MINIMUM_ALLOWANCE,470.00,\(from),\(to)\n"
        ])
        let row = try desk(files, asOf: "2019-06-30").data(
            "{ allowanceEnrollments { nodes { monthsThisYear entitledThisYear } } }"
        )
        .allowanceEnrollments.nodes[0]
        #expect(line(row.monthsThisYear, row.entitledThisYear) == "\(months) \(amount)")
    }

    @Test func `R36, R108: a full year is 6,110 yuan of one allowance and 12,220 of the other`() throws {
        let files = household([
            "AllowanceEnrollment":
                "household,kind,monthlyAmount,validFrom\nh,MINIMUM_ALLOWANCE,470.00,2018-01-01\nh,FIVE_GUARANTEES,940.00,2018-01-01\n"
        ])
        let groups = try desk(files, asOf: "2019-12-31").data(try Sample.question("allowance-payments")).all.groups.items
        #expect(
            groups.map { line($0.key.kind, $0.aggregate.sum.entitledThisYear) } == [
                "MINIMUM_ALLOWANCE 6110", "FIVE_GUARANTEES 12220",
            ])
    }

    @Test(arguments: [
        ("470.00", "MINIMUM_ALLOWANCE", 0), ("470.01", "MINIMUM_ALLOWANCE", 1), ("940.00", "FIVE_GUARANTEES", 0),
        ("939.99", "FIVE_GUARANTEES", 1),
    ])
    func `R109: full support is the standard, the minimum allowance at most that`(amount: String, kind: String, count: Int) throws
    {
        let files = household([
            "AllowanceEnrollment": "household,kind,persons,monthlyAmount,validFrom\nh,\(kind),p,\(amount),2019-01-01\n"
        ])
        let data = try desk(files, asOf: "2019-06-30").data(try Sample.question("allowance-payments"))
        #expect(data.offStandard.totalCount.int == count)
    }

    @Test(arguments: [("2", 0), ("1", 1), ("3", 1)])
    func `R6: an income is shared by those who lived there on 31 December`(members: String, count: Int) throws {
        // One came on the last day, one was struck off on it.
        let files = household([
            "Person": "number,name\np,P\nq,Q\nr,R\n",
            "Membership": "person,household,validFrom,validTo\np,h,2019-01-01,\nq,h,2019-12-31,\nr,h,2019-01-01,2019-12-31\n",
            "IncomeRecord": "household,year,kind,wageIncome,memberCount\nh,2019,VERIFIED,900.00,\(members)\n",
        ])
        #expect(try breaches("R6-divisor", files) == count)
    }

    @Test(arguments: [("7000.00", true), ("6999.99", false), ("", nil)])
    func `R35: seven tenths of the district's income are reached exactly`(income: String, reaches: Bool?) throws {
        let files = household([
            "IncomeRecord": "household,year,kind,perCapitaDisposableIncome\nh,2019,VERIFIED,\(income)\n",
            "AreaIncomeBenchmark":
                "area,year,measure,value\n420115,2019,RURAL_DISPOSABLE,10000.00\n42,2019,RURAL_DISPOSABLE,8000.00\n",
        ])
        func row(_ parameters: String) throws -> JSON {
            try desk(files, asOf: "2020-06-30").data(
                #"{ household(number: "h") { reachesDistrictShare } }"#, extensions: "{\"parameters\": \(parameters)}"
            ).household
        }
        #expect(try row(#"{"profile": "D1"}"#).reachesDistrictShare.bool == reaches)
        #expect(try row("{}").reachesDistrictShare.isNull, "nothing is asked where no document asks")
    }

    @Test func `R3: the incidence on the last day of a year counts who was poor and a member on it`() throws {
        let files = household([
            "VillageYear": "village,year,ruralRegisteredPopulation\nv,2018,100\nv,2019,0\nv,2020,\n",
            "HouseholdStatusPeriod":
                "household,status,validFrom,validTo\nh,POOR,2018-01-01,2018-12-31\nh,EXITED,2018-12-31,2019-12-31\n"
                + "h,RETURNED,2019-12-31,\n",
            "Person": "number,name\np,P\nq,Q\n",
            "Membership": "person,household,validFrom,validTo\np,h,2018-01-01,\nq,h,2018-01-01,2019-12-31\n",
        ])
        let years = try desk(files, asOf: "2020-12-31").data(
            try Sample.question("incidence-trend"), variables: #"{"village": "v"}"#
        )
        .village.years.nodes.items
        // Exited on the last day of 2018; poor again, and one fewer, on the last of 2019, of nobody knows how many.
        #expect(
            years.map { line($0.year, $0.poorPersonsAtYearEnd, $0.incidenceAtYearEnd) } == [
                "2020 1 null", "2019 1 null", "2018 0 0",
            ])
    }

    @Test func `R80: a town without a report of the quarter is missing`() throws {
        let files = household(["QuarterlyReport": "source,recordNumber,town,quarter\ns,1,420115101,2020-04-01\n"])
        func missing(_ quarter: String) throws -> [String] {
            try desk(files, asOf: "2020-07-10").data(
                try Sample.question("town-reports"), variables: "{\"quarter\": \"\(quarter)\"}"
            )
            .missing.nodes.items.map(\.code.shown)
        }
        #expect(try missing("2020-04-01") == [])
        #expect(try missing("2020-01-01") == ["420115101"])
    }
}
