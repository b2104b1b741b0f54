import Bytes
import StoreColumns
import StoreSnapshot
import Testing

@Suite struct `Values that are stored narrow` {
    private static let rowCount = 1_000

    private static func catalog(names: Int) -> Catalog {
        Catalog(
            nodeTypes: [
                NodeType(
                    name: "Shelf", columns: [ColumnDefinition(name: "number", kind: .int, isNullable: false)], key: [0],
                    inverses: [InverseDefinition(name: "books", source: NodeTypeID(1), column: 4)]),
                NodeType(
                    name: "Book",
                    columns: [
                        ColumnDefinition(name: "number", kind: .int, isNullable: false),
                        ColumnDefinition(name: "pages", kind: .int, isNullable: true),
                        ColumnDefinition(name: "form", kind: .enumeration(EnumerationID(0)), isNullable: true),
                        ColumnDefinition(name: "forms", kind: .enumerationList(EnumerationID(0)), isNullable: true),
                        ColumnDefinition(name: "shelf", kind: .reference(NodeTypeID(0)), isNullable: true),
                        ColumnDefinition(name: "title", kind: .string, isNullable: true),
                    ], key: [0]),
            ], enumerations: [Enumeration(name: "Form", values: (0..<names).map { "N\($0)" })])
    }

    /// Books on shelves, with some values at the edge of a width.
    private func version(
        names: Int = 3, pages: [Int32] = [0], titles: Int = 2, shelf: (Int) -> UInt32? = { UInt32($0 / 7) }
    ) throws -> GraphVersion {
        let builder = GraphBuilder(catalog: Self.catalog(names: names))
        let shelves = builder.table(NodeTypeID(0))
        for number in 0..<300 { shelves.ints(0).append(Int32(number)) }
        let books = builder.table(NodeTypeID(1))
        for row in 0..<max(Self.rowCount, titles) {
            books.ints(0).append(Int32(row))
            books.ints(1).append(row % 11 == 3 ? nil : pages[row % pages.count])
            books.codes(2).append(row % 13 == 5 ? nil : UInt16((names - 1 + row) % names))
            #expect(books.codeLists(3).append(row % 5 == 0 ? nil : (0..<row % 3).map { UInt16((names - 1 + $0) % names) }))
            books.references(4).append(row < Self.rowCount ? shelf(row) : nil)
            #expect(books.texts(5).append("title \(row % titles)"))
        }
        return try builder.finish(number: 1, publishedAt: Instant(microseconds: 0))
    }

    /// Everything, as text.
    private func lines(_ version: GraphVersion) -> [String] {
        let (shelves, books) = (version[NodeTypeID(0)], version[NodeTypeID(1)])
        guard case .int(let pages) = books.column(1), case .enumeration(let form) = books.column(2),
            case .enumerationList(let forms) = books.column(3), case .reference(let shelf) = books.column(4),
            case .string(let titles) = books.column(5)
        else { return [] }
        let edge = shelves.inverse(0)
        return (0..<books.rowCount).map { row in
            let list = forms.list(at: row)
            return "\(String(describing: pages[row])) \(String(describing: form[row])) \(forms.isNull(at: row)) "
                + "\(list.indices.map { list[$0] }) \(String(describing: shelf[row])) \(titles.text(at: row) ?? "-")"
        }
            + (0..<shelves.rowCount).map { row in
                let targets = edge.targets(of: RowNumber(row))
                return "\(targets.indices.map { targets[$0] })"
            }
    }

    /// Writes, opens in both ways, verifies, and gives the size of the books' file.
    private func check(_ version: GraphVersion, _ file: String = "Book.arrow") throws -> Int {
        let files = try storage()
        let manifest = try Snapshot.write(version, description, to: "/versions/1", on: files)
        let wanted = lines(version)
        #expect(lines(try Snapshot.open("/versions/1", on: files).version) == wanted)
        let lazily = try Snapshot.open("/versions/1", on: files, checking: .onFirstUse { Issue.record("\($0)") }).version
        #expect(lines(lazily) == wanted)
        _ = try Snapshot.verify("/versions/1", on: files)
        let again = try Snapshot.write(lazily, description, to: "/versions/2", on: files)
        #expect(again.files == manifest.files, "what was opened is written as it was")
        return try #require(manifest.files.first { $0.name == file }).byteCount
    }

