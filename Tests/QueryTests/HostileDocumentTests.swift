import Expressions
import Foundation
import GraphQLTypes
import Query
import QueryPlanning
import Testing

/// Documents, bodies and variables that mean harm: a clear answer each, soon, and nothing else. `reliability.md` §5
@Suite struct `Hostile requests` {
    let desk: Desk

    init() throws { desk = try Desk(SmallRegister.make()) }

    private func check(
        _ document: String, variables: String = "{}", is outcome: QueryAnswer.Outcome, _ code: String, limit: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let clock = ContinuousClock()
        var answer: QueryAnswer?
        let time = clock.measure { answer = desk.answer(document, variables: variables) }
        let found = try #require(answer)
        let body = try JSON(found.body)
        #expect(found.outcome == outcome, "\(body)", sourceLocation: sourceLocation)
        #expect(body.errors[0].extensions.code.string == code, "\(body)", sourceLocation: sourceLocation)
        if let limit {
            #expect(body.errors[0].extensions.limit.string == limit, "\(body)", sourceLocation: sourceLocation)
            #expect(body.errors[0].message.string?.contains(limit) == true, sourceLocation: sourceLocation)
        }
        let isRequestError = ![.data, .dataWithErrors, .dataIsNull, .overBudget, .stopped].contains(found.outcome)
        #expect((body.value as? [String: Any])?.keys.contains("data") == !isRequestError, sourceLocation: sourceLocation)
        #expect(time < .seconds(2), sourceLocation: sourceLocation)
    }

    private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    @Test func `open braces without end are refused by their depth`() throws {
        try check(repeated("{", 200_000), is: .beyondLimits, "QUERY_TOO_COMPLEX", limit: "max-document-characters")
        try check(repeated("{a", 40_000), is: .beyondLimits, "QUERY_TOO_DEEP", limit: "max-syntax-depth")
        try check("{ players(where: {name: {in: " + repeated("[", 50_000), is: .beyondLimits, "QUERY_TOO_DEEP")
        try check(
            "query($a: " + repeated("[", 5_000) + "Int" + repeated("]", 5_000) + ") { meta { version } }", is: .beyondLimits,
            "QUERY_TOO_DEEP")
    }

    @Test func `a document is as long as it has characters`() throws {
        let comment = "# " + repeated("帮", 40_000) + "\n{ meta { version } }"
        #expect(desk.answer(comment).outcome == .data)
        try check(
            "# " + repeated("帮", 100_000) + "\n{ meta { version } }", is: .beyondLimits, "QUERY_TOO_COMPLEX",
            limit: "max-document-characters")
    }

    @Test func `a document of too many tokens is refused`() throws {
        try check("{ " + repeated("a ", 11_000) + "}", is: .beyondLimits, "QUERY_TOO_COMPLEX", limit: "max-tokens")
    }

    @Test func `a selection that is too deep is refused, through fragments too`() throws {
        func nested(_ count: Int) -> String {
            "{ player(number: \"P1\") { " + repeated("teacher { ", count) + "number" + repeated(" }", count) + " } }"
        }
        #expect(desk.answer(nested(13)).outcome == .data)
        try check(nested(14), is: .beyondLimits, "QUERY_TOO_DEEP", limit: "max-selection-depth")
        var chain = "{ player(number: \"P1\") { ...F0 } } "
        for index in 0..<20 { chain += "fragment F\(index) on Player { teacher { ...F\(index + 1) } } " }
        chain += "fragment F20 on Player { number }"
        try check(chain, is: .beyondLimits, "QUERY_TOO_DEEP", limit: "max-selection-depth")
    }

    @Test func `aliases are counted as often as their fragments are spread`() throws {
        let many = (0..<101).map { "a\($0): meta { version }" }.joined(separator: " ")
        try check("{ \(many) }", is: .beyondLimits, "QUERY_TOO_COMPLEX", limit: "max-aliases")
        var bomb = "{ player(number: \"P1\") { ...F0 } } "
        for index in 0..<12 {
            bomb += "fragment F\(index) on Player { x: teacher { ...F\(index + 1) } y: teacher { ...F\(index + 1) } } "
        }
        bomb += "fragment F12 on Player { number }"
        try check(bomb, is: .beyondLimits, "QUERY_TOO_COMPLEX", limit: "max-aliases")
        var flat = "{ player(number: \"P1\") { ...F0 } } "
        for index in 0..<40 { flat += "fragment F\(index) on Player { ...F\(index + 1) ...F\(index + 1) } " }
        #expect(desk.answer(flat + "fragment F40 on Player { number }").outcome == .data)
    }

