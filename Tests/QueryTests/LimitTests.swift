import Query
import QueryPlanning
import Testing

/// `reliability.md` §4: what is at a bound is answered; one more is refused with the limit's name, its maximum and what was found.
@Suite struct `Limits` {
    /// A limit set to `maximum`, with a request that is just within and one that is just beyond it.
    struct Bound: Sendable, CustomTestStringConvertible {
        var name: QueryLimitName
        var maximum: Int
        var within: String
        var beyond: String
        var operationName: String?
        /// What the refusal says was found; nil where counting stops at the bound.
        var found: Int?
        var code = "QUERY_TOO_COMPLEX"
        var outcome = QueryAnswer.Outcome.beyondLimits
        var testDescription: String { name.rawValue }
    }

    private static func repeated(_ count: Int, _ text: (Int) -> String) -> String {
        (0..<count).map(text).joined(separator: " ")
    }

    static let bounds: [Bound] = [
        Bound(
            name: .documentCharacters, maximum: 200, within: "{ __typename } #" + String(repeating: "帮", count: 184),
            beyond: "{ __typename } #" + String(repeating: "帮", count: 185), found: 201),
        Bound(name: .tokens, maximum: 6, within: "{ meta { version } } # more", beyond: "{ meta { version asOf } }"),
        Bound(
            name: .syntaxDepth, maximum: 2, within: "{ meta { version } }",
            beyond: "{ player(number: \"P1\") { band { name } } }",
            code: "QUERY_TOO_DEEP"),
        Bound(
            name: .syntaxDepth, maximum: 4, within: "{ players(where: {name: {eq: \"Ada\"}}) { totalCount } }",
            beyond: "{ players(where: {name: {in: [\"Ada\"]}}) { totalCount } }", code: "QUERY_TOO_DEEP"),
        Bound(
            name: .selectionDepth, maximum: 2, within: "{ meta { version } }",
            beyond: "{ player(number: \"P1\") { ...F } } fragment F on Player { band { name } }", found: 3,
            code: "QUERY_TOO_DEEP"),
        Bound(
            name: .aliases, maximum: 4, within: "{ ...F ...F } fragment F on Query { a: __typename b: __typename }",
            beyond: "{ ...F ...F c: __typename } fragment F on Query { a: __typename b: __typename }", found: 5),
        Bound(
            name: .directives, maximum: 3, within: "{ " + repeated(3) { "a\($0): __typename @skip(if: false)" } + " }",
            beyond: "{ " + repeated(4) { "a\($0): __typename @skip(if: false)" } + " }", found: 4),
        Bound(
            name: .directivesPerLocation, maximum: 1, within: "{ __typename @skip(if: false) }",
            beyond: "{ __typename @skip(if: false) @include(if: true) }", found: 2),
        Bound(
            name: .rootFields, maximum: 3, within: "{ " + repeated(3) { "a\($0): __typename" } + " a0: __typename }",
            beyond: "{ ...F a0: __typename a1: __typename } fragment F on Query { a2: __typename a3: __typename }", found: 4),
        // {"__typename":"Query"} and one byte more.
        Bound(
            name: .answerBytes, maximum: 22, within: "{ __typename }", beyond: "{ a__typename: __typename }",
            outcome: .overBudget),
        Bound(
            name: .operations, maximum: 3, within: repeated(3) { "query A\($0) { __typename }" },
            beyond: repeated(4) { "query A\($0) { __typename }" }, operationName: "A0", found: 4),
        Bound(
            name: .variables, maximum: 2,
            within:
                "query A($a: Int) { players(first: $a) { totalCount } } query B($a: Int) { players(first: $a) { totalCount } }",
            beyond:
                "query A($a: Int, $b: Int) { players(first: $a, offset: $b) { totalCount } } query B($a: Int) { players(first: $a) { totalCount } }",
            operationName: "A", found: 3),
        Bound(
            name: .pageSize, maximum: 3, within: "{ players(first: 3) { nodes { number } } }",
            beyond: "{ players(first: 4) { nodes { number } } }", found: 4, code: "BAD_USER_INPUT", outcome: .badVariables),
        Bound(
            name: .pageSize, maximum: 3, within: "{ players(last: 3) { nodes { number } } }",
            beyond: "{ players(last: 4) { nodes { number } } }", found: 4, code: "BAD_USER_INPUT", outcome: .badVariables),
        Bound(
            name: .searchCharacters, maximum: 2, within: "{ search(text: \"李明\") { totalCount } }",
            beyond: "{ search(text: \"李明李\") { totalCount } }", found: 3, code: "BAD_USER_INPUT", outcome: .badVariables),
        Bound(
            name: .filterDepth, maximum: 2, within: "{ players(where: {teacher: {name: {eq: \"Ada\"}}}) { totalCount } }",
            beyond: "{ players(where: {not: {teacher: {name: {eq: \"Ada\"}}}}) { totalCount } }", code: "QUERY_TOO_DEEP",
            outcome: .badVariables),
        Bound(
            name: .filterDepth, maximum: 2, within: "{ players(orderBy: [{teacher: {height: ASC}}]) { totalCount } }",
            beyond: "{ players(orderBy: [{teacher: {teacher: {height: ASC}}}]) { totalCount } }", code: "QUERY_TOO_DEEP",
            outcome: .badVariables),
        Bound(
            name: .filterDepth, maximum: 2, within: "{ players { groups(by: [{band: {field: name}}]) { aggregate { count } } } }",
            beyond: "{ players { groups(by: [{teacher: {band: {field: name}}}]) { aggregate { count } } } }",
            code: "QUERY_TOO_DEEP", outcome: .badVariables),
        // A field of a filter is one condition, and each operator another.
        Bound(
            name: .filterConditions, maximum: 3,
            within: "{ players(where: {height: {gt: 1, lt: 200}}) { totalCount } }",
            beyond: "{ players(where: {height: {gt: 1, lt: 200, neq: 7}}) { totalCount } }", outcome: .badVariables),
        Bound(
            name: .filterConditions, maximum: 4,
            within: "{ players(where: {height: {gt: 1}}) { totalCount } bands(where: {name: {eq: \"x\"}}) { totalCount } }",
            beyond:
                "{ players(where: {height: {gt: 1}}) { totalCount } bands(where: {name: {eq: \"x\", neq: \"y\"}}) { totalCount } }",
            outcome: .badVariables),
        Bound(
            name: .filterConditions, maximum: 4,
            within: "{ players(where: {name: {in: [\"a\", \"b\"], caseInsensitive: true}}) { totalCount } }",
            beyond: "{ players(where: {name: {in: [\"a\", \"b\", \"c\"], caseInsensitive: true}}) { totalCount } }",
            outcome: .badVariables),
        Bound(
            name: .groupKeys, maximum: 1, within: "{ players { groups(by: [{field: rank}]) { aggregate { count } } } }",
            beyond: "{ players { groups(by: [{field: rank}, {field: name}]) { aggregate { count } } } }", found: 2,
            outcome: .badVariables),
        Bound(
            name: .groupBounds, maximum: 2,
            within: "{ players { groups(by: [{height: {bounds: [1, 2]}}]) { aggregate { count } } } }",
            beyond: "{ players { groups(by: [{height: {bounds: [1, 2, 3]}}]) { aggregate { count } } } }", found: 3,
            outcome: .badVariables),
        Bound(
            name: .patternBytes, maximum: 3, within: "{ players(where: {name: {regex: \"明\"}}) { totalCount } }",
            beyond: "{ players(where: {name: {regex: \"明a\"}}) { totalCount } }", code: "PATTERN_LIMIT", outcome: .badVariables),
        Bound(
            name: .patternNesting, maximum: 1, within: "{ players(where: {name: {regex: \"(a)\"}}) { totalCount } }",
            beyond: "{ players(where: {name: {regex: \"((a))\"}}) { totalCount } }", code: "PATTERN_LIMIT", outcome: .badVariables
        ),
        Bound(
            name: .patternSteps, maximum: 200, within: "{ players(where: {name: {regex: \"d+a\"}}) { totalCount } }",
            beyond: "{ players(where: {name: {regex: \"(.+)+[0-9]\"}}) { totalCount } }", code: "PATTERN_LIMIT",
            outcome: .dataIsNull),
        Bound(
            name: .patternDepth, maximum: 2, within: "{ players(where: {name: {regex: \"(*NO_JIT)d\"}}) { totalCount } }",
            beyond: "{ players(where: {name: {regex: \"(*NO_JIT)(.|a)+\\\\d\"}}) { totalCount } }", code: "PATTERN_LIMIT",
            outcome: .dataIsNull),
        Bound(
            name: .literalBytes, maximum: 3, within: "{ players(where: {name: {contains: \"明\"}}) { totalCount } }",
            beyond: "{ players(where: {name: {startsWith: \"明a\"}}) { totalCount } }", code: "PATTERN_LIMIT",
            outcome: .badVariables),
        Bound(
            name: .rowsReturned, maximum: 3, within: "{ players(first: 3) { nodes { number } } }",
            beyond: "{ players(first: 4) { nodes { number } } }", outcome: .overBudget),
    ]

