import Compression
import Exchange
import Model
import OfficeFiles
import StoreColumns
import Testing

/// Workbooks and files of Chinese offices, read as what their rows mean.
@Suite("Importing office files") struct WorkbookTests {
    let model: Model
    init() throws { model = try library() }

    let authors = SourceFile("Author.csv", "number,name\nA1,李白\nA2,杜甫\n")

    /// `<row>` after `<row>`, of cells `<c>`.
    private func rows(_ rows: [(Int, String)]) -> String {
        "<sheetData>" + rows.map { #"<row r="\#($0)">\#($1)</row>"# }.joined() + "</sheetData>"
    }

    private func text(_ place: String, _ text: String) -> String {
        #"<c r="\#(place)" t="inlineStr"><is><t xml:space="preserve">\#(text)</t></is></c>"#
    }

    private func number(_ place: String, _ number: String, style: Int = 0) -> String {
        #"<c r="\#(place)" s="\#(style)"><v>\#(number)</v></c>"#
    }

    private func headings(_ row: Int, _ names: [String]) -> (Int, String) {
        (row, zip("ABCDEFGHIJ", names).map { text("\($0)\(row)", $1) }.joined())
    }

    func check(
        _ files: [SourceFile], give expected: String, notes: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let draft = Importer(model: model).read(files)
        #expect(draft.report.problems.map(\.description) == [], sourceLocation: sourceLocation)
        #expect(
            draft.report.notes + draft.report.changeReport(version: 0).passedOver.map(\.message) == notes,
            sourceLocation: sourceLocation)
        let written = CSVExporter(model: model).files(of: draft.changeSet)
        #expect(written.last?.text == expected, sourceLocation: sourceLocation)
    }

    func check(
        _ files: [SourceFile], refusedFor expected: [String], limits: ImportLimits = ImportLimits(),
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let draft = Importer(model: model, limits: limits).read(files)
        #expect(draft.report.problems.map(\.description) == expected, sourceLocation: sourceLocation)
    }

    // MARK: Sheets

    @Test func `sheets are types by name or label, cells texts, numbers and dates as they are shown`() {
        let book = TestArchive.workbook(
            [
                (
                    "作者",
                    rows([
                        headings(1, ["编号", "姓名", "出生日期"]),
                        (2, text("A2", "A1") + text("B2", "李白") + number("C2", "-1", style: 1)),
                    ])
                ),
                (
                    "书",
                    rows([
                        headings(1, ["作者", "书名", "页数", "价格", "是否在售", "出版日期"]),
                        (
                            2,
                            #"<c r="A2" t="s"><v>0</v></c>"# + #"<c r="B2" t="s"><v>1</v></c>"# + number("C2", "20")
                                + number("D2", "9.1999999999999993") + #"<c r="E2" t="b"><v>1</v></c>"#
                                + number("F2", "43677", style: 1)
                        ),
                        (4, text("A4", "A1") + text("B4", "月下独酌") + number("C4", "1E2") + number("F4", "43677.0", style: 2)),
                    ])
                ),
            ], shared: ["<t>A1</t>", "<r><t>静夜</t></r><r><t>思</t></r><rPh><t>jing</t></rPh>"],
            formats: [(164, "yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;")], styles: [0, 164, 31])
        // A date before 1900 is none.
        check(
            [SourceFile(name: "图书.xlsx", bytes: book)],
            refusedFor: [
                "图书.xlsx/作者:2: 出生日期: '-1': not a date (2019-07-31, 20190731, 2019/7/31)"
            ])
        let good = TestArchive.workbook(
            [
                ("作者", rows([headings(1, ["编号", "姓名"]), (2, text("A2", "A1") + text("B2", "李白"))])),
                (
                    "书",
                    rows([
                        headings(1, ["作者", "书名", "页数", "价格", "是否在售", "出版日期"]),
                        (
                            2,
                            #"<c r="A2" t="s"><v>0</v></c>"# + #"<c r="B2" t="s"><v>1</v></c>"# + number("C2", "20")
                                + number("D2", "9.1999999999999993") + #"<c r="E2" t="b"><v>1</v></c>"#
                                + number("F2", "43677", style: 1)
                        ),
                        (
                            4,
                            text("A4", "A1") + text("B4", "月下, &quot;独酌&quot;") + number("C4", "1E2")
                                + number("F4", "43677.0", style: 2)
                        ),
                    ])
                ),
            ], shared: ["<t>A1</t>", "<r><t>静夜</t></r><r><t>思</t></r><rPh><t>jing</t></rPh>"],
            formats: [(164, "yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;")], styles: [0, 164, 31])
        check(
            [SourceFile(name: "图书.xlsx", bytes: good)],
            give: "author,title,pages,price,inPrint,publishedOn\nA1,\"月下, \"\"独酌\"\"\",100,,,2019-07-31\n"
                + "A1,静夜思,20,9.20,true,2019-07-31\n")
    }

