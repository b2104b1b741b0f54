import Bytes
import StoreJournal
import Testing

@Suite struct `A journal after a crash` {
    /// Appends in groups until storage fails; ends with `close`.
    /// - Returns: the highest LSN that was answered.
    func script(_ files: MemoryFileSystem) throws -> UInt64 {
        let folder = JournalFolder(files)
        let journal = try folder.open()
        var lsn: UInt64 = folder.answered
        for group in 1...4 {
            for _ in 0..<group {
                lsn += 1
                guard (try? journal.append(kind: 1, payload(lsn))) != nil else { return folder.answered }
            }
            folder.work()
        }
        try journal.close()
        return folder.answered
    }

    /// Everything answered is there, nothing stands twice or out of order, and starting again changes nothing.
    func check(_ files: MemoryFileSystem, holds answered: UInt64, _ story: String) {
        do {
            let folder = JournalFolder(files)
            _ = try folder.open()
            let (records, end) = try folder.read()
            #expect(end.lsn >= answered, "\(story): \(answered) was answered, \(end.lsn) is there")
            #expect(records == (0..<end.lsn).map { JournalRecord(lsn: $0 + 1, kind: 1, payload: payload($0 + 1)) }, "\(story)")
            _ = try folder.open()
            #expect(try folder.read().records == records, "\(story): a second start changed it")
        } catch {
            Issue.record("\(story): \(error)")
        }
    }

    func checkAfterwards(_ files: MemoryFileSystem, holds answered: UInt64, _ story: String) {
        check(files.afterKill(), holds: answered, "\(story), killed")
        check(files.afterPowerLoss(.nothingKept), holds: answered, "\(story), nothing kept")
        check(files.afterPowerLoss(.lengthsKept), holds: answered, "\(story), lengths kept")
        for seed in 0..<8 {
            check(files.afterPowerLoss(.drawn(seed: UInt64(seed))), holds: answered, "\(story), seed \(seed)")
        }
    }

    func prepared() throws -> MemoryFileSystem {
        let files = MemoryFileSystem()
        try JournalFolder.make(files)
        return files
    }

    @Test func `every single call may fail, and every call from there on`() throws {
        let trial = try prepared()
        trial.failing { _ in nil }
        #expect(try script(trial) == 10)
        let callCount = trial.calls.count
        checkAfterwards(trial, holds: 10, "no fault")
        for broken in 0..<callCount {
            for isForever in [false, true] {
                for fault in [StorageFault(.inputOutput), StorageFault(.full, writtenByteCount: 700)] {
                    let files = try prepared()
                    files.failing { $0.index == broken || (isForever && $0.index > broken) ? fault : nil }
                    let answered = (try? script(files)) ?? 0
                    files.failing { _ in nil }
                    let story = "call \(broken) fails with \(fault.reason)\(isForever ? " and all after it" : "")"
                    checkAfterwards(files, holds: answered, story)
                }
            }
        }
        print("journal crash points: \(callCount) calls, 4 faults each, 11 ends each")
    }

    @Test func `after a failure nothing more is answered or taken`() throws {
        let files = try prepared()
        let folder = JournalFolder(files)
        let journal = try folder.open()
        _ = try journal.append(kind: 1, payload(1))
        folder.work()
        files.failing { $0.operation == .synchronize ? StorageFault(.inputOutput) : nil }
        _ = try journal.append(kind: 1, payload(2))
        folder.work()
        #expect(folder.answered == 1)
        #expect(folder.failure?.reason == .storage(FileError(.synchronize, "/journal/00000000.journal", .inputOutput)))
        files.failing { _ in nil }
        #expect(throws: JournalError.self) { try journal.append(kind: 1, payload(2)) }
        #expect(files.calls.filter { $0.operation == .synchronize } == [])
    }

    @Test func `after a full disk a new segment goes on behind what was acknowledged`() throws {
        // The last of them writes the whole mark, and fails all the same.
        let faults: [(FileError.Operation, String, Int)] = [
            (.write, "/journal/00000000.journal", 99), (.synchronize, "/journal/00000000.journal", 0),
            (.write, "/acked", 99), (.write, "/acked", 700),
        ]
        for acknowledged in [UInt64(0), 3] {
            for (operation, place, byteCount) in faults {
                let files = try prepared()
                let folder = JournalFolder(files)
                let journal = try folder.open()
                for lsn in 0..<acknowledged { _ = try journal.append(kind: 1, payload(lsn + 1)) }
                folder.work()
                // The failing batch stays in the file: cutting it off fails too.
                files.failing {
                    ($0.operation == operation && $0.path == place) || $0.operation == .truncate
                        ? StorageFault(.full, writtenByteCount: byteCount) : nil
                }
                for more in 1...2 { _ = try journal.append(kind: 1, payload(acknowledged + UInt64(more) + 100)) }
                folder.work()
                #expect(folder.answered == acknowledged)
                files.failing { _ in nil }
                try journal.beginSegment { _ throws(JournalError) in }
                let story = "\(operation) of \(place) behind \(acknowledged) after \(byteCount) bytes"
                checkAfterwards(files, holds: acknowledged, story)
                for more in 1...2 { _ = try journal.append(kind: 1, payload(acknowledged + UInt64(more))) }
                folder.work()
                #expect(folder.answered == acknowledged + 2)
                checkAfterwards(files, holds: acknowledged + 2, "\(story), gone on")
            }
        }
    }

    @Test func `segments follow one another, and replay begins where it is told`() throws {
        let files = try prepared()
        let folder = JournalFolder(files)
        let journal = try folder.open()
        for lsn in 1...6 {
            _ = try journal.append(kind: 1, payload(UInt64(lsn)))
            folder.work()
            if lsn.isMultiple(of: 2) { try journal.beginSegment { _ throws(JournalError) in } }
        }
        try journal.beginSegment { _ throws(JournalError) in }
        #expect(try files.list("/journal") == [0, 2, 4, 6].map { JournalFormat.segmentName(base: $0) })
        #expect(try folder.read().records.map(\.lsn) == [1, 2, 3, 4, 5, 6])
        #expect(try folder.read(from: 3).records.map(\.lsn) == [4, 5, 6])
        checkAfterwards(files, holds: 6, "three segments")
    }

    @Test func `a torn tail is moved to quarantine, once`() throws {
        let files = try prepared()
        #expect(try script(files) == 10)
        let path = "/journal/00000000.journal"
        let whole = try files.status(path).byteCount
        let file = try files.open(path, .readAndWrite)
        try file.write(Array("HRTJ and then nothing".utf8).span, at: whole)
        let folder = JournalFolder(files)
        #expect(try folder.read().end.tornByteCount == 21)
        _ = try folder.open()
        _ = try folder.open()
        #expect(try files.list("/quarantine") == ["00000000.journal-\(whole)"])
        let moved = try files.contents(of: "/quarantine/00000000.journal-\(whole)", limit: 100)
        #expect(moved == Array("HRTJ and then nothing".utf8))
        #expect(try files.status(path).byteCount == whole)
    }
}
