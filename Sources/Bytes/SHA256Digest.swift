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
