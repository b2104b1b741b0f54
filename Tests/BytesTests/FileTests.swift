import Bytes
import Foundation
import Glibc
import Synchronization
import Testing

/// A folder of its own for one test, removed when the test ends.
struct TemporaryFolder: ~Copyable {
    let path: String
    private static let made = Atomic<Int>(0)
    init() throws {
        path = "\(NSTemporaryDirectory())bytes-\(getpid())-\(Self.made.add(1, ordering: .relaxed).newValue)"
        try POSIXFileSystem().makeFolder(path)
    }
    deinit { try? POSIXFileSystem().removeTree(path) }
}

@Suite struct `The machine's files` {
    let files = POSIXFileSystem()

    @Test func `what was written is read again, here and there`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a"
        let file = try files.open(path, .new)
        try file.write([1, 2, 3, 4].span, at: 0)
        try file.write([9, 9].span, at: 6)
        try file.synchronize()
        #expect(try file.read(at: 0, count: 100) == [1, 2, 3, 4, 0, 0, 9, 9])
        #expect(try file.read(at: 7, count: 1) == [9])
        #expect(try file.read(at: 8, count: 1) == [])
        try file.truncate(to: 3)
        #expect(try files.contents(of: path, limit: 3) == [1, 2, 3])
        #expect(throws: FileError.self) { try files.contents(of: path, limit: 2) }
    }

    @Test func `new files and folders are their owner's alone`() throws {
        let folder = try TemporaryFolder()
        _ = try files.open(folder.path + "/a", .new)
        try files.makeFolder(folder.path + "/b")
        let file = try files.status(folder.path + "/a")
        #expect(file.permissions == 0o600 && file.kind == .file && file.isOwned)
        let made = try files.status(folder.path + "/b")
        #expect(made.permissions == 0o700 && made.kind == .folder)
    }

    func check(reports reason: FileError.Reason, _ operation: FileError.Operation, _ body: () throws -> Void) {
        do {
            try body()
            Issue.record("nothing was thrown")
        } catch let error as FileError {
            #expect(error.reason == reason && error.operation == operation, "\(error)")
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test func `each failure has its own reason`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a"
        check(reports: .absent, .open) { _ = try files.open(path, .read) }
        check(reports: .absent, .open) { _ = try files.open(path, .readAndWrite) }
        try files.writeNew(path, [1])
        check(reports: .exists, .open) { _ = try files.open(path, .new) }
        check(reports: .wrongKind, .open) { _ = try files.open(folder.path, .read) }
        check(reports: .wrongKind, .map) { _ = try files.map(folder.path) }
        check(reports: .exists, .makeFolder) { try files.makeFolder(folder.path) }
        check(reports: .exists, .remove) { try files.removeFolder(folder.path) }
        check(reports: .wrongKind, .list) { _ = try files.list(path) }
        check(reports: .wrongKind, .open) { _ = try files.open("/dev/full", .readAndWrite) }
    }

    @Test func `a file is replaced whole, and a left-over beside it does not matter`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a"
        try files.writeNew(path + ".tmp", [7, 7, 7])
        try files.replace(path, with: [1], in: folder.path)
        try files.replace(path, with: [2, 2], in: folder.path)
        #expect(try files.contents(of: path, limit: 10) == [2, 2])
        #expect(try files.list(folder.path) == ["a"])
    }

    @Test func `a lock excludes other openers until it is closed`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/LOCK"
        var first: (any File)? = try files.open(path, .createIfAbsent)
        let second = try files.open(path, .createIfAbsent)
        #expect(try first?.lock(exclusively: true) == true)
        #expect(try second.lock(exclusively: true) == false)
        #expect(try second.lock(exclusively: false) == false)
        first = nil
        #expect(try second.lock(exclusively: true))
    }

    @Test func `a mapped file is lent as bytes and as numbers, in bounds and aligned`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a"
        let numbers: [UInt32] = [1, 2, 3, 4]
        let file = try files.open(path, .new)
        try file.write(numbers.span.elementBytes, at: 0)
        let mapped = try files.map(path)
        try files.remove(path)
        #expect(mapped.byteCount == 16 && mapped.span[4] == 2)
        let held = try #require(mapped.elements(of: UInt32.self, at: 4, count: 3))
        #expect(held.count == 3 && held[2] == 4)
        #expect(mapped.elements(of: UInt32.self, at: 4, count: 4) == nil)
        #expect(mapped.elements(of: UInt32.self, at: 2, count: 1) == nil)
        #expect(mapped.elements(of: UInt64.self, at: 0, count: .max) == nil)
        #expect(mapped.elements(of: UInt8.self, at: 17, count: 0) == nil)
        #expect(mapped.elements(of: UInt8.self, at: -1, count: 1) == nil)
        mapped.advise(.willNeed, 3..<9)
        try files.writeNew(path, [])
        #expect(try files.map(path).byteCount == 0)
    }

    @Test func `names in a folder come in byte order; a tree is removed whole`() throws {
        let folder = try TemporaryFolder()
        for name in ["b", "a", "é", "Z"] { try files.writeNew(folder.path + "/" + name, []) }
        #expect(try files.list(folder.path) == ["Z", "a", "b", "é"])
        try files.makeFolder(folder.path + "/sub")
        try files.link(folder.path + "/a", to: folder.path + "/sub/a")
        #expect(try files.status(folder.path + "/a").inode == files.status(folder.path + "/sub/a").inode)
        try files.synchronizeFolder(folder.path)
        try files.removeTree(folder.path + "/sub")
        #expect(try files.exists(folder.path + "/sub") == false)
        #expect(try files.space(folder.path).isNetwork == false)
    }
}

@Suite struct `A mapped file that is cut short` {
    /// Reads a byte that was there when the file was mapped, and is not any more.
    static func readLostPage() throws -> UInt8 {
        let files = POSIXFileSystem()
        let path = "\(NSTemporaryDirectory())lost-page-\(getpid())"
        try files.writeNew(path, [UInt8](repeating: 7, count: 3 * 4_096))
        let mapped = try files.map(path)
        try files.open(path, .readAndWrite).truncate(to: 4_096)
        try files.remove(path)
        let bytes = mapped.bytes
        guard bytes[4_095] == 7 else { return 0 }
        return bytes[2 * 4_096 + 10]
    }

    @Test func `ends the process with the file and the byte, not with a wrong answer`() async throws {
        let result = await #expect(processExitsWith: .exitCode(74), observing: [\.standardErrorContent]) {
            MappedFile.endProcess(withStatusOnLostPage: 74)
            _ = try `A mapped file that is cut short`.readLostPage()
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("lost-page-") && text.contains(": byte 8202: the file cannot be read any more"), "\(text)")
    }
}
