import Foundation
import Testing

/// The dates on which the saved questions are asked of the sample: the day before exits take effect, and the sample's own.
let questionDates = ["2016-12-30", "2017-06-30"]

/// What a saved question answers about the sample.
func ask(
    _ name: String, on date: String, _ variables: String = "{}", parameters: String = "{}",
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> JSON {
    try Sample.desk(asOf: date).data(
        try Sample.question(name), variables: variables, extensions: "{\"parameters\": \(parameters)}",
        sourceLocation: sourceLocation)
}

/// How many rows and members stand in groups, by what they have in common.
func grouped(_ households: [NaiveRegister.Row], _ register: NaiveRegister, by key: (NaiveRegister.Row) -> String) -> Set<String> {
    Set(Dictionary(grouping: households, by: key).map { "\($0) \($1.count) \(register.memberCount($1))" })
}

func inOrder(_ households: [NaiveRegister.Row]) -> [NaiveRegister.Row] {
    households.sorted { ($0["village"] ?? "", $0["number"] ?? "") < ($1["village"] ?? "", $1["number"] ?? "") }
}

func numbers(_ rows: [NaiveRegister.Row]) -> [String] { rows.compactMap { $0["number"] } }

private func figures(_ group: JSON) -> String { line(group.aggregate.count, group.aggregate.sum.memberCount) }

/// Questions about who is registered, against plain code over the sample's files.
@Suite struct `Questions about the register` {
    @Test(arguments: questionDates) func `totals of the register`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask("register-totals", on: date)
        #expect(figures(data.households) == "\(register.registered.count) \(register.memberCount(register.registered))")
        #expect(
            Set(data.households.groups.items.map { "\($0.key.status.shown) \(figures($0))" })
                == grouped(register.registered, register) { orNull(register.status($0)) })
        #expect(
            Set(data.byVillage.groups.items.map { "\($0.key.village.code.shown) \($0.key.status.shown) \(figures($0))" })
                == grouped(register.registered, register) { "\($0["village"] ?? "") \(orNull(register.status($0)))" })
        let village = "420115010200"
        let one = try ask("register-totals", on: date, "{\"village\": \"\(village)\"}")
        let there = register.registered.filter { $0["village"] == village }
        #expect(figures(one.households) == "\(there.count) \(register.memberCount(there))")
    }

    @Test(arguments: questionDates) func `main causes of poverty`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let groups = try ask("poverty-causes", on: date).households.groups.items
        #expect(
            Set(groups.map { "\($0.key.mainCause.shown) \(figures($0))" })
                == grouped(register.registered, register) { orNull(register.mainCause($0)) })
        let counts = groups.compactMap(\.aggregate.count.int)
        #expect(counts == counts.sorted(by: >) && counts.count > 5)
    }

    @Test(arguments: questionDates) func `households by category`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let groups = try ask("household-categories", on: date).households.groups.items
        #expect(
            Set(groups.map { "\($0.key.category.shown) \(figures($0))" })
                == grouped(register.registered, register) { orNull($0["category"]) })
        for group in groups {
            let count = try #require(group.aggregate.count.int)
            let sum = try #require(group.aggregate.sum.memberCount.int)
            #expect(group.aggregate.avg.memberCount.shown == yuan((sum * 200 + count) / (2 * count)))
        }
    }

    @Test(arguments: questionDates) func `villages under each document's threshold`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask("threshold-comparison", on: date)
        var under: [String: [String]] = [:]
        for village in register.rows("Village") where village["isPoorVillage"] == "true" {
            let code = village["code"] ?? ""
            let poor = register.memberCount(register.poor.filter { $0["village"] == code })
            let people =
                Int(register.rows("VillageYear", where: "village", is: code).first?["ruralRegisteredPopulation"] ?? "") ?? 0
            if people > 0, poor * 100 < people * 2 { under["two", default: []].append(code) }
            if people > 0, poor * 100 < people * 3 { under["three", default: []].append(code) }
            if poor == 0 { under["none", default: []].append(code) }
        }
        #expect(data.underTwoPerCent.nodes.items.map(\.code.shown) == (under["two"] ?? []).sorted())
        #expect(data.underThreePerCent.nodes.items.map(\.code.shown) == (under["three"] ?? []).sorted())
        #expect(data.nobodyPoor.nodes.items.map(\.code.shown) == (under["none"] ?? []).sorted())
    }

    @Test(arguments: questionDates) func `exits by year`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask("exits-by-year", on: date)
        let planned = register.rows("Household").filter { !($0["plannedExitYear"] ?? "").isEmpty }
        let left = register.rows("Household").filter { register.status($0) == "EXITED" }
        #expect(
            Set(data.planned.groups.items.map { "\($0.key.plannedExitYear["value"].shown) \(figures($0))" })
                == grouped(planned, register) { orNull($0["plannedExitYear"]) })
        #expect(
            Set(data.left.groups.items.map { "\($0.key.exitYear["value"].shown) \(figures($0))" })
                == grouped(left, register) { orNull($0["exitYear"]) })
        let villages = register.rows("Village").filter { $0["isPoorVillage"] == "true" }
        #expect(
            Set(data.villagesPlanned.groups.items.map { line($0.key.plannedExitYear["value"], $0.aggregate.count) })
                == Set(Dictionary(grouping: villages) { orNull($0["plannedExitYear"]) }.map { "\($0) \($1.count)" }))
        #expect(data.villagesLeft.groups.items.map { line($0.key.exitYear["value"], $0.aggregate.count) } == ["2016 6"])
    }

    @Test(arguments: questionDates) func `contradictions in the exit plan`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask("plan-contradictions", on: date, "{\"first\": 1000}")
        let later = register.rows("Household").filter {
            guard let own = Int($0["plannedExitYear"] ?? ""), let village = $0["village"],
                let villages = Int(register.village(village)["plannedExitYear"] ?? "")
            else { return false }
            return own > villages
        }
        #expect(data.laterThanVillage.totalCount.int == later.count)
        #expect(data.laterThanVillage.nodes.items.map(\.number.shown) == Array(numbers(inOrder(later)).prefix(1000)))
        let without = Set(
            register.poor.filter { ($0["plannedExitYear"] ?? "").isEmpty }.compactMap { $0["village"] }
                .filter { register.village($0)["isPoorVillage"] == "true" })
        #expect(data.withoutYear.nodes.items.map(\.code.shown) == without.sorted())
    }

    @Test(arguments: questionDates) func `what is left to do in each village`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let villages = try ask("gap-to-all-out", on: date).villages.nodes.items
        let expected = Dictionary(grouping: register.poor) { $0["village"] ?? "" }
            .map { (code: $0, persons: register.memberCount($1), households: $1.count) }
            .sorted { ($1.persons, $0.code) < ($0.persons, $1.code) }
        #expect(
            villages.map { line($0.code, $0.poorPersons, $0.households.totalCount) }
                == expected.map { "\($0.code) \($0.persons) \($0.households)" })
    }

    @Test(arguments: questionDates) func `households that became poor again`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let periods = try ask("returned-households", on: date).householdStatusPeriods
        let expected = register.rows("HouseholdStatusPeriod").filter {
            $0["status"] == "RETURNED" && register.status(register.household($0["household"] ?? "")) == "RETURNED"
        }
        #expect(periods.totalCount.int == expected.count)
    }

    @Test(arguments: questionDates) func `households that may become poor again`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let found = try ask("return-risk", on: date, "{\"line\": \"4000\", \"first\": 1000}").households
        func isAtRisk(_ household: NaiveRegister.Row, line: Int?) -> Bool {
            guard register.status(household) == "EXITED" else { return false }
            if let line, let income = register.income(household), income < line { return true }
            return register.members(household).contains { ($0["health"] ?? "").contains("SERIOUS_ILLNESS") }
                || register.grades(household).contains { ["C", "D", "NO_HOUSE"].contains($0) }
        }
        let expected = register.rows("Household").filter { isAtRisk($0, line: 400_000) }
        #expect(found.nodes.items.map(\.number.shown) == numbers(inOrder(expected)))
        // Without a line, income does not matter.
        let rest = try ask("return-risk", on: date, "{\"first\": 1000}").households
        #expect(rest.totalCount.int == register.rows("Household").count { isAtRisk($0, line: nil) })
    }

    @Test(arguments: questionDates) func `the households of a village`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let order = ["NON_REGISTERED", "POOR", "EXITED", "RETURNED", "DEREGISTERED"]
        for village in register.rows("Village").compactMap({ $0["code"] }).prefix(5) {
            let found = try ask("village-households", on: date, "{\"village\": \"\(village)\", \"first\": 1000}").households
            let expected = register.rows("Household", where: "village", is: village).map { household -> (Int, String, String) in
                let helpers = register.pairings(of: household).filter { $0["role"] == "PRIMARY" }.compactMap { $0["cadre"] }
                let status = register.status(household)
                let line = [
                    household["number"] ?? "", orNull(status), orNull(household["head"]), "\(register.members(household).count)",
                    orNull(register.mainCause(household)), orNull(household["plannedExitYear"]),
                    orNull(register.lastVisit(household)),
                    helpers.sorted().joined(separator: ","),
                ]
                return (order.firstIndex(of: status ?? "") ?? 9, household["number"] ?? "", line.joined(separator: " "))
            }
            let lines = found.nodes.items.map { node in
                [
                    node.number.shown, node.status.shown, node.head.number.shown, node.memberCount.shown, node.mainCause.shown,
                    node.plannedExitYear.shown, node.lastVisitedOn.shown,
                    node.pairings.nodes.items.map(\.cadre.number.shown).sorted().joined(separator: ","),
                ].joined(separator: " ")
            }
            #expect(lines == expected.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2))
        }
    }

    @Test(arguments: questionDates) func `one household, one card`(date: String) throws {
        let register = try NaiveRegister(on: date)
        for household in register.rows("Household").enumerated().filter({ $0.offset % 97 == 0 }).map(\.element) {
            let number = household["number"] ?? ""
            let card = try ask("household-card", on: date, "{\"household\": \"\(number)\"}").household
            #expect(card.status.shown == orNull(register.status(household)))
            #expect(card.members.nodes.items.map(\.number.shown) == numbers(register.members(household)).sorted())
            #expect(
                Set(card.causes.nodes.items.map { line($0.cause, $0.rank) })
                    == Set(
                        register.rows("CauseAssignment", where: "household", is: number).map { "\($0["cause"]!) \($0["rank"]!)" })
            )
            let measures = register.measures(household)
            #expect(card.measures.totalCount.int == measures.count)
            #expect(
                Set(card.measures.nodes.items.map { line($0.recordNumber, $0.kind, $0.amount) })
                    == Set(measures.map { "\($0["recordNumber"]!) \($0["kind"]!) \(yuan(register.cents($0["amount"]) ?? 0))" }))
            #expect(
                Set(card.pairings.nodes.items.map(\.cadre.number.shown))
                    == Set(register.pairings(of: household).compactMap { $0["cadre"] }))
            let visits = register.rows("Visit", where: "household", is: number)
            #expect(card.visits.totalCount.int == visits.count)
            #expect(
                card.visits.nodes.items.map(\.date.shown) == Array(visits.compactMap { $0["date"] }.sorted(by: >).prefix(10)))
        }
    }

    @Test(arguments: questionDates) func `one village, one book`(date: String) throws {
        let register = try NaiveRegister(on: date)
        for village in register.rows("Village").compactMap({ $0["code"] }) {
            let data = try ask("village-book", on: date, "{\"village\": \"\(village)\"}")
            let households = register.rows("Household", where: "village", is: village)
            #expect(data.village.poorPersons.int == register.memberCount(households.filter { register.isPoor($0) }))
            #expect(
                Set(data.village.households.groups.items.map { "\($0.key.status.shown) \(figures($0))" })
                    == grouped(households, register) { orNull(register.status($0)) })
            let measures = Dictionary(grouping: households.flatMap { register.measures($0) }) { $0["kind"] ?? "" }
            #expect(
                Set(
                    data.measures.groups.items.map {
                        line($0.key.kind, $0.aggregate.count, $0.aggregate.sum.amount, $0.aggregate.countDistinct.household)
                    })
                    == Set(
                        measures.map { kind, rows in
                            let sum = rows.reduce(0) { $0 + (register.cents($1["amount"]) ?? 0) }
                            return "\(kind) \(rows.count) \(yuan(sum)) \(Set(rows.compactMap { $0["household"] }).count)"
                        }))
        }
    }

    @Test(arguments: questionDates) func `data that cannot be right`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask("data-quality", on: date)
        let households = register.registered
        #expect(data.withoutHead.totalCount.int == households.count { ($0["head"] ?? "").isEmpty })
        #expect(data.withoutMembers.totalCount.int == households.count { register.members($0).isEmpty })
        #expect(data.withoutStatus.totalCount.int == register.rows("Household").count { register.status($0) == nil })
        #expect(
            data.headElsewhere.totalCount.int
                == households.count { household in
                    guard let head = household["head"], !head.isEmpty else { return false }
                    return !register.members(household).contains { $0["number"] == head }
                })
        let housed = Set(register.rows("Membership").compactMap { $0["person"] })
        #expect(data.withoutHousehold.totalCount.int == register.rows("Person").count { !housed.contains($0["number"] ?? "") })
        #expect(data.withoutIdentityNumber.totalCount.int == register.rows("Person").count { ($0["idNumber"] ?? "").isEmpty })
        let idle = households.filter { household in
            household["category"] == "GENERAL"
                && !register.members(household).contains {
                    ["ORDINARY", "SKILLED", "WEAK_OR_HALF"].contains($0["labourCapacity"] ?? "")
                }
        }
        // Somebody of whom it is not known leaves it open.
        let sure = idle.filter { household in register.members(household).allSatisfy { !($0["labourCapacity"] ?? "").isEmpty } }
        #expect(data.generalWithoutLabour.totalCount.int == sure.count)
        #expect(
            Set(data.generalWithoutLabour.groups.items.map { line($0.key.village.code, $0.aggregate.count) })
                == Set(Dictionary(grouping: sure) { $0["village"] ?? "" }.map { "\($0) \($1.count)" }))
    }

    @Test(arguments: questionDates) func `persons by sex and year of birth`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask("persons-by-age-and-sex", on: date).persons
        let persons = register.registered.flatMap { register.members($0) }
        #expect(data.aggregate.count.int == persons.count)
        let births = persons.compactMap { $0["birthDate"] }.sorted()
        #expect(data.aggregate.min.birthDate.shown == births.first && data.aggregate.max.birthDate.shown == births.last)
        #expect(data.aggregate.median.birthDate.shown == births[(births.count - 1) / 2])
        #expect(
            Set(data.groups.items.map { line($0.key.sex, $0.key.birthDate.period, $0.aggregate.count) })
                == Set(
                    Dictionary(grouping: persons) { "\(orNull($0["sex"])) \(orNull($0["birthDate"]).prefix(4))" }
                        .map { "\($0) \($1.count)" }))
    }

    @Test(arguments: questionDates) func `labour and education`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let groups = try ask("labour-and-education", on: date, "{\"atLeast\": 20}").persons.groups.items
        var expected: [String: (count: Int, households: Set<String>)] = [:]
        for household in register.registered {
            for person in register.members(household) {
                let key = "\(orNull(person["labourCapacity"])) \(orNull(person["educationLevel"]))"
                expected[key, default: (0, [])].count += 1
                expected[key]?.households.insert(household["number"] ?? "")
            }
        }
        #expect(
            Set(
                groups.map {
                    line($0.key.labourCapacity, $0.key.educationLevel, $0.aggregate.count, $0.aggregate.countDistinct.household)
                }) == Set(expected.filter { $1.count >= 20 }.map { "\($0) \($1.count) \($1.households.count)" }))
        let counts = groups.compactMap(\.aggregate.count.int)
        #expect(counts == counts.sorted(by: >) && counts.count > 3)
    }
}
