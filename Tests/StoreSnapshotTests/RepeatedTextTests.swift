import Bytes
import StoreColumns
import StoreSnapshot
import Testing

@Suite struct `Plain texts of which some come again` {
    private static let letter = NodeTypeID(0)
    private static let catalog = Catalog(
        nodeTypes: [
            NodeType(
                name: "Letter",
                columns: [
                    ColumnDefinition(name: "number", kind: .int, isNullable: false),
                    ColumnDefinition(name: "place", kind: .string, isNullable: false),
                    ColumnDefinition(name: "note", kind: .string, isNullable: true),
                ], key: [1, 0])
        ], enumerations: [])
    private static let list = "/versions/1/indexes/Letter.note.repeats"

    private func version(_ rowCount: Int, place: (Int) -> String, note: (Int) -> String?) throws -> GraphVersion {
        let builder = GraphBuilder(catalog: Self.catalog)
        let letters = builder.table(Self.letter)
        for row in 0..<rowCount {
            letters.ints(0).append(Int32(row))
            #expect(letters.texts(1).append(place(row)))
            if let note = note(row) { #expect(letters.texts(2).append(note)) } else { letters.texts(2).appendNull() }
        }
        return try builder.finish(number: 1, publishedAt: Instant(microseconds: 0))
    }

    /// Notes of which some are earlier ones: rows 19 and 39 hold that of row 1, row 79 that of row 21, and so on.
    private func sample(_ rowCount: Int = 700) throws -> GraphVersion {
        try version(rowCount, place: { "place \($0 % 3)" }) { row in
            row % 7 == 3 ? nil : row % 20 == 19 ? "note \((row - 19) / 40 * 20 + 1)" : "note \(row)"
        }
    }

    /// Everything, as text; and that equal codes stand for equal texts and no others, which are found.
    private func lines(_ version: GraphVersion) -> [String] {
        let table = version[Self.letter]
        guard case .int(let numbers) = table.column(0) else { return [] }
        var lines: [String] = []
        for index in [1, 2] {
            guard case .string(let texts) = table.column(index) else { return [] }
            var codes: [String: UInt32] = [:]
            for row in 0..<table.rowCount where table.isLive(RowNumber(row)) {
                let text = texts.text(at: row)
                var line = "\(numbers[row] ?? -1): \(text ?? "-")"
                if let text, let code = texts.codes[row] {
                    if codes[text, default: code] != code { line += " HAS TWO CODES" }
                    if texts.dictionary.code(of: text) != code { line += " NOT FOUND" }
                    codes[text] = code
                }
                let key = version.key(of: RowNumber(row), type: Self.letter)
                if version.row(of: Self.letter, forKey: key) != RowNumber(row) { line += " KEY NOT FOUND" }
                lines.append(line)
            }
            if Set(codes.values).count != codes.count { lines.append("TWO TEXTS HAVE ONE CODE") }
        }
        return lines
    }

    /// Writes, opens in both ways, verifies, writes again.
    /// - Returns: the lists that were written.
    @discardableResult
    private func check(_ version: GraphVersion, _ files: MemoryFileSystem) throws -> [String] {
        let manifest = try Snapshot.write(version, description, to: "/versions/1", on: files)
        let wanted = lines(version)
        #expect(lines(try Snapshot.open("/versions/1", on: files).version) == wanted)
        let lazily = try Snapshot.open("/versions/1", on: files, checking: .onFirstUse { Issue.record("\($0)") }).version
        #expect(lines(lazily) == wanted)
        #expect(lazily.checkColumns() == nil)
        _ = try Snapshot.verify("/versions/1", on: files)
        let again = try Snapshot.write(lazily, description, to: "/versions/2", on: files)
        #expect(again.files == manifest.files, "what was opened is written as it was")
        return manifest.files.map(\.name).filter { $0.hasSuffix(".repeats") }
    }

    @Test func `are stored once a row where that takes fewer bytes than codes`() throws {
        func lists(_ rowCount: Int = 2_000, _ note: (Int) -> String?) throws -> [String] {
            try check(try version(rowCount, place: { "place \($0 % 3)" }, note: note), try storage())
        }
        let list = ["indexes/Letter.note.repeats"]
        #expect(try lists { "note \($0)" } == [])
        #expect(try lists { $0 == 1_999 ? "note 0" : "note \($0)" } == list)
        #expect(try lists { "note \($0 % 1_900)" } == list)
        #expect(try lists { $0 % 3 == 0 ? nil : "note \($0 % 1_900)" } == list)
        #expect(try lists { "note \($0 % 1_000)" } == [], "a code of two bytes a row, and half the texts")
        #expect(try lists { "note \($0 % 5)" } == [])
        let long = String(repeating: "long ", count: 60)
        #expect(try lists { "\(long)\($0 % 1_980)" } == [], "texts so long that twenty more of them are dearer than codes")
        #expect(try lists { _ in nil } == [])
        #expect(try lists(0) { _ in nil } == [])
    }

    @Test func `are stored so beyond the first batch`() throws {
        let version = try version(66_000, place: { "place \($0)" }) { $0 == 65_999 ? "note 65537" : "note \($0 % 65_900)" }
        #expect(try check(version, try storage()) == ["indexes/Letter.note.repeats"])
    }

    @Test(arguments: 0..<6)
    func `take changes like any others, whatever of them is deleted`(seed: UInt64) throws {
        var random = SeededGenerator(state: seed &+ 17)
        let files = try storage()
        var places: [String] = []
        var notes: [String?] = []
        for row in 0..<400 {
            places.append("place \(Int.random(in: 0..<3_000, using: &random))")
            let note = row - Int.random(in: 0..<18, using: &random) / 17
            notes.append(Int.random(in: 0..<9, using: &random) == 0 ? nil : "note \(note)")
        }
        var before = try version(400, place: { places[$0] }, note: { notes[$0] })
        _ = try Snapshot.write(before, description, to: "/versions/1", on: files)
        var after = try Snapshot.open("/versions/1", on: files, checking: .onFirstUse { Issue.record("\($0)") }).version
        for step in 0..<4 {
            var changes = TypeChanges(type: Self.letter, columns: [0, 1, 2])
            for number in Set((0..<60).map { _ in Int32.random(in: 1_000..<1_200, using: &random) }).sorted() {
                let note = Int.random(in: 0..<500, using: &random)
                changes.cells += [
                    .int(number), .string("place \(number % 90)"), note < 50 ? .null : .string("note \(note)"),
                ]
            }
            for row in 0..<RowNumber(before[Self.letter].rowCount)
            where before[Self.letter].isLive(row) && Int.random(in: 0..<7, using: &random) == 0 {
                let key = before.key(of: row, type: Self.letter)
                if case .int(let number) = key.parts[1], number < 1_000 { changes.deletedKeys.append(key) }
            }
            let set = ChangeSet(types: [changes])
            before = try before.applying(set, number: UInt64(2 + step), publishedAt: Instant(microseconds: 1))
            after = try after.applying(set, number: UInt64(2 + step), publishedAt: Instant(microseconds: 1))
            #expect(lines(after) == lines(before))
            let (left, right) = ("/versions/l\(step)", "/versions/r\(step)")
            let written = try Snapshot.write(before, description, to: left, on: files)
            #expect(try Snapshot.write(after, description, to: right, on: files).files == written.files)
            #expect(try Snapshot.verify(right, on: files) == Snapshot.manifest(right, on: files))
            #expect(lines(try Snapshot.open(right, on: files).version) == lines(before))
        }
    }

    // MARK: Lists that are not what they should be

    @Test func `need no list: without it the texts say the same`() throws {
        let files = try storage()
        let version = try sample()
        #expect(try check(version, files) == ["indexes/Letter.note.repeats"])
        try files.remove(Self.list)
        #expect(lines(try Snapshot.open("/versions/1", on: files).version) == lines(version))
        _ = try Snapshot.verify("/versions/1", on: files)
    }

    /// How many rows a list says it has.
    private static func count(_ list: [UInt8]) -> Int { list.span.littleEndian(at: 16, as: UInt64.self).map(Int.init) ?? 0 }

    /// The bytes of a list, with its checksum made right after a change.
    private func forged(_ bytes: [UInt8], _ change: (inout [UInt8], (Int) -> Int) -> Void) -> [UInt8] {
        let count = Self.count(bytes)
        var bytes = bytes
        // A place below the count is that of a row, else that of a first row.
        change(&bytes) { place in place < count ? 64 + place * 4 : 64 + (count * 4 + 63) / 64 * 64 + (place - count) * 4 }
        var sum: [UInt8] = []
        if bytes.count > 64 { sum.appendLittleEndian(CRC32C.checksum(bytes.span.extracting(64..<bytes.count))) }
        for (offset, byte) in sum.enumerated() { bytes[12 + offset] = byte }
        return bytes
    }

    @Test func `whose list is wrong are read without it, and verifying says what is wrong`() throws {
        let files = try storage()
        let version = try sample()
        try check(version, files)
        let whole = try files.contents(of: Self.list, limit: 1 << 20)
        let count = Self.count(whole)
        func put(_ value: UInt32, _ bytes: inout [UInt8], at place: Int) {
            var word: [UInt8] = []
            word.appendLittleEndian(value)
            for (offset, byte) in word.enumerated() { bytes[place + offset] = byte }
        }
        let cases: [(message: String, change: (inout [UInt8], (Int) -> Int) -> Void)] = [
            ("this is not a list of repeated texts", { bytes, _ in bytes[3] ^= 1 }),
            ("the list is not of format 1", { bytes, _ in bytes[8] = 2 }),
            ("the list does not have the \(count) rows that the schema of the Arrow file says", { bytes, _ in bytes[16] ^= 1 }),
            ("bytes that mean nothing are not zero", { bytes, _ in bytes[24] = 1 }),
            ("bytes that mean nothing are not zero", { bytes, _ in bytes[63] = 1 }),
            ("the list belongs to other Arrow files", { bytes, _ in bytes[40] ^= 1 }),
            (
                "the file has \(whole.count - 64) bytes, not the \(whole.count) of \(count) rows",
                { bytes, _ in bytes.removeLast(64) }
            ),
            (
                "row 39 does not stand in its order",
                { bytes, at in
                    put(79, &bytes, at: at(1)); put(39, &bytes, at: at(2))
                }
            ),
            ("row 4294967295 is not one of 700", { bytes, at in put(.max, &bytes, at: at(count - 1)) }),
            ("row 700 is not one of 700", { bytes, at in put(700, &bytes, at: at(count - 1)) }),
            ("row 19 does not come before row 19", { bytes, at in put(19, &bytes, at: at(count)) }),
            ("row 4000 does not come before row 19", { bytes, at in put(4_000, &bytes, at: at(count)) }),
            ("row 19 or row 3 holds no text", { bytes, at in put(3, &bytes, at: at(count)) }),
            ("row 3 or row 1 holds no text", { bytes, at in put(3, &bytes, at: at(0)) }),
            ("row 19 is not the first that holds its text", { bytes, at in put(19, &bytes, at: at(count + 1)) }),
            ("row 19 does not hold the text of row 2", { bytes, at in put(2, &bytes, at: at(count)) }),
            ("row 8 does not hold the text of row 1", { bytes, at in put(8, &bytes, at: at(0)) }),
        ]
        func see(_ message: String, _ bytes: [UInt8]) throws {
            try files.remove(Self.list)
            try files.writeNew(Self.list, bytes)
            #expect(lines(try Snapshot.open("/versions/1", on: files).version) == lines(version), "\(message)")
            do throws(SnapshotError) {
                _ = try Snapshot.verify("/versions/1", on: files)
                Issue.record("verifying did not see that \(message)")
            } catch {
                #expect(error.path == Self.list && error.message == message)
                #expect(error.reason == .damaged)
            }
        }
        for (message, change) in cases { try see(message, forged(whole, change)) }
        var flipped = whole
        flipped[64] ^= 1
        try see("the checksum of the list does not match", flipped)
        try files.remove(Self.list)
        try files.writeNew(Self.list, whole)
        _ = try Snapshot.verify("/versions/1", on: files)
    }
}
