/// Where files lie: the machine's own file system, or one in memory that can fail and lose power on purpose.
///
/// The calls are those of POSIX, and so are their promises: what a file holds is durable once *it* was synchronized, and
/// that it has its name once its *folder* was. Paths are separated by `/`. A call is dear against a dynamic dispatch, so
/// this is used as `any FileSystem`.
package protocol FileSystem: Sendable {
    /// Opens a file. New files are the owner's alone (0600).
    func open(_ path: String, _ mode: OpenMode) throws(FileError) -> any File
    /// Lends the whole file as memory, for reading. The file must not be changed in place while it is mapped.
    func map(_ path: String) throws(FileError) -> MappedFile
    func status(_ path: String) throws(FileError) -> FileStatus
    /// Whether the path itself is a symbolic link, which everything else here follows.
    func isSymbolicLink(_ path: String) throws(FileError) -> Bool
    /// The names in a folder, in byte order, without `.` and `..`.
    func list(_ folder: String) throws(FileError) -> [String]
    /// Makes a folder that is the owner's alone (0700). Its parent must be there.
    func makeFolder(_ path: String) throws(FileError)
    /// Makes the names in a folder durable.
    func synchronizeFolder(_ path: String) throws(FileError)
    /// Gives a file or folder another name; what had that name before is replaced, in one step.
    func rename(_ path: String, to newPath: String) throws(FileError)
    /// Gives a file a second name. Both must be on one file system.
    func link(_ path: String, to newPath: String) throws(FileError)
    /// Takes a file's name away; the bytes go when nobody has them open.
    func remove(_ path: String) throws(FileError)
    /// Removes an empty folder.
    func removeFolder(_ path: String) throws(FileError)
    /// Says who may do what with a file or folder, by its permission bits.
    func setPermissions(_ path: String, _ permissions: UInt32) throws(FileError)
    func space(_ path: String) throws(FileError) -> FileSystemSpace
}

package enum OpenMode: Sendable, Hashable {
    case read
    /// An existing file.
    case readAndWrite
    /// A file that must not exist yet.
    case new
    /// A file that is made if it does not exist.
    case createIfAbsent
}

/// An open file; it is closed when nobody holds it any more. Reads and writes name their offset and share no position.
package protocol File: AnyObject, Sendable {
    /// As it was opened.
    var path: String { get }
    func byteCount() throws(FileError) -> Int
    /// Up to `count` bytes from `offset` on: fewer only at the end of the file.
    func read(at offset: Int, count: Int) throws(FileError) -> [UInt8]
    /// Writes every byte, or throws; then some of them may have been written.
    func write(_ bytes: Span<UInt8>, at offset: Int) throws(FileError)
    /// As above, of whole pages at a multiple of a page's size, in memory that begins at one (`PageBuffer`). Where the file system can,
    /// they go to the disk at once and past its cache: nobody copies them, and nobody who reads is robbed of what the cache holds.
    func writePages(_ bytes: Span<UInt8>, at offset: Int) throws(FileError)
    /// Has bytes that were written go to the disk soon, so that synchronizing has less to wait for. A hint that promises nothing.
    func beginWriting(_ bytes: Range<Int>)
    /// Makes the bytes durable, and the length. After an error nobody knows which bytes are: never call it again to be told
    /// that they are.
    func synchronize() throws(FileError)
    func truncate(to byteCount: Int) throws(FileError)
    /// Takes the room of `byteCount` bytes from the file system now, so that writing into it later cannot fail for want of
    /// space.
    func allocate(byteCount: Int) throws(FileError)
    /// Locks the file against other openers (`flock`), until it is closed.
    /// - Parameter waiting: for as long as somebody else holds a lock that forbids it; only for locks that are held shortly.
    /// - Returns: false if somebody else holds such a lock.
    func lock(exclusively: Bool, waiting: Bool) throws(FileError) -> Bool
    /// What the open file is, whatever its name is by now.
    func status() throws(FileError) -> FileStatus
}

package struct FileStatus: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case file, folder, other
    }
    package var kind: Kind
    package var byteCount: Int
    /// What tells the file from another one of the same name.
    package var inode: UInt64
    /// The permission bits.
    package var permissions: UInt32
    /// Whether the file belongs to the user who runs this process.
    package var isOwned: Bool
    /// How many names the file has; 0 once it was removed while somebody has it open.
    package var nameCount: Int
}

package struct FileSystemSpace: Sendable, Hashable {
    package var freeByteCount: UInt64
    /// Free or not.
    package var byteCount: UInt64
    /// On a network file system locks and synchronization do not keep their promises.
    package var isNetwork: Bool
}

extension File {
    package func beginWriting(_ bytes: Range<Int>) {}
    package func writePages(_ bytes: Span<UInt8>, at offset: Int) throws(FileError) { try write(bytes, at: offset) }
    package func lock(exclusively: Bool) throws(FileError) -> Bool { try lock(exclusively: exclusively, waiting: false) }
}

extension FileSystem {
    package func isSymbolicLink(_ path: String) throws(FileError) -> Bool { false }

    /// Whether something has this name.
    package func exists(_ path: String) throws(FileError) -> Bool {
        do {
            _ = try status(path)
            return true
        } catch  where error.reason == .absent {
            return false
        }
    }

    /// All bytes of a file.
    /// - Parameter limit: more bytes than this are an error (`limit`), found before they are read.
    package func contents(of path: String, limit: Int) throws(FileError) -> [UInt8] {
        let file = try open(path, .read)
        let count = try file.byteCount()
        guard count <= limit else {
            throw FileError(.read, path, .limit, text: "\(count) bytes; at most \(limit) were expected")
        }
        return try file.read(at: 0, count: count)
    }

    /// Writes a file that did not exist and makes its bytes durable; its name is when its folder is synchronized.
    package func writeNew(_ path: String, _ bytes: [UInt8]) throws(FileError) {
        let file = try open(path, .new)
        try file.write(bytes.span, at: 0)
        try file.synchronize()
    }

    /// Puts a file in the place of another in one step, durable when this returns: after any crash there is the old one or
    /// the new one. Writes beside it first, as `<path>.tmp`.
    package func replace(_ path: String, with bytes: [UInt8], in folder: String) throws(FileError) {
        let beside = path + ".tmp"
        if try exists(beside) { try remove(beside) }
        try writeNew(beside, bytes)
        try rename(beside, to: path)
        try synchronizeFolder(folder)
    }

    /// Removes a file, or a folder with all that is in it.
    package func removeTree(_ path: String) throws(FileError) {
        guard try status(path).kind == .folder else { return try remove(path) }
        for name in try list(path) { try removeTree(path + "/" + name) }
        try removeFolder(path)
    }
}
