import Access
import Bytes
import StoreColumns
import Synchronization
import Testing

/// `Schema/formats/Audit.md`
@Suite struct `The audit` {
    static let folder = "/live.audit"

    final class TestClock: Sendable {
        let moment: Mutex<Int64>
        init(_ text: String = "2026-11-21T08:00:00Z") { moment = Mutex(Instant(isoText: text)?.microseconds ?? 0) }
        var now: Instant { Instant(microseconds: moment.withLock { $0 }) }
        func advance(seconds: Int64) { moment.withLock { $0 += seconds * 1_000_000 } }
    }

    static func open(
        _ files: MemoryFileSystem, _ clock: TestClock = TestClock(), fileByteLimit: Int = 1 << 20
    ) throws -> AuditFile {
        try AuditFile(folder, on: files, fileByteLimit: fileByteLimit, now: { clock.now })
    }

    static func event(_ number: Int) -> AuditEvent {
        AuditEvent(
            "answer", [("key", .text("Kd83nfQ2")), ("rows", .int(number)), ("variables", .texts([.init(name: "a", text: "b")]))])
    }

    /// A few files with a few lines each.
    static func audit(lines: Int = 12, fileByteLimit: Int = 1_000) throws -> (MemoryFileSystem, AuditReport) {
        let files = MemoryFileSystem()
        let file = try open(files, fileByteLimit: fileByteLimit)
        for number in 0..<lines { try file.append(event(number)) }
        return (files, try AuditReading.check(folder, on: files))
    }

    static func bytes(_ files: MemoryFileSystem, _ name: String) throws -> [UInt8] {
        try files.contents(of: folder + "/" + name, limit: 1 << 20)
    }

    /// Puts other bytes into a file of the audit.
    static func put(_ bytes: [UInt8], _ name: String, _ files: MemoryFileSystem) throws {
        try files.remove(folder + "/" + name)
        try files.writeNew(folder + "/" + name, bytes)
    }

