import Foundation
import Testing

/// The questions that the wall polls, against plain code over the samples' files.
@Suite struct `Questions of the wall` {
    static let dates = questionDates + ["2016-12-31", "2015-10-24"]

    private func figures(_ group: JSON) -> String { line(group.aggregate["count"], group.aggregate.sum.memberCount) }

    private func truth(_ value: JSON) -> String { value.bool.map { $0 ? "true" : "false" } ?? "null" }

    /// The sample's villages by an area: all of them, or one.
    private func villages(_ register: NaiveRegister, _ area: String?) -> [NaiveRegister.Row] {
        register.rows("Village").filter { area == nil || $0["code"] == area }
    }

    private func variables(_ area: String?, _ others: String = "") -> String {
        "{" + [area.map { "\"area\": \"\($0)\"" }, others.isEmpty ? nil : others].compactMap(\.self).joined(separator: ", ") + "}"
    }

    @Test(arguments: dates, [nil, "420115010200", "420115010217"])
    func `the plan and what came of it`(date: String, area: String?) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask("plan-and-fact", on: date, variables(area))
        let codes = Set(villages(register, area).compactMap { $0["code"] })
        let households = register.rows("Household").filter { codes.contains($0["village"] ?? "") }
        let planned = households.filter { !($0["plannedExitYear"] ?? "").isEmpty }
        let left = households.filter {
            !($0["exitYear"] ?? "").isEmpty && ["EXITED", "DEREGISTERED"].contains(register.status($0) ?? "")
        }
        #expect(
            Set(data.planned.groups.items.map { "\($0.key.plannedExitYear["value"].shown) \(figures($0))" })
                == grouped(planned, register) { orNull($0["plannedExitYear"]) })
        #expect(
            Set(
                data.planned.byVillage.items.map {
                    "\($0.key.village.code.shown) \($0.key.plannedExitYear["value"].shown) \(figures($0))"
                }) == grouped(planned, register) { "\($0["village"] ?? "") \(orNull($0["plannedExitYear"]))" })
        #expect(
            Set(data.left.groups.items.map { "\($0.key.exitYear["value"].shown) \(figures($0))" })
                == grouped(left, register) { orNull($0["exitYear"]) })
        #expect(
            Set(
                data.left.byVillage.items.map {
                    "\($0.key.village.code.shown) \($0.key.exitYear["value"].shown) \(figures($0))"
                }) == grouped(left, register) { "\($0["village"] ?? "") \(orNull($0["exitYear"]))" })
        // Six villages are off the list from the day of their announcement.
        let out = villages(register, area).filter { $0["exitStatus"] == "EXITED" && ($0["exitDate"] ?? "") <= date }
        #expect(data.villagesLeft.groups.items.compactMap(\.aggregate["count"].int).reduce(0, +) == out.count)
        #expect(area != nil || out.count == (date >= "2016-12-31" ? 6 : 0))
        #expect(
            data.villages.nodes.items.map { "\($0.code.shown) \(truth($0.isPoorVillage))" }
                == villages(register, area).map { "\($0["code"] ?? "") \($0["isPoorVillage"] ?? "")" }.sorted())
        #expect(data.poorVillages.totalCount.int == villages(register, area).count { $0["isPoorVillage"] == "true" })
        #expect(
            data.targets.nodes.items.map { line($0.year, $0.subject, $0["count"]) }
                == [(2016, 741, 329, 6), (2017, 1234, 549, 9), (2018, 494, 219, 6)].flatMap {
                    year, persons, households, villages in
                    ["\(year) PERSON \(persons)", "\(year) HOUSEHOLD \(households)", "\(year) VILLAGE \(villages)"]
                })
    }

    @Test func `a household that was struck off after its exit has left; one that is poor again has not`() throws {
        let data = try Sample.edistrict.desk(asOf: "2019-07-31").data(try Sample.question("plan-and-fact"))
        let years = data.left.groups.items.map { line($0.key.exitYear["value"], $0.aggregate["count"]) }
        #expect(Set(years) == ["2017 115", "2018 384"])
        #expect(data.targets.totalCount.int == 0)
    }

    @Test(arguments: dates, [nil, "420115010217"]) func `incidence by village`(date: String, area: String?) throws {
        let register = try NaiveRegister(on: date)
        let answer = try ask("incidence-by-village", on: date, variables(area))
        let expected = villages(register, area).compactMap { village -> (code: String, poor: Int, people: Int)? in
            let code = village["code"] ?? ""
            let pages = register.rows("VillageYear", where: "village", is: code).compactMap { page in
                Int(page["year"] ?? "").map { (year: $0, people: Int(page["ruralRegisteredPopulation"] ?? "")) }
            }.sorted { $0.year < $1.year }
            guard let people = (pages.last { "\($0.year)-12-31" <= date } ?? pages.first)?.people, people > 0 else { return nil }
            return (code, register.memberCount(register.poor.filter { $0["village"] == code }), people)
        }
        .sorted { ($1.poor * $0.people, $0.code) < ($0.poor * $1.people, $1.code) }
        #expect(
            answer.villages.nodes.items.map {
                "\(line($0.code, $0.poorPersons, $0.registeredPopulation)) \(truth($0.meetsIncidence))"
            }
                == expected.map { "\($0.code) \($0.poor) \($0.people) \($0.poor * 50 < $0.people)" })
        #expect(answer.meeting.totalCount.int == expected.count { $0.poor * 50 < $0.people })
        #expect(answer.unknown.totalCount.int == villages(register, area).count - expected.count)
    }

    @Test(arguments: dates, [nil, "420115010217"]) func `coverage of visits by team`(date: String, area: String?) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask("coverage-by-team", on: date, variables(area))
        let codes = Set(villages(register, area).compactMap { $0["code"] })
        let poor = register.poor.filter { codes.contains($0["village"] ?? "") }
        let visited = poor.filter { !register.homeVisits($0).isEmpty }
        let teams = register.rows("WorkTeam").filter { register.serves($0) && codes.contains($0["village"] ?? "") }
        let expected = teams.map { team -> (unvisited: Int, number: String, line: String) in
            let (all, seen) = (
                poor.count { $0["village"] == team["village"] }, visited.count { $0["village"] == team["village"] }
            )
            let leader = register.rows("TeamMembership", where: "team", is: team["number"] ?? "")
                .first { $0["role"] == "LEADER" && register.serves($0) }
            let number = team["number"] ?? ""
            return (all - seen, number, "\(number) \(orNull(leader?["cadre"])) \(all) \(seen)")
        }
        .sorted { ($1.unvisited, $0.number) < ($0.unvisited, $1.number) }
        #expect(
            data.workTeams.nodes.items.map {
                line($0.number, $0.leader.nodes[0].cadre.number, $0.village.poor.totalCount, $0.village.visited.totalCount)
            } == expected.map(\.line))
        #expect(data.poor.totalCount.int == poor.count && data.visited.totalCount.int == visited.count)
        let served = Set(teams.compactMap { $0["village"] })
        #expect(
            data.withoutTeam.totalCount.int
                == poor.count { !served.contains($0["village"] ?? "") })
    }

    /// On the way through the procedure, on its last day, and when all is over.
    @Test(arguments: ["2017-11-10", "2018-11-01", "2018-12-20", "2019-07-31"], [nil, "420799001201"])
    func `cases by state`(date: String, area: String?) throws {
        let year = date.prefix(4)
        let data = try Sample.edistrict.desk(asOf: date)
            .data(try Sample.question("cases-by-state"), variables: variables(area, "\"year\": \(year)"))
        let homes = Dictionary(
            uniqueKeysWithValues: try Sample.edistrict.rows("Household").map { ($0["number"] ?? "", $0["village"] ?? "") })
        let steps = Dictionary(grouping: try Sample.edistrict.rows("ProcessStep").filter { ($0["date"] ?? "") <= date }) {
            $0["case"] ?? ""
        }
        let over: Set = ["REPLIED", "REJECTED", "WITHDRAWN", "HOUSEHOLD_REFUSED", "COUNTY_APPROVED"]
        var open: [String: Int] = [:]
        var closed: [String: Int] = [:]
        for row in try Sample.edistrict.rows("ProcessCase") where (row["openedOn"] ?? "") <= date {
            guard area == nil || homes[row["subjectHousehold"] ?? ""] == area else { continue }
            let last = steps[row["caseNumber"] ?? ""]?.max { Int($0["number"] ?? "") ?? 0 < Int($1["number"] ?? "") ?? 0 }
            let state = last?["toState"] ?? "null"
            let isAnnounced = state == "ANNOUNCED" && !(row["type"] == "HOUSEHOLD_EXIT" && row["profile"] == "D0")
            let key = "\(row["type"] ?? "") \(state)"
            if !over.contains(state), !isAnnounced {
                open[key, default: 0] += 1
            } else if row["year"].map({ $0 == year }) == true {
                closed[key, default: 0] += 1
            }
        }
        func shown(_ part: JSON) -> [String: Int] {
            Dictionary(
                uniqueKeysWithValues: part.groups.items.map { (line($0.key.type, $0.key.state), $0.aggregate["count"].int ?? -1) }
            )
        }
        #expect(shown(data.open) == open)
        #expect(shown(data.closed) == closed)
        #expect(data.open.totalCount.int == open.values.reduce(0, +) && data.closed.totalCount.int == closed.values.reduce(0, +))
    }

    @Test(arguments: questionDates) func `the tiles and the list of an area are those of its villages`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let code = "420115010218"
        let data = try ask("dashboard", on: date, "{\"year\": \(register.year), \"area\": \"\(code)\"}")
        let poor = register.poor.filter { $0["village"] == code }
        #expect(figures(data.poor) == "\(poor.count) \(register.memberCount(poor))")
        #expect(
            data.unvisited.aggregate["count"].int
                == register.activePairings.count {
                    register.isUnmet($0) && register.household($0["household"] ?? "")["village"] == code
                })
        let without = try ask("households-without-helper", on: date, "{\"first\": 1000, \"area\": \"\(code)\"}")
        let all = try ask("households-without-helper", on: date, "{\"first\": 1000}")
        #expect(
            without.leftOffice.nodes.items.map(\.number.shown)
                == all.leftOffice.nodes.items.filter { $0.village.code.string == code }.map(\.number.shown))
        #expect(without.leftOffice.totalCount.int == without.leftOffice.nodes.items.count)
    }
}
