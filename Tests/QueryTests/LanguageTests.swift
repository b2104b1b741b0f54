import GraphQLSyntax
import Query
import Testing

/// The switches of what is spoken and what is told.
@Suite struct `The language` {
    private func desk(_ language: QueryLanguage) throws -> Desk {
        var desk = try Desk(SmallRegister.make())
        desk.service = QueryService(model: music, language: language, cursorKey: cursorKey)
        return desk
    }

    // MARK: - Introspection

    @Test func `where introspection is off, the schema's fields are refused at each place and the type's name is not`() throws {
        let desk = try desk(QueryLanguage(introspects: false))
        let answer = desk.answer("{\n  __schema { types { name } }\n  a: __type(name: \"Player\") { name }\n  __typename\n}")
        let body = try JSON(answer.body)
        #expect(answer.outcome == .invalid)
        #expect(body.errors.items.map { $0.locations[0].line.int } == [2, 3])
        #expect(body.errors.items.map { $0.locations[0].column.int } == [3, 3])
        for (error, name) in zip(body.errors.items, ["__schema", "__type"]) {
            #expect(error.message.string == "The schema is not shown here: '\(name)' is not answered (--introspection off).")
            #expect(error.extensions.code.string == "GRAPHQL_VALIDATION_FAILED")
            #expect(error.extensions.rule.string == "NoSchemaIntrospection")
        }
        #expect(
            desk.ask("{ __typename players { __typename nodes { __typename } } }").hasPrefix(
                "{\"data\":{\"__typename\":\"Query\""))
        for hidden in [
            "{ ...F } fragment F on Query { ... { __schema { types { name } } } }", "{ meta { __schema { types { name } } } }",
            "query A { __typename } query B { __type(name: \"Player\") { name } }",
            "{ __typename @include(if: false) x: __schema @skip(if: true) { types { name } } }",
        ] { #expect(desk.answer(hidden).outcome == .invalid, "\(hidden)") }
    }

    /// Mistakes beside something that exists, one for each kind of name a client writes.
    private static let mistakes: [(document: String, variables: String, operationName: String?)] = [
        ("{ player(number: \"P1\") { nickname1 } }", "{}", nil),
        ("{ player(numbr: \"P1\") { number } }", "{}", nil),
        ("{ player(number: \"P1\") { number @skp(if: true) } }", "{}", nil),
        ("{ player(number: \"P1\") { number @skip(iff: true) } }", "{}", nil),
        ("{ player(number: \"P1\") { ...F } } fragment F on Playr { number }", "{}", nil),
        ("{ player(number: \"P1\") { ...Names } } fragment Name on Player { number }", "{}", nil),
        ("query($w: PlayerFiltr) { players(where: $w) { totalCount } }", "{}", nil),
        ("{ players(where: {nickame: {eq: \"a\"}}) { totalCount } }", "{}", nil),
        ("{ players(where: {rank: {eq: MASTR}}) { totalCount } }", "{}", nil),
        ("query($a: Int) { players(first: $b) { totalCount } }", "{}", nil),
        ("query($w: PlayerFilter) { players(where: $w) { totalCount } }", "{\"w\": {\"nickame\": {\"eq\": \"a\"}}}", nil),
        ("query($w: PlayerFilter) { players(where: $w) { totalCount } }", "{\"w\": {\"rank\": {\"eq\": \"MASTR\"}}}", nil),
        ("query Players { meta { version } } query Bands { meta { version } }", "{}", "Playrs"),
        ("{ node(id: \"x\") { nickname } }", "{}", nil),
    ]

    @Test func `where introspection is off, no message says what was perhaps meant`() throws {
        let telling = try desk(QueryLanguage())
        let silent = try desk(QueryLanguage(introspects: false))
        var suggestions = 0
        for (document, variables, operationName) in Self.mistakes {
            let told = telling.answer(document, variables: variables, operationName: operationName)
            #expect(told.outcome != .data, "\(document)")
            if String(decoding: told.body, as: UTF8.self).contains("Did you mean") { suggestions += 1 }
            let answer = silent.answer(document, variables: variables, operationName: operationName)
            let text = String(decoding: answer.body, as: UTF8.self)
            #expect(answer.outcome == told.outcome, "\(document)")
            #expect(!text.contains("Did you mean"), "\(text)")
            // What is not there may be called by its type; what is there is not named.
            for name in ["MASTER", "'Players'", ", but "] { #expect(!text.contains(name), "\(text)") }
        }
        #expect(suggestions >= 11, "the same mistakes are helped where the schema is shown: \(suggestions)")
    }

    @Test func `a saved question tells no parameters where introspection is off`() throws {
        let text = "query($height: Int) { players(where: {height: {gte: $height}}) { totalCount } }"
        for introspects in [true, false] {
            let questions = SavedQuestions(
                files: [
                    .init(name: "tall", bytes: Array(text.utf8)),
                    .init(name: "broken", bytes: Array("{ playrs { totalCount } }".utf8)),
                ], model: music,
                limits: QueryLimits(), language: QueryLanguage(introspects: introspects))
            let question = try #require(questions["tall"])
            do throws(RequestError) {
                _ = try question.request(fromURL: [("heigth", "1")])
                Issue.record("an unknown parameter is taken")
            } catch {
                #expect(error.errors[0].message.contains("Did you mean 'height'?") == introspects)
            }
            #expect(questions["broken"]?.problems[0].contains("Did you mean") == introspects)
        }
    }

    // MARK: - Editions

    @Test func `an empty selection set is read in the edition of 2026 and refused in that of 2025`() throws {
        #expect(try desk(QueryLanguage(edition: .september2026)).ask("{ }").hasPrefix("{\"data\":{},"))
        let answer = try desk(QueryLanguage(edition: .september2025)).answer("{ }")
        #expect(answer.outcome == .parseFailed)
        #expect(try JSON(answer.body).errors[0].extensions.code.string == "GRAPHQL_PARSE_FAILED")
        #expect(try desk(QueryLanguage(edition: .september2025)).answer("{ meta { version } }").outcome == .data)
    }
}
