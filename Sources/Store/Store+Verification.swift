import StoreColumns
import Synchronization

/// How far the check has come of the bytes that opening left for later.
package enum Verification: Sendable, Hashable {
    /// Columns are checked as they are used; the rest is not checked yet.
    case waiting
    /// Every byte of the version that was opened is as it was written.
    case passed
    /// What is wrong: which file, at which byte.
    case damaged(String)
}

extension Store {
    package var verificationState: Verification { verification.withLock { $0 } }

    /// Checks every column of the version that is current and has not been checked, on the caller's thread: for a pass in the
    /// background of a server. Readers go on meanwhile; one who needs a column that is being checked waits for it.
    ///
    /// Where something is damaged writing stops, because no snapshot could be made any more. What is not damaged can still be asked for.
    /// - Parameter goesOn: asked before each column; the pass may end before all are checked.
    package func checkColumns(while goesOn: () -> Bool = { true }) {
        guard verificationState == .waiting else { return }
        var wasStopped = false
        let damage = current.checkColumns {
            wasStopped = !goesOn()
            return !wasStopped
        }
        if let damage {
            verification.withLock { $0 = .damaged(damage.description) }
            stop("stored data is damaged: \(damage)")
        } else if !wasStopped {
            verification.withLock { $0 = .passed }
        }
    }
}
