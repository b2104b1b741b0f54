import Bytes

/// Why a snapshot cannot be read or written: which file, at which byte, what was found and what was expected.
package struct SnapshotError: Error, Sendable, Hashable {
    package enum Reason: Sendable, Hashable {
        /// There is no snapshot, or a file of it is missing.
        case absent
        /// What is there is not a snapshot of ours.
        case foreign
        /// It was made by a newer program.
        case newer(formatNumber: Int)
        /// It was a snapshot, and bytes of it have changed or are missing.
        case damaged
        /// The version holds more than the format can say.
        case tooLarge
        /// The storage refused.
        case storage(FileError)
    }

    package var reason: Reason
    package var path: String
    /// Where in the file; nil where the file as a whole is meant.
    package var byteOffset: Int?
    /// What was found, and what was expected.
    package var message: String

    package init(_ reason: Reason, path: String, at byteOffset: Int? = nil, _ message: String) {
        self.reason = reason
        self.path = path
        self.byteOffset = byteOffset
        self.message = message
    }

    init(_ error: FileError) {
        self.init(error.reason == .absent ? .absent : .storage(error), path: error.path, error.description)
    }
}

extension SnapshotError: CustomStringConvertible {
    /// One sentence: the file, the byte, what is wrong.
    package var description: String {
        let place = byteOffset.map { "\(path): byte \($0)" } ?? path
        return "\(place): \(message)"
    }
}
