import Exchange
import Model
import Query
import StoreColumns
import Testing

/// What steps need beside the one before, as the reference's examples have it.
@Suite struct `Procedures, their rules` {
    private func index(_ walk: Walk, _ step: String) throws -> Int { try #require(walk.steps.firstIndex { $0.name == step }) }

    /// What a step comes to with other rows beside it.
    private func outcome(
        _ walk: Walk, at step: String, adding rows: [WalkRow] = [], overrides: [ChangeRequest.Override] = []
    ) throws -> ProcedureDesk.Outcome {
        let place = try index(walk, step)
        var desk = try ProcedureDesk(walk, steps: place)
        return try desk.apply(rows + walk.rows(ofStep: place), overrides: overrides, isDryRun: false)
    }

    // MARK: - Opening

    @Test func `a second case of a type is refused while one is open, and taken when that has ended`() throws {
        let walk = Walk.identificationD3()
        var desk = try ProcedureDesk(walk, steps: 3)
        var second = walk
        second.caseNumber = "C2"
        second.steps[0].day = "2020-03-10"
        let refused = try desk.apply(second.rows(ofStep: 0), isDryRun: true)
        #expect(refused.faults == ["DUPLICATE_OPEN_CASE 1 case-one-open"], "\(refused)")
        var end = walk
        end.steps[3] = WalkStep("withdraw", "WITHDRAWN", ["HOUSEHOLD"], "2020-03-09", action: "WITHDRAW")
        #expect(try desk.apply(end.rows(ofStep: 3)).isApplied)
        #expect(try desk.apply(second.rows(ofStep: 0)).isApplied)
    }

    @Test func `who may open a case is decided by the subject's standing on the day`() throws {
        func opening(_ walk: Walk, _ status: String?) throws -> ProcedureDesk.Outcome {
            var walk = walk
            walk.before.removeAll { $0.type == "HouseholdStatusPeriod" }
            if let status {
                walk.before.append(
                    WalkRow(
                        "HouseholdStatusPeriod",
                        ["household": .text("h"), "status": .text(status), "validFrom": .text("2018-01-01")]))
            }
            return try outcome(walk, at: walk.steps[0].name)
        }
        #expect(try opening(.identificationD3(), nil).isApplied)
        for status in ["POOR", "RETURNED"] {
            #expect(try opening(.identificationD3(), status).faults == ["SUBJECT_STATUS 1 entry-subject-status"])
        }
        for status in [nil, "POOR"] {
            #expect(try opening(.returned(), status).faults == ["SUBJECT_STATUS 1 entry-subject-status"])
        }
        let exited = try opening(.exitD3(), "EXITED")
        #expect(exited.faults == ["SUBJECT_STATUS 1a exit-subject-status"])
        #expect(exited.messages.contains { $0.contains("Found: EXITED.") }, "\(exited)")
        #expect(try opening(.exitD0(), "RETURNED").isApplied)
        var walk = Walk.village("d0")
        let place = try #require(walk.before.firstIndex { $0.type == "Village" })
        walk.before[place]["exitStatus"] = .text("EXITED")
        #expect(try outcome(walk, at: "1").faults == ["SUBJECT_STATUS 1 village-exit-subject-status"])
    }

    @Test func `a round that is not open takes no case`() throws {
        func opening(_ state: String, _ first: String, _ last: String) throws -> [String] {
            var walk = Walk.exitD3()
            walk.before.append(
                WalkRow(
                    "AdjustmentRound",
                    [
                        "year": .number(2020), "ordinal": .number(1), "state": .text(state), "opensOn": .text(first),
                        "cutoffOn": .text(last), "lockedOn": .text(last), "lockedHouseholds": .number(1),
                        "lockedPersons": .number(1),
                    ]))
            var rows = walk.rows(ofStep: 0)
            let place = try #require(rows.firstIndex { $0.type == "ProcessCase" })
            rows[place].values.append(("round", .text("2020|1")))
            var desk = try ProcedureDesk(walk, steps: 0)
            return try desk.apply(rows).faults
        }
        #expect(try opening("OPEN", "2020-01-01", "2020-06-30") == [])
        #expect(try opening("PLANNED", "2020-01-01", "2020-06-30") == ["ROUND_CLOSED 1a case-round-open"])
        #expect(try opening("LOCKED", "2020-01-01", "2020-06-30") == [], "history, of a day on which it was open")
        #expect(try opening("LOCKED", "2020-01-01", "2020-04-30") == ["ROUND_CLOSED 1a case-round-open"])
    }

    // MARK: - Notices and objections

    @Test func `an objection that is open blocks, one that was dismissed does not, and its record is asked for`() throws {
        let walk = Walk.exitD3()
        func cleared(_ objection: WalkRow, evidence: [String] = []) throws -> ProcedureDesk.Outcome {
            let place = try index(walk, "4c")
            var desk = try ProcedureDesk(walk, steps: place)
            return try desk.apply([objection] + walk.rows(ofStep: place, evidence: evidence))
        }
        let open = Walk.objection("nVILLAGE2", "OPEN", raised: "2020-05-20", decided: nil)
        #expect(
            try cleared(open).faults == ["OBJECTION_OPEN 4c objections-decided", "MISSING_EVIDENCE 4c objections-recorded"])
        let late = Walk.objection("nVILLAGE2", "DISMISSED", raised: "2020-05-20", decided: "2020-05-28")
        #expect(
            try cleared(late, evidence: ["OBJECTION_RECORD"]).faults == ["OBJECTION_OPEN 4c objections-decided"],
            "it was open on the day of the step")
        let dismissed = Walk.objection("nVILLAGE2", "DISMISSED", raised: "2020-05-20", decided: "2020-05-22")
        #expect(try cleared(dismissed).faults == ["MISSING_EVIDENCE 4c objections-recorded"])
        #expect(try cleared(dismissed, evidence: ["OBJECTION_RECORD"]).isApplied)
        let upheld = Walk.objection("nVILLAGE2", "UPHELD", raised: "2020-05-20", decided: "2020-05-22")
        #expect(try cleared(upheld, evidence: ["OBJECTION_RECORD"]).faults == ["OBJECTION_UPHELD 4c objections-not-upheld"])
    }

    @Test func `a case whose objection was upheld goes back, and needs a notice of its own afterwards`() throws {
        var walk = Walk.exitD3()
        let place = try index(walk, "4c")
        walk.steps.replaceSubrange(
            place...,
            with: [
                WalkStep(
                    "object", "VERIFIED", ["VILLAGE_COMMITTEE"], "2020-05-25", action: "SEND_BACK",
                    with: [Walk.objection("nVILLAGE2", "UPHELD", raised: "2020-05-20", decided: "2020-05-22")]),
                WalkStep(
                    "3", "HOUSEHOLD_AGREED", ["HOUSEHOLD"], "2020-05-26", evidence: ["HOUSEHOLD_SIGNATURE"], action: "AGREE"),
                WalkStep(
                    "4a", "VILLAGE_APPRAISED", ["VILLAGE_ASSEMBLY"], "2020-05-27", evidence: ["MINUTES"], action: "APPRAISE"),
                WalkStep("4b", "VILLAGE_NOTICE", ["VILLAGE_COMMITTEE"], "2020-05-28", evidence: ["NOTICE_PHOTO"]),
            ])
        var desk = try ProcedureDesk(walk, steps: place)
        #expect(
            try desk.apply(walk.rows(ofStep: place).filter { $0.type != "Objection" }, isDryRun: true).faults
                == ["RULE_FAILED object objection-was-upheld"])
        for step in 0..<3 { #expect(try desk.apply(walk.rows(ofStep: place + step)).isApplied) }
        let old = try desk.apply(walk.rows(ofStep: place + 3), isDryRun: true)
        #expect(old.faults == ["NOTICE_MISSING 4b notice-posted-village"], "the notice before does not count: \(old)")
        var fresh = Walk.notice("VILLAGE", 2, "2020-05-28", "2020-06-04")
        fresh["recordNumber"] = .text("n-again")
        #expect(try desk.apply([fresh] + walk.rows(ofStep: place + 3)).isApplied)
    }

    @Test func `an appraisal without a majority takes a case nowhere but to its rejection, which needs a reason`() throws {
        let walk = Walk.identificationD3()
        var desk = try ProcedureDesk(walk, steps: 1)
        let lost = Walk.appraisal("GROUP", "2020-03-04", votesFor: 3)
        let place = try index(walk, "2a")
        let refused = try desk.apply([lost] + walk.rows(ofStep: place).filter { $0.type != "Appraisal" }, isDryRun: true)
        #expect(refused.faults == ["APPRAISAL_FAILED 2a appraised-by-group"], "\(refused)")
        var end = walk
        end.steps[1] = WalkStep("reject", "REJECTED", ["VILLAGER_GROUP"], "2020-03-05", action: "REJECT")
        #expect(
            try desk.apply([lost] + end.rows(ofStep: 1), isDryRun: true).faults == ["REASON_MISSING reject rejection-reason"])
        end.steps[1].bodies = ["TOWN"]
        end.steps[1].note = "the vote"
        #expect(
            try desk.apply([lost] + end.rows(ofStep: 1), isDryRun: true).faults
                == ["WRONG_ACTOR reject identification-d3.reject"], "who would have taken the next step rejects")
        end.steps[1].bodies = ["VILLAGER_GROUP"]
        #expect(try desk.apply([lost] + end.rows(ofStep: 1)).isApplied)
        let more = try desk.apply(
            walk.rows(ofStep: 1) { row in
                row["number"] = .number(3)
                row["fromState"] = .text("REJECTED")
                row["date"] = .text("2020-03-06")
            })
        #expect(more.faults == ["ILLEGAL_TRANSITION - identification-d3"])
        #expect(more.messages.contains { $0.contains("REJECTED is final") }, "\(more)")
    }

    // MARK: - Comparisons

    @Test func `a suspicion that nobody verified stops the comparison, and is looked at again`() throws {
        let walk = Walk.identificationD3()
        let place = try index(walk, "6")
        var desk = try ProcedureDesk(walk, steps: place)
        #expect(
            try desk.apply([Walk.hit("SUSPECTED")] + walk.rows(ofStep: place), isDryRun: true).faults
                == ["RULE_FAILED 6 hits-verified"])
        #expect(
            try desk.apply(walk.rows(ofStep: place).filter { $0.type != "DataComparison" }, isDryRun: true).faults
                == ["COMPARISON_MISSING 6 comparison-made"])
        #expect(
            try desk.apply([Walk.hit("VERIFIED_TRUE", verified: "2020-04-02")] + walk.rows(ofStep: place), isDryRun: true).faults
                == ["RULE_FAILED 6 hits-not-true"])
        var loop = walk
        loop.steps.replaceSubrange(
            place..<place,
            with: [
                WalkStep(
                    "6x", "RECHECK", ["TOWN"], "2020-04-02", evidence: ["SURVEY_FORM"], action: "SEND_BACK",
                    with: [Walk.comparison("2020-04-01"), Walk.hit("SUSPECTED")]),
                WalkStep("6y", "TOWN_REVIEWED", ["VILLAGE_COMMITTEE"], "2020-04-03", evidence: ["SURVEY_FORM"], action: "VERIFY"),
            ])
        #expect(
            try desk.apply(loop.rows(ofStep: place).filter { $0.type != "ComparisonHit" }, isDryRun: true).faults
                == ["RULE_FAILED 6x hits-exist"])
        #expect(try desk.apply(loop.rows(ofStep: place)).isApplied)
        #expect(try desk.apply(loop.rows(ofStep: place + 1), isDryRun: true).faults == ["RULE_FAILED 6y hits-verified"])
        #expect(
            try desk.apply([Walk.hit("VERIFIED_FALSE", verified: "2020-04-03")] + loop.rows(ofStep: place + 1)).isApplied)
        #expect(
            try desk.apply(
                loop.rows(ofStep: place + 2) { $0["date"] = .text("2020-04-04") }.filter { $0.type != "DataComparison" }
            )
            .isApplied)
    }

    @Test func `an exit by D0 needs the comparison that D0 asks for, and both replies`() throws {
        let walk = Walk.exitD0()
        var place = try index(walk, "5a")
        var desk = try ProcedureDesk(walk, steps: place)
        #expect(
            try desk.apply(walk.rows(ofStep: place).filter { $0.type != "DataComparison" }).faults
                == ["COMPARISON_MISSING 5a comparison-made-if-asked"])
        place = try index(walk, "6")
        desk = try ProcedureDesk(walk, steps: place)
        #expect(
            try desk.apply(walk.rows(ofStep: place, evidence: ["COUNTY_REPLY"])).faults
                == ["MISSING_EVIDENCE 6 exit-both-replies"])
    }

    // MARK: - Rules of entry and exit

    @Test func `an exclusion asks for a reason when a household is announced, given with the change or kept with the case`()
        throws
    {
        let walk = Walk.identificationD3()
        let enterprise = WalkRow(
            "AssetDeclaration",
            [
                "household": .text("h"), "declaredOn": .text("2020-04-01"), "ownsOrInvestsEnterprise": .truth(true),
                "longTermEmployees": .truth(true), "taxpayerInNormalOperation": .truth(true),
            ])
        #expect(try outcome(walk, at: "8", adding: [enterprise]).faults == ["RULE_FAILED 8 entry-no-exclusion"])
        let override = ChangeRequest.Override(check: "entry-no-exclusion", reason: "closed in May")
        #expect(try outcome(walk, at: "8", adding: [enterprise], overrides: [override]).isApplied)
        let kept = [
            enterprise, WalkRow("Unit", ["code": .text("u"), "name": .text("U")]),
            WalkRow("Cadre", ["number": .text("k"), "name": .text("K"), "unit": .text("u"), "active": .truth(true)]),
            WalkRow(
                "RuleOverride",
                [
                    "case": .text("C1"), "rule": .text("R19"), "reason": .text("closed"), "cadre": .text("k"),
                    "date": .text("2020-04-06"),
                ]),
        ]
        #expect(try outcome(walk, at: "8", adding: kept).isApplied)
    }

    @Test func `a household announced without meeting the rules of entry asks for a reason, and unknown is told as such`() throws
    {
        var walk = Walk.identificationD3()
        walk.before = Walk.register(status: nil, income: 9_000, guarantees: true)
        var desk = try ProcedureDesk(walk, steps: try index(walk, "5"))
        let refused = try desk.apply(walk.rows(ofStep: try index(walk, "5")))
        #expect(refused.faults == ["RULE_FAILED 5 entry-not-refuted"], "\(refused)")
        walk.before.removeAll { $0.type == "AreaIncomeBenchmark" }
        let unknown = try outcome(walk, at: "8")
        #expect(unknown.faults == ["RULE_UNKNOWN 8 entry-met"], "the town lets it pass: \(unknown)")
    }

    @Test func `nobody leaves on facts that are not known, and what is missing is named`() throws {
        var walk = Walk.exitD3()
        let place = try #require(walk.before.firstIndex { $0.type == "GuaranteeAssessment" })
        walk.before[place]["safeWater"] = nil
        let early = try outcome(walk, at: "2")
        #expect(early.faults == ["RULE_UNKNOWN 2 exit-facts-known"], "\(early)")
        // Known when it was verified, and unknown again when it is announced: a newer assessment left it out.
        let whole = Walk.exitD3()
        var newer = walk.before[place]
        newer["assessedOn"] = .text("2020-06-03")
        let late = try outcome(whole, at: "7", adding: [newer])
        #expect(late.faults == ["RULE_UNKNOWN 7 exit-guarantees-known", "RULE_UNKNOWN 7 exit-met"], "\(late)")
        #expect(late.messages.contains { $0.contains("GuaranteeAssessment.safeWater") }, "\(late)")
    }

    @Test func `an income at the line refuses the town's review, and an exit in the same year asks for a reason`() throws {
        var walk = Walk.exitD3()
        walk.before = Walk.register(status: "POOR", income: 4_000, guarantees: true)
        #expect(try outcome(walk, at: "5").faults == ["RULE_FAILED 5 exit-not-refuted"])
        var same = Walk.exitD3()
        let place = try #require(same.before.firstIndex { $0.type == "HouseholdStatusPeriod" })
        same.before[place]["validFrom"] = .text("2020-02-01")
        #expect(try outcome(same, at: "1a").faults == ["RULE_FAILED 1a exit-not-same-year"])
        let override = ChangeRequest.Override(check: "exit-not-same-year", reason: "moved in with a son")
        #expect(try outcome(same, at: "1a", overrides: [override]).isApplied)
    }

    @Test func `what the county's sampling found sends an exit back, until it is put right`() throws {
        let walk = Walk.exitD3()
        let place = try index(walk, "7")
        var desk = try ProcedureDesk(walk, steps: place)
        var back = walk
        back.steps[place] = WalkStep("6x", "TOWN_REVIEWED", ["COUNTY_OFFICE"], "2020-06-03", action: "SEND_BACK")
        #expect(try desk.apply(back.rows(ofStep: place), isDryRun: true).faults == ["RULE_FAILED 6x exit-finding"])
        let found = Walk.inspection("2020-06-01", findings: "no water")
        #expect(
            try desk.apply([found] + walk.rows(ofStep: place), isDryRun: true).faults == ["RULE_FAILED 7 exit-no-finding"])
        #expect(try desk.apply([found] + back.rows(ofStep: place), isDryRun: true).isApplied == false)
        #expect(try desk.apply([found] + back.rows(ofStep: place)).isApplied)
        let right = Walk.inspection("2020-06-01", findings: "no water", rectified: "2020-06-04")
        desk = try ProcedureDesk(walk, steps: place)
        #expect(try desk.apply([right] + walk.rows(ofStep: place)).isApplied)
    }

    @Test func `a household that does not recognise its exit stays, with a note`() throws {
        let walk = Walk.exitD3()
        let place = try index(walk, "3")
        var desk = try ProcedureDesk(walk, steps: place)
        var refusal = walk
        refusal.steps[place] = WalkStep("refuse", "HOUSEHOLD_REFUSED", ["HOUSEHOLD"], "2020-05-15", action: "REFUSE")
        #expect(try desk.apply(refusal.rows(ofStep: place), isDryRun: true).faults == ["REASON_MISSING refuse refusal-note"])
        refusal.steps[place].note = "the roof"
        #expect(try desk.apply(refusal.rows(ofStep: place)).isApplied)
    }

    @Test func `an announcement that changes nothing is told, and refused for that by nobody`() throws {
        let walk = Walk.exitD3()
        let place = try index(walk, "7")
        func reported(_ rows: [WalkRow]) throws -> [String] {
            let desk = try ProcedureDesk(walk, steps: place)
            let staged = Importer(model: desk.model).read(ProcedureDesk.files(rows + walk.rows(ofStep: place))).stage(
                ImportTerms(), fingerprint: [], on: desk.version, number: desk.version.number + 1,
                publishedAt: Instant(microseconds: 0), asOf: ProcedureDesk.asOf)
            #expect(staged.report.isApplied)
            return staged.report.problems.filter { $0.step == "7" }.map { "\($0.severity.rawValue) \($0.check ?? "")" }
        }
        #expect(try reported([]) == ["REPORT exit-effect"])
        let effect = [
            WalkRow(
                "HouseholdStatusPeriod",
                [
                    "household": .text("h"), "status": .text("POOR"), "validFrom": .text("2018-01-01"),
                    "validTo": .text("2020-06-05"),
                ]),
            WalkRow(
                "HouseholdStatusPeriod",
                ["household": .text("h"), "status": .text("EXITED"), "validFrom": .text("2020-06-05")]),
            WalkRow("ProcessCase", ["caseNumber": .text("C1"), "personCountAtDecision": .number(1)]),
        ]
        #expect(try reported(effect) == [])
    }

    // MARK: - Villages

    @Test func `each set of documents has its own threshold of a village's exit`() throws {
        func outcome(_ variant: String, poor: Int, of population: Int) throws -> [String] {
            var walk = Walk.village(variant)
            let page = try #require(walk.before.firstIndex { $0.type == "VillageYear" })
            walk.before[page]["ruralRegisteredPopulation"] = .number(population)
            walk.before.removeAll { $0.type == "HouseholdStatusPeriod" }
            for number in 0..<poor {
                walk.before += [
                    WalkRow("Household", ["number": .text("h\(number)"), "village": .text("v")]),
                    WalkRow("Person", ["number": .text("p\(number)"), "name": .text("P")]),
                    WalkRow(
                        "Membership",
                        ["person": .text("p\(number)"), "household": .text("h\(number)"), "validFrom": .text("2015-01-01")]),
                    WalkRow(
                        "HouseholdStatusPeriod",
                        ["household": .text("h\(number)"), "status": .text("POOR"), "validFrom": .text("2018-01-01")]),
                ]
            }
            return try self.outcome(walk, at: "3a").faults
        }
        #expect(try outcome("d0", poor: 1, of: 51) == [])
        #expect(try outcome("d0", poor: 1, of: 50) == ["RULE_FAILED 3a village-incidence-d0"])
        #expect(try outcome("d3", poor: 1, of: 50) == [])
        #expect(try outcome("d3", poor: 3, of: 100) == ["RULE_FAILED 3a village-incidence-d3"])
        #expect(try outcome("d1", poor: 0, of: 100) == [])
        #expect(try outcome("d1", poor: 1, of: 1_000) == ["RULE_FAILED 3a village-nobody-poor-d1"])
    }

    @Test func `a village is verified on every item of its checklist, and with an incidence`() throws {
        var walk = Walk.village("d0")
        let item = try #require(walk.before.lastIndex { $0.type == "ChecklistAssessment" })
        walk.before.remove(at: item)
        #expect(try outcome(walk, at: "2").faults == ["MISSING_EVIDENCE 2 village-items-assessed"])
        walk = Walk.village("d0")
        let page = try #require(walk.before.firstIndex { $0.type == "VillageYear" })
        walk.before[page]["ruralRegisteredPopulation"] = nil
        #expect(try outcome(walk, at: "2").faults == ["RULE_UNKNOWN 2 village-incidence-known"])
    }

    // MARK: - What is kept

    @Test func `steps are neither changed nor deleted, and what a case is about is set once`() async throws {
        let walk = Walk.exitD3()
        var desk = try ProcedureDesk(walk, steps: 3)
        #expect(try desk.apply(walk.rows(ofStep: 1)).faults == [], "given as it is, it is no change")
        let changed = try desk.apply(walk.rows(ofStep: 1) { $0["actorBody"] = .text("TOWN") })
        #expect(changed.faults == ["APPEND_ONLY - ProcessStep"])
        let other = try desk.apply([WalkRow("ProcessCase", ["caseNumber": .text("C1"), "profile": .text("D0")])])
        #expect(other.faults == ["FIXED_VALUE - ProcessCase.profile"])
        #expect(other.messages == ["C1: ProcessCase.profile is set once, and was set to 'D3'; it cannot be changed or cleared."])
        let changing = ChangingDesk(desk.model, desk.version, asOf: ProcedureDesk.asOf)
        let report = try await changing.apply("{processSteps: {delete: [{case: \"C1\", number: 3}]}}")
        #expect(report.applied.bool == false)
        #expect(report.problems.items.map(\.message.string) == ["Rows of ProcessStep are added, and never deleted."])
    }
}
