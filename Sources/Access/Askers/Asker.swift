/// Somebody who has shown who it is: the holder of a key, or of a token that another system gave.
package struct Asker: Sendable, Hashable {
    /// Names it in the audit, and where what it spends is counted; no secret, and no person's name.
    package var id: String
    /// One of the roles that are known where it was let in.
    package var role: String
    /// In the order in which they were given.
    package var claims: [Claim]

    package init(id: String, role: String, claims: [Claim] = []) {
        self.id = id
        self.role = role
        self.claims = claims
    }

    /// What whoever shows a token is called: the same for every token of one person, and no name.
    package static func id(ofTokenFor subject: String, issuer: String, _ digests: AuditDigests) -> String {
        "jwt-" + digests.subject(subject, issuer: issuer)
    }
}
