import QueryPlanning
import StoreColumns

/// Where versions other than the one that a request came with come from: those that its operation names.
package struct VersionSource: Sendable {
    package enum Found: Sendable {
        case version(GraphVersion)
        /// It cannot be had, and why: a sentence.
        case unavailable(ErrorCode, message: String)

        /// It is not kept, or cannot be read.
        package static func gone(_ why: String) -> Found { .unavailable(.versionGone, message: why) }
        /// There is no such version yet.
        package static func notReached(_ why: String) -> Found { .unavailable(.versionNotReached, message: why) }
        /// No version can have the name.
        package static func misnamed(_ why: String) -> Found { .unavailable(.badUserInput, message: why) }
        /// The time was over before it was found.
        package static func stopped(_ why: String) -> Found { .unavailable(.queryTimeout, message: why) }
        /// Too many wait for versions.
        package static func overloaded(_ why: String) -> Found { .unavailable(.overloaded, message: why) }
    }

    /// What is in memory; nil for a version that may have to be opened or made again. Asked on the thread that answers, and
    /// opens no file.
    package var atHand: @Sendable (VersionName) -> Found?
    /// May open files and take long: for callers that may wait. Whoever answers never asks.
    package var find: @Sendable (VersionName) -> Found

    package init(atHand: @escaping @Sendable (VersionName) -> Found?, find: @escaping @Sendable (VersionName) -> Found) {
        self.atHand = atHand
        self.find = find
    }

    /// Versions that are all in memory.
    package init(inMemory find: @escaping @Sendable (VersionName) -> Found) {
        self.init(atHand: { find($0) }, find: find)
    }

    /// Only the version that the request came with.
    package static let none = VersionSource(inMemory: { _ in .gone("No other version is kept here.") })
}

/// What a request says about the version that it is answered from, and which versions were found for it so far.
package struct VersionTerms: Sendable {
    /// The version that the request came with was named beside its document, and no other may answer.
    package var isNamed = false
    /// No older version may answer.
    package var minimum: UInt64?
    /// What came of the names that `QueryStep.versions` listed.
    package var found: [VersionName: VersionSource.Found] = [:]
    /// The day on which rights hold, whatever date is asked about; nil: the date that is asked about.
    package var today: CivilDate?
    /// The newest version there is: who sees a row no more, does not see it in an older one either. Nil: each version by itself.
    package var newest: GraphVersion?

    package init(isNamed: Bool = false, minimum: UInt64? = nil) {
        self.isNamed = isNamed
        self.minimum = minimum
    }
}
