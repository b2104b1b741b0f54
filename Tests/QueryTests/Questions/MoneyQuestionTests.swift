import Foundation
import Testing

/// Questions about incomes, houses, measures and loans, against plain code over the sample's files.
@Suite struct `Questions about incomes and benefits` {
    @Test(arguments: questionDates) func `poor households whose main cause no measure answers`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let found = try ask("cause-without-measure", on: date, "{\"first\": 1000}").households
        let answers: [String: Set<String>] = [
            "ILLNESS": ["HEALTH"], "DISABILITY": ["HEALTH", "MINIMUM_ALLOWANCE"], "SCHOOLING": ["EDUCATION"],
            "LACK_OF_TECHNOLOGY": ["TRAINING"], "LACK_OF_FUNDS": ["MICROLOAN"],
        ]
        let expected = register.poor.filter { household in
            guard let kinds = answers[register.mainCause(household) ?? ""] else { return false }
            return !register.measures(household).contains { kinds.contains($0["kind"]!) && register.isRunning($0) }
        }
        #expect(found.nodes.items.map(\.number.shown) == numbers(inOrder(expected)))
        #expect(expected.count > 20)
        #expect(
            Set(found.groups.items.map { line($0.key.mainCause, $0.aggregate.count) })
                == Set(Dictionary(grouping: expected) { register.mainCause($0)! }.map { "\($0) \($1.count)" }))
    }

    @Test(arguments: questionDates) func `households without a measure`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let found = try ask("households-without-measure", on: date, "{\"first\": 1000}").households
        let expected = register.poor.filter { !register.measures($0).contains { register.isRunning($0) } }
        #expect(found.nodes.items.map(\.number.shown) == numbers(inOrder(expected)))
        #expect(
            Set(found.groups.items.map { line($0.key.village.code, $0.aggregate.count) })
                == Set(Dictionary(grouping: expected) { $0["village"]! }.map { "\($0) \($1.count)" }))
    }

    @Test(arguments: questionDates) func `households below the line`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask("below-the-line", on: date, "{\"line\": \"2952\", \"first\": 1000}")
        let incomes = register.registered.map { ($0["number"]!, register.income($0)) }
        let expected = incomes.compactMap { number, income in income.map { (number, $0) } }.filter { $0.1 < 295_200 }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
        #expect(
            data.households.nodes.items.map { line($0.number, $0.perCapitaNetIncome) }
                == expected.map { "\($0.0) \(yuan($0.1))" })
        #expect(data.unknown.totalCount.int == incomes.count { $0.1 == nil })
        // The incomes are those of 2016.
        #expect(date < "2017" ? expected.isEmpty : expected.count > 100)
    }

    @Test(arguments: questionDates) func `households in dangerous houses`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let found = try ask("unsafe-dwellings", on: date, "{\"first\": 1000}").households
        let expected = register.rows("Household").filter { household in
            register.grades(household).contains { ["C", "D", "NO_HOUSE"].contains($0) }
                && !register.measures(household).contains { $0["kind"] == "HOUSING" }
        }
        #expect(found.nodes.items.map(\.number.shown) == numbers(inOrder(expected)))
    }

    @Test(arguments: questionDates) func `villages' collective incomes`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask("collective-income", on: date, "{\"min\": \"50000\"}")
        let incomes = register.rows("Village").compactMap { village in
            register.cents(village["collectiveIncome"]).map { (village["code"]!, $0) }
        }
        #expect(
            data.villages.nodes.items.map { line($0.code, $0.collectiveIncome) }
                == incomes.filter { $0.1 < 5_000_000 }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map { "\($0.0) \(yuan($0.1))" })
        let sorted = incomes.map(\.1).sorted()
        let figures = data.all.aggregate
        #expect(
            figures.min.collectiveIncome.shown == yuan(sorted.first!) && figures.max.collectiveIncome.shown == yuan(sorted.last!))
        #expect(figures.median.collectiveIncome.shown == yuan(sorted[sorted.count / 2]) && sorted.count == 21)
        #expect(figures.sum.collectiveIncome.shown == yuan(sorted.reduce(0, +)))
    }

    @Test(arguments: questionDates) func `loans that fall due`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let found = try ask("loans-due", on: date, "{\"from\": \"2018-01-01\", \"to\": \"2018-12-31\"}").loans
        let due = register.rows("Loan").filter {
            register.cents($0["balance"]) ?? 0 > 0 && $0["dueDate"]! >= "2018-01-01" && $0["dueDate"]! <= "2018-12-31"
        }
        .sorted { ($0["dueDate"]!, $0["recordNumber"]!) < ($1["dueDate"]!, $1["recordNumber"]!) }
        #expect(
            found.nodes.items.map { line($0.recordNumber, $0.dueDate) }
                == due.map { "\($0["recordNumber"]!) \($0["dueDate"]!)" })
        #expect(found.aggregate.sum.balance.shown == yuan(due.reduce(0) { $0 + (register.cents($1["balance"]) ?? 0) }))
        #expect(due.count > 10)
    }

    @Test(arguments: questionDates) func `category and allowances that do not agree`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask("category-mismatch", on: date)
        func households(_ category: String, _ isWrong: (Set<String>) -> Bool) -> [String] {
            numbers(
                register.rows("Household").filter { household in
                    household["category"] == category && isWrong(Set(register.measures(household).compactMap { $0["kind"] }))
                }
            ).sorted()
        }
        #expect(
            data.withoutAllowance.nodes.items.map(\.number.shown)
                == households("MINIMUM_ALLOWANCE") { !$0.contains("MINIMUM_ALLOWANCE") })
        #expect(
            data.withoutSupport.nodes.items.map(\.number.shown)
                == households("FIVE_GUARANTEES") { !$0.contains("FIVE_GUARANTEES") })
        #expect(
            data.unexpected.nodes.items.map(\.number.shown)
                == households("GENERAL") { !$0.isDisjoint(with: ["MINIMUM_ALLOWANCE", "FIVE_GUARANTEES"]) })
    }

    private func figures(_ rows: [NaiveRegister.Row], _ column: String, _ register: NaiveRegister) -> [Int] {
        rows.compactMap { register.cents($0[column]) }
    }

    @Test(arguments: questionDates) func `loans by year and state`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let loans = try ask("loans-by-year", on: date).loans
        let rows = register.rows("Loan")
        #expect(loans.aggregate.count.int == rows.count)
        #expect(loans.aggregate.sum.principal.shown == yuan(figures(rows, "principal", register).reduce(0, +)))
        #expect(
            Set(
                loans.groups.items.map {
                    line(
                        $0.key.startDate.period, $0.key.state, $0.aggregate.count, $0.aggregate.sum.balance,
                        $0.aggregate.max.principal)
                })
                == Set(
                    Dictionary(grouping: rows) { "\($0["startDate"]!.prefix(4)) \($0["state"]!)" }.map { key, rows in
                        let balance = figures(rows, "balance", register).reduce(0, +)
                        return "\(key) \(rows.count) \(yuan(balance)) \(yuan(figures(rows, "principal", register).max()!))"
                    }))
    }

    @Test(arguments: questionDates) func `loans against the rules`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask(
            "loan-rule-breaks", on: date, parameters: #"{"loan.cap": 40000, "loan.termMonths": 24}"#)
        let owed = Dictionary(grouping: register.rows("Loan")) { $0["household"]! }
            .mapValues { figures($0, "principal", register).reduce(0, +) }.filter { $1 > 4_000_000 }
        #expect(
            data.overCap.nodes.items.map { line($0.number, $0.loans.aggregate.sum.principal) }
                == owed.map { "\($0) \(yuan($1))" }.sorted())
        #expect(!owed.isEmpty)
        let long = register.rows("Loan").filter {
            Int($0["termMonths"]!)! > 24 || register.status(register.household($0["household"]!)) == nil
        }
        #expect(data.loans.nodes.items.map(\.recordNumber.shown) == long.map { $0["recordNumber"]! }.sorted())
    }

    @Test(arguments: questionDates) func `house renovations`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let groups = try ask("renovations", on: date).measures.groups.items
        let rows = register.rows("Measure").filter { $0["kind"] == "HOUSING" }
        let expected = Dictionary(grouping: rows) { $0["year"]! }.map { year, rows in
            let amounts = figures(rows, "amount", register).sorted()
            let middle = amounts[(amounts.count - 1) / 2] + amounts[amounts.count / 2]
            let median = NSDecimalNumber(decimal: Decimal(middle) / 200).stringValue
            return "\(year) \(rows.count) \(yuan(amounts.reduce(0, +))) \(yuan(amounts.last!)) \(median) "
                + "\(Set(rows.compactMap { $0["household"] }).count)"
        }
        #expect(
            Set(
                groups.map {
                    line(
                        $0.key.year["value"], $0.aggregate.count, $0.aggregate.sum.amount, $0.aggregate.max.amount,
                        $0.aggregate.median.amount, $0.aggregate.countDistinct.household)
                }) == Set(expected))
        #expect(rows.count > 50)
    }

    @Test(arguments: questionDates) func `measures by batch and village`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let measures = try ask("measures-by-batch", on: date, "{\"year\": 2016}").measures
        let rows = register.rows("Measure").filter { $0["year"] == "2016" }
        #expect(measures.aggregate.sum.amount.shown == yuan(figures(rows, "amount", register).reduce(0, +)))
        #expect(
            Set(
                measures.groups.items.map {
                    line($0.key.batch, $0.key.household.village.code, $0.aggregate.count, $0.aggregate.sum.amount)
                })
                == Set(
                    Dictionary(grouping: rows) { "\(orNull($0["batch"])) \(register.household($0["household"]!)["village"]!)" }
                        .map { "\($0) \($1.count) \(yuan(figures($1, "amount", register).reduce(0, +)))" }))
    }

    @Test(arguments: questionDates) func `how incomes are distributed`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let groups = try ask("income-distribution", on: date, "{\"step\": \"750\"}").households.groups.items
        let expected = Dictionary(grouping: register.registered) { household -> String in
            guard let income = register.income(household) else { return "null null" }
            let step = Int((Double(income) / 75_000).rounded(.down))
            return "\(step * 750) \((step + 1) * 750)"
        }
        #expect(
            Set(
                groups.map { group in
                    line(group.key.perCapitaNetIncome.from, group.key.perCapitaNetIncome.to, group.aggregate.count)
                }) == Set(expected.map { "\($0) \($1.count)" }))
    }

    @Test(arguments: questionDates) func `incomes by village`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let groups = try ask("incomes-by-village", on: date).households.groups.items
        for group in groups {
            let households = register.registered.filter { $0["village"] == group.key.village.code.shown }
            #expect(group.aggregate.count.int == households.count)
            let incomes = households.compactMap { register.income($0) }.sorted()
            guard !incomes.isEmpty else {
                #expect(group.aggregate.min.perCapitaNetIncome.isNull && group.aggregate.avg.perCapitaNetIncome.isNull)
                continue
            }
            #expect(group.aggregate.min.perCapitaNetIncome.shown == yuan(incomes.first!))
            #expect(group.aggregate.max.perCapitaNetIncome.shown == yuan(incomes.last!))
            let middle = incomes[(incomes.count - 1) / 2] + incomes[incomes.count / 2]
            #expect(
                group.aggregate.median.perCapitaNetIncome.shown == NSDecimalNumber(decimal: Decimal(middle) / 200).stringValue)
            let mean = (2 * incomes.reduce(0, +) + incomes.count) / (2 * incomes.count)
            #expect(group.aggregate.avg.perCapitaNetIncome.shown == yuan(mean))
        }
        #expect(groups.count == 21)
    }

    @Test(arguments: questionDates) func `poor, seriously ill, and without medical aid`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let found = try ask("ill-without-aid", on: date, "{\"first\": 1000}").households
        let expected = register.rows("Household").compactMap { household -> (Int, String)? in
            guard let income = register.income(household), income < 400_000,
                register.members(household).contains(where: { ($0["health"] ?? "").contains("SERIOUS_ILLNESS") }),
                !register.measures(household).contains(where: { $0["route"] == "MEDICAL" })
            else { return nil }
            return (income, household["number"]!)
        }.sorted { $0 < $1 }
        #expect(
            found.nodes.items.map { line($0.perCapitaNetIncome, $0.number) }
                == expected.map { "\(yuan($0.0)) \($0.1)" })
        #expect(expected.isEmpty == (date < "2017"))
    }

    @Test(arguments: questionDates) func `the dashboard's tiles`(date: String) throws {
        let register = try NaiveRegister(on: date)
        let data = try ask("dashboard", on: date, "{\"year\": 2016}")
        func shown(_ tile: JSON) -> String { line(tile.aggregate.count, tile.aggregate.sum.memberCount) }
        func counted(_ rows: [NaiveRegister.Row]) -> String { "\(rows.count) \(register.memberCount(rows))" }
        #expect(shown(data.registered) == counted(register.registered))
        #expect(shown(data.poor) == counted(register.poor))
        #expect(
            shown(data.exits)
                == counted(register.rows("Household").filter { register.status($0) == "EXITED" && $0["exitYear"] == "2016" }))
        #expect(shown(data.planned) == counted(register.rows("Household").filter { $0["plannedExitYear"] == "2016" }))
        #expect(data.villagesLeft.totalCount.int == 6)
        let unmet = register.activePairings.filter { register.isUnmet($0) }
        #expect(data.unvisited.aggregate.count.int == unmet.count)
        #expect(data.unvisited.aggregate.countDistinct.household.int == Set(unmet.compactMap { $0["household"] }).count)
        #expect(data.withoutHelper.totalCount.int == register.poor.count { register.pairings(of: $0).isEmpty })
        let money = register.rows("Measure").filter { $0["year"] == "2016" }
        #expect(data.money.aggregate.sum.amount.shown == yuan(figures(money, "amount", register).reduce(0, +)))
    }
}
