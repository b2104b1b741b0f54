import Settings
import Testing

@Suite("Configuration") struct ConfigurationTests {
    static let limits = [
        LimitDefinition("document-tokens", standard: 10_000, hardCap: 50_000),
        LimitDefinition("body-bytes", unit: .bytes, standard: 1 << 20, minimum: 1024, hardCap: 8 << 20),
        LimitDefinition("deadline", unit: .milliseconds, standard: 10_000, hardCap: 60_000),
    ]

    func read(_ text: String) throws(SettingsErrors) -> Configuration {
        try Configuration(reading: Array(text.utf8), file: "hearth.yaml", limits: Self.limits)
    }

    func check(_ text: String, reports expected: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        let errors = #expect(throws: SettingsErrors.self, sourceLocation: sourceLocation) { try read(text) }
        #expect(errors?.problems.map(\.description) == expected, sourceLocation: sourceLocation)
    }

    @Test func `an empty file changes nothing`() throws {
        for text in ["", "# only a comment\n", "server:\nlimits: {}\n"] {
            #expect(try read(text) == Configuration(limits: Self.limits))
        }
    }

    @Test func `what a file says holds, with its units`() throws {
        let configuration = try read(
            """
            server:
              host: 0.0.0.0
              port: 0
              allowed-hosts: [register.example, no]
              statuses: legacy
            access:
              {rules: /etc/hearth/access.yaml, keys: /etc/hearth/keys, audit: /var/audit, behind-proxy: 10.0.0.2, jwt: a.yaml, allowed-origins: [https://a, https://b]}
            tls: {certificate: a.pem, key: a.key}
            language: {edition: 2025, introspection: off}
            data: /srv/register
            limits: {document-tokens: 20_000, body-bytes: 2 MiB, deadline: 20 s}
            """)
        #expect(configuration.host == "0.0.0.0")
        #expect(configuration.port == 0)
        #expect(configuration.allowedHosts == ["register.example", "no"])
        #expect(configuration.statuses == "legacy")
        #expect(configuration.accessRules == "/etc/hearth/access.yaml")
        #expect(configuration.keys == "/etc/hearth/keys")
        #expect(configuration.proxy == "10.0.0.2")
        #expect(configuration.audit == "/var/audit")
        #expect(configuration.tokens == "a.yaml")
        #expect(configuration.allowedOrigins == ["https://a", "https://b"])
        #expect(configuration.certificate == "a.pem" && configuration.certificateKey == "a.key")
        #expect(configuration.edition == "2025")
        #expect(configuration.introspection == false)
        #expect(configuration.dataFolder == "/srv/register")
        #expect(configuration.limits["document-tokens"] == 20_000)
        #expect(configuration.limits["body-bytes"] == 2 << 20)
        #expect(configuration.limits["deadline"] == 20_000)
    }

    @Test func `every mistake is reported with its line, what was found and what is allowed`() {
        check(
            """
            servr: {}
            server:
              prot: 80
              port: 99999
              host: [a]
            limits:
              document-tokens: 50001
              body-byte: 1
              deadline: 10 years
              body-bytes: -1
            """,
            reports: [
                "hearth.yaml:1: the configuration has no 'servr'; it has server, access, tls, language, data, limits. Did you mean 'server'?",
                "hearth.yaml:3: server has no 'prot'; it has host, port, allowed-hosts, statuses. Did you mean 'port'?",
                "hearth.yaml:4: server.port is a whole number from 0 to 65535; found '99999'",
                "hearth.yaml:5: server.host is a text; found a list",
                "hearth.yaml:7: limits.document-tokens is 50001; it may be from 1 to 50000",
                "hearth.yaml:8: limits has no 'body-byte'; it has document-tokens, body-bytes, deadline."
                    + " Did you mean 'body-bytes'?",
                "hearth.yaml:9: limits.deadline is a number from 1 to 60000 ms; found '10 years'",
                "hearth.yaml:10: limits.body-bytes is a number from 1024 to 8388608 bytes; found '-1'",
            ])
    }

    @Test func `a word that is none of the few is reported with those`() {
        check(
            "server: {statuses: old}\nlanguage:\n  edition: 2021\n  introspection: no\n",
            reports: [
                "hearth.yaml:1: server.statuses is draft or legacy; found 'old'",
                "hearth.yaml:3: language.edition is 2025 or 2026; found '2021'",
                "hearth.yaml:4: language.introspection is on or off; found 'no'",
            ])
    }

    @Test func `what is not YAML is reported with its line`() {
        check("server: {\n", reports: ["hearth.yaml:2: not YAML: did not find expected node content (column 1)"])
        check("data: a\ndata: b\n", reports: ["hearth.yaml:1: in the mapping that begins here a key stands twice: 'data'"])
        check("- a\n", reports: ["hearth.yaml:1: the configuration is a mapping; found a list"])
        let errors = #expect(throws: SettingsErrors.self) {
            try Configuration(reading: [0x61, 0xFF], file: "x.yaml", limits: [])
        }
        #expect(errors?.description == "x.yaml: the file is not UTF-8")
    }

    @Test func `aliases of aliases do not blow up`() {
        func text(levels: Int) -> String {
            (1..<levels).reduce("a0: &a0 [x, x, x, x, x, x, x, x, x]\n") { text, level in
                text + "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
            }
        }
        check(text(levels: 6), reports: ["hearth.yaml: the file stands for more than 100000 values"])
        check(
            text(levels: 9), reports: ["hearth.yaml: the file stands for more than 16777216 bytes once its aliases are followed"])
    }

    /// A kilobyte of it kept the parser busy for ever: it compared the key with other keys before anything was counted.
    @Test func `aliases of aliases do not blow up where they are a key`() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1..<28 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        check(
            text + "? *a27\n: 1\n",
            reports: ["hearth.yaml: the file stands for more than 16777216 bytes once its aliases are followed"])
    }

    @Test func `what is named once may be used often`() {
        let uses = Array(repeating: "*names", count: 200).joined(separator: ", ")
        check(
            "x: &names [a, b, c]\ny: [\(uses)]\n",
            reports: [
                "hearth.yaml:1: the configuration has no 'x'; it has server, access, tls, language, data, limits.",
                "hearth.yaml:2: the configuration has no 'y'; it has server, access, tls, language, data, limits.",
            ])
    }

    @Test func `numbers too great to hold are refused, not wrapped`() {
        check(
            "limits: {body-bytes: 99999999999 GiB}",
            reports: ["hearth.yaml:1: limits.body-bytes is a number from 1024 to 8388608 bytes; found '99999999999 GiB'"])
    }
}

@Suite("Suggestions") struct SuggestionTests {
    @Test(arguments: [
        ("vilage", " Did you mean 'village'?"), ("VILLAGE", " Did you mean 'village'?"), ("nmae", " Did you mean 'name'?"),
        ("x", ""), ("", ""), ("population", ""),
    ])
    func `a near name is suggested, a far one is not`(given: String, expected: String) {
        #expect(didYouMean(given, among: ["village", "name", "code", "y"]) == expected)
    }
}