    @Test func `directives are counted in the document and at one place`() throws {
        try check(
            "{ meta { version " + repeated("@skip(if: false) ", 6) + "} }", is: .beyondLimits, "QUERY_TOO_COMPLEX",
            limit: "max-directives-per-location")
        try check(
            "{ meta { " + repeated("version @skip(if: false) ", 51) + "} }", is: .beyondLimits, "QUERY_TOO_COMPLEX",
            limit: "max-directives")
        try check(
            "{ meta { version } } fragment F on Player " + repeated("@a ", 10) + "{ number }", is: .beyondLimits,
            "QUERY_TOO_COMPLEX")
    }

    @Test func `root fields are counted by response name`() throws {
        let many = (0..<21).map { "a\($0): meta { version }" }.joined(separator: " ")
        try check("{ \(many) }", is: .beyondLimits, "QUERY_TOO_COMPLEX", limit: "max-root-fields")
        #expect(desk.answer("{ " + repeated("meta { version } ", 500) + "}").outcome == .data)
    }

    @Test func `fragments that contain themselves are refused`() throws {
        for document in [
            "{ player(number: \"P1\") { ...A } } fragment A on Player { ...A }",
            "{ player(number: \"P1\") { ...A } } fragment A on Player { teacher { ...B } } fragment B on Player { ...C } fragment C on Player { teacher { ...A } }",
            "{ meta { version } } fragment A on Player { teacher { ...A } }",
        ] { try check(document, is: .invalid, "GRAPHQL_VALIDATION_FAILED") }
    }

    @Test func `overlapping and repeated fields take time in proportion`() throws {
        let overlapping = repeated(
            "... on Player { " + (0..<60).map { "name nickname height x\($0 % 5): number " }.joined() + "} ", 10)
        _ = desk.answer("{ player(number: \"P1\") { \(overlapping) } }")
        #expect(desk.answer("{ player(number: \"P1\") { " + repeated("name ", 9_000) + "} }").outcome == .data)
        #expect(desk.answer("{ player(number: \"P1\") { " + repeated("teacher { name } ", 2_000) + "} }").outcome == .data)
        #expect(desk.answer("{ player(number: \"P1\") { number } } " + repeated(",,,,#x\n", 10_000)).outcome == .data)
    }

    @Test func `filters nested without end are refused, written or sent`() throws {
        let written = repeated("{not: ", 40) + "{}" + repeated("}", 40)
        try check("{ players(where: \(written)) { totalCount } }", is: .badVariables, "QUERY_TOO_DEEP")
        let sent = repeated("{\"not\": ", 40) + "{}" + repeated("}", 40)
        try check(
            "query($w: PlayerFilter) { players(where: {not: $w}) { totalCount } }", variables: "{\"w\": \(sent)}",
            is: .badVariables,
            "QUERY_TOO_DEEP")
    }

    @Test func `JSON that is no request is refused for what it is`() throws {
        let deep = Array(("{\"query\": \"{a}\", \"variables\": " + repeated("[", 100_000)).utf8)
        let bodies: [(body: [UInt8], outcome: QueryAnswer.Outcome)] = [
            (deep, .beyondLimits), (Array("[{\"query\": \"{a}\"}]".utf8), .illFormedRequest), (Array("".utf8), .notJSON),
            (Array("{\"query\": \"{a}\", \"query\": \"{b}\"}".utf8), .notJSON), (Array("{\"query\": \"{a}\"} x".utf8), .notJSON),
            (Array("{\"query\": 7}".utf8), .illFormedRequest), (Array("{}".utf8), .illFormedRequest),
            (Array("7".utf8), .illFormedRequest),
            (Array("{\"query\": \"{a}\", \"variables\": []}".utf8), .illFormedRequest), ([0x7B, 0xFF, 0x7D], .notJSON),
            (Array("{\"query\": \"\\ud800\"}".utf8), .notJSON),
            (Array("{\"query\": \"{a}\", \"operationName\": 1}".utf8), .illFormedRequest),
        ]
        for (body, outcome) in bodies {
            #expect(throws: RequestError.self) { try QueryRequest.parse(json: body, limits: QueryLimits()) }
            do throws(RequestError) {
                _ = try QueryRequest.parse(json: body, limits: QueryLimits())
            } catch {
                #expect(error.outcome == outcome, "\(String(decoding: body.prefix(40), as: UTF8.self)): \(error)")
                #expect(try JSON(error.body).errors.items.count == 1)
            }
        }
        let members = "{\"query\": \"{a}\", \"variables\": {" + (0..<10_001).map { "\"v\($0)\": 1" }.joined(separator: ",") + "}}"
        do throws(RequestError) {
            _ = try QueryRequest.parse(json: Array(members.utf8), limits: QueryLimits())
            Issue.record("too many members are read")
        } catch {
            #expect(error.errors.first?.limit?.name == "max-variable-members")
        }
    }

