import Model
import Query
import StoreColumns
import Testing

/// Why a case may not go on, in the words that explain any rule.
@Suite struct `Procedures, explained` {
    private func explain(_ walk: Walk, steps: Int, _ rule: String, asOf: String) throws -> JSON {
        let made = try ProcedureDesk(walk, steps: steps)
        let desk = Desk(made.model, made.version, asOf: try #require(CivilDate(isoText: asOf)))
        return try desk.data(
            """
            { explain(rule: "\(rule)", key: "C1") {
              verdict rule { name kind titleEn description } text
              conditions { depth verdict form expression subject { value } }
              missing { type field } } }
            """
        ).explain
    }

    @Test func `a case goes on when its notice has closed, and until then says that it runs`() throws {
        let walk = Walk.exitD3()
        let running = try explain(walk, steps: 2, "exit-d3.1c", asOf: "2020-05-12")
        #expect(running.verdict.string == "FALSE")
        #expect(running.rule.kind.string == "PROCEDURE")
        #expect(running.rule.titleEn.string == "The first notice has closed without an objection that holds.")
        #expect(running.rule["description"].string == "Taken by VILLAGER_GROUP.")
        let failing = running.conditions.items.filter { $0.depth.int == 1 && $0.verdict.string != "TRUE" }
        #expect(failing.count == 1, "\(running.text.string ?? "")")
        #expect(failing.first?.expression.string?.contains("closesOn") == true, "\(failing)")
        #expect(try explain(walk, steps: 2, "exit-d3.1c", asOf: "2020-05-13").verdict.string == "TRUE")
    }

    @Test func `asked of the procedure, only the steps from where the case stands are told`() throws {
        let walk = Walk.exitD3()
        let all = try explain(walk, steps: 4, "exit-d3", asOf: "2020-05-14")
        #expect(all.verdict.string == "TRUE", "the household may agree: \(all.text.string ?? "")")
        #expect(all.conditions.items.first?.form.string == "ANY")
        let steps = all.conditions.items.filter { $0.depth.int == 1 }
        #expect(steps.count == 4, "agree, refuse, reject, withdraw")
        let end = try explain(walk, steps: walk.steps.count, "exit-d3", asOf: "2020-12-31")
        #expect(end.verdict.string == "FALSE")
        #expect(end.conditions.items.contains { $0.subject["value"].string == "ANNOUNCED" && $0.verdict.string == "FALSE" })
    }

    @Test func `what is not known keeps a case where it is, and is named`() throws {
        var walk = Walk.exitD3()
        let place = try #require(walk.before.firstIndex { $0.type == "GuaranteeAssessment" })
        walk.before[place]["safeWater"] = nil
        let told = try explain(walk, steps: 3, "exit-d3.2", asOf: "2020-05-14")
        #expect(told.verdict.string == "FALSE", "the rule asks whether it is known")
        let rule = try explain(walk, steps: 3, "exit-met", asOf: "2020-05-14")
        #expect(rule.verdict.string == "UNKNOWN")
        #expect(
            rule.missing.items.map { "\($0.type.string ?? "").\($0.field.string ?? "")" } == ["GuaranteeAssessment.safeWater"])
    }

    @Test func `the cases that may not go on are counted by what is in their way`() throws {
        let made = try ProcedureDesk(Walk.exitD3(), steps: 2)
        let desk = Desk(made.model, made.version, asOf: try #require(CivilDate(isoText: "2020-05-12")))
        let counted = try desk.data(
            """
            { explainFailures(rule: "exit-d3.1c", by: "subjectHousehold.village", among: [0, 1]) {
              conditions { expression } total { rows holding failing conditions { failing alone } } groups { key } } }
            """
        ).explainFailures
        #expect(counted.total.rows.int == 1 && counted.total.failing.int == 1)
        #expect(counted.groups.items.map(\.key.string) == ["v"])
        #expect(counted.total.conditions.items.filter { $0.alone.int == 1 }.count == 1)
    }

    @Test func `a name that is near one is suggested`() throws {
        let made = try ProcedureDesk(Walk.exitD3(), steps: 1)
        let desk = Desk(made.model, made.version, asOf: ProcedureDesk.asOf)
        let answer = desk.answer("{ explain(rule: \"exit-d3.1d\", key: \"C1\") { verdict } }")
        #expect(try JSON(answer.body)["errors"].items.first?.message.string?.contains("Did you mean") == true)
    }
}
