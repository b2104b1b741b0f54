import Bytes
import Dispatch
import StoreColumns
import StoreJournal
import Synchronization

extension Store {
    /// The snapshots that the folder keeps, newest first; empty without a folder.
    package var snapshots: [SnapshotEntry] { folderManifest?.snapshots ?? [] }

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
            try alone { () throws(StoreError) in try self.nameSnapshots(durability) }
            let version = current
            if let newest = snapshots.first, newest.version == version.number { return newest }
            let digest = try durability.reserve.lending { () throws(StoreError) in
                try durability.writeSnapshot(version)
            }
            let entry = SnapshotEntry(version: version.number, publishedAt: version.publishedAt, digest: digest)
            try alone { () throws(StoreError) in
                try storing { () throws(FileError) in
                    try durability.replaceManifest { $0.insert([entry]) }
                }
                try self.nameSnapshots(durability)
                try self.beginSegment(durability)
            }
            try durability.retire()
            forgetMoments()
            return entry
        }
    }

    /// Names in the manifest the snapshots that records brought, as far as their versions are visible.
    func nameSnapshots(_ durability: Durability) throws(StoreError) {
        let current = current.number
        let entries = durability.unnamed.withLock { $0.filter { $0.version <= current } }
        guard !entries.isEmpty else { return }
        try storing { () throws(FileError) in try durability.replaceManifest { $0.insert(entries) } }
        durability.unnamed.withLock { $0.removeAll { $0.version <= current } }
    }

    /// As above, once what is being written is. What cannot be named now is named with the next snapshot, or by the next
    /// start: the journal's record is enough.
    func nameSnapshotsWhenVisible(_ durability: Durability) {
        let semaphore = DispatchSemaphore(value: 0)
        let mustWait = line.withLock { line in
            guard !line.waiting.isEmpty else { return false }
            line.idle.append(semaphore)
            return true
        }
        if mustWait { semaphore.wait() }
        durability.unnamed.withLock { entries in
            // Those of changes that were not made, because writing has stopped.
            let tip = line.withLock { $0.tip.number }
            entries.removeAll { $0.version > tip }
        }
        try? nameSnapshots(durability)
    }

    /// Forgets when versions were published that cannot be had any more.
    private func forgetMoments() {
        guard let oldest = answerable.first?.lowerBound else { return }
        published.withLock { state in state.log.removeAll { $0.number < oldest } }
    }
}

extension Durability {
    /// Removes the snapshots beyond those to keep, and the segments wholly before the oldest that stays.
    func retire() throws(StoreError) {
        // While somebody copies, they stay; the next snapshot's turn will take them.
        _ = try folder.withoutCopies { () throws(StoreError) in try self.removeRetired() }
    }

    private func removeRetired() throws(StoreError) {
        let old = manifest.withLock { $0 }
        try storing { () throws(FileError) in
            try replaceManifest { manifest in
                manifest.snapshots = Array(manifest.snapshots.prefix(keptSnapshotCount))
                let oldest = manifest.snapshots[manifest.snapshots.count - 1].version
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
