/// What a storage call could not do: which call, on which file, why.
package struct FileError: Error, Sendable, Hashable {
    package enum Operation: String, Sendable, Hashable {
        case open, read, write, synchronize, truncate, rename, remove, link, list, map, lock, allocate
        case makeFolder = "make the folder"
        case synchronizeFolder = "synchronize the folder"
        case status = "look at"
        case space = "ask for the space of"
        case permissions = "change the permissions of"
    }

    package enum Reason: Error, Hashable {
        /// No such file or folder.
        case absent
        /// It is there already, or a folder to be removed is not empty.
        case exists
        case notPermitted
        /// No space, or no quota, is left.
        case full
        /// The file system is mounted for reading only.
        case readOnly
        /// The device failed. What was written before may be lost.
        case inputOutput
        /// A folder where a file was expected, or the other way round.
        case wrongKind
        /// The file ends before the bytes asked for.
        case tooShort
        /// A bound of the machine or of the caller: open files, length of a name, size of a file.
        case limit
        /// Any other errno.
        case other(Int32)
    }

    package var operation: Operation
    package var path: String
    package var reason: Reason
    /// What the system calls it.
    package var text: String

    package init(_ operation: Operation, _ path: String, _ reason: Reason, text: String? = nil) {
        self.operation = operation
        self.path = path
        self.reason = reason
        self.text = text ?? reason.text
    }
}

extension FileError: CustomStringConvertible {
    /// One sentence for whoever runs the server.
    package var description: String { "cannot \(operation.rawValue) \(path): \(text)" }
}

extension FileError.Reason {
    var text: String {
        switch self {
        case .absent: "no such file or folder"
        case .exists: "it exists already"
        case .notPermitted: "permission denied"
        case .full: "no space left on the device"
        case .readOnly: "the file system is read-only"
        case .inputOutput: "input/output error"
        case .wrongKind: "not a file of the expected kind"
        case .tooShort: "the file ends too early"
        case .limit: "a limit of the machine was reached"
        case .other(let number): "errno \(number)"
        }
    }
}
