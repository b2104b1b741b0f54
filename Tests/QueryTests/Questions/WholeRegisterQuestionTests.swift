import Foundation
import Testing

/// Questions that reach the whole register, against plain code over the sample's files: who stands on a list where nothing was done yet.
@Suite struct `Questions about the whole register` {
    /// Households that are to be assisted. (R56)
    private func helped(_ register: NaiveRegister) -> [NaiveRegister.Row] {
        register.rows("Household").filter { household in
            let status = register.status(household)
            return (status == "POOR" || status == "RETURNED" || status == "EXITED" && household["policyContinues"] == "true")
                && register.members(household).contains { ($0["deceasedOn"] ?? "").isEmpty || $0["deceasedOn"]! > register.date }
        }
    }

    @Test(arguments: questionDates) func `households that nobody consoled are those to be assisted`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask("consolations", on: date, #"{"area": "420115000000"}"#)
        let expected = numbers(inOrder(helped(register)))
        #expect(data.without.totalCount.int == expected.count)
        #expect(data.without.nodes.items.map(\.number.shown) == Array(expected.prefix(1_000)))
        #expect(data.consolations.totalCount.int == 0)
    }

    @Test(arguments: questionDates) func `villages ready to leave keep the incidence of their documents`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let nodes = try ask("villages-ready-to-exit", on: date).villages.nodes.items
        #expect(nodes.count == 21)
        let year = Int(date.prefix(4)) ?? 0
        for node in nodes {
            let code = node.code.shown
            let poor = register.poor.filter { $0["village"] == code }
            let pages = register.rows("VillageYear", where: "village", is: code).sorted { Int($0["year"]!)! < Int($1["year"]!)! }
            let page =
                pages.last { Int($0["year"]!)! < year || Int($0["year"]!)! == year && date.hasSuffix("12-31") } ?? pages.first
            let population = page.flatMap { Int($0["ruralRegisteredPopulation"] ?? "") }
            #expect(node.poorHouseholds.int == poor.count, "\(code)")
            #expect(node.meetsIncidence.bool == population.map { register.memberCount(poor) * 50 < $0 }, "\(code)")
            let met = register.rows("ChecklistAssessment", where: "village", is: code).filter {
                $0["scheme"] == "NINE_HAVE" && $0["met"] == "true" && $0["assessedOn"]! <= date
            }
            #expect(node.checklistItemsMet.int == met.count && node.meetsChecklist.bool == (met.count == 9), "\(code)")
        }
    }

    @Test(arguments: questionDates) func `without a record of insurance every registered person is uninsured`(date: String) throws
    {
        let register = try NaiveRegister(on: date)
        let data = try ask("uninsured", on: date, #"{"year": 2016}"#)
        #expect(data.insured.totalCount.int == 0)
        #expect(data.persons.totalCount.int == register.memberCount(register.registered))
        #expect(
            Set(data.persons.groups.items.map { "\($0.key.household.village.code.shown) \($0.aggregate.count.shown)" })
                == Set(
                    Dictionary(grouping: register.registered) { $0["village"] ?? "" }
                        .map { "\($0) \(register.memberCount($1))" }))
    }

    @Test(arguments: questionDates) func `exits beside what is registered`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask("exit-reconciliation", on: date)
        #expect(
            line(data.registered.aggregate.count, data.registered.aggregate.sum.memberCount)
                == "\(register.registered.count) \(register.memberCount(register.registered))")
        #expect(data.announced.aggregate.count.int == 0)
        let joined = register.rows("Membership").filter { ($0["validFrom"] ?? "") <= date }
        #expect(data.joins.groups.items.compactMap(\.aggregate.count.int).reduce(0, +) == joined.count)
    }

    @Test(arguments: questionDates) func `a cadre's duties, one line a household`(date: String) throws {
        let register = try NaiveRegister(on: date)
        guard let cadre = register.activePairings.compactMap({ $0["cadre"] }).min() else { return }
        let pairings = register.activePairings.filter { $0["cadre"] == cadre }
        let nodes = try ask("duty-sheet", on: date, "{\"cadre\": \"\(cadre)\"}").pairings.nodes.items
        #expect(nodes.map(\.household.number.shown) == pairings.compactMap { $0["household"] }.sorted())
        for node in nodes {
            let household = register.household(node.household.number.shown)
            let visits = register.rows("Visit", where: "household", is: node.household.number.shown).filter {
                $0["place"] == "AT_HOME" && $0["status"] != "VOIDED" && register.who($0).contains(cadre)
                    && $0["date"]!.prefix(4) == date.prefix(4) && $0["date"]! <= date
            }
            #expect(node.household.visits.groups.items.compactMap(\.aggregate.count.int).reduce(0, +) == visits.count)
            let running = register.measures(household).filter { register.isRunning($0) && $0["isUniversal"] != "true" }
            #expect(node.household.measures.totalCount.int == running.count)
            let began =
                pairings.filter { $0["household"] == node.household.number.shown }.compactMap { $0["validFrom"] }.min() ?? ""
            let called = register.rows("Contact", where: "household", is: node.household.number.shown).contains {
                $0["cadre"] == cadre && $0["direction"] == "OUTGOING" && $0["status"] != "VOIDED" && $0["date"]! <= date
                    && $0["date"]! >= max(register.monthStart, began)
            }
            let isHelped = helped(register).contains { $0["number"] == node.household.number.shown }
            #expect(["MET"].contains(node.contactStatus.shown) == (isHelped && called))
        }
    }

    @Test(arguments: questionDates) func `houses that nobody appraised, in poor villages and others`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask("housing-appraisals", on: date)
        #expect(data.without.totalCount.int == register.registered.count)
        #expect(data.dangerous.totalCount.int == 0)
    }
}
