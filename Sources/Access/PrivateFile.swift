import Bytes

/// A file with secrets in it: read only where it belongs to the user who runs this, and nobody else may read it.
package enum PrivateFile {
    /// - Parameter limit: More bytes are no such file.
    package static func read(_ path: String, limit: Int, on files: any FileSystem) throws(PrivateFileError) -> [UInt8] {
        let file: any File
        let status: FileStatus
        do throws(FileError) {
            file = try files.open(path, .read)
            // Of the open file: nobody can put another one in its place between the look and the reading.
            status = try file.status()
        } catch {
            throw error.reason == .absent ? .absent(path) : .storage(error)
        }
        guard status.isOwned else { throw .notOwned(path) }
        guard status.permissions & 0o077 == 0 else { throw .readableByOthers(path, permissions: status.permissions) }
        guard status.byteCount <= limit else { throw .tooLarge(path, byteCount: status.byteCount, limit: limit) }
        do throws(FileError) {
            return try file.read(at: 0, count: status.byteCount)
        } catch {
            throw .storage(error)
        }
    }
}

/// Why a file with secrets is not used.
package enum PrivateFileError: Error, Sendable, Hashable, CustomStringConvertible {
    case absent(String)
    case readableByOthers(String, permissions: UInt32)
    case notOwned(String)
    case tooLarge(String, byteCount: Int, limit: Int)
    case storage(FileError)

    package var description: String {
        switch self {
        case .absent(let path): "\(path) is not there."
        case .readableByOthers(let path, let permissions):
            "\(path) may be read by others than its owner (mode \(String(permissions & 0o777, radix: 8))); it must not: chmod 600 \(path)"
        case .notOwned(let path): "\(path) belongs to another user than the one who runs this."
        case .tooLarge(let path, let byteCount, let limit): "\(path) has \(byteCount) bytes; at most \(limit) are read."
        case .storage(let error): "\(error)"
        }
    }
}
