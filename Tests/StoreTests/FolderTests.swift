import Bytes
import Store
import StoreColumns
import StoreJournal
import Testing

@Suite struct `A data folder` {
    let files = MemoryFileSystem()
    let versions = LibraryVersions()
    let id = FolderID(high: 1, low: 2)

    func made() throws {
        try Store.make("/data", versions(0), id: id, options(files, versions))
    }

    func open(_ change: (inout StoreOptions) -> Void = { _ in }) throws -> OpenedStore {
        var options = options(files, versions)
        change(&options)
        return try Store.open("/data", options)
    }

    func check(throws reason: StoreError.Reason, exitCode: Int32, _ body: () throws -> Void) {
        do {
            try body()
            Issue.record("nothing was thrown")
        } catch let error as StoreError {
            #expect(error.reason == reason && error.exitCode == exitCode, "\(error)")
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test func `what was acknowledged is there when it is opened again`() throws {
        try made()
        var store: Store? = try open().store
        for number in 1...10 { _ = try store?.commitWaiting(libraryCommit(UInt64(number))) }
        try store?.close()
        store = nil
        let opened = try open()
        #expect(Library.text(opened.store.current) == versions.text(10))
        #expect(opened.replayedCount == 10 && opened.warnings == [])
        #expect(opened.store.versions.map(\.number) == [10, 9, 8, 7, 6, 5, 4, 3, 0])
    }

    @Test func `nothing, a stranger's folder and a lost manifest are three reasons`() throws {
        check(throws: .absent, exitCode: 64) { _ = try open() }
        try files.makeFolder("/data")
        check(throws: .absent, exitCode: 64) { _ = try open() }
        try files.writeNew("/data/letter.txt", [])
        check(throws: .damaged, exitCode: 65) { _ = try open() }
        check(throws: .occupied, exitCode: 64) { try made() }
        try files.remove("/data/letter.txt")
        try made()
        check(throws: .occupied, exitCode: 64) { try made() }
        try files.remove("/data/MANIFEST")
        check(throws: .damaged, exitCode: 65) { _ = try open() }
        try files.writeNew("/data/MANIFEST", Array("a letter".utf8))
        check(throws: .foreign, exitCode: 65) { _ = try open() }
        try files.remove("/data/MANIFEST")
        let newer = Array("hearth-data 2\nsomething else\n".utf8)
        let checksum = String(CRC32C.checksum(newer), radix: 16)
        let digits = String(repeating: "0", count: 8 - checksum.count) + checksum
        try files.writeNew("/data/MANIFEST", newer + Array("crc32c \(digits)\n".utf8))
        check(throws: .newer, exitCode: 65) { _ = try open() }
    }

    @Test func `a second process is told who holds it; readers share`() throws {
        try made()
        let first = try open().store
        check(throws: .locked(process: "4711"), exitCode: 73) { _ = try open() }
        check(throws: .locked(process: "4711"), exitCode: 73) { _ = try open { $0.isReadOnly = true } }
        try first.close()
        withExtendedLifetime(first) {}
    }

    @Test func `opened for reading, nothing is written`() throws {
        try made()
        do {
            let store = try open().store
            _ = try store.commitWaiting(libraryCommit(1))
            try store.close()
        }
        files.failing { call in
            [.write, .synchronize, .truncate, .rename, .remove, .makeFolder, .synchronizeFolder].contains(call.operation)
                ? StorageFault(.readOnly) : nil
        }
        let store = try open { $0.isReadOnly = true }.store
        #expect(Library.text(store.current) == versions.text(1))
        #expect(throws: CommitError.self) { try store.commitWaiting(libraryCommit(2)) }
    }

    @Test func `opened for reading, its snapshots are listed and opened, also where there is no lock file`() throws {
        try made()
        do {
            let store = try open().store
            for number in 1...8 {
                _ = try store.commitWaiting(libraryCommit(UInt64(number)))
                if [2, 4, 6].contains(number) { _ = try store.snapshot() }
            }
            _ = try store.backup(to: "/backup")
            try store.close()
        }
        _ = try Store.restore("/backup", to: "/restored", on: files)
        let unlocked = files.afterKill()
        try unlocked.remove("/data/LOCK")
        for (files, path, snapshots) in [
            (files, "/data", [UInt64(6), 4, 2, 0]), (unlocked, "/data", [6, 4, 2, 0]), (files, "/restored", [6]),
        ] {
            let hasLock = try files.exists(path + "/LOCK")
            #expect(hasLock == (path == "/data" && files !== unlocked))
            var options = options(files, versions)
            options.isReadOnly = true
            options.keptVersionCount = 1
            let store = try Store.open(path, options).store
            #expect(store.snapshots.map(\.version) == snapshots)
            #expect(Library.text(store.current) == versions.text(8))
            for number in snapshots { #expect(try Library.text(store.version(number)) == versions.text(number)) }
            for number in snapshots[snapshots.count - 1]...8 {
                #expect(try Library.text(store.version(number)) == versions.text(number))
            }
            #expect(store.answerable == [snapshots[snapshots.count - 1]...8])
            #expect(throws: StoreError.self) { try store.snapshot() }
            #expect(try files.exists(path + "/LOCK") == hasLock)
        }
    }

    @Test func `a network file system is refused`() throws {
        try made()
        files.pretendNetwork()
        check(throws: .foreign, exitCode: 65) { _ = try open() }
    }

    @Test func `another model is refused with what differs`() throws {
        try made()
        var catalog = Library.catalog
        catalog.nodeTypes[0].columns[1].kind = .int
        do {
            _ = try open { $0.outline = CatalogOutline(catalog) }
            Issue.record("nothing was thrown")
        } catch let error as StoreError {
            #expect(error.reason == .otherModel && error.exitCode == 78)
            #expect(error.message.contains("the data holds Author.born as Date, and the model says Int"), "\(error)")
        }
    }

    @Test func `a change sent twice is applied once, also after a start and after its record is gone`() throws {
        try made()
        var store: Store? = try open { $0.keptSnapshotCount = 1 }.store
        for number in 1...3 {
            _ = try store?.commitWaiting(libraryCommit(UInt64(number)))
            _ = try store?.snapshot()
        }
        func repeated() throws {
            let current = try #require(store?.current.number)
            guard case .repeated(let number, _, _)? = try store?.commitWaiting(libraryCommit(1)) else {
                Issue.record("it was applied again")
                return
            }
            #expect(number == 1 && store?.current.number == current)
            var other = libraryCommit(1)
            other.fingerprint = [99]
            do {
                _ = try store?.commitWaiting(other)
                Issue.record("another change under the same name was taken for it")
            } catch {
                #expect("\(error)" == "changeIDReused(number: 1)")
            }
        }
        try repeated()
        #expect(try files.list("/data/journal").contains(JournalFormat.segmentName(base: 0)) == false)
        try store?.close()
        store = try open { $0.keptSnapshotCount = 1 }.store
        try repeated()
    }

    @Test func `snapshots keep their number, and segments go with the snapshot before them`() throws {
        try made()
        let store = try open { $0.keptSnapshotCount = 3 }.store
        for number in 1...6 {
            _ = try store.commitWaiting(libraryCommit(UInt64(number)))
            #expect(try store.snapshot().version == UInt64(number))
            #expect(try store.snapshot().version == UInt64(number))
        }
        #expect(store.snapshots.map(\.version) == [6, 5, 4])
        #expect(try files.list("/data/versions") == ["00000004", "00000005", "00000006"])
        #expect(try files.list("/data/journal") == ["00000004.journal", "00000005.journal", "00000006.journal"])
    }

    @Test func `old versions are opened when they are asked for, by number and by moment`() throws {
        try made()
        let store = try open { $0.keptVersionCount = 2 }.store
        for number in 1...3 { _ = try store.commitWaiting(libraryCommit(UInt64(number))) }
        _ = try store.snapshot()
        for number in 4...8 { _ = try store.commitWaiting(libraryCommit(UInt64(number))) }
        #expect(try Library.text(store.version(3)) == versions.text(3))
        #expect(try Library.text(store.version(0)) == versions.text(0))
        #expect(try Library.text(store.version(7)) == versions.text(7))
        #expect(throws: VersionUnavailable.notReached(asked: 99, current: 8)) { try store.version(99) }
        #expect(store.versions.map(\.number) == [8, 7, 3, 0])
        func at(_ seconds: Int64) throws -> UInt64 {
            try store.version(knownAt: Instant(microseconds: seconds * 1_000_000 + 500_000)).number
        }
        #expect(try at(3) == 3 && at(7) == 7 && at(8) == 8 && at(1_000) == 8 && at(0) == 0)
        #expect(try at(5) == 5 && at(1) == 1)
        #expect(throws: VersionUnavailable.before(Instant(microseconds: 0))) { try at(-1) }
    }

    @Test func `many writers share few synchronizations`() async throws {
        try made()
        let store = try open().store
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<16 {
                group.addTask {
                    for step in 0..<20 {
                        let changes = ChangeSet(types: [
                            TypeChanges(
                                type: Library.author, columns: [0], cells: [.string("writer \(writer) step \(step)")])
                        ])
                        do {
                            let made = try await store.commit(Commit(changes))
                            guard case .applied(let version) = made else {
                                Issue.record("not applied")
                                return
                            }
                            // Visible before acknowledged.
                            #expect(store.current.number >= version.number)
                        } catch {
                            Issue.record("\(error)")
                        }
                    }
                }
            }
        }
        #expect(store.current.number == 320 && store.current[Library.author].liveRowCount == 320)
        let count = store.synchronizationCount
        print("320 commits from 16 writers: \(count) synchronizations")
        #expect(count > 0 && count <= 320)
        let again = files.afterKill()
        #expect(try Store.open("/data", options(again, versions)).store.current.number == 320)
    }
}
