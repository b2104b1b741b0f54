import Bytes
import Store
import StoreColumns
import StoreJournal
import Synchronization
import Testing

/// Each call fails, alone or with all that come after it, and then the process is killed or the power is lost.
@Suite struct `What is copied on a faulty disk` {
    let versions = LibraryVersions()

    /// A folder at version 5 with a snapshot of 2, and a backup of it.
    func prepared() throws -> MemoryFileSystem {
        let files = MemoryFileSystem()
        try Store.make("/data", versions(0), id: FolderID(high: 5, low: 5), options(files, versions))
        let store = try Store.open("/data", options(files, versions)).store
        for number in 1...5 {
            _ = try store.commitWaiting(libraryCommit(UInt64(number)))
            if number == 2 { _ = try store.snapshot() }
        }
        _ = try store.backup(to: "/backup")
        try store.close()
        return files
    }

    /// Does something at every point of failure, and looks at what each end of the process leaves.
    /// - Parameters:
    ///   - place: what must be whole or absent.
    func check(
        _ what: String, at place: String, _ work: (MemoryFileSystem) throws -> Void,
        isWhole: (MemoryFileSystem) throws -> Void
    ) throws {
        let whole = try prepared()
        let trial = whole.afterKill()
        let before = trial.calls.count
        try work(trial)
        let callCount = trial.calls.count - before
        var counts = (whole: 0, absent: 0)
        for point in stride(from: 0, through: callCount, by: crashStep(2)) {
            for isForever in [false, true] {
                let files = whole.afterKill()
                let start = files.calls.count + point
                let fault = StorageFault(point.isMultiple(of: 3) ? .full : .inputOutput, writtenByteCount: 20)
                files.failing { $0.index == start || (isForever && $0.index > start) ? fault : nil }
                let isDone = (try? work(files)) != nil
                files.failing { _ in nil }
                for (end, left) in [
                    ("killed", files.afterKill()), ("nothing kept", files.afterPowerLoss(.nothingKept)),
                    ("lengths kept", files.afterPowerLoss(.lengthsKept)),
                    ("by chance", files.afterPowerLoss(.drawn(seed: UInt64(point)))),
                ] {
                    let story = "\(what), call \(point) of \(callCount)\(isForever ? " and all after it" : ""), \(end)"
                    do {
                        if try left.exists(place) {
                            try isWhole(left)
                            counts.whole += 1
                        } else {
                            #expect(!isDone, "\(story): it was done, and is not there")
                            counts.absent += 1
                            try work(left)
                            try isWhole(left)
                        }
                    } catch {
                        Issue.record("\(story): \(error)")
                    }
                }
            }
        }
        #expect(counts.whole > 0 && counts.absent > 0)
        print("\(what): \(callCount) calls, 2 faults each, 4 ends each: \(counts.whole) whole, \(counts.absent) not there")
    }

    @Test func `a backup is whole or not there`() throws {
        try check("backup", at: "/second") { files in
            _ = try Store.backup("/data", to: "/second", on: files)
        } isWhole: { files in
            let version = try Store.verify("/second", options(files, versions)).version
            #expect(version == 5)
        }
    }

    @Test func `a restored folder is whole or not there`() throws {
        try check("restore", at: "/again") { files in
            _ = try Store.restore("/backup", to: "/again", on: files)
        } isWhole: { files in
            let store = try Store.open("/again", options(files, versions)).store
            #expect(Library.text(store.current) == versions.text(5))
            try store.close()
        }
    }

    @Test func `a file of a backup that changes while it is copied is noticed`() throws {
        let files = try prepared()
        let victim = "/backup/journal/00000002.journal"
        let isHit = Mutex(false)
        // Behind the check of the digests, before the copy.
        files.failing { call in
            if call.path.hasPrefix("/again.tmp"), !isHit.withLock({ $0 }) {
                isHit.withLock { $0 = true }
                files.flipBit(900, of: victim)
            }
            return nil
        }
        do {
            _ = try Store.restore("/backup", to: "/again", on: files)
            Issue.record("it was restored")
        } catch {
            #expect(error.reason == .damaged && error.path == victim, "\(error)")
        }
        files.failing { _ in nil }
        #expect(try !files.exists("/again"))
    }

