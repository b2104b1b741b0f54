import Access
import Testing

@Suite struct `Signing in` {
    @Test func `a key is exchanged for a cookie that scripts and other sites do not get`() async throws {
        try await KeyedServer().run { server async throws in
            let page = try await server.ask("GET", "/sign-in")
            #expect(page?.text == "out")
            #expect(page?["content-security-policy"]?.contains("script-src") == false)
            #expect(page?["content-security-policy"]?.contains("form-action 'self'") == true)
            // With `no-referrer` a browser would send its form with the origin "null".
            #expect(page?["referrer-policy"] == "same-origin")
            let answer = try await server.ask(
                "POST", "/sign-in", [KeyedServer.form, ("Origin", "http://\(server.host)"), ("Sec-Fetch-Site", "same-origin")],
                body: "key=\(KeyedServer.reader)")
            #expect(answer?.status == 303)
            #expect(answer?["location"] == "/")
            #expect(answer?["cache-control"] == "no-store")
            let cookie = try #require(answer?["set-cookie"])
            #expect(cookie.hasSuffix("; Path=/; Max-Age=28800; HttpOnly; SameSite=Strict"))
            let token = try #require(cookie.split(separator: ";").first.map(String.init))
            #expect(token.utf8.count == "hearth-session=".utf8.count + 43)
            #expect(try await server.ask("GET", "/sign-in", [("Cookie", token)])?.text == "in as name of readerAA")
            #expect(try await server.post(#"{"query":"{__typename}"}"#, [("Cookie", "a=b; \(token); c=d")])?.status == 200)
        }
    }

    @Test func `a wrong key is told to be wrong, and begins nothing`() async throws {
        try await KeyedServer().run { server async throws in
            for key in [KeyedServer.ended, KeyedServer.revoked, "", "x", KeyedServer.reader.replacing("A", with: "B")] {
                let answer = try await server.ask("POST", "/sign-in", [KeyedServer.form], body: "key=\(key)")
                #expect(answer?.status == 401)
                #expect(answer?.text == "refused out")
                #expect(answer?["set-cookie"] == nil)
            }
        }
    }

    @Test func `a session ends by signing out and by its time`() async throws {
        let keyed = KeyedServer()
        try await keyed.run { server async throws in
            let first = try #require(try await KeyedServer.signIn(server))
            let second = try #require(try await KeyedServer.signIn(server))
            #expect(first != second)
            let out = try await server.ask("POST", "/sign-out", [KeyedServer.form, ("Cookie", first)], body: "")
            #expect(out?.status == 303)
            #expect(out?["location"] == "/sign-in")
            #expect(out?["set-cookie"]?.hasPrefix("hearth-session=; Path=/; Max-Age=0;") == true)
            #expect(try await server.ask("GET", "/q", [("Cookie", first)])?.status == 401)
            #expect(try await server.ask("GET", "/q", [("Cookie", second)])?.status == 200)
            keyed.clock.advance(by: 8 * 3_600 - 1)
            #expect(try await server.ask("GET", "/q", [("Cookie", second)])?.status == 200)
            keyed.clock.advance(by: 1)
            #expect(try await server.ask("GET", "/q", [("Cookie", second)])?.status == 401)
        }
    }

    @Test func `a token that somebody else chose is never taken up, and one that was there before ends`() async throws {
        try await KeyedServer().run { server async throws in
            let planted = "hearth-session=" + String(repeating: "Z", count: 43)
            let own = try #require(try await KeyedServer.signIn(server, KeyedServer.reader, [("Cookie", planted)]))
            #expect(own != planted)
            #expect(try await server.ask("GET", "/q", [("Cookie", planted)])?.status == 401)
            // Whoever signs in anew leaves no session behind that another may have read.
            let renewed = try #require(try await KeyedServer.signIn(server, KeyedServer.editor, [("Cookie", own)]))
            #expect(try await server.ask("GET", "/q", [("Cookie", own)])?.status == 401)
            #expect(try await server.ask("GET", "/q", [("Cookie", renewed)])?.status == 200)
            // A second cookie of the name, put beside ours by a neighbouring site: neither is believed.
            #expect(try await server.ask("GET", "/q", [("Cookie", "\(planted); \(renewed)")])?.status == 401)
            #expect(try await server.ask("GET", "/q", [("Cookie", "\(renewed); \(planted)")])?.status == 401)
            // A wrong key beside a good session is refused: what is shown first is what counts.
            let both = KeyedServer.bearer(KeyedServer.ended) + [("Cookie", renewed)]
            #expect(try await server.ask("GET", "/q", both)?.status == 401)
        }
    }

