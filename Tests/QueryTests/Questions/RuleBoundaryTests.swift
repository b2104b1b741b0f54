import Exchange
import Foundation
import Model
import Query
import StoreColumns
import Testing

/// The rules at their edges, on small registers made for it: on the line, at the cap, on the last day.
@Suite struct `Rules at their boundaries` {
    private static let model: Result<Model, any Error> = Result {
        try QueryTests.model(in: root.appending(path: "Schema/model"))
    }
    private static let areas = """
        code,name,level,parent,designations
        42,P,PROVINCE,,
        4201,C,PREFECTURE,42,
        420115,D,COUNTY,4201,
        420115101,T,TOWNSHIP,420115,

        """

    /// As the files say, also what checks and procedures would refuse: a rule has its edge there too.
    private func version(_ files: [String: String]) throws -> GraphVersion {
        let model = try Self.model.get()
        let sources = files.sorted { $0.key < $1.key }.map { SourceFile(name: $0.key + ".csv", bytes: Array($0.value.utf8)) }
        let draft = Importer(model: model).read(sources)
        #expect(draft.report.isClean, "\(draft.report)")
        return try GraphVersion.empty(catalog: model.catalog).applying(
            draft.changeSet, number: 1, publishedAt: Instant(microseconds: 0))
    }