    private func desk(_ change: (inout QueryLimits) -> Void) throws -> Desk {
        var limits = QueryLimits()
        change(&limits)
        return try Desk(SmallRegister.make(), limits: limits)
    }

    private func desk(_ name: QueryLimitName, _ maximum: Int) throws -> Desk {
        let path = try #require(QueryLimits.named.first { $0.0 == name }?.1)
        return try desk { $0[keyPath: path] = maximum }
    }

    @Test(arguments: bounds) func `what is at the bound is answered, and one more is refused by name`(bound: Bound) throws {
        let desk = try desk(bound.name, bound.maximum)
        let within = desk.answer(bound.within, operationName: bound.operationName)
        #expect(within.outcome == .data, "\(String(decoding: within.body, as: UTF8.self))")
        let answer = desk.answer(bound.beyond, operationName: bound.operationName)
        let body = try JSON(answer.body)
        #expect(answer.outcome == bound.outcome, "\(body)")
        #expect(body.errors.items.count == 1)
        let extensions = body.errors[0].extensions
        #expect(extensions.code.string == bound.code, "\(body)")
        #expect(extensions.limit.string == bound.name.rawValue)
        #expect(extensions.maximum.int == bound.maximum)
        #expect(extensions.found.int == bound.found)
        #expect(body.errors[0].message.string?.contains(bound.name.rawValue) == true, "\(body)")
    }

