import Crypto

/// The SHA-256 of some bytes.
package struct SHA256Digest: Sendable, Hashable {
    /// 32 of them.
    package let bytes: [UInt8]

    package init(of message: Span<UInt8>) {
        var hash = SHA256()
        // The pointer is read inside the closure only.
        unsafe message.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        bytes = Array(hash.finalize())
    }

    /// The digest that 64 hexadecimal digits write, of either case; nil where the text is anything else.
    package init?(hexadecimal text: String) {
        let digits = text.utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
            default: nil
            }
        }
        guard text.utf8.count == 64, digits.count == 64 else { return nil }
        bytes = stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// 64 lower-case hexadecimal digits, as `sha256sum` prints them.
    package var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}

/// The HMAC-SHA-256 of a message: 32 bytes that only a holder of the key can make.
package func hmacSHA256(of message: [UInt8], key: [UInt8]) -> [UInt8] {
    var code = HMAC<SHA256>(key: SymmetricKey(data: key))
    unsafe message.span.withUnsafeBytes { unsafe code.update(data: UnsafeRawBufferPointer($0)) }
    return Array(code.finalize())
}
