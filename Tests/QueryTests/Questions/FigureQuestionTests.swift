import Foundation
import Model
import Query
import QueryExecution
import Settings
import Testing

/// The saved questions that roles without rows have, against plain code over the sample's files.
@Suite struct `Questions for those who see figures of many only` {
    private static let date = "2017-06-30"

    private func desk(_ role: String) throws -> Desk {
        let access = try ShippedRoles.access.get()
        let model = try #require(try ShippedRoles.models.get()[role])
        let view = try RoleView(try #require(access[role: role]), in: try ShippedRoles.whole.get(), file: access.file)
        let whole = try Sample.desk(asOf: Self.date)
        return Desk(model, whole.version, asOf: whole.asOf).seeingAggregates(try SmallCellPolicy(view, in: model))
    }

    @Test(arguments: [
        ("ANALYST", ["causes-by-town", "household-categories", "self-paid-by-town", "standing-by-village"]),
        ("DEPT_FINANCE", ["money-by-kind"]),
    ]) func `those that a role can ask are answered`(role: String, expected: [String]) throws {
        let desk = try desk(role)
        let all = SavedQuestions(
            files: try Sample.questionFiles(), model: try ShippedRoles.whole.get(), limits: QueryLimits())
        let shelf = RoleShelf(
            QuestionShelf(all), fitting: desk.service.model, limits: QueryLimits(), language: QueryLanguage())
        #expect(shelf.both.questions.questions.map(\.name).sorted() == expected)
        for name in expected {
            let answer = desk.answer(try Sample.question(name), variables: "{}")
            #expect(answer.outcome == .data, "\(name): \(String(decoding: answer.body.prefix(500), as: UTF8.self))")
            #expect(answer.cellCount > 0 && answer.withheldCount <= answer.cellCount)
        }
    }

    @Test func `how households stand by village is told where there are enough, and is true`() throws {
        let register = try NaiveRegister(on: Self.date)
        var truth: [String: [NaiveRegister.Row]] = [:]
        for household in register.rows("Household") {
            truth["\(household["village"] ?? "") \(register.status(household) ?? "null")", default: []].append(household)
        }
        let data = try desk("ANALYST").data(try Sample.question("standing-by-village"))
        #expect(data.households.aggregate["count"].int == register.rows("Household").count)
        var (told, small) = (0, 0)
        for group in data.households.groups.items {
            let (key, figures) = ("\(group.key.village.code.shown) \(group.key.status.shown)", group.aggregate)
            let rows = truth[key] ?? []
            if (1..<5).contains(rows.count) { small += 1 }
            guard let count = figures["count"].int else {
                #expect(
                    figures.sum.memberCount.isNull && figures.avg.perCapitaNetIncome.isNull && figures.suppressed.bool == true)
                continue
            }
            told += 1
            #expect(count == rows.count && !(1..<5).contains(count), "\(key)")
            if !figures.sum.memberCount.isNull { #expect(figures.sum.memberCount.int == register.memberCount(rows), "\(key)") }
        }
        for (key, rows) in truth where rows.count >= 5 {
            #expect(
                data.households.groups.items.contains { "\($0.key.village.code.shown) \($0.key.status.shown)" == key }, "\(key)")
        }
        print("standing by village: \(told) told, \(small) small")
        #expect(told > 5)
    }

    @Test func `causes by town are told from eleven households on`() throws {
        let register = try NaiveRegister(on: Self.date)
        let groups = [
            "ILLNESS": "ILLNESS_OR_DISABILITY", "DISABILITY": "ILLNESS_OR_DISABILITY", "SCHOOLING": "SCHOOLING",
            "LACK_OF_LABOUR": "LACK_OF_LABOUR",
        ]
        var truth: [String: Int] = [:]
        for household in register.rows("Household") {
            let cause = register.mainCause(household)
            truth[cause.map { groups[$0] ?? "OTHER_CAUSES" } ?? "null", default: 0] += 1
        }
        let data = try desk("ANALYST").data(try Sample.question("causes-by-town"))
        var found: [String: Int] = [:]
        for group in data.households.groups.items {
            guard let count = group.aggregate["count"].int else { continue }
            #expect(count >= 11)
            found[group.key.causeGroup.shown, default: 0] += count
        }
        #expect(found == truth)
    }
}
