import Exchange
import Foundation
import Model
import Settings
import StoreColumns
import Testing

@Suite("Importing another system's shape") struct MappingTests {
    let model: Model
    let mapping: ImportMapping
    let fixture: [SourceFile]

    init() throws {
        model = try shippedModel()
        mapping = try shippedMapping()
        fixture = try files(in: repository.appending(path: "Tests/ExchangeTests/Fixtures/register-csv"))
    }

    func written(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        let version = try load(fixture, model, mapping: mapping)
        let file = CSVExporter(model: model).files(of: version).first { $0.name == name }
        return try #require(file?.text, sourceLocation: sourceLocation)
    }

    @Test func `areas keep their codes, villages get a page of their year`() throws {
        #expect(
            try written("AdministrativeArea.csv") == """
                code,name,level,parent,designations
                420000000000,湖北省,PROVINCE,,
                420100000000,武汉市,PREFECTURE,420000000000,
                420105000000,汉阳区,COUNTY,420100000000,
                420115000000,江夏区,COUNTY,420100000000,POOR_COUNTY
                420115010000,山坡街道,TOWNSHIP,420115000000,
                420115010901,甲村,VILLAGE,420115010000,
                420115010902,乙村,VILLAGE,420115010000,

                """)
        // Who assists a village is looked up over its team and the team's leading unit; a village without team has nobody.
        #expect(
            try written("Village.csv") == """
                code,area,name,isPoorVillage,exitStatus,exitYear,plannedExitYear,collectiveIncome,assistedByDistrict
                420115010901,420115010901,甲村,true,EXITED,2016,2016,8377.50,420105000000
                420115010902,420115010902,乙村,false,,,,,

                """)
        #expect(
            try written("VillageYear.csv") == """
                village,year,ruralRegisteredPopulation,ruralRegisteredHouseholds,collectiveIncome,villagerGroupCount
                420115010901,2014,1000,300,8377.50,2
                420115010902,2014,700,200,,1

                """)
    }

    @Test func `a household's years become periods that touch`() throws {
        #expect(
            try written("HouseholdStatusPeriod.csv") == """
                household,status,validFrom,validTo
                4201150109010001,POOR,2014-01-01,2016-12-31
                4201150109010001,EXITED,2016-12-31,2017-12-31
                4201150109010001,RETURNED,2017-12-31,
                4201150109010002,POOR,2015-01-01,

                """)
        #expect(
            try written("Household.csv") == """
                number,village,group,category,head,address,phone,plannedExitYear,exitYear
                4201150109010001,420115010901,420115010901|1组,GENERAL,420115010901000101,甲村1组1号,12101458869,2016,2016
                4201150109010002,420115010901,420115010901|1组,FIVE_GUARANTEES,420115010901000201,,,2018,

                """)
        // Two households of one group make it once.
        #expect(try written("SubVillageUnit.csv") == "village,name,kind\n420115010901,1组,VILLAGER_GROUP\n")
    }

    @Test func `persons belong to their household since the registration, or since birth`() throws {
        #expect(
            try written("Membership.csv") == """
                person,household,relationToHead,validFrom
                420115010901000101,4201150109010001,HEAD,2014-01-01
                420115010901000102,4201150109010001,DAUGHTER,2016-02-09
                420115010901000201,4201150109010002,HEAD,2014-01-01

                """)
        #expect(
            try written("Person.csv") == """
                number,name,idType,idNumber,sex,birthDate,ethnicity,educationLevel,schoolStatus,health,disabilityGrade,labourCapacity,partyMember
                420115010901000101,段一,RESIDENT_ID,994201197101010016,MALE,1971-01-01,汉族,JUNIOR,NOT_IN_SCHOOL,LONG_TERM_CHRONIC,,ORDINARY,true
                420115010901000102,段二,,,FEMALE,2016-02-09,土家族,PRESCHOOL_CHILD,NOT_IN_SCHOOL,HEALTHY,,NONE,false
                420115010901000201,雷三,RESIDENT_ID,99420119471111002X,FEMALE,1947-11-11,汉族,ILLITERATE,NOT_IN_SCHOOL,DISABILITY,2,LOST,false

                """)
    }

    @Test func `units assist where they lead a team or their cadres are paired, each once`() throws {
        #expect(
            try written("UnitVillageAssignment.csv") == """
                unit,village,role,validFrom
                4201050001,420115010901,LEAD,2015-09-16
                4201050002,420115010901,MEMBER,2015-09-16

                """)
        #expect(
            try written("TeamMembership.csv") == """
                team,cadre,role,isFirstSecretary,startDate,endDate
                42011501090101,4201050000001,LEADER,true,2015-09-16,
                42011501090101,4201050000002,MEMBER,false,2015-09-16,2017-01-11

                """)
        #expect(
            try written("Pairing.csv") == """
                number,cadre,household,role,validFrom,validTo,endReason
                420115010901000102,4201050000001,4201150109010001,SECONDARY,2017-01-11,,
                420115010901000201,4201050000001,4201150109010002,PRIMARY,2016-05-09,,
                420115010901000101,4201050000002,4201150109010001,PRIMARY,2016-05-09,2017-01-11,CADRE_RETIRED

                """)
    }

    @Test func `visits and calls part by their mode`() throws {
        #expect(
            try written("Visit.csv") == """
                source,recordNumber,household,cadres,date,place,status,channel,minutes,summary
                register-csv,1,4201150109010001,4201050000002,2016-09-06,AT_HOME,RECORDED,IMPORT,46,"户主住院，自付约2,300元"
                register-csv,3,4201150109010002,4201050000001,2016-09-23,ELSEWHERE,RECORDED,IMPORT,27,

                """)
        #expect(
            try written("Contact.csv") == """
                source,recordNumber,household,cadre,date,kind,direction,status,minutes
                register-csv,2,4201150109010002,4201050000001,2016-08-29,PHONE,OUTGOING,RECORDED,8

                """)
    }

    @Test func `causes part by their separator, measures by whether they are loans`() throws {
        #expect(
            try written("CauseAssignment.csv") == """
                household,cause,rank,validFrom
                4201150109010001,ILLNESS,MAIN,2014-01-01
                4201150109010002,BEREAVEMENT,OTHER,2015-01-01
                4201150109010002,DISABILITY,MAIN,2015-01-01
                4201150109010002,LACK_OF_LABOUR,OTHER,2015-01-01

                """)
        #expect(
            try written("IncomeRecord.csv") == """
                household,year,kind,wageIncome,businessIncome,propertyIncome,transferIncome,businessCost,memberCount,perCapitaNetIncomeReported
                4201150109010001,2016,REPORTED,1.00,2.00,3.00,4.00,5.00,2,6.50
                4201150109010002,2016,REPORTED,1.00,2.00,3.00,4.00,5.00,1,6.50

                """)
        #expect(
            try written("Loan.csv") == """
                source,recordNumber,household,principal,balance,annualRate,termMonths,startDate,dueDate,state
                register-csv,2,4201150109010002,50000.00,37500.00,0.0435,36,2015-09-18,2018-09-18,ACTIVE

                """)
    }

    @Test func `a report says what was made of each file, and what was passed over`() {
        let report = Importer(model: model, mapping: mapping).read(fixture).report
        #expect(
            report.description == """
                areas.csv: 7 rows → AdministrativeArea 7
                villages.csv: 2 rows → Village 2, VillageYear 2
                households.csv: 2 rows → SubVillageUnit 1, Household 2, HouseholdStatusPeriod 4, CauseAssignment 4, IncomeRecord 2, LivingCondition 2
                persons.csv: 3 rows → Person 3, Membership 3
                units.csv: 2 rows → Unit 2
                cadres.csv: 2 rows → Cadre 2
                teams.csv: 1 rows → WorkTeam 1, UnitVillageAssignment 1
                team_members.csv: 2 rows → TeamMembership 2
                pairings.csv: 3 rows → Pairing 3, UnitVillageAssignment 1
                visits.csv: 3 rows → Visit 2, Contact 1
                measures.csv: 2 rows → Measure 2, Loan 1
                no problems
                """)
    }

    /// The fixture with one file's text changed.
    func changed(_ name: String, _ change: (String) -> String) -> [SourceFile] {
        fixture.map { $0.name == name ? SourceFile(name, change($0.text ?? "")) : $0 }
    }

    func check(_ files: [SourceFile], refusedFor expected: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        let refused = #expect(throws: ImportRefused.self, sourceLocation: sourceLocation) {
            _ = try load(files, model, mapping: mapping)
        }
        #expect(refused?.report.problems.map(\.description) == expected, sourceLocation: sourceLocation)
    }

    @Test func `a wrong heading is refused with the line of the mapping that needs it`() {
        check(
            changed("units.csv") { $0.replacing("county_code", with: "countycode") },
            refusedFor: [
                "units.csv:1: the column 'county_code' is missing, which register-csv.yaml:42 reads. Did you mean 'countycode'?",
                "units.csv:1: the column 'county_code' is missing, which register-csv.yaml:213 reads. Did you mean 'countycode'?",
            ])
    }

    @Test func `a code that the mapping does not list is refused`() {
        check(
            changed("cadres.csv") { $0.replacing("ACTIVE", with: "AKTIVE") },
            refusedFor: ["cadres.csv:2:86: status: 'AKTIVE': not among the values that the mapping lists. Did you mean 'ACTIVE'?"]
        )
    }

    @Test func `what a look-up does not find is refused at the cell that asked`() {
        check(
            changed("pairings.csv") { $0.replacing("420115010901000201,4201150109010002", with: "420115010901000201,9") },
            refusedFor: [
                "pairings.csv:4:20: household_id: '9': no row of households.csv has it",
                "pairings.csv:4:20: household_id: '9': no Household has this key",
            ])
    }

    @Test func `a file that the mapping does not know is refused, a missing one only if it is looked up in`() throws {
        check(
            fixture + [SourceFile("visit.csv", "id\n")],
            refusedFor: ["visit.csv: register-csv.yaml does not know the file. Did you mean 'visits.csv'?"])
        _ = try load(fixture.filter { $0.name != "visits.csv" }, model, mapping: mapping)
        let draft = Importer(model: model, mapping: mapping).read(fixture.filter { $0.name != "units.csv" })
        #expect(
            draft.report.problems.map(\.description)
                == ["units.csv: the file is missing, or cannot be read; register-csv.yaml:39 looks up 'county_code' in it"])
        #expect(draft.report.notes == ["units.csv is not there"])
    }

    @Test func `random damage is reported or harmless, and never more`() {
        var random = SeededRandom(seed: 9)
        let pieces =
            [",", "\n", "\"", "\r", "\\", "|", ";", "9", "-", "２", "年", "E+17"].map { Array($0.utf8) } + [[0xFF], [0], []]
        for _ in 0..<150 {
            let place = Int.random(in: 0..<fixture.count, using: &random)
            var bytes = Array((fixture[place].text ?? "").utf8)
            for _ in 0..<3 {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                let end = min(at + Int.random(in: 0..<4, using: &random), bytes.count)
                bytes.replaceSubrange(at..<end, with: pieces.randomElement(using: &random) ?? [])
            }
            var files = fixture
            files[place] = SourceFile(name: fixture[place].name, bytes: bytes)
            let draft = Importer(model: model, mapping: mapping).read(files)
            let refused = Result { () throws(ImportRefused) in
                try draft.apply(to: .empty(catalog: model.catalog), number: 1, publishedAt: Instant(microseconds: 0))
            }
            if case .failure(let error) = refused {
                #expect(!error.report.isClean)
                #expect(!error.report.description.isEmpty)
            } else {
                #expect(draft.report.isClean)
            }
        }
    }

    @Test func `a mapping that does not fit the model is refused with its line`() throws {
        let text = """
            name: x
            files:
              units.csv:
                types:
                  - type: Uint
                    fields: {code: id}
                  - type: Unit
                    needs: nam
                    fields: {code: id, nmae: name, cadres: kind}
            """
        let wrong = try ImportMapping(reading: Array(text.utf8), file: "x.yaml")
        let units = fixture.filter { $0.name == "units.csv" }
        #expect(
            Importer(model: model, mapping: wrong).read(units).report.problems.map(\.description) == [
                "x.yaml:5: the model has no type 'Uint'. Did you mean 'Unit'?",
                "x.yaml:9: Unit has no field 'nmae'. Did you mean 'name'?",
                "x.yaml:9: Unit.cadres is computed from other data",
                "x.yaml:8: Unit stores no field 'nam'. Did you mean 'name'?",
            ])
    }
}
