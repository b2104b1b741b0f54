import Expressions
import Patterns
import StoreColumns
import Testing

@Suite struct `Evaluation` {
    private func town(_ key: String) -> Key { Key([.string(key)]) }

    @Test func `a share takes the newest ended year, else the earliest`() throws {
        var register = SmallRegister()
        register.add(Fixture.town, ["code": .string("t")])
        register.add(Fixture.town, ["code": .string("young")])
        register.add(Fixture.town, ["code": .string("bare")])
        for (year, residents) in [(2014, 50), (2015, 80), (2016, 100)] {
            register.add(
                Fixture.townYear,
                ["town": SmallRegister.text("t"), "year": .int(Int32(year)), "residents": .int(Int32(residents))])
        }
        for year in [2017, 2018] {
            register.add(
                Fixture.townYear, ["town": SmallRegister.text("young"), "year": .int(Int32(year)), "residents": .int(40)])
        }
        for (family, standing, members) in [("a", 0, 3), ("b", 1, 5), ("c", 2, 1)] {
            register.add(Fixture.family, ["number": .string(family), "town": SmallRegister.text("t")])
            register.add(
                Fixture.standingPeriod,
                [
                    "family": SmallRegister.text(family), "validFrom": .date(Fixture.date(2015, 1, 1).days),
                    "standing": .enumeration(UInt16(standing)),
                ])
            for member in 0..<members {
                let number = Int32(family.utf8.reduce(0) { $0 + Int($1) } * 100 + member)
                register.add(Fixture.person, ["number": .int(number)])
                register.add(
                    Fixture.membership,
                    [
                        "family": SmallRegister.text(family), "person": SmallRegister.number(number),
                        "validFrom": .date(Fixture.date(2015, 1, 1).days),
                        "validTo": member == 0 ? .date(Fixture.date(2016, 12, 1).days) : .null,
                    ])
            }
        }
        var asker = Asker(version: try register.version())
        for mode in [Materialisation.never, .always] {
            asker.asOf = Fixture.date(2016, 11, 15)
            #expect(try asker.value("poorPersons", on: Fixture.town, key: town("t"), mode) == .int(4))
            #expect(try asker.value("incidence", on: Fixture.town, key: town("t"), mode).shown == "4/80")
            #expect(try asker.value("incidence", on: Fixture.town, key: town("young"), mode).shown == "0/40")
            #expect(try asker.value("incidence", on: Fixture.town, key: town("bare"), mode) == .null)
            asker.asOf = Fixture.date(2016, 12, 31)
            #expect(try asker.value("incidence", on: Fixture.town, key: town("t"), mode).shown == "2/100")
            asker.asOf = Fixture.date(2013, 1, 1)
            #expect(try asker.value("incidence", on: Fixture.town, key: town("t"), mode).shown == "0/50")
        }
        let few = try parseCEL("incidence < 0.051", on: Fixture.town, in: Fixture.rowTypes, expecting: .boolean)
        asker.asOf = Fixture.date(2016, 11, 15)
        #expect(try CompiledPredicate(few, on: Fixture.town, asker.context(.always)).rows().count == 2)
    }

    @Test(arguments: [Materialisation.never, .always])
    func `a duty is met by a call of one's own, in the quarter, while it holds`(_ mode: Materialisation) throws {
        var register = SmallRegister()
        register.add(Fixture.family, ["number": .string("f")])
        for helper in ["h", "other"] { register.add(Fixture.helper, ["number": .string(helper)]) }
        register.add(
            Fixture.care,
            [
                "helper": SmallRegister.text("h"), "family": SmallRegister.text("f"),
                "validFrom": .date(Fixture.date(2016, 2, 10).days),
            ])
        let calls: [(Int, Int, Int, String, UInt16, UInt16)] = [
            (2016, 1, 5, "h", 0, 1), (2016, 5, 1, "other", 0, 1), (2016, 8, 1, "h", 0, 2), (2016, 8, 2, "h", 1, 1),
            (2016, 10, 1, "h", 0, 1), (2017, 3, 31, "h", 0, 1),
        ]
        for (number, call) in calls.enumerated() {
            register.add(
                Fixture.call,
                [
                    "number": .int(Int32(number)), "family": SmallRegister.text("f"),
                    "helpers": .referenceList([Key([.string(call.3)])]), "date": .date(Fixture.date(call.0, call.1, call.2).days),
                    "place": .enumeration(call.4), "state": .enumeration(call.5),
                ])
        }
        var asker = Asker(version: try register.version())
        let care = Key([
            .reference(Key([.string("h")])), .reference(Key([.string("f")])), .date(Fixture.date(2016, 2, 10).days),
        ])
        let expected: [(Int, Int, Int, String)] = [
            // The call of January came before the care began.
            (2016, 3, 1, "DUE"), (2016, 3, 16, "AT_RISK"), (2016, 3, 31, "AT_RISK"),
            // Another helper's call does not count, nor a voided one, nor one at the office.
            (2016, 6, 14, "DUE"), (2016, 9, 30, "AT_RISK"),
            // On the first day of a quarter, and on its last; not a day before it happened.
            (2016, 10, 1, "MET"), (2016, 12, 31, "MET"), (2017, 3, 30, "AT_RISK"), (2017, 3, 31, "MET"), (2017, 4, 1, "DUE"),
        ]
        for (year, month, day, duty) in expected {
            asker.asOf = Fixture.date(year, month, day)
            let code = Fixture.catalog[Fixture.duty].code(of: duty) ?? 99
            #expect(try asker.value("duty", on: Fixture.care, key: care, mode) == .enumeration(code), "\(asker.asOf)")
        }
    }

