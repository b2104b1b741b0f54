import Access
import Bytes
import HTTPService
import Settings
import StoreColumns
import Testing

@Suite struct `A server that takes tokens` {
    static let secret: [UInt8] = Array(1...32)
    /// When the tests' clock stands still.
    static let seconds = 1_000_000

    static func base64URL(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for place in 0...group.count { text.append(alphabet[Int(bits >> UInt32(18 - 6 * place)) & 63]) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func check(denied: Set<String> = []) throws -> TokenCheck {
        var settings = TokenSettings(
            issuer: "sso", audiences: ["hearth"], roleMember: "x/role",
            keys: [TokenSettings.Key(id: "k", algorithm: "HS256", material: .secret(base64URL(secret)))])
        settings.claims = [TokenSettings.Claim(name: "area", member: "area")]
        settings.denied = denied
        return try TokenCheck(settings, digests: AuditDigests(key: [UInt8](repeating: 5, count: 32)))
    }

    static func token(role: String = "LOCAL", end: Int = seconds + 600, id: String = "t") -> String {
        let head = base64URL(Array(#"{"alg":"HS256","typ":"JWT","kid":"k"}"#.utf8))
        let body = base64URL(
            Array(
                #"{"iss":"sso","aud":"hearth","sub":"王五","exp":\#(end),"jti":"\#(id)","x/role":"\#(role)","area":["U7"]}"#.utf8))
        return "\(head).\(body)." + base64URL(hmacSHA256(of: Array("\(head).\(body)".utf8), key: secret))
    }

    @Test func `a token opens what its role may, beside keys, until it ends or is denied`() async throws {
        let keyed = KeyedServer()
        try await keyed.run(content: TestContent.changing(desk: "LOCAL"), roles: KnownRoles(["LOCAL"]), tokens: try Self.check())
        {
            server async throws in
            let change =
                #"{"query":"mutation { applyChanges(changes: {items: {upsert: [{number: 1, label: \"new\"}]}}) { applied } }"}"#
            func ask(_ token: String) async throws -> Int? {
                try await server.ask("GET", "/graphql?query=%7B__typename%7D", KeyedServer.bearer(token))?.status
            }
            #expect(try await ask(Self.token()) == 200)
            #expect(try await ask(KeyedServer.reader) == 200)
            #expect(try await server.post(change, KeyedServer.bearer(Self.token()))?.status == 403)
            #expect(try await server.post(change, KeyedServer.bearer(Self.token(role: "editor")))?.status == 200)
            var bodies: Set<String> = []
            for token in [
                Self.token(role: "NOBODY"), Self.token(end: Self.seconds), Self.token() + "A", "a.b.c", KeyedServer.ended,
            ] {
                let answer = try await server.ask("GET", "/q", KeyedServer.bearer(token))
                #expect(answer?.status == 401 && answer?["www-authenticate"] == "Bearer")
                bodies.insert(answer?.text ?? "")
            }
            #expect(bodies.count == 1, "why is told to nobody: \(bodies)")
            // It opens no session, and is never read from a URL.
            #expect(try await KeyedServer.signIn(server, Self.token()) == nil)
            #expect(try await server.ask("GET", "/q?access_token=\(Self.token())")?.status == 401)
            keyed.doorkeeper?.replaceTokens(with: try Self.check(denied: ["t"]))
            #expect(try await ask(Self.token()) == 401)
            #expect(try await ask(Self.token(id: "other")) == 200)
            keyed.doorkeeper?.replaceTokens(with: nil)
            #expect(try await ask(Self.token(id: "other")) == 401)
            #expect(try await ask(KeyedServer.reader) == 200)
        }
    }

    @Test func `wrong tokens count as wrong keys do`() async throws {
        try await KeyedServer().run(limits: ["failed-attempts": 3], roles: KnownRoles(["LOCAL"]), tokens: try Self.check()) {
            server async throws in
            for _ in 0..<3 {
                #expect(try await server.ask("GET", "/q", KeyedServer.bearer(Self.token(role: "NOBODY")))?.status == 401)
            }
            for right in [Self.token(), KeyedServer.reader] {
                #expect(try await server.ask("GET", "/q", KeyedServer.bearer(right))?.status == 429)
            }
        }
    }

    @Test func `who shows a token is told by digests, and its requests are counted`() async throws {
        let files = MemoryFileSystem()
        let keyed = KeyedServer()
        let file = try AuditFile("/audit", on: files, fileByteLimit: 1 << 20, now: { keyed.clock.now })
        let digests = AuditDigests(key: [UInt8](repeating: 5, count: 32))
        try await keyed.run(
            limits: ["points-per-minute": 2, "failed-attempts": 1_000], content: TestContent.changing(desk: "LOCAL"),
            auditor: Auditor(file, digests: digests),
            roles: KnownRoles(["LOCAL"]), tokens: try Self.check()
        ) { server async throws in
            var statuses: [Int?] = []
            // Another token of the same person spends the same points.
            for id in ["a", "b", "c"] {
                statuses.append(
                    try await server.ask("GET", "/graphql?query=%7B__typename%7D", KeyedServer.bearer(Self.token(id: id)))?.status
                )
            }
            #expect(statuses == [200, 200, 429])
        }
        let text = String(
            decoding: try files.list("/audit").flatMap { try files.contents(of: "/audit/" + $0, limit: 1 << 20) }, as: UTF8.self)
        let who =
            "\"key\":\"jwt-\(digests.subject("王五", issuer: "sso"))\",\"role\":\"LOCAL\",\"claims\":{\"area\":\"\(digests.claim("U7"))\"}"
        #expect(text.split(separator: "\n").count { $0.contains(who) } == 3, "\(text)")
        #expect(!text.contains("王五") && !text.contains("U7") && !text.contains("eyJ"))
    }
}
