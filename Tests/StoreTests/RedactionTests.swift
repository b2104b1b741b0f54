import Bytes
import Store
import StoreColumns
import StoreJournal
import Testing

@Suite struct `An erasure` {
    let versions = LibraryVersions()
    static let secret = "书 6"

    func options(_ files: any FileSystem) -> StoreOptions {
        var options = StoreOptions(
            files: files, catalog: Library.catalog, model: Library.model, process: "4711", clock: { Instant(microseconds: 0) })
        options.keptVersionCount = 1
        options.reserveByteCount = 0
        return options
    }

    /// Snapshots of versions 0, 4 and 9, the data at version 11; the secret in a note and in a name too.
    func made(_ count: UInt64 = 11) throws -> MemoryFileSystem {
        let files = MemoryFileSystem()
        try Store.make("/data", versions(0), id: FolderID(high: 1, low: 2), options(files))
        let store = try Store.open("/data", options(files)).store
        for number in 1...count {
            var commit = libraryCommit(number)
            if number == 6 { commit.note = Array("so \(Self.secret) told".utf8) }
            if number == 7 { commit.changeID = "about \(Self.secret)" }
            _ = try store.commitWaiting(commit)
            if number == 4 || number == 9 { _ = try store.snapshot() }
        }
        try store.close()
        try files.makeFolder("/data/quarantine")
        try files.writeNew("/data/quarantine/00000004.journal-300", Array("torn \(Self.secret)".utf8))
        return files
    }

    /// Book 6 without its title.
    var clearing: Redaction {
        Redaction(
            catalog: Library.catalog, type: Library.book, key: Library.key(6), mode: .clear([8: .null]),
            personalColumns: [[], [8], []])
    }

    func deleting(_ type: NodeTypeID, _ key: Key) -> Redaction {
        Redaction(catalog: Library.catalog, type: type, key: key, mode: .delete, personalColumns: [[0], [8], []])
    }

    func redact(_ files: MemoryFileSystem, _ redaction: Redaction) throws -> RedactionReport {
        try Store.redact("/data", redaction, options(files)) { report in
            Array("{\"files\":\(report.files.count)}".utf8)
        }
    }

    /// Every version as it is to be, by a change that the test makes of it.
    func check(_ files: MemoryFileSystem, upTo last: UInt64 = 11, holds change: (GraphVersion) -> ChangeSet) throws {
        var readOnly = options(files)
        readOnly.isReadOnly = true
        let store = try Store.open("/data", readOnly).store
        #expect(store.answerable == [0...last])
        for number in 0...last {
            let expected = try versions(number).rewritten(by: change(versions(number)))
            #expect(try Library.text(store.version(number)) == Library.text(expected), "version \(number)")
        }
    }

    static func titleCleared(_ version: GraphVersion) -> ChangeSet {
        guard version.row(of: Library.book, forKey: Library.key(6)) != nil else { return ChangeSet() }
        return ChangeSet(types: [TypeChanges(type: Library.book, columns: [0, 8], cells: [.int(6), .null])])
    }

    static func find(_ text: String, in folder: String, _ files: MemoryFileSystem) throws -> [String] {
        let wanted = Array(text.utf8)
        return try files.list(folder).flatMap { name -> [String] in
            let path = folder + "/" + name
            if try files.status(path).kind == .folder { return try find(text, in: path, files) }
            let bytes = try files.contents(of: path, limit: 1 << 30)
            let isThere = bytes.indices.contains { bytes[$0...].starts(with: wanted) }
            return isThere ? [path] : []
        }
    }

