import Bytes
import Dispatch
import Store
import StoreColumns
import StoreJournal
import Synchronization
import Testing

/// What is done to a folder while a server has it open.
@Suite struct `A folder that a server has open` {
    let files = MemoryFileSystem()
    let versions = LibraryVersions()

    func opened() throws -> Store {
        if try !files.exists("/data") {
            try Store.make("/data", versions(0), id: FolderID(high: 5, low: 5), options(files, versions))
        }
        var options = options(files, versions)
        options.keptSnapshotCount = 1
        return try Store.open("/data", options).store
    }

    @Test func `is backed up while changes and snapshots go on, as one version each time`() throws {
        let store = try opened()
        let last: UInt64 = 150
        _ = versions(last + 1)
        let isDone = Atomic(false)
        let writer = DispatchQueue(label: "writer")
        writer.async { [versions, files] in
            for number in 1...last {
                do {
                    _ = try store.commitWaiting(libraryCommit(number))
                    if number % 7 == 0 { _ = try store.snapshot() }
                } catch {
                    Issue.record("change \(number): \(error)")
                }
            }
            withExtendedLifetime((versions, files)) {}
            isDone.store(true, ordering: .releasing)
        }
        var points: [UInt64] = []
        while !isDone.load(ordering: .acquiring) || points.count < 3 {
            let name = "/backup-\(points.count)"
            let before = store.current.number
            let report = try Store.backup("/data", to: name, on: files)
            #expect(report.version >= before && report.version <= last)
            points.append(report.version)
        }
        writer.sync {}
        for (place, version) in points.enumerated() {
            #expect(try Store.verify("/backup-\(place)", options(files, versions)).version == version)
            #expect(try Store.restore("/backup-\(place)", to: "/again-\(place)", on: files).version == version)
            let again = try Store.open("/again-\(place)", options(files, versions)).store
            #expect(Library.text(again.current) == versions.text(version))
            // What came after it is not taken for done.
            guard case .applied = try again.commitWaiting(libraryCommit(version + 1)) else {
                Issue.record("a change after version \(version) is taken for one that was applied")
                continue
            }
        }
        print("backups under load: \(points.count), at versions \(points)")
        // While nobody copies, what is old goes.
        _ = try store.commitWaiting(libraryCommit(last + 1))
        _ = try store.snapshot()
        #expect(try files.list("/data/versions").count == 1)
    }

    @Test func `keeps what is being copied`() throws {
        let store = try opened()
        _ = try store.commitWaiting(libraryCommit(1))
        let begun = Mutex(false)
        // In the middle of the copy a snapshot is written, after which the copied one is beyond those to keep.
        files.failing { call in
            if call.path.hasPrefix("/backup.tmp/versions"), call.operation == .write, !begun.withLock({ $0 }) {
                begun.withLock { $0 = true }
                do { _ = try store.snapshot() } catch { Issue.record("\(error)") }
            }
            return nil
        }
        #expect(try store.backup(to: "/backup").version == 1)
        files.failing { _ in nil }
        #expect(begun.withLock { $0 })
        #expect(try files.list("/data/versions") == ["00000000", "00000001"])
        #expect(try Store.verify("/backup", options(files, versions)).version == 1)
        _ = try store.commitWaiting(libraryCommit(2))
        _ = try store.snapshot()
        #expect(try files.list("/data/versions") == ["00000002"])
    }

    @Test func `a backup of which any call fails is whole or not there`() throws {
        let store = try opened()
        for number in 1...4 {
            _ = try store.commitWaiting(libraryCommit(UInt64(number)))
            if number == 2 { _ = try store.snapshot() }
        }
        files.failing { _ in nil }
        _ = try store.backup(to: "/trial")
        let callCount = files.calls.count
        for broken in 0..<callCount {
            files.failing { $0.index == broken ? StorageFault(broken.isMultiple(of: 2) ? .full : .inputOutput) : nil }
            let report = try? store.backup(to: "/backup-\(broken)")
            files.failing { _ in nil }
            if try files.exists("/backup-\(broken)") {
                #expect(try Store.verify("/backup-\(broken)", options(files, versions)).version == 4)
            } else {
                #expect(report == nil)
                #expect(try store.backup(to: "/backup-\(broken)").version == 4)
            }
        }
        _ = try store.commitWaiting(libraryCommit(5))
        #expect(Library.text(store.current) == versions.text(5))
    }

    @Test func `writes a snapshot when it is asked by a file, and answers by one`() throws {
        var store: Store? = try opened()
        _ = try store?.commitWaiting(libraryCommit(1))
        func state(_ token: String) throws -> StoreRequest.State {
            try StoreRequest.state(of: "/data", token: token, on: files)
        }
        #expect(try state("never") == .forgotten)
        for token in ["a", "b"] { try StoreRequest.askForSnapshot(of: "/data", token: token, on: files) }
        #expect(try state("a") == .waiting)
        try store?.answerRequests()
        let newest = try #require(store?.snapshots.first)
        #expect(newest.version == 1)
        #expect(try state("a") == .done(newest) && state("b") == .done(newest))
        #expect(try files.list("/data/requests") == [] && state("a") == .forgotten)
        // One that cannot be done is answered too.
        try StoreRequest.askForSnapshot(of: "/data", token: "c", on: files)
        _ = try store?.commitWaiting(libraryCommit(2))
        files.failing { $0.path.hasPrefix("/data/versions") ? StorageFault(.inputOutput) : nil }
        try store?.answerRequests()
        files.failing { _ in nil }
        guard case .failed(74, let message) = try state("c") else {
            Issue.record("it was not told")
            return
        }
        #expect(message.contains("input/output error"), "\(message)")
        // Whoever asks is told when the server ends, and a later server does not know of it.
        try StoreRequest.askForSnapshot(of: "/data", token: "d", on: files)
        try store?.close()
        #expect(try state("d") == .forgotten)
        store = try opened()
        #expect(try files.list("/data/requests") == [])
    }

