import Model
import Query
import StoreColumns
import Testing

/// Procedures whose state is stored with the row: against the version before.
@Suite struct `Procedures, by a stored state` {
    /// A row that is changed from state to state: what each change comes to.
    private func check(
        _ start: WalkRow, _ changes: [(KeyValuePairs<String, WalkValue>, [String])], beside: [WalkRow] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var desk = try ProcedureDesk(Walk.register(status: "POOR", income: 9_000, guarantees: true) + beside + [start])
        for (values, expected) in changes {
            var row = WalkRow(start.type, values)
            for key in ["source", "recordNumber", "year", "ordinal", "code"] { if let value = start[key] { row[key] = value } }
            let outcome = try desk.apply([row])
            #expect(outcome.faults == expected, "\(outcome)", sourceLocation: sourceLocation)
            #expect(outcome.isApplied == expected.isEmpty, sourceLocation: sourceLocation)
        }
    }

    @Test func `a round goes forward step by step, is not reopened, and its totals are frozen`() throws {
        try check(
            WalkRow("AdjustmentRound", ["year": .number(2020), "ordinal": .number(1), "state": .text("PLANNED")]),
            [
                (["state": .text("CLEANING")], ["ILLEGAL_TRANSITION - round"]),
                (["state": .text("OPEN")], ["RULE_UNKNOWN open round-has-days"]),
                (
                    ["state": .text("OPEN"), "opensOn": .text("2020-06-01"), "cutoffOn": .text("2020-05-31")],
                    ["RULE_FAILED open round-has-days"]
                ),
                (["state": .text("OPEN"), "opensOn": .text("2020-03-01"), "cutoffOn": .text("2020-05-31")], []),
                (["title": .text("the first")], []),
                (["state": .text("PLANNED")], ["ILLEGAL_TRANSITION - round"]),
                (["state": .text("CLEANING")], []),
                (["state": .text("OPEN")], ["ILLEGAL_TRANSITION - round"]),
                (["state": .text("LOCKED")], ["CHECK_FAILED - R4-locked-totals", "RULE_UNKNOWN lock round-locked-after-cutoff"]),
                (
                    [
                        "state": .text("LOCKED"), "lockedOn": .text("2020-05-30"), "lockedHouseholds": .number(1),
                        "lockedPersons": .number(1),
                    ],
                    ["DATE_ORDER lock round-locked-after-cutoff"]
                ),
                (
                    [
                        "state": .text("LOCKED"), "lockedOn": .text("2020-06-30"), "lockedHouseholds": .number(1),
                        "lockedPersons": .number(1),
                    ], []
                ),
                (["lockedPersons": .number(2)], ["FIXED_VALUE - AdjustmentRound.lockedPersons"]),
                (["state": .text("PUBLISHED")], []),
                (["state": .text("LOCKED")], ["ILLEGAL_TRANSITION - round"]),
            ])
    }

    @Test func `a round that comes late into the register may be in any state`() throws {
        try check(
            WalkRow(
                "AdjustmentRound",
                [
                    "year": .number(2019), "ordinal": .number(1), "state": .text("LOCKED"), "lockedOn": .text("2019-07-01"),
                    "lockedHouseholds": .number(1), "lockedPersons": .number(1),
                ]), [(["state": .text("PUBLISHED")], [])])
    }

    @Test func `a change of members takes its four steps, and its effect is in the memberships`() throws {
        try check(
            .record(
                "PersonChange", "1",
                [
                    "type": .text("DIED"), "household": .text("h"), "person": .text("p"), "eventDate": .text("2020-05-01"),
                    "state": .text("DRAFT"),
                ]),
            [
                (["state": .text("TOWN_APPROVED")], ["ILLEGAL_TRANSITION - member-change"]),
                (["state": .text("EVIDENCED")], []),
                (["state": .text("VILLAGE_CONFIRMED")], []),
                (["state": .text("TOWN_APPROVED")], ["WRONG_ACTOR approve member-change-approver"]),
                (["state": .text("TOWN_APPROVED"), "approvedBy": .text("k")], []),
                (["state": .text("EFFECTIVE")], ["RULE_FAILED effect member-change-leaves"]),
            ],
            beside: [
                WalkRow("Unit", ["code": .text("u"), "name": .text("U")]),
                WalkRow("Cadre", ["number": .text("k"), "name": .text("K"), "unit": .text("u"), "active": .truth(true)]),
            ])
    }

