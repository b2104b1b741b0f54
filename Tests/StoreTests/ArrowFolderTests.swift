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

    /// T25 over everything that a folder keeps; `HEARTH_LONG_TESTS` makes it more than a thousand flips.
    @Test func `a bit flipped in any file of a folder is told with the file, or changes nothing`() throws {
        let files = MemoryFileSystem()
        try Store.make("/data", versions(0), id: FolderID(high: 7, low: 8), options(files))
        let store = try Store.open("/data", options(files)).store
        for number in 1...6 {
            _ = try store.commitWaiting(libraryCommit(UInt64(number)))
            if number == 3 { _ = try store.snapshot() }
        }
        try store.close()
        var chance = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0..<1 << 32, using: &chance)
        print("seed \(seed)")
        var place = seed
        var counts: [String: (told: Int, harmless: Int)] = [:]
        let copy = files.afterKill()
        let paths = try everyFile("/data", files).filter { path in
            try !path.hasSuffix("/LOCK") && !path.hasSuffix("/reserve") && files.status(path).byteCount > 0
        }
        for path in paths {
            let bitCount = try files.status(path).byteCount * 8
            for _ in 0..<flipCount(4) {
                place = place &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let bit = Int((place >> 20) % UInt64(bitCount))
                copy.flipBit(bit, of: path)
                defer { copy.flipBit(bit, of: path) }
                let kind = path.split(separator: "/").last.map(String.init) ?? path
                do {
                    let found = try Store.verify("/data", options(copy))
                    #expect(found.version == 6, "bit \(bit) of \(path)")
                    var reading = options(copy)
                    reading.isReadOnly = true
                    let opened = try Store.open("/data", reading).store
                    #expect(Library.text(opened.current) == versions.text(6), "bit \(bit) of \(path) is silent")
                    counts[kind, default: (0, 0)].harmless += 1
                } catch {
                    #expect(
                        error.path.hasPrefix("/data") && !error.description.isEmpty, "bit \(bit) of \(path): \(error)")
                    counts[kind, default: (0, 0)].told += 1
                }
            }
        }
        for (kind, count) in counts.sorted(by: { $0.key < $1.key }) {
            print("flips in \(kind): \(count.told) told, \(count.harmless) harmless, 0 silent")
        }
        #expect(counts.values.reduce(0) { $0 + $1.told } > 50)
    }

    @Test func `what is kept in reserve is no data`() throws {
        let files = MemoryFileSystem()
        try Store.make("/data", versions(0), id: FolderID(high: 7, low: 8), options(files))
        let before = try Store.verify("/data", options(files))
        try files.writeNew("/data/reserve", [UInt8](repeating: 0, count: 4_096))
        #expect(try Store.verify("/data", options(files)) == before)
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

@Suite struct `A data folder of a version that is passed` {
    private let id = FolderID(high: 7, low: 8)

    private func options(_ files: any FileSystem) -> StoreOptions {
        StoreOptions(
            files: files, catalog: Library.catalog, model: Library.model, process: "\(getpid())",
            clock: { Instant(microseconds: 0) })
    }

    private func graph() throws -> PassingGraph {
        try GraphBuilder(catalog: Library.catalog).finishForPassing(number: 0, publishedAt: Instant(microseconds: 0))
    }

    @Test func `opens as that of the same version, and changes`() throws {
        let versions = LibraryVersions()
        let files = MemoryFileSystem()
        try Store.make("/data", graph(), id: id, options(files))
        let store = try Store.open("/data", options(files)).store
        #expect(Library.text(store.current) == versions.text(0))
        _ = try store.commitWaiting(libraryCommit(1))
        #expect(Library.text(store.current) == versions.text(1))
        try store.close()
    }

    @Test func `is gone without a trace when a storage call fails, or is whole`() throws {
        let untouched = MemoryFileSystem()
        try untouched.makeFolder("/data")
        untouched.failing { _ in nil }
        try Store.make("/data", graph(), id: id, options(untouched))
        let callCount = untouched.calls.count
        var goneCount = 0
        for index in 0..<callCount {
            let files = MemoryFileSystem()
            try files.makeFolder("/data")
            let graph = try graph()
            files.failing { $0.index == index ? StorageFault(.full) : nil }
            do throws(StoreError) { try Store.make("/data", graph, id: id, options(files)) } catch {}
            files.failing { _ in nil }
            let names = try files.list("/data").filter { $0 != "LOCK" }
            if names.contains("MANIFEST") {
                _ = try Store.open("/data", options(files))
            } else {
                goneCount += 1
                #expect(names == [], "call \(index)")
                try Store.prepareMaking("/data", options(files))
                try Store.make("/data", self.graph(), id: id, options(files))
                #expect(throws: StoreError.self) { try Store.prepareMaking("/data", options(files)) }
            }
        }
        #expect(goneCount > callCount / 2, "\(goneCount) of \(callCount)")
    }

    @Test func `that was interrupted is cleared away before the next one is made`() throws {
        let files = MemoryFileSystem()
        files.failing { call in call.operation == .open && call.path.hasSuffix("manifest.json") ? StorageFault(.full) : nil }
        #expect(throws: StoreError.self) { try Store.make("/data", graph(), id: id, options(files)) }
        files.failing { _ in nil }
        for (name, isFolder) in [("CREATING", false), ("versions", true), ("versions/00000000.tmp", true)] {
            if isFolder { try files.makeFolder("/data/" + name) } else { try files.writeNew("/data/" + name, []) }
        }
        try files.writeNew("/data/versions/00000000.tmp/Thing.arrow", [1, 2, 3])
        try Store.prepareMaking("/data", options(files))
        #expect(try files.list("/data") == ["LOCK"])
        try files.writeNew("/data/letter.txt", [])
        do throws(StoreError) {
            try Store.prepareMaking("/data", options(files))
            Issue.record("a stranger's folder")
        } catch {
            #expect(error.reason == .occupied)
        }
    }
}
