import Foundation
import Testing

/// Questions about units, teams, cadres, pairings and visits, against plain code over the sample's files.
@Suite struct `Questions about those who help` {
    @Test(arguments: questionDates) func `unvisited pairings by unit`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let pairings = try ask("unvisited-by-unit", on: date).pairings
        let unmet = register.activePairings.filter { register.isUnmet($0) }
        #expect(pairings.totalCount.int == unmet.count && unmet.count > 50)
        let expected = Dictionary(grouping: unmet) { orNull(register.cadre($0["cadre"] ?? "")["unit"]) }.map { unit, rows in
            "\(unit) \(rows.count) \(Set(rows.compactMap { $0["household"] }).count) \(Set(rows.compactMap { $0["cadre"] }).count)"
        }
        #expect(
            Set(
                pairings.groups.items.map {
                    line(
                        $0.key.cadre.unit.code, $0.aggregate.count, $0.aggregate.countDistinct.household,
                        $0.aggregate.countDistinct.cadre)
                }) == Set(expected))
    }

    @Test(arguments: questionDates) func `poor households without a main helper`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask("households-without-helper", on: date, "{\"first\": 1000}")
        func helpers(_ household: NaiveRegister.Row) -> [NaiveRegister.Row] {
            register.pairings(of: household).filter { $0["role"] == "PRIMARY" }.map { register.cadre($0["cadre"] ?? "") }
        }
        #expect(
            data.nobody.nodes.items.map(\.number.shown) == numbers(inOrder(register.poor.filter { helpers($0).isEmpty })))
        #expect(
            data.leftOffice.nodes.items.map(\.number.shown)
                == numbers(inOrder(register.poor.filter { helpers($0).contains { $0["active"] == "false" } })))
        #expect(data.leftOffice.nodes.items.count > 0)
    }

    @Test(arguments: questionDates) func `how many households each cadre has`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let counts = Dictionary(grouping: register.activePairings) { $0["cadre"] ?? "" }.mapValues(\.count)
        for (least, most) in [(1, 1_000), (3, 5), (0, 0)] {
            let found = try ask("cadre-load", on: date, "{\"min\": \(least), \"max\": \(most), \"first\": 1000}").cadres
            let expected = numbers(register.rows("Cadre")).map { ($0, counts[$0] ?? 0) }
                .filter { least <= $0.1 && $0.1 <= most }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
            #expect(
                found.nodes.items.map { line($0.number, $0.pairings.totalCount) }
                    == expected.map { "\($0.0) \($0.1)" })
        }
    }

    @Test(arguments: questionDates) func `work teams with too few members`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask(
            "small-work-teams", on: date, parameters: #"{"team.minSizeProvincialPoorVillage": 4}"#)
        let active = register.rows("WorkTeam").filter {
            register.serves($0) && register.village($0["village"]!)["isPoorVillage"] == "true"
        }
        func size(_ team: NaiveRegister.Row) -> Int {
            Set(
                register.rows("TeamMembership", where: "team", is: team["number"] ?? "").filter { register.serves($0) }
                    .compactMap { $0["cadre"] }
            ).count
        }
        let expected = active.filter { size($0) < 4 }.map { "\($0["number"]!) \($0["village"]!) \(size($0))" }.sorted()
        #expect(
            data.workTeams.nodes.items.map { line($0.number, $0.village.code, $0.members.totalCount) }
                == expected)
        #expect(!expected.isEmpty && expected.count < active.count)
        let staffed = Set(active.compactMap { $0["village"] })
        let without = register.rows("Village").filter { $0["isPoorVillage"] == "true" && !staffed.contains($0["code"] ?? "") }
        #expect(data.withoutTeam.nodes.items.map(\.code.shown) == without.compactMap { $0["code"] }.sorted())
    }

    @Test(arguments: questionDates) func `members of work teams who may rotate`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let found = try ask("rotation-outlook", on: date, "{\"startedBy\": \"2015-12-31\"}").teamMemberships
        let expected = register.rows("TeamMembership").filter { register.serves($0) && $0["startDate"]! <= "2015-12-31" }
            .sorted { ($0["startDate"]!, $0["team"]!, $0["cadre"]!) < ($1["startDate"]!, $1["team"]!, $1["cadre"]!) }
        #expect(
            found.nodes.items.map { line($0.startDate, $0.team.number, $0.cadre.number) }
                == expected.map { "\($0["startDate"]!) \($0["team"]!) \($0["cadre"]!)" })
        #expect(found.totalCount.int ?? 0 > 10)
    }

    /// On an early day there is no team yet.
    @Test(arguments: questionDates + ["2015-01-01"]) func `poor villages without a first secretary`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let found = try ask("villages-without-first-secretary", on: date).villages
        let served = Set(
            register.rows("WorkTeam").filter { team in
                register.serves(team)
                    && register.rows("TeamMembership", where: "team", is: team["number"]!).contains {
                        register.serves($0) && $0["isFirstSecretary"] == "true"
                    }
            }.compactMap { $0["village"] })
        let expected = register.rows("Village").filter { $0["isPoorVillage"] == "true" }.compactMap { $0["code"] }
            .filter { !served.contains($0) }.sorted()
        #expect(found.nodes.items.map(\.code.shown) == expected)
        #expect(date > "2015-01-01" || expected.count == 21)
    }

    @Test(arguments: questionDates) func `units, teams and villages`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let villages = try ask("village-matrix", on: date).villages
        #expect(villages.totalCount.int == 21)
        for village in villages.nodes.items {
            let code = village.code.shown
            let units = Set(
                register.rows("UnitVillageAssignment", where: "village", is: code).filter { register.holds($0) }.compactMap {
                    $0["unit"]
                })
            #expect(village.assistingUnits.nodes.items.map(\.code.shown) == units.sorted())
            let households = register.rows("Household", where: "village", is: code)
            #expect(village.households.aggregate.count.int == households.count)
            #expect(village.households.aggregate.sum.memberCount.int == register.memberCount(households))
            let team = register.rows("WorkTeam", where: "village", is: code).first { register.serves($0) }
            #expect(village.workTeam.number.shown == orNull(team?["number"]))
        }
        #expect(villages.nodes.items.reduce(0) { $0 + ($1.households.aggregate.sum.memberCount.int ?? 0) } == 2469)
    }

    @Test(arguments: questionDates) func `who is in the work teams`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let found = try ask("team-roster", on: date).teamMemberships
        let expected = register.rows("TeamMembership").filter { register.serves($0) }
        #expect(
            Set(
                found.nodes.items.map {
                    line($0.team.number, $0.role, $0.cadre.number, $0.cadre.unit.code)
                })
                == Set(
                    expected.map {
                        "\($0["team"]!) \($0["role"]!) \($0["cadre"]!) \(orNull(register.cadre($0["cadre"]!)["unit"]))"
                    }))
        let one = try ask("team-roster", on: date, "{\"village\": \"420115010200\"}").teamMemberships
        #expect(one.totalCount.int == expected.count { $0["team"]!.hasPrefix("420115010200") })
    }

    @Test(arguments: questionDates) func `visits of each member of a village's team, by month`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let village = "420115010200"
        let found = try ask("team-activity", on: date, "{\"village\": \"\(village)\"}").teamMemberships.nodes.items
        #expect(found.count == register.rows("TeamMembership").count { $0["team"]!.hasPrefix(village) })
        for node in found {
            let visits = register.rows("Visit").filter {
                $0["status"] != "VOIDED" && register.who($0).contains(node.cadre.number.shown)
                    && register.household($0["household"]!)["village"] == village
            }
            let months = Dictionary(grouping: visits) { String($0["date"]!.prefix(7)) }
            #expect(
                node.cadre.visits.groups.items.map { line($0.key.date.period, $0.aggregate.count) }
                    == months.map { "\($0) \($1.count)" }.sorted())
        }
    }

    @Test(arguments: questionDates) func `households that no member of the team visited this quarter`(date: String) throws {
        let register = try NaiveRegister(on: date)
        var count = 0
        for village in register.rows("Village").compactMap({ $0["code"] }) {
            let found = try ask("unvisited-by-team", on: date, "{\"village\": \"\(village)\", \"first\": 1000}").households
            let team = Set(
                register.rows("TeamMembership").filter {
                    register.serves($0)
                        && register.rows("WorkTeam", where: "number", is: $0["team"]!).first?["village"] == village
                }.compactMap { $0["cadre"] })
            let expected = register.poor.filter { household in
                household["village"] == village
                    && !register.homeVisits(household).contains { !team.isDisjoint(with: register.who($0)) }
            }
            #expect(found.nodes.items.map(\.number.shown) == numbers(expected).sorted())
            count += expected.count
        }
        #expect(count > 100)
    }

    @Test(arguments: questionDates) func `a unit's unvisited households`(date: String) throws {
        let register = try NaiveRegister(on: date)
        for unit in register.rows("Unit").compactMap({ $0["code"] }).enumerated().filter({ $0.offset % 9 == 0 }).map(\.element) {
            let found = try ask("unvisited-of-unit", on: date, "{\"unit\": \"\(unit)\", \"first\": 1000}").pairings
            let expected = register.activePairings.filter { register.cadre($0["cadre"]!)["unit"] == unit && register.isUnmet($0) }
                .map { "\($0["cadre"]!) \($0["household"]!)" }.sorted()
            #expect(found.nodes.items.map { line($0.cadre.number, $0.household.number) } == expected)
        }
    }

    @Test(arguments: questionDates) func `calls and messages by month`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let unit = register.rows("Contact").compactMap { register.cadre($0["cadre"]!)["unit"] }.first { !$0.isEmpty } ?? ""
        let found = try ask("contact-matrix", on: date, "{\"unit\": \"\(unit)\"}").contacts
        let expected = register.rows("Contact").filter {
            $0["direction"] == "OUTGOING" && $0["status"] != "VOIDED" && $0["date"]!.hasPrefix("\(register.year)")
                && register.cadre($0["cadre"]!)["unit"] == unit
        }
        #expect(found.totalCount.int == expected.count && !expected.isEmpty)
        #expect(
            Set(
                found.groups.items.map {
                    line($0.key.cadre.number, $0.key.household.number, $0.key.date.period, $0.aggregate.count)
                })
                == Set(
                    Dictionary(grouping: expected) { "\($0["cadre"]!) \($0["household"]!) \($0["date"]!.prefix(7))" }
                        .map { "\($0) \($1.count)" }))
    }

    @Test(arguments: questionDates) func `pairings to be handed over`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let found = try ask("hand-over", on: date).cadres
        let open = Dictionary(grouping: register.activePairings) { $0["cadre"]! }
        let expected = register.rows("Cadre").filter { $0["active"] == "false" && open[$0["number"]!] != nil }
        #expect(
            found.nodes.items.map { line($0.number, $0.pairings.totalCount) }
                == expected.map { "\($0["number"]!) \(open[$0["number"]!]!.count)" }.sorted())
        #expect(found.totalCount.int ?? 0 > 0)
    }

    /// On an early day nothing is assigned yet.
    @Test(arguments: questionDates + ["2015-01-01"]) func `units and villages without an assignment`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask("unassigned", on: date)
        let assigned = register.rows("UnitVillageAssignment").filter { register.holds($0) }
        let units = Set(assigned.compactMap { $0["unit"] })
        let villages = Set(assigned.compactMap { $0["village"] })
        #expect(
            data.units.nodes.items.map(\.code.shown)
                == register.rows("Unit").compactMap { $0["code"] }.filter { !units.contains($0) }.sorted())
        #expect(
            data.villages.nodes.items.map(\.code.shown)
                == register.rows("Village").filter { $0["isPoorVillage"] == "true" }.compactMap { $0["code"] }
                .filter { !villages.contains($0) }.sorted())
        #expect(date > "2015-01-01" || data.units.totalCount.int == 66)
    }

    @Test(arguments: questionDates) func `households that a cadre has not called this month`(date: String) throws {
        let register = try NaiveRegister(on: date)
        var called = 0
        for cadre in numbers(register.rows("Cadre")).enumerated().filter({ $0.offset % 11 == 0 }).map(\.element) {
            let found = try ask("no-contact-this-month", on: date, "{\"cadre\": \"\(cadre)\"}").pairings
            let poor = register.activePairings.filter {
                $0["cadre"] == cadre && register.isPoor(register.household($0["household"]!))
            }
            let expected = poor.filter { pairing in
                !register.rows("Contact", where: "household", is: pairing["household"]!).contains {
                    $0["cadre"] == cadre && $0["direction"] == "OUTGOING" && $0["status"] != "VOIDED"
                        && $0["date"]! >= register.monthStart && $0["date"]! <= date
                }
            }
            #expect(found.nodes.items.map(\.household.number.shown) == expected.compactMap { $0["household"] }.sorted())
            called += poor.count - expected.count
        }
        #expect(called > 0)
    }

    @Test(arguments: questionDates) func `households not seen for long`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let since = register.quarterStart
        let found = try ask("long-unseen", on: date, "{\"since\": \"\(since)\", \"first\": 1000}").households
        let expected = register.poor.map { ($0["number"]!, register.lastVisit($0) ?? "") }.filter { $0.1 < since }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
        #expect(
            found.nodes.items.map { line($0.number, $0.lastVisitedOn) } == expected.map { "\($0.0) \(orNull($0.1))" }
        )
        #expect(expected.count > 20)
    }

    @Test(arguments: questionDates) func `a cadre's pairings`(date: String) throws {
        let register = try NaiveRegister(on: date)
        for cadre in numbers(register.rows("Cadre")).enumerated().filter({ $0.offset % 41 == 0 }).map(\.element) {
            let pairings = try ask("pairing-history", on: date, "{\"cadre\": \"\(cadre)\"}").cadre.pairings
            let expected = register.rows("Pairing", where: "cadre", is: cadre)
                .map { "\($0["validFrom"]!) \($0["household"]!) \(orNull($0["validTo"])) \(orNull($0["endReason"]))" }.sorted()
            #expect(
                pairings.nodes.items.map {
                    line($0.validFrom, $0.household.number, $0.validTo, $0.endReason)
                } == expected)
        }
    }

    @Test(arguments: questionDates) func `days on which a cadre visited many households`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let found = try ask("busy-visit-days", on: date, "{\"over\": 2}").cadres.nodes.items
        var days: [String: Int] = [:]
        for visit in register.rows("Visit") where visit["status"] != "VOIDED" {
            for cadre in register.who(visit) { days["\(cadre) \(visit["date"]!)", default: 0] += 1 }
        }
        #expect(
            Set(
                found.flatMap { cadre in
                    cadre.visits.groups.items.map {
                        line(cadre.number, $0.key.date.period, $0.aggregate.count)
                    }
                }) == Set(days.filter { $1 > 2 }.map { "\($0) \($1)" }))
        #expect(days.contains { $1 > 2 })
    }

    @Test(arguments: questionDates) func `pairings whose cadre has left`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let found = try ask("orphaned-pairings", on: date, "{\"leftSince\": \"2015-07-01\", \"first\": 1000}").pairings
        let expected = register.activePairings.filter { pairing in
            register.cadre(pairing["cadre"]!)["active"] == "false"
                || register.rows("TeamMembership", where: "cadre", is: pairing["cadre"]!).contains {
                    !($0["endDate"] ?? "").isEmpty && $0["endDate"]! >= "2015-07-01"
                }
        }
        #expect(found.nodes.items.map(\.number.shown) == numbers(expected).sorted())
        #expect(found.totalCount.int ?? 0 > 0)
    }

    @Test(arguments: questionDates) func `how far each village is visited this quarter`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let villages = try ask("visit-coverage", on: date).villages.nodes.items
        for village in villages {
            let poor = register.poor.filter { $0["village"] == village.code.shown }
            #expect(village.poor.totalCount.int == poor.count)
            #expect(village.visited.totalCount.int == poor.count { !register.homeVisits($0).isEmpty })
        }
        #expect(villages.count == 21)
    }

    @Test(arguments: questionDates) func `teams and the households nobody visited`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let teams = try ask("teams-and-coverage", on: date).workTeams.nodes.items
        let unvisited = Dictionary(grouping: register.poor.filter { register.homeVisits($0).isEmpty }) { $0["village"]! }
            .mapValues(\.count)
        let expected = register.rows("WorkTeam").filter { register.serves($0) }
            .map { ($0["number"]!, unvisited[$0["village"]!] ?? 0) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
        #expect(
            teams.map { line($0.number, $0.village.unvisited.totalCount) } == expected.map { "\($0.0) \($0.1)" })
    }
}
