/// The files and folders of a `MemoryFileSystem`: as programs see them, and as they are durable.
struct MemoryFiles {
    enum Node {
        case file(MemoryFileContents)
        case folder(MemoryFolder)
    }

    private var nodes: [UInt64: Node] = [0: .folder(MemoryFolder())]
    private var nextInode: UInt64 = 1
    private var locks: [UInt64: [ObjectIdentifier: Bool]] = [:]
    /// How many bytes all files may hold.
    var capacity: Int?
    var isNetwork = false
    /// Those that are not as they were made.
    var permissions: [UInt64: UInt32] = [:]
    var givenAway: Set<UInt64> = []

    typealias Answer<Value> = Result<Value, FileError.Reason>

    // MARK: Finding

    private static func parts(_ path: String) -> [Substring] { path.split(separator: "/") }

    func inode(_ path: String) -> Answer<UInt64> {
        var inode: UInt64 = 0
        for name in Self.parts(path) {
            guard case .folder(let folder) = nodes[inode] else { return .failure(.wrongKind) }
            guard let next = folder.entries[String(name)] else { return .failure(.absent) }
            inode = next
        }
        return .success(inode)
    }

    func file(_ inode: UInt64) -> Answer<MemoryFileContents> {
        guard case .file(let file) = nodes[inode] else { return .failure(.wrongKind) }
        return .success(file)
    }

    func file(_ path: String) -> Answer<MemoryFileContents> { inode(path).flatMap { file($0) } }

    func folder(_ path: String) -> Answer<MemoryFolder> {
        inode(path).flatMap { inode in
            guard case .folder(let folder) = nodes[inode] else { return .failure(.wrongKind) }
            return .success(folder)
        }
    }

    /// The folder that a path lies in, and its name there.
    private func place(_ path: String) -> Answer<(folder: MemoryFolder, name: String)> {
        let parts = Self.parts(path)
        guard let name = parts.last else { return .failure(.wrongKind) }
        return folder(parts.dropLast().joined(separator: "/")).map { ($0, String(name)) }
    }

    func status(_ inode: UInt64) -> Answer<FileStatus> {
        switch nodes[inode] {
        case .file(let file):
            .success(
                FileStatus(
                    kind: .file, byteCount: file.bytes.count, inode: inode, permissions: permissions[inode] ?? 0o600,
                    isOwned: !givenAway.contains(inode), nameCount: nameCount(of: inode)))
        case .folder:
            .success(
                FileStatus(
                    kind: .folder, byteCount: 0, inode: inode, permissions: permissions[inode] ?? 0o700,
                    isOwned: !givenAway.contains(inode), nameCount: 1))
        case nil: .failure(.absent)
        }
    }

    private func nameCount(of inode: UInt64) -> Int {
        var count = 0
        for case .folder(let folder) in nodes.values { for entry in folder.entries.values where entry == inode { count += 1 } }
        return count
    }

    var freeByteCount: UInt64 {
        guard let capacity else { return 1 << 40 }
        // What has no name any more takes no room.
        var named: Set<UInt64> = []
        for case .folder(let folder) in nodes.values { named.formUnion(folder.entries.values) }
        var used = 0
        for inode in named { if case .file(let file)? = nodes[inode] { used += file.bytes.count } }
        return UInt64(max(0, capacity - used))
    }

    // MARK: Changing

    mutating func open(_ path: String, _ mode: OpenMode) -> Answer<UInt64> {
        switch (inode(path), mode) {
        case (.success, .new): .failure(.exists)
        case (.success(let found), _): file(found).map { _ in found }
        case (.failure(.absent), .new), (.failure(.absent), .createIfAbsent): make(path, .file(MemoryFileContents()))
        case (.failure(let reason), _): .failure(reason)
        }
    }

    mutating func make(_ path: String, _ node: Node) -> Answer<UInt64> {
        place(path).flatMap { place in
            guard place.folder.entries[place.name] == nil else { return .failure(.exists) }
            let inode = nextInode
            nextInode += 1
            nodes[inode] = node
            place.folder.change([(place.name, inode)])
            return .success(inode)
        }
    }

