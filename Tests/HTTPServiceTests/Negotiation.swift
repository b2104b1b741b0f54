import HTTPService
import Testing

/// GraphQL over HTTP, draft of 2026-08: which media type is answered, and with which status.
@Suite struct Negotiation {
    private static let graphQL = "application/graphql-response+json; charset=utf-8"
    private static let json = "application/json; charset=utf-8"

    @Test func `the media type is the one the client likes best`() async throws {
        let cases: [(accept: String?, contentType: String?)] = [
            (nil, Self.graphQL), ("", Self.graphQL), ("*/*", Self.graphQL), ("application/*", Self.graphQL),
            ("application/graphql-response+json", Self.graphQL), ("application/json", Self.json), ("APPLICATION/JSON", Self.json),
            ("application/json, application/graphql-response+json", Self.graphQL),
            ("application/json, application/graphql-response+json;q=0.9", Self.json),
            ("application/json;q=0.5, application/graphql-response+json;q=0.4", Self.json),
            ("application/graphql-response+json;q=0.001, */*;q=0", Self.graphQL),
            ("application/graphql-response+json;q=0, */*", Self.json),
            ("application/json;q=0, application/*;q=0.1", Self.graphQL),
            ("text/html, application/json;q=0.2, */*;q=0.1", Self.json), ("application/json; charset=utf-8", Self.json),
            ("application/json; charset=\"UTF-8\"; q=1.000", Self.json), ("application/json; charset=utf-16", nil),
            ("text/html", nil), ("application/json;q=0", nil), ("*/*;q=0", nil), ("application/json;q=2", nil), ("json", nil),
            ("text/html, */*;q=0.000", nil),
        ]
        try await TestServer.run { server in
            for (accept, contentType) in cases {
                let answer = try await server.post(#"{"query":"{ __typename }"}"#, accept.map { [("Accept", $0)] } ?? [])
                #expect(answer?.status == (contentType == nil ? 406 : 200), "\(accept ?? "nothing")")
                #expect(answer?["content-type"] == contentType ?? Self.json, "\(accept ?? "nothing")")
                #expect(answer?["vary"] == (contentType == nil ? nil : "Accept"))
            }
            let two = try await server.post(
                #"{"query":"{ __typename }"}"#, [("Accept", "text/html"), ("Accept", "application/json")])
            #expect(two?["content-type"] == Self.json)
        }
    }

    @Test func `a failure is labelled as GraphQL's even for a client that asked for JSON`() async throws {
        try await TestServer.run { server in
            let answer = try await server.post(#"{"query":"{ invalid }"}"#, [("Accept", "application/json")])
            #expect(answer?.status == 422)
            #expect(answer?["content-type"] == Self.graphQL)
        }
    }

    @Test func `a body that is not JSON in UTF-8, uncompressed, is refused with 415`() async throws {
        let body = #"{"query":"{ __typename }"}"#
        let cases: [(fields: [(String, String)], status: Int)] = [
            ([("Content-Type", "application/json")], 200), ([("Content-Type", "application/json; charset=utf-8")], 200),
            ([("Content-Type", "Application/JSON;CHARSET=\"UTF-8\"")], 200),
            ([("Content-Type", "application/json;foo=bar")], 200),
            ([], 415), ([("Content-Type", "")], 415), ([("Content-Type", "application/graphql")], 415),
            ([("Content-Type", "application/json; charset=utf-16")], 415),
            ([("Content-Type", "application/json; charset=latin1")], 415),
            ([("Content-Type", "application/json, text/plain")], 415),
            ([("Content-Type", "application/json"), ("Content-Type", "text/plain")], 415),
            ([("Content-Type", "application/json"), ("Content-Encoding", "gzip")], 415),
            ([("Content-Type", "application/json"), ("Content-Encoding", "identity")], 200),
        ]
        try await TestServer.run { server in
            for (fields, status) in cases {
                let answer = try await server.ask("POST", "/graphql", fields, body: body)
                #expect(answer?.status == status, "\(fields)")
            }
        }
    }

    @Test func `every outcome has its status, in the draft's table and in the older one`() async throws {
        let cases: [(body: String, draft: Int, legacy: Int, legacyJSON: Int)] = [
            (#"{"query":"{ __typename }"}"#, 200, 200, 200),
            (#"{"query":"{ unparsable"}"#, 400, 400, 200),
            (#"{"query":"{ invalid }"}"#, 422, 400, 200),
            (#"{"query":"query A { __typename } query B { __typename }"}"#, 422, 400, 200),
            (#"{"query":"query A { __typename }","operationName":"B"}"#, 422, 400, 200),
            (
                #"{"query":"query A($a: Int!) { __typename @skip(if: false) @include(if: true) ...F @include(if: $b) } fragment F on Query { __typename }"}"#,
                422, 400, 200
            ),
            (#"{"query":1}"#, 422, 400, 400), ("{}", 422, 400, 400), ("3", 422, 400, 400),
            (#"[{"query":"{ __typename }"}]"#, 422, 400, 400), ("", 400, 400, 400), ("{", 400, 400, 400),
            (#"{"query":"{ __typename }"} x"#, 400, 400, 400),
            (#"{"query":"{ __typename }","query":"{ __typename }"}"#, 400, 400, 400),
            (#"{'query':'{ __typename }'}"#, 400, 400, 400), ("\u{FEFF}{}", 400, 400, 400),
        ]
        for profile in StatusProfile.allCases {
            try await TestServer.run(statuses: profile) { server in
                for (body, draft, legacy, legacyJSON) in cases {
                    let modern = try await server.post(body)
                    let old = try await server.post(body, [("Accept", "application/json")])
                    #expect(modern?.status == (profile == .draft ? draft : legacy), "\(profile): \(body)")
                    #expect(old?.status == (profile == .draft ? draft : legacyJSON), "\(profile), application/json: \(body)")
                    #expect(modern?.text.contains(#""errors""#) == (draft != 200), "\(body)")
                }
            }
        }
    }

    @Test func `GET takes the same question from the URL, and an empty parameter is none`() async throws {
        try await TestServer.run { server in
            let cases: [(query: String, status: Int)] = [
                ("query=%7B__typename%7D", 200), ("query=%7B+__typename+%7D", 200),
                ("query=%7B__typename%7D&operationName=&variables=", 200),
                ("query=%7B__typename%7D&variables=%7B%7D&extensions=%7B%7D&unknown=1", 200), ("", 422), ("query=", 422),
                ("query=%7B__typename%7D&query=%7B__typename%7D", 400), ("query=%7", 400), ("query=%C0%AF", 400),
                ("query=%zz", 400),
                ("query=%7B__typename%7D&variables=x", 400), ("query=%7B__typename%7D&variables=3", 422),
                ("query=%7Binvalid%7D", 422), ("query=%7Bunparsable", 400),
            ]
            for (query, status) in cases {
                let answer = try await server.ask("GET", "/graphql?\(query)")
                #expect(answer?.status == status, "\(query)")
            }
            let mutation = try await server.ask("GET", "/graphql?query=mutation%7Ba%7D")
            #expect(mutation.map { (400..<500).contains($0.status) } == true)
        }
    }

    @Test func `every answer names its version and its day, guesses nothing, and is asked for anew`() async throws {
        try await TestServer.run { server in
            for answer in [
                try await server.post(#"{"query":"{ __typename }"}"#),
                try await server.ask("GET", "/graphql?query=%7B__typename%7D"),
            ] {
                #expect(answer?["data-version"] == "1")
                #expect(answer?["data-as-of"] == TestContent.today)
            }
            let dated = try await server.ask("GET", "/graphql?query=%7B__typename%7D&asOf=2017-02-28")
            #expect(dated?["data-as-of"] == "2017-02-28")
            #expect(try await server.ask("GET", "/graphql?query=%7B__typename%7D&asOf=2017-02-29")?.status == 400)
            for (target, status, kept) in [
                ("/", 200, "private, no-cache"), ("/q", 200, "private, no-cache"), ("/schema.graphql", 200, "private, no-cache"),
                ("/health/live", 200, "no-store"), ("/health/ready", 200, "no-store"), ("/nothing", 404, "no-store"),
                ("/assets/start.js", 200, "private, no-cache"), ("/assets/console/start.js", 404, "no-store"),
                ("/board", 200, "private, no-cache"), ("/board?x=1", 200, "private, no-cache"), ("/board/", 404, "no-store"),
            ] {
                let answer = try await server.ask("GET", target)
                #expect(answer?.status == status, "\(target)")
                #expect(answer?["x-content-type-options"] == "nosniff", "\(target)")
                #expect(answer?["cache-control"] == kept, "\(target)")
                #expect(answer?["content-security-policy"]?.hasPrefix("default-src 'none'") == true, "\(target)")
                #expect(answer?["server"] == nil)
                let head = try await server.ask("HEAD", target)
                #expect(head?.status == status, "HEAD \(target)")
                #expect(head?["content-length"] == answer?["content-length"], "HEAD \(target)")
                #expect(head?.body.isEmpty == true)
            }
        }
    }

    @Test func `a version that is gone, or has not come, is not answered by another`() async throws {
        try await TestServer.run { server in
            let target = "/graphql?query=%7B__typename%7D"
            #expect(try await server.ask("GET", target + "&version=1")?.status == 200)
            let gone = try await server.ask("GET", target + "&version=0")
            #expect(gone?.status == 410)
            #expect(gone?.text.contains("VERSION_GONE") == true)
            let coming = try await server.ask("GET", target + "&version=2")
            #expect(coming?.text.contains("VERSION_NOT_REACHED") == true)
            #expect(try await server.ask("GET", target + "&version=x")?.status == 400)
            #expect(try await server.ask("GET", target, [("Min-Data-Version", "1")])?.status == 200)
            #expect(try await server.ask("GET", target, [("Min-Data-Version", "2")])?.status == 412)
        }
    }

    @Test func `the log is one JSON object a line and holds nothing a client wrote`() async throws {
        let lines = TestServer.Lines()
        try await TestServer.run(level: .requests, lines: lines) { server in
            _ = try await server.post(
                #"{"query":"query Secret { __typename }","operationName":"Secret"}"#, [("User-Agent", "Secret\u{7F}")])
            _ = try await server.ask("GET", "/q/Secret?Secret=Secret")
            _ = try await server.say("GET /Secret HTTP/1.1\r\nHost: Secret\r\nA: Secret\u{1B}[31m\r\n\r\n")
        }
        #expect(lines.all.count >= 3)
        for line in lines.all {
            #expect(line.hasPrefix("{\"at\":\"") && line.hasSuffix("}\n") && line.utf8.count <= 4096, "\(line)")
            #expect(!line.contains("Secret"), "\(line)")
            #expect(line.dropLast().utf8.allSatisfy { $0 >= 0x20 }, "\(line)")
        }
    }
}
