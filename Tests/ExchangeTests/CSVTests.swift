import Exchange
import Testing

@Suite("CSV") struct CSVTests {
    /// All rows of a file, and the errors between them.
    func read(_ bytes: [UInt8], limits: CSVReader.Limits = .init()) -> (rows: [[String]], errors: [String]) {
        do throws(CSVError) { try CSVReader.checkText(bytes.span) } catch { return ([], [error.description]) }
        var reader = CSVReader(limits: limits)
        var row = CSVRow()
        var rows: [[String]] = []
        var errors: [String] = []
        while true {
            do throws(CSVError) {
                guard try reader.next(bytes.span, into: &row) else { return (rows, errors) }
                rows.append(
                    row.cells.map { cell in
                        var text: [UInt8] = []
                        CSVReader.append(cell, of: bytes.span, to: &text)
                        return String(decoding: text, as: UTF8.self)
                    })
            } catch {
                errors.append(error.description)
            }
        }
    }

    func check(_ text: String, reads rows: [[String]], sourceLocation: SourceLocation = #_sourceLocation) {
        let found = read(Array(text.utf8))
        #expect(found.rows == rows, sourceLocation: sourceLocation)
        #expect(found.errors == [], sourceLocation: sourceLocation)
    }

    func check(
        _ text: String, reads rows: [[String]], and errors: [String], limits: CSVReader.Limits = .init(),
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let found = read(Array(text.utf8), limits: limits)
        #expect(found.rows == rows, sourceLocation: sourceLocation)
        #expect(found.errors == errors, sourceLocation: sourceLocation)
    }

    @Test func `cells, empty cells, quotes and both line ends are read`() {
        check("a,b\n1,\n,2\n", reads: [["a", "b"], ["1", ""], ["", "2"]])
        check("a,b\r\n\"x, y\",\"he said \"\"no\"\"\"\r\n", reads: [["a", "b"], ["x, y", "he said \"no\""]])
        check("\u{FEFF}a\n\"two\nlines\r\n\"\nend", reads: [["a"], ["two\nlines\r\n"], ["end"]])
        check("a,\"\"\n", reads: [["a", ""]])
        check("村,户\n光明村,𠮷\n", reads: [["村", "户"], ["光明村", "𠮷"]])
    }

    @Test func `empty lines are no rows`() {
        check("", reads: [])
        check("\n\n", reads: [])
        check("\u{FEFF}\r\na\n\n\r\nb\n\n", reads: [["a"], ["b"]])
    }

    @Test func `a number that a spreadsheet keeps as text is read as that text`() {
        check("a,=\"4201150102000001\"\n", reads: [["a", "4201150102000001"]])
    }

    @Test func `a file that ends inside quotes is reported where they open`() {
        check(
            "a,b\n1,\"never\nclosed\n2,3\n", reads: [["a", "b"]],
            and: ["line 2, column 3: the file ends inside the quotes that open here; it is cut off, or a quote is missing"])
    }

    @Test func `broken quoting is reported, and the next line is read`() {
        check(
            "a,b\n汉,\"x\"y\nq\"r,1\nok,ok\n", reads: [["a", "b"], ["ok", "ok"]],
            and: [
                "line 2, column 6: text stands behind a closing quote; a quote inside quotes is written twice",
                "line 3, column 2: a quote stands inside a cell that does not begin with one;"
                    + " put the cell in quotes and write it twice",
            ])
    }

    @Test func `a lone carriage return is reported`() {
        check(
            "a\rb\nc\n", reads: [["c"]],
            and: ["line 1, column 2: a carriage return without a line feed; lines end with LF or CR LF"])
        check(
            "\"a\"\r", reads: [],
            and: ["line 1, column 4: text stands behind a closing quote; a quote inside quotes is written twice"])
    }

    @Test func `bytes that are not UTF-8 are reported with line and column`() {
        #expect(
            read(Array("a,b\n汉字,".utf8) + [0xD6, 0xD0] + Array("\n".utf8)).errors
                == ["line 2, column 4: byte 0xD6 is not UTF-8; save the file as UTF-8"])
        #expect(
            read([0xEF, 0xBB, 0xBF, 0x61, 0x0A, 0x80]).errors == [
                "line 2, column 1: byte 0x80 is not UTF-8; save the file as UTF-8"
            ])
        #expect(read([0x61, 0x00]).errors == ["line 1, column 2: a NUL byte; the file is not UTF-8 text"])
    }

    @Test func `cells and rows are bounded`() {
        var limits = CSVReader.Limits()
        limits.cellBytes = 3
        limits.cells = 2
        check(
            "abc,d\nabcd,e\n1,2,3\nf,g\n", reads: [["abc", "d"], ["f", "g"]],
            and: ["line 2, column 1: the cell has more than 3 bytes", "line 3, column 5: the row has more than 2 cells"],
            limits: limits)
    }

    @Test func `rows know their number, line and whether the file goes on`() throws {
        let bytes = Array("a\n\"x\ny\"\n\nlast".utf8)
        var reader = CSVReader()
        var row = CSVRow()
        var places: [[Int]] = []
        while try reader.next(bytes.span, into: &row) { places.append([row.number, row.line, row.isTerminated ? 1 : 0]) }
        #expect(places == [[1, 1, 1], [2, 2, 1], [3, 5, 0]])
    }

    @Test func `what is written is read back, whatever it is`() {
        var random = SeededRandom(seed: 5)
        let alphabet = ["a", "\"", ",", "\n", "\r", " ", "　", "=", "汉", "𠮷", "\u{301}", "'", ";", "|", "\\"]
        for _ in 0..<500 {
            let width = Int.random(in: 1...4, using: &random)
            let rows = (0..<Int.random(in: 0...5, using: &random)).map { _ in
                (0..<width).map { _ in
                    (0..<Int.random(in: 0...5, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "" }.joined()
                }
            }
            var writer = CSVWriter()
            for row in rows {
                for cell in row {
                    if cell.isEmpty, Bool.random(using: &random) { writer.emptyCell() } else { writer.cell(cell) }
                }
                writer.endRow()
            }
            let found = read(writer.finish())
            // By bytes: `String` would call different texts equal.
            #expect(found.rows.map { $0.map { Array($0.utf8) } } == rows.map { $0.map { Array($0.utf8) } })
            #expect(found.errors == [])
        }
    }

    @Test func `random bytes never trap, and the reader always comes to an end`() {
        var random = SeededRandom(seed: 6)
        let alphabet = Array("a,\"\n\r= \u{FEFF}汉\0".utf8) + [0xFF, 0x80]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<24, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            let found = read(bytes)
            #expect(found.rows.count + found.errors.count <= bytes.count)
        }
    }
}

/// A small generator with a seed, so that a failure can be repeated (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
