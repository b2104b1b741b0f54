import Bytes
import FuzzLaws
import JSONText
import Settings
import StoreColumns
import Testing

@testable import Access

/// `reliability.md` §3.6; RFC 7519, RFC 8725.
@Suite struct `Tokens of another system` {
    static let now = Instant(isoText: "2026-11-21T08:00:00Z") ?? Instant(microseconds: 0)
    static var seconds: Int64 { now.microseconds / 1_000_000 }
    static let secret: [UInt8] = Array(1...32)
    static let roles = KnownRoles(["LOCAL"])
    static let digests = AuditDigests(key: [UInt8](repeating: 3, count: 32))

    /// RFC 7515 §2.
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

    static func settings(_ change: (inout TokenSettings) -> Void = { _ in }) -> TokenSettings {
        var settings = TokenSettings(
            issuer: "https://sso.example", audiences: ["hearth", "https://register.example"],
            roleMember: "https://example.org/role",
            keys: [TokenSettings.Key(id: "in", algorithm: "HS256", material: .secret(base64URL(secret)))]
                + SignedTokens.all.map {
                    TokenSettings.Key(id: $0.algorithm, algorithm: $0.algorithm, material: .publicKey($0.key))
                })
        settings.claims = [
            TokenSettings.Claim(name: "area", member: "https://example.org/area"),
            TokenSettings.Claim(name: "unit", member: "unit"),
        ]
        change(&settings)
        return settings
    }

    static let head: [(String, String)] = [("alg", "\"HS256\""), ("kid", "\"in\""), ("typ", "\"JWT\"")]
    static var body: [(String, String)] {
        [
            ("iss", "\"https://sso.example\""), ("aud", "\"hearth\""), ("sub", "\"u-1\""), ("exp", "\(seconds + 600)"),
            ("iat", "\(seconds)"), ("https://example.org/role", "\"LOCAL\""),
        ]
    }

