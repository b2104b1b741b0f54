import Glibc
import Synchronization

/// A file system in memory that keeps exactly the promises of POSIX and no more: each call can be made to fail, and a loss
/// of power takes back whatever was not synchronized, wholly or in part. Tests of everything that writes files use it.
///
/// It starts with one empty folder, `/`. Names change folders only within one folder.
package final class MemoryFileSystem: FileSystem {
    let state: Mutex<MemoryFiles>
    /// In a type of its own: a closure that stands in a generic place by itself is wrapped once more with each access.
    private struct Plan {
        var fault: @Sendable (StorageCall) -> StorageFault? = { _ in nil }
    }

    private let plan = Mutex(Plan())
    private let madeCalls = Mutex<[StorageCall]>([])

    package convenience init() { self.init(MemoryFiles()) }

    private init(_ files: sending MemoryFiles) { state = Mutex(files) }

    // MARK: Faults

    /// Says which calls fail from now on. The calls are numbered from 0 again.
    package func failing(_ plan: @escaping @Sendable (StorageCall) -> StorageFault?) {
        madeCalls.withLock { $0 = [] }
        self.plan.withLock { $0.fault = plan }
    }

    /// The calls since the plan was made (or from the start), failed ones included.
    package var calls: [StorageCall] { madeCalls.withLock { $0 } }

    /// At most this many bytes fit into all files together.
    package func limit(toBytes count: Int?) { state.withLock { $0.capacity = count } }

    /// What another process finds after this one was killed: everything that was written, and no lock.
    package func afterKill() -> MemoryFileSystem {
        MemoryFileSystem(state.withLock { $0.copy() })
    }

    /// What is found after a loss of power.
    package func afterPowerLoss(_ loss: PowerLoss) -> MemoryFileSystem {
        MemoryFileSystem(state.withLock { $0.afterPowerLoss(loss) })
    }

    private func begin(_ operation: FileError.Operation, _ path: String) throws(FileError) -> StorageFault? {
        let call = madeCalls.withLock { calls in
            let call = StorageCall(index: calls.count, operation: operation, path: path)
            calls.append(call)
            return call
        }
        let fault = plan.withLock { $0.fault }(call)
        guard operation != .write && operation != .synchronize else { return fault }
        if let fault { throw FileError(operation, path, fault.reason) }
        return nil
    }

    /// Does a call, or fails it as planned.
    func call<Value: Sendable>(
        _ operation: FileError.Operation, _ path: String,
        _ body: (inout MemoryFiles) -> MemoryFiles.Answer<Value>
    ) throws(FileError) -> Value {
        _ = try begin(operation, path)
        switch state.withLock({ body(&$0) }) {
        case .success(let result): return result
        case .failure(let reason): throw FileError(operation, path, reason)
        }
    }

    func write(_ bytes: [UInt8], to inode: UInt64, at offset: Int, path: String) throws(FileError) {
        let fault = try begin(.write, path)
        let allowed = min(fault.map(\.writtenByteCount) ?? bytes.count, bytes.count)
        let written = state.withLock { $0.write(bytes[..<allowed], to: inode, at: offset) }
        if let fault { throw FileError(.write, path, fault.reason) }
        if written < bytes.count { throw FileError(.write, path, .full) }
    }

    func synchronize(_ inode: UInt64, path: String) throws(FileError) {
        let fault = try begin(.synchronize, path)
        state.withLock { $0.synchronize(inode, fails: fault != nil) }
        if let fault { throw FileError(.synchronize, path, fault.reason) }
    }

    // MARK: Calls

    package func open(_ path: String, _ mode: OpenMode) throws(FileError) -> any File {
        let inode = try call(.open, path) { $0.open(path, mode) }
        return MemoryFile(self, inode: inode, path: path, canWrite: mode != .read)
    }

    package func map(_ path: String) throws(FileError) -> MappedFile {
        let bytes = try call(.map, path) { $0.file(path).map { $0.bytes } }
        return MappedFile(path: path, copying: bytes.span)
    }

    package func status(_ path: String) throws(FileError) -> FileStatus {
        try call(.status, path) { files in files.inode(path).flatMap { files.status($0) } }
    }

    package func list(_ folder: String) throws(FileError) -> [String] {
        try call(.list, folder) {
            $0.folder(folder).map { folder in folder.entries.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
        }
    }

    package func makeFolder(_ path: String) throws(FileError) {
        try call(.makeFolder, path) { $0.make(path, .folder(MemoryFolder())).map { _ in } }
    }

    package func synchronizeFolder(_ path: String) throws(FileError) {
        try call(.synchronizeFolder, path) { $0.folder(path).map { $0.synchronize() } }
    }

    package func rename(_ path: String, to newPath: String) throws(FileError) {
        try call(.rename, path) { $0.rename(path, to: newPath) }
    }

    package func link(_ path: String, to newPath: String) throws(FileError) {
        try call(.link, path) { $0.link(path, to: newPath) }
    }

    package func remove(_ path: String) throws(FileError) {
        try call(.remove, path) { $0.remove(path, folder: false) }
    }

    package func removeFolder(_ path: String) throws(FileError) {
        try call(.remove, path) { $0.remove(path, folder: true) }
    }

    package func space(_ path: String) throws(FileError) -> FileSystemSpace {
        try call(.space, path) { files in
            .success(
                FileSystemSpace(
                    freeByteCount: files.freeByteCount, byteCount: UInt64(max(0, files.capacity ?? 1 << 40)),
                    isNetwork: files.isNetwork))
        }
    }

    package func setPermissions(_ path: String, _ permissions: UInt32) throws(FileError) {
        try call(.permissions, path) { files in files.inode(path).map { files.permissions[$0] = permissions } }
    }

    /// Makes a file or folder somebody else's.
    package func giveAway(_ path: String) {
        state.withLock { files in if case .success(let inode) = files.inode(path) { files.givenAway.insert(inode) } }
    }

    /// Makes the file system say that it lies on another machine.
    package func pretendNetwork() { state.withLock { $0.isNetwork = true } }

    /// Changes one bit of a file, as a failing disk does: at once and durably.
    package func flipBit(_ bit: Int, of path: String) {
        state.withLock { if case .success(let file) = $0.file(path) { file.flipBit(bit) } }
    }
}

/// One call of a file system.
package struct StorageCall: Sendable, Hashable {
    /// Counts from 0.
    package var index: Int
    package var operation: FileError.Operation
    package var path: String
}

/// How a call fails.
package struct StorageFault: Sendable, Hashable {
    package var reason: FileError.Reason
    /// For a write: how many bytes are written before it fails.
    package var writtenByteCount: Int
    package init(_ reason: FileError.Reason, writtenByteCount: Int = 0) {
        self.reason = reason
        self.writtenByteCount = writtenByteCount
    }
}

/// What becomes of the changes that were not synchronized when the power fails.
package enum PowerLoss: Sendable, Hashable {
    /// None is kept.
    case nothingKept
    /// Names are kept, and lengths, but the bytes are zeros.
    case lengthsKept
    /// Each change to a name, and each sector of 512 bytes of a write, is kept or lost by chance: writes are torn and
    /// reordered.
    case drawn(seed: UInt64)
}

/// An open file in memory.
final class MemoryFile: File {
    let path: String
    private let system: MemoryFileSystem
    private let inode: UInt64
    private let canWrite: Bool
    private let identity = LockIdentity()

    /// Tells one opener from another.
    final class LockIdentity: Sendable {}

    init(_ system: MemoryFileSystem, inode: UInt64, path: String, canWrite: Bool) {
        self.system = system
        self.inode = inode
        self.path = path
        self.canWrite = canWrite
    }

    deinit { system.state.withLock { $0.unlock(inode, ObjectIdentifier(identity)) } }

    func byteCount() throws(FileError) -> Int { try status().byteCount }

    func status() throws(FileError) -> FileStatus {
        try system.call(.status, path) { $0.status(inode) }
    }

    func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        try system.call(.read, path) { files in
            files.file(inode).map { file in
                let start = min(offset, file.bytes.count)
                return Array(file.bytes[start..<min(start + count, file.bytes.count)])
            }
        }
    }

    func write(_ bytes: Span<UInt8>, at offset: Int) throws(FileError) {
        guard canWrite else { throw FileError(.write, path, .notPermitted) }
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        for index in bytes.indices { copy.append(bytes[index]) }
        try system.write(copy, to: inode, at: offset, path: path)
    }

    func synchronize() throws(FileError) { try system.synchronize(inode, path: path) }

    func truncate(to byteCount: Int) throws(FileError) {
        guard canWrite else { throw FileError(.truncate, path, .notPermitted) }
        try system.call(.truncate, path) { $0.file(inode).map { $0.truncate(to: byteCount) } }
    }

    func allocate(byteCount: Int) throws(FileError) {
        try system.call(.allocate, path) { files in
            files.file(inode).flatMap { file -> MemoryFiles.Answer<Void> in
                let more = byteCount - file.bytes.count
                if more > 0 {
                    guard UInt64(more) <= files.freeByteCount else { return .failure(.full) }
                    file.truncate(to: byteCount)
                }
                return .success(())
            }
        }
    }

    func lock(exclusively: Bool, waiting: Bool) throws(FileError) -> Bool {
        while true {
            let isOurs = try system.call(.lock, path) { files in
                .success(files.lock(inode, ObjectIdentifier(identity), exclusively: exclusively))
            }
            if isOurs || !waiting { return isOurs }
            usleep(1_000)
        }
    }
}
