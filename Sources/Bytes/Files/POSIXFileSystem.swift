import CWriteBehind
import Glibc
import Synchronization

/// The machine's own file system.
package struct POSIXFileSystem: FileSystem {
    package init() {}

    package func open(_ path: String, _ mode: OpenMode) throws(FileError) -> any File {
        let flags =
            switch mode {
            case .read: O_RDONLY
            case .readAndWrite: O_RDWR
            case .new: O_RDWR | O_CREAT | O_EXCL
            case .createIfAbsent: O_RDWR | O_CREAT
            }
        let descriptor = try retrying(.open, path) { unsafe Glibc.open(path, flags | O_CLOEXEC, 0o600) }
        let file = POSIXFile(path: path, descriptor: descriptor)
        // A folder can be opened for reading; nothing here wants it as a file.
        guard try file.status().kind == .file else { throw FileError(.open, path, .wrongKind) }
        return file
    }

    package func map(_ path: String) throws(FileError) -> MappedFile {
        let descriptor = try retrying(.open, path) { unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC, 0) }
        let file = POSIXFile(path: path, descriptor: descriptor)
        let status = try file.status()
        guard status.kind == .file else { throw FileError(.map, path, .wrongKind) }
        guard status.byteCount > 0 else { return unsafe MappedFile(path: path, mapping: nil, byteCount: 0) }
        // The mapping outlives the descriptor; `MappedFile` unmaps it.
        let mapping = unsafe mmap(nil, status.byteCount, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else { throw systemError(.map, path, errno) }
        return unsafe MappedFile(path: path, mapping: mapping, byteCount: status.byteCount)
    }

    package func status(_ path: String) throws(FileError) -> FileStatus {
        var raw = stat()
        _ = try retrying(.status, path) { unsafe stat(path, &raw) }
        return FileStatus(raw)
    }

    package func isSymbolicLink(_ path: String) throws(FileError) -> Bool {
        var raw = stat()
        _ = try retrying(.status, path) { unsafe lstat(path, &raw) }
        return raw.st_mode & S_IFMT == S_IFLNK
    }

    package func list(_ folder: String) throws(FileError) -> [String] {
        guard let stream = unsafe opendir(folder) else { throw systemError(.list, folder, errno) }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                guard errno == 0 else { throw systemError(.list, folder, errno) }
                break
            }
            // `d_name` is a C string inside the entry, which is valid until the next call.
            let name = unsafe withUnsafePointer(to: entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    package func makeFolder(_ path: String) throws(FileError) {
        _ = try retrying(.makeFolder, path) { unsafe mkdir(path, 0o700) }
    }

    package func synchronizeFolder(_ path: String) throws(FileError) {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        let descriptor = try retrying(.synchronizeFolder, path) { unsafe Glibc.open(path, flags, 0) }
        defer { close(descriptor) }
        // Not repeated: a second call could succeed without having written what the first one lost.
        guard fsync(descriptor) == 0 else { throw systemError(.synchronizeFolder, path, errno) }
    }

    package func rename(_ path: String, to newPath: String) throws(FileError) {
        _ = try retrying(.rename, path) { unsafe Glibc.rename(path, newPath) }
    }

    package func link(_ path: String, to newPath: String) throws(FileError) {
        _ = try retrying(.link, path) { unsafe Glibc.link(path, newPath) }
    }

    package func remove(_ path: String) throws(FileError) {
        _ = try retrying(.remove, path) { unsafe unlink(path) }
    }

    package func removeFolder(_ path: String) throws(FileError) {
        _ = try retrying(.remove, path) { unsafe rmdir(path) }
    }

    package func setPermissions(_ path: String, _ permissions: UInt32) throws(FileError) {
        _ = try retrying(.permissions, path) { unsafe chmod(path, permissions) }
    }

    package func space(_ path: String) throws(FileError) -> FileSystemSpace {
        var raw = statvfs()
        _ = try retrying(.space, path) { unsafe statvfs(path, &raw) }
        var place = stat()
        _ = try retrying(.space, path) { unsafe stat(path, &place) }
        let free = UInt64(raw.f_bavail).multipliedReportingOverflow(by: UInt64(raw.f_frsize))
        let all = UInt64(raw.f_blocks).multipliedReportingOverflow(by: UInt64(raw.f_frsize))
        return FileSystemSpace(
            freeByteCount: free.overflow ? .max : free.partialValue, byteCount: all.overflow ? .max : all.partialValue,
            isNetwork: kind(ofDevice: place.st_dev).map(Self.networkKinds.contains) ?? false)
    }

    private static let networkKinds: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "coda", "9p", "ceph", "fuse.sshfs", "fuse.glusterfs", "lustre",
    ]

    /// What kind of file system a device carries, as the kernel's list of mounts says; nil if it does not.
    ///
    /// (`statfs`, which tells it by a number, is not among the calls Swift can make on this platform.)
    private func kind(ofDevice device: UInt) -> String? {
        let major = device >> 8 & 0xFFF | device >> 32 & ~0xFFF
        let minor = device & 0xFF | device >> 12 & 0xFFFF_FF00
        guard let file = try? open("/proc/self/mountinfo", .read), let bytes = try? file.read(at: 0, count: 1 << 20)
        else { return nil }
        // `36 35 98:0 /root /mount options… - kind source options`
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 2, words[2] == "\(major):\(minor)", let dash = words.firstIndex(of: "-"),
                dash + 1 < words.count
            else { continue }
            return String(words[dash + 1])
        }
        return nil
    }
}

/// A file descriptor with one owner.
final class POSIXFile: File {
    let path: String
    private let descriptor: Int32
    private let road = Mutex<Road>(.cached)

    /// How bytes go to the disk.
    private enum Road {
        case cached
        case direct
        /// The file system knows no other.
        case alwaysCached
    }

