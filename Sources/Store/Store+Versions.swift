import Bytes
import StoreColumns
import StoreJournal
import Synchronization

extension Store {
    /// A version that is in memory, or was asked for not long ago; nil where it has to be opened or made again. Opens no
    /// file.
    package func versionAtHand(_ name: VersionName) throws(VersionUnavailable) -> GraphVersion? {
        let (kept, log) = published.withLock { ($0.kept, $0.log) }
        let number: UInt64
        switch name {
        case .number(let asked): number = asked
        case .knownAt(let moment):
            guard case .version(let found) = try Self.place(of: moment, in: log) else { return nil }
            number = found
        }
        guard number <= kept[0].number else { throw .notReached(asked: number, current: kept[0].number) }
        return kept.first { $0.number == number } ?? shelf?.atHand(number)
    }

    /// A version by its number or by a moment at which it was current. May open files and read the journal, on the shelf's
    /// queue; the caller's thread waits.
    package func version(_ name: VersionName) throws(VersionUnavailable) -> GraphVersion {
        if let version = try versionAtHand(name) { return version }
        guard let shelf else { throw .gone(goneWithoutFolder(name)) }
        return try shelf.inTurn { () throws(VersionUnavailable) in try self.find(name, on: shelf) { false } }
    }

    /// As `version`, while no thread of the caller waits.
    /// - Parameter isStopped: asked again and again, on the shelf's queue; true ends the work.
    package func version(
        _ name: VersionName, isStopped: @escaping @Sendable () -> Bool
    ) async -> Result<GraphVersion, VersionUnavailable> {
        do throws(VersionUnavailable) {
            if let version = try versionAtHand(name) { return .success(version) }
        } catch {
            return .failure(error)
        }
        guard let shelf else { return .failure(.gone(goneWithoutFolder(name))) }
        return await shelf.inTurn { () throws(VersionUnavailable) in try self.find(name, on: shelf, isStopped: isStopped) }
    }

    package func version(_ number: UInt64) throws(VersionUnavailable) -> GraphVersion { try version(.number(number)) }
    package func version(knownAt moment: Instant) throws(VersionUnavailable) -> GraphVersion { try version(.knownAt(moment)) }

    private func goneWithoutFolder(_ name: VersionName) -> VersionGone {
        guard case .number(let number) = name else { preconditionFailure("without a folder all moments are known") }
        return VersionGone(asked: number, nearest: reach.nearest(number))
    }

    /// In the shelf's turn.
    private func find(
        _ name: VersionName, on shelf: VersionShelf, isStopped: () -> Bool
    ) throws(VersionUnavailable) -> GraphVersion {
        let number: UInt64
        switch name {
        case .number(let asked): number = asked
        case .knownAt(let moment): number = try self.number(knownAt: moment, shelf, isStopped)
        }
        if let version = published.withLock({ state in state.kept.first { $0.number == number } }) { return version }
        guard let manifest = folderManifest else { throw .gone(VersionGone(asked: number, nearest: reach.nearest(number))) }
        return try shelf.version(number, of: manifest, as: current.catalog, reach, isStopped: isStopped)
    }

    // MARK: Moments

    private enum MomentPlace {
        case version(UInt64)
        /// Behind the first, before the second, and between them lie versions whose times have not been read.
        case gap(UInt64, UInt64)
    }

    private static func place(of moment: Instant, in log: [VersionMoment]) throws(VersionUnavailable) -> MomentPlace {
        var (low, high) = (0, log.count)
        while low < high {
            let middle = (low + high) / 2
            if log[middle].publishedAt <= moment { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { throw .before(log.first?.publishedAt ?? moment) }
        guard low < log.count, log[low].number > log[low - 1].number + 1 else { return .version(log[low - 1].number) }
        return .gap(log[low - 1].number, log[low].number)
    }

    /// The version that was current at a moment. Reads the times of changes that nobody asked about yet from the journal.
    private func number(
        knownAt moment: Instant, _ shelf: VersionShelf, _ isStopped: () -> Bool
    ) throws(VersionUnavailable) -> UInt64 {
        let place = try Self.place(of: moment, in: published.withLock { $0.log })
        guard case .gap(let before, let behind) = place else {
            guard case .version(let number) = place else { preconditionFailure("a place is one of the two") }
            return number
        }
        let gone = VersionGone(asked: before + 1, nearest: reach.nearest(before + 1))
        guard let manifest = folderManifest, let base = manifest.segments.first.flatMap({ JournalFormat.base(ofSegment: $0) }),
            base <= before
        else { throw .gone(gone) }
        let found = try shelf.moments(before + 1...behind - 1, of: manifest, isStopped: isStopped)
        let log = published.withLock { state in
            let known = Set(state.log.map(\.number))
            state.log = (state.log + found.filter { !known.contains($0.number) }).sorted { $0.number < $1.number }
            return state.log
        }
        guard case .version(let number) = try Self.place(of: moment, in: log) else { throw .gone(gone) }
        return number
    }

    // MARK: Lists

    /// What the folder's manifest says now; nil without a folder.
    var folderManifest: FolderManifest? { durability?.manifest.withLock { $0 } ?? manifestRead }

    var reach: VersionReach {
        let kept = published.withLock { $0.kept.map(\.number) }
        return VersionReach(
            kept: kept, folderManifest, current: kept[0], rebuildLimit: shelf?.rebuildLimit ?? 0)
    }

    /// Every version that can be had without the journal, newest first.
    package var versions: [VersionMoment] {
        let kept = published.withLock { $0.kept }
            .map { VersionMoment(number: $0.number, publishedAt: $0.publishedAt) }
        let known = Set(kept.map(\.number))
        let stored = snapshots.filter { !known.contains($0.version) }
            .map { VersionMoment(number: $0.version, publishedAt: $0.publishedAt) }
        return (kept + stored).sorted { $0.number > $1.number }
    }

    /// Adjacent versions that can be had, made again from the journal or not; ascending.
    package var answerable: [ClosedRange<UInt64>] { reach.ranges }
}

extension Store {
    /// How often the journal's files were synchronized since the start: many commits share one.
    package var synchronizationCount: Int { durability?.journal.synchronizationCount ?? 0 }
}
