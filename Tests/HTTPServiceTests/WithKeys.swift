import Access
import HTTPService
import Settings
import StoreColumns
import Synchronization
import Testing

/// A server that asks for keys, with a clock that a test moves.
final class KeyedServer: Sendable {
    /// Seconds since any moment.
    final class TestClock: Sendable {
        let seconds = Mutex<Int64>(1_000_000)
        func advance(by count: Int64) { seconds.withLock { $0 += count } }
        var now: Instant { Instant(microseconds: seconds.withLock { $0 } * 1_000_000) }
    }

    static let reader = APIKey.text(id: "readerAA", secret: [UInt8](repeating: 1, count: 32))
    static let editor = APIKey.text(id: "editorAA", secret: [UInt8](repeating: 2, count: 32))
    static let ended = APIKey.text(id: "endedAAA", secret: [UInt8](repeating: 3, count: 32))
    /// Of a role that only some servers know, with claims.
    static let local = APIKey.text(id: "localAAA", secret: [UInt8](repeating: 5, count: 32))
    static let revoked = APIKey.text(id: "revokedA", secret: [UInt8](repeating: 4, count: 32))

    let clock = TestClock()
    private let made = Mutex<Doorkeeper?>(nil)

    var doorkeeper: Doorkeeper? { made.withLock { $0 } }

    /// - Parameter without: The id of a key that is revoked meanwhile.
    static func ring(without revokedID: String? = nil, roles: KnownRoles = KnownRoles()) -> KeyRing {
        let start = Instant(microseconds: 0)
        let far = Instant(microseconds: 2_000_000_000_000)
        return KeyRing(
            [
                (reader, "reader", far, nil), (editor, "editor", far, nil), (ended, "editor", start, nil),
                (revoked, "editor", far, start), (local, "LOCAL", far, nil),
            ]
            .compactMap { text, role, end, revokedAt in
                APIKey(Array(text.utf8)).map {
                    KeyRecord(
                        id: $0.id, name: "name of \($0.id)", role: role,
                        claims: role == "LOCAL"
                            ? [("area", "41"), ("unit", "U7"), ("area", "42")].map { Claim(name: $0.0, value: $0.1) } : [],
                        digest: $0.digest, addedAt: start, expiresAt: end,
                        revokedAt: $0.id == revokedID ? start : revokedAt)
                }
            }, roles: roles)
    }

    func run(
        limits: [String: Int] = ["failed-attempts": 1_000], proxy: String? = nil, extraHosts: [String] = [],
        lines: TestServer.Lines = TestServer.Lines(), content: ServiceContent = TestContent.small,
        auditor: Auditor? = nil, roles: KnownRoles = KnownRoles(), tokens: TokenCheck? = nil,
        allowedOrigins: [String] = [], tls: TLSIdentity? = nil, _ body: @Sendable (TestServer.Running) async throws -> Void
    ) async throws {
        var values = LimitValues(ServiceLimits.definitions)
        for (name, value) in limits { values[name] = value }
        let clock = self.clock
        let doorkeeper = Doorkeeper(
            Self.ring(roles: roles), roles: roles, limits: values, proxy: proxy, speaksTLS: tls != nil,
            now: { clock.now })
        doorkeeper.replaceTokens(with: tokens)
        made.withLock { $0 = doorkeeper }
        try await TestServer.run(
            limits: limits, extraHosts: extraHosts, level: .requests, lines: lines, content: content,
            doorkeeper: doorkeeper, auditor: auditor, allowedOrigins: allowedOrigins, tls: tls, body)
    }

    static func bearer(_ key: String) -> [(String, String)] { [("Authorization", "Bearer \(key)")] }

    static let form = ("Content-Type", "application/x-www-form-urlencoded")

    /// Signs in.
    ///
    /// - Returns: The cookie as a browser sends it back.
    static func signIn(_ server: TestServer.Running, _ key: String = reader, _ fields: [(String, String)] = []) async throws
        -> String?
    {
        let answer = try await server.ask("POST", "/sign-in", [form] + fields, body: "key=\(key)")
        return answer?["set-cookie"]?.split(separator: ";").first.map(String.init)
    }
}

