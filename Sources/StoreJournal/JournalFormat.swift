/// What the bytes of a journal mean: `Schema/formats/Journal.md`.
package enum JournalFormat {
    /// The number of the format that is written. A segment of a higher number was made by a newer program.
    package static let number: UInt16 = 1
}