    @Test func `of a field reaches every version, the journal and what is beside them, and no file holds it any more`() throws {
        let files = try made()
        #expect(try Self.find(Self.secret, in: "/data", files).count == 4)
        let old = try files.contents(of: "/data/versions/00000009/manifest.json", limit: 1 << 20)
        let report = try redact(files, clearing)
        #expect(report.rowCounts == ["Book": 1] && report.versions == [0, 4, 9] && report.recordCount == 1)
        #expect(report.noteCount == 1 && report.changeNameCount == 1)
        #expect(try Self.find(Self.secret, in: "/data", files) == [])
        #expect(try Store.verify("/data", options(files)).version == 11)
        try check(files, holds: Self.titleCleared)
        // The audit tells the digests, and stays.
        let manifest = try #require(report.files.first { $0.name == "versions/00000009/manifest.json" })
        #expect(manifest.oldDigest == SHA256Digest(of: old.span).hexadecimal && manifest.newDigest != manifest.oldDigest)
        #expect(report.files.contains { $0.name == "quarantine/00000004.journal-300" && $0.newDigest == nil })
        _ = try redact(files, clearing)
        let audit = try files.contents(of: "/data/audit-redactions.jsonl", limit: 1 << 20)
        #expect(audit.count { $0 == 0x0A } == 2)
    }

