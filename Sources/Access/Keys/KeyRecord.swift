import Bytes
import StoreColumns

/// What is kept of a key: everything but its secret.
package struct KeyRecord: Sendable, Hashable {
    package var id: String
    /// What people call it: the program or the person who has it.
    package var name: String
    package var role: String
    /// In the order in which they were given.
    package var claims: [Claim]
    package var digest: SHA256Digest
    package var addedAt: Instant
    package var expiresAt: Instant
    package var revokedAt: Instant?

    package init(
        id: String, name: String, role: String, claims: [Claim] = [], digest: SHA256Digest, addedAt: Instant,
        expiresAt: Instant, revokedAt: Instant? = nil
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.claims = claims
        self.digest = digest
        self.addedAt = addedAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
    }

    /// Whether it opens anything at this moment.
    package func isUsable(at now: Instant) -> Bool { revokedAt == nil && now < expiresAt }

    /// Its holder.
    package var asker: Asker { Asker(id: id, role: role, claims: claims) }
}
