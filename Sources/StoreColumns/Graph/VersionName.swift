/// How somebody who asks names a version that is not the current one.
package enum VersionName: Sendable, Hashable {
    case number(UInt64)
    /// The version that was current at a moment.
    case knownAt(Instant)
}
