/// What the bytes of a snapshot mean: `Schema/formats/Snapshot.md`.
package enum SnapshotFormat {
    /// The number of the format that is written. A snapshot of a higher number was made by a newer program.
    package static let number = 3
    /// From this number on values are stored as narrow as they all fit, and edges in the order of their rows without their targets.
    static let firstNarrow = 2
    /// From this number on plain texts may repeat.
    static let firstRepeating = 3
    /// What the bytes of an index mean; it has not changed since.
    static let indexNumber = 1
    /// What the bytes of a list of repeated texts mean.
    static let repeatNumber = 1
}