    @Test func `is its owner's alone`() throws {
        _ = try opened()
        try files.setPermissions("/data", 0o755)
        let opened = try Store.open("/data", options(files, versions))
        #expect(opened.warnings.count == 1 && opened.warnings[0].contains("755"), "\(opened.warnings)")
        #expect(try files.status("/data").permissions == 0o700)
        try opened.store.close()
        files.giveAway("/data")
        do {
            _ = try Store.open("/data", options(files, versions))
            Issue.record("a folder of another user was taken")
        } catch {
            #expect(error.reason == .foreign && error.message.contains("another user"), "\(error)")
        }
    }

    @Test func `removed under it takes no change any more`() throws {
        let store = try opened()
        _ = try store.commitWaiting(libraryCommit(1))
        try files.removeTree("/data")
        #expect(throws: CommitError.self) { try store.commitWaiting(libraryCommit(2)) }
        #expect(store.readOnlyReason?.contains("removed") == true, "\(store.readOnlyReason ?? "")")
        #expect(Library.text(store.current) == versions.text(1))
        #expect(throws: StoreError.self) { try store.resumeWriting() }
    }

    @Test func `whose lock was replaced writes no snapshot`() throws {
        let store = try opened()
        _ = try store.commitWaiting(libraryCommit(1))
        try files.remove("/data/LOCK")
        try files.writeNew("/data/LOCK", [])
        do {
            _ = try store.snapshot()
            Issue.record("a snapshot was written")
        } catch {
            #expect(error.reason == .foreign && error.message.contains("replaced the lock"), "\(error)")
        }
    }
}

@Suite struct `A full disk` {
    let files = MemoryFileSystem()
    let versions = LibraryVersions()

    func opened(room: Int = 1 << 20) throws -> Store {
        files.limit(toBytes: room)
        if try !files.exists("/data") {
            try Store.make("/data", versions(0), id: FolderID(high: 5, low: 5), options(files, versions))
        }
        return try Store.open("/data", options(files, versions)).store
    }

    /// Takes all the room but some bytes.
    func fill(leaving count: UInt64 = 0) throws {
        let free = try files.space("/").freeByteCount
        let file = try files.open("/filler", .createIfAbsent)
        try file.allocate(byteCount: file.byteCount() + Int(free - min(free, count)))
    }

    func empty() throws { try files.remove("/filler") }

    @Test func `stops changes, not reads, and ends by itself when there is room`() throws {
        let store = try opened()
        #expect(try files.status("/data/reserve").byteCount == 4_096)
        var acknowledged: UInt64 = 0
        for round in 1...4 {
            for _ in 0..<3 {
                acknowledged += 1
                _ = try store.commitWaiting(libraryCommit(acknowledged))
            }
            try fill(leaving: UInt64(round) * 60)
            #expect(throws: CommitError.self) {
                for number in acknowledged + 1...acknowledged + 40 {
                    _ = try store.commitWaiting(libraryCommit(number))
                    acknowledged = number
                }
            }
            #expect(store.readOnlyReason?.contains("no space left") == true, "\(store.readOnlyReason ?? "")")
            #expect(Library.text(store.current) == versions.text(acknowledged))
            #expect(throws: StoreError.self) { try store.resumeWriting() }
            // The reserve is no room for changes.
            #expect(try files.exists("/data/reserve"))
            // What a crash leaves opens while the disk is still full.
            let crashed = files.afterPowerLoss(.drawn(seed: UInt64(round)))
            #expect(try Store.open("/data", options(crashed, versions)).store.current.number >= acknowledged)
            try empty()
            #expect(try store.resumeWriting())
            #expect(store.readOnlyReason == nil)
        }
        acknowledged += 1
        _ = try store.commitWaiting(libraryCommit(acknowledged))
        let crashed = files.afterPowerLoss(.nothingKept)
        #expect(try Library.text(Store.open("/data", options(crashed, versions)).store.current) == versions.text(acknowledged))
    }

    @Test func `lets a torn tail be cut off and a snapshot be finished with the room that is kept back`() throws {
        var store: Store? = try opened()
        for number in 1...5 { _ = try store?.commitWaiting(libraryCommit(UInt64(number))) }
        try store?.close()
        store = nil
        let path = "/data/journal/00000000.journal"
        try files.open(path, .readAndWrite).write(Array("HRTJ and then nothing".utf8).span, at: files.status(path).byteCount)
        try fill()
        store = try opened()
        #expect(store?.current.number == 5)
        #expect(try files.list("/data/quarantine").count == 1)
        try store?.close()
        store = nil
        try empty()
        store = try opened()
        #expect(try files.exists("/data/reserve"))
        try fill()
        #expect(try store?.snapshot().version == 5)
    }
}
