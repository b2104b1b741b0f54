import Bytes
import StoreColumns

/// What a snapshot consists of: `manifest.json`.
package struct Manifest: Sendable, Hashable {
    package static let fileName = "manifest.json"

    /// The snapshot before this one.
    package struct Parent: Sendable, Hashable {
        package var version: UInt64
        /// The SHA-256 of its `manifest.json`.
        package var digest: String

        package init(version: UInt64, digest: String) {
            self.version = version
            self.digest = digest
        }
    }

    /// A file of the snapshot.
    package struct Entry: Sendable, Hashable {
        /// Its path in the folder.
        package var name: String
        package var byteCount: Int
        /// SHA-256, 64 lower-case hexadecimal digits.
        package var digest: String
        /// For an Arrow file: where what follows the last batch begins, and the CRC-32C of that part.
        package var tail: Tail?
    }

    package struct Tail: Sendable, Hashable {
        package var offset: Int
        package var checksum: UInt32
    }

    /// What is known of a node type besides its definition.
    package struct TypeState: Sendable, Hashable {
        package var rowCount: Int
        /// The newest version that changed each column, in the order of the catalog.
        package var columnVersions: [UInt64]
        /// The newest version that changed each inverse edge.
        package var inverseVersions: [UInt64]
    }

    package var formatNumber = SnapshotFormat.number
    package var version: UInt64
    package var publishedAt: Instant
    /// The SHA-256 of `model.graphql`.
    package var modelDigest: String
    package var parent: Parent?
    package var catalog: Catalog
    /// One a node type of the catalog.
    package var types: [TypeState]
    package var files: [Entry]
    /// The SHA-256 of the manifest's own bytes.
    package var digest = ""
}