    @Test func `old snapshots go and the last one stays, whatever fails meanwhile`() throws {
        /// Six versions, each with a snapshot, of which one is kept.
        func life(_ files: MemoryFileSystem) -> UInt64 {
            var keeping = options(files, versions)
            keeping.keptSnapshotCount = 1
            var acknowledged: UInt64 = 0
            guard let store = (try? Store.open("/data", keeping))?.store else { return 0 }
            for number in 1...6 {
                guard case .applied(let version)? = try? store.commitWaiting(libraryCommit(UInt64(number))) else { break }
                acknowledged = version.number
                // One that fails is no reason to stop.
                _ = try? store.snapshot()
            }
            try? store.close()
            return acknowledged
        }
        let whole = MemoryFileSystem()
        try Store.make("/data", versions(0), id: FolderID(high: 5, low: 5), options(whole, versions))
        let trial = whole.afterKill()
        let before = trial.calls.count
        #expect(life(trial) == 6)
        #expect(try trial.list("/data/versions") == ["00000006"])
        let callCount = trial.calls.count - before
        var endCount = 0
        for point in stride(from: 0, to: callCount, by: crashStep(5)) {
            let files = whole.afterKill()
            let start = files.calls.count + point
            let isForever = point.isMultiple(of: 2)
            files.failing { $0.index == start || (isForever && $0.index > start) ? StorageFault(.inputOutput) : nil }
            let acknowledged = life(files)
            files.failing { _ in nil }
            for left in [
                files.afterKill(), files.afterPowerLoss(.nothingKept), files.afterPowerLoss(.drawn(seed: UInt64(point))),
            ] {
                do {
                    let store = try Store.open("/data", options(left, versions)).store
                    #expect(store.current.number >= acknowledged, "call \(point)")
                    #expect(Library.text(store.current) == versions.text(store.current.number), "call \(point)")
                    #expect(try !left.list("/data/versions").isEmpty)
                    try store.close()
                } catch {
                    Issue.record("call \(point): \(error)")
                }
                endCount += 1
            }
        }
        print("retention: every \(crashStep(5))th of \(callCount) calls failed, \(endCount) ends")
    }
}

/// Each kind of folder that operations leave, with bits flipped in every file of it: the same rows, or an error with the file.
@Suite struct `A flipped bit in a folder` {
    let versions = LibraryVersions()

    /// - Parameter read: the rows, after everything was verified.
    private func check(_ what: String, _ folder: String, _ whole: MemoryFileSystem, read: (MemoryFileSystem) throws -> [String])
        throws
    {
        let expected = try read(whole.afterKill())
        var counts: [String: (told: Int, harmless: Int)] = [:]
        var place: UInt64 = 7
        let copy = whole.afterKill()
        for path in try everyFile(folder, whole) where !path.hasSuffix("/LOCK") && !path.hasSuffix("/reserve") {
            let bitCount = try whole.status(path).byteCount * 8
            guard bitCount > 0 else { continue }
            let kind = path.split(separator: ".").last.map(String.init) ?? path
            for _ in 0..<flipCount(3) {
                place = place &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let bit = Int((place >> 20) % UInt64(bitCount))
                copy.flipBit(bit, of: path)
                defer { copy.flipBit(bit, of: path) }
                do {
                    #expect(try read(copy) == expected, "\(what): bit \(bit) of \(path) is silent")
                    counts[kind, default: (0, 0)].harmless += 1
                } catch let error as StoreError {
                    #expect(error.path.hasPrefix("/") && !error.message.isEmpty, "\(what): bit \(bit) of \(path): \(error)")
                    counts[kind, default: (0, 0)].told += 1
                }
            }
        }
        let told = counts.values.reduce(0) { $0 + $1.told }
        #expect(told > 10, "\(what): only \(told) were told")
        print("flips in \(what): \(told) told, \(counts.values.reduce(0) { $0 + $1.harmless }) harmless, 0 silent")
    }

