import Bytes
import StoreColumns
import StoreSnapshot
import Testing

let description = Snapshot.Description(model: Array("type Room { code: String! }\n".utf8))

/// Every file of a snapshot, by its path in the folder.
func contents(_ folder: String, _ manifest: Manifest, _ files: any FileSystem) throws -> [String: [UInt8]] {
    var contents: [String: [UInt8]] = [:]
    for name in manifest.files.map(\.name) + [Manifest.fileName] {
        contents[name] = try files.contents(of: folder + "/" + name, limit: 1 << 30)
    }
    return contents
}

func storage() throws -> MemoryFileSystem {
    let files = MemoryFileSystem()
    try files.makeFolder("/versions")
    return files
}

@Suite struct `A snapshot, written and opened` {
    @Test(arguments: 0..<10)
    func `holds what the version held, and changes apply to both alike`(seed: UInt64) throws {
        let files = try storage()
        let version = Museum.version(seed: seed)
        let manifest = try Snapshot.write(version, description, to: "/versions/1", on: files)
        let opened = try Snapshot.open("/versions/1", on: files)
        #expect(opened.manifest == manifest)
        #expect(opened.model == description.model)
        #expect(told(opened.version) == told(version))
        var (before, after) = (version, opened.version)
        for step in 0..<3 {
            var (left, right) = (SeededGenerator(state: seed &+ UInt64(step)), SeededGenerator(state: seed &+ UInt64(step)))
            before = Museum.next(before, &left, exhibits: 40, number: before.number + 1)
            after = Museum.next(after, &right, exhibits: 40, number: after.number + 1)
            #expect(told(after) == told(before))
        }
    }

    /// Rows that a file held have the numbers of their keys, until some of them are deleted and come again.
    @Test(arguments: 0..<4) func `finds the same row by a key's text and by its code, under changes too`(seed: UInt64) throws {
        func changed(_ version: GraphVersion, _ rooms: TypeChanges) throws -> GraphVersion {
            try version.applying(
                ChangeSet(types: [rooms]), number: version.number + 1, publishedAt: Instant(microseconds: 0))
        }
        let given = TypeChanges(type: Museum.room, columns: [0], cells: ["left", "right"].map { .string($0) })
        let files = try storage()
        _ = try Snapshot.write(changed(Museum.version(seed: seed), given), description, to: "/versions/1", on: files)
        let opened = try Snapshot.open("/versions/1", on: files).version
        let deleted = try changed(
            opened, TypeChanges(type: Museum.room, columns: [], deletedKeys: [Museum.roomKey("left"), Museum.roomKey("right")]))
        let again = try changed(deleted, TypeChanges(type: Museum.room, columns: [0], cells: [.string("right")]))
        for (version, missing) in [(opened, 0), (deleted, 2), (again, 1)] {
            let texts = try #require(version[Museum.room].textKeys)
            let codes = 0..<UInt32(texts.count)
            let rows = codes.map { version.row(of: Museum.room, forKey: Museum.roomKey(texts.text(of: $0))) }
            #expect(codes.map { version[Museum.room].row(withKeyCode: $0) } == rows, "seed \(seed)")
            #expect(rows.count { $0 == nil } == missing, "seed \(seed)")
        }
    }

    @Test(arguments: 0..<5)
    func `is the same bytes when it is written twice, and when what was opened is written again`(seed: UInt64) throws {
        let files = try storage()
        let version = Museum.version(seed: seed)
        let first = try Snapshot.write(version, description, to: "/versions/1", on: files)
        let second = try Snapshot.write(version, description, to: "/versions/2", on: files)
        let opened = try Snapshot.open("/versions/1", on: files)
        let third = try Snapshot.write(opened.version, description, to: "/versions/3", on: files)
        #expect(first == second)
        let bytes = try contents("/versions/1", first, files)
        #expect(try contents("/versions/2", second, files) == bytes)
        #expect(try contents("/versions/3", third, files) == bytes)
    }

