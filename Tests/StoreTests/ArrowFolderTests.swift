import Bytes
import Foundation
import Glibc
import Store
import StoreColumns
import StoreJournal
import Testing

@Suite struct `Versions as Arrow files` {
    let versions = LibraryVersions()

    func options(_ files: any FileSystem) -> StoreOptions {
        StoreOptions(
            files: files, catalog: Library.catalog, model: Library.model, process: "\(getpid())",
            clock: { Instant(microseconds: 0) })
    }

    /// Made, changed, a snapshot in the middle; opened again; a backup verified and restored.
    func life(_ path: String, _ files: any FileSystem) throws {
        let data = path + "/data"
        try Store.make(data, versions(0), id: FolderID(high: 7, low: 8), options(files))
        for round in 0..<3 {
            let store = try Store.open(data, options(files)).store
            #expect(Library.text(store.current) == versions.text(UInt64(round * 4)))
            for number in round * 4 + 1...round * 4 + 4 {
                _ = try store.commitWaiting(libraryCommit(UInt64(number)))
                if number % 4 == 2 { _ = try store.snapshot() }
            }
            #expect(try Library.text(store.version(UInt64(round * 4 + 2))) == versions.text(UInt64(round * 4 + 2)))
            if round == 2 { #expect(try store.backup(to: path + "/backup").version == 12) }
            try store.close()
        }
        #expect(try Store.verify(data, options(files)).version == 12)
        #expect(try Store.verify(path + "/backup", options(files)).version == 12)
        _ = try Store.restore(path + "/backup", to: path + "/again", on: files)
        #expect(try Library.text(Store.open(path + "/again", options(files)).store.current) == versions.text(12))
    }

    @Test func `a folder lives on them in memory`() throws {
        try life("", MemoryFileSystem())
    }

    @Test func `a folder lives on them on the machine's disk`() throws {
        let files = POSIXFileSystem()
        let path = "\(NSTemporaryDirectory())store-\(getpid())"
        try files.makeFolder(path)
        defer { try? files.removeTree(path) }
        try life(path, files)
    }
}
