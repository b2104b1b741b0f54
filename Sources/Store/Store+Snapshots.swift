import Bytes
import StoreColumns
import StoreJournal
import Synchronization

extension Store {
    /// The snapshots that the folder keeps, newest first; empty without a folder.
    package var snapshots: [SnapshotEntry] { durability?.manifest.withLock { $0.snapshots } ?? snapshotsRead }

    /// Writes the current version as a snapshot, while readers and writers go on, and begins a new segment of the journal behind it.
    /// The oldest snapshots beyond the number to keep are removed, with the segments that only they needed.
    ///
    /// One at a time; the caller's thread waits. Cost: a pass over all columns.
    /// - Returns: the snapshot, an old one if nothing changed since.
    package func snapshot() throws(StoreError) -> SnapshotEntry {
        guard let durability else { throw StoreError(.readOnly, path: "", "the data has no folder") }
        if let reason = readOnlyReason { throw StoreError(.readOnly, path: durability.folder.path, reason) }
        return try durability.snapshotting.withLock { _ throws(StoreError) in
            try durability.checkLock()
            let version = current
            if let newest = snapshots.first, newest.version == version.number { return newest }
            let digest = try durability.writeSnapshot(version)
            let entry = SnapshotEntry(version: version.number, publishedAt: version.publishedAt, digest: digest)
            try alone { () throws(StoreError) in
                try storing { () throws(FileError) in
                    try durability.replaceManifest { $0.snapshots.insert(entry, at: 0) }
                }
                try self.beginSegment(durability)
            }
            try durability.retire()
            return entry
        }
    }
}

extension Durability {
    /// Removes the snapshots beyond those to keep, and the segments wholly before the one but newest snapshot.
    func retire() throws(StoreError) {
        guard copying.withLock({ $0 == 0 }) else { return }
        let old = manifest.withLock { $0 }
        try storing { () throws(FileError) in
            try replaceManifest { manifest in
                manifest.snapshots = Array(manifest.snapshots.prefix(keptSnapshotCount))
                let oldest = manifest.snapshots[min(1, manifest.snapshots.count - 1)].version
                // A segment ends where the next one begins.
                while manifest.segments.count > 1,
                    let end = JournalFormat.base(ofSegment: manifest.segments[1]), end <= oldest
                {
                    manifest.segments.removeFirst()
                }
            }
            let kept = manifest.withLock { $0 }
            for name in old.segments where !kept.segments.contains(name) {
                try folder.files.remove(folder.journalPath + "/" + name)
            }
            for entry in old.snapshots where !kept.snapshots.contains(entry) {
                try folder.files.removeTree(folder.versionPath(entry.version))
            }
        }
    }
}
