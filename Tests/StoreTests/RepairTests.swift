import Bytes
import Store
import StoreColumns
import StoreJournal
import Testing

@Suite struct `A repair` {
    let versions = LibraryVersions()

    /// A folder at version 9, with snapshots of 2 and 6 and a journal that begins behind 2, as a stopped server leaves it.
    func prepared() throws -> MemoryFileSystem {
        let files = MemoryFileSystem()
        try Store.make("/data", versions(0), id: FolderID(high: 9, low: 9), repairOptions(files))
        let store = try Store.open("/data", repairOptions(files)).store
        for number in 1...9 {
            _ = try store.commitWaiting(libraryCommit(UInt64(number)))
            if [2, 6].contains(number) { _ = try store.snapshot() }
        }
        try store.close()
        return files
    }

    func repairOptions(_ files: MemoryFileSystem) -> StoreOptions {
        var options = options(files, versions)
        options.keptSnapshotCount = 2
        return options
    }

    func examine(_ files: MemoryFileSystem) throws -> Repair? {
        try Repair.examine("/data", on: files, storage: versions.storage, process: "1")
    }

    /// The folder opens at the version, whole, forgets none of the changes up to it, and goes on.
    func check(_ files: MemoryFileSystem, isAt version: UInt64, mayHaveTail: Bool = false, _ story: String) {
        do {
            #expect(try examine(files)?.problems == nil, "\(story): it is still not whole")
            let opened = try Store.open("/data", repairOptions(files))
            // Where a repair was interrupted, a start may find what was to go as a torn tail.
            #expect(
                opened.warnings.allSatisfy { $0.contains("never acknowledged") && mayHaveTail }, "\(story): \(opened.warnings)")
            #expect(Library.text(opened.store.current) == versions.text(version), "\(story)")
            let next = try opened.store.commitWaiting(libraryCommit(version + 1))
            guard case .applied = next else {
                Issue.record("\(story): a change after version \(version) is taken for one that was applied")
                return
            }
            _ = try opened.store.snapshot()
            #expect(Library.text(opened.store.current) == versions.text(version + 1), "\(story)")
        } catch {
            Issue.record("\(story): \(error)")
        }
    }

    @Test func `of a whole folder is refused, and a torn tail is nothing wrong`() throws {
        let files = try prepared()
        #expect(try examine(files) == nil)
        let path = "/data/journal/00000006.journal"
        try files.open(path, .readAndWrite).write(Array("HRTJ".utf8).span, at: files.status(path).byteCount)
        #expect(try examine(files) == nil)
        let store = try Store.open("/data", repairOptions(files)).store
        #expect(throws: StoreError.self) { try examine(files) }
        try store.close()
    }

    @Test func `after a flipped bit in any file keeps what it says, and moves away what it says`() throws {
        let whole = try prepared()
        var counts: [String: (harmless: Int, repaired: Int, hopeless: Int)] = [:]
        for path in try everyFile("/data", whole) where !path.hasSuffix("/LOCK") && !path.hasSuffix("/reserve") {
            let bitCount = try whole.status(path).byteCount * 8
            for bit in stride(from: 0, to: bitCount, by: max(1, bitCount / flipCount(24))) {
                let files = whole.afterKill()
                files.flipBit(bit, of: path)
                let story = "bit \(bit) of \(path)"
                let found: Repair?
                do {
                    found = try examine(files)
                } catch let error as StoreError {
                    // Made by a newer program, as far as anybody can tell.
                    #expect(error.reason == .newer, "\(story): \(error)")
                    counts[path, default: (0, 0, 0)].hopeless += 1
                    continue
                }
                guard let repair = found else {
                    check(files, isAt: 9, story)
                    counts[path, default: (0, 0, 0)].harmless += 1
                    continue
                }
                counts[path, default: (0, 0, 0)].repaired += 1
                #expect(
                    repair.version == 9 ? repair.lostVersions == nil : repair.lostVersions == repair.version + 1...9, "\(story)")
                #expect(throws: StoreError.self) { try repair.perform(acceptingLossAfter: repair.version + 1) }
                #expect(try !files.exists("/data/quarantine"), "\(story): refused, and something was changed")
                let before = try repair.moved.map {
                    try everyFile("/data/" + $0, files).map { try files.contents(of: $0, limit: 1 << 20) }
                }
                try repair.perform(acceptingLossAfter: repair.version)
                let kept = "/data/" + repair.quarantine + "/"
                #expect(
                    try repair.moved.map { try everyFile(kept + $0, files).map { try files.contents(of: $0, limit: 1 << 20) } }
                        == before, "\(story): the quarantine is not what was moved")
                check(files.afterPowerLoss(.nothingKept), isAt: repair.version, story)
            }
        }
        for (path, count) in counts.sorted(by: { $0.key < $1.key }) {
            print("repairs of \(path): \(count.repaired), harmless \(count.harmless), of a newer format \(count.hopeless)")
        }
        #expect(counts.values.reduce(0) { $0 + $1.repaired } > 50)
    }

    /// What is done to the folder, and the version that is left.
    static let damages: [(name: String, version: UInt64, damage: @Sendable (MemoryFileSystem) throws -> Void)] = [
        (
            "the last record's middle", 8,
            {
                $0.flipBit(
                    (try $0.status("/data/journal/00000006.journal").byteCount - 40) * 8, of: "/data/journal/00000006.journal")
            }
        ),
        ("a record's beginning", 6, { $0.flipBit(97 * 8, of: "/data/journal/00000006.journal") }),
        ("the header of the last segment", 6, { $0.flipBit(40 * 8, of: "/data/journal/00000006.journal") }),
        // The snapshot of 6 makes up for it.
        ("an earlier segment", 9, { $0.flipBit(120 * 8, of: "/data/journal/00000002.journal") }),
        ("without the last segment", 6, { try $0.remove("/data/journal/00000006.journal") }),
        ("the newest snapshot", 9, { $0.flipBit(70, of: "/data/versions/00000006/version") }),
        (
            "the newest snapshot and the first record of the last segment", 6,
            {
                $0.flipBit(70, of: "/data/versions/00000006/version")
                $0.flipBit(97 * 8, of: "/data/journal/00000006.journal")
            }
        ),
        ("without a snapshot", 9, { try $0.removeTree("/data/versions/00000006") }),
        ("without a manifest", 9, { try $0.remove("/data/MANIFEST") }),
        ("without acked", 9, { try $0.remove("/data/acked") }),
        ("a stranger in the journal", 9, { try $0.writeNew("/data/journal/letter.txt", [1, 2, 3]) }),
        ("the remembered changes", 9, { $0.flipBit(300, of: "/data/remembered") }),
    ]

    @Test func `leaves the last version that everything before leads to`() throws {
        let whole = try prepared()
        for (name, version, damage) in Self.damages {
            let files = whole.afterKill()
            try damage(files)
            let repair = try #require(try examine(files), "\(name)")
            #expect(repair.version == version, "\(name): \(repair.problems)")
            try repair.perform(acceptingLossAfter: 0)
            check(files.afterKill(), isAt: version, name)
        }
    }

    @Test func `interrupted at any call is begun again, and keeps the same`() throws {
        let whole = try prepared()
        var callCount = 0
        for (name, version, damage) in Self.damages {
            let damaged = whole.afterKill()
            try damage(damaged)
            for folder in ["/data", "/data/journal", "/data/versions"] { try damaged.synchronizeFolder(folder) }
            let trial = damaged.afterKill()
            let first = try #require(try examine(trial))
            trial.failing { _ in nil }
            try first.perform(acceptingLossAfter: version)
            for broken in stride(from: 0, to: trial.calls.count, by: crashStep(3)) {
                let files = damaged.afterKill()
                let repair = try #require(try examine(files))
                // It alone, or all from there on.
                let isForever = callCount.isMultiple(of: 2)
                files.failing {
                    $0.index == broken || (isForever && $0.index > broken)
                        ? StorageFault(.inputOutput, writtenByteCount: 30) : nil
                }
                try? repair.perform(acceptingLossAfter: version)
                files.failing { _ in nil }
                for (story, ending) in [("killed", files.afterKill()), ("power lost", files.afterPowerLoss(.drawn(seed: 5)))] {
                    let again = try examine(ending)
                    #expect(again?.version ?? version == version, "\(name), call \(broken), \(story)")
                    try again?.perform(acceptingLossAfter: version)
                    check(ending.afterKill(), isAt: version, mayHaveTail: true, "\(name), call \(broken), \(story)")
                }
                callCount += 1
            }
        }
        print("repair crash points: \(callCount), 2 ends each")
    }

    @Test func `where no snapshot is whole, it says that a backup is needed`() throws {
        let files = try prepared()
        for version in ["00000002", "00000006"] { files.flipBit(70, of: "/data/versions/\(version)/version") }
        do {
            _ = try examine(files)
            Issue.record("something was kept")
        } catch let error as StoreError {
            #expect(error.reason == .damaged && error.message.contains("restore a backup"), "\(error)")
        }
    }
}