    @Test func `an objection is decided once, on a day that is not before it`() throws {
        let walk = Walk.exitD3()
        var desk = try ProcedureDesk(walk, steps: 2)
        let open = Walk.objection("nGROUP1", "OPEN", raised: "2020-05-06", decided: nil)
        #expect(try desk.apply([open]).isApplied)
        func decided(_ state: String, _ day: String?) throws -> [String] {
            try desk.apply([Walk.objection("nGROUP1", state, raised: "2020-05-06", decided: day)]).faults
        }
        #expect(try decided("UPHELD", nil) == ["RULE_UNKNOWN uphold objection-decision"])
        #expect(try decided("UPHELD", "2020-05-05") == ["DATE_ORDER uphold objection-decision"])
        #expect(try decided("DISMISSED", "2020-05-06") == [])
        #expect(try decided("UPHELD", "2020-05-07") == ["ILLEGAL_TRANSITION - objection"])
        #expect(try decided("OPEN", "2020-05-07") == ["ILLEGAL_TRANSITION - objection"])
    }

    @Test func `a loan is lent after it was approved, and repaid when nothing is owed`() throws {
        let override: [(KeyValuePairs<String, WalkValue>, [String])] = [
            (["state": .text("ACTIVE")], ["ILLEGAL_TRANSITION - loan"]),
            (["state": .text("APPROVED")], []),
            (["state": .text("REPAID")], ["ILLEGAL_TRANSITION - loan"]),
            (["state": .text("ACTIVE")], ["RULE_FAILED lend loan-has-start"]),
            (
                [
                    "state": .text("ACTIVE"), "startDate": .text("2020-01-10"), "dueDate": .text("2021-01-10"),
                    "balance": .number(900),
                ], []
            ),
            (["state": .text("OVERDUE")], ["DATE_ORDER fall-behind loan-past-due"]),
            (["state": .text("REPAID")], ["RULE_FAILED repay loan-nothing-owed"]),
            (["state": .text("REPAID"), "balance": .number(0)], []),
            (["state": .text("ACTIVE")], ["ILLEGAL_TRANSITION - loan"]),
        ]
        try check(
            .record("Loan", "1", ["household": .text("h"), "principal": .number(1_000), "state": .text("APPLIED")]), override)
    }

    @Test func `a project goes forward on days in their order, or is cancelled`() throws {
        try check(
            WalkRow("Project", ["code": .text("j"), "name": .text("J"), "kind": .text("WATER"), "state": .text("PLANNED")]),
            [
                (["state": .text("IN_PROGRESS")], ["ILLEGAL_TRANSITION - project"]),
                (["state": .text("APPROVED")], ["RULE_FAILED approve project-approved-on"]),
                (["state": .text("APPROVED"), "approvedOn": .text("2020-03-01")], []),
                (["state": .text("IN_PROGRESS"), "startedOn": .text("2020-02-01")], ["DATE_ORDER start project-started-on"]),
                (["state": .text("IN_PROGRESS"), "startedOn": .text("2020-03-01")], []),
                (["state": .text("ACCEPTED")], ["ILLEGAL_TRANSITION - project"]),
                (["state": .text("CANCELLED")], []),
                (["state": .text("PLANNED")], ["ILLEGAL_TRANSITION - project"]),
            ])
    }

    @Test func `a renovation's days come in their order, and a step that is left out asks for a reason`() throws {
        func faults(_ values: KeyValuePairs<String, WalkValue>) throws -> [String] {
            var row = WalkRow.record("HouseRenovation", "1", ["household": .text("h"), "gradeBefore": .text("C")])
            row.values += values.map { ($0.key, $0.value) }
            var desk = try ProcedureDesk(Walk.register(status: "POOR", income: 1, guarantees: nil))
            return try desk.apply([row]).faults
        }
        #expect(try faults(["appliedOn": .text("2020-01-01"), "approvedOn": .text("2020-02-01")]) == [])
        #expect(
            try faults(["appliedOn": .text("2020-01-01"), "startedOn": .text("2020-02-01")]) == [
                "CHECK_FAILED - renovation-steps"
            ])
        #expect(
            try faults(["appliedOn": .text("2020-03-01"), "approvedOn": .text("2020-02-01")])
                == ["CHECK_FAILED - renovation-order"])
    }
}
