/// Which tokens of another system are taken as proof of who asks: what `--jwt FILE` says.
///
/// ```yaml
/// issuer: https://sso.example
/// audience: register.example          # or a list
/// type: JWT                           # the head's typ; this is its standard
/// role: https://sso.example/role      # which claim names the role
/// claims: {area: https://sso.example/area}
/// maximum-age: 60 min                 # how far ahead a token may end; standard and at most 1440 min
/// skew: 30 s                          # how far the clocks may be apart; standard 30 s, at most 300 s
/// keys:
///   - {id: 2026-a, algorithm: EdDSA, public: "-----BEGIN PUBLIC KEY-----\n…"}
///   - {id: internal, algorithm: HS256, secret: 43 or more letters of base64url}
/// denied: [3f0c…]                     # jti of tokens that are taken no more
/// ```
package struct TokenSettings: Hashable, Sendable {
    /// A key, and the one algorithm that it is for. What a token's head says chooses none.
    package struct Key: Hashable, Sendable {
        package enum Material: Hashable, Sendable {
            /// PEM, as `-----BEGIN PUBLIC KEY-----`.
            case publicKey(String)
            /// In base64url.
            case secret(String)
        }

        package var id: String
        package var algorithm: String
        package var material: Material
        package var line: Int

        package init(id: String, algorithm: String, material: Material, line: Int = 1) {
            self.id = id
            self.algorithm = algorithm
            self.material = material
            self.line = line
        }
    }

    /// What is known here as `name`, a token has as `member`.
    package struct Claim: Hashable, Sendable {
        package var name: String
        package var member: String

        package init(name: String, member: String) {
            self.name = name
            self.member = member
        }
    }

    package var issuer: String
    /// A token must name one of them.
    package var audiences: [String]
    package var type = "JWT"
    package var roleMember: String
    package var claims: [Claim] = []
    package var maximumAgeMilliseconds = Self.maximumAge.standard
    package var skewMilliseconds = Self.skew.standard
    package var keys: [Key]
    package var denied: Set<String> = []

    package init(issuer: String, audiences: [String], roleMember: String, keys: [Key]) {
        self.issuer = issuer
        self.audiences = audiences
        self.roleMember = roleMember
        self.keys = keys
    }

    /// A token that is lost opens something until it ends; longer than a day nobody needs one.
    private static let maximumAge = LimitDefinition(
        "maximum-age", unit: .milliseconds, standard: 24 * 3_600_000, minimum: 1_000, hardCap: 24 * 3_600_000)
    private static let skew = LimitDefinition("skew", unit: .milliseconds, standard: 30_000, minimum: 0, hardCap: 300_000)
    package static let publicAlgorithms = ["EdDSA", "ES256", "ES384", "RS256", "PS256"]
    package static let secretAlgorithms = ["HS256"]
    /// Keys at once: those of today, and those before and after.
    private static let keyLimit = 32

    /// Reads the file.
    ///
    /// - Throws: Everything that is wrong with it.
    package init(reading bytes: [UInt8], file: String) throws(SettingsErrors) {
        var reader = SettingsReader(file: file)
        let root = try YAMLFile.read(bytes, file: file)
        let members = reader.members(
            root, of: "the file",
            allowing: ["issuer", "audience", "type", "role", "claims", "maximum-age", "skew", "keys", "denied"])
        func required(_ name: String) -> YAMLValue? {
            if let member = members[name] { return member.value }
            reader.report(root.line, "'\(name)' is missing")
            return nil
        }
        let issuer = required("issuer").flatMap { reader.text($0, of: "issuer") }
        let audiences = required("audience").map { reader.texts($0, of: "audience").map(\.value) } ?? []
        let role = required("role").flatMap { Self.roleMember($0, &reader) }
        let keys = required("keys").map { Self.keys($0, &reader) } ?? []
        self.init(issuer: issuer ?? "", audiences: audiences, roleMember: role ?? "", keys: keys)
        if issuer?.isEmpty == true { reader.report(root.line, "issuer is empty") }
        if members["audience"] != nil, audiences.isEmpty || audiences.contains("") {
            reader.report(root.line, "audience is empty: every token would be meant for this server")
        }
        if let member = members["type"], let text = reader.text(member.value, of: "type") { type = text }
        if let member = members["claims"] { claims = Self.claims(member.value, &reader) }
        maximumAgeMilliseconds = Self.milliseconds(Self.maximumAge, members["maximum-age"], &reader)
        skewMilliseconds = Self.milliseconds(Self.skew, members["skew"], &reader)
        if let member = members["denied"] { denied = Set(reader.texts(member.value, of: "denied").map(\.value)) }
        try reader.finish()
    }

    /// A name that no other system means otherwise: `role` alone is what many a system calls many a thing.
    private static func roleMember(_ value: YAMLValue, _ reader: inout SettingsReader) -> String? {
        guard let text = reader.text(value, of: "role") else { return nil }
        guard text.contains("/") || text.contains(":") || text.contains(".") else {
            reader.report(
                value.line,
                "role is the name of a claim that is the issuer's own, as https://sso.example/role (RFC 7519 §4.2); found '\(text)'"
            )
            return nil
        }
        return text
    }

    private static func claims(_ value: YAMLValue, _ reader: inout SettingsReader) -> [Claim] {
        var claims: [Claim] = []
        for member in reader.anyMembers(value, of: "claims") {
            guard let text = reader.text(member.value, of: "claims.\(member.key)") else { continue }
            claims.append(Claim(name: member.key, member: text))
        }
        return claims
    }

    private static func milliseconds(
        _ definition: LimitDefinition, _ member: YAMLValue.Member?, _ reader: inout SettingsReader
    ) -> Int {
        guard let member else { return definition.standard }
        if case .text(let text) = member.value.content, let number = definition.parse(text),
            (definition.minimum...definition.hardCap).contains(number)
        {
            return number
        }
        reader.report(
            member.line,
            "\(definition.name) is a time from \(definition.minimum) to \(definition.text(definition.hardCap)), as 30 s or 60 min; "
                + "found \(member.value.kind)")
        return definition.standard
    }

    private static func keys(_ value: YAMLValue, _ reader: inout SettingsReader) -> [Key] {
        var keys: [Key] = []
        guard case .list(let elements) = value.content, (1...keyLimit).contains(elements.count) else {
            reader.report(value.line, "keys is a list of 1 to \(keyLimit) keys; found \(value.kind)")
            return []
        }
        for element in elements {
            let members = reader.members(element, of: "a key", allowing: ["id", "algorithm", "public", "secret"])
            guard let id = members["id"].flatMap({ reader.text($0.value, of: "id") }), !id.isEmpty else {
                reader.report(element.line, "a key has an id: what a token calls kid")
                continue
            }
            if keys.contains(where: { $0.id == id }) { reader.report(element.line, "there are two keys with the id '\(id)'") }
            guard
                let algorithm = members["algorithm"].flatMap({
                    reader.choice($0.value, of: "algorithm", among: publicAlgorithms + secretAlgorithms)
                })
            else {
                if members["algorithm"] == nil { reader.report(element.line, "the key '\(id)' has no algorithm") }
                continue
            }
            let isSecret = secretAlgorithms.contains(algorithm)
            guard members[isSecret ? "public" : "secret"] == nil, let member = members[isSecret ? "secret" : "public"],
                let text = reader.text(member.value, of: member.key)
            else {
                reader.report(
                    element.line,
                    "the key '\(id)' for \(algorithm) has \(isSecret ? "'secret', and no 'public'" : "'public', and no 'secret'")"
                )
                continue
            }
            keys.append(
                Key(id: id, algorithm: algorithm, material: isSecret ? .secret(text) : .publicKey(text), line: element.line))
        }
        return keys
    }
}
