import Exchange
import Model
import Query
import StoreColumns
import Testing

/// What a model may say of procedures, and what of it is a mistake; on a model made for it.
@Suite struct `Procedures, as a model declares them` {
    private static let head = """
        enum Stage { OPEN ASKED CLOSED VOID }
        enum Office { NORTH SOUTH }
        enum Paper { LETTER STAMP }
        type Sheet @node(key: "label") { label: String! kind: Paper! }
        type Matter @node(key: "label") {
          label: String! @fixed
          size: Int
          colour: Office @fixed
          steps: [Move!]! @inverse(of: "matter")
          stage: Stage @derived(cel: "latest(steps.filter(s, s.day <= asOf), s, s.number).to")
        }
        type Move @node(key: ["matter", "number"])
          @steps(of: "matter", number: "number", from: "before", to: "to", on: "day", by: ["office", "others"], evidence: "sheets.kind") {
          matter: Matter! number: Int! before: Stage to: Stage! day: Date! office: Office others: [Office!] sheets: [Sheet!]
        }

        """
    private static let procedures = """
        extend type Matter
          @procedure(name: "small", when: "size < 10", state: "stage", zh: "小")
          @transition(of: "small", step: "begin", to: "OPEN", zh: "始")
          @transition(of: "small", step: "end", from: ["OPEN", "ASKED"], to: "CLOSED", by: "NORTH", guards: ["dated"], zh: "终")
          @transition(of: "small", step: "ask", from: "OPEN", to: "ASKED", by: "NORTH+SOUTH", evidence: ["LETTER", "STAMP"], zh: "问")
          @procedure(name: "large", when: "size >= 10", state: "stage", zh: "大")
          @transition(of: "large", step: "begin", to: "OPEN", by: ["NORTH", "SOUTH"], zh: "始")
          @guard(id: "dated", cel: "asOf <= date('2020-06-30')", found: "asOf", reason: "TOO_LATE", zh: "期", en: "It is early enough.")

        """

    private static func model(_ text: String) throws -> Model {
        try Model(sources: [ModelSource(name: "matters.graphql", bytes: Array(text.utf8))], digest: "matters")
    }

    private static let made: Result<Model, any Error> = Result { try model(head + procedures) }

    private func desk(_ size: Int = 1) throws -> ProcedureDesk {
        try ProcedureDesk(
            [
                WalkRow("Matter", ["label": .text("m"), "size": .number(size)]),
                WalkRow("Sheet", ["label": .text("l"), "kind": .text("LETTER")]),
                WalkRow("Sheet", ["label": .text("s"), "kind": .text("STAMP")]),
            ], model: Self.made.get())
    }

    private func move(
        _ number: Int, _ before: String?, _ to: String, _ day: String, _ more: KeyValuePairs<String, WalkValue> = [:]
    )
        -> WalkRow
    {
        var row = WalkRow(
            "Move", ["matter": .text("m"), "number": .number(number), "to": .text(to), "day": .text(day)])
        if let before { row["before"] = .text(before) }
        row.values += more.map { ($0.key, $0.value) }
        return row
    }

