import Bytes
import StoreJournal
import Testing

@Suite struct `The journal's format` {
    @Test func `has a number`() {
        #expect(JournalFormat.number == 1)
    }

    @Test func `a segment is named for its base, in eight digits or more`() {
        #expect(JournalFormat.segmentName(base: 42) == "00000042.journal")
        #expect(JournalFormat.segmentName(base: 1_234_567_890) == "1234567890.journal")
        #expect(JournalFormat.base(ofSegment: "00000042.journal") == 42)
        #expect(JournalFormat.base(ofSegment: "1234567890.journal") == 1_234_567_890)
        for name in ["42.journal", "00000042.journal.tmp", "0000004x.journal", "+0000042.journal", ".journal", "LOCK"] {
            #expect(JournalFormat.base(ofSegment: name) == nil, "\(name)")
        }
    }

    /// The example of `Schema/formats/Journal.md`.
    func example() throws -> [UInt8] {
        let root = String(#filePath.dropLast("Tests/StoreJournalTests/FormatTests.swift".count))
        let page = try POSIXFileSystem().contents(of: root + "Schema/formats/Journal.md", limit: 1 << 20)
        let text = String(decoding: page, as: UTF8.self)
        let start = try #require(text.firstRange(of: "```example\n"))
        let end = try #require(text[start.upperBound...].firstRange(of: "```"))
        return text[start.upperBound..<end.lowerBound].split(whereSeparator: { " \n".contains($0) })
            .compactMap { UInt8($0, radix: 16) }
    }

    func written() throws -> [UInt8] {
        let files = MemoryFileSystem()
        try files.makeFolder("/journal")
        let end = try Journal.makeSegment(
            base: 41, chain: 0, in: "/journal", of: JournalFolder.id, modelDigest: JournalFolder.model, on: files)
        let mark = try AcknowledgedMark("/acked", folder: JournalFolder.id, initial: 0, on: files)
        let folder = JournalFolder(files)
        let journal = try Journal(
            end, mark: mark, in: "/journal", of: JournalFolder.id, modelDigest: JournalFolder.model, on: files,
            schedule: { [folder] job in folder.schedule(job) },
            listener: Journal.Listener(durable: { _ in }, stopped: { _, _ in }))
        _ = try journal.append(kind: 1, [1, 2, 3])
        _ = try journal.append(kind: 2, [])
        folder.work()
        return try files.contents(of: "/journal/00000041.journal", limit: 1_000)
    }

    @Test func `the page's example is what is written, byte by byte`() throws {
        let bytes = try written()
        let lines = stride(from: 0, to: bytes.count, by: 16).map { start in
            bytes[start..<min(start + 16, bytes.count)].map { byte in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }.joined(separator: " ")
        }
        #expect(try example() == bytes, "the page should say:\n\(lines.joined(separator: "\n"))")
    }

    @Test func `the page's example is read as the page says`() throws {
        let files = MemoryFileSystem()
        try files.makeFolder("/journal")
        try files.writeNew("/journal/00000041.journal", example())
        var records: [JournalRecord] = []
        let end = try JournalReplay.run(
            ["00000041.journal"], in: "/journal", of: JournalFolder.id, from: 41, acknowledged: 43, on: files
        ) { records.append($0) }
        #expect(
            records == [
                JournalRecord(lsn: 42, kind: 1, payload: [1, 2, 3]), JournalRecord(lsn: 43, kind: 2, payload: []),
            ])
        #expect(end.lsn == 43 && end.byteOffset == 168 && end.tornByteCount == 0 && end.recordCount == 2)
    }
}
