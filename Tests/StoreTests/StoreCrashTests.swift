import Bytes
import Store
import StoreColumns
import StoreJournal
import Synchronization
import Testing

@Suite struct `A store after a crash` {
    let versions = LibraryVersions()
    let id = FolderID(high: 3, low: 4)

    func crashOptions(_ files: MemoryFileSystem) -> StoreOptions {
        var options = options(files, versions)
        options.keptSnapshotCount = 2
        return options
    }

    /// A life: made, opened, changed, snapshots taken, closed.
    /// - Returns: the highest version that was acknowledged; nil if the folder was not acknowledged to be made.
    func life(_ files: MemoryFileSystem) -> UInt64? {
        guard (try? Store.make("/data", versions(0), id: id, crashOptions(files))) != nil else { return nil }
        var acknowledged: UInt64 = 0
        guard let store = (try? Store.open("/data", crashOptions(files)))?.store else { return acknowledged }
        for number in 1...6 {
            guard case .applied(let version)? = try? store.commitWaiting(libraryCommit(UInt64(number))) else {
                return acknowledged
            }
            acknowledged = version.number
            #expect(store.current.number >= acknowledged)
            if number.isMultiple(of: 2), (try? store.snapshot()) == nil { return acknowledged }
        }
        try? store.close()
        return acknowledged
    }

    /// Everything acknowledged is there, and the folder goes on.
    func check(_ files: MemoryFileSystem, holds acknowledged: UInt64?, _ story: String) {
        do {
            if acknowledged == nil { try makeUnlessMade(files) }
            let number = try startedNumber(files, atLeast: acknowledged ?? 0, story)
            // A second start finds the same, and goes on.
            let store = try Store.open("/data", crashOptions(files)).store
            #expect(store.current.number == number, "\(story): a second start changed it")
            _ = try store.commitWaiting(libraryCommit(number + 1))
            _ = try store.snapshot()
            #expect(Library.text(store.current) == versions.text(number + 1), "\(story)")
        } catch {
            Issue.record("\(story): \(error)")
        }
    }

    /// A folder that nobody was told about may have been made or not; if not, it can be.
    func makeUnlessMade(_ files: MemoryFileSystem) throws {
        do {
            _ = try Store.open("/data", crashOptions(files))
        } catch {
            guard error.reason == .absent else { throw error }
            try Store.make("/data", versions(0), id: id, crashOptions(files))
        }
    }

    /// Opens the folder and gives it up: it holds the whole version whose number it tells.
    func startedNumber(_ files: MemoryFileSystem, atLeast acknowledged: UInt64, _ story: String) throws -> UInt64 {
        let store = try Store.open("/data", crashOptions(files)).store
        let number = store.current.number
        #expect(number >= acknowledged, "\(story): \(acknowledged) was acknowledged, \(number) is there")
        #expect(Library.text(store.current) == versions.text(number), "\(story)")
        return number
    }

    func checkAfterwards(_ files: MemoryFileSystem, holds acknowledged: UInt64?, _ story: String) {
        check(files.afterKill(), holds: acknowledged, "\(story), killed")
        check(files.afterPowerLoss(.nothingKept), holds: acknowledged, "\(story), nothing kept")
        check(files.afterPowerLoss(.lengthsKept), holds: acknowledged, "\(story), lengths kept")
        for seed in 0..<3 {
            check(files.afterPowerLoss(.drawn(seed: UInt64(seed))), holds: acknowledged, "\(story), seed \(seed)")
        }
    }