@Suite struct `A server with keys` {
    @Test func `every path but health and the sign-in page answers 401 to whoever has no key, and says nothing else`()
        async throws
    {
        try await KeyedServer().run { server async throws in
            let paths = [
                "/", "/graphql", "/graphql?query=%7B__typename%7D", "/schema.graphql", "/q", "/q/x", "/q/x/source",
                "/assets/start.js",
                "/assets/none", "/nothing", "/board", "/graphql?query=%7B__typename%7D&access_token=\(KeyedServer.reader)",
                "/q?key=\(KeyedServer.reader)",
            ]
            let wrong = KeyedServer.reader.replacing("reader", with: "Reader")
            let credentials: [[(String, String)]] = [
                [], KeyedServer.bearer(wrong), KeyedServer.bearer(String(KeyedServer.reader.dropLast()) + "0"),
                KeyedServer.bearer(APIKey.text(id: "readerAA", secret: [UInt8](repeating: 9, count: 32))),
                KeyedServer.bearer(APIKey.text(id: "nobodyAA", secret: [UInt8](repeating: 1, count: 32))),
                KeyedServer.bearer(KeyedServer.ended), KeyedServer.bearer(KeyedServer.revoked), KeyedServer.bearer(""),
                KeyedServer.bearer(KeyedServer.reader + " " + KeyedServer.reader),
                [("Authorization", "Basic " + KeyedServer.reader)], [("Authorization", KeyedServer.reader)],
                KeyedServer.bearer(KeyedServer.reader) + KeyedServer.bearer(KeyedServer.reader),
                [("Authorization", "Bearer " + String(repeating: "a", count: 7_000))],
                [("X-API-Key", KeyedServer.reader)], [("Cookie", "hearth-session=" + String(repeating: "a", count: 43))],
                [("Cookie", "hearth-session=")],
            ]
            var bodies: Set<String> = []
            for path in paths {
                for fields in credentials {
                    let answer = try await server.ask("GET", path, fields)
                    #expect(answer?.status == 401, "\(path) \(fields)")
                    #expect(answer?["www-authenticate"] == "Bearer")
                    bodies.insert(answer?.text ?? "")
                }
            }
            #expect(bodies.count == 1, "one answer must not be told from another: \(bodies)")
            #expect(bodies.first?.contains("\"UNAUTHENTICATED\"") == true)
            #expect(try await server.ask("POST", "/graphql", [("Content-Type", "application/json")], body: "{}")?.status == 401)
            #expect(try await server.ask("DELETE", "/graphql")?.status == 401)
            for path in ["/health/live", "/health/ready", "/sign-in"] {
                #expect(try await server.ask("GET", path)?.status == 200, "\(path)")
            }
            print("paths and credentials refused: \(paths.count * credentials.count)")
        }
    }

    @Test func `a key opens everything, whichever way the word Bearer is written`() async throws {
        try await KeyedServer().run { server async throws in
            for word in ["Bearer", "bearer", "BEARER"] {
                for path in ["/", "/q", "/schema.graphql", "/assets/start.js", "/graphql?query=%7B__typename%7D"] {
                    let answer = try await server.ask("GET", path, [("Authorization", "\(word) \(KeyedServer.reader)")])
                    #expect(answer?.status == 200, "\(word) \(path)")
                }
            }
            let answer = try await server.ask("GET", "/nothing", KeyedServer.bearer(KeyedServer.reader))
            #expect(answer?.status == 404)
        }
    }

    @Test func `a reader changes nothing, an editor does`() async throws {
        let content = TestContent.changing()
        try await KeyedServer().run(content: content) { server async throws in
            let body =
                #"{"query":"mutation { applyChanges(changes: {items: {upsert: [{number: 1, label: \"new\"}]}}) { applied } }"}"#
            let refused = try await server.post(body, KeyedServer.bearer(KeyedServer.reader))
            #expect(refused?.status == 403)
            #expect(refused?.text.contains("\"FORBIDDEN\"") == true)
            let question = #"{"query":"{ items(where: {label: {eq: \"new\"}}) { totalCount } }"}"#
            let before = try await server.post(question, KeyedServer.bearer(KeyedServer.editor))
            #expect(before?.text.contains("\"totalCount\":0") == true, "\(before?.text ?? "")")
            let done = try await server.post(body, KeyedServer.bearer(KeyedServer.editor))
            #expect(done?.status == 200, "\(done?.text ?? "")")
            let after = try await server.post(question, KeyedServer.bearer(KeyedServer.reader))
            #expect(after?.text.contains("\"totalCount\":1") == true, "\(after?.text ?? "")")
        }
    }

