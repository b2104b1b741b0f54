import Bytes
import Foundation
import StoreColumns
import StoreSnapshot
import Testing

/// Files that somebody has changed on purpose, with every checksum made right again.
@Suite struct `A hostile snapshot` {
    /// A snapshot whose files can be changed and sealed anew.
    private struct Forgery {
        let files: MemoryFileSystem
        var contents: [String: [UInt8]]

        init(_ version: GraphVersion) throws {
            files = try storage()
            let manifest = try Snapshot.write(version, description, to: "/versions/1", on: files)
            contents = try StoreSnapshotTests.contents("/versions/1", manifest, files)
        }

        /// Writes everything to a new folder, with the checksums of a changed Arrow file and of the manifest made right.
        func sealed(_ name: String, _ changed: [UInt8]) throws -> MemoryFileSystem {
            let files = try storage()
            try files.makeFolder("/versions/1")
            try files.makeFolder("/versions/1/indexes")
            var manifest = String(decoding: contents[Manifest.fileName] ?? [], as: UTF8.self)
            var changed = changed
            if name.hasSuffix(".arrow"), let old = contents[name] {
                let tail = try #require(Int(number(after: "\"tail\":", behind: "\"\(name)\"", in: manifest)))
                if changed.count == old.count { reseal(&changed, tail: tail) }
                if tail <= changed.count {
                    let sum = hex(CRC32C.checksum(changed.span.extracting(tail..<changed.count)))
                    let now = number(after: "\"tailChecksum\":\"", behind: "\"\(name)\"", in: manifest)
                    manifest = replacing(now, sum, in: manifest)
                }
            }
            if name != Manifest.fileName, let old = contents[name] {
                manifest = replacing(
                    SHA256Digest(of: old.span).hexadecimal, SHA256Digest(of: changed.span).hexadecimal, in: manifest)
            }
            if name == Manifest.fileName { manifest = String(decoding: changed, as: UTF8.self) }
            if let mark = manifest.range(of: ",\"crc32c\":\"") {
                let body = Array(manifest[..<mark.lowerBound].utf8)
                manifest = String(decoding: body, as: UTF8.self) + ",\"crc32c\":\"\(hex(CRC32C.checksum(body.span)))\"}\n"
            }
            for (other, bytes) in contents where other != Manifest.fileName {
                try files.writeNew("/versions/1/" + other, other == name ? changed : bytes)
            }
            try files.writeNew("/versions/1/" + Manifest.fileName, Array(manifest.utf8))
            return files
        }

        /// Makes the checksums in the footer right, where its blocks can still be read from the file before the change.
        private func reseal(_ bytes: inout [UInt8], tail: Int) {
            // The footer's checksums are a text: find its groups, and the blocks by walking the messages.
            var place = 8
            var sums: [UInt8] = []
            var isHead = true
            while place + 8 <= tail {
                guard let length = bytes.span.littleEndian(at: place + 4, as: UInt32.self) else { return }
                let end = place + 8 + Int(length)
                guard end <= tail else { return }
                if isHead { sums += Array((hex(CRC32C.checksum(bytes.span.extracting(0..<end))) + "\n").utf8) }
                isHead = false
                place = end
                // Only the head is found without reading the messages; bodies are sealed by their own test.
                break
            }
            guard let start = find(Array("hearth.crc32c".utf8), in: bytes, from: tail) else { return }
            guard let text = bytes[start...].firstIndex(of: 10).map({ $0 - 8 }), text + sums.count <= bytes.count else { return }
            for (offset, byte) in sums.enumerated() { bytes[text + offset] = byte }
        }
    }