    /// - Returns: how many bytes found room.
    func write(_ bytes: ArraySlice<UInt8>, to inode: UInt64, at offset: Int) -> Int {
        guard case .success(let file) = file(inode) else { return 0 }
        var count = bytes.count
        let growth = offset + count - file.bytes.count
        if growth > 0, UInt64(growth) > freeByteCount { count = max(0, count - growth + Int(freeByteCount)) }
        if count > 0 { file.write(Array(bytes.prefix(count)), at: offset) }
        return count
    }

    func synchronize(_ inode: UInt64, fails: Bool) {
        if case .success(let file) = file(inode) { file.synchronize(fails: fails) }
    }

    func rename(_ path: String, to newPath: String) -> Answer<Void> {
        place(path).flatMap { old in
            place(newPath).flatMap { new in
                guard old.folder === new.folder else { return .failure(.other(18)) }
                guard let inode = old.folder.entries[old.name] else { return .failure(.absent) }
                if let replaced = new.folder.entries[new.name], case .folder(let folder) = nodes[replaced],
                    !folder.entries.isEmpty
                {
                    return .failure(.exists)
                }
                old.folder.change([(old.name, nil), (new.name, inode)])
                return .success(())
            }
        }
    }

    func link(_ path: String, to newPath: String) -> Answer<Void> {
        inode(path).flatMap { inode in
            place(newPath).flatMap { new in
                guard new.folder.entries[new.name] == nil else { return .failure(.exists) }
                new.folder.change([(new.name, inode)])
                return .success(())
            }
        }
    }

    func remove(_ path: String, folder isFolder: Bool) -> Answer<Void> {
        inode(path).flatMap { inode in
            switch nodes[inode] {
            case .file where isFolder, .folder where !isFolder: return .failure(.wrongKind)
            case .folder(let folder) where !folder.entries.isEmpty: return .failure(.exists)
            default: break
            }
            return place(path).map { $0.folder.change([($0.name, nil)]) }
        }
    }

    mutating func lock(_ inode: UInt64, _ opener: ObjectIdentifier, exclusively: Bool) -> Bool {
        let others = locks[inode, default: [:]].filter { $0.key != opener }
        guard others.isEmpty || (!exclusively && others.values.allSatisfy { !$0 }) else { return false }
        locks[inode, default: [:]][opener] = exclusively
        return true
    }

    mutating func unlock(_ inode: UInt64, _ opener: ObjectIdentifier) {
        locks[inode]?[opener] = nil
    }

    // MARK: Ends

    /// The same files without locks.
    func copy() -> MemoryFiles {
        var copy = self
        copy.locks = [:]
        copy.nodes = nodes.mapValues { node in
            switch node {
            case .file(let file): .file(MemoryFileContents(file))
            case .folder(let folder): .folder(MemoryFolder(folder))
            }
        }
        return copy
    }

    func afterPowerLoss(_ loss: PowerLoss) -> MemoryFiles {
        var chance = Chance(loss)
        let copy = copy()
        for inode in copy.nodes.keys.sorted() {
            switch copy.nodes[inode] {
            case .file(let file): file.losePower(&chance)
            case .folder(let folder): folder.losePower(&chance)
            case nil: break
            }
        }
        return copy
    }

    /// Whether a change that was not synchronized is kept.
    struct Chance {
        private let loss: PowerLoss
        private var state: UInt64
        init(_ loss: PowerLoss) {
            self.loss = loss
            state = if case .drawn(let seed) = loss { seed } else { 0 }
        }

        enum Part {
            case name, length, sector
        }

        mutating func keeps(_ part: Part) -> Bool {
            switch loss {
            case .nothingKept: return false
            case .lengthsKept: return part != .sector
            case .drawn:
                // SplitMix64 (Steele, Lea, Flood).
                state &+= 0x9E37_79B9_7F4A_7C15
                var word = state
                word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
                word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
                return (word ^ word >> 31) & 1 == 0
            }
        }
    }
}