    /// What a folder holds, told by one that opens it for reading.
    private func rows(_ folder: String, _ options: StoreOptions) throws -> [String] {
        _ = try Store.verify(folder, options)
        var reading = options
        reading.isReadOnly = true
        return Library.text(try Store.open(folder, reading).store.current)
    }

    private func arrow(_ files: MemoryFileSystem) -> StoreOptions {
        var options = StoreOptions(
            files: files, catalog: Library.catalog, model: Library.model, process: "4711", clock: { Instant(microseconds: 0) })
        options.bulkByteCount = 600
        options.reserveByteCount = 0
        return options
    }

    /// At version 4, of which version 3 was a bulk change.
    private func grown() throws -> MemoryFileSystem {
        let files = MemoryFileSystem()
        try Store.make("/data", versions(0), id: FolderID(high: 1, low: 2), arrow(files))
        let store = try Store.open("/data", arrow(files)).store
        for number in 1...4 {
            var commit = libraryCommit(UInt64(number))
            if number == 3 { commit.note = [UInt8](repeating: 0x20, count: 600) }
            _ = try store.commitWaiting(commit)
        }
        try store.close()
        return files
    }

    @Test func `with a bulk change is told, or changes nothing`() throws {
        try check("a folder with a bulk change", "/data", try grown()) { try rows("/data", arrow($0)) }
    }

    @Test func `that is a backup is told, or changes nothing`() throws {
        let files = try grown()
        _ = try Store.backup("/data", to: "/backup", on: files)
        try check("a backup", "/backup", files) { try rows("/backup", arrow($0)) }
    }

    @Test func `that was restored is told, or changes nothing`() throws {
        let files = try grown()
        _ = try Store.backup("/data", to: "/backup", on: files)
        _ = try Store.restore("/backup", to: "/again", on: files)
        try check("a restored folder", "/again", files) { try rows("/again", arrow($0)) }
    }

    @Test func `that something was erased from is told, or changes nothing`() throws {
        let files = try grown()
        let redaction = Redaction(
            catalog: Library.catalog, type: Library.book, key: Library.key(2), mode: .clear([8: .null]),
            personalColumns: [[], [8], []])
        _ = try Store.redact("/data", redaction, arrow(files)) { _ in Array("{}".utf8) }
        // The audit is a text that people read; it says nothing of the rows.
        try check("a folder with an erasure", "/data", files) { try rows("/data", arrow($0)) }
    }

    @Test func `that was brought under another model is told, or changes nothing`() throws {
        let files = MemoryFileSystem()
        try ChangingLibrary.make(in: files)
        let model = ChangingLibrary.first.replacing("title: String", with: "name: String @was(name: \"title\")")
            .replacing("  weight: Float\n", with: "")
        do { try Store.open("/data", ChangingLibrary.options(model, files)).store.close() }
        try check("a migrated folder", "/data", files) { files in
            var options = try ChangingLibrary.options(model, files)
            _ = try Store.verify("/data", options)
            options.isReadOnly = true
            return ChangingLibrary.lines(try Store.open("/data", options).store.current)
        }
    }

    @Test func `that was repaired is told, or changes nothing`() throws {
        let files = try grown()
        files.flipBit(97 * 8, of: "/data/journal/00000000.journal")
        let repair = try Repair.examine("/data", on: files, storage: arrow(files).storage, process: "1")
        try #require(repair).perform(acceptingLossAfter: 0)
        // The quarantine is kept for people, and is no data.
        for path in try everyFile("/data/quarantine", files) { try files.remove(path) }
        try check("a repaired folder", "/data", files) { try rows("/data", arrow($0)) }
    }
}
