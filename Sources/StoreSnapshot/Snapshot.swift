import Bytes
import StoreColumns

/// One version of the graph as a folder of files (`Schema/formats/Snapshot.md`): written, opened, verified.
package enum Snapshot {
    /// What a snapshot says about itself besides its rows.
    package struct Description: Sendable, Hashable {
        /// The SDL of the model under which the version was made: the bytes of `model.graphql`.
        package var model: [UInt8]
        /// The snapshot that came before: its version and its digest. Nil for the first one.
        package var parent: Manifest.Parent?

        package init(model: [UInt8], parent: Manifest.Parent? = nil) {
            self.model = model
            self.parent = parent
        }
    }

    /// Which bytes of a snapshot are checked while it is opened. Sizes, footers and the metadata of every batch always are.
    package enum Checking: Sendable {
        /// Every byte of every file that the version needs, and what the bytes mean.
        case everything
        /// A column or an edge before it is first read, and all of them by `GraphVersion.checkColumns`. What is damaged is not lent:
        /// whoever makes something of the version asks for its `damage` at the end.
        /// - Parameter damaged: told what is wrong, once for each column.
        case onFirstUse(damaged: @Sendable (SnapshotError) -> Void)
    }
}

/// A snapshot that was opened: the version over mapped files, and what its manifest says.
package struct OpenSnapshot: Sendable {
    package let version: GraphVersion
    package let manifest: Manifest
    /// The bytes of `model.graphql`.
    package let model: [UInt8]
}

extension Snapshot {
    /// Writes a version as the folder `folder`, which must not exist: first beside it as `<folder>.tmp`, then renamed, with its
    /// parent synchronized. When this returns, the snapshot is durable. After an error there is no `folder`, or a whole one
    /// whose name may not be durable.
    ///
    /// Cost: one pass over all columns. What an interrupted attempt left in `<folder>.tmp` is removed first.
    package static func write(
        _ version: GraphVersion, _ description: Description, to folder: String, on files: any FileSystem
    ) throws(SnapshotError) -> Manifest {
        try SnapshotWriter(version: version, description: description, folder: folder, files: files).write()
    }

    /// As above, of a version that is passed type by type. Indexes are made from the files that were written. After an error nothing is
    /// left of what was written, if it can be removed.
    package static func write(
        _ version: PassingGraph, _ description: Description, to folder: String, on files: any FileSystem
    ) throws(SnapshotError) -> Manifest {
        let writer = SnapshotWriter(passing: version, description: description, folder: folder, files: files)
        do throws(SnapshotError) {
            return try writer.write()
        } catch {
            do throws(FileError) { try files.removeTree(folder + ".tmp") } catch {}
            throw error
        }
    }

    /// Opens a snapshot by mapping its files; nothing is copied but names, numbers of batches, and indexes that must be rebuilt.
    ///
    /// - Throws: the first thing found wrong; nothing stays open.
    package static func open(
        _ folder: String, on files: any FileSystem, checking: Checking = .everything
    ) throws(SnapshotError) -> OpenSnapshot {
        let reader = try SnapshotReader(folder, on: files)
        let model = try reader.model()
        let version: GraphVersion
        switch checking {
        case .everything: version = try reader.version()
        case .onFirstUse(let damaged): version = try reader.version(tellingLater: damaged)
        }
        return OpenSnapshot(version: version, manifest: reader.manifest, model: model)
    }

    /// What the manifest of a snapshot says, without opening the files that it lists.
    package static func manifest(_ folder: String, on files: any FileSystem) throws(SnapshotError) -> Manifest {
        try SnapshotReader(folder, on: files).manifest
    }

    /// The SDL of a snapshot, without opening the Arrow files.
    package static func model(_ folder: String, on files: any FileSystem) throws(SnapshotError) -> [UInt8] {
        try SnapshotReader(folder, on: files).model()
    }

    /// Checks every byte of a snapshot: digests, checksums, what the bytes mean, keys, edges and indexes.
    package static func verify(_ folder: String, on files: any FileSystem) throws(SnapshotError) -> Manifest {
        let reader = try SnapshotReader(folder, on: files)
        try reader.verify()
        return reader.manifest
    }
}
