import Bytes
import StoreJournal
import Testing

@Suite struct `A damaged journal` {
    let path = "/journal/00000000.journal"

    /// Twelve records in batches of three, closed.
    func prepared(segments: Int = 1) throws -> MemoryFileSystem {
        let files = MemoryFileSystem()
        try JournalFolder.make(files)
        let folder = JournalFolder(files)
        let journal = try folder.open()
        for batch in 0..<4 {
            if segments > 1, batch > 0 { try journal.beginSegment { _ throws(JournalError) in } }
            for record in 1...3 { _ = try journal.append(kind: 1, payload(UInt64(batch * 3 + record))) }
            folder.work()
        }
        try journal.close()
        return files
    }

    func records() -> [JournalRecord] { (1...12).map { JournalRecord(lsn: $0, kind: 1, payload: payload($0)) } }

    @Test func `a flipped bit never makes less of it in silence`() throws {
        let whole = try prepared()
        var (detected, harmless) = (0, 0)
        for path in ["/journal/00000000.journal", "/acked"] {
            let bitCount = try whole.status(path).byteCount * 8
            for bit in stride(from: 0, to: bitCount, by: 3) {
                let files = whole.afterKill()
                files.flipBit(bit, of: path)
                do {
                    let (found, _) = try JournalFolder(files).read()
                    #expect(found == records(), "bit \(bit) of \(path)")
                    harmless += 1
                } catch let error as JournalError {
                    #expect(error.path == path && error.byteOffset != nil, "bit \(bit): \(error)")
                    detected += 1
                }
            }
        }
        print("journal bit flips: \(detected) detected, \(harmless) harmless, 0 silent")
        #expect(detected > 1_000 && harmless > 0)
    }

    @Test func `cut off anywhere, it is missing what was acknowledged`() throws {
        let whole = try prepared()
        let count = try whole.status(path).byteCount
        for kept in 0..<count {
            let files = whole.afterKill()
            try files.open(path, .readAndWrite).truncate(to: kept)
            #expect(throws: JournalError.self, "\(kept) bytes") { try JournalFolder(files).read() }
        }
    }

    func check(_ files: MemoryFileSystem, reports expected: String) {
        do {
            _ = try JournalFolder(files).read()
            Issue.record("nothing was found wrong")
        } catch {
            #expect("\(error)" == expected)
        }
    }

    @Test func `damage in the middle tells the byte, the last good version, and what lies behind`() throws {
        let files = try prepared()
        files.flipBit((96 + 32 + 5) * 8, of: path)
        check(
            files,
            reports: "/journal/00000000.journal: byte 96: the payload of record 1 has changed; the last good version before it "
                + "is 0, and 11 whole records lie behind it")
    }

    @Test func `damage in the last batch is told by what was acknowledged`() throws {
        let files = try prepared()
        let end = try files.status(path).byteCount
        files.flipBit((end - 9) * 8, of: path)
        do {
            _ = try JournalFolder(files).read()
            Issue.record("nothing was found wrong")
        } catch let error as JournalError {
            #expect(error.reason == .acknowledgedIsMissing(lastGood: 11, acknowledged: 12), "\(error)")
        }
    }

    @Test func `a missing, doubled, swapped or foreign segment is found`() throws {
        let whole = try prepared(segments: 4)
        #expect(try JournalFolder(whole).read().records == records())
        let names = try whole.list("/journal").map { "/journal/" + $0 }
        for gone in names.indices {
            let files = whole.afterKill()
            try files.remove(names[gone])
            #expect(throws: JournalError.self, "without \(names[gone])") { try JournalFolder(files).read() }
        }
        for (left, right) in [(0, 1), (1, 2), (2, 3)] {
            let files = whole.afterKill()
            try files.rename(names[left], to: "/journal/x")
            try files.rename(names[right], to: names[left])
            try files.rename("/journal/x", to: names[right])
            #expect(throws: JournalError.self, "\(left) and \(right) swapped") { try JournalFolder(files).read() }
            let doubled = whole.afterKill()
            try doubled.remove(names[right])
            try doubled.link(names[left], to: names[right])
            #expect(throws: JournalError.self, "\(left) twice") { try JournalFolder(doubled).read() }
        }
        let other = FolderID(high: 1, low: 1)
        let foreign = whole.afterKill()
        try foreign.remove(names[3])
        _ = try Journal.makeSegment(
            base: 9, chain: 0, in: "/journal", of: other, modelDigest: JournalFolder.model, on: foreign)
        check(foreign, reports: "\(names[3]): byte 16: the segment belongs to another data folder")
    }

    @Test func `a newer format is told from damage`() throws {
        let files = try prepared()
        var header = SegmentHeader(folder: JournalFolder.id, base: 0, chain: 0, modelDigest: JournalFolder.model).bytes
        header[8] = 2
        header.removeLast(4)
        header.appendLittleEndian(CRC32C.checksum(header))
        try files.open(path, .readAndWrite).write(header.span, at: 0)
        check(files, reports: "\(path): byte 8: the segment has format 2; this program reads up to 1")
    }

    @Test func `a file that is no segment is told from a damaged one`() throws {
        let files = try prepared()
        try files.open(path, .readAndWrite).write([UInt8](repeating: 0x41, count: 96).span, at: 0)
        check(files, reports: "\(path): byte 0: this is not a segment of a journal")
    }

    @Test func `a length is not believed before it is compared with the file`() throws {
        let files = try prepared()
        // A header with a right checksum, for a record of 16 MiB that is not there.
        let end = try files.status(path).byteCount
        var bytes = Array("HRTJ".utf8)
        bytes += [1, 0, 1, 1]
        bytes.appendLittleEndian(UInt32(16 << 20))
        bytes.appendLittleEndian(UInt64(13))
        bytes += [0, 0, 0, 0, 0, 0, 0, 0]
        bytes.appendLittleEndian(CRC32C.checksum(bytes, after: CRC32C.checksum(JournalFolder.id.bytes)))
        try files.open(path, .readAndWrite).write(bytes.span, at: end)
        let (found, torn) = try JournalFolder(files).read()
        #expect(found == records() && torn.tornByteCount == 32)
    }

    @Test func `what is too large is refused, and what is too much waits for nobody`() throws {
        let files = try prepared()
        let folder = JournalFolder(files)
        var limits = GroupCommit.Limits()
        limits.waitingRecordCount = 2
        let journal = try folder.open(limits: limits)
        let large = [UInt8](repeating: 0, count: JournalFormat.maximumPayloadByteCount + 1)
        #expect { try journal.append(kind: 1, large) } throws: { ($0 as? JournalError)?.reason == .tooLarge }
        _ = try journal.append(kind: 1, [])
        _ = try journal.append(kind: 1, [])
        #expect { try journal.append(kind: 1, []) } throws: { ($0 as? JournalError)?.reason == .overloaded }
        folder.work()
        #expect(try journal.append(kind: 1, []) == 15)
    }
}