    @Test(arguments: 0..<3)
    func `with any bytes of a footer or schema changed and sealed is refused, or opens and can be read`(seed: UInt64) throws {
        let forgery = try Forgery(Museum.version(seed: 7, exhibits: 8, steps: 1))
        var random = SeededGenerator(state: seed &+ 99)
        for name in ["Room.arrow", "Exhibit.arrow"] {
            let whole = try #require(forgery.contents[name])
            let manifest = String(decoding: try #require(forgery.contents[Manifest.fileName]), as: UTF8.self)
            let tail = try #require(Int(number(after: "\"tail\":", behind: "\"\(name)\"", in: manifest)))
            for _ in 0..<60 {
                var changed = whole
                let range = Bool.random(using: &random) ? 8..<512 : tail + 8..<whole.count - 10
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    let place = Int.random(in: range, using: &random)
                    let extremes: [[UInt8]] = [
                        [0xFF, 0xFF, 0xFF, 0x7F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0, 0, 1, 0, 0],
                        [0], [1], [UInt8.random(in: 0...255, using: &random)], [0xFC, 0xFF, 0xFF, 0xFF], [4, 0, 0, 0],
                    ]
                    let value = extremes[Int.random(in: 0..<extremes.count, using: &random)]
                    for (offset, byte) in value.enumerated() where place + offset < whole.count { changed[place + offset] = byte }
                }
                try openOrRefuse(try forgery.sealed(name, changed))
            }
        }
    }

