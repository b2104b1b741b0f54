import Model

/// What an import asks for beside the rows of its files.
package struct ImportTerms: Sendable {
    /// Of every type that the files bring, rows that they do not bring are removed.
    package var removesMissing = false
    /// Up to which share of all rows, from 0 to 1, rows with something wrong are left out; nil: one refuses the whole.
    package var badRowShare: Double?
    package var isDryRun = false
    /// The version that whoever imports has seen.
    package var expectedVersion: String?
    /// Under which the rows are applied once at most.
    package var changeID: String?
    package var overrides: [ChangeRequest.Override] = []
    package var reason: String?
    package init() {}
}
