import Exchange
import Foundation
import Model
import StoreColumns
import Testing

/// The published totals that the sample register keeps, counted from the loaded rows.
@Suite("The sample register") struct SampleTests {
    let model: Model
    let changes: ChangeSet

    init() throws {
        model = try shippedModel()
        changes = try Self.loaded.get()
    }

    /// Read once for all tests.
    static let loaded = Result {
        ChangeSet(of: try load(files(in: repository.appending(path: "Snapshots/hanyang/data/rows")), try shippedModel()))
    }

    /// The columns of a type, row by row, as text.
    func rows(_ name: String, _ fields: String...) throws -> [[String]] {
        let type = try #require(model.type(named: name))
        let rows = changes.types[type.nodeType.index]
        let columns = try fields.map { try #require(type.field(named: $0)?.column) }
        return (0..<rows.rowCount).map { row in
            columns.map { column in
                switch rows.cells[row * rows.columns.count + column] {
                case .string(let text): text
                case .int(let value): "\(value)"
                case .enumeration(let code):
                    if case .enumeration(let id) = model.catalog[type.nodeType].columns[column].kind {
                        model.catalog[id].values[Int(code)]
                    } else {
                        ""
                    }
                case .reference(let key): key.parts.first.map { if case .string(let text) = $0 { text } else { "" } } ?? ""
                default: ""
                }
            }
        }
    }

    func counted(_ values: some Sequence<String>) -> [String: Int] { values.reduce(into: [:]) { $0[$1, default: 0] += 1 } }

    @Test func `it has as many rows of each type as were published or made`() {
        let counts = Dictionary(
            uniqueKeysWithValues: changes.types.map { (model[$0.type].name, $0.rowCount) })
        #expect(
            counts.filter { $0.value > 0 } == [
                "AdministrativeArea": 26, "Village": 21, "VillageYear": 63, "SubVillageUnit": 223, "Household": 1097,
                "HouseholdStatusPeriod": 1426, "Person": 2469, "Membership": 2469, "Cadre": 452, "Unit": 66,
                "UnitVillageAssignment": 66, "WorkTeam": 21, "TeamMembership": 80, "Pairing": 1178, "Visit": 5104, "Contact": 832,
                "CauseAssignment": 1848, "IncomeRecord": 1097, "LivingCondition": 1097, "Measure": 3040, "Loan": 269,
                "AreaIncomeBenchmark": 6, "ChecklistAssessment": 205, "ExitPlan": 1, "ExitPlanTarget": 9,
                "ExitPlanAssignment": 1118,
                "Milestone": 63, "FundSource": 134, "PolicyDocument": 1, "PolicyParameter": 11,
                "ArchiveItem": 83,
            ])
    }

    @Test func `households and members by category and by planned exit are the published ones`() throws {
        let members = counted(try rows("Membership", "household").map { $0[0] })
        let households = try rows("Household", "number", "category", "plannedExitYear")
        func persons(_ rows: [[String]]) -> Int { rows.reduce(0) { $0 + (members[$1[0]] ?? 0) } }
        #expect(persons(households) == 2469)
        for (category, count, personCount) in [
            ("MINIMUM_ALLOWANCE", 536, 892), ("FIVE_GUARANTEES", 46, 46), ("GENERAL", 515, 1531),
        ] {
            let some = households.filter { $0[1] == category }
            #expect(some.count == count, "\(category)")
            #expect(persons(some) == personCount, "\(category)")
        }
        for (year, count, personCount) in [("2016", 329, 741), ("2017", 549, 1234), ("2018", 219, 494)] {
            let some = households.filter { $0[2] == year }
            #expect(some.count == count, "\(year)")
            #expect(persons(some) == personCount, "\(year)")
        }
    }

