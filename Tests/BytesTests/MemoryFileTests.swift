import Bytes
import Testing

@Suite struct `Files in memory` {
    let files = MemoryFileSystem()

    func write(_ text: String, to path: String, at offset: Int = 0) throws {
        try files.open(path, .createIfAbsent).write(Array(text.utf8).span, at: offset)
    }

    func text(_ path: String, in files: MemoryFileSystem) throws -> String {
        String(decoding: try files.contents(of: path, limit: 1_000_000), as: UTF8.self)
    }

    @Test func `a loss of power takes what was not synchronized, names and bytes apart`() throws {
        let file = try files.open("/a", .new)
        try file.write([1, 2].span, at: 0)
        try file.synchronize()
        #expect(try files.afterPowerLoss(.nothingKept).list("/") == [])
        try files.synchronizeFolder("/")
        try file.write([3, 4].span, at: 2)
        #expect(try files.afterKill().contents(of: "/a", limit: 9) == [1, 2, 3, 4])
        #expect(try files.afterPowerLoss(.nothingKept).contents(of: "/a", limit: 9) == [1, 2])
        #expect(try files.afterPowerLoss(.lengthsKept).contents(of: "/a", limit: 9) == [1, 2, 0, 0])
        try file.synchronize()
        #expect(try files.afterPowerLoss(.nothingKept).contents(of: "/a", limit: 9) == [1, 2, 3, 4])
    }

    @Test func `by chance each sector of a write is kept or lost`() throws {
        let file = try files.open("/a", .new)
        try files.synchronizeFolder("/")
        try file.write([UInt8](repeating: 7, count: 1_536).span, at: 0)
        var outcomes: Set<[UInt8]> = []
        for seed in 0..<100 {
            let bytes = try files.afterPowerLoss(.drawn(seed: UInt64(seed))).contents(of: "/a", limit: 9_999)
            outcomes.insert(stride(from: 0, to: bytes.count, by: 512).map { bytes[$0] })
        }
        #expect(outcomes.contains([7, 7, 7]) && outcomes.contains([]) && outcomes.contains([0, 7, 7]))
        #expect(outcomes.contains([7, 0, 7]))
    }

    @Test func `a renamed file is under its old name or under its new one`() throws {
        try files.writeNew("/a", [1])
        try files.writeNew("/b", [2])
        try files.synchronizeFolder("/")
        try files.rename("/a", to: "/b")
        #expect(try files.list("/") == ["b"] && files.contents(of: "/b", limit: 9) == [1])
        let before = files.afterPowerLoss(.nothingKept)
        #expect(try before.list("/") == ["a", "b"] && before.contents(of: "/b", limit: 9) == [2])
    }

    @Test func `what a failed synchronization lost, a later one does not bring back`() throws {
        let file = try files.open("/a", .new)
        try files.synchronizeFolder("/")
        try file.write([1].span, at: 0)
        files.failing { $0.operation == .synchronize && $0.index == 0 ? StorageFault(.inputOutput) : nil }
        #expect(throws: FileError.self) { try file.synchronize() }
        try file.write([2].span, at: 1)
        try file.synchronize()
        #expect(try files.afterPowerLoss(.nothingKept).contents(of: "/a", limit: 9) == [0, 2])
        #expect(files.calls.map(\.operation) == [.synchronize, .write, .synchronize])
    }

    @Test func `a write that fails half-way has written half; a full disk takes what fits`() throws {
        let file = try files.open("/a", .new)
        files.failing { $0.operation == .write ? StorageFault(.inputOutput, writtenByteCount: 2) : nil }
        #expect(throws: FileError(.write, "/a", .inputOutput)) { try file.write([1, 2, 3].span, at: 0) }
        #expect(try file.read(at: 0, count: 9) == [1, 2])
        files.failing { _ in nil }
        files.limit(toBytes: 4)
        #expect(throws: FileError(.write, "/a", .full)) { try file.write([5, 6, 7, 8].span, at: 1) }
        #expect(try file.read(at: 0, count: 9) == [1, 5, 6, 7])
        #expect(throws: FileError(.allocate, "/a", .full)) { try file.allocate(byteCount: 5) }
    }

    /// A closure that was wrapped anew with each call would need megabytes of stack by now.
    @Test func `a plan of faults is asked as deeply after many calls as after one`() throws {
        let files = MemoryFileSystem()
        files.failing { $0.index == 100_000 ? StorageFault(.inputOutput) : nil }
        for _ in 0..<100_000 { _ = try files.exists("/a") }
        #expect(throws: FileError.self) { try files.exists("/a") }
    }

    @Test func `locks, kinds and names behave as on the machine`() throws {
        try files.makeFolder("/f")
        var first: (any File)? = try files.open("/f/l", .createIfAbsent)
        let second = try files.open("/f/l", .createIfAbsent)
        #expect(try first?.lock(exclusively: true) == true)
        #expect(try second.lock(exclusively: false) == false)
        #expect(try files.afterKill().open("/f/l", .read).lock(exclusively: true))
        first = nil
        #expect(try second.lock(exclusively: true))
        #expect(throws: FileError(.open, "/f", .wrongKind)) { try files.open("/f", .read) }
        #expect(throws: FileError(.open, "/g", .absent)) { try files.open("/g", .readAndWrite) }
        #expect(throws: FileError(.open, "/f/l", .exists)) { try files.open("/f/l", .new) }
        #expect(throws: FileError(.remove, "/f", .exists)) { try files.removeFolder("/f") }
        try files.rename("/f", to: "/g")
        #expect(try files.exists("/g/l"))
        try files.removeTree("/g")
        #expect(try files.list("/") == [])
    }
}
