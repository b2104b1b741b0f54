extension GraphVersion {
    /// The version that a change set makes of this one: wholly, or not at all. This version stays as it is, and what the
    /// set does not touch is shared by both.
    ///
    /// Cost: proportional to the set and to the chunks it touches; a set that brings a large part of a type has its edges
    /// built by counting instead of by patches. A delete costs a pass over each column that could refer to the type and has
    /// no inverse.
    /// - Parameters:
    ///   - number: the new version's number, greater than this one's.
    ///   - problemLimit: how many problems to keep; all are counted.
    /// - Throws: `ChangeSetRefused`; nothing was made.
    package func applying(
        _ changes: ChangeSet, number: UInt64, publishedAt: Instant, problemLimit: Int = 1_000
    ) throws(ChangeSetRefused) -> GraphVersion {
        precondition(number > self.number, "versions count up")
        return try staged(changes, number: number, publishedAt: publishedAt, problemLimit: problemLimit).1
    }
}
