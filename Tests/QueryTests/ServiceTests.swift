import Expressions
import GraphQLTypes
import Model
import Query
import QueryPlanning
import StoreColumns
import Testing

@Suite struct `The service` {
    @Test func `a repeated document is prepared once, and forgotten when others come`() throws {
        var limits = QueryLimits()
        limits.plans = 3
        let desk = try Desk(SmallRegister.make(), limits: limits)
        for _ in 0..<3 { _ = desk.ask("{ meta { version } }") }
        #expect(desk.service.keptOperationCount == 1)
        for index in 0..<9 { _ = desk.ask("{ a\(index): meta { version } }") }
        #expect(desk.service.keptOperationCount == 3)
        _ = desk.ask("{ nothing }")
        #expect(desk.service.keptOperationCount == 3, "what is not valid is not kept")
    }

    @Test func `the same request gives the same bytes, whatever was asked between`() throws {
        let desk = try Desk(SmallRegister.make())
        let query =
            "query($yes: Boolean!) { players(orderBy: [{fee: DESC}]) { edges { cursor node { id number @include(if: $yes) name } } } }"
        let first = desk.ask(query, variables: "{\"yes\": true}")
        let other = desk.ask(query, variables: "{\"yes\": false}")
        #expect(first != other)
        #expect(desk.ask(query, variables: "{\"yes\": true}") == first)
        #expect(desk.ask(query, variables: "{\"yes\": false}") == other)
        #expect(try Desk(SmallRegister.make()).ask(query, variables: "{\"yes\": true}") == first)
    }

    @Test func `many threads are answered as one is`() async throws {
        var chance = Chance(seed: 11)
        let desk = try Desk(NaiveGraph.random(&chance, players: 80))
        let queries = (0..<12).map {
            "{ players(where: {songCount: {gte: \($0 % 3)}} orderBy: [{share: DESC}]) { totalCount nodes { number share band { name } } } a\($0): meta { version } }"
        }
        let expected = queries.map { desk.ask($0) }
        await withTaskGroup(of: Bool.self) { group in
            for round in 0..<40 {
                group.addTask { desk.ask(queries[round % 12]) == expected[round % 12] }
            }
            for await isSame in group { #expect(isSame) }
        }
    }

    @Test func `decimals and ratios are strings where the request says so`() throws {
        let desk = try Desk(SmallRegister.make())
        let query = "{ player(number: \"P1\") { fee share height } songs(first: 1) { nodes { price } } }"
        let answer = desk.answer(query, extensions: "{\"decimals\": \"string\"}")
        #expect(
            String(decoding: answer.body, as: UTF8.self).hasPrefix(
                "{\"data\":{\"player\":{\"fee\":\"1250.50\",\"share\":\"0.0125\",\"height\":160},\"songs\":{\"nodes\":[{\"price\":\"-0.500\"}]}}"
            ))
        #expect(desk.ask(query).hasPrefix("{\"data\":{\"player\":{\"fee\":1250.50,\"share\":0.0125,\"height\":160}"))
    }

    @Test func `the operation's own date is answered and reported`() throws {
        let desk = try Desk(SmallRegister.make())
        let answer = desk.answer("query @asOf(date: \"2017-06-30\") { player(number: \"P1\") { band { code } } }")
        #expect(answer.asOf.description == "2017-06-30")
        let body = try JSON(answer.body)
        #expect(body.data.player.band.code.string == "B2")
        #expect(body.extensions.data.asOf.string == "2017-06-30")
        #expect(body.extensions.data.version.string == "7")
    }

    @Test func `a name picks the operation, and one that is not there is an error`() throws {
        let desk = try Desk(SmallRegister.make())
        let document = "query A { meta { version } } query B { meta { asOf } }"
        #expect(try JSON(desk.answer(document, operationName: "B").body).data.meta.asOf.string == "2019-07-01")
        let answer = desk.answer(document, operationName: "C")
        #expect(answer.outcome == .operationUnresolved)
        #expect(try JSON(answer.body).errors[0].extensions.code.string == "OPERATION_RESOLUTION_FAILURE")
        #expect(desk.answer("fragment F on Player { number }").outcome == .invalid)
    }

    @Test func `a mutation over GET is told apart before anything else`() throws {
        let desk = try Desk(SmallRegister.make())
        #expect(desk.answer("mutation { a }").outcome == .mutationOverGet)
        let request = QueryRequest(document: Array("mutation { a }".utf8), allowsMutation: true)
        let answer = desk.service.answer(
            request, version: desk.version, asOf: desk.asOf, viewer: .local, budget: desk.service.makeBudget())
        #expect(answer.outcome == .invalid)
    }

