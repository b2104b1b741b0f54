import Crypto

/// The SHA-256 of bytes that come in pieces.
package struct SHA256Stream: Sendable {
    private var hash = SHA256()

    package init() {}

    package mutating func update(_ bytes: RawSpan) {
        // The pointer is read inside the closure only.
        unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    }

    /// The digest of all pieces so far.
    package func digest() -> SHA256Digest { SHA256Digest(hash) }
}

extension SHA256Digest {
    fileprivate init(_ hash: SHA256) { bytes = Array(hash.finalize()) }
}
