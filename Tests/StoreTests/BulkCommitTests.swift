import Bytes
import Store
import StoreColumns
import StoreJournal
import Testing

/// Changes too large for a record: a snapshot and one record with its digest.
@Suite struct `A bulk change` {
    let versions = LibraryVersions()

    /// Version 3 is too large.
    func options(_ files: MemoryFileSystem) -> StoreOptions {
        var options = StoreOptions(
            files: files, catalog: Library.catalog, model: Library.model, process: "4711", clock: { Instant(microseconds: 0) })
        options.bulkByteCount = 600
        options.keptVersionCount = 1
        options.reserveByteCount = 0
        return options
    }

    func bulk(_ number: UInt64) -> Commit {
        var commit = libraryCommit(number)
        commit.note = [UInt8](repeating: 0x20, count: 600)
        return commit
    }

    /// - Returns: the version that was acknowledged last; nil if the folder was not made.
    func life(_ files: MemoryFileSystem) -> UInt64? {
        guard (try? Store.make("/data", versions(0), id: FolderID(high: 1, low: 2), options(files))) != nil else { return nil }
        var acknowledged: UInt64 = 0
        guard let store = (try? Store.open("/data", options(files)))?.store else { return acknowledged }
        for number in 1...5 {
            let commit = number == 3 ? bulk(3) : libraryCommit(UInt64(number))
            guard case .applied(let version)? = try? store.commitWaiting(commit) else { return acknowledged }
            acknowledged = version.number
        }
        try? store.close()
        return acknowledged
    }

    @Test func `is named by the manifest once it is durable, and opened by later starts`() throws {
        let files = MemoryFileSystem()
        #expect(life(files) == 5)
        let store = try Store.open("/data", options(files)).store
        #expect(store.snapshots.map(\.version) == [3, 0] && store.answerable == [0...5])
        for number in UInt64(0)...5 { #expect(try Library.text(store.version(number)) == versions.text(number)) }
        _ = try store.snapshot()
        _ = try store.backup(to: "/backup")
        try store.close()
        // A start reads from the newest snapshot; the bulk one stays for the versions behind it.
        let again = try Store.open("/data", options(files)).store
        #expect(again.snapshots.map(\.version) == [5, 3, 0])
        #expect(try Library.text(again.version(4)) == versions.text(4))
        #expect(try Library.text(Store.open("/backup", options(files)).store.current) == versions.text(5))
    }

    @Test func `is there whole or not at all, whatever fails and whenever power is lost`() throws {
        let trial = MemoryFileSystem()
        #expect(life(trial) == 5)
        let callCount = trial.calls.count
        var point = 0
        var endCount = 0
        while point < callCount {
            let files = MemoryFileSystem()
            let start = point
            // It alone, or all from there on.
            let isForever = point.isMultiple(of: 2)
            files.failing {
                $0.index == start || (isForever && $0.index > start)
                    ? StorageFault(start.isMultiple(of: 3) ? .full : .inputOutput, writtenByteCount: 20) : nil
            }
            let acknowledged = life(files)
            files.failing { _ in nil }
            for left in [
                files.afterKill(), files.afterPowerLoss(.nothingKept), files.afterPowerLoss(.lengthsKept),
                files.afterPowerLoss(.drawn(seed: UInt64(point))),
            ] {
                guard let acknowledged else { continue }
                let store = try Store.open("/data", options(left)).store
                let number = store.current.number
                #expect(number >= acknowledged, "call \(point)")
                #expect(Library.text(store.current) == versions.text(number), "call \(point)")
                endCount += 1
            }
            point += crashStep(9)
        }
        print("bulk change: every \(crashStep(9))th of \(callCount) calls failed, \(endCount) ends")
    }
}