    /// For each village: households and persons on minimum allowance, with five guarantees, general; and how many people live there.
    private static let villages = [
        ("26/43", "3/3", "24/72", 1180), ("26/43", "2/2", "24/72", 1240), ("26/43", "2/2", "24/72", 1305),
        ("26/43", "2/2", "24/72", 1410),
        ("26/43", "2/2", "24/72", 1466), ("26/43", "2/2", "24/72", 1520), ("26/43", "3/3", "24/72", 1275),
        ("26/43", "2/2", "24/71", 1333),
        ("26/43", "2/2", "24/71", 1388), ("26/43", "2/2", "24/71", 1442), ("26/43", "2/2", "25/74", 1497),
        ("25/42", "2/2", "25/74", 1551),
        ("25/42", "3/3", "25/74", 1606), ("25/42", "2/2", "25/74", 1660), ("25/42", "2/2", "25/74", 1715),
        ("25/42", "2/2", "25/74", 1349),
        ("25/42", "2/2", "25/74", 1404), ("25/42", "2/2", "25/74", 1458), ("25/42", "3/3", "25/74", 1513),
        ("25/42", "2/2", "25/74", 1567),
        ("25/41", "2/2", "25/74", 1621),
    ]

    @Test func `every village has the households and persons that the plan's table gives it`() throws {
        let members = counted(try rows("Membership", "household").map { $0[0] })
        let households = try rows("Household", "number", "category", "village", "plannedExitYear")
        let populations = try rows("VillageYear", "village", "ruralRegisteredPopulation")
        let codes = try rows("Village", "code", "plannedExitYear").sorted { $0[0] < $1[0] }
        for (code, expected) in zip(codes, Self.villages) {
            let own = households.filter { $0[2] == code[0] }
            let found = ["MINIMUM_ALLOWANCE", "FIVE_GUARANTEES", "GENERAL"].map { category in
                let some = own.filter { $0[1] == category }
                return "\(some.count)/\(some.reduce(0) { $0 + (members[$1[0]] ?? 0) })"
            }
            #expect(found == [expected.0, expected.1, expected.2], "\(code[0])")
            #expect(populations.filter { $0[0] == code[0] }.allSatisfy { $0[1] == "\(expected.3)" })
            // R46: nobody leaves after the village.
            #expect(own.allSatisfy { $0[3] <= code[1] }, "\(code[0])")
        }
        #expect(counted(members.values.map { "\($0)" }) == ["1": 354, "2": 326, "3": 245, "4": 132, "5": 40])
    }

    @Test func `villages, their teams and their units are the published ones`() throws {
        #expect(counted(try rows("Village", "plannedExitYear").map { $0[0] }) == ["2016": 6, "2017": 9, "2018": 6])
        #expect(Set(try rows("WorkTeam", "village").map { $0[0] }).count == 21)
        let assignments = try rows("UnitVillageAssignment", "unit", "village")
        #expect(Set(assignments.map { $0[0] }).count == 66)
        #expect(
            counted(assignments.map { $0[1] }).values.sorted() == Array(repeating: 3, count: 18) + Array(repeating: 4, count: 3))
        #expect(try rows("VillageYear", "ruralRegisteredPopulation").allSatisfy { Int($0[0]) ?? 0 > 0 })
    }

    @Test func `nobody in it can be real`() throws {
        #expect(try rows("Person", "idNumber").allSatisfy { $0[0].hasPrefix("99") })
        #expect(try rows("Cadre", "idNumber").allSatisfy { $0[0].hasPrefix("98") })
        #expect(try rows("Cadre", "phone").allSatisfy { $0[0].hasPrefix("12") })
        #expect(try rows("Household", "phone").allSatisfy { $0[0].isEmpty || $0[0].hasPrefix("12") })
    }

    @Test(arguments: ["hanyang", "edistrict", "dongzhou"]) func `a sample is written as the files it was read from`(name: String)
        throws
    {
        let folder = try files(in: repository.appending(path: "Snapshots/\(name)/data/rows"))
        // A step of a day that has not come is refused: the samples are read on a day after all of theirs.
        let written = CSVExporter(model: model).files(of: try load(folder, model, asOf: CivilDate(isoText: "2021-01-01")))
            .dropLast()
        #expect(written.map(\.name).sorted() == folder.map(\.name).sorted())
        for file in written { #expect(file.text == folder.first { $0.name == file.name }?.text, "\(file.name)") }
    }
}