    func desk(_ files: [String: String], asOf: String) throws -> Desk {
        Desk(try Self.model.get(), try version(files), asOf: try #require(CivilDate(isoText: asOf)))
    }

    /// Rows of a type that do not keep a check.
    func breaches(_ check: String, _ files: [String: String], asOf: String = "2020-06-30") throws -> Int {
        let model = try Self.model.get()
        #expect(model.checks.contains { $0.id == check }, "there is a check \(check)")
        let found = try model.breaches(in: try version(files), asOf: try #require(CivilDate(isoText: asOf)))
        return found.first { $0.check.id == check }?.rows.count ?? 0
    }

    /// One household in one village, with more files.
    func household(_ more: [String: String], _ columns: String = "", _ values: String = "") -> [String: String] {
        [
            "AdministrativeArea": Self.areas + "420115101001,V,VILLAGE,420115101,\n",
            "Village": "code,area,name,isPoorVillage\nv,420115101001,V,true\n",
            "Household": "number,village\(columns)\nh,v\(values)\n",
            "HouseholdStatusPeriod": "household,status,validFrom\nh,POOR,2019-01-01\n",
            "Person": "number,name,birthDate\np,P,1980-06-30\n",
            "Membership": "person,household,validFrom\np,h,2019-01-01\n",
        ].merging(more) { $1 }
    }

    // MARK: Villages

    /// Villages with so many poor of so many; an empty text where the population is not known.
    private func villages(_ shares: [(poor: Int, of: String)]) throws -> Desk {
        var files = [
            "AdministrativeArea": Self.areas, "Village": "code,area,name,isPoorVillage\n",
            "VillageYear": "village,year,ruralRegisteredPopulation\n", "Household": "number,village\n",
            "HouseholdStatusPeriod": "household,status,validFrom\n", "Person": "number,name\n",
            "Membership": "person,household,validFrom\n",
        ]
        for (place, share) in shares.enumerated() {
            files["AdministrativeArea"]! += "42011510100\(place),V\(place),VILLAGE,420115101,\n"
            files["Village"]! += "v\(place),42011510100\(place),V\(place),true\n"
            files["VillageYear"]! += "v\(place),2019,\(share.of)\n"
            files["Household"]! += "h\(place),v\(place)\n"
            files["HouseholdStatusPeriod"]! += "h\(place),POOR,2018-01-01\n"
            for person in 0..<share.poor {
                files["Person"]! += "p\(place)-\(person),P\n"
                files["Membership"]! += "p\(place)-\(person),h\(place),2018-01-01\n"
            }
        }
        return try desk(files, asOf: "2020-06-30")
    }

    @Test func `R40: a village is under the threshold, at it, or over it, by every set of documents`() throws {
        let desk = try villages([
            (20, "1000"), (19, "1000"), (21, "1000"), (29, "1000"), (30, "1000"), (1, "30000"), (0, "500"), (3, "0"), (3, ""),
        ])
        func verdicts(_ parameters: String) throws -> [Bool?] {
            let answer = desk.answer(
                "{ villages(orderBy: [{code: ASC}]) { nodes { meetsIncidence } } }", extensions: "{\"parameters\": \(parameters)}"
            )
            return try JSON(answer.body)["data"].villages.nodes.items.map(\.meetsIncidence.bool)
        }
        #expect(try verdicts("{}") == [false, true, false, false, false, true, true, nil, nil])
        #expect(
            try verdicts(#"{"village.exit.incidenceInclusive": true}"#)
                == [true, true, false, false, false, true, true, nil, nil])
        #expect(try verdicts(#"{"profile": "D3"}"#) == [true, true, true, true, false, true, true, nil, nil])
        #expect(try verdicts(#"{"profile": "D1"}"#) == [false, false, false, false, false, false, true, nil, nil])
    }

    @Test(arguments: [(99, 100, 0), (9_899, 10_000, 1), (98, 100, 1), (0, 0, 0)])
    func `R99: ninety-nine of a hundred are enough, and fewer are not`(enrolled: Int, eligible: Int, count: Int) throws {
        let files = household(["VillageYear": "village,year,ncmsEligible,ncmsEnrolled\nv,2019,\(eligible),\(enrolled)\n"])
        #expect(try breaches("R99-participation", files) == count)
    }

    // MARK: Households

    @Test(arguments: [
        ("2952.00", false, false), ("2952.01", true, false), ("2951.99", false, true), ("-10.00", false, true),
    ])
    func `R7: an income on the line is neither over nor below it`(income: String, over: Bool, below: Bool) throws {
        let files = household([
            "IncomeRecord":
                "household,year,kind,wageIncome,businessIncome,propertyIncome,transferIncome,businessCost,memberCount\n"
                + "h,2019,VERIFIED,\(income),0.00,0.00,0.00,0.00,1\n",
            "AreaIncomeBenchmark": "area,year,measure,value\n42,2019,POVERTY_LINE_NATIONAL,2952.00\n",
        ])
        let row = try desk(files, asOf: "2020-06-30").data(#"{ household(number: "h") { isOverLine isBelowLine } }"#).household
        #expect(row.isOverLine.bool == over && row.isBelowLine.bool == below)
    }

    @Test func `R7: without a line nothing is known, and nobody leaves`() throws {
        let files = household([
            "IncomeRecord":
                "household,year,kind,wageIncome,businessIncome,propertyIncome,transferIncome,businessCost,memberCount\n"
                + "h,2019,VERIFIED,9000.00,0.00,0.00,0.00,0.00,1\n"
        ])
        let row = try desk(files, asOf: "2020-06-30").data(
            #"{ household(number: "h") { isOverLine isBelowLine meetsExit village { povertyLine } } }"#
        ).household
        #expect(row.isOverLine.isNull && row.isBelowLine.isNull && row.meetsExit.isNull && row.village.povertyLine.isNull)
    }

    @Test(arguments: [
        ("2019-07-01", "true", "true", "true"), ("2019-07-01", "true", "false", "false"), ("2019-07-01", "true", "", "null"),
        ("2019-07-01", "false", "", "false"), ("2019-06-30", "true", "true", "null"), ("2020-07-01", "true", "true", "null"),
    ])
    func `R33: what was assessed a year ago counts, what is older does not, and what is missing is unknown`(
        day: String, food: String, water: String, expected: String
    ) throws {
        let files = household([
            "GuaranteeAssessment": "household,assessedOn,food,clothing,compulsoryEducation,basicMedical,safeHousing,safeWater\n"
                + "h,\(day),\(food),true,true,true,true,\(water)\n"
        ])
        let row = try desk(files, asOf: "2020-06-30").data(#"{ household(number: "h") { guaranteesMet } }"#).household
        #expect(row.guaranteesMet.description == expected)
    }

    @Test(arguments: [("2020-01-01", true), ("2019-12-31", false), ("2020-07-01", false)])
    func `R32: new is who came in the calendar year of the date`(day: String, isNew: Bool) throws {
        let files = household(["HouseholdStatusPeriod": "household,status,validFrom\nh,POOR,\(day)\n"])
        let row = try desk(files, asOf: "2020-06-30").data(#"{ household(number: "h") { newThisYear } }"#).household
        #expect(row.newThisYear.bool == isNew)
    }

    @Test(arguments: [
        ("EXITED", "true", true), ("EXITED", "false", false), ("EXITED", "", false), ("RETURNED", "", true),
        ("DEREGISTERED", "true", false),
    ])
    func `R56: assisted are the poor, and those who have left while policy continues`(
        status: String, continues: String, isIn: Bool
    ) throws {
        let files = household(
            ["HouseholdStatusPeriod": "household,status,validFrom\nh,\(status),2019-01-01\n"], ",policyContinues", "," + continues
        )
        let row = try desk(files, asOf: "2020-06-30").data(#"{ household(number: "h") { inScope isRegistered } }"#).household
        #expect(row.inScope.bool == isIn)
        #expect(row.isRegistered.bool == (status != "DEREGISTERED"))
    }

    @Test func `R8: full support makes the category before the minimum allowance, while it lasts`() throws {
        func category(_ rows: String) throws -> String? {
            let files = household(["AllowanceEnrollment": "household,kind,validFrom,validTo\n" + rows])
            return try desk(files, asOf: "2020-06-30").data(#"{ household(number: "h") { derivedCategory } }"#)
                .household.derivedCategory.string
        }
        #expect(try category("") == "GENERAL")
        #expect(try category("h,MINIMUM_ALLOWANCE,2019-01-01,\n") == "MINIMUM_ALLOWANCE")
        #expect(try category("h,MINIMUM_ALLOWANCE,2019-01-01,\nh,FIVE_GUARANTEES,2020-06-30,\n") == "FIVE_GUARANTEES")
        #expect(try category("h,MINIMUM_ALLOWANCE,2019-01-01,2020-06-30\n") == "GENERAL")
    }

    @Test func `R21: a house counts from the cut-off day on, unless it replaces a lost one`() throws {
        func isOut(_ day: String, _ reason: String = "") throws -> Bool? {
            let files = household([
                "AssetDeclaration": "household,declaredOn,houseBuildDate,exemptReason\nh,2025-06-01,\(day),\(reason)\n"
            ])
            return try desk(files, asOf: "2025-06-30").data(#"{ household(number: "h") { hasExclusion } }"#).household
                .hasExclusion.bool
        }
        #expect(try isOut("2024-12-31") == false)
        #expect(try isOut("2025-01-01") == true)
        #expect(try isOut("2025-01-01", "DISASTER_REBUILD") == false)
    }

    @Test func `R23: an enterprise counts only with employees and in normal operation`() throws {
        func isOut(_ owns: Bool, _ employs: Bool, _ operates: Bool) throws -> Bool? {
            let files = household([
                "AssetDeclaration": "household,declaredOn,ownsOrInvestsEnterprise,longTermEmployees,taxpayerInNormalOperation\n"
                    + "h,2020-01-01,\(owns),\(employs),\(operates)\n"
            ])
            return try desk(files, asOf: "2020-06-30").data(#"{ household(number: "h") { hasExclusion } }"#).household
                .hasExclusion.bool
        }
        #expect(try isOut(true, true, true) == true)
        #expect(try isOut(true, true, false) == false)
        #expect(try isOut(true, false, true) == false)
    }

    // MARK: Persons and money

    @Test(arguments: [("5000.00", 0), ("5000.01", 1)])
    func `R93: who paid exactly the cap is not over it, and the day of settlement decides the year`(paid: String, count: Int)
        throws
    {
        let files = household([
            "Hospital": "code,name,designatedFrom\ny,Y,2019-12-20\nn,N,2020-01-01\n",
            "MedicalExpense": "source,recordNumber,person,hospital,visitType,admittedOn,settledOn,total,inCounty\n"
                + "s,1,p,y,INPATIENT,2019-12-20,2020-01-02,\(paid),true\n"
                + "s,2,p,y,INPATIENT,2019-12-20,2019-12-31,9000.00,true\n"
                + "s,3,p,n,INPATIENT,2019-12-31,2020-01-02,9000.00,true\n"
                + "s,4,p,y,INPATIENT,2020-01-01,2020-01-02,9000.00,false\n",
        ])
        let desk = try desk(files, asOf: "2020-06-30")
        let data = try desk.data(try Sample.question("over-the-cap"))
        #expect(data.persons.totalCount.int == count)
        #expect(data.near.totalCount.int == 1 - count)
    }

    @Test(arguments: [("100000.00", "36", 0, 0), ("100000.01", "36", 1, 0), ("500.00", "37", 0, 1)])
    func `R111: a loan may reach the cap and the term, and not pass them`(principal: String, term: String, cap: Int, long: Int)
        throws
    {
        let files = household([
            "Loan":
                "source,recordNumber,household,principal,termMonths,collateral,guarantor\ns,1,h,\(principal),\(term),false,false\n"
        ])
        #expect(try breaches("R111-loan-cap", files) == cap)
        #expect(try breaches("R111-loan-term", files) == long)
    }

    @Test(arguments: [("2020-01-08", 0), ("2020-01-07", 1)])
    func `R131: the day of posting is not one of the days that a notice is open`(closes: String, count: Int) throws {
        let files = household([
            "PublicNotice": "source,recordNumber,type,level,postedOn,closesOn\ns,1,NOTICE,VILLAGE,2020-01-01,\(closes)\n"
        ])
        #expect(try breaches("R131-notice-days", files) == count)
    }

    @Test(arguments: [("2020-06-29", 39), ("2020-06-30", 40)])
    func `a year of age is full on the birthday`(day: String, age: Int) throws {
        let data = try desk(household([:]), asOf: day).data(#"{ person(number: "p") { age } }"#)
        #expect(data.person.age.int == age)
    }

    @Test(arguments: [("100.00", "100.00", 0), ("100.01", "100.00", 0), ("100.02", "100.00", 1), ("99.98", "100.00", 1)])
    func `R5: a reported income may differ by a hundredth`(reported: String, wage: String, count: Int) throws {
        let files = household([
            "IncomeRecord":
                "household,year,kind,wageIncome,businessIncome,propertyIncome,transferIncome,businessCost,memberCount,"
                + "perCapitaNetIncomeReported\nh,2019,VERIFIED,\(wage),0.00,0.00,0.00,0.00,1,\(reported)\n"
        ])
        #expect(try breaches("R5-reported-income", files) == count)
    }
}
