import Bytes
import HTTPService
import Query
import Testing

/// GraphQL over HTTP, draft of 2026-08: each MUST and each SHOULD, asked over a socket. `Negotiation` has the media types.
@Suite struct `GraphQL over HTTP` {
    private static let graphQL = "application/graphql-response+json; charset=utf-8"
    private static let json = "application/json; charset=utf-8"
    private static let question = "query=%7B__typename%7D"

    /// One row of a table: what is asked, and what is answered.
    private struct Row {
        var name: String
        var method = "POST"
        var target = "/graphql"
        var fields: [(String, String)] = [("Content-Type", "application/json")]
        var body: String?
        var status: Int
        var contentType: String
        /// What the body holds.
        var holds: [String]
        var lacks: [String] = []

        /// A document by POST; what goes around it in the JSON may follow.
        static func post(
            _ name: String, _ document: String, with more: String = "", _ status: Int, _ holds: [String], lacks: [String] = []
        ) -> Row {
            Row(
                name: name, body: "{\"query\":\"\(document)\"\(more)}", status: status, contentType: graphQL, holds: holds,
                lacks: lacks)
        }

        static func get(_ name: String, _ parameters: String, _ status: Int, _ holds: [String], lacks: [String] = []) -> Row {
            Row(
                name: name, method: "GET", target: "/graphql?\(parameters)", fields: [], status: status, contentType: graphQL,
                holds: holds, lacks: lacks)
        }
    }

    private func check(
        _ rows: [Row], statuses: StatusProfile = .draft, content: ServiceContent = TestContent.small,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await TestServer.run(statuses: statuses, content: content) { server in
            for row in rows {
                let answer = try await server.ask(row.method, row.target, row.fields, body: row.body)
                let text = answer?.text ?? "no answer"
                #expect(answer?.status == row.status, "\(row.name): \(text)", sourceLocation: sourceLocation)
                #expect(answer?["content-type"] == row.contentType, "\(row.name)", sourceLocation: sourceLocation)
                for part in row.holds {
                    #expect(text.contains(part), "\(row.name) lacks \(part): \(text)", sourceLocation: sourceLocation)
                }
                for part in row.lacks {
                    #expect(!text.contains(part), "\(row.name) holds \(part): \(text)", sourceLocation: sourceLocation)
                }
            }
        }
    }

    // MARK: - Statuses

    /// A pattern that runs out of steps on the label of an item.
    private static let runaway = #"items(where: {label: {regex: \"^(a+)+$\"}}) { totalCount }"#