    @Test func `bytes that are not UTF-8 are no document`() throws {
        let desk = try Desk(SmallRegister.make())
        for bytes: [UInt8] in [
            [0x7B, 0xC0, 0xAF, 0x7D], [0xED, 0xA0, 0x80], [0xFF, 0xFE, 0x7B, 0x00], [0xF4, 0x90, 0x80, 0x80],
        ] {
            let answer = desk.service.answer(
                QueryRequest(document: bytes), version: desk.version, asOf: desk.asOf, viewer: .local,
                budget: desk.service.makeBudget())
            #expect(answer.outcome == .parseFailed)
            _ = try JSON(answer.body)
        }
    }

    // MARK: - Budgets

    private func desk(_ change: (inout QueryLimits) -> Void) throws -> Desk {
        var limits = QueryLimits()
        change(&limits)
        var chance = Chance(seed: 5)
        return try Desk(NaiveGraph.random(&chance, players: 80), limits: limits)
    }

    private func check(_ answer: QueryAnswer, _ outcome: QueryAnswer.Outcome, _ code: String, limit: String?) throws {
        let body = try JSON(answer.body)
        #expect(answer.outcome == outcome)
        #expect(body.data.isNull)
        #expect(body.errors.items.map { $0.extensions.code.string } == [code])
        #expect(body.errors[0].extensions.limit.string == limit)
    }

    @Test func `a stopped budget ends the request`() throws {
        let desk = try desk { _ in }
        for reason in [Budget.StopReason.deadline, .cancelled] {
            let budget = desk.service.makeBudget()
            budget.stop(reason)
            try check(desk.answer("{ players { nodes { number } } }", budget: budget), .stopped, "QUERY_TIMEOUT", limit: nil)
        }
    }

    @Test func `rows, bytes and rows looked at are bounded, each by its own limit`() throws {
        let all = "{ players(first: 100) { nodes { number stints { nodes { since player { name } } } } } }"
        try check(try desk { $0.rowsReturned = 50 }.answer(all), .overBudget, "QUERY_TOO_COMPLEX", limit: "max-rows-returned")
        try check(try desk { $0.answerBytes = 2_000 }.answer(all), .overBudget, "QUERY_TOO_COMPLEX", limit: "max-answer-bytes")
        try check(
            try desk { $0.answerBytes = 5_000 }.answer(
                "{ __schema { types { name fields { name } inputFields { name description } } } }"),
            .overBudget, "QUERY_TOO_COMPLEX", limit: "max-answer-bytes")
        let visiting = try desk { $0.rowsVisited = 40 }
        try check(
            visiting.answer("{ players { totalCount nodes { number } } }"), .overBudget, "QUERY_TOO_COMPLEX",
            limit: "max-rows-visited")
        #expect(try desk { $0.rowsReturned = 400 }.answer(all).outcome == .data)
    }

    @Test func `limits beyond their hard caps are taken down to them`() {
        var limits = QueryLimits()
        limits.selectionDepth = 1_000
        limits.pageSize = 0
        #expect(limits.capped.selectionDepth == 32)
        #expect(limits.capped.pageSize == 1)
        #expect(limits.capped.defaultPageSize == 1)
        #expect(Set(QueryLimits.named.map(\.0)) == Set(QueryLimitName.allCases))
    }
}

@Suite struct `Introspection` {
    @Test func `the whole schema is shown within the limits of a request`() throws {
        let desk = try Desk(SmallRegister.make())
        let answer = desk.answer(Self.standardQuery)
        let body = try JSON(answer.body)
        #expect(answer.outcome == .data, "\(body["errors"])")
        let names = Set(body.data.__schema.types.items.compactMap { $0.name.string })
        #expect(names == Set(music.schema.types.map(\.name)))
        let player = try #require(body.data.__schema.types.items.first { $0.name.string == "Player" })
        #expect(player.fields.items.count == 32)
        #expect(player.interfaces[0].name.string == "Node")
    }

    /// As GraphiQL and most clients send it, with nine levels of `ofType`.
    static let standardQuery: String = {
        let ofType = String(repeating: "ofType { kind name ", count: 9) + String(repeating: "} ", count: 9)
        return """
            query IntrospectionQuery { __schema { description queryType { name kind } mutationType { name kind } subscriptionType { name kind }
              types { ...FullType } directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
            fragment FullType on __Type { kind name description specifiedByURL isOneOf
              fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
              inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
              enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
            fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
            fragment TypeRef on __Type { kind name \(ofType) }
            """
    }()
}
