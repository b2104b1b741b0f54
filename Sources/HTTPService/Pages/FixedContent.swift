import Bytes
import Compression

/// Bytes that stay as they are while the server runs: with an entity tag, and compressed where that is smaller.
package struct FixedContent: Sendable {
    /// The bytes as they are sent, and their name: strong, of the bytes alone.
    struct Form: Sendable {
        let bytes: [UInt8]
        let entityTag: String

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            entityTag = "\"\(SHA256Digest(of: bytes.span).hexadecimal.prefix(32))\""
        }
    }

    package let contentType: String
    let plain: Form
    /// As gzip; nil where that is no smaller.
    let compressed: Form?

    /// Compresses the bytes, which takes milliseconds: once, before the server listens.
    package init(contentType: String, bytes: [UInt8]) {
        self.contentType = contentType
        plain = Form(bytes)
        compressed = gzip(bytes).flatMap { $0.count < bytes.count ? Form($0) : nil }
    }

    /// The form for a client.
    ///
    /// - Parameter acceptEncoding: All `Accept-Encoding` fields joined by commas; nil if there is none.
    func form(acceptEncoding: String?) -> (form: Form, isCompressed: Bool) {
        guard let compressed, let acceptEncoding, Self.takesGzip(acceptEncoding) else { return (plain, false) }
        return (compressed, true)
    }

    /// Whether gzip, or anything at all, stands among the codings (RFC 9110 §12.5.3), and not with a quality of 0.
    private static func takesGzip(_ acceptEncoding: String) -> Bool {
        let codings = HeaderValue.list(acceptEncoding).compactMap(HeaderValue.init)
        let named = codings.first { $0.value == "gzip" } ?? codings.first { $0.value == "*" }
        guard let quality = named?.parameters.first(where: { $0.name == "q" })?.value else { return named != nil }
        return quality.utf8.contains { (0x31...0x39).contains($0) }
    }
}

/// Entity tags as a client sends them back (RFC 9110 §13.1.2).
enum EntityTags {
    /// Whether `If-None-Match` names the tag, or any. Weak or strong is the same here.
    static func match(_ ifNoneMatch: String?, _ tag: String) -> Bool {
        guard let ifNoneMatch else { return false }
        // As most say it.
        if ifNoneMatch == tag { return true }
        return HeaderValue.list(ifNoneMatch).contains { $0 == "*" || ($0.hasPrefix("W/") ? String($0.dropFirst(2)) : $0) == tag }
    }
}
