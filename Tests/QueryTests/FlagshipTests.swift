import Foundation
import Query
import Testing

/// The two questions that the register is for, against an independent reading of the same files.
///
/// What counts is written out here from the rules (R3, R56, R60, R61), not taken from the model.
@Suite struct `Flagship questions` {
    // MARK: - Which households has a cadre not visited this quarter?

    private struct Register {
        struct Pairing {
            var cadre, household, from, to: String
        }
        struct Household {
            var village, number: String
            var statuses: [(status: String, from: String, to: String)] = []
            var policyContinues = false
            /// The days on which members died; empty for the living.
            var members: [(from: String, to: String, died: String)] = []
        }
        var pairings: [Pairing] = []
        var households: [String: Household] = [:]
        /// Home visits that were not voided, by household: day and who went.
        var visits: [String: [(date: String, cadres: Set<String>)]] = [:]
        var cadres: [String] = []

        init() throws {
            for row in try Sample.rows("Household") {
                households[row["number"]!] = Household(
                    village: row["village"]!, number: row["number"]!, policyContinues: row["policyContinues"] == "true")
            }
            for row in try Sample.rows("HouseholdStatusPeriod") {
                households[row["household"]!]!.statuses.append((row["status"]!, row["validFrom"]!, row["validTo"] ?? ""))
            }
            let died = Dictionary(uniqueKeysWithValues: try Sample.rows("Person").map { ($0["number"]!, $0["deceasedOn"] ?? "") })
            for row in try Sample.rows("Membership") {
                households[row["household"]!]!.members.append((row["validFrom"]!, row["validTo"] ?? "", died[row["person"]!]!))
            }
            for row in try Sample.rows("Pairing") {
                pairings.append(
                    Pairing(cadre: row["cadre"]!, household: row["household"]!, from: row["validFrom"]!, to: row["validTo"] ?? "")
                )
            }
            for row in try Sample.rows("Visit") where row["place"] == "AT_HOME" && row["status"] != "VOIDED" {
                let cadres = row["cadres"]!.split { ";|,".contains($0) }.map { String($0).trimmingCharacters(in: .whitespaces) }
                visits[row["household"]!, default: []].append((row["date"]!, Set(cadres)))
            }
            cadres = try Sample.rows("Cadre").map { $0["number"]! }
        }

        /// ISO dates compare as texts; an empty end is open.
        static func holds(_ from: String, _ to: String, _ date: String) -> Bool { from <= date && (to.isEmpty || date < to) }

        func status(_ household: Household, _ date: String) -> String? {
            household.statuses.filter { Self.holds($0.from, $0.to, date) }.max { $0.from < $1.from }?.status
        }

        func isInScope(_ household: Household, _ date: String) -> Bool {
            let status = status(household, date)
            let isHelped = status == "POOR" || status == "RETURNED" || status == "EXITED" && household.policyContinues
            return isHelped
                && household.members.contains { Self.holds($0.from, $0.to, date) && ($0.died.isEmpty || $0.died > date) }
        }

        /// Numbers of households and the state of the duty, in the question's order.
        func unvisited(
            _ cadre: String, _ date: String, quarter: (start: String, end: String), onlyPoor: Bool, includeWaived: Bool
        ) -> [String] {
            var found: [(village: String, household: String, from: String, status: String)] = []
            for pairing in pairings where pairing.cadre == cadre && Self.holds(pairing.from, pairing.to, date) {
                guard let household = households[pairing.household], isInScope(household, date) else { continue }
                let same = pairings.filter { $0.cadre == cadre && $0.household == pairing.household }
                let isVisited = (visits[pairing.household] ?? []).contains { visit in
                    visit.cadres.contains(cadre) && visit.date >= quarter.start && visit.date <= date
                        && same.contains { Self.holds($0.from, $0.to, visit.date) }
                }
                if isVisited { continue }
                let first = max(pairing.from, quarter.start)
                let last = pairing.to.isEmpty ? quarter.end : min(dayBefore(pairing.to), quarter.end)
                let status: String
                if day(last) - day(first) + 1 < 15 {
                    status = "WAIVED"
                } else {
                    status = day(quarter.end) - day(date) <= 15 ? "AT_RISK" : "DUE"
                }
                if status == "WAIVED", !includeWaived { continue }
                if onlyPoor, !["POOR", "RETURNED"].contains(self.status(household, date)) { continue }
                found.append((household.village, household.number, pairing.from, status))
            }
            return found.sorted { ($0.village, $0.household, $0.from) < ($1.village, $1.household, $1.from) }
                .map { "\($0.household) \($0.status)" }
        }

        private func day(_ text: String) -> Int {
            let parts = text.split(separator: "-").compactMap { Int($0) }
            return days(parts[0], parts[1], parts[2])
        }

        private func dayBefore(_ text: String) -> String { dateText(day(text) - 1) }
    }

    private static let moments: [(date: String, quarter: (start: String, end: String))] = {
        let quarters = [
            ("2016-10-01", "2016-11-15", "2016-12-31"), ("2017-01-01", "2017-02-14", "2017-03-31"),
            ("2017-04-01", "2017-05-20", "2017-06-30"),
        ]
        return quarters.flatMap { start, middle, end in [start, middle, end].map { ($0, (start, end)) } }
            // The border between two quarters, and the first day at risk.
            + [("2017-03-15", ("2017-01-01", "2017-03-31")), ("2017-03-16", ("2017-01-01", "2017-03-31"))]
    }()

