import Bytes

/// The text of a key, as its holder has it. `Schema/formats/Keys.md`
///
///     hth_ Kd83nfQ2 _ 43 letters and digits of the secret _ 6 of the checksum
///          id         256 bits of chance                    CRC-32C of all before the last _
///
/// The prefix lets programs that look for leaked secrets find it; the checksum lets them, and us, tell a misspelt key
/// without a look at any list.
package struct APIKey: Sendable {
    static let prefix = Array("hth_".utf8)
    static let idCount = 8
    static let secretCount = 43
    static let checksumCount = 6
    static let byteCount = 4 + idCount + 1 + secretCount + 1 + checksumCount

    /// Names the key; no secret.
    package let id: String
    /// Of the secret's letters as they are written.
    package let digest: SHA256Digest

    /// Reads what somebody showed; nil where it is no key, or one with a letter wrong.
    package init?(_ text: [UInt8]) {
        guard text.count == Self.byteCount, text.starts(with: Self.prefix) else { return nil }
        let id = text[4..<4 + Self.idCount]
        let secretStart = id.endIndex + 1
        let secret = text[secretStart..<secretStart + Self.secretCount]
        guard id.allSatisfy(Base62.isDigit), secret.allSatisfy(Base62.isDigit),
            text[id.endIndex] == UInt8(ascii: "_"), text[secret.endIndex] == UInt8(ascii: "_"),
            Array(text[(secret.endIndex + 1)...]) == Self.checksum(of: Array(text[..<secret.endIndex]))
        else { return nil }
        self.id = String(decoding: id, as: UTF8.self)
        digest = SHA256Digest(of: Array(secret).span)
    }

    /// Whether somebody means to show a key, right or wrong.
    package static func looksLike(_ text: [UInt8]) -> Bool { text.starts(with: prefix) }

    /// Makes the text of a new key.
    ///
    /// - Parameter secret: 32 bytes of chance.
    package static func text(id: String, secret: [UInt8]) -> String {
        precondition(secret.count == 32 && id.utf8.count == idCount, "a key has 8 letters of id and 256 bits of secret")
        let body = prefix + Array(id.utf8) + [UInt8(ascii: "_")] + Base62.digits(of: secret)
        return String(decoding: body + [UInt8(ascii: "_")] + checksum(of: body), as: UTF8.self)
    }

    /// An id from a number of chance.
    package static func id(_ number: UInt64) -> String {
        String(decoding: Base62.digits(number, count: idCount), as: UTF8.self)
    }

    private static func checksum(of body: [UInt8]) -> [UInt8] {
        Base62.digits(UInt64(CRC32C.checksum(body)), count: checksumCount)
    }
}

extension SHA256Digest {
    /// Whether two digests are one, in a time that does not tell where they differ.
    func isSame(as other: SHA256Digest) -> Bool {
        var difference: UInt8 = 0
        for (left, right) in zip(bytes, other.bytes) { difference |= left ^ right }
        return difference == 0
    }
}
