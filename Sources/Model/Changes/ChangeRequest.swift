import StoreColumns

/// Changes on their way into the data, with all that is asked of them beside: what the mutation and every import make.
package struct ChangeRequest: Sendable {
    package var changes: ChangeSet
    /// Checked, never applied.
    package var isDryRun: Bool
    /// The version that the writer has seen, as it was given.
    package var expectedVersion: String?
    /// Under which they are applied once at most.
    package var changeID: String?
    /// Tells these changes from others under the same `changeID`; empty where there is none.
    package var fingerprint: [UInt8]
    package var overrides: [Override]
    /// Why, for those who read the journal.
    package var reason: String?

    /// Lets rows pass that do not keep a SOFT check.
    package struct Override: Sendable, Hashable {
        package var check: String
        package var reason: String
        package init(check: String, reason: String) {
            self.check = check
            self.reason = reason
        }
    }

    package init(
        _ changes: ChangeSet, isDryRun: Bool = false, expectedVersion: String? = nil, changeID: String? = nil,
        fingerprint: [UInt8] = [], overrides: [Override] = [], reason: String? = nil
    ) {
        self.changes = changes
        self.isDryRun = isDryRun
        self.expectedVersion = expectedVersion
        self.changeID = changeID
        self.fingerprint = fingerprint
        self.overrides = overrides
        self.reason = reason
    }
}