    @Test(arguments: moments.indices) func `the households that a cadre has not visited are the ones counted by hand`(index: Int)
        throws
    {
        let (date, quarter) = Self.moments[index]
        let register = try Register()
        let desk = try Sample.desk(asOf: date)
        let question = try Sample.question("unvisited-households-for-cadre")
        var rowCount = 0
        for (place, cadre) in register.cadres.enumerated() {
            // Every cadre plainly, and with one of the other settings in turn.
            for (onlyPoor, includeWaived) in [(false, false), [(true, false), (false, true), (true, true)][place % 3]] {
                let variables =
                    "{\"cadre\": \"\(cadre)\", \"onlyPoor\": \(onlyPoor), \"includeWaived\": \(includeWaived), \"first\": 1000}"
                let pairings = try desk.data(question, variables: variables).pairings
                let found = pairings.nodes.items.map { "\($0.household.number.string ?? "") \($0.visitStatus.string ?? "")" }
                let expected = register.unvisited(cadre, date, quarter: quarter, onlyPoor: onlyPoor, includeWaived: includeWaived)
                #expect(found == expected, "cadre \(cadre) on \(date), onlyPoor \(onlyPoor), includeWaived \(includeWaived)")
                #expect(pairings.totalCount.int == expected.count)
                rowCount += found.count
            }
        }
        #expect(rowCount > 100, "the sample has something to ask about on \(date)")
    }

    @Test func `the date may come with the operation, and moves the answer`() throws {
        let desk = try Sample.desk(asOf: "2017-06-30")
        let query =
            "query @asOf(date: \"2017-01-01\") { pairings(where: {active: {eq: true} visitStatus: {in: [DUE, AT_RISK]}}) { totalCount } }"
        let moved = try desk.data(query).pairings.totalCount.int
        let same = try Sample.desk(asOf: "2017-01-01").data(query.replacing("@asOf(date: \"2017-01-01\") ", with: "")).pairings
            .totalCount.int
        let now = try desk.data(query.replacing("@asOf(date: \"2017-01-01\") ", with: "")).pairings.totalCount.int
        #expect(moved == same && moved != now)
    }

    // MARK: - Which villages are under an incidence?

    @Test(arguments: ["2016-06-30", "2016-12-30", "2016-12-31", "2017-06-30"])
    func `the villages under an incidence are the ones counted by hand`(date: String) throws {
        let register = try Register()
        var poor: [String: Int] = [:]
        for household in register.households.values {
            guard let status = register.status(household, date), status == "POOR" || status == "RETURNED" else { continue }
            poor[household.village, default: 0] += household.members.count {
                Register.holds($0.from, $0.to, date) && ($0.died.isEmpty || $0.died > date)
            }
        }
        // The newest year that has ended by the date, else the earliest.
        var populations: [String: [(year: Int, count: Int)]] = [:]
        for row in try Sample.rows("VillageYear") {
            guard let year = Int(row["year"]!), let count = Int(row["ruralRegisteredPopulation"] ?? "") else { continue }
            populations[row["village"]!, default: []].append((year, count))
        }
        var expected: [(code: String, top: Int, bottom: Int)] = []
        for row in try Sample.rows("Village") {
            let years = (populations[row["code"]!] ?? []).sorted { $0.year < $1.year }
            guard let chosen = years.last(where: { "\($0.year)-12-31" <= date }) ?? years.first, chosen.count > 0 else {
                continue
            }
            expected.append((row["code"]!, poor[row["code"]!] ?? 0, chosen.count))
        }
        let desk = try Sample.desk(asOf: date)
        for (text, top, bottom) in [("0.08", 8, 100), ("\"1/50\"", 1, 50), ("0.0412", 412, 10_000)] {
            let under = expected.filter { $0.top * bottom < top * $0.bottom }
                .sorted { ($0.top * $1.bottom, $0.code) < ($1.top * $0.bottom, $1.code) }
            let data = try desk.data(
                "{ villages(where: {incidence: {lt: \(text)}} orderBy: [{incidence: ASC}]) { totalCount nodes { code poorPersons incidence workTeam { name } } } }"
            )
            #expect(data.villages.nodes.items.map { $0.code.string } == under.map { $0.code }, "under \(text) on \(date)")
            #expect(data.villages.nodes.items.map { $0.poorPersons.int } == under.map { $0.top })
            #expect(data.villages.totalCount.int == under.count)
        }
    }

    @Test func `the published totals are answered`() throws {
        let data = try Sample.desk(asOf: "2017-06-30").data(
            """
            { households { totalCount } persons { totalCount } units { totalCount } workTeams { totalCount }
              a: households(where: {category: {eq: MINIMUM_ALLOWANCE}}) { totalCount } b: households(where: {category: {eq: FIVE_GUARANTEES}}) { totalCount }
              c: households(where: {category: {eq: GENERAL}}) { totalCount }
              d: persons(where: {household: {category: {eq: MINIMUM_ALLOWANCE}}}) { totalCount } e: persons(where: {household: {category: {eq: FIVE_GUARANTEES}}}) { totalCount }
              f: persons(where: {household: {category: {eq: GENERAL}}}) { totalCount }
              g: households(where: {plannedExitYear: {eq: 2016}}) { totalCount } h: households(where: {plannedExitYear: {eq: 2017}}) { totalCount }
              i: households(where: {plannedExitYear: {eq: 2018}}) { totalCount } }
            """)
        #expect([data.households, data.persons, data.units, data.workTeams].map { $0.totalCount.int } == [1097, 2469, 66, 21])
        #expect([data.a, data.b, data.c].map { $0.totalCount.int } == [536, 46, 515])
        #expect([data.d, data.e, data.f].map { $0.totalCount.int } == [892, 46, 1531])
        #expect([data.g, data.h, data.i].map { $0.totalCount.int } == [329, 549, 219])
    }
}