    @Test func `a key opens where its role is known, and changes where that may`() async throws {
        let change =
            #"{"query":"mutation { applyChanges(changes: {items: {upsert: [{number: 1, label: \"new\"}]}}) { applied } }"}"#
        let local = KeyedServer.bearer(KeyedServer.local)
        for (roles, status, changeStatus) in [
            (KnownRoles(), 401, 401), (KnownRoles(["local"]), 401, 401), (KnownRoles(["LOCAL"]), 200, 403),
            (KnownRoles(["LOCAL"], changing: ["LOCAL"]), 200, 200),
        ] {
            try await KeyedServer().run(content: TestContent.changing(desk: "LOCAL"), roles: roles) { server async throws in
                #expect(try await server.ask("GET", "/graphql?query=%7B__typename%7D", local)?.status == status)
                let answer = try await server.post(change, local)
                #expect(answer?.status == changeStatus, "\(answer?.text ?? "")")
                if changeStatus == 403 { #expect(answer?.text.contains("this key, LOCAL, asks") == true) }
                let cookie = try await KeyedServer.signIn(server, KeyedServer.local)
                let session = try await server.post(change, [("Cookie", cookie ?? "")])
                #expect(session?.status == changeStatus, "a session has the rights of its key")
            }
        }
    }

    @Test func `after ten wrong keys within a minute an address waits, with the right key too`() async throws {
        let keyed = KeyedServer()
        try await keyed.run(limits: [:]) { server async throws in
            let wrong = KeyedServer.bearer(KeyedServer.ended)
            for _ in 0..<10 { #expect(try await server.ask("GET", "/q", wrong)?.status == 401) }
            for fields in [wrong, KeyedServer.bearer(KeyedServer.reader)] {
                let answer = try await server.ask("GET", "/q", fields)
                #expect(answer?.status == 429)
                #expect(answer?["retry-after"] == "60")
                #expect(answer?.text.contains("\"RATE_LIMITED\"") == true)
                #expect(answer?.text.contains("failed-attempts") == true)
            }
            let form = try await server.ask("POST", "/sign-in", [KeyedServer.form], body: "key=\(KeyedServer.reader)")
            #expect(form?.status == 429)
            #expect(try await server.ask("GET", "/health/live")?.status == 200)
            keyed.clock.advance(by: 60)
            #expect(try await server.ask("GET", "/q", KeyedServer.bearer(KeyedServer.reader))?.status == 200)
        }
    }

    @Test func `a key that is revoked opens nothing any more, nor do its sessions`() async throws {
        let keyed = KeyedServer()
        try await keyed.run { server async throws in
            let cookie = try #require(try await KeyedServer.signIn(server))
            #expect(try await server.ask("GET", "/q", [("Cookie", cookie)])?.status == 200)
            keyed.doorkeeper?.replace(with: KeyedServer.ring(without: "readerAA"))
            #expect(try await server.ask("GET", "/q", [("Cookie", cookie)])?.status == 401)
            #expect(try await server.ask("GET", "/q", KeyedServer.bearer(KeyedServer.reader))?.status == 401)
            #expect(try await server.ask("GET", "/q", KeyedServer.bearer(KeyedServer.editor))?.status == 200)
            // A file that cannot be read any more.
            keyed.doorkeeper?.replace(with: .none)
            #expect(try await server.ask("GET", "/q", KeyedServer.bearer(KeyedServer.editor))?.status == 401)
        }
    }

    @Test func `no key and no token is in any line of the log`() async throws {
        let lines = TestServer.Lines()
        try await KeyedServer().run(lines: lines) { server async throws in
            let cookie = try #require(try await KeyedServer.signIn(server))
            for fields in [KeyedServer.bearer(KeyedServer.editor), KeyedServer.bearer(KeyedServer.ended), [("Cookie", cookie)]] {
                _ = try await server.ask("GET", "/q?key=\(KeyedServer.revoked)", fields)
            }
            _ = try await KeyedServer.signIn(server, KeyedServer.revoked)
        }
        let text = lines.all.joined()
        #expect(lines.all.count >= 5)
        #expect(!text.contains("hth_") && !text.contains("hearth-session") && !text.contains("name of"), "\(text)")
    }

    @Test func `other addresses need keys and a proxy that encrypts`() {
        let limits = LimitValues(ServiceLimits.definitions)
        func problem(_ host: String, _ doorkeeper: Doorkeeper?) -> String? {
            let address = ListenAddress(host: host, port: 8080)
            do throws(ServiceSettings.Problem) {
                try ServiceSettings(address: address, doorkeeper: doorkeeper).check()
                return nil
            } catch {
                return "\(error)"
            }
        }
        func doorkeeper(proxy: String?) -> Doorkeeper {
            Doorkeeper(KeyedServer.ring(), limits: limits, proxy: proxy, now: { Instant(microseconds: 0) })
        }
        for host in ["0.0.0.0", "::", "10.0.0.1", "example.org"] {
            #expect(problem(host, nil)?.contains("no keys are configured") == true)
            #expect(problem(host, doorkeeper(proxy: nil))?.contains("--behind-proxy") == true)
            #expect(problem(host, doorkeeper(proxy: "10.0.0.2")) == nil)
        }
        for host in ["127.0.0.1", "::1", "localhost"] {
            #expect(problem(host, nil) == nil)
            #expect(problem(host, doorkeeper(proxy: nil)) == nil)
        }
    }
}

@Suite struct `Behind a proxy` {
    @Test func `wrong keys count for the address that the proxy saw, not for what a client wrote before it`() async throws {
        try await KeyedServer().run(limits: ["failed-attempts": 2], proxy: "127.0.0.1") { server async throws in
            func ask(_ key: String, _ forwarded: String?) async throws -> Int? {
                let fields = forwarded.map { [("X-Forwarded-For", $0)] } ?? []
                return try await server.ask("GET", "/q", KeyedServer.bearer(key) + fields)?.status
            }
            for guess in 0..<2 { #expect(try await ask(KeyedServer.ended, "9.9.9.\(guess), 10.1.1.1") == 401) }
            #expect(try await ask(KeyedServer.reader, "9.9.9.9, 10.1.1.1") == 429)
            #expect(try await ask(KeyedServer.reader, "10.1.1.2") == 200)
            #expect(try await ask(KeyedServer.reader, "10.1.1.1, 10.1.1.2") == 200)
            #expect(try await ask(KeyedServer.reader, nil) == 200)
            #expect(try await ask(KeyedServer.reader, "<script>") == 200)
        }
    }

    @Test func `nobody connects around it`() async throws {
        try await KeyedServer().run(proxy: "10.9.9.9") { server async throws in
            let answer = try await server.ask(
                "GET", "/q", KeyedServer.bearer(KeyedServer.reader) + [("X-Forwarded-For", "10.9.9.9")])
            #expect(answer?.status == 403)
            #expect(
                try await server.ask("POST", "/sign-in", [KeyedServer.form], body: "key=\(KeyedServer.reader)")?.status == 403)
            #expect(try await server.ask("GET", "/health/live")?.status == 200)
        }
    }

    @Test func `its cookie is for encrypted connections of this host alone`() async throws {
        try await KeyedServer().run(proxy: "127.0.0.1") { server async throws in
            let answer = try await server.ask("POST", "/sign-in", [KeyedServer.form], body: "key=\(KeyedServer.reader)")
            let cookie = try #require(answer?["set-cookie"])
            #expect(cookie.hasPrefix("__Host-hearth-session=") && cookie.contains("; Secure") && cookie.contains("; Path=/;"))
        }
    }

    @Test func `a page under the proxy's name is ours if the name is allowed`() async throws {
        try await KeyedServer().run(proxy: "127.0.0.1", extraHosts: ["register.example"]) { server async throws in
            for (origin, status) in [
                ("https://register.example", 303), ("https://example.org", 403), ("https://register.example.org", 403),
                ("null", 403),
            ] {
                let answer = try await server.ask(
                    "POST", "/sign-in", [KeyedServer.form, ("Origin", origin)], body: "key=\(KeyedServer.reader)")
                #expect(answer?.status == status, "\(origin)")
            }
        }
    }
}
