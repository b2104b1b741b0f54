/// What the bytes of a snapshot mean: `Schema/formats/Snapshot.md`.
package enum SnapshotFormat {
    /// The number of the format that is written. A snapshot of a higher number was made by a newer program.
    package static let number = 1
}
