import Bytes
import JWTKit
import Settings

/// A key with which tokens are checked, and the one algorithm that it is for.
struct TokenKey: Sendable {
    private enum Material: Sendable {
        case edDSA(EdDSA.PublicKey)
        case es256(ES256PublicKey)
        case es384(ES384PublicKey)
        case rs256(Insecure.RSA.PublicKey)
        case ps256(Insecure.RSA.PublicKey)
        case hs256(HMACKey)
    }

    let algorithm: String
    private let material: Material
    private let id: JWKIdentifier

    init(_ settings: TokenSettings.Key) throws(TokenKeyProblem) {
        algorithm = settings.algorithm
        id = JWKIdentifier(string: settings.id)
        switch settings.material {
        case .secret(let text): material = try Self.secret(text, settings)
        case .publicKey(let text): material = try Self.publicKey(text, settings)
        }
    }

    private static func secret(_ text: String, _ settings: TokenSettings.Key) throws(TokenKeyProblem) -> Material {
        // What everybody may read is no secret, however long it is.
        guard !text.contains("-----BEGIN"), let bytes = Base64.url.decode(text.utf8) else {
            throw TokenKeyProblem(key: settings, "the secret is not written in base64url (letters, digits, '-' and '_')")
        }
        guard bytes.count >= 32 else {
            throw TokenKeyProblem(key: settings, "the secret has \(bytes.count) bytes; \(settings.algorithm) needs 32")
        }
        guard !String(decoding: bytes, as: UTF8.self).contains("-----BEGIN") else {
            throw TokenKeyProblem(key: settings, "the secret is a key in PEM, which others may have")
        }
        return .hs256(HMACKey(from: bytes))
    }

    private static func publicKey(_ text: String, _ settings: TokenSettings.Key) throws(TokenKeyProblem) -> Material {
        guard text.contains("-----BEGIN PUBLIC KEY-----") else {
            throw TokenKeyProblem(key: settings, "'public' is no public key in PEM (-----BEGIN PUBLIC KEY-----)")
        }
        do {
            switch settings.algorithm {
            case "EdDSA": return .edDSA(try EdDSA.PublicKey(pem: text))
            case "ES256": return .es256(try ES256PublicKey(pem: text))
            case "ES384": return .es384(try ES384PublicKey(pem: text))
            case "RS256": return .rs256(try Insecure.RSA.PublicKey(pem: text))
            case "PS256": return .ps256(try Insecure.RSA.PublicKey(pem: text))
            default: throw TokenKeyProblem(key: settings, "\(settings.algorithm) is not spoken here")
            }
        } catch let problem as TokenKeyProblem {
            throw problem
        } catch {
            throw TokenKeyProblem(
                key: settings,
                "'public' is no public key for \(settings.algorithm)"
                    + (settings.algorithm.hasSuffix("S256") && !settings.algorithm.hasPrefix("E") ? " of 2048 bits or more" : ""))
        }
    }

    /// Lengths that a signature may have: what is longer or shorter is none, whatever reads it.
    private var signatureByteCounts: ClosedRange<Int> {
        switch material {
        case .edDSA, .es256: 64...64
        case .es384: 96...96
        case .rs256, .ps256: 256...1_024
        case .hs256: 32...32
        }
    }

    private var isECDSA: Bool {
        switch material {
        case .es256, .es384: true
        default: false
        }
    }

    /// Whether the token is signed with this key.
    ///
    /// - Parameters:
    ///   - token: Whole; its head names this key and its algorithm.
    ///   - signature: Its third part.
    func signed(_ token: String, _ signature: [UInt8]) async -> Bool {
        guard signatureByteCounts.contains(signature.count) else { return false }
        // Neither number of such a signature may be 0 (CVE-2022-21449).
        let half = signature.count / 2
        if isECDSA, !(signature[..<half].contains { $0 != 0 } && signature[half...].contains { $0 != 0 }) { return false }
        let keys = JWTKeyCollection()
        switch material {
        case .edDSA(let key): await keys.add(eddsa: key, kid: id)
        case .es256(let key): await keys.add(ecdsa: key, kid: id)
        case .es384(let key): await keys.add(ecdsa: key, kid: id)
        case .rs256(let key): await keys.add(rsa: key, digestAlgorithm: .sha256, kid: id)
        case .ps256(let key): await keys.add(pss: key, digestAlgorithm: .sha256, kid: id)
        case .hs256(let key): await keys.add(hmac: key, digestAlgorithm: .sha256, kid: id)
        }
        do {
            _ = try await keys.verify(token, as: Unread.self)
            return true
        } catch {
            return false
        }
    }

    /// Of the body nothing is read that way: a JSON decoder that takes the first of two equal names would see another token than we do.
    private struct Unread: JWTPayload {
        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }
}

/// Why a key cannot be used.
package struct TokenKeyProblem: Error, Sendable, Hashable, CustomStringConvertible {
    package let line: Int
    package let message: String

    init(key: TokenSettings.Key, _ message: String) {
        line = key.line
        self.message = "the key '\(key.id)': \(message)"
    }

    init(claim: String) {
        line = 1
        message = "claims: '\(claim)' is not a name of letters, digits and '_', no digit first, 64 at most"
    }

    package var description: String { message }
}