    @Test func `whose manifest claims counts that the files do not have is refused`() throws {
        let forgery = try Forgery(Museum.version(seed: 7, exhibits: 8, steps: 1))
        let manifest = String(decoding: try #require(forgery.contents[Manifest.fileName]), as: UTF8.self)
        let rows = number(after: "\"rows\":", behind: "\"Exhibit\"", in: manifest)
        for claim in ["4294967295", "1099511627776", "9223372036854775807", "9223372036854775808", "-1", "0", "65537", "1e9"] {
            let changed = replacing("\"rows\":\(rows),", "\"rows\":\(claim),", in: manifest)
            let files = try forgery.sealed(Manifest.fileName, Array(changed.utf8))
            #expect(throws: SnapshotError.self, "\(claim) rows") { try Snapshot.open("/versions/1", on: files) }
        }
        for (old, new) in [
            ("\"name\":\"Room\"", "\"name\":\"../Room\""), ("\"kind\":\"int\"", "\"kind\":\"float\""),
            ("\"reference:Room\"", "\"reference:Exhibit\""), ("\"key\":[0]", "\"key\":[9]"),
            ("\"source\":\"Exhibit\",\"column\":1", "\"source\":\"Exhibit\",\"column\":0"),
        ] {
            let changed = replacing(old, new, in: manifest)
            #expect(changed != manifest)
            let files = try forgery.sealed(Manifest.fileName, Array(changed.utf8))
            #expect(throws: SnapshotError.self, "\(new)") { try Snapshot.open("/versions/1", on: files) }
        }
    }

    @Test func `whose schema says how many texts come again is refused where they do not`() throws {
        let forgery = try Forgery(Museum.fixture(3))
        let (name, path) = ("Exhibit.arrow", "/versions/1/Exhibit.arrow")
        func check(_ count: String, _ message: String) throws {
            var changed = try #require(forgery.contents[name])
            let mark = Array("hearth.repeats".utf8)
            // In the schema and in the footer: the key, its end, the length of the value, and the value.
            var places = 0
            for start in changed.indices where changed[start...].starts(with: mark) {
                let value = try #require(changed[start...].firstRange(of: Array("10".utf8)))
                changed.replaceSubrange(value, with: Array(count.utf8))
                places += 1
            }
            #expect(places == 2)
            let files = try forgery.sealed(name, changed)
            do throws(SnapshotError) {
                _ = try Snapshot.open("/versions/1", on: files)
                Issue.record("\(count) texts that come again were not seen")
            } catch {
                #expect(error.reason == .damaged && error.path == path && error.message == message)
            }
        }
        try check("11", "10 rows of title hold a text that an earlier row holds; the schema says 11")
        try check("09", "hearth.repeats is not a number of rows")
        let manifest = String(decoding: try #require(forgery.contents[Manifest.fileName]), as: UTF8.self)
        let older = try forgery.sealed(
            Manifest.fileName, Array(replacing("\"formatNumber\":3", "\"formatNumber\":2", in: manifest).utf8))
        #expect(throws: SnapshotError(.damaged, path: path, "title cannot have 10 texts that came before")) {
            try Snapshot.open("/versions/1", on: older)
        }
    }

    /// A version of one type whose one column is given, or whose one edge is.
    private func version(
        _ kind: ColumnKind, _ column: Column, rowCount: Int, isNullable: Bool = true, edge: Adjacency? = nil
    ) -> GraphVersion {
        let type = NodeTypeID(0)
        let catalog = Catalog(
            nodeTypes: [
                NodeType(
                    name: "Thing",
                    columns: [
                        ColumnDefinition(name: "key", kind: .int, isNullable: false),
                        ColumnDefinition(name: "parent", kind: .reference(type), isNullable: true),
                        ColumnDefinition(name: "value", kind: kind, isNullable: isNullable),
                    ], key: [0], inverses: [InverseDefinition(name: "children", source: type, column: 1)])
            ], enumerations: [Enumeration(name: "Form", values: ["A", "B"])])
        let keys = FixedWidthColumn(
            chunks: [
                Chunk(
                    elements: Elements(copying: (0..<rowCount).map { Int32($0) }), validityWords: Elements<UInt64>(), nullCount: 0
                )
            ], rowCount: rowCount)
        let parts = TableParts(
            rowCount: rowCount,
            columns: [.int(keys), Column(nullsOf: .reference(type), rowCount: rowCount, hash: .ofProcess), column],
            columnVersions: [1, 1, 1], inverses: [edge ?? Adjacency(chunks: [], version: 1)])
        return GraphVersion(
            number: 1, publishedAt: Instant(microseconds: 1), catalog: catalog, parts: [parts], hash: .ofProcess)
    }

    private func chunk<Element: ColumnElement>(_ values: [Element], validity: [UInt64] = []) -> FixedWidthColumn<Element> {
        let nullCount = validity.isEmpty ? 0 : values.count - validity[0].nonzeroBitCount
        return FixedWidthColumn(
            chunks: [
                Chunk(elements: Elements(copying: values), validityWords: Elements(copying: validity), nullCount: nullCount)
            ],
            rowCount: values.count)
    }

    private func list<Element: ColumnElement>(_ offsets: [UInt32], _ elements: [Element]) -> ListColumn<Element> {
        ListColumn(
            chunks: [
                ListChunk(
                    offsets: Elements(copying: offsets), elements: Elements(copying: elements),
                    validityWords: Elements<UInt64>())
            ], rowCount: offsets.count - 1)
    }

    @Test func `with values that mean nothing is refused, although every checksum is right`() throws {
        let (type, form) = (NodeTypeID(0), EnumerationID(0))
        let ints = Column.int(chunk([1, 2] as [Int32]))
        let edge = AdjacencyChunk(offsets: Elements(copying: [0, 1, 1]), targets: Elements(copying: [7]))
        let falling = AdjacencyChunk(offsets: Elements(copying: [0, 3, 1]), targets: Elements(copying: [0]))
        let text = StringDictionary(
            segments: [TextSegment(offsets: Elements(copying: [0, 1, 2]), bytes: Elements(copying: [0xC3, 0x28]))], count: 2,
            hash: .ofProcess, index: nil)
        let cases: [(String, GraphVersion)] = [
            ("a row that is not there", version(.reference(type), .reference(chunk([0, 2])), rowCount: 2)),
            ("an enum code", version(.enumeration(form), .enumeration(chunk([0, 2])), rowCount: 2)),
            ("a date", version(.date, .date(chunk([0, 2_932_897])), rowCount: 2)),
            ("a moment", version(.dateTime, .dateTime(chunk([0, .max])), rowCount: 2)),
            ("an infinite float", version(.float, .float(chunk([0, .infinity])), rowCount: 2)),
            ("no number", version(.float, .float(chunk([0, .nan])), rowCount: 2)),
            ("a null where none may be", version(.int, .int(chunk([1, 0], validity: [1])), rowCount: 2, isNullable: false)),
            ("a bit behind the last row", version(.int, .int(chunk([1, 0, 0], validity: [9])), rowCount: 3)),
            ("a row in a list", version(.referenceList(type), .referenceList(list([0, 1, 2], [1, 9])), rowCount: 2)),
            ("an enum code in a list", version(.enumerationList(form), .enumerationList(list([0, 1, 2], [1, 9])), rowCount: 2)),
            ("offsets that descend", version(.referenceList(type), .referenceList(list([0, 2, 1], [1, 1])), rowCount: 2)),
            ("offsets beyond the end", version(.referenceList(type), .referenceList(list([0, 1, 9], [1, 1])), rowCount: 2)),
            (
                "a text that is not UTF-8",
                version(.string, .string(DictionaryColumn(codes: chunk([0, 1]), dictionary: text)), rowCount: 2)
            ),
            (
                "a value under a null",
                version(
                    .boolean,
                    .boolean(
                        BooleanColumn(
                            chunks: [BooleanChunk(values: Elements(copying: [3]), validity: Elements(copying: [1]))], rowCount: 2)
                    ),
                    rowCount: 2)
            ),
            ("an edge from no row", version(.int, ints, rowCount: 2, edge: Adjacency(chunks: [edge], version: 1))),
            ("an edge that descends", version(.int, ints, rowCount: 2, edge: Adjacency(chunks: [falling], version: 1))),
        ]
        for (name, version) in cases {
            let files = try storage()
            _ = try Snapshot.write(version, description, to: "/versions/1", on: files)
            do throws(SnapshotError) {
                _ = try Snapshot.open("/versions/1", on: files)
                Issue.record("\(name) was not seen")
            } catch {
                #expect(
                    error.reason == .damaged && error.path == "/versions/1/Thing.arrow" && error.byteOffset != nil,
                    "\(name): \(error)")
            }
        }
    }

