import Settings
import Testing

@Suite struct `The rules for tokens` {
    static let whole = """
        issuer: https://sso.example
        audience: [hearth, https://register.example]
        type: at+jwt
        role: https://sso.example/role
        claims: {area: https://sso.example/area, unit: unit_code}
        maximum-age: 60 min
        skew: 5 s
        keys:
          - id: 2026-a
            algorithm: EdDSA
            public: |
              -----BEGIN PUBLIC KEY-----
              AAAA
              -----END PUBLIC KEY-----
          - {id: internal, algorithm: HS256, secret: AAAA}
        denied: [a, b]
        """

    func read(_ text: String) throws(SettingsErrors) -> TokenSettings {
        try TokenSettings(reading: Array(text.utf8), file: "jwt.yaml")
    }

    @Test func `what the file says holds`() throws {
        let settings = try read(Self.whole)
        #expect(settings.issuer == "https://sso.example")
        #expect(settings.audiences == ["hearth", "https://register.example"])
        #expect(settings.type == "at+jwt" && settings.roleMember == "https://sso.example/role")
        #expect(settings.claims.map { "\($0.name) \($0.member)" } == ["area https://sso.example/area", "unit unit_code"])
        #expect(settings.maximumAgeMilliseconds == 3_600_000 && settings.skewMilliseconds == 5_000)
        #expect(settings.keys.map(\.id) == ["2026-a", "internal"] && settings.denied == ["a", "b"])
        #expect(
            settings.keys[0].material
                == .publicKey("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"))
        #expect(settings.keys[1].material == .secret("AAAA"))
        let least = try read("{issuer: a, audience: b, role: a/b, keys: [{id: k, algorithm: HS256, secret: s}]}")
        #expect(least.type == "JWT" && least.maximumAgeMilliseconds == 86_400_000 && least.skewMilliseconds == 30_000)
        #expect(least.claims.isEmpty && least.denied.isEmpty && least.audiences == ["b"])
    }

    @Test func `what cannot be is told with its line`() {
        func check(_ from: String, _ to: String, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation) {
            #expect(Self.whole.contains(from), sourceLocation: sourceLocation)
            let errors = #expect(throws: SettingsErrors.self, sourceLocation: sourceLocation) {
                _ = try read(Self.whole.replacing(from, with: to))
            }
            #expect(
                errors?.description.contains(expected) == true, "\(errors?.description ?? "")", sourceLocation: sourceLocation)
        }
        check("issuer: https://sso.example\n", "", "'issuer' is missing")
        check("issuer: https://sso.example\n", "issuer: ''\n", "issuer is empty")
        check("audience: [hearth, https://register.example]\n", "", "'audience' is missing")
        check("[hearth, https://register.example]", "[]", "audience is empty")
        check("role: https://sso.example/role", "role: role", ":4: role is the name of a claim that is the issuer's own")
        check("60 min", "1441 min", ":6: maximum-age is a time from 1000 to 86400000 ms")
        check("60 min", "forever", ":6: maximum-age is a time")
        check("5 s", "301 s", ":7: skew is a time from 0 to 300000 ms")
        check("EdDSA", "none", "algorithm is EdDSA or ES256 or ES384 or RS256 or PS256 or HS256; found 'none'")
        check("id: internal", "id: 2026-a", "there are two keys with the id '2026-a'")
        check("{id: internal, algorithm: HS256, secret: AAAA}", "{algorithm: HS256, secret: AAAA}", "a key has an id")
        check("algorithm: HS256, ", "", "the key 'internal' has no algorithm")
        check("HS256, secret", "HS256, public", "the key 'internal' for HS256 has 'secret', and no 'public'")
        check("HS256, secret", "RS256, secret", "the key 'internal' for RS256 has 'public', and no 'secret'")
        check("secret: AAAA", "secret: AAAA, public: B", "the key 'internal' for HS256 has 'secret', and no 'public'")
        check("skew", "screw", "the file has no 'screw'")
    }

    @Test func `no message repeats a secret`() {
        let errors = #expect(throws: SettingsErrors.self) {
            _ = try read(Self.whole.replacing("algorithm: HS256, secret: AAAA", with: "algorithm: ES256, secret: topmost"))
        }
        #expect(errors?.description.contains("topmost") == false)
    }
}
