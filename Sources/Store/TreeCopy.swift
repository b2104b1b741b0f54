import Bytes

/// Copies files and folders, piece by piece, and digests them on the way.
enum TreeCopy {
    private static let pieceByteCount = 1 << 20

    /// Paths of all files below a folder, in byte order.
    static func files(in folder: String, on files: any FileSystem) throws(FileError) -> [String] {
        var found: [String] = []
        for name in try files.list(folder) {
            if try files.status(folder + "/" + name).kind == .folder {
                for inner in try Self.files(in: folder + "/" + name, on: files) { found.append(name + "/" + inner) }
            } else {
                found.append(name)
            }
        }
        return found
    }

    /// Copies a file, or its first bytes; the copy's bytes are durable when this returns.
    static func copy(
        _ path: String, to newPath: String, limit: Int? = nil, on files: any FileSystem
    ) throws(FileError) -> (digest: String, byteCount: Int) {
        let source = try files.open(path, .read)
        let target = try files.open(newPath, .new)
        let end = min(try source.byteCount(), limit ?? .max)
        var hash = SHA256Hasher()
        var offset = 0
        while offset < end {
            let piece = try source.read(at: offset, count: min(pieceByteCount, end - offset))
            guard !piece.isEmpty else { throw FileError(.read, path, .tooShort) }
            try target.write(piece.span, at: offset)
            hash.update(piece.span)
            offset += piece.count
        }
        try target.synchronize()
        return (hash.digest.hexadecimal, end)
    }

    static func digest(of path: String, on files: any FileSystem) throws(FileError) -> String {
        let source = try files.open(path, .read)
        let end = try source.byteCount()
        var hash = SHA256Hasher()
        var offset = 0
        while offset < end {
            let piece = try source.read(at: offset, count: min(pieceByteCount, end - offset))
            guard !piece.isEmpty else { throw FileError(.read, path, .tooShort) }
            hash.update(piece.span)
            offset += piece.count
        }
        return hash.digest.hexadecimal
    }

    /// Makes the folders that a file's path goes through.
    static func makeParents(of name: String, in folder: String, on files: any FileSystem) throws(FileError) {
        var path = folder
        for part in name.split(separator: "/").dropLast() {
            path += "/" + part
            if try !files.exists(path) { try files.makeFolder(path) }
        }
    }

    /// Makes the names in a folder and in those below it durable.
    static func synchronizeFolders(_ folder: String, on files: any FileSystem) throws(FileError) {
        for name in try files.list(folder) where try files.status(folder + "/" + name).kind == .folder {
            try synchronizeFolders(folder + "/" + name, on: files)
        }
        try files.synchronizeFolder(folder)
    }
}