    @Test func `every single call may fail, and every call from there on`() throws {
        let trial = MemoryFileSystem()
        #expect(life(trial) == 6)
        let callCount = trial.calls.count
        checkAfterwards(trial, holds: 6, "no fault")
        for broken in 0..<callCount {
            for isForever in [false, true] {
                let files = MemoryFileSystem()
                let fault = StorageFault(broken.isMultiple(of: 2) ? .inputOutput : .full, writtenByteCount: 20)
                files.failing { $0.index == broken || (isForever && $0.index > broken) ? fault : nil }
                let acknowledged = life(files)
                files.failing { _ in nil }
                let call = broken < trial.calls.count ? "\(trial.calls[broken].operation)" : ""
                checkAfterwards(
                    files, holds: acknowledged, "call \(broken) (\(call)) fails\(isForever ? " and all after it" : "")")
            }
        }
        print("store crash points: \(callCount) calls, 2 faults each, 6 ends each")
    }

    @Test func `a change of five hundred rows that is cut short is there whole or not at all`() throws {
        let rows = (0..<500).map { Cell.string("author of one change \($0)") }
        let whole = MemoryFileSystem()
        try Store.make("/data", versions(0), id: id, options(whole, versions))
        var counts = (all: 0, none: 0)
        for seed in 0..<UInt64(crashStep(30) == 1 ? 200 : 30) {
            let files = whole.afterKill()
            let store = try Store.open("/data", options(files, versions)).store
            // The writing breaks off somewhere, or the power goes before it is durable.
            let count = Int(seed) * 791 % 25_000
            files.failing { call in
                guard call.path.hasSuffix(".journal"), call.operation == (seed.isMultiple(of: 3) ? .synchronize : .write) else {
                    return call.operation == .truncate ? StorageFault(.inputOutput) : nil
                }
                return StorageFault(.inputOutput, writtenByteCount: count)
            }
            #expect(throws: CommitError.self) {
                try store.commitWaiting(
                    Commit(ChangeSet(types: [TypeChanges(type: Library.author, columns: [0], cells: rows)])))
            }
            files.failing { _ in nil }
            for ending in [files.afterKill(), files.afterPowerLoss(.drawn(seed: seed))] {
                let again = try Store.open("/data", options(ending, versions)).store.current
                let found = again[Library.author].liveRowCount
                #expect(found == 0 || found == 500, "seed \(seed): \(found) of 500 rows")
                if found == 0 { counts.none += 1 } else { counts.all += 1 }
            }
        }
        print("changes of 500 rows cut short: \(counts.all) there, \(counts.none) not, 0 in part")
        #expect(counts.all > 0 && counts.none > 0)
    }

    @Test func `once a synchronization has failed, nothing that comes after it is acknowledged`() throws {
        let trial = MemoryFileSystem()
        #expect(life(trial) == 6)
        let count = trial.calls.filter { $0.operation == .synchronize }.count
        for broken in 0..<count {
            let files = MemoryFileSystem()
            let seen = Mutex(0)
            files.failing { call in
                guard call.operation == .synchronize else { return nil }
                return seen.withLock { seen in
                    seen += 1
                    return seen > broken ? StorageFault(.inputOutput) : nil
                }
            }
            let acknowledged = life(files)
            files.failing { _ in nil }
            // Not even the bytes that the failed one held need be there.
            check(files.afterPowerLoss(.nothingKept), holds: acknowledged, "synchronization \(broken) and all after it fail")
        }
        print("failed synchronizations: \(count), 0 wrong acknowledgements")
    }

    @Test func `after a failed synchronization it reads on, takes no change, and says why`() throws {
        let files = MemoryFileSystem()
        try Store.make("/data", versions(0), id: id, options(files, versions))
        let store = try Store.open("/data", options(files, versions)).store
        _ = try store.commitWaiting(libraryCommit(1))
        files.failing { $0.operation == .synchronize && $0.index < 2 ? StorageFault(.inputOutput) : nil }
        for _ in 0..<2 {
            do {
                _ = try store.commitWaiting(libraryCommit(2))
                Issue.record("it was acknowledged")
            } catch {
                #expect("\(error)".contains("input/output error"), "\(error)")
            }
        }
        #expect(Library.text(store.current) == versions.text(1))
        #expect(store.readOnlyReason?.contains("journal") == true)
        #expect(throws: StoreError.self) { try store.resumeWriting() }
        #expect(throws: StoreError.self) { try store.snapshot() }
    }

    @Test func `after a full disk it writes again once there is room`() throws {
        let files = MemoryFileSystem()
        try Store.make("/data", versions(0), id: id, options(files, versions))
        let store = try Store.open("/data", options(files, versions)).store
        _ = try store.commitWaiting(libraryCommit(1))
        files.limit(toBytes: 1)
        #expect(throws: CommitError.self) { try store.commitWaiting(libraryCommit(2)) }
        #expect(throws: StoreError.self) { try store.resumeWriting() }
        files.limit(toBytes: nil)
        try store.resumeWriting()
        #expect(store.readOnlyReason == nil)
        for number in 2...4 { _ = try store.commitWaiting(libraryCommit(UInt64(number))) }
        #expect(Library.text(store.current) == versions.text(4))
        checkAfterwards(files, holds: 4, "after a full disk")
    }

    @Test func `a flipped bit in any file ends in the same graph or in a clear error`() throws {
        let whole = MemoryFileSystem()
        #expect(life(whole) == 6)
        var counts: [String: (detected: Int, harmless: Int)] = [:]
        for path in try everyFile("/data", whole) where !path.hasSuffix("/LOCK") && !path.hasSuffix("/reserve") {
            let bitCount = try whole.status(path).byteCount * 8
            for bit in stride(from: 0, to: bitCount, by: max(1, bitCount / flipCount(60))) {
                let files = whole.afterKill()
                files.flipBit(bit, of: path)
                do {
                    let store = try Store.open("/data", options(files, versions)).store
                    #expect(Library.text(store.current) == versions.text(6), "bit \(bit) of \(path)")
                    counts[path, default: (0, 0)].harmless += 1
                } catch {
                    #expect(error.exitCode == 65, "bit \(bit) of \(path): \(error)")
                    counts[path, default: (0, 0)].detected += 1
                }
            }
        }
        for (path, count) in counts.sorted(by: { $0.key < $1.key }) {
            print("bit flips in \(path): \(count.detected) detected, \(count.harmless) harmless, 0 silent")
        }
    }

    @Test func `a lost segment, an old manifest and a lost version stop the start`() throws {
        let whole = MemoryFileSystem()
        try Store.make("/data", versions(0), id: id, options(whole, versions))
        let old: [UInt8]
        do {
            let store = try Store.open("/data", options(whole, versions)).store
            old = try whole.contents(of: "/data/MANIFEST", limit: 9_999)
            for number in 1...5 {
                _ = try store.commitWaiting(libraryCommit(UInt64(number)))
                if number == 2 { _ = try store.snapshot() }
            }
            try store.close()
        }
        func check(_ story: String, _ damage: (MemoryFileSystem) throws -> Void) throws {
            let files = whole.afterKill()
            try damage(files)
            #expect(throws: StoreError.self, "\(story)") { try Store.open("/data", options(files, versions)) }
        }
        let segments = try whole.list("/data/journal")
        #expect(segments.count == 2)
        try check("without the last segment") { try $0.remove("/data/journal/" + segments[1]) }
        try check("without the first segment") { try $0.remove("/data/journal/" + segments[0]) }
        try check("with an old manifest") { files in
            try files.remove("/data/MANIFEST")
            try files.writeNew("/data/MANIFEST", old)
        }
        try check("without any version") {
            try $0.removeTree("/data/versions/00000002"); try $0.removeTree("/data/versions/00000000")
        }
        // One lost version is made up for by the one before and the whole journal since.
        let files = whole.afterKill()
        try files.removeTree("/data/versions/00000002")
        let opened = try Store.open("/data", options(files, versions))
        #expect(Library.text(opened.store.current) == versions.text(5) && opened.warnings.count == 1)
    }
}