    @Test func `the example of the page is whole, and the program writes the same lines`() throws {
        let root = String(#filePath).components(upTo: "Tests/")
        let page = String(
            decoding: try POSIXFileSystem().contents(of: root + "Schema/formats/Audit.md", limit: 1 << 20), as: UTF8.self)
        let begin = try #require(page.firstRange(of: "```audit\n")).upperBound
        let end = try #require(page[begin...].firstRange(of: "```")).lowerBound
        let example = Array(page[begin..<end].utf8)
        let files = MemoryFileSystem()
        try files.makeFolder(Self.folder)
        try files.writeNew(Self.folder + "/audit-000000000001.jsonl", example)
        #expect(try AuditReading.check(Self.folder, on: files).lastNumber == 3)
        let (other, clock) = (MemoryFileSystem(), TestClock())
        let file = try Self.open(other, clock)
        clock.advance(seconds: 7)
        try file.append(
            AuditEvent(
                "answer",
                [
                    ("key", .text("Kd83nfQ2")), ("role", .text("reader")), ("from", .text("10.1.1.2")),
                    ("route", .text("/q/<name>")),
                    ("question", .text("contact-matrix")), ("document", .text("6f1ed002ab5595859014ebf0951522d9")),
                    ("variables", .texts([.init(name: "team", text: "9b74c9897bac770ffc029102a200c5de")])),
                    ("version", .text("42")),
                    ("asOf", .text("2026-11-21")), ("outcome", .text("data")), ("rows", .int(12)), ("visited", .int(345)),
                    ("bytes", .int(1_890)), ("milliseconds", .int(3)),
                ]))
        #expect(String(decoding: try Self.bytes(other, "audit-000000000001.jsonl"), as: UTF8.self) == String(page[begin..<end]))
    }

    @Test func `files follow each other by size and by day, and are read as one`() throws {
        let (files, clock) = (MemoryFileSystem(), TestClock("2026-11-21T23:59:58Z"))
        var file = try Self.open(files, clock)
        try file.append(Self.event(1))
        clock.advance(seconds: 3)
        try file.append(Self.event(2))
        #expect(try files.list(Self.folder) == ["audit-000000000001.jsonl", "audit-000000000004.jsonl"])
        file = try Self.open(files, clock, fileByteLimit: 1)
        try file.append(Self.event(3))
        let report = try AuditReading.check(Self.folder, on: files, wanted: file.head.hash)
        #expect(report.head == file.head.hash && report.lastNumber == file.head.number)
        #expect(report.fileCount == 4)
        #expect(try files.status(Self.folder + "/audit-000000000004.jsonl").permissions & 0o077 == 0)
    }

    @Test func `a bit that is flipped anywhere is found, in its file`() throws {
        let (files, whole) = try Self.audit()
        var (flips, found) = (0, 0)
        for name in try files.list(Self.folder) {
            let bytes = try Self.bytes(files, name)
            for index in stride(from: 0, to: bytes.count, by: 3) {
                var changed = bytes
                changed[index] ^= 1 << UInt8(index % 8)
                try Self.put(changed, name, files)
                flips += 1
                do throws(AuditProblem) {
                    let report = try AuditReading.check(Self.folder, on: files)
                    // The line feed at the very end is all that can be missed: then the line is not whole.
                    #expect(report.tornByteCount > 0 || report == whole, "\(name) byte \(index)")
                    if report.tornByteCount > 0 { found += 1 }
                } catch {
                    #expect(error.path.hasSuffix(name) || error.line == 1, "\(error)")
                    found += 1
                }
            }
            try Self.put(bytes, name, files)
        }
        #expect(found == flips)
        #expect(whole.fileCount > 2)
        print("audit: \(found) of \(flips) flipped bits found, in \(whole.fileCount) files")
    }

    @Test func `a line that is dropped, doubled, moved or added is found; one dropped at the end is, by a hash that was kept`()
        throws
    {
        let (files, whole) = try Self.audit()
        var cases = 0
        let names = try files.list(Self.folder)
        for (fileIndex, name) in names.enumerated() {
            let bytes = try Self.bytes(files, name)
            let lines = bytes.split(separator: 0x0A).map { Array($0) + [0x0A] }
            for index in lines.indices {
                var edits: [[[UInt8]]] = []
                var dropped = lines
                dropped.remove(at: index)
                edits.append(dropped)
                edits.append(Array(lines[...index]) + Array(lines[index...]))
                if index > 0 {
                    var swapped = lines
                    swapped.swapAt(index, index - 1)
                    edits.append(swapped)
                }
                for edit in edits {
                    try Self.put(Array(edit.joined()), name, files)
                    cases += 1
                    #expect(throws: AuditProblem.self, "\(name) line \(index)") {
                        _ = try AuditReading.check(Self.folder, on: files, wanted: whole.head)
                    }
                }
            }
            try Self.put(bytes, name, files)
            if fileIndex > 0 {
                try files.remove(Self.folder + "/" + name)
                #expect(throws: AuditProblem.self) { _ = try AuditReading.check(Self.folder, on: files, wanted: whole.head) }
                try files.writeNew(Self.folder + "/" + name, bytes)
            }
        }
        #expect(try AuditReading.check(Self.folder, on: files, wanted: whole.head).hasSameEnd(as: whole))
        print("audit: \(cases) cases of lines dropped, doubled and moved found")
    }

    @Test func `the oldest files may be moved away whole`() throws {
        let (files, whole) = try Self.audit()
        let names = try files.list(Self.folder)
        try files.remove(Self.folder + "/" + names[0])
        let report = try AuditReading.check(Self.folder, on: files)
        #expect(report.firstNumber > 1 && report.hasSameEnd(as: whole))
    }

    @Test func `a line that a loss of power cut is cut off, wherever, and the audit goes on and says so`() throws {
        let (files, _) = try Self.audit(lines: 3, fileByteLimit: 1 << 20)
        let name = "audit-000000000001.jsonl"
        let bytes = try Self.bytes(files, name)
        for count in stride(from: 0, to: bytes.count, by: 7) {
            let torn = MemoryFileSystem()
            try torn.makeFolder(Self.folder)
            try torn.writeNew(Self.folder + "/" + name, Array(bytes[..<count]))
            let file = try Self.open(torn)
            try file.append(Self.event(9))
            let report = try AuditReading.check(Self.folder, on: torn, wanted: file.head.hash)
            #expect(report.tornByteCount == 0)
            let isCut = count > 0 && bytes[count - 1] != 0x0A
            let text = String(decoding: try Self.bytes(torn, name), as: UTF8.self)
            #expect(text.contains("cutBytes") == isCut, "\(count) bytes")
        }
    }

