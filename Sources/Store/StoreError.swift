import Bytes
import StoreJournal
import StoreSnapshot

/// Why a data folder cannot be opened, kept or copied: which file, at which byte, what to do.
package struct StoreError: Error, Sendable, Hashable {
    package enum Reason: Sendable, Hashable {
        /// There is no data folder, or nothing in it yet.
        case absent
        /// Another process has it open; its number, if it told.
        case locked(process: String?)
        /// What is there is not ours, or belongs to another folder.
        case foreign
        /// It was made by a newer program.
        case newer
        /// It was whole once, and bytes have changed or are missing.
        case damaged
        /// The data was made under a model that differs from the present one.
        case otherModel
        /// Where something new was to be made there is something.
        case occupied
        /// The storage refused.
        case storage(FileError.Reason)
        /// The data was opened for reading, or an earlier failure stopped the writing.
        case readOnly
    }

    package var reason: Reason
    package var path: String
    package var byteOffset: Int?
    package var message: String

    package init(_ reason: Reason, path: String, at byteOffset: Int? = nil, _ message: String) {
        self.reason = reason
        self.path = path
        self.byteOffset = byteOffset
        self.message = message
    }

    package init(_ error: FileError) {
        self.init(
            error.reason == .absent ? .damaged : .storage(error.reason), path: error.path,
            "cannot \(error.operation.rawValue) it: \(error.text)")
    }

    package init(_ error: JournalError) {
        let reason: Reason =
            switch error.reason {
            case .absent, .damaged, .acknowledgedIsMissing, .unusable: .damaged
            case .foreign: .foreign
            case .newer: .newer
            case .storage(let error): .storage(error.reason)
            case .stopped, .overloaded, .tooLarge: .readOnly
            }
        let place = error.byteOffset.map { "\(error.path): byte \($0)" } ?? error.path
        self.init(
            reason, path: error.path, at: error.byteOffset, String(error.description.dropFirst(place.count + 2)))
    }

    package init(_ error: SnapshotError) {
        let reason: Reason =
            switch error.reason {
            case .absent, .damaged: .damaged
            case .foreign: .foreign
            case .newer: .newer
            case .tooLarge: .readOnly
            case .storage(let error): .storage(error.reason)
            }
        self.init(reason, path: error.path, at: error.byteOffset, error.message)
    }

    /// What a command that ends with this error says to whoever called it (`reliability`: 65 data, 73 locked, 74 storage).
    package var exitCode: Int32 {
        switch reason {
        case .absent, .occupied: 64
        case .foreign, .newer, .damaged: 65
        case .locked: 73
        case .storage, .readOnly: 74
        case .otherModel: 78
        }
    }
}

extension StoreError: CustomStringConvertible {
    /// The file, the byte, what is wrong.
    package var description: String {
        "\(byteOffset.map { "\(path): byte \($0)" } ?? path): \(message)"
    }
}

/// Turns a storage failure into the store's.
func storing<Value>(_ body: () throws(FileError) -> Value) throws(StoreError) -> Value {
    do throws(FileError) {
        return try body()
    } catch {
        throw StoreError(error)
    }
}

/// Turns a failure of the journal into the store's.
func journaling<Value>(_ body: () throws(JournalError) -> Value) throws(StoreError) -> Value {
    do throws(JournalError) {
        return try body()
    } catch {
        throw StoreError(error)
    }
}