    @Test func `leaves the folder fit for work`() throws {
        let files = try made()
        _ = try redact(files, clearing)
        do {
            let store = try Store.open("/data", options(files)).store
            // What was applied before is known by its name, though not by its digest any more.
            guard case .repeated(6, _, _) = try store.commitWaiting(libraryCommit(6)) else {
                Issue.record("change 6 was applied again")
                return
            }
            #expect(throws: CommitError.self) {
                var other = libraryCommit(10)
                other.fingerprint = [1, 2, 3]
                _ = try store.commitWaiting(other)
            }
            for number in 12...14 { _ = try store.commitWaiting(libraryCommit(UInt64(number))) }
            _ = try store.snapshot()
            #expect(try store.backup(to: "/backup").version == 14)
            try store.close()
        }
        try check(files, upTo: 14, holds: Self.titleCleared)
        #expect(try Self.find(Self.secret, in: "/backup", files) == [])
    }

    @Test func `of a row takes what cannot be without it, and every mention`() throws {
        let files = try made()
        let report = try redact(files, deleting(Library.book, Library.key(6)))
        #expect(report.rowCounts == ["Book": 1, "Copy": 1])
        #expect(try Self.find(Self.secret, in: "/data", files) == [])
        try check(files) { version in
            guard version.row(of: Library.book, forKey: Library.key(6)) != nil else { return ChangeSet() }
            return ChangeSet(types: [
                TypeChanges(type: Library.book, columns: [], deletedKeys: [Library.key(6)]),
                TypeChanges(
                    type: Library.copy, columns: [],
                    deletedKeys: [Key([.reference(Library.key(6)), .string("shelf 6")])]),
            ])
        }
        #expect(try Store.verify("/data", options(files)).version == 11)
    }

    @Test func `of a row that others may do without leaves them, without their mention`() throws {
        let files = try made()
        let report = try redact(files, deleting(Library.author, Library.key("author 2")))
        #expect(report.rowCounts == ["Author": 1] && report.recordCount == 2)
        #expect(try Self.find("author 2", in: "/data", files) == [])
        try check(files) { version in
            guard version.row(of: Library.author, forKey: Library.key("author 2")) != nil else { return ChangeSet() }
            var books = TypeChanges(type: Library.book, columns: [0, 1, 7])
            for number in [Int32(2), 7] where version.row(of: Library.book, forKey: Library.key(number)) != nil {
                books.cells += [.int(number), .null, .referenceList([])]
            }
            return ChangeSet(types: [
                TypeChanges(type: Library.author, columns: [], deletedKeys: [Library.key("author 2")]), books,
            ])
        }
    }

    @Test func `of what is not there, or of too much, changes nothing`() throws {
        let files = try made()
        let before = files.afterKill()
        #expect(throws: StoreError.self) { try redact(files, deleting(Library.book, Library.key(77))) }
        var narrow = deleting(Library.book, Library.key(6))
        narrow.rowLimit = 1
        do {
            _ = try redact(files, narrow)
            Issue.record("two rows went")
        } catch {
            #expect("\(error)".contains("at most 1 may (limit max-redacted-rows)"), "\(error)")
        }
        let trial = try Store.redact("/data", clearing, options(files), isTrial: true) { _ in [] }
        #expect(trial.rowCounts == ["Book": 1] && trial.files.isEmpty)
        for path in ["MANIFEST", "acked", "remembered", "journal/00000004.journal", "versions/00000009/Book.arrow"] {
            let old = try before.contents(of: "/data/" + path, limit: 1 << 20)
            #expect(try files.contents(of: "/data/" + path, limit: 1 << 20) == old)
        }
        #expect(try !files.exists("/data/audit-redactions.jsonl"))
    }

    /// Whether the folder, once it was opened for writing, is wholly as after the erasure; nil if it is neither.
    func isErased(_ files: MemoryFileSystem, _ last: UInt64, _ story: String) throws -> Bool? {
        do { try Store.open("/data", options(files)).store.close() }
        let hasAudit = try files.exists("/data/audit-redactions.jsonl")
        let found = try Self.find(Self.secret, in: "/data", files)
        #expect(hasAudit == found.isEmpty, "\(story): \(found)")
        try check(files, upTo: last) { hasAudit ? Self.titleCleared($0) : ChangeSet() }
        #expect(try !files.exists("/data/redacting"), "\(story)")
        return hasAudit
    }

    @Test func `that is interrupted anywhere is wholly there or not at all, and can be made again`() throws {
        let last: UInt64 = 6
        let whole = try made(last)
        let trial = whole.afterKill()
        let first = trial.calls.count
        _ = try redact(trial, clearing)
        let callCount = trial.calls.count - first
        let step = crashStep(max(1, callCount / 24))
        // The last calls are those that put the new in the place of the old.
        let points =
            Array(stride(from: 0, to: callCount, by: step))
            + (step == 1 ? [] : Array(stride(from: callCount - 60, to: callCount, by: 5)))
        var erasedCount = 0
        var endCount = 0
        for point in points {
            let files = whole.afterKill()
            let start = files.calls.count
            // It alone, or all from there on.
            let isForever = !endCount.isMultiple(of: 2)
            files.failing {
                $0.index == start + point || (isForever && $0.index > start + point)
                    ? StorageFault(.inputOutput, writtenByteCount: 20) : nil
            }
            let isAcknowledged = (try? redact(files, clearing)) != nil
            files.failing { _ in nil }
            for (name, left) in [
                ("killed", files.afterKill()), ("nothing kept", files.afterPowerLoss(.nothingKept)),
                ("by chance", files.afterPowerLoss(.drawn(seed: UInt64(point)))),
            ] {
                let story = "call \(point) of \(callCount), \(name)"
                let isErased = try isErased(left, last, story)
                #expect(!isAcknowledged || isErased == true, "\(story)")
                endCount += 1
                if isErased == true {
                    erasedCount += 1
                } else {
                    _ = try redact(left, clearing)
                    #expect(try Self.find(Self.secret, in: "/data", left) == [], "\(story)")
                }
            }
        }
        #expect(erasedCount > 0 && erasedCount < endCount)
        print(
            "erasure: \(points.count) of \(callCount) calls interrupted, 3 ends each: \(erasedCount) erased, \(endCount - erasedCount) as before"
        )
    }

    @Test func `that is interrupted may not be read, only finished`() throws {
        let files = try made(6)
        let start = files.calls.count
        files.failing { $0.operation == .link && $0.index >= start ? StorageFault(.inputOutput) : nil }
        #expect(throws: StoreError.self) { try redact(files, clearing) }
        files.failing { _ in nil }
        var readOnly = options(files)
        readOnly.isReadOnly = true
        for open in [{ _ = try Store.open("/data", readOnly) }, { _ = try Store.verify("/data", readOnly) }] {
            do {
                try open()
                Issue.record("it was read")
            } catch {
                #expect("\(error)".contains("an erasure was interrupted"), "\(error)")
            }
        }
        do { try Store.open("/data", options(files)).store.close() }
        try check(files, upTo: 6, holds: Self.titleCleared)
    }
}