    /// The smallest value of a limit under which a request is answered.
    private func smallest(_ name: QueryLimitName, _ document: String, upTo most: Int) throws -> Int {
        var (refused, answered) = (0, most)
        while answered - refused > 1 {
            let middle = (answered + refused) / 2
            if try desk(name, middle).answer(document).outcome == .data { answered = middle } else { refused = middle }
        }
        return answered
    }

    @Test(arguments: [
        (QueryLimitName.rowsVisited, "{ players(where: {height: {gt: 1}}) { totalCount } }", 1...20),
        (.mergingSteps, "{ ...F ...F } fragment F on Query { meta { version } players { totalCount } }", 2...200),
    ]) func `a limit of work has one bound, and says so just below it`(
        name: QueryLimitName, document: String, range: ClosedRange<Int>
    ) throws {
        let bound = try smallest(name, document, upTo: 100_000)
        print("\(name.rawValue) of \(document): \(bound)")
        #expect(range.contains(bound), "\(bound)")
        let body = try JSON(desk(name, bound - 1).answer(document).body)
        #expect(body.errors[0].extensions.limit.string == name.rawValue, "\(body)")
        #expect(body.errors[0].extensions.maximum.int == bound - 1)
        #expect(body.errors[0].extensions.code.string == "QUERY_TOO_COMPLEX")
    }

