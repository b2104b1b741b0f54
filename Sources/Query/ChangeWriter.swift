import Model
import QueryPlanning
import StoreColumns

/// Whoever keeps the data and may change it.
package protocol ChangeWriter: Sendable {
    /// Applies changes, one version or none: durable first, then visible, then this returns.
    ///
    /// Changes of other callers may become durable together with these. Nothing waits on a thread meanwhile.
    /// - Parameter stage: Checks the changes against the version that nothing else can come behind, and makes the next. Called
    ///   once at most, by the writer, where it pleases.
    func commit(_ request: ChangeRequest, stage: @escaping ChangeStage) async -> ChangeOutcome

    /// As above, for a thread that has the time to check a few rows, these and others', so that none need be woken for it.
    ///
    /// - Parameter completion: Called once, from any thread, and perhaps before this returns. It must not wait.
    func submit(
        _ request: ChangeRequest, stage: @escaping ChangeStage, _ completion: @escaping @Sendable (ChangeOutcome) -> Void)
}

/// Base, number and time of the next version → what the changes make of it.
package typealias ChangeStage = @Sendable (_ base: GraphVersion, _ number: UInt64, _ publishedAt: Instant) -> StagedChanges

/// What came of one change set.
package enum ChangeOutcome: Sendable {
    /// Applied, or refused for a reason that lies in the changes; the version that is current after it.
    case report(ChangeReport, version: GraphVersion)
    /// They could not be dealt with; nothing was applied.
    case failure(ErrorCode, message: String)

    /// The code and the words of a failure; nil where there is a report.
    package var failure: (code: String, message: String)? {
        if case .failure(let code, let message) = self { (code.rawValue, message) } else { nil }
    }

    /// The data can be read and not changed.
    package static func readOnly(_ why: String) -> ChangeOutcome { .failure(.storageReadOnly, message: why) }
    /// Too much waits already.
    package static func overloaded(_ why: String) -> ChangeOutcome { .failure(.overloaded, message: why) }
    /// What came beside the changes cannot be used.
    package static func unusable(_ why: String) -> ChangeOutcome { .failure(.badUserInput, message: why) }
}
