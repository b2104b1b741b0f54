/// What a search came to.
package struct AuditFindings: Sendable {
    package var entries: [AuditEntry] = []
    /// Whether there may be more: behind the last entry, or, where there is none, behind what there was time for.
    package var isCut = false
    package var lineCount = 0
    /// Pseudonyms in the entries.
    var subjectCount = 0
}