    @Test func `that is consistent byte by byte but not in itself is seen by verifying`() throws {
        let ints = Column.int(chunk([1, 2] as [Int32]))
        let edge = AdjacencyChunk(offsets: Elements(copying: [0, 1, 1]), targets: Elements(copying: [1]))
        let files = try storage()
        _ = try Snapshot.write(
            version(.int, ints, rowCount: 2, edge: Adjacency(chunks: [edge], version: 1)), description, to: "/versions/1",
            on: files)
        _ = try Snapshot.open("/versions/1", on: files)
        #expect(throws: SnapshotError.self) { try Snapshot.verify("/versions/1", on: files) }
    }

    private func openOrRefuse(_ files: MemoryFileSystem) throws {
        do throws(SnapshotError) {
            let opened = try Snapshot.open("/versions/1", on: files)
            _ = told(opened.version)
        } catch {
            #expect(!error.path.isEmpty)
        }
    }
}

private func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
}

private func replacing(_ old: String, _ new: String, in text: String) -> String {
    guard let range = text.range(of: old) else { return text }
    return String(text[..<range.lowerBound]) + new + String(text[range.upperBound...])
}

/// The letters and digits after a mark, the first one behind another mark.
private func number(after mark: String, behind place: String, in text: String) -> String {
    guard let from = text.range(of: "\"name\":" + place), let found = text[from.upperBound...].range(of: mark) else { return "" }
    return String(text[found.upperBound...].prefix { $0.isLetter || $0.isNumber })
}

private func find(_ text: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    bytes.indices.dropFirst(start).first { bytes[$0...].starts(with: text) }
}