    @Test func `an audit that was changed is not gone on with`() throws {
        let (files, _) = try Self.audit(lines: 3, fileByteLimit: 1 << 20)
        let name = "audit-000000000001.jsonl"
        let text = String(decoding: try Self.bytes(files, name), as: UTF8.self)
        try Self.put(Array(text.replacing("\"rows\":1", with: "\"rows\":7").utf8), name, files)
        #expect(throws: AuditProblem.self) { _ = try Self.open(files) }
    }

    @Test func `what could not be written is not there, and the next line takes its place`() throws {
        let files = MemoryFileSystem()
        let file = try Self.open(files)
        try file.append(Self.event(1))
        files.limit(toBytes: try Self.bytes(files, "audit-000000000001.jsonl").count + 20)
        #expect(throws: FileError.self) { try file.append(Self.event(2)) }
        #expect(file.failure == nil, "a full disk is no lasting failure")
        files.limit(toBytes: nil)
        try file.append(Self.event(3))
        let report = try AuditReading.check(Self.folder, on: files, wanted: file.head.hash)
        #expect(report.lastNumber == 4)
    }

    @Test func `after a failed synchronization nothing is written any more`() throws {
        let files = MemoryFileSystem()
        let file = try Self.open(files)
        try file.append(Self.event(1))
        files.failing { $0.operation == .synchronize ? StorageFault(.inputOutput) : nil }
        #expect(throws: FileError.self) { try file.synchronize() }
        files.failing { _ in nil }
        #expect(throws: FileError.self) { try file.append(Self.event(2)) }
        #expect(file.failure?.reason == .inputOutput)
    }

    @Test func `digests tell equal values, and nothing to who has another key`() {
        let digests = AuditDigests(key: Array(0..<32))
        #expect(digests.value(Array("a".utf8)) == digests.value(Array("a".utf8)))
        #expect(digests.value(Array("a".utf8)) != digests.value(Array("b".utf8)))
        #expect(digests.value(Array("a".utf8)) != AuditDigests(key: Array(1..<33)).value(Array("a".utf8)))
        #expect(digests.value(Array("a".utf8)).utf8.count == 32)
    }
}

extension AuditReport {
    func hasSameEnd(as other: AuditReport) -> Bool { head == other.head && lastNumber == other.lastNumber }
}

@Suite struct `What a key may spend` {
    @Test func `points are paid afterwards, and fill again with time`() {
        let allowances = KeyAllowances(pointsPerMinute: 60, concurrency: 5)
        func at(_ seconds: Int64) -> Instant { Instant(microseconds: seconds * 1_000_000) }
        #expect(allowances.enter("a", now: at(0)) == nil)
        allowances.leave("a", rowsVisited: 79_999, now: at(0))
        // 60 points, less 1, less 79.
        #expect(allowances.enter("a", now: at(0)) == .points(limit: 60, retryAfterSeconds: 20))
        #expect(allowances.enter("b", now: at(0)) == nil)
        #expect(allowances.enter("a", now: at(19)) == .points(limit: 60, retryAfterSeconds: 1))
        #expect(allowances.enter("a", now: at(21)) == nil)
        allowances.leave("a", rowsVisited: 0, now: at(21))
        #expect(allowances.enter("a", now: at(21)) != nil)
        // No more than a minute's worth is ever there, and a clock that is set back gives nothing.
        #expect(allowances.enter("a", now: at(10_000)) == nil)
        allowances.leave("a", rowsVisited: 60_000, now: at(10_000))
        #expect(allowances.enter("a", now: at(9_000)) == .points(limit: 60, retryAfterSeconds: 1))
    }

    @Test func `no more than so many run at once for a key`() {
        let allowances = KeyAllowances(pointsPerMinute: 1_000, concurrency: 2)
        let now = Instant(microseconds: 0)
        #expect(allowances.enter("a", now: now) == nil)
        #expect(allowances.enter("a", now: now) == nil)
        #expect(allowances.enter("a", now: now) == .concurrency(limit: 2))
        #expect(allowances.enter("b", now: now) == nil)
        allowances.leave("a", rowsVisited: 0, now: now)
        #expect(allowances.enter("a", now: now) == nil)
    }
}
