import Bytes

/// Why the journal cannot be read or written.
package struct JournalError: Error, Sendable, Hashable {
    package enum Reason: Sendable, Hashable {
        /// A segment that should be there is not.
        case absent
        /// What is there belongs to another data folder, or is no journal.
        case foreign
        /// It was made by a newer program.
        case newer(formatNumber: UInt16)
        /// It was whole once, and bytes have changed or are missing.
        /// - Parameters:
        ///   - lastGood: the last LSN before the damage.
        ///   - recordsBehind: how many whole records lie behind it.
        case damaged(lastGood: UInt64, recordsBehind: Int)
        /// The journal ends before what was acknowledged.
        case acknowledgedIsMissing(lastGood: UInt64, acknowledged: UInt64)
        /// A whole record says what the data before it does not allow, or what this program does not understand.
        case unusable(lsn: UInt64)
        /// The storage refused.
        case storage(FileError)
        /// An earlier failure stopped the writing. What waited then may or may not be found at the next start.
        case stopped
        /// More waits to be written than may.
        case overloaded
        /// A payload longer than a record may have.
        case tooLarge
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

extension JournalError: CustomStringConvertible {
    /// The file, the byte, what is wrong.
    package var description: String {
        let place = byteOffset.map { "\(path): byte \($0)" } ?? path
        switch reason {
        case .damaged(let lastGood, let behind):
            return
                "\(place): \(message); the last good version before it is \(lastGood), and \(behind) whole records lie behind it"
        case .acknowledgedIsMissing(let lastGood, let acknowledged):
            return "\(place): the journal ends at version \(lastGood), but version \(acknowledged) was acknowledged; \(message)"
        default: return "\(place): \(message)"
        }
    }
}

/// Turns a storage failure into the journal's.
func storing<Value>(_ body: () throws(FileError) -> Value) throws(JournalError) -> Value {
    do throws(FileError) {
        return try body()
    } catch {
        throw JournalError(error)
    }
}
