import Foundation
import Query
import Testing

/// What a client gets wrong is told with its place, its code, and no more work than it takes to see it.
@Suite struct `Bad input` {
    struct Mistake: Sendable, CustomTestStringConvertible {
        /// Before `«` stands what the error points at.
        var document: String
        var path: String
        var code = "BAD_USER_INPUT"
        var message: String
        var testDescription: String { document }
    }

    static let mistakes: [Mistake] = [
        Mistake(
            document: "{ players(where: «{name: {regex: \"(a\"}}) { totalCount } }", path: "where.name.regex",
            message: "closing parenthesis"),
        Mistake(
            document: "{ players(where: {height: {eq: «null}}) { totalCount } }", path: "where.height.eq", code: "NULL_OPERAND",
            message: "isNull"),
        Mistake(
            document: "{ players(where: {and: [{name: {in: «null}}]}) { totalCount } }", path: "where.and[0].name.in",
            code: "NULL_OPERAND", message: "null"),
        Mistake(
            document: "{ players(where: {and: {not: «null}}) { totalCount } }", path: "where.and[0].not", code: "NULL_OPERAND",
            message: "null"),
        Mistake(
            document: "{ players(where: {born: {between: «{}}}) { totalCount } }", path: "where.born.between",
            message: "'from' or 'to'"),
        Mistake(document: "{ players(first: «-1) { totalCount } }", path: "first", message: "cannot be negative"),
        Mistake(document: "{ players(first: «1001) { totalCount } }", path: "first", message: "max-page-size"),
        Mistake(document: "{ players(last: «2147483647) { totalCount } }", path: "last", message: "max-page-size"),
        Mistake(
            document: "{ players(where: {id: {eq: «\"xyz\"}}) { totalCount } }", path: "where.id.eq",
            message: "is no id of a Player"),
        Mistake(
            document: "{ players(where: {name: {like: «\"a\\\\\"}}) { totalCount } }", path: "where.name.like",
            message: "nothing to escape"),
        Mistake(
            document: "{ players(after: «\"bm9uZQ\") { nodes { number } } }", path: "after", message: "no cursor of this list"),
        Mistake(document: "{ players(before: «\"\") { nodes { number } } }", path: "before", message: "no cursor of this list"),
        Mistake(
            document: "{ players(where: {name: {regex: «\"(?R)\"}}) { totalCount } }", path: "where.name.regex",
            code: "PATTERN_LIMIT", message: "calls itself"),
        Mistake(
            document: "{ players(where: {name: {regex: «\"(*LIMIT_MATCH=9)a\"}}) { totalCount } }", path: "where.name.regex",
            code: "PATTERN_LIMIT", message: "limits of its own"),
        Mistake(
            document: "{ players(where: {name: {regex: «\"" + String(repeating: "a", count: 300) + "\"}}) { totalCount } }",
            path: "where.name.regex", code: "PATTERN_LIMIT", message: "longer than 256 bytes. (limit max-pattern-bytes)"),
        Mistake(
            document: "{ players(where: {name: {contains: «\"" + String(repeating: "a", count: 1_025) + "\"}}) { totalCount } }",
            path: "where.name.contains", code: "PATTERN_LIMIT", message: "max-literal-bytes"),
        Mistake(
            document: "{ players(where: {band: {home: {within: «\"R9\"}}}) { totalCount } }", path: "where.band.home.within",
            message: "There is no Region \"R9\""),
        Mistake(
            document: "{ players(where: {cel: \"«heigth > 1\"}) { totalCount } }", path: "where.cel", message: "heigth"),
        Mistake(document: "{ players(last: 1, first: «1) { totalCount } }", path: "first", message: "give one of them"),
        Mistake(
            document:
                "{ players { groups(by: [{field: rank}], having: {countDistinct: {field: «id, count: {gt: 1}}}) { aggregate { count } } } }",
            path: "having.countDistinct[0].field", message: "'count' counts rows"),
        Mistake(
            document:
                "{ players { groups(by: [{field: rank}], orderBy: [{aggregate: {avg: {field: «born, order: ASC}}}]) { aggregate { count } } } }",
            path: "orderBy[0].aggregate.avg.field", message: "'min', 'max' and 'median'"),
        Mistake(
            document: "{ players { groups(by: [{field: «share}]) { aggregate { count } } } }", path: "by[0].field",
            message: "group by intervals of it: {share: …}"),
        Mistake(
            document: "{ players { groups(by: [{height: {bounds: «[]}}]) { aggregate { count } } } }",
            path: "by[0].height.bounds",
            message: "'bounds' is empty"),
    ]