    @Test func `of several valid rows the latest start wins, then the greatest key`() throws {
        var register = SmallRegister()
        register.add(Fixture.family, ["number": .string("f")])
        for helper in ["a", "b", "c"] { register.add(Fixture.helper, ["number": .string(helper)]) }
        for (helper, month) in [("b", 3), ("a", 3), ("c", 2)] {
            register.add(
                Fixture.care,
                [
                    "helper": SmallRegister.text(helper), "family": SmallRegister.text("f"),
                    "validFrom": .date(Fixture.date(2016, month, 1).days),
                ])
        }
        var asker = Asker(version: try register.version())
        for mode in [Materialisation.never, .always] {
            asker.asOf = Fixture.date(2016, 11, 15)
            #expect(try asker.value("care.helper.number", on: Fixture.family, key: town("f"), mode) == .string("b"))
            asker.asOf = Fixture.date(2016, 2, 1)
            #expect(try asker.value("care.helper.number", on: Fixture.family, key: town("f"), mode) == .string("c"))
            asker.asOf = Fixture.date(2016, 1, 31)
            #expect(try asker.value("care.helper.number", on: Fixture.family, key: town("f"), mode) == .null)
        }
    }

    // MARK: Errors

    private func calls(_ cells: [[String: Cell]]) throws -> Asker {
        var register = SmallRegister()
        register.add(Fixture.family, ["number": .string("f")])
        for (index, given) in cells.enumerated() {
            var row = given
            row["number"] = .int(Int32(index))
            row["family"] = SmallRegister.text("f")
            row["helpers"] = .referenceList([])
            row["state"] = .enumeration(0)
            register.add(Fixture.call, row)
        }
        return Asker(version: try register.version())
    }