    init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    func byteCount() throws(FileError) -> Int { try status().byteCount }

    func status() throws(FileError) -> FileStatus {
        var raw = stat()
        _ = try retrying(.status, path) { unsafe fstat(descriptor, &raw) }
        return FileStatus(raw)
    }

    func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        precondition(offset >= 0 && count >= 0, "no bytes lie before the file")
        leaveDirectRoad()
        var failure: FileError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                // Within the buffer's capacity.
                let got = unsafe pread(descriptor, buffer.baseAddress.map { unsafe $0 + filled }, count - filled, offset + filled)
                if got < 0 {
                    if errno == EINTR { continue }
                    failure = systemError(.read, path, errno)
                    return
                }
                if got == 0 { return }
                filled += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    func write(_ bytes: Span<UInt8>, at offset: Int) throws(FileError) {
        precondition(offset >= 0, "no bytes lie before the file")
        leaveDirectRoad()
        try put(bytes, at: offset)
    }

    private func put(_ bytes: Span<UInt8>, at offset: Int) throws(FileError) {
        var done = 0
        while done < bytes.count {
            let rest = bytes.extracting(droppingFirst: done)
            // The pointer is read inside the closure only.
            let count = unsafe rest.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, offset + done) }
            if count < 0 {
                if errno == EINTR { continue }
                // A file system that takes other pages than these, or the end of a page of which only the beginning found room.
                if errno == EINVAL, leaveDirectRoad(forGood: true) { continue }
                throw systemError(.write, path, errno)
            }
            // A nearly full disk writes less than asked without an error; the next round says why.
            if count == 0 { throw FileError(.write, path, .full) }
            done += count
        }
    }

    func writePages(_ bytes: Span<UInt8>, at offset: Int) throws(FileError) {
        precondition(offset >= 0, "no bytes lie before the file")
        let page = PageBuffer.pageByteCount
        // The address is only looked at.
        let isAligned = unsafe bytes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) % UInt(page) == 0 }
        guard isAligned, offset % page == 0, bytes.count % page == 0 else { return try write(bytes, at: offset) }
        road.withLock { road in
            guard road == .cached else { return }
            road = write_behind_pass_cache(descriptor, 1) == 0 ? .direct : .alwaysCached
        }
        try put(bytes, at: offset)
    }

    /// Has what is read and written take the common road again, on which any bytes can go.
    /// - Returns: whether it was left.
    @discardableResult
    private func leaveDirectRoad(forGood: Bool = false) -> Bool {
        road.withLock { road in
            guard road == .direct, write_behind_pass_cache(descriptor, 0) == 0 else { return false }
            road = forGood ? .alwaysCached : .cached
            return true
        }
    }

    func beginWriting(_ bytes: Range<Int>) { write_behind_begin(descriptor, bytes.lowerBound, bytes.count) }

    func synchronize() throws(FileError) {
        // Not repeated, not even after EINTR: a second call could succeed without having written what the first one lost.
        guard fdatasync(descriptor) == 0 else { throw systemError(.synchronize, path, errno) }
    }

    func truncate(to byteCount: Int) throws(FileError) {
        _ = try retrying(.truncate, path) { ftruncate(descriptor, byteCount) }
    }

    func allocate(byteCount: Int) throws(FileError) {
        let code = posix_fallocate(descriptor, 0, byteCount)
        guard code == 0 else { throw systemError(.allocate, path, code) }
    }

    func lock(exclusively: Bool, waiting: Bool) throws(FileError) -> Bool {
        while flock(descriptor, (exclusively ? LOCK_EX : LOCK_SH) | (waiting ? 0 : LOCK_NB)) != 0 {
            if errno == EWOULDBLOCK { return false }
            if errno != EINTR { throw systemError(.lock, path, errno) }
        }
        return true
    }
}

extension FileStatus {
    fileprivate init(_ raw: stat) {
        let kind: Kind =
            switch raw.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            default: .other
            }
        self.init(
            kind: kind, byteCount: Int(raw.st_size), inode: UInt64(raw.st_ino), permissions: raw.st_mode & 0o777,
            isOwned: raw.st_uid == geteuid(), nameCount: Int(raw.st_nlink))
    }
}

/// Calls again for as long as a signal interrupts.
private func retrying(
    _ operation: FileError.Operation, _ path: String, _ call: () -> Int32
) throws(FileError) -> Int32 {
    while true {
        let result = call()
        if result >= 0 { return result }
        if errno != EINTR { throw systemError(operation, path, errno) }
    }
}

/// A new file without a name, in a folder.
func posixScratchFile(_ folder: String) throws(FileError) -> Int32 {
    var number: UInt64 = 0
    while true {
        // Made under a name that is taken away at once: not every file system knows files without one.
        let path = "\(folder)/.scratch-\(getpid())-\(number)"
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            unsafe unlink(path)
            return descriptor
        }
        guard errno == EEXIST || errno == EINTR else { throw systemError(.open, path, errno) }
        number += 1
    }
}

func systemError(_ operation: FileError.Operation, _ path: String, _ number: Int32) -> FileError {
    let reason: FileError.Reason =
        switch number {
        case ENOENT: .absent
        case EEXIST, ENOTEMPTY: .exists
        case EACCES, EPERM: .notPermitted
        case ENOSPC, EDQUOT: .full
        case EROFS: .readOnly
        case EIO: .inputOutput
        case EISDIR, ENOTDIR, ELOOP: .wrongKind
        case EMFILE, ENFILE, ENAMETOOLONG, EFBIG, ENOMEM: .limit
        default: .other(number)
        }
    // The C library's own constant text.
    let message = unsafe strerror(number).map { unsafe String(cString: $0) }
    return FileError(operation, path, reason, text: message)
}
