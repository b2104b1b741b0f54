import Bytes
import Settings
import StoreColumns

/// Takes tokens of another system for what they say, if everything about them is as it was settled beforehand. RFC 7519, RFC 8725
///
/// What a token's head says chooses between the keys that are known here, and nothing else: not the algorithm, not where a key is found.
package struct TokenCheck: Sendable {
    /// More no system that we know of writes; a header line of the server has as much.
    package static let byteLimit = 8 << 10
    private static let subjectByteLimit = 256

    private let settings: TokenSettings
    private let keys: [String: TokenKey]
    private let digests: AuditDigests

    /// - Parameter digests: What the audit calls whoever shows a token.
    package init(_ settings: TokenSettings, digests: AuditDigests) throws(TokenKeyProblem) {
        self.settings = settings
        self.digests = digests
        var keys: [String: TokenKey] = [:]
        for key in settings.keys { keys[key.id] = try TokenKey(key) }
        self.keys = keys
        for claim in settings.claims where !Claim.isName(claim.name) {
            throw TokenKeyProblem(claim: claim.name)
        }
    }

    /// Who shows the token.
    ///
    /// - Throws: The first thing that is not as it must be; of what the token says nothing counts before its signature is found right.
    package func check(_ token: [UInt8], roles: KnownRoles, now: Instant) async throws(TokenRefusal) -> Asker {
        guard token.count <= Self.byteLimit else { throw .tooLong }
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .parts }
        guard let head = Base64.url.decode(parts[0]), let body = Base64.url.decode(parts[1]),
            let signature = Base64.url.decode(parts[2])
        else { throw .notBase64URL }
        let key = try key(for: TokenHead(head))
        let members = try TokenMembers(body).values
        guard await key.signed(String(decoding: token, as: UTF8.self), signature) else { throw .signature }
        try checkIssuer(members)
        try checkTimes(members, now)
        return try asker(members, roles)
    }

    private func key(for head: TokenHead) throws(TokenRefusal) -> TokenKey {
        guard let id = head.keyID, let key = keys[id] else { throw .unknownKey }
        guard head.algorithm == key.algorithm else { throw .algorithm }
        // RFC 7515 §4.1.9: what stands before it may be left out.
        let type = (head.type ?? "").lowercased()
        let expected = settings.type.lowercased()
        guard type == expected || type == "application/" + expected else { throw .type }
        return key
    }

    private func checkIssuer(_ members: [String: TokenMembers.Value]) throws(TokenRefusal) {
        guard case .text(let issuer)? = members["iss"] else { throw .claim("iss") }
        guard issuer == settings.issuer else { throw .issuer }
        switch members["aud"] {
        case .text(let audience)?: guard settings.audiences.contains(audience) else { throw .audience }
        case .texts(let audiences)?: guard audiences.contains(where: settings.audiences.contains) else { throw .audience }
        default: throw .claim("aud")
        }
        switch members["jti"] {
        case nil: break
        case .text(let id)?: if settings.denied.contains(id) { throw .denied }
        default: throw .claim("jti")
        }
    }

    private func checkTimes(_ members: [String: TokenMembers.Value], _ now: Instant) throws(TokenRefusal) {
        let seconds = Double(now.microseconds) / 1_000_000
        let skew = Double(settings.skewMilliseconds) / 1_000
        guard let end = try Self.seconds(members, "exp") else { throw .claim("exp") }
        guard seconds < end else { throw .expired }
        guard end <= seconds + Double(settings.maximumAgeMilliseconds) / 1_000 else { throw .endsTooLate }
        for name in ["nbf", "iat"] {
            if let begin = try Self.seconds(members, name), begin > seconds + skew { throw .notYet }
        }
    }

    /// Seconds since 1970; a number that no double holds is none.
    private static func seconds(_ members: [String: TokenMembers.Value], _ name: String) throws(TokenRefusal) -> Double? {
        guard let value = members[name] else { return nil }
        guard case .number(let digits) = value, digits.utf8.count <= 32, let seconds = Double(digits), seconds.isFinite else {
            throw .claim(name)
        }
        return seconds
    }

    private func asker(_ members: [String: TokenMembers.Value], _ roles: KnownRoles) throws(TokenRefusal) -> Asker {
        guard case .text(let subject)? = members["sub"], !subject.isEmpty, subject.utf8.count <= Self.subjectByteLimit else {
            throw .claim("sub")
        }
        guard case .text(let role)? = members[settings.roleMember], roles.contains(role) else { throw .role }
        var claims: [Claim] = []
        for claim in settings.claims {
            let values: [String]
            switch members[claim.member] {
            case nil: values = []
            case .text(let text)?: values = [text]
            case .texts(let texts)?: values = texts
            // A number is what its digits are; 1e3 and 1000 would be two.
            case .number(let digits)? where digits.utf8.allSatisfy { (0x30...0x39).contains($0) }: values = [digits]
            default: throw .claim(claim.member)
            }
            claims += values.map { Claim(name: claim.name, value: $0) }
        }
        guard claims.count <= Claim.countLimit, claims.allSatisfy({ Claim.isValue($0.value) }) else { throw .claim("claims") }
        return Asker(id: Asker.id(ofTokenFor: subject, issuer: settings.issuer, digests), role: role, claims: claims)
    }
}