    /// Members with others in their place, or beside them; nil takes one away.
    static func json(_ members: [(String, String)], _ changes: [(String, String?)]) -> String {
        var members = members
        for (name, value) in changes {
            members.removeAll { $0.0 == name }
            if let value { members.append((name, value)) }
        }
        return "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }

    static func sign(_ head: String, _ body: String, key: [UInt8] = secret) -> String {
        let text = base64URL(Array(head.utf8)) + "." + base64URL(Array(body.utf8))
        return text + "." + base64URL(hmacSHA256(of: Array(text.utf8), key: key))
    }

    static func token(head: [(String, String?)] = [], _ body: [(String, String?)] = []) -> String {
        sign(json(Self.head, head), json(Self.body, body))
    }

    static func check(
        _ token: String, _ settings: TokenSettings = settings(), at now: Instant = now, roles: KnownRoles = roles
    ) async throws -> Result<Asker, TokenRefusal> {
        let check = try TokenCheck(settings, digests: digests)
        do throws(TokenRefusal) {
            return .success(try await check.check(Array(token.utf8), roles: roles, now: now))
        } catch {
            return .failure(error)
        }
    }

    @Test func `whatever algorithm a key is for, what another program signed with it is taken`() async throws {
        for (algorithm, _, token) in SignedTokens.all {
            let asker = try await Self.check(token).get()
            #expect(asker.role == "LOCAL", "\(algorithm)")
            #expect(asker.claims.map { "\($0.name)=\($0.value)" } == ["area=41", "area=42"])
            #expect(asker.id == "jwt-" + Self.digests.subject("u-1", issuer: "https://sso.example"))
        }
        let own = try await Self.check(Self.token()).get()
        #expect(own == Asker(id: "jwt-" + Self.digests.subject("u-1", issuer: "https://sso.example"), role: "LOCAL"))
    }

    @Test func `no letter of a signed token can be another one`() async throws {
        for (algorithm, _, token) in SignedTokens.all {
            let bytes = Array(token.utf8)
            // Every seventh, and all of the last: there bits could stand that mean nothing.
            for index in bytes.indices where index % 7 == 0 || index > bytes.count - 4 {
                var forged = bytes
                forged[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
                let result = try await Self.check(String(decoding: forged, as: UTF8.self))
                #expect((try? result.get()) == nil, "\(algorithm), letter \(index)")
            }
        }
    }

    @Test func `the key says which algorithm is meant, and a head that says another one opens nothing`() async throws {
        func refused(_ token: String) async throws -> TokenRefusal? {
            if case .failure(let reason) = try await Self.check(token) { reason } else { nil }
        }
        for algorithm in ["none", "None", "NONE", "", "HS384", "HS512", "RS256", "ES256", "EdDSA", "hs256"] {
            #expect(try await refused(Self.token(head: [("alg", "\"\(algorithm)\"")])) == .algorithm, "\(algorithm)")
        }
        #expect(try await refused(Self.token(head: [("alg", nil)])) == .algorithm)
        // Without a signature at all.
        let bare = Self.base64URL(Array(#"{"alg":"none","kid":"in","typ":"JWT"}"#.utf8))
        let body = Self.base64URL(Array(Self.json(Self.body, []).utf8))
        #expect(try await refused("\(bare).\(body).") == .algorithm)
        #expect(try await refused("\(bare).\(body)") == .parts)
        // What everybody may know, the public key's text, taken as the secret of an HMAC.
        for (algorithm, key, _) in SignedTokens.all {
            for text in [key, key + "\n"] {
                let head = Self.json(Self.head, [("kid", "\"\(algorithm)\"")])
                #expect(try await refused(Self.sign(head, Self.json(Self.body, []), key: Array(text.utf8))) == .algorithm)
                let honest = Self.json(Self.head, [("kid", "\"\(algorithm)\""), ("alg", "\"\(algorithm)\"")])
                #expect(try await refused(Self.sign(honest, Self.json(Self.body, []), key: Array(text.utf8))) == .signature)
            }
        }
        // One key's token under another key's name.
        let other = SignedTokens.all[0].token.split(separator: ".")
        let head = Self.base64URL(Array(#"{"alg":"PS256","typ":"JWT","kid":"PS256"}"#.utf8))
        #expect(try await refused("\(head).\(other[1]).\(other[2])") == .signature)
        // A signature of nothing but zeros (CVE-2022-21449), and ones that are too long or too short.
        let elliptic = SignedTokens.all[0].token.split(separator: ".").prefix(2).joined(separator: ".")
        for count in [0, 32, 63, 64, 65, 96] {
            let zeros = Self.base64URL([UInt8](repeating: 0, count: count))
            #expect(try await refused("\(elliptic).\(zeros)") == .signature, "\(count) zeros")
        }
    }

    @Test func `everything about a token must be as it was settled`() async throws {
        let far = Self.seconds + 24 * 3_600
        let role = "https://example.org/role"
        let cases: [(head: [(String, String?)], body: [(String, String?)], reason: TokenRefusal?)] = [
            // The head chooses no key, brings none along, and wants nothing.
            ([("jku", "\"https://evil.example/keys\"")], [], .header("jku")),
            ([("jwk", "{\"kty\":\"oct\"}")], [], .header("jwk")),
            ([("x5u", "\"https://evil.example\"")], [], .header("x5u")), ([("x5c", "[\"MII\"]")], [], .header("x5c")),
            ([("crit", "[\"exp\"]")], [], .header("crit")), ([("crit", "[]")], [], .header("crit")),
            ([("b64", "false"), ("crit", "[\"b64\"]")], [], .header("crit")),
            ([("kid", "\"out\"")], [], .unknownKey), ([("kid", nil)], [], .unknownKey), ([("kid", "7")], [], .header("kid")),
            ([("kid", "\"../../dev/null\"")], [], .unknownKey),
            ([("typ", nil)], [], .type), ([("typ", "\"at+jwt\"")], [], .type), ([("typ", "\"application/jwt\"")], [], nil),
            ([("typ", "\"jwt\"")], [], nil), ([("typ", "[]")], [], .header("typ")), ([("extra", "{\"a\":[1]}")], [], nil),
            // When.
            ([], [("exp", nil)], .claim("exp")), ([], [("exp", "\"\(Self.seconds + 60)\"")], .claim("exp")),
            ([], [("exp", "null")], .claim("exp")), ([], [("exp", "[]")], .claim("exp")), ([], [("exp", "true")], .claim("exp")),
            ([], [("exp", "1e999")], .claim("exp")), ([], [("exp", "Infinity")], .notJSON), ([], [("exp", "NaN")], .notJSON),
            ([], [("exp", "\(Self.seconds)")], .expired), ([], [("exp", "\(Self.seconds - 1)")], .expired),
            ([], [("exp", "-1")], .expired), ([], [("exp", "\(Self.seconds).5")], nil),
            ([], [("exp", "\(Self.seconds + 1)")], nil),
            ([], [("exp", "\(far)")], nil), ([], [("exp", "\(far + 1)")], .endsTooLate), ([], [("exp", "9e18")], .endsTooLate),
            ([], [("exp", "0.\(String(repeating: "1", count: 40))")], .claim("exp")),
            ([], [("nbf", "\(Self.seconds + 30)")], nil), ([], [("nbf", "\(Self.seconds + 31)")], .notYet),
            ([], [("nbf", "\"now\"")], .claim("nbf")), ([], [("iat", "\(Self.seconds + 30)")], nil),
            ([], [("iat", "\(Self.seconds + 31)")], .notYet), ([], [("iat", nil)], nil), ([], [("iat", "{}")], .claim("iat")),
            // Whose, for whom.
            ([], [("iss", nil)], .claim("iss")), ([], [("iss", "\"https://sso.example/\"")], .issuer),
            ([], [("iss", "7")], .claim("iss")),
            ([], [("iss", "[\"https://sso.example\"]")], .claim("iss")),
            ([], [("aud", nil)], .claim("aud")), ([], [("aud", "\"other\"")], .audience), ([], [("aud", "[]")], .audience),
            ([], [("aud", "[\"other\",\"hearth\"]")], nil), ([], [("aud", "[7,\"hearth\"]")], .claim("aud")),
            ([], [("aud", "\"HEARTH\"")], .audience), ([], [("sub", nil)], .claim("sub")), ([], [("sub", "\"\"")], .claim("sub")),
            ([], [("sub", "\"\(String(repeating: "a", count: 257))\"")], .claim("sub")),
            // What it may do.
            ([], [(role, nil)], .role), ([], [(role, "\"NOBODY\"")], .role), ([], [(role, "\"local\"")], .role),
            ([], [(role, "[\"LOCAL\"]")], .role), ([], [(role, nil), ("role", "\"LOCAL\"")], .role),
            ([], [(role, "\"reader\"")], nil),
            ([], [("unit", "7")], nil), ([], [("unit", "7.5")], .claim("unit")), ([], [("unit", "true")], .claim("unit")),
            ([], [("unit", "[[\"a\"]]")], .claim("unit")), ([], [("unit", "{\"a\":\"b\"}")], .claim("unit")),
            ([], [("unit", "\"\"")], .claim("claims")), ([], [("unit", "\"a\\u001bb\"")], .claim("claims")),
            ([], [("unit", "[\(Array(repeating: "\"a\"", count: 65).joined(separator: ","))]")], .claim("claims")),
            ([], [("jti", "\"lost\"")], .denied), ([], [("jti", "\"kept\"")], nil), ([], [("jti", "7")], .claim("jti")),
        ]
        let settings = Self.settings { $0.denied = ["lost"] }
        for (head, body, reason) in cases {
            let result = try await Self.check(Self.token(head: head, body), settings)
            let found: TokenRefusal? = if case .failure(let reason) = result { reason } else { nil }
            #expect(found == reason, "\(head) \(body)")
        }
        print("tokens judged: \(cases.count)")
    }

    @Test func `a token is one text of three parts, each written in one way only`() async throws {
        func refused(_ token: String) async throws -> TokenRefusal? {
            if case .failure(let reason) = try await Self.check(token) { reason } else { nil }
        }
        let token = Self.token()
        let parts = token.split(separator: ".").map(String.init)
        #expect(try await refused(token) == nil)
        for text in ["", ".", "..", "...", token + ".", "." + token, parts[0], token + "." + parts[2] + "." + parts[2]] {
            #expect(try await refused(text) != nil, "\(text)")
        }
        #expect(try await refused(token + ".") == .parts)
        for text in [
            token + "=", token + "==", token + "\n", " " + token, token.replacing(".", with: "=."), token + "+", token + "/",
        ] {
            #expect(try await refused(text) == .notBase64URL, "\(text)")
        }
        // The same bytes, with bits behind them that mean nothing: another text is another token.
        let last = parts[2].last.map(String.init) ?? ""
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        let place = try #require(alphabet.firstRange(of: last)).lowerBound
        let next = alphabet[alphabet.index(after: place)]
        #expect(try await refused(String(token.dropLast()) + String(next)) == .notBase64URL)
        #expect(try await refused("\(parts[0])A.\(parts[1]).\(parts[2])") != nil)
        // A name twice: one reader takes the first, another the last.
        let twice = Self.json(Self.body, []).dropLast() + ",\"sub\":\"u-2\"}"
        #expect(try await refused(Self.sign(Self.json(Self.head, []), String(twice))) == .notJSON)
        let heads = Self.json(Self.head, []).dropLast() + ",\"alg\":\"none\"}"
        #expect(try await refused(Self.sign(String(heads), Self.json(Self.body, []))) == .notJSON)
        for body in ["[]", "7", "\"a\"", "", "{", Self.json(Self.body, []) + " x", "\u{FEFF}" + Self.json(Self.body, [])] {
            #expect(try await refused(Self.sign(Self.json(Self.head, []), body)) == .notJSON || body.isEmpty, "\(body)")
        }
        let deep = String(repeating: "[", count: 4_000) + String(repeating: "]", count: 4_000)
        #expect(try await refused(Self.token([("x", deep)])) == .tooLong)
        #expect(
            try await refused(Self.token([("x", String(repeating: "[", count: 20) + String(repeating: "]", count: 20))]))
                == .notJSON)
        // 8 KiB are read, and not a byte more.
        func filled(_ count: Int) -> String { Self.token([("x", "\"\(String(repeating: "a", count: count))\"")]) }
        var count = 5_000
        while filled(count + 1).utf8.count <= TokenCheck.byteLimit { count += 1 }
        #expect(try await refused(filled(count)) == nil)
        #expect(try await refused(filled(count + 1)) == .tooLong)
    }

    @Test func `a token is taken by a key that is there, and by none that is not any more`() async throws {
        let token = Self.token()
        let other = Self.settings { $0.keys.removeAll { $0.id == "in" } }
        #expect(try await Self.check(token, other) == .failure(.unknownKey))
        let both = Self.settings {
            $0.keys.append(
                TokenSettings.Key(id: "next", algorithm: "HS256", material: .secret(Self.base64URL(Array(2...40)))))
        }
        #expect((try? await Self.check(token, both).get()) != nil)
        let next = Self.sign(Self.json(Self.head, [("kid", "\"next\"")]), Self.json(Self.body, []), key: Array(2...40))
        #expect((try? await Self.check(next, both).get()) != nil)
        let later = Instant(microseconds: Self.now.microseconds + 600_000_000)
        #expect(try await Self.check(token, at: later) == .failure(.expired))
        #expect(try await Self.check(token, roles: KnownRoles()) == .failure(.role))
    }

    @Test func `a key that is none, or none for its algorithm, is refused by its name`() {
        func problem(_ algorithm: String, _ material: TokenSettings.Key.Material) -> String? {
            do throws(TokenKeyProblem) {
                _ = try TokenCheck(
                    Self.settings { $0.keys = [TokenSettings.Key(id: "k", algorithm: algorithm, material: material)] },
                    digests: Self.digests)
                return nil
            } catch {
                return error.message
            }
        }
        let keys = Dictionary(SignedTokens.all.map { ($0.algorithm, $0.key) }) { $1 }
        #expect(
            problem("HS256", .secret(Self.base64URL(Array(1...31)))) == "the key 'k': the secret has 31 bytes; HS256 needs 32")
        #expect(problem("HS256", .secret(Self.base64URL(Array(1...32)))) == nil)
        #expect(problem("HS256", .secret("not base64url!"))?.contains("base64url") == true)
        for key in keys.values {
            #expect(problem("HS256", .secret(key))?.contains("base64url") == true)
            #expect(problem("HS256", .secret(Self.base64URL(Array(key.utf8))))?.contains("PEM, which others may have") == true)
        }
        for algorithm in TokenSettings.publicAlgorithms {
            for (other, key) in keys {
                let fits =
                    other == algorithm
                    || (other.hasSuffix("S256") && algorithm.hasSuffix("S256") && other.first != "E" && algorithm.first != "E")
                #expect((problem(algorithm, .publicKey(key)) == nil) == fits, "\(other)'s key for \(algorithm)")
            }
            #expect(problem(algorithm, .publicKey("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")) != nil)
            #expect(problem(algorithm, .publicKey("AAAA"))?.contains("no public key in PEM") == true)
        }
        #expect(problem("none", .publicKey(keys["ES256"] ?? "")) != nil)
    }

    @Test func `base64url is read as it is written, by every number of bytes`() {
        for count in 0...70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
            #expect(Base64.url.decode(Self.base64URL(bytes).utf8) == bytes)
        }
        for text in ["A", "AA=", "AB", "AAB", "A+", "A/", "A A", "é"] {
            #expect(Base64.url.decode(text.utf8) == nil, "\(text)")
        }
    }
}
