import Exchange
import Model
import StoreColumns
import Testing

@Suite("Importing our own shape") struct ImportTests {
    let model: Model
    init() throws { model = try library() }

    let authors = SourceFile("Author.csv", "number,name\nA1,李白\nA2,杜甫\n")

    /// The rows of a type as they would be written, after all files were read without a problem.
    func check(_ files: [SourceFile], give expected: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let draft = Importer(model: model).read(files)
        #expect(draft.report.problems.map(\.description) == [], sourceLocation: sourceLocation)
        let written = CSVExporter(model: model).files(of: draft.changeSet)
        #expect(written.last?.text == expected, sourceLocation: sourceLocation)
    }

    /// What keeps files from being loaded.
    func check(
        _ files: [SourceFile], refusedFor expected: [String], limits: ImportLimits = ImportLimits(),
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let refused = #expect(throws: ImportRefused.self, sourceLocation: sourceLocation) {
            _ = try load(files, model, limits: limits)
        }
        #expect(refused?.report.problems.map(\.description) == expected, sourceLocation: sourceLocation)
    }

    // MARK: Files and headings

    @Test func `headings match by field, label and alias, however they are spaced and noted`() {
        let expected = "author,title,pages,price\nA1,静夜思,20,3.50\n"
        check([authors, SourceFile("Book.csv", "author,title,pages,price\nA1,静夜思,20,3.5\n")], give: expected)
        check([authors, SourceFile("书.csv", "作者,书名,页数,价格\nA1,静夜思,20,3.5\n")], give: expected)
        check([authors, SourceFile("books.csv", "AUTHOR, 题 名 ,页数,价格（元）\nA1,静夜思,20,3.5\n")], give: expected)
    }

    @Test func `a wrong heading is refused with what it may have meant`() {
        check(
            [authors, SourceFile("Book.csv", "author,title,pagse\nA1,x,1\n")],
            refusedFor: ["Book.csv:1:14: pagse: Book has no such field. Did you mean 'pages'?"])
        check(
            [authors, SourceFile("Book.csv", "author,,名称,title,title,题名,pageCount\n")],
            refusedFor: [
                "Book.csv:1:18: title: the heading stands twice, first as column 4",
                "Book.csv:1:9: 名称: the heading may mean title or inPrint; use one of these",
                "Book.csv:1:24: 题名: another column is Book.title already",
                "Book.csv:1:27: pageCount: Book.pageCount is computed from other data; leave the column out",
            ])
        check(
            [SourceFile("Author.csv", "name\nx\n")],
            refusedFor: [
                "Author.csv:1: the column 'number or 作者编号' is missing; without it no Author can be told from another",
                "Author.csv:2: the key is missing",
            ])
    }

    @Test func `a file that is no type is refused, a type has one file`() {
        check(
            [SourceFile("Bok.csv", "a\n"), SourceFile("notes.txt", "anything")],
            refusedFor: ["Bok.csv: the name is no type of the model; files are called like their types. Did you mean 'Book'?"])
        check(
            [authors, SourceFile("作家.csv", "number\nA3\n")],
            refusedFor: ["作家.csv: Author.csv holds Author already; a type has one file"])
        check(
            [SourceFile("Author.csv", "")],
            refusedFor: ["Author.csv: the file is empty; its first line holds the headings"])
    }

    // MARK: Broken files

    @Test func `bytes that are not UTF-8 are refused with line and character`() {
        let bad = SourceFile(name: "Author.csv", bytes: Array("number,name\nA1,李".utf8) + [0xB0, 0xD7, 0x0A])
        check([bad], refusedFor: ["Author.csv:2:5: byte 0xB0 is not UTF-8; save the file as UTF-8"])
    }

    @Test func `a file that is cut off is refused, in quotes and without`() {
        check(
            [SourceFile("Author.csv", "number,name\nA1,x\nA2,\"李")],
            refusedFor: [
                "Author.csv:3:4: the file ends inside the quotes that open here; it is cut off, or a quote is missing"
            ])
        check(
            [SourceFile("Author.csv", "number,name,born\nA1,x,\nA2,李")],
            refusedFor: ["Author.csv:3: the file is cut off: its last line has 2 of 3 cells and does not end"])
        check(
            [SourceFile("Author.csv", "number,name\nA1\nA2,x,y\n")],
            refusedFor: [
                "Author.csv:2: the row has 1 cell, the header 2", "Author.csv:3: the row has 3 cells, the header 2",
            ])
    }

    // MARK: Values

    /// One book with one more field: its text as it is written again, or what is wrong with it.
    func value(_ field: String, _ text: String) -> String {
        var writer = CSVWriter()
        for cell in ["author", "title", field] { writer.cell(cell) }
        writer.endRow()
        for cell in ["A1", "t"] { writer.cell(cell) }
        if text.isEmpty { writer.emptyCell() } else { writer.cell(text) }
        writer.endRow()
        let draft = Importer(model: model).read([authors, SourceFile(name: "Book.csv", bytes: writer.finish())])
        if let problem = draft.report.problems.first { return "\(problem.reason): \(problem.message)" }
        guard let written = CSVExporter(model: model).files(of: draft.changeSet).last?.text else { return "nothing" }
        let rows = written.split(separator: "\n", omittingEmptySubsequences: false)
        return String(rows[1].dropFirst("A1,t".count).drop { $0 == "," })
    }

    @Test(arguments: [
        ("inPrint", ["true", "1", "是", "有", "Y", "yes", "√", "TRUE"], "true"),
        ("inPrint", ["false", "0", "否", "无", "n", "No", "×"], "false"),
        ("pages", ["12", "+12", " 12 ", "１２", "012"], "12"),
        ("price", ["1234.5", "1234.50", "+1234.500", "１２３４.５"], "1234.50"),
        ("price", ["-0.05", "-0.050"], "-0.05"),
        ("weight", ["0.25", "2.5e-1"], "0.25"),
        (
            "publishedOn",
            ["2019-07-01", "20190701", "2019/7/1", "2019.07.01", "2019年7月1日", "２０１９－０７－０１", "2019-07-01 00:00:00"],
            "2019-07-01"
        ),
        ("genre", ["POEM", "poem", "诗", "诗歌", " 诗 "], "POEM"),
        ("moods", ["NOVEL;POEM", "小说、诗", "1，诗歌", "小说 , 诗；"], "NOVEL;POEM"),
        ("moods", ["[]"], "[]"),
        ("moods", [""], ""),
        ("edition", ["A1|t|2016"], "A1|t|2016"),
        ("friends", ["A1;A2", "A1、A2"], "A1;A2"),
    ])
    func `one value has many spellings`(field: String, texts: [String], written: String) {
        for text in texts { #expect(value(field, text) == written, "\(text)") }
    }

    @Test(arguments: [
        ("inPrint", "maybe", "notBoolean: not a yes or no (true, false, 1, 0, 是, 否, 有, 无)"),
        ("pages", "12.0", "notWholeNumber: not a whole number"),
        ("pages", "-", "notWholeNumber: not a whole number"),
        ("pages", "2147483648", "outOfRange: beyond the whole numbers from -2147483648 to 2147483647"),
        ("pages", "99999999999999999999999", "outOfRange: beyond the whole numbers from -2147483648 to 2147483647"),
        ("price", "1.005", "tooManyDigits: more than 2 digits after the point, which would be lost"),
        ("price", "1,000", "notNumber: not a decimal number (digits, and a point before the fraction)"),
        ("price", "5元", "notNumber: not a decimal number (digits, and a point before the fraction)"),
        ("price", "1e3", "notNumber: not a decimal number (digits, and a point before the fraction)"),
        ("price", ".5", "notNumber: not a decimal number (digits, and a point before the fraction)"),
        ("price", "5.", "notNumber: not a decimal number (digits, and a point before the fraction)"),
        ("price", "92233720368547758.08", "outOfRange: beyond the numbers that the field can hold"),
        ("weight", "NaN", "notNumber: not a number"),
        ("weight", "0x10", "notNumber: not a number"),
        ("weight", "1e999", "notNumber: not a number"),
        ("publishedOn", "2019-02-29", "notDate: not a date (2019-07-31, 20190731, 2019/7/31)"),
        ("publishedOn", "2019-07/31", "notDate: not a date (2019-07-31, 20190731, 2019/7/31)"),
        ("publishedOn", "2019-07-31 08:00", "notDate: not a date (2019-07-31, 20190731, 2019/7/31)"),
        ("publishedOn", "43677", "notDate: not a date (2019-07-31, 20190731, 2019/7/31)"),
        ("publishedOn", "2019年7月", "notDate: a date without its day; write the day (2019-07-31)"),
        ("publishedOn", "2019", "notDate: a date without its day; write the day (2019-07-31)"),
        ("genre", "POEMS", "unknownValue: not a value of the field. Did you mean 'POEM'?"),
        ("genre", "戏剧", "unknownValue: not a value of the field. It may be NOVEL, POEM, ESSAY."),
        ("moods", "POEM;?", "unknownValue: not a value of the field. It may be NOVEL, POEM, ESSAY."),
        ("edition", "A1|t", "wrongKey: a key of 3 parts joined by '|'; found 2"),
        ("edition", "A1|t|x", "notWholeNumber: not a whole number"),
        ("title2", "x", "unknownHeading: Book has no such field. Did you mean 'title'?"),
        ("friends", "4.20E+17", "lostPrecision: a number that a spreadsheet has rounded; export the column as text"),
    ])
    func `what is no value is refused with what was expected`(field: String, text: String, problem: String) {
        #expect(value(field, text) == problem)
    }

    @Test func `the largest decimals are exact`() {
        #expect(value("price", "92233720368547758.07") == "92233720368547758.07")
        #expect(value("price", "-92233720368547758.08") == "-92233720368547758.08")
    }

    @Test func `identity numbers stay text, and a rounded one is refused`() {
        check(
            [
                SourceFile(
                    "Author.csv",
                    "number,idNumber\n001,=\"420115197101010016\"\n002,'420115197101010024\n003,４２０１１５１９７１０１０１００２ｘ\n")
            ],
            give: "number,idNumber\n001,420115197101010016\n002,420115197101010024\n003,42011519710101002X\n")
        check(
            [SourceFile("Author.csv", "number,idNumber\nA1,4.20E+17\n4.2E+15,\n")],
            refusedFor: [
                "Author.csv:2:4: idNumber: (value hidden: personal) a number that a spreadsheet has rounded;"
                    + " export the column as text",
                "Author.csv:3:1: number: '4.2E+15': a number that a spreadsheet has rounded; export the column as text",
            ])
    }

    @Test func `what tells about a person is not shown`() {
        check(
            [SourceFile("Author.csv", "number,name,idNumber\nA1,x,S1\nA2,y,S1\n")],
            refusedFor: [
                "Author.csv:3:6: idNumber: (value hidden: personal) another row has this value, which must be its own"
            ])
    }

    @Test func `long values are shortened in a report`() {
        let long = String(repeating: "长", count: 200)
        check(
            [authors, SourceFile("Book.csv", "author,title,pages\nA1,t,\(long)\n")],
            refusedFor: [
                "Book.csv:2:6: pages: '\(String(repeating: "长", count: 80))…': not a whole number"
            ])
    }

    // MARK: Between rows

    @Test func `a key that stands twice is refused with both places`() {
        check(
            [SourceFile("Author.csv", "name,number\nx,A1\ny,A2\n\"z\nz\",A1\n")],
            refusedFor: ["Author.csv:5:4: number: 'A1': the key stands twice, first in line 2"])
        check(
            [authors, SourceFile("Book.csv", "title,author\nt,A1\nt,A2\nt,A1\n")],
            refusedFor: ["Book.csv:4:3: author: 'A1|t': the key stands twice, first in line 2"])
    }

    @Test func `a reference to nothing is refused at its cell`() {
        check(
            [authors, SourceFile("Book.csv", "title,author,seeAlso\nt,A9,A1|u\nu,A1,A1|u;A1|v\n")],
            refusedFor: [
                "Book.csv:2:3: author: 'A9': no Author has this key",
                "Book.csv:3:6: seeAlso: 'A1|u;A1|v': no Book has this key",
            ])
    }

    @Test func `a list that is always there is empty where its cell is`() {
        check([SourceFile("Shelf.csv", "code,全部体裁\n1,\n2,[]\n3,诗;小说\n")], give: "code,genres\n1,\n2,\n3,POEM;NOVEL\n")
    }

    @Test func `a column that new rows need is asked for once`() {
        check(
            [SourceFile("Shelf.csv", "code\n1\n2\n")],
            refusedFor: ["Shelf.csv:1: the column 'genres or 全部体裁' is missing; a new Shelf needs it"])
    }

    @Test func `a missing value is refused at its cell`() {
        check(
            [
                authors, SourceFile("Book.csv", "author,title\nA1,t\n"),
                SourceFile("Edition.csv", "book,year,state\nA1|t,2016,\n"),
            ],
            refusedFor: ["Edition.csv:2:11: state: a value is required"])
    }

    @Test func `a row must not end before it begins`() {
        check(
            [authors, SourceFile("Loan.csv", "author,from,to\nA1,2016-02-01,2016-02-01\nA2,2016-02-01,2016-01-31\n")],
            refusedFor: ["Loan.csv:3:15: to: '2016-01-31': the end is before the beginning, 2016-02-01"])
    }

    @Test func `all bad rows are reported at once, and nothing is loaded`() throws {
        let bad = SourceFile("Author.csv", "number,born\nA1,2016-13-01\nA2,\nA2,\nA3,x\n")
        check(
            [bad, SourceFile("Book.csv", "author,title,pages\nA1,t,x\n")],
            refusedFor: [
                "Author.csv:2:4: born: '2016-13-01': not a date (2019-07-31, 20190731, 2019/7/31)",
                "Author.csv:5:4: born: 'x': not a date (2019-07-31, 20190731, 2019/7/31)",
                "Book.csv:2:6: pages: 'x': not a whole number",
                "Author.csv:4:1: number: 'A2': the key stands twice, first in line 3",
            ])
    }

    @Test func `a row that names a row which could not be read is not blamed for it`() {
        check(
            [SourceFile("Author.csv", "number,born\nA1,x\n"), SourceFile("Book.csv", "author,title\nA1,t\n")],
            refusedFor: ["Author.csv:2:4: born: 'x': not a date (2019-07-31, 20190731, 2019/7/31)"])
    }

    @Test func `problems are counted beyond the number that is listed`() {
        var limits = ImportLimits()
        limits.problems = 2
        let rows = (0..<10).map { "A\($0),x" }.joined(separator: "\n")
        let refused = #expect(throws: ImportRefused.self) {
            _ = try load([SourceFile("Author.csv", "number,born\n\(rows)\n")], model, limits: limits)
        }
        #expect(refused?.report.problemCount == 10)
        #expect(refused?.report.problems.count == 2)
    }

    @Test func `keys that only look equal are two rows, each named by its own bytes`() throws {
        let files = [
            SourceFile("Author.csv", "number\né\ne\u{301}\n豈\n\u{F900}\n"),
            SourceFile("Book.csv", "author,title\ne\u{301},t\n豈,t\n"),
        ]
        _ = try load(files, model)
        let draft = Importer(model: model).read(files)
        let written = CSVExporter(model: model).files(of: draft.changeSet).map { $0.text.map { Array($0.utf8) } }
        #expect(written.first == Array("number\ne\u{301}\né\n豈\n\u{F900}\n".utf8))
        check(
            [SourceFile("Author.csv", "number\né\n"), SourceFile("Book.csv", "author,title\ne\u{301},t\n")],
            refusedFor: ["Book.csv:2:1: author: 'e\u{301}': no Author has this key"])
    }

    @Test func `a longer key may stand in columns of its own`() {
        let book = SourceFile("Book.csv", "author,title\nA1,a|b\n")
        let expected = "book,year,state\nA1|a\\|b,2016,POEM\n"
        check(
            [authors, book, SourceFile("Edition.csv", "book.author.number,book.title,year,state\nA1,a|b,2016,诗\n")],
            give: expected)
        check([authors, book, SourceFile("Edition.csv", "book.author,book.title,year,state\nA1,a|b,2016,诗\n")], give: expected)
        check([authors, book, SourceFile("Edition.csv", "book,year,state\nA1|a\\|b,2016,诗\n")], give: expected)
        check(
            [authors, book, SourceFile("Edition.csv", "book.author,year,state\nA1,2016,诗\n")],
            refusedFor: [
                "Edition.csv:1: Edition.book needs the column 'book.title' too",
                "Edition.csv:1: the column 'book' is missing; without it no Edition can be told from another",
                "Edition.csv:2: the key is missing",
            ])
    }

    @Test func `a report counts files, rows and types, and prints as text and JSON`() {
        let draft = Importer(model: model).read([authors, SourceFile("Book.csv", "author,title,pages\nA1,t,1\nA2,t,?\n")])
        #expect(
            draft.report.description == """
                Author.csv: 2 rows → Author 2
                Book.csv: 2 rows, 1 of them bad → Book 1
                Book.csv:3:6: pages: '?': not a whole number
                1 problem; nothing was loaded
                """)
        #expect(
            String(decoding: draft.report.changeReport(version: 1).json(), as: UTF8.self)
                == #"{"applied":false,"dryRun":false,"repeated":false,"version":"1","counts":["#
                + #"{"type":"Author","added":2,"changed":0,"unchanged":0,"deleted":0},"#
                + #"{"type":"Book","added":1,"changed":0,"unchanged":0,"deleted":0}],"#
                + #""problems":[{"code":"UNREADABLE","severity":"HARD","type":"Book","field":"pages","#
                + #""reason":"notWholeNumber","message":"not a whole number","file":"Book.csv","line":3,"column":6,"heading":"pages","value":"?"}],"#
                + #""problemCount":1,"leftOutCount":0,"files":["#
                + #"{"name":"Author.csv","byteCount":32,"rowCount":2,"badRowCount":0},"#
                + #"{"name":"Book.csv","byteCount":33,"rowCount":2,"badRowCount":1}],"notes":[],"passedOver":[],"#
                + #""tables":[{"name":"Author.csv","type":"Author","columns":[{"heading":"number","field":"number"},"#
                + #"{"heading":"name","field":"name"}]},{"name":"Book.csv","type":"Book","columns":["#
                + #"{"heading":"author","field":"author"},{"heading":"title","field":"title"},{"heading":"pages","field":"pages"}]}]}"#
        )
    }
}