    @Test(arguments: mistakes) func `a mistake is told at its place`(mistake: Mistake) throws {
        let document = mistake.document.replacing("«", with: "")
        let errors = try Desk(SmallRegister.make()).errors(document)
        try #require(errors.count == 1, "\(errors)")
        #expect(errors[0].extensions.code.string == mistake.code, "\(errors)")
        #expect(errors[0].extensions.argumentPath.string == mistake.path, "\(errors)")
        #expect(errors[0].message.string?.contains(mistake.message) == true, "\(errors)")
        #expect(errors[0].path[0].string == "players")
        let column = mistake.document.unicodeScalars.prefix { $0 != "«" }.count + 1
        if mistake.path != "where", !mistake.document.contains("where: «") {
            #expect(errors[0].locations.items.map { $0.column.int } == [column], "\(errors)")
        }
    }

    @Test func `groups may be chosen and sorted by figures that are not shown`() throws {
        let query = """
            { players { groups(by: [{field: rank}], having: {max: {height: {gte: 160}}, countDistinct: {field: name, count: {eq: 1}}},
              orderBy: [{aggregate: {median: {field: height, order: DESC}}}]) { key { rank } } } }
            """
        let found = try Desk(SmallRegister.make()).data(query).players.groups.items.map { $0.key.rank.string }
        #expect(found == ["SKILLED", "MASTER"])
    }

