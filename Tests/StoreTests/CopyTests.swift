import Bytes
import Store
import StoreColumns
import StoreJournal
import Testing

@Suite struct `A backup` {
    let files = MemoryFileSystem()
    let versions = LibraryVersions()

    func opened(_ path: String = "/data") throws -> Store {
        if try !files.exists(path) {
            try Store.make(path, versions(0), id: FolderID(high: 5, low: 6), options(files, versions))
        }
        return try Store.open(path, options(files, versions)).store
    }

    /// A store with a snapshot behind version 2, at version 5, and a backup of it; then at version 7.
    func prepared() throws {
        let store = try opened()
        for number in 1...7 {
            _ = try store.commitWaiting(libraryCommit(UInt64(number)))
            if number == 2 { _ = try store.snapshot() }
            if number == 5 { #expect(try store.backup(to: "/backup").version == 5) }
        }
        try store.close()
    }

    @Test func `is one version, wholly, whatever was written since`() throws {
        try prepared()
        #expect(try Store.verify("/backup", options(files, versions)).version == 5)
        #expect(try Store.verify("/data", options(files, versions)).version == 7)
        #expect(try Store.restore("/backup", to: "/again", on: files).version == 5)
        let again = try opened("/again")
        #expect(Library.text(again.current) == versions.text(5))
        guard case .repeated(5, _, _) = try again.commitWaiting(libraryCommit(5)) else {
            Issue.record("what was applied before the backup was forgotten")
            return
        }
        _ = try again.commitWaiting(libraryCommit(6))
        #expect(Library.text(again.current) == versions.text(6))
        let lost = files.afterPowerLoss(.nothingKept)
        #expect(try Store.open("/backup", options(lost, versions)).store.current.number == 5)
    }

    @Test func `is not written over anything, nor restored over anything`() throws {
        try prepared()
        let store = try opened()
        #expect(throws: StoreError.self) { try store.backup(to: "/backup") }
        #expect(throws: StoreError.self) { try Store.restore("/backup", to: "/data", on: files) }
        try files.makeFolder("/empty")
        _ = try Store.restore("/backup", to: "/empty", on: files)
    }

    @Test func `with any byte changed, missing or too many is refused, with the file`() throws {
        try prepared()
        for name in try everyFile("/backup") {
            let damaged = files.afterKill()
            damaged.flipBit(8 * (try files.status(name).byteCount / 2) + 3, of: name)
            for verb in ["verify", "restore"] {
                do {
                    if verb == "verify" {
                        _ = try Store.verify("/backup", options(damaged, versions))
                    } else {
                        _ = try Store.restore("/backup", to: "/again", on: damaged)
                    }
                    Issue.record("\(name) was taken")
                } catch {
                    #expect(error.exitCode == 65, "\(error)")
                }
            }
            let without = files.afterKill()
            try without.remove(name)
            #expect(throws: StoreError.self) { try Store.restore("/backup", to: "/again", on: without) }
        }
        let more = files.afterKill()
        try more.writeNew("/backup/versions/letter", [])
        #expect(throws: StoreError.self) { try Store.verify("/backup", options(more, versions)) }
    }

    func everyFile(_ path: String) throws -> [String] {
        guard try files.status(path).kind == .folder else { return [path] }
        return try files.list(path).flatMap { try everyFile(path + "/" + $0) }
    }
}
