import Testing

/// A23: what a page of another origin, or a name that was bent to our address, can make us do. Nothing.
@Suite struct `Hosts and origins` {
    @Test func `only names of the loopback address are answered`() async throws {
        try await TestServer.run(extraHosts: ["Tunnel.Example:9000"]) { server in
            let port = server.port
            let cases: [(host: String, status: Int)] = [
                ("127.0.0.1:\(port)", 200), ("localhost:\(port)", 200), ("LOCALHOST:\(port)", 200), ("[::1]:\(port)", 200),
                ("tunnel.example:9000", 200), ("example.org", 403), ("example.org:\(port)", 403), ("127.0.0.1", 403),
                ("127.0.0.1:\(port + 1)", 403), ("127.0.0.1.example.org:\(port)", 403), ("localhost.:\(port)", 403), ("", 403),
                ("127.0.0.1:\(port)@example.org", 403), ("127.1:\(port)", 403), ("0.0.0.0:\(port)", 403),
            ]
            for (host, status) in cases {
                let (answers, _) = try await server.say("GET /health/live HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
                #expect(answers.map(\.status) == [status], "Host: \(host)")
                #expect(answers.allSatisfy { $0["access-control-allow-origin"] == nil })
            }
        }
    }

    @Test func `a page of another origin reaches nothing, whatever it sends`() async throws {
        try await TestServer.run { server in
            let own = "http://\(server.host)"
            let types: [String?] = [
                "application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                "application/graphql",
                "application/json; charset=utf-8", "text/plain; charset=application/json", nil,
            ]
            var cells = 0
            for method in ["GET", "POST", "PUT", "OPTIONS"] {
                for type in types {
                    for origin in [nil, own, "http://example.org", "null"] {
                        var fields: [(String, String)] = type.map { [("Content-Type", $0)] } ?? []
                        if let origin { fields.append(("Origin", origin)) }
                        let body = method == "GET" ? nil : #"{"query":"{ __typename }"}"#
                        let target = method == "GET" ? "/graphql?query=%7B__typename%7D" : "/graphql"
                        let answer = try await server.ask(method, target, fields, body: body)
                        let isOurs = origin == nil || origin == own
                        let isJSON = type?.hasPrefix("application/json") == true
                        let expected =
                            !isOurs ? 403 : method == "GET" ? 200 : method != "POST" ? 405 : isJSON ? 200 : 415
                        #expect(answer?.status == expected, "\(method) \(type ?? "no type") \(origin ?? "no origin")")
                        #expect(answer?["access-control-allow-origin"] == nil)
                        cells += 1
                    }
                }
            }
            print("CSRF matrix: \(cells) cells")
        }
    }

    @Test func `an image or a script of another page is refused, a link is followed`() async throws {
        try await TestServer.run { server in
            let cases: [(site: String, mode: String, status: Int)] = [
                ("cross-site", "no-cors", 403), ("same-site", "no-cors", 403), ("cross-site", "cors", 403),
                ("cross-site", "navigate", 200),
                ("same-origin", "cors", 200), ("none", "navigate", 200),
            ]
            for (site, mode, status) in cases {
                let answer = try await server.ask("GET", "/q", [("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode)])
                #expect(answer?.status == status, "\(site), \(mode)")
            }
        }
    }

    @Test func `a method that is not for this path is answered 405, with what is`() async throws {
        try await TestServer.run { server in
            let cases: [(method: String, path: String, allow: String)] = [
                ("DELETE", "/graphql", "GET, HEAD, POST"), ("POST", "/", "GET, HEAD"),
                ("PUT", "/q", "GET, HEAD"),
                ("POST", "/health/live", "GET, HEAD"), ("OPTIONS", "/graphql", "GET, HEAD, POST"),
            ]
            for (method, path, allow) in cases {
                let answer = try await server.ask(method, path)
                #expect(answer?.status == 405, "\(method) \(path)")
                #expect(answer?["allow"] == allow, "\(method) \(path)")
            }
        }
    }

    @Test func `a path is a key, and no way into a folder`() async throws {
        try await TestServer.run { server in
            let names = [
                "..", "../", "%2e%2e", "%252f", "..%2f..%2fetc%2fpasswd", "a\\b", "a%00", "%c0%ae", "．．", "LOCK",
                "00000042.journal",
                "a%0d%0aSet-Cookie:%20x", String(repeating: "a", count: 65), "", "a.graphql", "q/../../etc/passwd",
                "no-such-question",
            ]
            for name in names {
                for path in ["/q/\(name)", "/q/\(name)/source", "/assets/\(name)"] where name.allSatisfy(\.isASCII) {
                    let answer = try await server.ask("GET", path)
                    #expect(answer?.status == 404, "\(path)")
                    #expect(answer?["set-cookie"] == nil)
                }
            }
        }
    }
}
