import Bytes
import StoreColumns
import StoreSnapshot

/// How versions are written to folders and read again: as Arrow files, or as a test pleases.
package protocol VersionStorage: Sendable {
    /// Writes a version; durable with its name when this returns. The folder must not exist.
    /// - Parameter parent: the snapshot before.
    /// - Returns: the snapshot's digest.
    func write(
        _ version: GraphVersion, model: [UInt8], parent: SnapshotEntry?, to folder: String, on files: any FileSystem
    ) throws(StoreError) -> String

    /// As above, of a version that is passed type by type, once.
    func write(
        _ version: PassingGraph, model: [UInt8], parent: SnapshotEntry?, to folder: String, on files: any FileSystem
    ) throws(StoreError) -> String

    func open(_ folder: String, on files: any FileSystem) throws(StoreError) -> StoredVersion

    /// The SDL of a version, without opening the rest.
    func model(_ folder: String, on files: any FileSystem) throws(StoreError) -> [UInt8]

    /// Checks every byte.
    /// - Returns: the snapshot's digest.
    func verify(_ folder: String, on files: any FileSystem) throws(StoreError) -> String
}

extension VersionStorage {
    package func model(_ folder: String, on files: any FileSystem) throws(StoreError) -> [UInt8] {
        try open(folder, on: files).model
    }
}

/// A version as it was read.
package struct StoredVersion: Sendable {
    package var version: GraphVersion
    /// The SDL under which it was made.
    package var model: [UInt8]
    package var digest: String

    package init(version: GraphVersion, model: [UInt8], digest: String) {
        self.version = version
        self.model = model
        self.digest = digest
    }
}

/// A snapshot that the data folder keeps.
package struct SnapshotEntry: Sendable, Hashable {
    package var version: UInt64
    package var publishedAt: Instant
    /// SHA-256 of its manifest, in hexadecimal.
    package var digest: String

    package init(version: UInt64, publishedAt: Instant, digest: String) {
        self.version = version
        self.publishedAt = publishedAt
        self.digest = digest
    }
}

/// Versions as Arrow files.
package struct ArrowVersions: VersionStorage {
    /// Which bytes are checked when a version is opened.
    package var checking: Snapshot.Checking
    package init(checking: Snapshot.Checking = .everything) { self.checking = checking }

    /// A column is checked before it is first read, and all of them by `Store.checkColumns`.
    /// - Parameter tell: what is wrong, once for each column that is damaged.
    package static func checkedOnFirstUse(_ tell: @escaping @Sendable (String) -> Void) -> ArrowVersions {
        ArrowVersions(checking: .onFirstUse { tell("\($0)") })
    }

    package func write(
        _ version: GraphVersion, model: [UInt8], parent: SnapshotEntry?, to folder: String, on files: any FileSystem
    ) throws(StoreError) -> String {
        do throws(SnapshotError) {
            return try Snapshot.write(version, Self.description(model, parent), to: folder, on: files).digest
        } catch {
            throw StoreError(error)
        }
    }

    package func write(
        _ version: PassingGraph, model: [UInt8], parent: SnapshotEntry?, to folder: String, on files: any FileSystem
    ) throws(StoreError) -> String {
        do throws(SnapshotError) {
            return try Snapshot.write(version, Self.description(model, parent), to: folder, on: files).digest
        } catch {
            throw StoreError(error)
        }
    }

    private static func description(_ model: [UInt8], _ parent: SnapshotEntry?) -> Snapshot.Description {
        Snapshot.Description(
            model: model, parent: parent.map { Manifest.Parent(version: $0.version, digest: $0.digest) })
    }

    package func open(_ folder: String, on files: any FileSystem) throws(StoreError) -> StoredVersion {
        do throws(SnapshotError) {
            let open = try Snapshot.open(folder, on: files, checking: checking)
            return StoredVersion(version: open.version, model: open.model, digest: open.manifest.digest)
        } catch {
            throw StoreError(error)
        }
    }

    package func model(_ folder: String, on files: any FileSystem) throws(StoreError) -> [UInt8] {
        do throws(SnapshotError) {
            return try Snapshot.model(folder, on: files)
        } catch {
            throw StoreError(error)
        }
    }

    package func verify(_ folder: String, on files: any FileSystem) throws(StoreError) -> String {
        do throws(SnapshotError) {
            return try Snapshot.verify(folder, on: files).digest
        } catch {
            throw StoreError(error)
        }
    }
}