    @Test func `a page of another origin can neither sign in, nor sign out, nor ask with a session`() async throws {
        try await KeyedServer().run { server async throws in
            let cookie = try #require(try await KeyedServer.signIn(server))
            let foreign: [[(String, String)]] = [
                [("Origin", "http://example.org")], [("Origin", "null")],
                [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")],
                [("Sec-Fetch-Site", "same-site")], [("Sec-Fetch-Site", "none"), ("Sec-Fetch-Mode", "navigate")],
            ]
            for fields in foreign {
                let fields = fields + [KeyedServer.form, ("Cookie", cookie)]
                #expect(try await server.ask("POST", "/sign-in", fields, body: "key=\(KeyedServer.editor)")?.status == 403)
                #expect(try await server.ask("POST", "/sign-out", fields, body: "")?.status == 403)
            }
            for type in ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"] {
                let fields = [("Content-Type", type), ("Cookie", cookie)]
                #expect(try await server.ask("POST", "/graphql", fields, body: #"{"query":"{__typename}"}"#)?.status == 415)
            }
            let answer = try await server.post(
                #"{"query":"{__typename}"}"#, [("Cookie", cookie), ("Origin", "http://example.org")])
            #expect(answer?.status == 403)
            #expect(try await server.ask("GET", "/q", [("Cookie", cookie)])?.status == 200, "the session goes on")
        }
    }

    @Test func `only a short form is read`() async throws {
        try await KeyedServer().run { server async throws in
            let json = [("Content-Type", "application/json")]
            #expect(try await server.ask("POST", "/sign-in", json, body: "{}")?.status == 415)
            #expect(try await server.ask("POST", "/sign-in", [], body: "key=\(KeyedServer.reader)")?.status == 415)
            #expect(try await server.ask("POST", "/sign-out", json, body: "")?.status == 415)
            #expect(try await server.ask("GET", "/sign-out")?.status == 405)
            let long = "key=" + String(repeating: "a", count: 2_000)
            #expect(try await server.ask("POST", "/sign-in", [KeyedServer.form], body: long)?.status == 400)
            for body in ["key=%ZZ", "key=\(KeyedServer.reader)&key=\(KeyedServer.reader)", "key=%ff"] {
                #expect(try await server.ask("POST", "/sign-in", [KeyedServer.form], body: body)?.status == 400, "\(body)")
            }
        }
    }

    @Test func `a person who comes to a page is shown where to sign in, a program is told 401`() async throws {
        try await KeyedServer().run { server async throws in
            let browser = [("Accept", "text/html,application/xhtml+xml")]
            for path in ["/", "/board"] {
                let page = try await server.ask("GET", path, browser)
                #expect(page?.status == 401, "\(path)")
                #expect(page?.text == "out", "\(path)")
                #expect(page?["content-type"] == "text/html; charset=utf-8", "\(path)")
            }
            #expect(
                try await server.ask("GET", "/", browser + KeyedServer.bearer(KeyedServer.ended))?.text.contains(
                    "UNAUTHENTICATED") == true)
            #expect(try await server.ask("GET", "/q", browser)?.text.contains("UNAUTHENTICATED") == true)
        }
        try await TestServer.run { server async throws in
            #expect(try await server.ask("GET", "/sign-in")?.status == 404, "without keys there is nothing to sign in to")
        }
    }
}