    @Test func `what does not fit is an error, never a wrong number`() throws {
        let asker = try calls([["minutes": .int(.max), "cost": .decimal(.max)]])
        let key = Key([.int(0)])
        for text in [
            "minutes * minutes * minutes * 99", "cost + cost", "cost * 10.5", "-cost - cost - 1", "addDays(asOf, minutes)",
            "cost / 7 * cost",
        ] {
            #expect {
                try asker.value(text, on: Fixture.call, key: key)
            } throws: {
                if case EvaluationError.overflow = $0 { true } else { false }
            }
        }
        #expect(try asker.value("minutes * 1.5", on: Fixture.call, key: key).shown == "3221225470.5")
        #expect(try asker.value("(0 - minutes) % -1", on: Fixture.call, key: key) == .int(0))
    }

    @Test func `a derived column keeps the error for the row that has it`() throws {
        var register = SmallRegister()
        for town in ["big", "small"] { register.add(Fixture.town, ["code": .string(town)]) }
        for family in ["a", "b"] {
            register.add(
                Fixture.family, ["number": .string(family), "town": SmallRegister.text("big"), "income": .decimal(.max)])
        }
        register.add(Fixture.family, ["number": .string("c"), "town": SmallRegister.text("small"), "income": .decimal(250)])
        let rowTypes = Fixture.rowTypes
        var types = rowTypes
        types.derived[4].expression = try parseCEL(
            "sum(families.map(f, f.income))", on: Fixture.town, in: rowTypes, expecting: nil)
        let version = try register.version()
        let context = EvaluationContext(
            version: version, rowTypes: types, asOf: Fixture.date(2016, 1, 1), budget: Budget(),
            derived: DerivedColumns(types), materialisation: .always)
        let read = Expression.derived(of: .variable(0, Fixture.town), DerivedID(4), .decimal(fractionDigits: 2))
        let compiled = try CompiledExpression(read, on: Fixture.town, context)
        #expect(try compiled.value(of: 1).shown == "2.50")
        #expect {
            try compiled.value(of: 0)
        } throws: {
            if case EvaluationError.overflow = $0 { true } else { false }
        }
    }

    @Test(arguments: [Materialisation.never, .adaptive, .always])
    func `a pattern's limit is an error of the row that reaches it`(_ mode: Materialisation) throws {
        let hostile = String(repeating: "a", count: 40) + "!"
        let asker = try calls([
            ["remark": .string("aaa"), "minutes": .int(1)], ["remark": .string(hostile), "minutes": .int(2)],
        ])
        func rows(_ text: String) throws -> [RowNumber] {
            let expression = try parseCEL(text, on: Fixture.call, in: Fixture.rowTypes, expecting: .boolean)
            return try CompiledPredicate(expression, on: Fixture.call, asker.context(mode)).rows().array()
        }
        #expect(throws: EvaluationError.patternLimit(pattern: "(a+)+$", .steps(100_000))) { try rows("remark.matches('(a+)+$')") }
        #expect(try rows("minutes == 1 && remark.matches('(a+)+$')") == [0])
        #expect(throws: EvaluationError.patternInvalid(pattern: "(", message: "missing closing parenthesis", offset: 1)) {
            try rows("remark.matches('(')")
        }
        #expect(throws: EvaluationError.patternLimit(pattern: String(repeating: "a", count: 300), .length(256))) {
            try rows("remark.matches('\(String(repeating: "a", count: 300))')")
        }
    }

    @Test func `trees whose parts do not fit are refused`() throws {
        let asker = try calls([])
        let call = Expression.variable(0, Fixture.call)
        let minutes = Expression.column(of: call, column: 7, .int)
        let trees: [Expression] = [
            minutes, .not(minutes), .and([minutes]), .compare(.less, call, call), .compare(.equal, minutes, .asOf),
            .column(of: call, column: 99, .boolean), .column(of: call, column: 7, .boolean),
            .quantified(
                .some, over: .rows(from: call, .inverse(index: 3, target: Fixture.call)), variable: 1, .constant(.null, .boolean)),
            .quantified(.some, over: .optional(call), variable: 0, .constant(.null, .boolean)),
            .quantified(.some, over: call, variable: 1, .constant(.null, .boolean)),
            .isNull(.variable(3, Fixture.call)), .isOneOf(minutes, [.string("a")]), .isOneOf(minutes, [.null]),
            .text(TextMatch(kind: .equals, pattern: "", caseInsensitive: false), minutes),
            .isNull(.derived(of: call, DerivedID(0), .int)), .isNull(.derived(of: call, DerivedID(99), .int)),
            .listIsEmpty(minutes), .compare(.equal, .constant(.string("a"), .date), .asOf),
        ]
        for tree in trees {
            #expect {
                try CompiledPredicate(tree, on: Fixture.call, asker.context())
            } throws: {
                if case EvaluationError.illTyped = $0 { true } else { false }
            }
        }
    }

    @Test func `derived fields in a circle are found, and refused`() throws {
        #expect(Fixture.rowTypes.derivedCycle() == nil)
        var types = Fixture.rowTypes
        let parts = Expression.rows(from: .variable(0, Fixture.town), .inverse(index: 2, target: Fixture.town))
        let ofParts = Expression.derived(of: .variable(1, Fixture.town), DerivedID(2), .int)
        types.derived[2].expression = .aggregate(.sum, over: parts, variable: 1, of: ofParts)
        #expect(types.derivedCycle() == [DerivedID(2)])
        let version = GraphVersion.empty(catalog: Fixture.catalog)
        let context = EvaluationContext(
            version: version, rowTypes: types, asOf: Fixture.date(2016, 1, 1), budget: Budget(), derived: DerivedColumns(types))
        #expect(throws: EvaluationError.illTyped("the derived field poorPersons is computed from itself")) {
            try CompiledExpression(.derived(of: .variable(0, Fixture.town), DerivedID(2), .int), on: Fixture.town, context)
        }
    }

    @Test func `what an expression reads is known`() throws {
        let expression = try parseCEL("incidence < 0.1", on: Fixture.town, in: Fixture.rowTypes, expecting: .boolean)
        let reads = ReadSet(expression, in: Fixture.rowTypes)
        #expect(reads.readsAsOf)
        #expect(reads.inverses.contains(ReadSet.Place(type: Fixture.town, index: 1)))
        #expect(reads.columns.contains(ReadSet.Place(type: Fixture.standingPeriod, index: 3)))
        #expect(!reads.columns.contains { $0.type == Fixture.call })
        let plain = try parseCEL("minutes > 3", on: Fixture.call, in: Fixture.rowTypes, expecting: .boolean)
        #expect(!ReadSet(plain, in: Fixture.rowTypes).readsAsOf)
        #expect(
            ReadSet(plain, in: Fixture.rowTypes).columns == [
                ReadSet.Place(type: Fixture.call, index: 7), ReadSet.Place(type: Fixture.call, index: 0),
            ])
    }
}
