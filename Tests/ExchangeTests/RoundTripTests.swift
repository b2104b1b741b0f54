import Exchange
import Foundation
import Model
import StoreColumns
import Testing

@Suite("Writing rows and reading them back") struct RoundTripTests {
    let model: Model
    init() throws { model = try library() }

    static let words = [
        "a", "", "é", "e\u{301}", "a|b", "c\\d", "x;y", "x，y", " z ", "\"q\"", "1,5", "line\nbreak", "𠮷", "=1", "[]", "00",
    ]

    /// A text that can be told from none: an empty cell is no value.
    func text(_ random: inout SeededRandom) -> String {
        (0..<Int.random(in: 1...3, using: &random)).map { _ in Self.words.randomElement(using: &random) ?? "" }.joined() + "."
    }

    /// Authors, books and editions with random values in every column, keys distinct.
    func randomRows(seed: UInt64) throws -> ChangeSet {
        var random = SeededRandom(seed: seed)
        let catalog = model.catalog
        func type(_ name: String) throws -> NodeTypeID { try #require(catalog.nodeType(named: name)) }
        let (author, book, edition) = (try type("Author"), try type("Book"), try type("Edition"))
        let authorKeys = (0..<8).map { Key([.string("\(text(&random))\($0)")]) }
        let bookKeys = (0..<12).map { Key([.reference(authorKeys[$0 % 8]), .string("\(text(&random))\($0)")]) }
        let editionKeys = (0..<6).map { Key([.reference(bookKeys[$0]), .int(Int32($0) - 3)]) }
        func value(_ kind: ColumnKind, _ random: inout SeededRandom) -> Cell {
            switch kind {
            case .boolean: .boolean(Bool.random(using: &random))
            case .int: .int(Int32.random(in: .min ... .max, using: &random))
            case .decimal: .decimal(Int64.random(in: .min ... .max, using: &random))
            case .float: .float(Double(Int.random(in: -1000...1000, using: &random)) / 8)
            case .date: .date(Int32.random(in: -700_000...2_900_000, using: &random))
            case .dateTime: .dateTime(Int64.random(in: 0...4_000_000_000_000_000, using: &random))
            case .enumeration: .enumeration(UInt16.random(in: 0..<3, using: &random))
            case .string: .string(text(&random))
            case .reference(let target): .reference(keys(target).randomElement(using: &random) ?? authorKeys[0])
            case .enumerationList: .enumerationList((0..<Int.random(in: 0..<3, using: &random)).map { UInt16($0) })
            case .referenceList(let target):
                .referenceList(
                    (0..<Int.random(in: 0..<3, using: &random)).compactMap { _ in keys(target).randomElement(using: &random) })
            }
        }
        func keys(_ type: NodeTypeID) -> [Key] { type == author ? authorKeys : type == book ? bookKeys : editionKeys }
        func rows(_ type: NodeTypeID) -> TypeChanges {
            let definition = catalog[type]
            var cells: [Cell] = []
            for key in keys(type) {
                for (index, column) in definition.columns.enumerated() {
                    if let part = definition.key.firstIndex(of: index) {
                        switch key.parts[part] {
                        case .string(let text): cells.append(.string(text))
                        case .int(let value): cells.append(.int(value))
                        case .reference(let key): cells.append(.reference(key))
                        default: cells.append(.null)
                        }
                    } else if column.isUnique || column.isNullable && Int.random(in: 0..<4, using: &random) == 0 {
                        cells.append(.null)
                    } else {
                        cells.append(value(column.kind, &random))
                    }
                }
            }
            return TypeChanges(type: type, columns: Array(definition.columns.indices), cells: cells)
        }
        return ChangeSet(types: [rows(author), rows(book), rows(edition)])
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `whatever rows hold, they come back as they were, and are written as the same bytes`(seed: UInt64) throws {
        let empty = GraphVersion.empty(catalog: model.catalog)
        let version = try empty.applying(try randomRows(seed: seed), number: 1, publishedAt: Instant(microseconds: 0))
        let written = CSVExporter(model: model).files(of: version)
        let again = try load(written, model)
        let writtenAgain = CSVExporter(model: model).files(of: again)
        #expect(written.map(\.name) == ["Author.csv", "Book.csv", "Edition.csv", "SHA256SUMS"])
        for (first, second) in zip(written, writtenAgain) {
            #expect(first.text.map { Array($0.utf8) } == second.text.map { Array($0.utf8) }, "\(first.name)")
        }
        // Rows are numbered by the files' order now; told by key they are the same.
        let before = ChangeSet(of: version)
        let after = ChangeSet(of: again)
        for (left, right) in zip(before.types, after.types) {
            #expect(left.rowCount == right.rowCount)
            #expect(rows(left) == rows(right))
        }
    }

    /// Rows by key, and texts by bytes.
    func rows(_ changes: TypeChanges) -> [String: String] {
        let width = changes.columns.count
        let key = model.catalog[changes.type].key
        return Dictionary(
            (0..<changes.rowCount).map { row in
                let cells = changes.cells[row * width..<(row + 1) * width]
                func told(_ cell: Cell) -> String { "\(cell)".unicodeScalars.map { "\($0.value)" }.joined(separator: " ") }
                return (
                    key.map { told(cells[cells.startIndex + $0]) }.joined(separator: "|"), cells.map(told).joined(separator: "|")
                )
            }
        ) { first, _ in first }
    }

    @Test func `the example of the format's page is read, and written as it stands there`() throws {
        let page = try String(contentsOf: repository.appending(path: "Schema/formats/RegisterFolder.md"), encoding: .utf8)
        var files: [SourceFile] = []
        let parts = page.components(separatedBy: "```csv\n")
        for (before, block) in zip(parts, parts.dropFirst()) {
            let name = try #require(before.split(separator: "`").last { $0.hasSuffix(".csv") })
            files.append(SourceFile(String(name), try #require(block.components(separatedBy: "```").first)))
        }
        #expect(files.map(\.name) == ["Author.csv", "Book.csv", "Shelf.csv"])
        let written = CSVExporter(model: model).files(of: try load(files, model)).filter { $0.name.hasSuffix(".csv") }
        #expect(written.map(\.text) == files.map(\.text))
    }

    @Test func `files that are not those of the list of digests are refused`() throws {
        let authors = SourceFile("Author.csv", "number\nA1\n")
        let shelves = SourceFile("Shelf.csv", "code,genres\n1,诗\n")
        let list = ChecksumList(of: [shelves, authors]).file
        // printf 'number\nA1\n' | sha256sum
        #expect(list.text?.hasPrefix("e9aec6f5670a418baad8a8b0580226c49c13d33de16a0feabd5a46953e50b647  Author.csv\n") == true)
        _ = try load([authors, shelves, list], model)

        func check(_ files: [SourceFile], refusedFor expected: [String], sourceLocation: SourceLocation = #_sourceLocation) {
            let refused = #expect(throws: ImportRefused.self, sourceLocation: sourceLocation) { _ = try load(files, model) }
            #expect(refused?.report.problems.map(\.description) == expected, sourceLocation: sourceLocation)
        }
        check([authors, list], refusedFor: ["Shelf.csv: the file is missing, which SHA256SUMS lists"])
        let more = SourceFile("Book.csv", "author,title\n")
        check([authors, shelves, more, list], refusedFor: ["Book.csv: SHA256SUMS does not list the file."])
        let changed = SourceFile("Author.csv", "number\nA2\n")
        let (was, now) = (ChecksumList(of: [authors]).entries[0].digest, ChecksumList(of: [changed]).entries[0].digest)
        check(
            [changed, shelves, list],
            refusedFor: [
                "Author.csv: the file is not the one that SHA256SUMS lists: its SHA-256 is \(now.prefix(16))…,"
                    + " not \(was.prefix(16))…; restore it, or write the list anew"
            ])
        check(
            [authors, SourceFile("SHA256SUMS", "\(was)  Author.csv\n\(was) Author.csv\n")],
            refusedFor: ["SHA256SUMS:2: the line is not 64 hexadecimal digits, two spaces and a file name"])
    }
}
