import Bytes
import StoreColumns

/// A change on its way to becoming a version.
package struct Commit: Sendable {
    /// What `stage` makes of the version that nothing else can come behind.
    package enum Staged: Sendable {
        /// The next version: `changes` applied to the base, under the number and time that were given. The receipt, of at most
        /// 4,096 bytes, is what whoever sends the same changes again is given.
        case version(GraphVersion, receipt: [UInt8] = [])
        /// Nothing is to be changed: a trial, a refusal, or no difference.
        case nothing
    }
    package typealias Stage =
        @Sendable (_ base: GraphVersion, _ number: UInt64, _ publishedAt: Instant) throws(CommitError) -> Staged

    /// As they will be applied again when the journal is read.
    package var changes: ChangeSet
    /// Under which they are applied once at most; at most 256 bytes. Empty for none.
    package var changeID: String
    /// Tells these changes from others under the same `changeID`; at most 64 bytes.
    package var fingerprint: [UInt8]
    /// Kept in the journal beside the changes, for whoever reads it: who, why, which overrides.
    package var note: [UInt8]
    /// The time of the commit; nil for the store's clock.
    package var publishedAt: Instant?
    /// Called at most once, on the thread that stages; must not wait.
    package var stage: Stage

    package init(
        _ changes: ChangeSet, changeID: String = "", fingerprint: [UInt8] = [], note: [UInt8] = [],
        publishedAt: Instant? = nil, stage: @escaping Stage
    ) {
        self.changes = changes
        self.changeID = changeID
        self.fingerprint = fingerprint
        self.note = note
        self.publishedAt = publishedAt
        self.stage = stage
    }

    /// Applies the changes as they are.
    /// - Parameter expectedNumber: the version that the writer has seen; another current one refuses the change.
    package init(
        _ changes: ChangeSet, changeID: String = "", fingerprint: [UInt8] = [], note: [UInt8] = [],
        publishedAt: Instant? = nil, expecting expectedNumber: UInt64? = nil, problemLimit: Int = 1_000
    ) {
        self.init(
            changes, changeID: changeID, fingerprint: fingerprint, note: note, publishedAt: publishedAt
        ) { base, number, moment throws(CommitError) in
            if let expectedNumber, expectedNumber != base.number {
                throw .otherVersion(expected: expectedNumber, current: base.number)
            }
            do throws(ChangeSetRefused) {
                return .version(
                    try base.applying(changes, number: number, publishedAt: moment, problemLimit: problemLimit))
            } catch {
                throw .refused(error)
            }
        }
    }
}

/// What came of a commit. All of it is durable and visible.
package enum Committed: Sendable {
    case applied(GraphVersion)
    /// `stage` wanted nothing changed; the version that it looked at.
    case nothing(GraphVersion)
    /// The same change was applied before, as version `number`, with this receipt; nothing was done again.
    case repeated(number: UInt64, receipt: [UInt8], current: GraphVersion)
}

/// Why a commit did not happen. Nothing changed.
package enum CommitError: Error, Sendable {
    case refused(ChangeSetRefused)
    /// Somebody else was faster.
    case otherVersion(expected: UInt64, current: UInt64)
    /// Other changes were applied under this `changeID`.
    case changeIDReused(number: UInt64)
    /// A `changeID` or fingerprint longer than may be.
    case tooLong(limit: Int)
    /// Too much waits to be written; try again.
    case overloaded
    /// The data can be read and not changed. Where the failure came while this commit was written, it may be found applied
    /// after the next start; a `changeID` makes it safe to send it again then.
    case readOnly(String)
}
