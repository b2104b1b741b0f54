import StoreColumns

/// Why a version cannot be had.
package enum VersionUnavailable: Error, Sendable, Hashable {
    case gone(VersionGone)
    /// It is not there yet.
    case notReached(asked: UInt64, current: UInt64)
    /// Nothing was known at the moment that was named; when the first version that is remembered came.
    case before(Instant)
    /// Whoever asked has stopped waiting.
    case stopped
    /// Too many wait for versions that have to be opened or made again.
    case busy(limit: Int)
}

/// A version that is not kept any more, or cannot be read.
package struct VersionGone: Error, Sendable, Hashable {
    package enum Reason: Sendable, Hashable {
        /// No snapshot below it is kept together with the changes since.
        case notKept
        /// More changes lie between it and the snapshot below than are read for it.
        case tooFar(limit: Int)
        /// What it would be made of is damaged; the file and the byte.
        case unreadable(String)
        /// It cannot be shown under the present model; a sentence without its full stop.
        case otherModel(String)
    }

    package var asked: UInt64
    /// The nearest below and above that can be had, as far as there are any.
    package var nearest: [UInt64]
    package var reason: Reason

    package init(asked: UInt64, nearest: [UInt64], reason: Reason = .notKept) {
        self.asked = asked
        self.nearest = nearest
        self.reason = reason
    }

    /// The name of the limit that `tooFar` is about.
    package static let limitName = "max-rebuilt-changes"
}

extension VersionUnavailable: CustomStringConvertible {
    /// A sentence.
    package var description: String {
        switch self {
        case .gone(let gone):
            let nearest = gone.nearest.map(String.init).joined(separator: " and ")
            let others =
                gone.nearest.isEmpty
                ? "" : gone.nearest.count == 1 ? "; the nearest is \(nearest)" : "; the nearest are \(nearest)"
            return switch gone.reason {
            case .notKept: "Version \(gone.asked) is not kept\(others)."
            case .tooFar(let limit):
                "Version \(gone.asked) is more than \(limit) changes behind the snapshot below it (limit \(VersionGone.limitName))\(others)."
            case .otherModel(let why): "Version \(gone.asked) cannot be shown under the present model: \(why)\(others)."
            case .unreadable(let why): "Version \(gone.asked) cannot be read: \(why)\(others)."
            }
        case .notReached(let asked, let current): return "Version \(asked) is not reached yet; the data is at version \(current)."
        case .before(let first): return "Nothing was known then: the first version that is remembered is of \(first)."
        case .stopped: return "The time for the answer was over before the version could be made again."
        case .busy(let limit): return "\(limit) requests wait for old versions, and no more may. Try again later."
        }
    }
}
