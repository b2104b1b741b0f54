import Bytes
import StoreColumns

/// The keys that are known at one moment. Never changed: another ring takes its place.
package struct KeyRing: Sendable {
    private let records: [String: KeyRecord]
    /// What an id that nobody has is compared with, so that it takes the time of one that somebody has.
    private let decoy: KeyRecord

    /// A ring that opens nothing.
    package static let none = KeyRing([])

    /// - Parameter roles: A key with another role opens nothing.
    package init(_ records: [KeyRecord], roles: KnownRoles = KnownRoles()) {
        self.records = Dictionary(records.filter { roles.contains($0.role) }.map { ($0.id, $0) }) { first, _ in first }
        let never = Instant(microseconds: 0)
        decoy = KeyRecord(
            id: "", name: "", role: "", digest: SHA256Digest(of: [UInt8]().span), addedAt: never, expiresAt: never)
    }

    /// The key that was shown, if it is one of ours and opens something now. An unknown id, a wrong secret and a key that is over take the same
    /// time, and none is told from another.
    package func check(_ shown: APIKey, at now: Instant) -> KeyRecord? {
        let known = records[shown.id]
        let record = known ?? decoy
        let isSecret = record.digest.isSame(as: shown.digest)
        let isUsable = record.isUsable(at: now)
        return known != nil && isSecret && isUsable ? record : nil
    }

    /// The key of an id, if it still opens something: what a session lives by.
    package func usable(_ id: String, at now: Instant) -> KeyRecord? {
        guard let record = records[id], record.isUsable(at: now) else { return nil }
        return record
    }

    /// How many keys open something.
    package func usableCount(at now: Instant) -> Int { records.values.count { $0.isUsable(at: now) } }
}
