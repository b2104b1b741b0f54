import Generation
import Settings
import StoreColumns
import Testing

@Suite("Recipes") struct RecipeTests {
    /// A part that takes five of the scale's rows, and the rows with some values.
    func text(_ values: String = "", fields: String = "key: \"{part.ordinal}-{ordinal:2}\"") -> String {
        """
        name: test
        as-of: 2017-06-30
        scale: {name: things, rows: thing}
        lists:
          letters: abc
          words: {one: 1, two: 3}
        rows:
          part:
            takes: 5
            rows:
              thing:
                values: {\(values)}
                type: Thing
                fields: {\(fields)}
        """
    }

    func make(_ text: String, scale: Int = 12, seed: UInt64 = 1) throws -> MadeRegister {
        try MadeRegister(try RegisterGenerator(try recipe(text), scale: scale, seed: seed))
    }

    /// What a formula is in the only row of a register.
    func value(_ formula: String) throws -> String? {
        try make(text(fields: "a: \"= \(formula)\", b: x"), scale: 1).rows("Thing").first?["a"]
    }

    func check(_ text: String, reports expected: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        let errors = #expect(throws: SettingsErrors.self, sourceLocation: sourceLocation) { try make(text) }
        #expect(errors?.problems.map(\.description) == expected, sourceLocation: sourceLocation)
    }

    @Test func `parts take their shares until the scale's rows are used up`() throws {
        let register = try make(text())
        #expect(
            register.text["Thing"] == "key\n0-00\n0-01\n0-02\n0-03\n0-04\n1-00\n1-01\n1-02\n1-03\n1-04\n2-00\n2-01\n")
    }

    @Test func `parts made at the same time are those made one after the other`() async throws {
        let generator = try RegisterGenerator(
            try recipe(text("x: \"= uniform(0, 999999)\"", fields: "key: = x")), scale: 400, seed: 3)
        let alone = try MadeRegister(generator).digest
        #expect(try await MadeRegister(generator, workers: 1).digest == alone)
        #expect(try await MadeRegister(generator, workers: 7).digest == alone)
    }

    @Test func `what one value draws does not depend on the values beside it`() throws {
        let few = try make(text("x: \"= uniform(0, 999999)\"", fields: "a: = x"), scale: 1).rows("Thing")
        let many = try make(text("y: \"= chance(0.5)\", x: \"= uniform(0, 999999)\"", fields: "a: = x"), scale: 1).rows("Thing")
        #expect(few.first?["a"] == many.first?["a"])
    }

    @Test(arguments: [
        ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("-7 % 3", "2"), ("round(7 / 2)", "4"), ("floor(-0.5)", "-1"),
        ("decimal(1 / 3, 2)", "0.33"), ("decimal(-2, 2)", "-2.00"), ("min(3, 2.5) < 3 ? 'a' : 'b'", "a"),
        ("date(2017, 2, 28) + 1", "2017-03-01"), ("date(2017, 3, 1) - date(2016, 3, 1)", "365"),
        ("date(2017, 2, 29)", ""), ("addMonths(date(2017, 1, 31), 1)", "2017-02-28"),
        ("quarterStart(asOf)", "2017-04-01"), ("year(asOf) * 100 + month(asOf)", "201706"), ("nothing", ""),
        ("has(nothing) || 1 > 0 && !(2 == 3)", "true"), ("'a' == 'a' ? 1 : 0", "1"), ("clip(12, 1, 9)", "9"),
        ("checkCharacter('11010519491231002')", "X"), ("checkCharacter('44052418800101001')", "4"),
        ("word('letters', 4)", "b"), ("serial('s') + serial('s')", "1"), ("max(nothing, 3)", "3"),
        ("exists == 1 ? 1 : 0", nil),
    ])
    func `a formula has its value`(formula: String, expected: String?) throws {
        if let expected {
            #expect(try value(formula) == expected, "\(formula)")
        } else {
            #expect(throws: SettingsErrors.self) { try value(formula) }
        }
    }

    @Test func `scrambled numbers differ where the numbers do`() throws {
        let rows = try make(text(fields: "a: \"= scramble(part.ordinal * 5 + ordinal, 3)\", b: x"), scale: 1000).rows("Thing")
        #expect(Set(rows.map { $0["a"] }).count == 1000)
    }

    @Test func `draws have the shares that they are given`() throws {
        let fields = "a: \"= word('words')\", b: \"= poisson(0.55)\", c: \"= round(normal(50, 10))\", d: {quantiles: [0, 1, 10]}"
        let register = try make(
            text(
                "d: {quantiles: [0, 1, 10]}", fields: fields.replacing(", d: {quantiles: [0, 1, 10]}", with: ", e: \"= d < 1\"")),
            scale: 20_000)
        let rows = register.rows("Thing")
        func mean(_ of: ([String: String]) -> Double) -> Double { rows.map(of).reduce(0, +) / Double(rows.count) }
        #expect(abs(mean { $0["a"] == "two" ? 1 : 0 } - 0.75) < 0.01)
        #expect(abs(mean { Double($0["b"] ?? "") ?? 0 } - 0.55) < 0.02)
        #expect(abs(mean { Double($0["c"] ?? "") ?? 0 } - 50) < 0.3)
        #expect(abs(mean { abs((Double($0["c"] ?? "") ?? 0) - 50) < 10 ? 1 : 0 } - 0.68) < 0.03)
        #expect(abs(mean { $0["e"] == "true" ? 1 : 0 } - 0.5) < 0.01)
    }

    @Test func `cells that need quotes have them`() throws {
        let register = try make(text(fields: "a: 'x, \"y\"', b: ' z', c: ''"), scale: 1)
        #expect(register.text["Thing"] == "a,b,c\n\"x, \"\"y\"\"\",\" z\",\n")
    }

    @Test func `a number with more digits than its text has room for ends the work`() throws {
        let text = text("n: 1000", fields: "key: \"{n:3}\"")
        #expect(throws: GenerationProblem.self) { try make(text, scale: 1) }
    }

    @Test func `what a recipe gets wrong is told with its line`() {
        check(text(fields: "a: = b"), reports: ["test.yaml:14: the row has no 'b' before this."])
        check(text(fields: "a: = 1 +"), reports: ["test.yaml:14: the formula ends where a value is missing"])
        check(text(fields: "a: \"= word('x')\""), reports: ["test.yaml:14: 'word' takes the name of a list: letters, words"])
        check(
            text(fields: "a: = 0.5"),
            reports: ["test.yaml:14: the field 'a' is a number without a number of digits; use round or decimal"])
        check(
            text(fields: "a: {choose: {x: 1}, by: 1}"),
            reports: ["test.yaml:14: 'a' has one of choose, by, quantiles, row; found 2"])
        check(
            text(fields: "a: \"= chance(1) ? 1 : 'x'\""), reports: ["test.yaml:14: one branch is a whole number, another a text"])
        check(
            text().replacing("takes: 5", with: "count: 1"),
            reports: ["test.yaml:3: the rows 'part' lie between the parts and the scale's rows and have no takes"])
        check(text().replacing("rows: thing}", with: "rows: thin}"), reports: ["test.yaml:3: no rows are called 'thin'"])
    }
}