    @Test func `a cursor of another sort, filter, role or list is told from one that was changed`() throws {
        let desk = try Desk(SmallRegister.make())
        let cursor = try #require(
            desk.data("{ players(first: 1 orderBy: [{name: ASC}]) { pageInfo { endCursor } } }").players.pageInfo.endCursor.string
        )
        for list in [
            "players(orderBy: [{name: DESC}]", "players(orderBy: [{name: ASC}] where: {height: {gt: 1}}", "players(orderBy: []",
            "bands(first: 1",
        ] {
            for argument in ["after", "before"] {
                let errors = try desk.errors("{ \(list) \(argument): \"\(cursor)\") { pageInfo { hasNextPage } } }")
                #expect(errors.map { $0.extensions.argumentPath.string } == [argument], "\(list)")
                #expect(errors.map { $0.extensions.code.string } == ["BAD_USER_INPUT"])
                #expect(errors.first?.locations.items.isEmpty == false)
            }
        }
    }

    /// What coercion and validation refuse before anything is planned.
    @Test(arguments: [
        "{ players(where: {rank: {eq: GOD}}) { totalCount } }", "{ players(where: {rank: {eq: \"MASTER\"}}) { totalCount } }",
        "{ players(where: {born: {during: \"2026-Q5\"}}) { totalCount } }",
        "{ players(where: {born: {during: \"2026-13\"}}) { totalCount } }",
        "{ players(where: {born: {during: \"2026-W54\"}}) { totalCount } }",
        "{ players(where: {born: {during: \"2026-03-31/2026-01-01\"}}) { totalCount } }",
        "{ players(where: {born: {during: \"LAST_0_MONTHS\"}}) { totalCount } }",
        "{ players(where: {born: {during: 2026}}) { totalCount } }",
        "{ players(where: {born: {eq: \"2026-02-30\"}}) { totalCount } }",
        "{ players(where: {seenAt: {eq: \"2026-02-28\"}}) { totalCount } }", "{ players(orderBy: [{name: UP}]) { totalCount } }",
        "{ players(where: {height: {eq: 1.5}}) { totalCount } }", "{ players(where: {share: {eq: \"1/0\"}}) { totalCount } }",
    ]) func `a value that is none is refused with its place`(document: String) throws {
        let errors = try Desk(SmallRegister.make()).errors(document)
        #expect(errors.count == 1)
        #expect(["GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"].contains(errors.first?.extensions.code.string))
        #expect(errors.first?.locations.items.isEmpty == false, "\(errors)")
    }

    /// `reliability.md` §5, A15: wherever a number may stand, written or sent.
    @Test(arguments: [
        "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "18446744073709551616", "-9223372036854775808",
        "-9223372036854775809", String(repeating: "9", count: 400), "-" + String(repeating: "9", count: 400), "-1", "-0", "0",
        "1e400",
        "-1e400", "1e-400", "2.5", "1E5", "NaN", "Infinity", "-Infinity", "\"NaN\"", "\"1e400\"",
    ]) func `a number beyond all bounds is an error or an answer`(number: String) throws {
        let desk = try Desk(SmallRegister.make())
        let places = [
            ("players(first: #)", "Int"), ("players(last: #)", "Int"), ("players(offset: #)", "Int"),
            ("players(where: {height: {eq: #}})", "Int"), ("players(where: {height: {in: [#]}})", "Int!"),
            ("players(where: {weight: {lt: #}})", "Float"), ("players(where: {fee: {gte: #}})", "Decimal"),
            ("players(where: {fee: {between: {from: #}}})", "Decimal"), ("players(where: {share: {lt: #}})", "Ratio"),
            ("players(where: {born: {eq: #}})", "Date"), ("players(where: {seenAt: {eq: #}})", "DateTime"),
            ("players(where: {born: {during: #}})", "Period"), ("players(where: {id: {eq: #}})", "ID"),
            ("players(where: {songCount: {notIn: [#]}})", "Int!"), ("players(where: {cel: \"height < #\"})", ""),
            ("players(where: {cel: \"fee * # > 0.5\"})", ""), ("players(where: {cel: \"born + # > asOf\"})", ""),
        ]
        for (field, type) in places {
            let written = desk.answer("{ \(field.replacing("#", with: number)) { totalCount nodes { number } } }")
            let body = try JSON(written.body)
            #expect(written.outcome == .data || !body.errors.items.isEmpty)
            for error in body.errors.items {
                #expect(error.extensions.code.string != "INTERNAL_SERVER_ERROR", "\(field): \(error)")
            }
            guard !type.isEmpty else { continue }
            let sent = desk.answer(
                "query($n: \(type)) { \(field.replacing("#", with: "$n")) { totalCount } }", variables: "{\"n\": \(number)}")
            for error in try JSON(sent.body).errors.items {
                #expect(error.extensions.code.string != "INTERNAL_SERVER_ERROR", "\(field): \(error)")
            }
        }
    }

    /// `reliability.md` §5, A22: patterns written to hang a matcher, over a name that they hang on.
    @Test(arguments: [
        "(a+)+$", "(a|aa)+$", "(.*a){20}$", "(\\\\w+\\\\s?)+$", "^(a?){40}a{40}$", "(a*)*b", "(a|a)*b", "(?:(?:a+)+)+b",
        "(.+)+\\\\d",
        "(a+a+)+y", "([a-z]+)*=", "^(([a-z])+.)+[A-Z]([a-z])+$", "((a{1,1000}){1,1000}){1,1000}", "(?R)", "a(?R)?b(?R)?",
        "((?:a(?1)?)+)$", "(*LIMIT_MATCH=4000000000)(a+)+$", "(*NO_JIT)(a+)+$", "(?=(a+))*\\\\1+b", "(?:a?){200}(?:a){200}",
    ]) func `a pattern that explodes is refused or answered, never taken for no match`(pattern: String) throws {
        let graph = SmallRegister.make()
        graph.rows["Player"]![4]["name"] = .string(String(repeating: "a", count: 40) + "!")
        let desk = try Desk(graph)
        let clock = ContinuousClock()
        let start = clock.now
        let answer = desk.answer("{ players(where: {name: {regex: \"\(pattern)\"}}) { totalCount } }")
        print("\(pattern): \(start.duration(to: clock.now))")
        let errors = try JSON(answer.body).errors.items
        guard !errors.isEmpty else { return }
        #expect(errors.map { $0.extensions.code.string } == ["PATTERN_LIMIT"], "\(errors)")
        #expect(errors[0].extensions.argumentPath.string == "where.name.regex", "\(errors)")
        #expect(errors[0].path[0].string == "players")
        #expect(!errors[0].locations.items.isEmpty)
    }

    @Test func `the classic explosions are refused`() throws {
        let graph = SmallRegister.make()
        graph.rows["Player"]![4]["name"] = .string(String(repeating: "a", count: 40) + "!")
        let desk = try Desk(graph)
        for pattern in ["(a+)+$", "(a|aa)+$", "(.*a){20}$", "(?R)", "(*LIMIT_MATCH=4000000000)(a+)+$"] {
            let errors = try desk.errors("{ players(where: {name: {regex: \"\(pattern)\"}}) { totalCount } }")
            #expect(errors.map { $0.extensions.code.string } == ["PATTERN_LIMIT"], "\(pattern)")
        }
    }
}
