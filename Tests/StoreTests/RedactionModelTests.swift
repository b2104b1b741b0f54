import Bytes
import Foundation
import Model
import Store
import StoreColumns
import StoreJournal
import Testing

/// Data that went through two changes of its model, with fields dropped, types, fields and keys renamed and codes moved.
@Suite struct `An erasure from data of several models` {
    /// Book is Volume, its key another name, its title gone; the codes of Binding are others.
    private static let second = [
        ("enum Binding { PAPER CLOTH LEATHER }", "enum Binding { LEATHER PAPER CLOTH }"),
        (
            "type Book @node(key: \"number\") {\n  number: Int!",
            "type Volume @node(key: \"code\") @was(name: \"Book\") {\n  code: Int! @was(name: \"number\")"
        ),
        ("  title: String\n", ""), ("books: [Book!]!", "books: [Volume!]!"), ("book: Book!", "book: Volume!"),
        ("about: Book", "about: Volume"),
    ].reduce(ChangingLibrary.first) { $0.replacing($1.0, with: $1.1) }

    /// The names that were before are forgotten, and a further field goes.
    private static let third = [(" @was(name: \"Book\")", ""), (" @was(name: \"number\")", ""), ("  weight: Float\n", "")]
        .reduce(second) { $0.replacing($1.0, with: $1.1) }

    /// Versions 1 to 4 of the first model, 5 and 6 of the second, 7 and 8 of the third.
    private func made() throws -> MemoryFileSystem {
        let files = MemoryFileSystem()
        try ChangingLibrary.make(in: files)
        for (text, note) in [(Self.second, "the Wind again"), (Self.third, "a note")] {
            let store = try Store.open("/data", ChangingLibrary.options(text, files)).store
            let changes = try ChangingLibrary.rows(text, ["Volume": [["code": "3", "pages": "8", "price": "8.25"]]])
            var commit = Commit(changes, publishedAt: Instant(microseconds: 10_000_000))
            commit.note = Array(note.utf8)
            _ = try store.commitWaiting(commit)
            try store.close()
        }
        return files
    }

    private func redact(
        _ files: MemoryFileSystem, _ key: Int32, clearing columns: [String]?
    ) throws -> RedactionReport {
        let model = try ChangingLibrary.model(Self.third)
        let type = try #require(model.catalog.nodeType(named: "Volume"))
        let places = try (columns ?? []).map { try #require(model.catalog[type].column(named: $0)) }
        let redaction = Redaction(
            catalog: model.catalog, type: type, key: Key([.int(key)]),
            mode: columns == nil ? .delete : .clear(Dictionary(uniqueKeysWithValues: places.map { ($0, .null) })),
            personalColumns: model.catalog.nodeTypes.map { _ in [] })
        return try Store.redact("/data", redaction, ChangingLibrary.options(Self.third, files)) { _ in Array("{}".utf8) }
    }

    private func lines(_ files: MemoryFileSystem) throws -> [UInt64: [String]] {
        var options = try ChangingLibrary.options(Self.third, files)
        options.isReadOnly = true
        let store = try Store.open("/data", options).store
        var lines: [UInt64: [String]] = [:]
        for number in 1...store.current.number { lines[number] = ChangingLibrary.lines(try store.version(number)) }
        return lines
    }

    private func isThere(_ text: String, _ files: MemoryFileSystem) throws -> [String] {
        let wanted = Array(text.utf8)
        return try ChangingLibrary.bytes(of: "/data", files).filter { _, bytes in
            bytes.indices.contains { bytes[$0...].starts(with: wanted) }
        }.map(\.key).sorted()
    }

    @Test func `clears what is hidden with what the model names, under every model, and no file holds it any more`() throws {
        let files = try made()
        let before = try lines(files)
        #expect(before.count == 8)
        #expect(try isThere("Wind", files).count >= 3)
        let report = try redact(files, 3, clearing: ["price"])
        #expect(report.rowCounts == ["Volume": 1])
        #expect(try isThere("Wind", files) == [])
        #expect(try Store.verify("/data", ChangingLibrary.options(Self.third, files)).version == 8)
        let after = try lines(files)
        for (number, old) in before {
            let expected = old.map { line in
                for name in ["price", "__hidden_title", "__hidden_weight"] where line.hasPrefix("Volume 3 \(name)=") {
                    return "Volume 3 \(name)=-"
                }
                return line
            }
            #expect(after[number] == expected.sorted(), "version \(number)")
        }
        // What another row holds is left.
        #expect(try isThere("Sand", files).isEmpty == false)
    }

    /// What the newest snapshot held is found again from the one before, across the change of model between them.
    @Test func `a repair of such data keeps every version that it says`() throws {
        let whole = try made()
        let before = try lines(whole)
        for (path, kept) in [("versions/00000007/manifest.json", 6 as UInt64), ("journal/00000007.journal", 7)] {
            let files = whole.afterKill()
            files.flipBit(8 * 120, of: "/data/" + path)
            let repair = try #require(
                try Repair.examine("/data", on: files, storage: ArrowVersions(), process: "1"), "\(path)")
            #expect(repair.version == kept, "\(path): \(repair.problems)")
            try repair.perform(acceptingLossAfter: repair.version)
            // Whoever repairs holds the folder's lock.
            let repaired = files.afterKill()
            #expect(try Repair.examine("/data", on: repaired.afterKill(), storage: ArrowVersions(), process: "1") == nil)
            // Under the third model, which the data goes to where that was lost.
            let store = try Store.open("/data", ChangingLibrary.options(Self.third, repaired)).store
            #expect(ChangingLibrary.lines(store.current) == before[kept], "\(path)")
            try store.close()
        }
    }

    @Test func `deletes a row and those that need it, found by the keys that they had under each model`() throws {
        let files = try made()
        let before = try lines(files)
        let report = try redact(files, 1, clearing: nil)
        #expect(report.rowCounts == ["Volume": 1, "Copy": 2])
        let after = try lines(files)
        for (number, old) in before {
            let expected = old.filter { !$0.hasPrefix("Volume 1 ") && !$0.hasPrefix("Copy 1|") }.map { line in
                line.hasPrefix("Author Ann books=") ? line.replacing("=1;3", with: "=3").replacing("=1", with: "=") : line
            }
            #expect(after[number] == expected.sorted(), "version \(number)")
        }
        #expect(try Store.verify("/data", ChangingLibrary.options(Self.third, files)).version == 8)
        // The data goes on under its model.
        let store = try Store.open("/data", ChangingLibrary.options(Self.third, files)).store
        let rows = try ChangingLibrary.rows(Self.third, ["Volume": [["code": "2", "pages": "21"]]])
        _ = try store.commitWaiting(Commit(rows, publishedAt: Instant(microseconds: 11_000_000)))
        #expect(store.current.number == 9)
        try store.close()
    }
}
