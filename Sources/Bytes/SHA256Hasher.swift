import Crypto

/// A SHA-256 that takes its message piece by piece.
package struct SHA256Hasher: Sendable {
    private var hash = SHA256()

    package init() {}

    package mutating func update(_ bytes: Span<UInt8>) {
        // The pointer is read inside the closure only.
        unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    }

    /// The digest of all pieces so far, in their order.
    package var digest: SHA256Digest { SHA256Digest(unchecked: Array(hash.finalize())) }
}

extension SHA256Digest {
    /// - Parameter bytes: 32 of them.
    fileprivate init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}
