import Expressions
import StoreColumns
import Testing

/// The table of operators × null.
@Suite struct `Null reads as unknown` {
    /// Call 0 has nothing but what it must; call 1 has everything.
    private static func asker() throws -> Asker {
        var register = SmallRegister()
        register.add(Fixture.family, ["number": .string("f")])
        register.add(Fixture.helper, ["number": .string("h"), "name": .string("Hana")])
        register.add(
            Fixture.call,
            ["number": .int(0), "family": SmallRegister.text("f"), "helpers": .referenceList([]), "state": .enumeration(0)])
        register.add(
            Fixture.call,
            [
                "number": .int(1), "family": SmallRegister.text("f"), "helpers": .referenceList([Key([.string("h")])]),
                "date": .date(Fixture.date(2016, 5, 31).days), "place": .enumeration(1), "state": .enumeration(1),
                "topics": .enumerationList([0, 2]), "minutes": .int(5), "cost": .decimal(250), "isJoint": .boolean(true),
                "remark": .string("abc"),
            ])
        return Asker(version: try register.version())
    }

    static let table: [(String, null: Truth, value: Truth)] = [
        ("minutes == 5", .unknown, .yes), ("minutes != 5", .unknown, .no), ("minutes < 5", .unknown, .no),
        ("minutes <= 5", .unknown, .yes), ("minutes > 5", .unknown, .no), ("minutes >= 5", .unknown, .yes),
        ("minutes == minutes", .unknown, .yes), ("cost == 2.5", .unknown, .yes), ("cost < 2.505", .unknown, .yes),
        ("cost == 2.505", .unknown, .no), ("cost != 2.505", .unknown, .yes), ("cost > minutes", .unknown, .no),
        ("cost < 99999999999999.5", .unknown, .yes), ("ratio(minutes, 2) == cost", .unknown, .yes),
        ("date > date(2016, 5, 30)", .unknown, .yes), ("place == 'OFFICE'", .unknown, .yes),
        ("place < 'ELSEWHERE'", .unknown, .yes), ("remark == 'abc'", .unknown, .yes), ("remark != 'never seen'", .unknown, .yes),
        ("remark < 'b'", .unknown, .yes), ("remark >= remark", .unknown, .yes), ("isJoint", .unknown, .yes),
        ("isJoint == true", .unknown, .yes), ("isJoint != true", .unknown, .no), ("!isJoint", .unknown, .no),
        ("remark.startsWith('a')", .unknown, .yes), ("remark.endsWith('a')", .unknown, .no),
        ("remark.contains('b')", .unknown, .yes), ("remark.matches('^a.c$')", .unknown, .yes),
        ("size(remark) == 3", .unknown, .yes),
        ("minutes in [4, 5]", .unknown, .yes), ("minutes in []", .unknown, .no), ("place in ['AT_HOME']", .unknown, .no),
        ("remark in ['abc', 'x']", .unknown, .yes), ("cost in [2.505, 2.5]", .unknown, .yes),
        ("'WORK' in topics", .unknown, .yes),
        ("'MONEY' in topics", .unknown, .no), ("minutes in [number, 5]", .unknown, .yes),
        ("has(minutes)", .no, .yes), ("minutes == null", .yes, .no), ("minutes != null", .no, .yes), ("has(topics)", .no, .yes),
        ("has(isJoint)", .no, .yes), ("has(remark)", .no, .yes), ("has(family.town)", .no, .no), ("has(hint)", .yes, .yes),
        ("hint == 'none'", .yes, .no), ("family.town.name == 'x'", .unknown, .unknown), ("has(family.town.name)", .no, .no),
        ("coalesce(minutes, 0) == 0", .yes, .no), ("coalesce(isJoint, false)", .no, .yes), ("minutes + 1 > 5", .unknown, .yes),
        ("minutes / 0 == 0", .unknown, .unknown), ("ratio(minutes, 0) == 0", .unknown, .unknown),
        ("5 % minutes == 0", .unknown, .yes),
        ("greatest(minutes, 3) == 5", .unknown, .yes), ("date + 1 == date(2016, 6, 1)", .unknown, .yes),
        ("asOf - date > 100", .unknown, .yes), ("yearOf(date) == 2016", .unknown, .yes),
        ("quarterEnd(date) == date(2016, 6, 30)", .unknown, .yes), ("date(2015, 2, number + 28) == null", .no, .yes),
        ("isJoint ? true : false", .unknown, .yes), ("(isJoint ? 1 : 2) == 1", .unknown, .yes),
        ("has(date) && date <= asOf", .no, .yes), ("!has(date) || date > asOf", .yes, .no), ("!(date <= asOf)", .unknown, .no),
        ("helpers.exists(h, h.name == 'Hana')", .no, .yes), ("helpers.all(h, h.name == 'Hana')", .yes, .yes),
        ("helpers.exists_one(h, true)", .no, .yes), ("size(helpers) == 1", .no, .yes),
        ("size(family.town.families) == 0", .unknown, .unknown), ("family.town.families.exists(f, true)", .unknown, .unknown),
        ("sum(helpers.map(h, size(h.name))) == 4", .no, .yes), ("sum(helpers.map(h, 1)) == 0", .yes, .no),
        ("max(helpers.map(h, h.number)) == 'h'", .unknown, .yes), ("has(avg(helpers.map(h, 1)))", .no, .yes),
        ("has(latest(helpers, h, h.number))", .no, .yes),
        ("latest(helpers, h, h.number) in helpers", .unknown, .yes), ("family.town == family.town", .unknown, .unknown),
    ]

