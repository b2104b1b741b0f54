import HTTPService
import Testing

/// CORS: pages of other origins, where the operator has named them. Fetch §3.2
@Suite struct `Pages of other origins` {
    static let map = "https://map.example"

    static func run(_ body: @Sendable (TestServer.Running) async throws -> Void) async throws {
        try await KeyedServer().run(allowedOrigins: [map, "http://localhost:3000"], body)
    }

    @Test func `one that is named may ask with a key, and read the answer`() async throws {
        try await Self.run { server async throws in
            let key = KeyedServer.bearer(KeyedServer.reader)
            for origin in [Self.map, "http://localhost:3000"] {
                let fields = key + [("Origin", origin), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "cors")]
                let answer = try await server.post(#"{"query":"{ __typename }"}"#, fields)
                #expect(answer?.status == 200)
                #expect(answer?["access-control-allow-origin"] == origin)
                #expect(answer?["access-control-expose-headers"]?.contains("data-version") == true)
                #expect(answer?["access-control-allow-credentials"] == nil)
                #expect(answer?["vary"]?.contains("Origin") == true)
                let question = try await server.ask("GET", "/q", fields)
                #expect(question?.status == 200 && question?["access-control-allow-origin"] == origin)
                // So that the page can say what is wrong.
                let refused = try await server.ask("GET", "/q", [("Origin", origin)])
                #expect(refused?.status == 401 && refused?["access-control-allow-origin"] == origin)
            }
        }
    }

    @Test func `every other origin is refused as ever, however near it comes`() async throws {
        try await Self.run { server async throws in
            for origin in [
                "https://map.example.org", "http://map.example", "https://map.example:444", "https://MAP.example",
                "https://map.example/",
                "https://evil.example", "https://a.map.example", "null", "", "*", "https://map.example, https://evil.example",
            ] {
                for method in ["GET", "OPTIONS"] {
                    let answer = try await server.ask(
                        method, "/q",
                        KeyedServer.bearer(KeyedServer.reader) + [("Origin", origin), ("Access-Control-Request-Method", "GET")])
                    #expect(answer?.status == 403, "\(method) from \(origin)")
                    #expect(answer?["access-control-allow-origin"] == nil)
                    #expect(answer?["access-control-allow-methods"] == nil)
                }
            }
        }
    }

    @Test func `a browser that asks in advance is told one thing for every path, and needs no key`() async throws {
        try await Self.run { server async throws in
            var told: Set<String> = []
            for path in ["/graphql", "/q", "/q/none", "/nothing", "/sign-in"] {
                let answer = try await server.ask(
                    "OPTIONS", path,
                    [
                        ("Origin", Self.map), ("Access-Control-Request-Method", "POST"),
                        ("Access-Control-Request-Headers", "authorization,content-type"), ("Sec-Fetch-Site", "cross-site"),
                        ("Sec-Fetch-Mode", "cors"),
                    ])
                #expect(answer?.status == 204, "\(path)")
                #expect(answer?["access-control-allow-origin"] == Self.map)
                #expect(answer?["access-control-allow-methods"] == "GET, HEAD, POST")
                #expect(answer?["access-control-allow-headers"]?.contains("authorization") == true)
                #expect(answer?["access-control-allow-credentials"] == nil)
                #expect(answer?["access-control-max-age"] == "600")
                told.insert(
                    answer.map { $0.fields.map { "\($0.name): \($0.value)" }.filter { !$0.hasPrefix("date") }.joined() } ?? "")
            }
            #expect(told.count == 1, "\(told)")
            // Without the question in advance it is a method like any other.
            let answer = try await server.ask("OPTIONS", "/q", KeyedServer.bearer(KeyedServer.reader) + [("Origin", Self.map)])
            #expect(answer?.status == 405)
        }
    }

    @Test func `a session of the browser is nothing that such a page may use, begin or end`() async throws {
        try await Self.run { server async throws in
            let cookie = try #require(try await KeyedServer.signIn(server))
            #expect(try await server.ask("GET", "/q", [("Cookie", cookie)])?.status == 200)
            for site in ["cross-site", "same-site"] {
                let fields = [("Cookie", cookie), ("Origin", Self.map), ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", "cors")]
                #expect(try await server.ask("GET", "/q", fields)?.status == 401)
                #expect(try await server.post(#"{"query":"{ __typename }"}"#, fields)?.status == 401)
            }
            let form = [KeyedServer.form, ("Origin", Self.map), ("Cookie", cookie)]
            let signIn = try await server.ask("POST", "/sign-in", form, body: "key=\(KeyedServer.reader)")
            #expect(signIn?.status == 403 && signIn?["set-cookie"] == nil)
            #expect(try await server.ask("POST", "/sign-out", form, body: "")?.status == 403)
            for path in ["/", "/sign-in", "/assets/start.js"] {
                let answer = try await server.ask("GET", path, KeyedServer.bearer(KeyedServer.reader) + [("Origin", Self.map)])
                #expect(answer?.status == 403, "\(path)")
            }
            #expect(try await server.ask("GET", "/q", [("Cookie", cookie)])?.status == 200, "nobody has signed out")
        }
    }

    @Test func `where no origin is named nothing is said of any`() async throws {
        try await KeyedServer().run { server async throws in
            for fields in [[], [("Origin", Self.map)], [("Origin", "http://\(server.host)")]] {
                let answer = try await server.ask("GET", "/q", KeyedServer.bearer(KeyedServer.reader) + fields)
                #expect(answer?.fields.contains { $0.name.hasPrefix("access-control") } == false)
                #expect(answer?["vary"]?.contains("Origin") != true)
            }
        }
    }

    @Test func `only what a browser writes as an origin, and what is encrypted or of this machine, can be named`() {
        for text in [
            "https://a.example", "https://a.example:8443", "http://localhost:3000", "http://localhost", "http://127.0.0.1:1",
            "https://10.0.0.1",
        ] {
            #expect(OriginRule.isOrigin(text), "\(text)")
        }
        for text in [
            "", "*", "null", "https://*", "https://*.example", "http://a.example", "https://a.example/", "https://a.example/x",
            "https://A.example",
            "https://a.example:0x1", "https://a.example:", "https://a.example:99999", "https://a.example:08", "https://",
            "a.example",
            "https://u@a.example", "https://a b", "ftp://a.example", "https://a.example?x", "https://a.example\n",
        ] {
            #expect(!OriginRule.isOrigin(text), "\(text)")
        }
        func problem(_ origins: [String]) -> String? {
            do throws(ServiceSettings.Problem) {
                try ServiceSettings(address: ListenAddress(host: "127.0.0.1", port: 1), allowedOrigins: origins).check()
                return nil
            } catch {
                return "\(error)"
            }
        }
        #expect(problem([]) == nil)
        #expect(problem(["*"])?.contains("found '*'") == true)
        #expect(problem([Self.map])?.contains("no keys are configured") == true)
    }
}