    @Test func `a way is followed, and each fault is told with what was found and what was expected`() throws {
        var desk = try desk()
        func faults(_ rows: WalkRow...) throws -> [String] { try desk.apply(rows, isDryRun: true).messages }
        #expect(
            try faults(move(1, nil, "ASKED", "2020-01-01"))
                == ["m|1: small: found (none) → ASKED, which is no step of it; from (none) go begin to OPEN."])
        #expect(try desk.apply([move(1, nil, "OPEN", "2020-01-01")]).isApplied)
        #expect(
            try faults(move(2, "OPEN", "ASKED", "2020-01-02"))
                == [
                    "m|2: Step ask of small (OPEN → ASKED) is taken by NORTH with SOUTH; found nobody.",
                    "m|2: Step ask of small (OPEN → ASKED) needs LETTER as evidence; found none.",
                    "m|2: Step ask of small (OPEN → ASKED) needs STAMP as evidence; found none.",
                ])
        #expect(
            try faults(
                move(
                    2, "OPEN", "ASKED", "2020-01-02",
                    ["office": .text("NORTH"), "others": .list(["NORTH"]), "sheets": .list(["l"])]))
                == [
                    "m|2: Step ask of small (OPEN → ASKED) is taken by NORTH with SOUTH; found NORTH, NORTH.",
                    "m|2: Step ask of small (OPEN → ASKED) needs STAMP as evidence; found LETTER.",
                ])
        #expect(
            try faults(move(3, "ASKED", "CLOSED", "2019-12-31", ["office": .text("NORTH")]))
                == [
                    "m|3: small: step number 3 follows number 1; steps are numbered from 1 without a gap.",
                    "m|3: small: step number 3 begins in ASKED, but the step before led to OPEN.",
                    "m|3: small: step number 3 is of 2019-12-31, before the step before it, which is of 2020-01-01.",
                ])
        #expect(
            try faults(move(2, "OPEN", "VOID", "2020-01-02"))
                == ["m|2: small: found OPEN → VOID, which is no step of it; from OPEN go end to CLOSED, ask to ASKED."])
        let asked = move(
            2, "OPEN", "ASKED", "2020-01-02",
            ["office": .text("SOUTH"), "others": .list(["NORTH"]), "sheets": .list(["l", "s"])])
        // Two steps of one change follow each other.
        #expect(
            try faults(asked, move(3, "ASKED", "CLOSED", "2020-07-01", ["office": .text("NORTH")]))
                == ["m|3: Step end of small (ASKED → CLOSED) needs: It is early enough. Found: 2020-07-01."])
        #expect(try desk.apply([asked, move(3, "ASKED", "CLOSED", "2020-06-30", ["office": .text("NORTH")])]).isApplied)
        #expect(
            try faults(move(4, "CLOSED", "OPEN", "2020-07-01"))
                == ["m|4: small: found CLOSED → OPEN, which is no step of it; CLOSED is final."])
    }

    @Test func `the procedure is that of the row, and a row without one takes no step`() throws {
        var large = try desk(10)
        #expect(
            try large.apply([move(1, nil, "OPEN", "2020-01-01")], isDryRun: true).faults == ["WRONG_ACTOR begin large.begin"])
        #expect(try large.apply([move(1, nil, "OPEN", "2020-01-01", ["office": .text("SOUTH")])]).isApplied)
        var none = try ProcedureDesk([WalkRow("Matter", ["label": .text("m")])], model: Self.made.get())
        let outcome = try none.apply([move(1, nil, "OPEN", "2020-01-01")])
        #expect(outcome.faults == ["NO_PROCEDURE - Move"])
        #expect(outcome.messages == ["m|1: No procedure is for the Matter m."])
    }

    @Test func `a whole history in bulk is tested as step by step, and told at its line`() throws {
        let rows = [
            WalkRow("Matter", ["label": .text("m"), "size": .number(1)]), move(1, nil, "OPEN", "2020-01-01"),
            move(2, "OPEN", "CLOSED", "2020-07-02", ["office": .text("NORTH")]), move(4, "CLOSED", "ASKED", "2020-07-03"),
        ]
        let importer = Importer(model: try Self.made.get())
        func load(_ rows: [WalkRow]) -> Importer.BulkOutcome {
            importer.loadInBulk(
                ProcedureDesk.files(rows), number: 1, publishedAt: Instant(microseconds: 0), asOf: ProcedureDesk.asOf, workers: 1,
                tellsConflicts: true)
        }
        guard case .refused(let report) = load(rows) else {
            Issue.record("it was loaded")
            return
        }
        #expect(
            report.problems.map { "\($0.line ?? 0): \($0.message)" } == [
                "3: Step end of small (OPEN → CLOSED) needs: It is early enough. Found: 2020-07-02. (check dated)",
                "4: small: step number 4 follows number 2; steps are numbered from 1 without a gap. (check small)",
                "4: small: found CLOSED → ASKED, which is no step of it; CLOSED is final. (check small)",
            ])
        #expect(load(Array(rows.prefix(2))).isLoaded)
    }

    @Test func `a value that is set once may be set later, and never again`() throws {
        var desk = try desk()
        #expect(try desk.apply([WalkRow("Matter", ["label": .text("m"), "colour": .text("NORTH")])]).isApplied)
        #expect(
            try desk.apply([WalkRow("Matter", ["label": .text("m"), "colour": .text("NORTH"), "size": .number(2)])]).isApplied)
        let outcome = try desk.apply([WalkRow("Matter", ["label": .text("m"), "colour": .text("SOUTH")])])
        #expect(outcome.faults == ["FIXED_VALUE - Matter.colour"])
    }

    @Test(arguments: [
        (
            #"@transition(of: "little", step: "x", to: "OPEN", zh: "")"#,
            "The step 'x' is of the procedure 'little', which Matter does not have."
        ),
        (#"@transition(of: "small", step: "x", to: "OPNE", zh: "")"#, "The step 'x' of 'small': Stage has no value 'OPNE'."),
        (
            #"@transition(of: "small", step: "x", to: "OPEN", by: "EAST", zh: "")"#,
            "The step 'x' of 'small': Office has no value 'EAST'."
        ),
        (
            #"@transition(of: "small", step: "x", to: "OPEN", evidence: "SEAL", zh: "")"#,
            "The step 'x' of 'small': Paper has no value 'SEAL'."
        ),
        (
            #"@transition(of: "small", step: "x", from: "VOID", to: "OPEN", guards: "date", zh: "")"#,
            "The step 'x' of 'small' needs 'date', which is no guard of Matter."
        ),
        (
            #"@transition(of: "small", step: "x", from: "OPEN", to: "ASKED", zh: "")"#,
            "The steps 'ask' and 'x' of 'small' lead from one state to the same"
        ),
        (
            #"@procedure(name: "small", state: "stage", zh: "")"#,
            "A procedure of Matter is called 'small', as is something of Matter."
        ),
        (#"@procedure(name: "other", state: "size", zh: "")"#, "The procedure 'other' reads the state from 'size'"),
        (
            #"@procedure(name: "other", state: "stage", when: "size", zh: "")"#,
            "Who follows the procedure 'other' is not understood"
        ),
        (
            #"@guard(id: "other", cel: "sise > 1", zh: "", en: "")"#,
            "The guard 'other' is not understood: Matter has no field 'sise'"
        ),
        (#"@label(zh: "x")"#, "Found '@label' on an extension of 'Matter'; it stands where the type does."),
        ("{ more: Int }", "Found an extension of 'Matter' that adds more than @procedure, @transition, @guard and @check"),
    ])
    func `a mistake is told with its place`(text: String, message: String) throws {
        do {
            _ = try Self.model(Self.head + Self.procedures + "extend type Matter " + text)
            Issue.record("the model was taken")
        } catch let error as ModelErrors {
            #expect(error.problems.contains { $0.message.hasPrefix(message) }, "\(error)")
            #expect(error.problems.allSatisfy { $0.file == "matters.graphql" && $0.location != nil }, "\(error)")
        }
    }

    @Test(arguments: [
        (#"@steps(of: "matter""#, #"@steps(of: "others""#, "@steps(of:) names 'others'"),
        (#"number: "number", from"#, #"number: "day", from"#, "@steps(number:) names 'day'"),
        (#"evidence: "sheets.kind""#, #"evidence: "sheets""#, "@steps(evidence:) is 'sheets'"),
        (#"by: ["office", "others"]"#, #"by: "matter""#, "@steps(by:) names 'matter'"),
    ])
    func `steps name fields that fit`(old: String, new: String, message: String) throws {
        do {
            _ = try Self.model(Self.head.replacing(old, with: new))
            Issue.record("the model was taken")
        } catch let error as ModelErrors {
            #expect(error.problems.contains { $0.message.hasPrefix(message) }, "\(error)")
        }
    }
}