    @Test(arguments: table) func `every operator says what null means`(_ row: (String, null: Truth, value: Truth)) throws {
        let asker = try Self.asker()
        #expect(try asker.truth(row.0, on: Fixture.call, key: Key([.int(0)])) == row.null, "null: \(row.0)")
        #expect(try asker.truth(row.0, on: Fixture.call, key: Key([.int(1)])) == row.value, "value: \(row.0)")
    }

    @Test func `and, or and not are Kleene's`() throws {
        let asker = try Self.asker()
        let written: [(Truth, String)] = [(.yes, "number >= 0"), (.no, "number < 0"), (.unknown, "minutes > 0")]
        for (a, left) in written {
            for (b, right) in written {
                let and = try asker.truth("\(left) && \(right)", on: Fixture.call, key: Key([.int(0)]))
                let or = try asker.truth("\(left) || \(right)", on: Fixture.call, key: Key([.int(0)]))
                #expect(and == (a == .no || b == .no ? .no : a == .unknown || b == .unknown ? .unknown : .yes), "\(a) && \(b)")
                #expect(or == (a == .yes || b == .yes ? .yes : a == .unknown || b == .unknown ? .unknown : .no), "\(a) || \(b)")
                let alike = try asker.truth("(\(left)) == (\(right))", on: Fixture.call, key: Key([.int(0)]))
                #expect(alike == (a == .unknown || b == .unknown ? .unknown : a == b ? .yes : .no), "\(a) == \(b)")
            }
            let not = try asker.truth("!(\(left))", on: Fixture.call, key: Key([.int(0)]))
            #expect(not == (a == .unknown ? .unknown : a == .yes ? .no : .yes))
        }
    }

    /// The verdicts of a family's calls, then what some, every, none and exactly one of them say.
    static let quantified: [(String, some: Truth, every: Truth, exactlyOne: Truth)] = [
        ("", .no, .yes, .no), ("y", .yes, .yes, .yes), ("n", .no, .no, .no), ("u", .unknown, .unknown, .unknown),
        ("yn", .yes, .no, .yes), ("yu", .yes, .unknown, .unknown), ("nu", .unknown, .no, .unknown), ("yy", .yes, .yes, .no),
        ("yyu", .yes, .unknown, .no), ("ynu", .yes, .no, .unknown),
    ]

    @Test(arguments: quantified)
    func `quantifiers are Kleene's over the rows of a set`(_ row: (String, some: Truth, every: Truth, exactlyOne: Truth)) throws {
        var register = SmallRegister()
        register.add(Fixture.family, ["number": .string("f")])
        register.add(Fixture.family, ["number": .string("other")])
        for (index, verdict) in row.0.enumerated() {
            register.add(
                Fixture.call,
                [
                    "number": .int(Int32(index)), "family": SmallRegister.text("f"), "helpers": .referenceList([]),
                    "state": .enumeration(0), "isJoint": verdict == "u" ? .null : .boolean(verdict == "y"),
                ])
        }
        let asker = Asker(version: try register.version())
        let key = Key([.string("f")])
        #expect(try asker.truth("calls.exists(c, c.isJoint)", on: Fixture.family, key: key) == row.some)
        #expect(try asker.truth("calls.all(c, c.isJoint)", on: Fixture.family, key: key) == row.every)
        #expect(try asker.truth("calls.exists_one(c, c.isJoint)", on: Fixture.family, key: key) == row.exactlyOne)
        #expect(
            try asker.truth(
                "size(calls.filter(c, c.isJoint)) == \(row.0.filter { $0 == "y" }.count)", on: Fixture.family, key: key) == .yes)
        let none = Expression.quantified(
            .none, over: .rows(from: .variable(0, Fixture.family), .inverse(index: 3, target: Fixture.call)), variable: 1,
            .column(of: .variable(1, Fixture.call), column: 9, .boolean))
        for mode in [Materialisation.never, .always] {
            let predicate = try CompiledPredicate(none, on: Fixture.family, asker.context(mode))
            #expect(try predicate.rows().array().contains(0) == (row.some == .no))
        }
    }
}