    /// One request for each outcome of a request.
    private static let outcomes: [Row] = [
        .post("data", "{ __typename }", 200, [#"{"data":{"__typename":"Query"}"#], lacks: [#""errors""#]),
        .post(
            "data with errors", "{ ok: __typename item(number: 1) { group { \(runaway) } } }", 294,
            [#""data":{"ok":"Query","item":null}"#, #""errors":[{"#, #""code":"PATTERN_LIMIT""#]),
        .post("data that is null", "{ \(runaway) }", 294, [#""data":null"#, #""code":"PATTERN_LIMIT""#]),
        .post("a document that does not parse", "{ __typename", 400, [#""code":"GRAPHQL_PARSE_FAILED""#], lacks: [#""data""#]),
        .post("a document that is not valid", "{ nothing }", 422, [#""code":"GRAPHQL_VALIDATION_FAILED""#], lacks: [#""data""#]),
        .post("a document of no operation", "fragment F on Query { __typename }", 422, ["errors"], lacks: [#""data""#]),
        .post(
            "several operations and no name", "query A { __typename } query B { __typename }", 422,
            [#""code":"OPERATION_RESOLUTION_FAILURE""#, "several operations"], lacks: [#""data""#]),
        .post(
            "a name of no operation", "query A { __typename }", with: #","operationName":"B""#, 422,
            [#""code":"OPERATION_RESOLUTION_FAILURE""#, "'B'"], lacks: [#""data""#]),
        .post(
            "a variable that is missing", "query($n: Int!) { item(number: $n) { number } }", 422,
            [#""code":"BAD_USER_INPUT""#, "$n"], lacks: [#""data""#]),
        .post(
            "a variable of another type", "query($n: Int!) { item(number: $n) { number } }", with: #","variables":{"n":"x"}"#,
            422,
            [#""code":"BAD_USER_INPUT""#, "$n"], lacks: [#""data""#]),
        .post(
            "a variable that is null", "query($n: Int!) { item(number: $n) { number } }", with: #","variables":{"n":null}"#, 422,
            [#""code":"BAD_USER_INPUT""#], lacks: [#""data""#]),
        .post(
            "a document beyond a limit", "{ \((0..<21).map { "a\($0): __typename " }.joined()) }", 422,
            [#""limit":"max-root-fields","maximum":20,"found":21"#], lacks: [#""data""#]),
    ]

    @Test func `200 is data without errors, 294 is data with errors, and what has no data is 4xx`() async throws {
        try await check(Self.outcomes)
    }

    @Test func `a client of application-json gets the same statuses, and its label on 2xx only`() async throws {
        try await check(
            Self.outcomes.map { row in
                var row = row
                row.fields.append(("Accept", "application/json"))
                row.contentType = row.status / 100 == 2 ? Self.json : Self.graphQL
                return row
            })
    }

    @Test func `the older statuses are 200 and 400, and 200 for every well-formed request of application-json`() async throws {
        try await check(
            Self.outcomes.map { row in
                var row = row
                row.status = row.status == 422 || row.status == 400 ? 400 : 200
                return row
            }, statuses: .legacy)
        try await check(
            Self.outcomes.map { row in
                var row = row
                row.fields.append(("Accept", "application/json"))
                row.status = 200
                row.contentType = Self.json
                return row
            }, statuses: .legacy)
    }

    // MARK: - Requests

    private static func body(_ name: String, _ body: String, _ status: Int, _ holds: [String]) -> Row {
        Row(name: name, body: body, status: status, contentType: graphQL, holds: holds)
    }

    @Test func `unknown members are ignored and null is as good as absent`() async throws {
        let data = [#"{"data":{"__typename":"Query"}"#]
        try await check([
            Self.body(
                "unknown members", #"{"id":[1],"query":"{ __typename }","doc":{"query":1},"Query":"{ nothing }"}"#, 200, data),
            Self.body(
                "nulls", #"{"query":"{ __typename }","variables":null,"operationName":null,"extensions":null}"#, 200, data),
            Self.body("unknown extensions", #"{"query":"{ __typename }","extensions":{"tracing":{"on":true}}}"#, 200, data),
            Self.body("unknown variables", #"{"query":"{ __typename }","variables":{"n":[{}]}}"#, 200, data),
            Self.body("white space", " \r\n\t{ \"query\" : \"{ __typename }\" } \n", 200, data),
        ])
    }

    @Test func `what is JSON but no request is 422, told by what was found and what is expected`() async throws {
        try await check([
            Self.body("nothing in it", "{}", 422, ["The request has no member 'query'."]),
            Self.body("a misspelt member", #"{"qeury":"{ __typename }"}"#, 422, ["no member 'query'. It has 'qeury'"]),
            Self.body("query null", #"{"query":null}"#, 422, ["no member 'query'"]),
            Self.body("query a number", #"{"query":1}"#, 422, ["The member 'query' is a number; it is a string."]),
            Self.body("query an object", #"{"query":{"a":1}}"#, 422, ["'query' is an object; it is a string"]),
            Self.body("query a list", #"{"query":["{ __typename }"]}"#, 422, ["'query' is a list; it is a string"]),
            Self.body("query true", #"{"query":true}"#, 422, ["'query' is a Boolean; it is a string"]),
            Self.body(
                "variables a list", #"{"query":"{ __typename }","variables":[7]}"#, 422,
                ["'variables' is a list; it is an object"]),
            Self.body("variables a string", #"{"query":"{ __typename }","variables":"{}"}"#, 422, ["'variables' is a string"]),
            Self.body("extensions a number", #"{"query":"{ __typename }","extensions":0}"#, 422, ["'extensions' is a number"]),
            Self.body(
                "operationName a number", #"{"query":"{ __typename }","operationName":1}"#, 422, ["'operationName' is a number"]),
            Self.body("a number", "3", 422, ["The body is a number."]),
            Self.body("a string", #""{ a }""#, 422, ["The body is a string."]),
            Self.body("null", "null", 422, ["The body is null."]),
            Self.body(
                "a batch", #"[{"query":"{ __typename }"}]"#, 422,
                ["The body is a list. Batches are not answered; send one request at a time."]),
            Self.body("a batch of nothing", "[]", 422, ["Batches are not answered"]),
            Self.body(
                "a batch of a thousand", "[" + String(repeating: #"{"query":"{ __typename }"},"#, count: 1000) + "0]", 422,
                ["Batches"]),
        ])
    }

    @Test func `what is not JSON is 400, told by what was found and at which byte`() async throws {
        try await check([
            Self.body("nothing", "", 400, ["found the end of the text where a value is expected at byte 0"]),
            Self.body("a word", "NONSENSE", 400, ["at byte 0"]),
            Self.body("cut short", #"{"query":"#, 400, ["at byte 9"]),
            Self.body("the document itself", "{ __typename }", 400, ["at byte 2"]),
            Self.body("duplicate keys", #"{"query":"{ a }","query":"{ b }"}"#, 400, ["already has the key 'query'"]),
            Self.body(
                "duplicate keys, one escaped", #"{"query":"{ a }","\u0071uery":"{ b }"}"#, 400, ["already has the key 'query'"]),
            Self.body("duplicate variables", #"{"query":"{ a }","variables":{"n":1,"n":2}}"#, 400, ["already has the key 'n'"]),
            Self.body("trailing bytes", #"{"query":"{ __typename }"} x"#, 400, ["after the end of the value"]),
            Self.body("two values", #"{"query":"{ a }"}{"query":"{ a }"}"#, 400, ["after the end of the value"]),
            Self.body("a byte order mark", "\u{FEFF}{\"query\":\"{ __typename }\"}", 400, ["byte order mark"]),
            Self.body("a comment", "{/* */\"query\":\"{ __typename }\"}", 400, ["at byte 1"]),
            Self.body("single quotes", "{'query':'{ __typename }'}", 400, ["at byte 1"]),
            Self.body("a trailing comma", #"{"query":"{ __typename }",}"#, 400, ["expected"]),
            Self.body("a raw line feed in a string", "{\"query\":\"{\n__typename }\"}", 400, ["control character"]),
            Self.body("half a surrogate pair", #"{"query":"{ a } # \ud800"}"#, 400, ["surrogate"]),
            Self.body("NaN", #"{"query":"{ __typename }","variables":{"n":NaN}}"#, 400, ["at byte"]),
            Self.body("form data", "query=%7B__typename%7D", 400, ["at byte 0"]),
        ])
    }

    // MARK: - GET

    @Test func `over GET an empty parameter is absent, and variables and extensions are JSON`() async throws {
        let data = [#"{"data":{"__typename":"Query"}"#]
        let item = "query=query(%24n:Int!)%7Bitem(number:%24n)%7Bnumber%7D%7D"
        try await check([
            .get("a document", Self.question, 200, data),
            .get("plus for space", "query=%7B+__typename+%7D", 200, data),
            .get("empty parameters", Self.question + "&operationName=&variables=&extensions=", 200, data),
            .get("JSON null", Self.question + "&variables=null&extensions=null", 200, data),
            .get("unknown parameters", Self.question + "&n=1&n=2", 200, data),
            .get("variables", item + "&variables=%7B%22n%22:1%7D", 200, [#"{"data":{"item":{"number":1}}"#]),
            .get("an operation called null", "query=query+null%7B__typename%7D&operationName=null", 200, data),
            .get("a name", "query=query+A%7B__typename%7D+query+B%7Ba:__typename%7D&operationName=B", 200, [#"{"a":"Query"}"#]),
            .get("nothing", "", 422, ["The parameter 'query' is missing."]),
            .get("an empty document", "query=", 422, ["The parameter 'query' is missing."]),
            .get("variables that are no JSON", item + "&variables=%7Bn:1%7D", 400, ["The JSON cannot be read", "at byte 1"]),
            .get("variables that are no object", item + "&variables=3", 422, ["'variables' is a number; it is a JSON object"]),
            .get("a variable that does not fit", item + "&variables=%7B%22n%22:%22x%22%7D", 422, ["$n"]),
            .get("a document that does not parse", "query=%7B", 400, ["GRAPHQL_PARSE_FAILED"]),
            .get("a document that is not valid", "query=%7Bnothing%7D", 422, ["GRAPHQL_VALIDATION_FAILED"]),
        ])
    }

    @Test func `a mutation over GET is 405, whose Allow is POST, and is not looked at further`() async throws {
        try await TestServer.run { server in
            for query in [
                "mutation%7Bnothing%7D", "query+A%7B__typename%7D+mutation+B%7Bnothing%7D&operationName=B",
                "mutation+B%7Bnothing%7D&operationName=B",
            ] {
                for method in ["GET", "HEAD"] {
                    let answer = try await server.ask(method, "/graphql?query=\(query)")
                    #expect(answer?.status == 405, "\(method) \(query)")
                    #expect(answer?["allow"] == "POST")
                    #expect(answer?["content-type"] == Self.graphQL)
                }
            }
            let other = try await server.ask(
                "GET", "/graphql?query=query+A%7B__typename%7D+mutation+B%7Bnothing%7D&operationName=A")
            #expect(other?.status == 422, "the whole document must be valid")
        }
    }

    // MARK: - Methods

    @Test func `a method that is not answered is 405 with Allow`() async throws {
        try await TestServer.run { server in
            for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
                let answer = try await server.ask(
                    method, "/graphql", [("Content-Type", "application/json")], body: #"{"query":"{ __typename }"}"#)
                #expect(answer?.status == 405, "\(method)")
                #expect(answer?["allow"] == "GET, HEAD, POST")
                #expect(answer?["content-type"] == Self.json)
                #expect(answer?.text.contains("The method \(method) is not answered here. Use GET or HEAD or POST.") == true)
            }
            for target in ["/", "/schema.graphql", "/q", "/health/live"] {
                let answer = try await server.ask("POST", target, [("Content-Type", "application/json")], body: "{}")
                #expect(answer?.status == 405, "\(target)")
                #expect(answer?["allow"] == "GET, HEAD")
            }
        }
    }

    @Test func `HEAD answers what GET answers, without the bytes`() async throws {
        try await TestServer.run { server in
            for target in ["/graphql?" + Self.question, "/graphql", "/graphql?query=%7B", "/graphql?query=%7Bnothing%7D"] {
                let got = try await server.ask("GET", target)
                let head = try await server.ask("HEAD", target)
                #expect(head?.status == got?.status, "\(target)")
                #expect(head?.body.isEmpty == true)
                for name in ["content-type", "content-length", "data-version", "vary", "cache-control"] {
                    #expect(head?[name] == got?[name], "\(name) of \(target)")
                }
            }
        }
    }

    @Test func `a preflight of another origin is refused in words, and grants nothing`() async throws {
        try await TestServer.run { server in
            let answer = try await server.ask(
                "OPTIONS", "/graphql",
                [
                    ("Origin", "https://example.org"), ("Access-Control-Request-Method", "POST"),
                    ("Access-Control-Request-Headers", "content-type"),
                ])
            #expect(answer?.status == 403)
            #expect(answer?.fields.contains { $0.name.hasPrefix("access-control-") } == false)
            #expect(answer?.text.contains("https://example.org") == true)
            #expect(answer?.text.contains("CORS") == true)
            #expect(answer?["content-type"] == Self.json)
        }
    }

    // MARK: - Labels

    @Test func `every answer says what it is in which charset, and only GraphQL's answers are labelled as such`() async throws {
        try await TestServer.run(limits: ["max-body-bytes": 2_000]) { server in
            let post = [("Content-Type", "application/json")]
            let body = #"{"query":"{ __typename }"}"#
            let long = "{\"query\":\"{ __typename } #\(String(repeating: "x", count: 3_000))\"}"
            let refused: [(status: Int, answer: RawAnswer?)] = [
                (404, try await server.ask("GET", "/graphq")),
                (405, try await server.ask("DELETE", "/graphql")),
                (406, try await server.ask("POST", "/graphql", post + [("Accept", "text/html")], body: body)),
                (413, try await server.ask("POST", "/graphql", post, body: long)),
                (414, try await server.ask("GET", "/graphql?query=" + String(repeating: "a", count: 9_000))),
                (415, try await server.ask("POST", "/graphql", [("Content-Type", "text/plain")], body: body)),
                (403, try await server.ask("POST", "/graphql", post + [("Origin", "null")], body: body)),
                (400, try await server.ask("GET", "/graphql?query=%zz")),
                (400, try await server.ask("GET", "/graphql?\(Self.question)&\(Self.question)")),
                (410, try await server.ask("GET", "/graphql?\(Self.question)&version=0")),
                (431, try await server.ask("GET", "/graphql", [("A", String(repeating: "a", count: 9_000))])),
            ]
            for (status, answer) in refused {
                #expect(answer?.status == status)
                #expect(answer?["content-type"] == Self.json, "\(status)")
                #expect(answer?.text.hasPrefix(#"{"errors":[{"message":""#) == true, "\(status)")
                #expect(answer?.text.contains(#""extensions":{"code":""#) == true, "\(status)")
            }
        }
    }

    @Test func `a request body in another charset is 415, and in broken UTF-8 400`() async throws {
        try await TestServer.run { server in
            let json = #"{"query":"{ __typename } # é"}"#
            let bodies: [(contentType: String, bytes: [UInt8], status: Int)] = [
                ("application/json", Array(json.utf8), 200),
                ("application/json; charset=utf-8", Array(json.utf8), 200),
                ("application/json; charset=utf-16", json.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, 415),
                ("application/json; charset=iso-8859-1", json.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }, 415),
                ("application/json", json.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, 400),
                ("application/json", [0xFF, 0xFE] + json.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, 400),
                ("application/json", json.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }, 400),
                ("application/json", Array(#"{"query":"{ a } # "#.utf8) + [0xC0, 0xAF] + Array(#""}"#.utf8), 400),
                ("application/json", Array(#"{"query":"{ a } # "#.utf8) + [0xED, 0xA0, 0x80] + Array(#""}"#.utf8), 400),
                ("application/json", Array(#"{"query":"{ a } # "#.utf8) + [0xF4, 0x90, 0x80, 0x80] + Array(#""}"#.utf8), 400),
            ]
            for (contentType, bytes, status) in bodies {
                let head =
                    "POST /graphql HTTP/1.1\r\nHost: \(server.host)\r\nConnection: close\r\nContent-Type: \(contentType)\r\n"
                    + "Content-Length: \(bytes.count)\r\n\r\n"
                let (answers, _) = try await server.say(Array(head.utf8) + bytes)
                #expect(answers.map(\.status) == [status], "\(contentType), \(bytes.prefix(4))")
            }
        }
    }
}
