import StoreColumns
import StoreJournal

/// Which versions can be had: those in memory, snapshots, and those that the journal can make of a snapshot.
struct VersionReach {
    /// In memory.
    private let kept: [UInt64]
    /// Ascending.
    private let snapshots: [SnapshotEntry]
    /// Records of all versions behind this one are kept.
    private let journalBase: UInt64
    private let current: UInt64
    private let rebuildLimit: Int

    init(kept: [UInt64], _ manifest: FolderManifest?, current: UInt64, rebuildLimit: Int) {
        self.kept = kept.sorted()
        snapshots = (manifest?.snapshots ?? []).sorted { $0.version < $1.version }
        journalBase = manifest?.segments.first.flatMap { JournalFormat.base(ofSegment: $0) } ?? .max
        self.current = current
        self.rebuildLimit = rebuildLimit
    }

    /// The snapshot that is a version, or that it can be made of; nil where there is none.
    func snapshot(below number: UInt64) -> SnapshotEntry? {
        guard number <= current, let entry = snapshots.last(where: { $0.version <= number }) else { return nil }
        return number <= end(behind: entry) ? entry : nil
    }

    /// The last version that can be made of a snapshot.
    private func end(behind entry: SnapshotEntry) -> UInt64 {
        guard entry.version >= journalBase else { return entry.version }
        let (end, isBeyond) = entry.version.addingReportingOverflow(UInt64(clamping: rebuildLimit))
        let next = snapshots.first { $0.version > entry.version }?.version ?? .max
        return min(current, next - 1, isBeyond ? .max : end)
    }

    /// Why a version cannot be had.
    func reason(_ number: UInt64) -> VersionGone.Reason {
        let below = snapshots.last { $0.version <= number }
        return below.map { $0.version >= journalBase } ?? false ? .tooFar(limit: rebuildLimit) : .notKept
    }

    /// Adjacent versions that can be had, ascending and apart from each other.
    var ranges: [ClosedRange<UInt64>] {
        var found: [ClosedRange<UInt64>] = []
        for range in (snapshots.map { $0.version...end(behind: $0) } + kept.map { $0...$0 })
            .sorted(by: { $0.lowerBound < $1.lowerBound })
        {
            if let last = found.last, range.lowerBound <= last.upperBound + 1 {
                found[found.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                found.append(range)
            }
        }
        return found
    }

    /// The nearest below and above a version, itself left out.
    func nearest(_ number: UInt64) -> [UInt64] {
        let ranges = ranges
        var nearest: [UInt64] = []
        if let below = ranges.last(where: { $0.lowerBound < number }) { nearest.append(min(below.upperBound, number - 1)) }
        if let above = ranges.first(where: { $0.upperBound > number }) { nearest.append(max(above.lowerBound, number + 1)) }
        return nearest
    }
}