    @Test func `a long number that a spreadsheet has shortened is refused, and one that is a text is kept`() {
        func book(_ cell: String) -> SourceFile {
            let sheet = rows([headings(1, ["编号", "姓名", "证件号码"]), (2, text("A2", "A1") + text("B2", "李白") + cell)])
            return SourceFile(name: "作者.xlsx", bytes: TestArchive.workbook([("Sheet1", sheet)]))
        }
        check([book(text("C2", "99999919900101001x"))], give: "number,name,idNumber\nA1,李白,99999919900101001X\n")
        for number in ["9.9999919900101004E+17", "999999199001010011", "999999199001010000"] {
            let draft = Importer(model: model).read([book(self.number("C2", number))])
            #expect(draft.report.problems.map(\.reason) == [.lostPrecision], "\(number)")
        }
        check([book(number("C2", "123456789012345"))], give: "number,name,idNumber\nA1,李白,123456789012345\n")
    }

    @Test func `titles, merged cells, notes, hidden and empty sheets are what they are in an office`() {
        let sheet =
            rows([
                (1, text("A1", "图书登记表")), (2, text("A2", "单位：甲") + text("C2", "2026年")),
                headings(3, ["作者（必填）", "书 名", "页数"]),
                (4, text("A4", "A1") + text("B4", "一") + number("C4", "1")),
                (5, #"<c r="A5" s="0"/>"# + text("B5", "二") + number("C5", "2")), (6, text("B6", "三")),
                (8, text("A8", "填表人：某")),
            ]) + #"<mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="A4:A6"/></mergeCells>"#
        let book = TestArchive.workbook(
            [("书目表", sheet), ("旧表", sheet), ("空", "<sheetData/>")], states: ["旧表": "veryHidden"])
        check(
            [authors, SourceFile(name: "书.xlsx", bytes: book)], give: "author,title,pages\nA1,一,1\nA1,三,\nA1,二,2\n",
            notes: [
                "书.xlsx/旧表 is not read: it is hidden", "书.xlsx/空 is not read: it is empty",
                "书.xlsx/书目表: rows 1 to 2 are not read: above the headings", "书.xlsx/书目表: row 8 is not read: notes",
            ])
    }

    @Test func `a problem names the sheet and its row, also below a text of several lines`() {
        let sheet = rows([
            headings(1, ["作者", "书名", "页数"]), (3, text("A3", "A1") + text("B3", "上\n下") + number("C3", "1")),
            (7, text("A7", "A1") + text("B7", "x") + text("C7", "many")),
        ])
        check(
            [authors, SourceFile(name: "书.xlsx", bytes: TestArchive.workbook([("书", sheet)]))],
            refusedFor: ["书.xlsx/书:7: 页数: 'many': not a whole number"])
    }

    @Test func `whoever imports says which sheet, which type and which column is meant`() {
        let sheet = rows([
            headings(1, ["甲", "乙", "丙", "丁"]), (2, text("A2", "A1") + text("B2", "一") + text("C2", "1") + text("D2", "x")),
        ])
        let book = SourceFile(
            name: "清单.xlsx", bytes: TestArchive.workbook([("东", sheet), ("西", sheet), ("说明", sheet)], states: ["东": "hidden"]))
        func read(_ change: (inout ImportChoices) -> Void) -> ImportReport {
            var choices = ImportChoices()
            change(&choices)
            return Importer(model: model, choices: choices).read([authors, book]).report
        }
        #expect(read { _ in }.problems.map(\.reason) == [.unknownFile, .unknownFile])
        #expect(read { _ in }.tables.map(\.type) == ["Author", nil, nil])
        #expect(
            read { $0.sheets = ["南"] }.problems.map(\.description) == [
                "清单.xlsx: the workbook has no sheet '南'; it has '东', '西', '说明'",
                "清单.xlsx: no sheet of the workbook holds a row",
            ])
        #expect(read { $0.type = "柜" }.problems.allSatisfy { $0.reason == .unknownType })
        var choices = ImportChoices()
        choices.sheets = ["东"]
        choices.type = "书"
        choices.columns = ["甲": "author", "乙": "书名", "丙": "pages", "丁": ""]
        let draft = Importer(model: model, choices: choices).read([book])
        #expect(draft.report.problems.map(\.description) == [])
        #expect(CSVExporter(model: model).files(of: draft.changeSet).last?.text == "author,title,pages\nA1,一,1\n")
        #expect(draft.report.tables.first?.columns.map(\.field) == ["author", "title", "pages", nil])
        let passed = draft.report.changeReport(version: 0).passedOver
        #expect(passed.map(\.reason) == ["otherSheet", "otherSheet", "otherColumn"] && passed.last?.heading == "丁")
        // Several sheets of one kind.
        choices.sheets = ["东", "西"]
        let both = Importer(model: model, choices: choices).read([book]).report
        #expect(both.problems.isEmpty && both.files.map(\.rowCount) == [1, 1])
        choices.headingRow = 2
        #expect(Importer(model: model, choices: choices).read([book]).report.problems.contains { $0.reason == .missingHeading })
        choices.headingRow = 9
        #expect(
            Importer(model: model, choices: choices).read([book]).report.problems.first?.message
                == "no row 9 that could hold the headings is among the first 20")
    }

    // MARK: What is none

    @Test func `what is damaged, or unfolds to more than is taken, is refused by name`() throws {
        check(
            [SourceFile("书.xlsx", "no workbook")],
            refusedFor: ["书.xlsx: the file is no XLSX workbook (Not a zip archive); save it anew as .xlsx"])
        var archive = TestArchive()
        archive.add("xl/workbook.xml", "<workbook/>")
        check(
            [SourceFile(name: "书.xlsx", bytes: archive.file)],
            refusedFor: ["书.xlsx: the workbook has no part xl/_rels/workbook.xml.rels; save it anew as .xlsx"])
        // Sixteen megabytes of blanks in sixteen kilobytes.
        let blanks = [UInt8](repeating: 0x20, count: 16 << 20)
        let packed = try #require(gzip(blanks))
        var bomb = TestArchive()
        bomb.add("xl/workbook.xml", blanks, packed: Array(packed.dropFirst(10).dropLast(8)))
        check(
            [SourceFile(name: "书.xlsx", bytes: bomb.file)],
            refusedFor: ["书.xlsx: the workbook holds more than is taken: max-workbook-ratio is 400"])
        // A cell far to the right makes every row wide.
        let wide = rows([(1, text("A1", "a") + text("XFD1", "b"))])
        check(
            [SourceFile(name: "书.xlsx", bytes: TestArchive.workbook([("书", wide)]))],
            refusedFor: ["书.xlsx: the workbook holds more than is taken: max-cells-of-a-row is 1000"])
        let shared = rows([(1, #"<c r="A1" t="s"><v>9</v></c>"#)])
        check(
            [SourceFile(name: "书.xlsx", bytes: TestArchive.workbook([("书", shared)]))],
            refusedFor: [
                "书.xlsx: a part of the workbook is not XML as workbooks hold it (line 1: a cell of row 1 names a shared text that is not there)"
            ])
    }

    @Test func `a long text that many cells share counts as often as it is named, over all sheets`() {
        var limits = ImportLimits()
        limits.workbook.bytes = 30_000
        func sheet(_ heading: String) -> String {
            rows([headings(1, [heading])] + (2...5).map { ($0, #"<c r="A\#($0)" t="s"><v>0</v></c>"#) })
        }
        func book(_ sheets: [(String, String)]) -> SourceFile {
            let text = "<t>\(String(repeating: "x", count: 4_000))</t>"
            return SourceFile(name: "书.xlsx", bytes: TestArchive.workbook(sheets, shared: [text]))
        }
        check([book([("作者", sheet("编号"))])], refusedFor: [], limits: limits)
        check(
            [book([("作者", sheet("编号")), ("书", sheet("书名"))])],
            refusedFor: ["书.xlsx: the workbook holds more than is taken: max-workbook-bytes is 30000"], limits: limits)
    }

    @Test func `a merge whose first cell is empty takes nothing from the one above`() {
        let sheet =
            rows([
                headings(1, ["作者", "书名", "页数"]), (2, text("A2", "A1") + text("B2", "一") + number("C2", "5")),
                (3, text("B3", "二")),
                // Of the second merge a cell stands there that is empty, as some programs write them.
                (6, text("A6", "A2") + text("B6", "三") + number("C6", "3")), (7, text("B7", "四") + number("C7", "")),
            ])
            + #"<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="A6:A7"/><mergeCell ref="C2:C3"/><mergeCell ref="C4:C7"/></mergeCells>"#
        check(
            [authors, SourceFile(name: "书.xlsx", bytes: TestArchive.workbook([("书", sheet)]))],
            give: "author,title,pages\nA1,一,5\nA1,二,5\nA2,三,3\nA2,四,\n")
    }

    // MARK: GB 18030

    @Test func `files in GB 18030 are read, and a damaged one in UTF-8 is not taken for one`() {
        // 作者编号,姓名 / A1,李白
        let office: [UInt8] =
            [0xD7, 0xF7, 0xD5, 0xDF, 0xB1, 0xE0, 0xBA, 0xC5, 0x2C, 0xD0, 0xD5, 0xC3, 0xFB, 0x0D, 0x0A] + Array("A1,".utf8)
            + [0xC0, 0xEE, 0xB0, 0xD7, 0x0D, 0x0A]
        check(
            [SourceFile(name: "作者.csv", bytes: office)], give: "number,name\nA1,李白\n", notes: ["作者.csv is read as GB 18030"])
        for damage in [[0xE9, 0x72], [0xE6, 0x9D], [0xFF]] as [[UInt8]] {
            let file = SourceFile(name: "作者.csv", bytes: Array("作者编号,姓名\nA1,李白".utf8) + damage + Array("\n".utf8))
            #expect(Importer(model: model).read([file]).report.problems.map(\.reason) == [.notUTF8], "\(damage)")
        }
        // With the mark that some programs begin it with, as GB 18030 writes it.
        check(
            [SourceFile(name: "作者.csv", bytes: [0x84, 0x31, 0x95, 0x33] + office)], give: "number,name\nA1,李白\n",
            notes: ["作者.csv is read as GB 18030"])
        check(
            [SourceFile(name: "作者.csv", bytes: [0x84, 0x31, 0x95, 0x33] + Array("number,name\nA1,x\n".utf8))],
            give: "number,name\nA1,x\n", notes: ["作者.csv is read as GB 18030"])
        // UTF-16 is neither.
        let wide = "\u{FEFF}作者编号,姓名\r\nA1,李白\r\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(
            Importer(model: model).read([SourceFile(name: "作者.csv", bytes: wide)]).report.problems.map(\.reason) == [.notUTF8])
        check([SourceFile("作者.csv", "\u{FEFF}作者编号,姓名\r\nA1,李白\r\n")], give: "number,name\nA1,李白\n")
    }

    // MARK: The report of a clerk

    @Test func `the report of an import is a table in Chinese, with no value of a person`() {
        let sheet = rows([headings(1, ["编号", "姓名", "出生日期"]), (2, text("A2", "A1") + text("B2", "李白") + text("C2", "去年"))])
        let draft = Importer(model: model).read([SourceFile(name: "作者.xlsx", bytes: TestArchive.workbook([("作者", sheet)]))])
        var report = draft.report.changeReport(version: 3)
        report.isDryRun = true
        let lines = String(decoding: report.clerkCSV(model), as: UTF8.self).split(separator: "\r\n").map(String.init)
        #expect(lines.first == "\u{FEFF}文件,行,列,栏目,对象,字段,内容,问题,怎么办,程度,原文")
        #expect(
            lines.dropFirst().first
                == "作者.xlsx/作者,2,3（C）,出生日期,作者,出生日期,去年,不是日期,写成 2019-07-31,错误,"
                + "\"not a date (2019-07-31, 20190731, 2019/7/31)\"")
        #expect(lines.last == ",,,,,,,试导入发现 1 个问题；数据没有改动,,结果,")
    }

    /// The file, the row, the column and the heading of each line of a clerk's report that tells a problem.
    private func places(_ file: SourceFile) -> [String] {
        let report = Importer(model: model).read([file]).report.changeReport(version: 1)
        return String(decoding: report.clerkCSV(model), as: UTF8.self).split(separator: "\r\n").dropFirst()
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).prefix(4).joined(separator: ",") }
            .filter { $0.contains("（") }
    }

    @Test func `a report to a clerk counts the columns of the file as spreadsheets do, read or not`() {
        let lines = ["序号,,作者编号,姓名,出生日期,体重", "1,,A1,李白,去年,", "2,,A2,杜甫,,", "3,x,A3,王维,\"0701-02-03\",", "4,,A4,孟浩然,明年,"]
        #expect(
            places(SourceFile("作者.csv", lines.map { $0 + "\n" }.joined()))
                == ["作者.csv,1,6（F）,体重", "作者.csv,2,5（E）,出生日期", "作者.csv,4,2（B）,", "作者.csv,5,5（E）,出生日期"])
        let sheet = rows([
            (3, text("C3", "作者编号") + text("Z3", "姓名") + text("AA3", "出生日期") + text("AZ3", "体重") + text("BA3", "序号")),
            (7, text("C7", "A1") + text("Z7", "李白") + text("AA7", "去年") + text("AB7", "x")),
        ])
        #expect(
            places(SourceFile(name: "作者.xlsx", bytes: TestArchive.workbook([("作者", sheet)])))
                == ["作者.xlsx/作者,3,52（AZ）,体重", "作者.xlsx/作者,7,28（AB）,", "作者.xlsx/作者,7,27（AA）,出生日期"])
    }

    @Test func `every reason has words of its own`() {
        var words: Set<String> = []
        for reason in ImportProblem.Reason.allCases {
            var report = ChangeReport(version: 0)
            report.add(ChangeReport.Problem(ImportProblem(reason, file: "f", message: "m")))
            let line = String(decoding: report.clerkCSV(model), as: UTF8.self).split(separator: "\r\n").dropFirst().first ?? ""
            words.insert(String(line.split(separator: ",", omittingEmptySubsequences: false).dropFirst(7).first ?? ""))
        }
        #expect(!words.contains("") && !words.contains("读不了"))
        // A key that is missing is told alike wherever it was found.
        #expect(
            words.count >= ImportProblem.Reason.allCases.count - 3, "\(words.count) of \(ImportProblem.Reason.allCases.count)")
    }
}