    // MARK: - JSON

    private func checkJSON(
        _ limits: QueryLimits, _ variables: String, exceeds name: QueryLimitName?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let body = "{\"query\": \"{ __typename }\", \"variables\": \(variables)}"
        do throws(RequestError) {
            _ = try QueryRequest.parse(json: Array(body.utf8), limits: limits)
            #expect(name == nil, "it is read", sourceLocation: sourceLocation)
        } catch {
            #expect(error.outcome == .beyondLimits, sourceLocation: sourceLocation)
            #expect(error.errors[0].limit?.name == name?.rawValue, "\(error)", sourceLocation: sourceLocation)
            let maximum = name == .variableDepth ? limits.variableDepth : limits.variableMembers
            #expect(error.errors[0].limit?.maximum == maximum, sourceLocation: sourceLocation)
        }
    }

    @Test func `the depth and the members of a body are bounded`() throws {
        var limits = QueryLimits()
        limits.variableDepth = 5
        // The body and its variables are two.
        try checkJSON(limits, "{\"a\": [[{}]]}", exceeds: nil)
        try checkJSON(limits, "{\"a\": [[{\"b\": []}]]}", exceeds: .variableDepth)
        try checkJSON(limits, "{\"a\": [[[[]]]]}", exceeds: .variableDepth)
        limits = QueryLimits()
        limits.variableMembers = 6
        try checkJSON(limits, "{\"a\": 1, \"b\": {\"c\": 1, \"d\": 2}}", exceeds: nil)
        try checkJSON(limits, "{\"a\": 1, \"b\": {\"c\": 1, \"d\": 2, \"e\": 3}}", exceeds: .variableMembers)
    }

    // MARK: - What is not refused

    @Test func `so many errors are told of`() throws {
        let desk = try desk(.errors, 3)
        func count(_ mistakes: Int) throws -> Int {
            try desk.errors("{ " + Self.repeated(mistakes) { "a\($0): none" } + " }").count
        }
        #expect(try count(2) == 2)
        #expect(try count(3) == 3)
        #expect(try count(15) == 4, "three, and that there are more")
    }

    @Test func `a page has so many rows where nothing is said`() throws {
        for size in [2, 4] {
            let data = try desk(.defaultPageSize, size).data("{ players { nodes { number } pageInfo { hasNextPage } } }")
            #expect(data.players.nodes.items.count == size)
            #expect(data.players.pageInfo.hasNextPage.bool == true)
        }
    }

    @Test func `introspection goes through two lists, and not through three`() throws {
        let desk = try desk { _ in }
        #expect(desk.answer("{ __schema { types { fields { type { fields { name } } } } } }").outcome == .data)
        let answer = desk.answer("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }")
        #expect(answer.outcome == .invalid)
        #expect(try JSON(answer.body).errors[0].extensions.rule.string == "MaxIntrospectionDepthRule")
    }

    @Test func `nothing is configured beyond its hard cap`() {
        let caps: [QueryLimitName: Int] = [
            .tokens: 50_000, .selectionDepth: 32, .aliases: 1_000, .syntaxDepth: 64, .documentCharacters: 1_000_000,
        ]
        var limits = QueryLimits()
        for (_, path) in QueryLimits.named { limits[keyPath: path] = .max }
        for (name, path) in QueryLimits.named {
            #expect(limits.capped[keyPath: path] == QueryLimits.hardCaps[keyPath: path])
            if let cap = caps[name] { #expect(limits.capped[keyPath: path] == cap, "\(name)") }
        }
        for (_, path) in QueryLimits.named { limits[keyPath: path] = -1 }
        for (name, path) in QueryLimits.named { #expect(limits.capped[keyPath: path] == QueryLimits.minimum(of: name)) }
    }
}