/// A folder: its names now, those that are durable, and the steps between.
final class MemoryFolder: @unchecked Sendable {
    // Sendable: reached only under the lock of the file system that holds it.

    private(set) var entries: [String: UInt64] = [:]
    private var durable: [String: UInt64] = [:]
    private var pending: [[(name: String, inode: UInt64?)]] = []

    init() {}
    init(_ other: MemoryFolder) {
        entries = other.entries
        durable = other.durable
        pending = other.pending
    }

    /// One step: all of it becomes durable, or none.
    func change(_ step: [(name: String, inode: UInt64?)]) {
        for change in step { entries[change.name] = change.inode }
        pending.append(step)
    }

    func synchronize() {
        durable = entries
        pending = []
    }

    func losePower(_ chance: inout MemoryFiles.Chance) {
        for step in pending where chance.keeps(.name) {
            for change in step { durable[change.name] = change.inode }
        }
        entries = durable
        pending = []
    }
}

/// A file's bytes now, those that are durable, and the writes between.
final class MemoryFileContents: @unchecked Sendable {
    // Sendable: reached only under the lock of the file system that holds it.

    private(set) var bytes: [UInt8] = []
    private var durable: [UInt8] = []
    private var pending: [Change] = []
    /// Changes before this one were in a failed synchronization: a later one that succeeds does not make them durable.
    private var firstNotDoomed = 0

    private enum Change {
        case write(offset: Int, bytes: [UInt8])
        case truncate(Int)
    }

    init() {}
    init(_ other: MemoryFileContents) {
        bytes = other.bytes
        durable = other.durable
        pending = other.pending
        firstNotDoomed = other.firstNotDoomed
    }

    func write(_ new: [UInt8], at offset: Int) {
        Self.put(new[...], at: offset, into: &bytes)
        pending.append(.write(offset: offset, bytes: new))
    }

    func truncate(to count: Int) {
        Self.setLength(count, of: &bytes)
        pending.append(.truncate(count))
    }

    func flipBit(_ bit: Int) {
        guard bit / 8 < bytes.count else { return }
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        durable = bytes
        pending = []
        firstNotDoomed = 0
    }

    func synchronize(fails: Bool) {
        if fails {
            firstNotDoomed = pending.count
        } else if firstNotDoomed == 0 {
            durable = bytes
            pending = []
        } else {
            for change in pending[firstNotDoomed...] { Self.apply(change, to: &durable) }
            pending.removeSubrange(firstNotDoomed...)
        }
    }

    func losePower(_ chance: inout MemoryFiles.Chance) {
        for change in pending {
            switch change {
            case .truncate: if chance.keeps(.length) { Self.apply(change, to: &durable) }
            case .write(let offset, let written):
                var start = 0
                while start < written.count {
                    // To the next multiple of a sector in the file.
                    let end = min(written.count, start + 512 - (offset + start) % 512)
                    if chance.keeps(.sector) {
                        Self.put(written[start..<end], at: offset + start, into: &durable)
                    } else if chance.keeps(.length), durable.count < offset + end {
                        Self.setLength(offset + end, of: &durable)
                    }
                    start = end
                }
            }
        }
        bytes = durable
        pending = []
        firstNotDoomed = 0
    }

    private static func apply(_ change: Change, to bytes: inout [UInt8]) {
        switch change {
        case .truncate(let count): setLength(count, of: &bytes)
        case .write(let offset, let new): put(new[...], at: offset, into: &bytes)
        }
    }

    private static func setLength(_ count: Int, of bytes: inout [UInt8]) {
        if count < bytes.count {
            bytes.removeSubrange(count...)
        } else {
            bytes += [UInt8](repeating: 0, count: count - bytes.count)
        }
    }

    private static func put(_ new: ArraySlice<UInt8>, at offset: Int, into bytes: inout [UInt8]) {
        if bytes.count < offset + new.count { setLength(offset + new.count, of: &bytes) }
        bytes.replaceSubrange(offset..<offset + new.count, with: new)
    }
}