    @Test func `unknown members and nulls of a request are passed over`() throws {
        let body =
            "{\"id\": [1], \"query\": \"{ meta { version } }\", \"variables\": null, \"operationName\": null, \"extensions\": null}"
        let request = try QueryRequest.parse(json: Array(body.utf8), limits: QueryLimits())
        #expect(request.variables.isEmpty && request.operationName == nil && request.allowsMutation)
    }

    @Test(arguments: [
        "2147483648", "-2147483649", "9223372036854775808", "1e400", "-0", "1.5", "\"1\"", "1e2",
        "99999999999999999999999999999999999999",
    ]) func `numbers of every size are answered`(number: String) throws {
        for (document, type) in [
            ("query($n: Int) { players(first: $n) { totalCount } }", "Int"),
            ("query($n: Int) { players(where: {height: {lt: $n}}) { totalCount } }", "Int"),
            ("query($n: Decimal) { players(where: {fee: {lt: $n}}) { totalCount } }", "Decimal"),
            ("query($n: Ratio) { players(where: {share: {lt: $n}}) { totalCount } }", "Ratio"),
            ("query($n: Float) { players(where: {weight: {lt: $n}}) { totalCount } }", "Float"),
        ] {
            let answer = desk.answer(document, variables: "{\"n\": \(number)}")
            #expect([.data, .badVariables].contains(answer.outcome), "\(type) \(number)")
            let literal = desk.answer(
                document.replacing("$n: \(type)", with: "$x: Int").replacing("$n", with: number).replacing(
                    "{ players", with: "{ a: players(first: $x) { totalCount } players"))
            #expect([.data, .badVariables, .invalid, .parseFailed].contains(literal.outcome), "\(type) \(number)")
        }
    }

    @Test(arguments: ["0000-01-01", "2019-02-29", "10000-01-01", "2019-1-1", "", "x", "-2019-01-01", "２０１９-01-01"])
    func `dates that are none are refused`(date: String) throws {
        let variables = "{\"d\": \"\(date)\"}"
        try check("query($d: Date!) @asOf(date: $d) { meta { asOf } }", variables: variables, is: .badVariables, "BAD_USER_INPUT")
        try check(
            "query($d: Date) { players(where: {born: {eq: $d}}) { totalCount } }", variables: variables, is: .badVariables,
            "BAD_USER_INPUT")
        try check(
            "query($d: Date) { players { nodes { band(on: $d) { code } } } }", variables: variables, is: .badVariables,
            "BAD_USER_INPUT")
    }

    @Test(arguments: [
        "", "A", "AQZQbGF5ZXICUDE=", "AQZQbGF5ZXICUDEA", "AgZQbGF5ZXICUDE", "!!!!", "AQZQbGF5ZXL_____",
    ])
    func `texts that are no id are refused`(id: String) throws {
        try check("query($i: ID!) { node(id: $i) { id } }", variables: "{\"i\": \"\(id)\"}", is: .badVariables, "BAD_USER_INPUT")
        try check(
            "query($i: ID!) { players(where: {id: {in: [$i]}}) { totalCount } }", variables: "{\"i\": \"\(id)\"}",
            is: .badVariables, "BAD_USER_INPUT")
    }

    @Test func `a pattern that runs away is stopped and named`() throws {
        let graph = SmallRegister.make()
        graph.rows["Player"]![4]["nickname"] = .string(repeated("a", 40) + "!")
        let desk = try Desk(graph)
        let answer = desk.answer("{ ok: meta { version } players(where: {nickname: {regex: \"^(a+)+$\"}}) { totalCount } }")
        let body = try JSON(answer.body)
        #expect(answer.outcome == .dataIsNull, "the connection is not nullable, so the whole data is null")
        #expect(body.errors[0].extensions.code.string == "PATTERN_LIMIT")
        #expect(body.errors[0].path.strings == ["players"])
    }

    @Test func `names that are equal only to Unicode are two names`() throws {
        let graph = NaiveGraph()
        graph.rows["Player"] = [
            ["number": .string("\u{E9}"), "name": .string("one")], ["number": .string("e\u{301}"), "name": .string("two")],
            ["number": .string("\u{8C48}"), "name": .string("three")], ["number": .string("\u{F900}"), "name": .string("four")],
        ]
        let desk = try Desk(graph)
        for (number, name) in [("\\u00e9", "one"), ("e\\u0301", "two"), ("\\u8c48", "three"), ("\\uf900", "four")] {
            let data = try desk.data(
                "query($n: String!) { player(number: $n) { name } players(where: {number: {eq: $n}}) { nodes { name } } }",
                variables: "{\"n\": \"\(number)\"}")
            #expect(data.player.name.string == name)
            #expect(data.players.nodes.items.map { $0.name.string } == [name])
        }
    }
}
