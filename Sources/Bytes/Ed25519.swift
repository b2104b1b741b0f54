import Crypto

/// A private key that signs, as RFC 8032 has it: Ed25519.
package struct Ed25519PrivateKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    /// - Parameter pem: What `openssl genpkey -algorithm ed25519` writes: PKCS #8 without a password (RFC 8410 §7).
    /// - Returns: nil where it is anything else.
    package init?(pem: [UInt8]) {
        guard let bytes = PEM.contents(of: pem, label: "PRIVATE KEY"), bytes.starts(with: Self.head), bytes.count == 48,
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: Array(bytes[16...]))
        else { return nil }
        self.key = key
    }

    /// The 64 bytes that prove that the message is the key holder's: the same for the same message, as RFC 8032 has it.
    package func signature(of message: [UInt8]) -> [UInt8]? { (try? key.signature(for: message)).map { Array($0) } }

    package var publicKey: Ed25519PublicKey { Ed25519PublicKey(key.publicKey) }

    /// Of PrivateKeyInfo with a key of 32 bytes, up to them.
    private static let head: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]
}

/// The key that tells whether a signature is that of its private key.
package struct Ed25519PublicKey: Sendable {
    private let key: Curve25519.Signing.PublicKey

    fileprivate init(_ key: Curve25519.Signing.PublicKey) { self.key = key }

    /// - Parameter pem: What `openssl pkey -pubout` writes: SubjectPublicKeyInfo (RFC 8410 §4).
    /// - Returns: nil where it is anything else.
    package init?(pem: [UInt8]) {
        guard let bytes = PEM.contents(of: pem, label: "PUBLIC KEY"), bytes.starts(with: Self.head), bytes.count == 44,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: Array(bytes[12...]))
        else { return nil }
        self.key = key
    }

    package func isSignature(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        key.isValidSignature(signature, for: message)
    }

    /// The SHA-256 of its 32 bytes, which names it.
    package var digest: SHA256Digest {
        let bytes = Array(key.rawRepresentation)
        return SHA256Digest(of: bytes.span)
    }

    private static let head: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
}

/// Bytes as text between two lines that say what they are (RFC 7468).
private enum PEM {
    /// The bytes of a text that holds one such block of that label, and nothing else but white space.
    static func contents(of text: [UInt8], label: String) -> [UInt8]? {
        let lines = text.split { $0 == 0x0A || $0 == 0x0D }.map { line in
            Array(line.reversed().drop { $0 == 0x20 || $0 == 0x09 }.reversed())
        }.filter { !$0.isEmpty }
        guard lines.count >= 3, lines.count < 100, lines[0] == Array("-----BEGIN \(label)-----".utf8),
            lines[lines.count - 1] == Array("-----END \(label)-----".utf8)
        else { return nil }
        return Base64.standard.decode(Array(lines[1..<lines.count - 1].joined()))
    }
}
