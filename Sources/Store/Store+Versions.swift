import Bytes
import StoreColumns
import StoreJournal
import Synchronization

/// Why no version can be named for a moment.
package enum VersionAtError: Error, Sendable, Hashable {
    /// The version that was current then is not kept; the nearest that is.
    case gone(VersionGone)
    /// Nothing was known yet; when the first version that is remembered came.
    case before(Instant)
}

extension Store {
    /// A version that is still kept, in memory or as a snapshot. May open files, on the caller's thread.
    /// - Throws: `VersionGone`, naming the nearest one that is.
    package func version(_ number: UInt64) throws(VersionGone) -> GraphVersion {
        let kept = published.withLock { $0.kept }
        if let version = kept.first(where: { $0.number == number }) { return version }
        if let version = shelf?.version(number, among: snapshots) { return version }
        let candidates = kept.map(\.number) + snapshots.map(\.version).filter { $0 != number }
        let nearest = candidates.min { distance($0, number) < distance($1, number) }
        throw VersionGone(asked: number, nearest: nearest ?? current.number)
    }

    private func distance(_ left: UInt64, _ right: UInt64) -> UInt64 { left > right ? left - right : right - left }

    /// The version that was current at a moment. May open files.
    package func version(knownAt moment: Instant) throws(VersionAtError) -> GraphVersion {
        let log = published.withLock { $0.log }
        var (low, high) = (0, log.count)
        while low < high {
            let middle = (low + high) / 2
            if log[middle].publishedAt <= moment { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { throw .before(log.first?.publishedAt ?? moment) }
        let found = log[low - 1]
        do throws(VersionGone) {
            // Between two snapshots there may have been versions that nobody remembers.
            guard low == log.count || log[low].number == found.number + 1 else {
                throw VersionGone(asked: found.number + 1, nearest: found.number)
            }
            return try version(found.number)
        } catch {
            throw .gone(error)
        }
    }

    /// Every version that can be read, newest first.
    package var versions: [VersionMoment] {
        let kept = published.withLock { $0.kept }
            .map { VersionMoment(number: $0.number, publishedAt: $0.publishedAt) }
        let known = Set(kept.map(\.number))
        let stored = snapshots.filter { !known.contains($0.version) }
            .map { VersionMoment(number: $0.version, publishedAt: $0.publishedAt) }
        return (kept + stored).sorted { $0.number > $1.number }
    }
}

extension Store {
    /// How often the journal's files were synchronized since the start: many commits share one.
    package var synchronizationCount: Int { durability?.journal.synchronizationCount ?? 0 }
}
