import Bytes
import Testing

@Suite("Ed25519") struct Ed25519Tests {
    /// RFC 8032 §7.1, tests 1 and 2, with the keys as openssl writes them.
    static let cases: [(privateKey: String, publicKey: String, message: [UInt8], signature: String)] = [
        (
            "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
            "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", [],
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7",
            "MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=", [0x72],
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ]

    private func pem(_ label: String, _ text: String) -> [UInt8] {
        Array("-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----\n".utf8)
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    @Test(arguments: cases) func `signs as RFC 8032 has it, and knows its own signature`(
        privateKey: String, publicKey: String, message: [UInt8], signature: String
    ) throws {
        let own = try #require(Ed25519PrivateKey(pem: pem("PRIVATE KEY", privateKey)))
        let known = try #require(Ed25519PublicKey(pem: pem("PUBLIC KEY", publicKey)))
        let made = try #require(own.signature(of: message))
        #expect(hexadecimal(made) == signature)
        #expect(known.isSignature(made, of: message))
        #expect(!known.isSignature(made, of: message + [0]))
        #expect(!known.isSignature(Array(made.dropLast()), of: message))
        #expect(!known.isSignature([], of: message))
        #expect(own.publicKey.digest == known.digest)
    }

    @Test func `a text that is no such key is none`() throws {
        let (key, _, _, _) = Self.cases[0]
        #expect(Ed25519PrivateKey(pem: []) == nil)
        #expect(Ed25519PrivateKey(pem: Array(key.utf8)) == nil)
        #expect(Ed25519PrivateKey(pem: pem("PUBLIC KEY", key)) == nil)
        #expect(Ed25519PublicKey(pem: pem("PUBLIC KEY", key)) == nil)
        for place in 0..<key.utf8.count {
            var cut = Array(key.utf8)
            cut.remove(at: place)
            #expect(Ed25519PrivateKey(pem: pem("PRIVATE KEY", String(decoding: cut, as: UTF8.self))) == nil, "\(place)")
        }
        // Of X25519, which agrees on secrets and signs nothing.
        #expect(
            Ed25519PrivateKey(pem: pem("PRIVATE KEY", "MC4CAQAwBQYDK2VuBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g")) == nil)
        // As other systems end lines.
        let text = "-----BEGIN PRIVATE KEY-----\r\n\(key)\r\n-----END PRIVATE KEY-----\r\n"
        #expect(Ed25519PrivateKey(pem: Array(text.utf8)) != nil)
    }
}
