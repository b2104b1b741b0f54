import Bytes

/// Digests of what clients write and are shown, with a key: equal things have equal digests, and who has not the key cannot tell by trying
/// what they are of. (An identity number has too few possible values for a plain digest.)
package struct AuditDigests: Sendable {
    private let key: [UInt8]

    /// - Parameter key: At least 16 bytes of chance.
    package init(key: [UInt8]) {
        precondition(key.count >= 16, "a digest key has at least 16 bytes")
        self.key = key
    }

    /// Of a document, by its SHA-256.
    package func document(_ digest: SHA256Digest) -> String { text("document", digest.bytes) }

    /// Of a variable's value, whatever the variable is called: the same person asked for under two names has one digest.
    package func value(_ bytes: [UInt8]) -> String { text("value", bytes) }

    /// Of what is known of somebody beside the role.
    package func claim(_ value: String) -> String { text("claim", Array(value.utf8)) }

    /// Of whoever shows a token: what its issuer calls that person.
    package func subject(_ subject: String, issuer: String) -> String {
        text("subject", Array(issuer.utf8) + [0] + Array(subject.utf8))
    }

    /// Under which a row is named of which something sensitive was shown.
    ///
    /// - Parameters:
    ///   - type: As the model names it.
    ///   - key: As the register writes keys, its parts joined by `|`.
    package func row(_ key: String, of type: String) -> RowPseudonym {
        RowPseudonym(bytes: Array(digest("row", Array(type.utf8) + [0] + Array(key.utf8)).prefix(RowPseudonym.byteCount)))
    }

    /// 128 bits: nobody meets two of one digest by chance.
    private func text(_ purpose: String, _ bytes: [UInt8]) -> String {
        Hexadecimal.text(digest(purpose, bytes).prefix(16))
    }

    private func digest(_ purpose: String, _ bytes: [UInt8]) -> [UInt8] {
        hmacSHA256(of: Array(purpose.utf8) + [0] + bytes, key: key)
    }
}

/// What the audit calls a row in place of its key: 96 bits that only a holder of the digest key can make.
package struct RowPseudonym: Sendable, Hashable {
    static let byteCount = 12
    let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// 16 letters of base64url.
    package var text: String { String(decoding: Base64.url.encode(bytes), as: UTF8.self) }
}
