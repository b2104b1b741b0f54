import Bytes
import Store
import StoreColumns
import StoreJournal
import Synchronization
import Testing

@Suite struct `Versions between snapshots` {
    let files = MemoryFileSystem()
    let versions = LibraryVersions()

    /// Snapshots of versions 0, 4 and 9; the data is at version 12.
    func opened(_ change: (inout StoreOptions) -> Void = { _ in }) throws -> Store {
        if try !files.exists("/data") {
            try Store.make("/data", versions(0), id: FolderID(high: 1, low: 2), options(files, versions))
            let store = try Store.open("/data", options(files, versions)).store
            for number in 1...12 {
                _ = try store.commitWaiting(libraryCommit(UInt64(number)))
                if [4, 9].contains(number) { _ = try store.snapshot() }
            }
            try store.close()
        }
        var options = options(files, versions)
        options.keptVersionCount = 1
        change(&options)
        return try Store.open("/data", options).store
    }

    @Test func `are the same graph after a start, in any order of asking`() throws {
        let store = try opened()
        #expect(store.answerable == [0...12])
        for number in [11, 3, 4, 7, 8, 0, 1, 10, 9, 12, 2, 6, 5].map(UInt64.init) {
            #expect(try Library.text(store.version(number)) == versions.text(number), "version \(number)")
        }
        for number in 0...12 {
            let moment = Instant(microseconds: Int64(number) * 1_000_000 + 500_000)
            #expect(try store.version(knownAt: moment).number == UInt64(number))
        }
    }

    @Test func `are made again while the journal goes on and old snapshots go`() async throws {
        let store = try opened { $0.keptSnapshotCount = 2 }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 13...40 {
                    do {
                        _ = try await store.commit(libraryCommit(UInt64(number)))
                        if number.isMultiple(of: 6) { _ = try store.snapshot() }
                    } catch {
                        Issue.record("\(error)")
                    }
                }
            }
            for asker in 0..<3 {
                group.addTask {
                    for step in 0..<30 {
                        let number = UInt64((step * 7 + asker * 5) % 40)
                        switch await store.version(.number(number), isStopped: { false }) {
                        case .success(let version):
                            #expect(Library.text(version) == versions.text(number), "version \(number)")
                        // A segment may have gone between the look at the manifest and the reading.
                        case .failure(.gone), .failure(.notReached): break
                        case .failure(let reason): Issue.record("\(reason)")
                        }
                    }
                }
            }
        }
        let range = try #require(store.answerable.first)
        #expect(range.upperBound == 40 && store.answerable.count == 1)
        for number in range { #expect(try Library.text(store.version(number)) == versions.text(number)) }
        #expect(throws: VersionUnavailable.gone(VersionGone(asked: 5, nearest: [range.lowerBound]))) { try store.version(5) }
    }

    @Test func `farther from their snapshot than the limit are gone, and the nearest are named`() throws {
        let store = try opened { $0.rebuildLimit = 2 }
        #expect(store.answerable == [0...2, 4...6, 9...12])
        let gone = VersionGone(asked: 8, nearest: [6, 9], reason: .tooFar(limit: 2))
        #expect(throws: VersionUnavailable.gone(gone)) { try store.version(8) }
        #expect(
            "\(VersionUnavailable.gone(gone))"
                == "Version 8 is more than 2 changes behind the snapshot below it (limit max-rebuilt-changes); the nearest are 6 and 9."
        )
        #expect(try Library.text(store.version(6)) == versions.text(6))
    }

    @Test func `are not read further when nobody waits for them`() async throws {
        let store = try opened()
        let asked = Mutex(0)
        let result = await store.version(.number(8)) {
            asked.withLock { count in
                count += 1
                return count > 3
            }
        }
        #expect(result == .failure(.stopped))
        #expect(asked.withLock { $0 } == 4)
    }

    @Test func `of damaged records are gone, with the file and the byte, and all others are there`() throws {
        do { _ = try opened() }
        let damaged = files.afterKill()
        damaged.flipBit(8 * 300, of: "/data/journal/00000004.journal")
        var options = options(damaged, versions)
        options.keptVersionCount = 1
        let store = try Store.open("/data", options).store
        do {
            _ = try store.version(8)
            Issue.record("it was made of damaged records")
        } catch {
            guard case .gone(let gone) = error, case .unreadable(let why) = gone.reason else {
                Issue.record("\(error)")
                return
            }
            #expect(why.hasPrefix("/data/journal/00000004.journal: byte ") && gone.nearest == [7, 9], "\(error)")
        }
        for number in [0, 3, 4, 9, 11].map(UInt64.init) {
            #expect(try Library.text(store.version(number)) == versions.text(number))
        }
        #expect(throws: StoreError.self) { try Store.verify("/data", options) }
    }
}

extension Result where Success == GraphVersion, Failure == VersionUnavailable {
    static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.success(let left), .success(let right)): left === right
        case (.failure(let left), .failure(let right)): left == right
        default: false
        }
    }
}

@Suite struct `A receipt` {
    let files = MemoryFileSystem()
    let versions = LibraryVersions()

    func opened() throws -> Store {
        if try !files.exists("/data") {
            try Store.make("/data", versions(0), id: FolderID(high: 1, low: 2), options(files, versions))
        }
        return try Store.open("/data", options(files, versions)).store
    }

    func commit(_ number: UInt64, as id: String) -> Commit {
        let changes = Library.change(number)
        let moment = Instant(microseconds: Int64(number) * 1_000_000)
        return Commit(changes, changeID: id, fingerprint: [UInt8(number)], publishedAt: moment) {
            base, next, moment throws(CommitError) in
            guard let version = try? base.applying(changes, number: next, publishedAt: moment) else { return .nothing }
            return .version(version, receipt: Array("receipt of \(id)".utf8))
        }
    }

    func check(_ store: Store, repeats id: String, _ number: UInt64) throws {
        guard case .repeated(number, let receipt, let current) = try store.commitWaiting(commit(number, as: id)) else {
            Issue.record("\(id) was applied again")
            return
        }
        #expect(receipt == Array("receipt of \(id)".utf8))
        #expect(current === store.current)
    }

    @Test func `is given again after a start, and after its record has gone with an old snapshot`() throws {
        do {
            let store = try opened()
            for number in 1...3 { _ = try store.commitWaiting(commit(UInt64(number), as: "load \(number)")) }
            try check(store, repeats: "load 2", 2)
            try store.close()
        }
        do {
            var options = options(files, versions)
            options.keptSnapshotCount = 1
            let store = try Store.open("/data", options).store
            try check(store, repeats: "load 3", 3)
            _ = try store.snapshot()
            #expect(try files.list("/data/journal") == ["00000003.journal"])
            try check(store, repeats: "load 1", 1)
            try store.close()
        }
        let store = try opened()
        for number in 1...3 { try check(store, repeats: "load \(number)", UInt64(number)) }
        #expect(store.current.number == 3)
        // Something else under the same name.
        #expect(throws: CommitError.self) { try store.commitWaiting(commit(4, as: "load 1")) }
        // A version that was seen long ago is as old after a start.
        #expect(throws: CommitError.self) {
            try store.commit(Library.change(4), publishedAt: Instant(microseconds: 0), expecting: 2)
        }
        #expect(store.current.number == 3)
    }
}