    @Test(arguments: 0..<4)
    func `holds the same where columns are checked on first use, also under changes`(seed: UInt64) throws {
        let files = try storage()
        let version = Museum.version(seed: seed)
        _ = try Snapshot.write(version, description, to: "/versions/1", on: files)
        let lazy = Snapshot.Checking.onFirstUse { Issue.record("nothing is damaged: \($0)") }
        var (before, after) = (version, try Snapshot.open("/versions/1", on: files, checking: lazy).version)
        #expect(told(try Snapshot.open("/versions/1", on: files, checking: lazy).version) == told(version))
        for step in 0..<3 {
            var (left, right) = (SeededGenerator(state: seed &+ UInt64(step)), SeededGenerator(state: seed &+ UInt64(step)))
            before = Museum.next(before, &left, exhibits: 30, number: before.number + 1)
            after = Museum.next(after, &right, exhibits: 30, number: after.number + 1)
        }
        #expect(told(after) == told(before))
        #expect(after.checkColumns() == nil)
        #expect(after.damage == nil)
    }

    @Test func `of the empty graph opens`() throws {
        let files = try storage()
        let version = GraphVersion.empty(catalog: Museum.catalog)
        _ = try Snapshot.write(version, description, to: "/versions/0", on: files)
        let opened = try Snapshot.open("/versions/0", on: files)
        #expect(told(opened.version) == told(version))
        _ = try Snapshot.verify("/versions/0", on: files)
    }

    @Test func `with more rows than a batch opens`() throws {
        let files = try storage()
        var rows = TypeChanges(type: Museum.room, columns: [0, 1])
        for index in 0..<70_000 {
            rows.cells += [.string("r\(index)"), index % 7 == 0 ? .null : .string("Hall \(index % 1_000)")]
        }
        let version = try GraphVersion.empty(catalog: Museum.catalog).applying(
            ChangeSet(types: [rows]), number: 1, publishedAt: Instant(microseconds: 1))
        _ = try Snapshot.write(version, description, to: "/versions/1", on: files)
        let opened = try Snapshot.open("/versions/1", on: files).version
        #expect(told(opened) == told(version))
        // Texts that come after opening go on where the mapped ones end.
        let more = TypeChanges(type: Museum.room, columns: [0, 1], cells: [.string("new"), .string("Hall new")])
        let next = try opened.applying(ChangeSet(types: [more]), number: 2, publishedAt: Instant(microseconds: 2))
        #expect(next.row(of: Museum.room, forKey: Museum.roomKey("new")) == 70_000)
        #expect(next.row(of: Museum.room, forKey: Museum.roomKey("r69999")) == 69_999)
    }

    @Test func `holds nothing of what was deleted`() throws {
        let files = try storage()
        let rows = TypeChanges(
            type: Museum.room, columns: [0, 1],
            cells: [.string("kept"), .string("x"), .string("gone"), .string("secret"), .string("last"), .string("x")])
        let version = try GraphVersion.empty(catalog: Museum.catalog)
            .applying(ChangeSet(types: [rows]), number: 1, publishedAt: Instant(microseconds: 1))
            .applying(
                ChangeSet(types: [TypeChanges(type: Museum.room, columns: [], deletedKeys: [Museum.roomKey("gone")])]),
                number: 2, publishedAt: Instant(microseconds: 2))
        let manifest = try Snapshot.write(version, description, to: "/versions/2", on: files)
        for (name, bytes) in try contents("/versions/2", manifest, files) {
            for word in ["gone", "secret"] {
                let text = Array(word.utf8)
                let isThere = bytes.indices.contains { bytes[$0...].starts(with: text) }
                #expect(!isThere, "\(name) holds \(word)")
            }
        }
        let opened = try Snapshot.open("/versions/2", on: files).version
        #expect(opened[Museum.room].rowCount == 2)
        #expect(told(opened) == told(version))
    }

    @Test func `refuses to take the place of another`() throws {
        let files = try storage()
        let version = Museum.version(seed: 1)
        _ = try Snapshot.write(version, description, to: "/versions/1", on: files)
        #expect(throws: SnapshotError.self) { try Snapshot.write(version, description, to: "/versions/1", on: files) }
        _ = try Snapshot.verify("/versions/1", on: files)
    }
}
