import StoreColumns
import Synchronization

/// The life of the data: which version is current, and how the next one comes to be.
///
/// Readers take a version and keep it as long as they like; it never changes. Writers queue: one change set is checked
/// and applied at a time, outside the readers' way. The order of a commit is fixed: durable, then visible, then
/// acknowledged, which is when `commit` returns. What makes a version durable stands between applying and publishing.
package final class Store: Sendable {
    private struct Published: Sendable {
        var current: GraphVersion
        /// Newest first, the current one among them.
        var kept: [GraphVersion]
    }
    private let published: Mutex<Published>
    private let writing = Mutex<Void>(())
    /// How many versions stay readable; at least 1.
    package let keptVersionCount: Int

    /// - Parameter version: what is current from the start.
    package init(_ version: GraphVersion, keptVersionCount: Int = 8) {
        precondition(keptVersionCount >= 1, "the current version is always kept")
        self.keptVersionCount = keptVersionCount
        published = Mutex(Published(current: version, kept: [version]))
    }

    package var current: GraphVersion { published.withLock { $0.current } }

    /// A version that is still kept.
    /// - Throws: `VersionGone`, naming the nearest one that is.
    package func version(_ number: UInt64) throws(VersionGone) -> GraphVersion {
        let kept = published.withLock { $0.kept }
        if let version = kept.first(where: { $0.number == number }) { return version }
        let nearest = kept.min { distance($0.number, number) < distance($1.number, number) }
        throw VersionGone(asked: number, nearest: nearest?.number ?? current.number)
    }

    private func distance(_ left: UInt64, _ right: UInt64) -> UInt64 { left > right ? left - right : right - left }

    /// Makes and publishes the next version.
    /// - Parameters:
    ///   - publishedAt: the time of the commit, handed in.
    ///   - expectedNumber: the version that the writer has seen; another current one refuses the change.
    /// - Returns: the version that is now current.
    /// - Throws: `CommitError`; the current version stays as it was.
    package func commit(
        _ changes: ChangeSet, publishedAt: Instant, expecting expectedNumber: UInt64? = nil, problemLimit: Int = 1_000
    ) throws(CommitError) -> GraphVersion {
        try writing.withLock { _ throws(CommitError) in
            let base = current
            if let expectedNumber, expectedNumber != base.number {
                throw .otherVersion(expected: expectedNumber, current: base.number)
            }
            let next: GraphVersion
            do throws(ChangeSetRefused) {
                next = try base.applying(
                    changes, number: base.number + 1, publishedAt: publishedAt, problemLimit: problemLimit)
            } catch {
                throw .refused(error)
            }
            publish(next)
            return next
        }
    }

    private func publish(_ version: GraphVersion) {
        published.withLock { state in
            state.current = version
            state.kept = Array(([version] + state.kept).prefix(keptVersionCount))
        }
    }
}

/// Why a commit did not happen. Nothing changed.
package enum CommitError: Error, Sendable {
    case refused(ChangeSetRefused)
    /// Somebody else was faster.
    case otherVersion(expected: UInt64, current: UInt64)
}

/// A version that is not kept any more, or not there yet.
package struct VersionGone: Error, Sendable, Hashable {
    package let asked: UInt64
    package let nearest: UInt64
    package init(asked: UInt64, nearest: UInt64) {
        self.asked = asked
        self.nearest = nearest
    }
}