    @Test func `integers take one, two or four bytes, as their outermost values ask`() throws {
        let one = try [[127, -128], [0], [-1]].map { try check(try version(pages: $0)) }
        let two = try [[128], [-129], [32_767, -32_768]].map { try check(try version(pages: $0)) }
        let four = try [[32_768], [-32_769], [.max, .min]].map { try check(try version(pages: $0)) }
        #expect(Set(one).count == 1 && Set(two).count == 1 && Set(four).count == 1)
        #expect(two[0] - one[0] >= Self.rowCount - 64 && four[0] - two[0] >= 2 * Self.rowCount - 64)
    }

    @Test func `codes of enumerations take one byte for up to 128 names`() throws {
        // A name more is a name more in the dictionary, too.
        #expect(try check(try version(names: 129)) - check(try version(names: 128)) >= Self.rowCount)
        _ = try check(try version(names: 300))
    }

    @Test func `codes of texts take one byte for 128 texts, two for 32,768, else four`() throws {
        #expect(try check(try version(titles: 129)) - check(try version(titles: 128)) >= Self.rowCount)
        for titles in [32_768, 32_769] { _ = try check(try repeating(titles)) }
    }

    /// So many texts, each twice.
    private func repeating(_ titles: Int) throws -> GraphVersion {
        let builder = GraphBuilder(catalog: Self.catalog(names: 2))
        let books = builder.table(NodeTypeID(1))
        for row in 0..<titles * 2 {
            books.ints(0).append(Int32(row))
            #expect(books.texts(5).append("\(row % titles)"))
        }
        return try builder.finish(number: 1, publishedAt: Instant(microseconds: 0))
    }

    @Test func `an edge whose rows stand in its order takes no targets`() throws {
        let runs = try check(try version(), "Shelf.arrow")
        let lists = try check(try version { UInt32(($0 * 7) % 143) }, "Shelf.arrow")
        #expect(lists - runs >= 4 * Self.rowCount - 64)
        // One row that refers to nothing, or out of order, or to the last shelf; none at all.
        _ = try check(try version { $0 == 500 ? nil : UInt32($0 / 7) })
        _ = try check(try version { $0 == 999 ? 0 : UInt32($0 / 7) })
        _ = try check(try version { $0 == 999 ? 299 : 0 })
        _ = try check(try version { _ in 299 })
        _ = try check(try version { _ in nil })
    }

    /// Rows that are deleted and changed under a version whose edge came as runs.
    @Test func `changes apply to what came narrow as to what did not`() throws {
        let files = try storage()
        let version = try version()
        _ = try Snapshot.write(version, description, to: "/versions/1", on: files)
        var (before, after) = (version, try Snapshot.open("/versions/1", on: files, checking: .onFirstUse { _ in }).version)
        var random = SeededGenerator(state: 9)
        for step in 0..<4 {
            var changes = TypeChanges(type: NodeTypeID(1), columns: [0, 1, 2, 4])
            for number in Set((0..<40).map { _ in Int32.random(in: 0..<1_010, using: &random) }).sorted() {
                changes.cells += [
                    .int(number), .int(Int32.random(in: -200...200, using: &random)),
                    .enumeration(UInt16.random(in: 0..<3, using: &random)),
                    .reference(Key([.int(Int32.random(in: 0..<300, using: &random))])),
                ]
            }
            let set = ChangeSet(types: [changes])
            let number = UInt64(2 + step)
            before = try before.applying(set, number: number, publishedAt: Instant(microseconds: 1))
            after = try after.applying(set, number: number, publishedAt: Instant(microseconds: 1))
            #expect(lines(after) == lines(before))
            let (left, right) = ("/versions/l\(step)", "/versions/r\(step)")
            #expect(
                try Snapshot.write(before, description, to: left, on: files).files
                    == Snapshot.write(after, description, to: right, on: files).files)
            #expect(lines(try Snapshot.open(right, on: files).version) == lines(before))
        }
    }
}
