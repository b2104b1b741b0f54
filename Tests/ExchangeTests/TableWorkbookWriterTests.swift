import Exchange
import Model
import OfficeFiles
import Testing

/// Tables of answers as workbooks, read back by the importer.
@Suite("Tables as workbooks") struct TableWorkbookWriterTests {
    private func book(_ fill: (TableWorkbookWriter) throws(OfficeFileError) -> Void) throws(OfficeFileError) -> [UInt8] {
        let writer = try TableWorkbookWriter(
            headings: ["author", "title", "pages", "price", "inPrint", "publishedOn", "weight"], sheetName: "Book?")
        try fill(writer)
        return try writer.finish()
    }

    private func row(
        _ writer: TableWorkbookWriter, _ author: String, _ title: String, _ pages: String?, _ price: String?, _ inPrint: Bool?,
        _ date: String?
    ) throws(OfficeFileError) {
        try writer.beginRow()
        try writer.text(author)
        try writer.text(title)
        if let pages { try writer.number(pages) } else { writer.none() }
        if let price { try writer.number(price) } else { writer.none() }
        if let inPrint { writer.boolean(inPrint) } else { writer.none() }
        if let date { try writer.date(date) } else { writer.none() }
        writer.none()
        try writer.endRow()
    }

    private let authors = SourceFile("Author.csv", "number,name\n99999919900101001X,李白\n=1+1,杜甫\n")

    @Test func `what is written is read back, digits, dates, signs and blanks`() throws {
        let bytes = try book { (writer) throws(OfficeFileError) in
            try row(writer, "99999919900101001X", "静夜思", "20", "9.20", true, "2019-07-31")
            try row(writer, "=1+1", "a,\"b\"\n&<c> _x0041_ \u{1}", "-7", "12345678901234.56", false, "1899-12-31")
            try row(writer, "=1+1", "007", nil, "0.05", nil, "1900-03-01")
        }
        let model = try library()
        let draft = Importer(model: model).read([authors, SourceFile(name: "any.xlsx", bytes: bytes)])
        #expect(draft.report.problems.map(\.description) == [])
        #expect(draft.report.notes == [])
        let text = CSVExporter(model: model).files(of: draft.changeSet).last?.text
        #expect(
            text == """
                author,title,pages,price,inPrint,publishedOn
                99999919900101001X,静夜思,20,9.20,true,2019-07-31
                =1+1,007,,0.05,,1900-03-01
                =1+1,"a,""b""
                &<c> _x0041_ \u{1}",-7,12345678901234.56,false,1899-12-31

                """)
    }

    @Test func `what does not fit into one sheet goes on in the next`() throws {
        let writer = try TableWorkbookWriter(headings: ["number", "name"], sheetName: "a", rowLimit: 3)
        for number in 0..<5 {
            try writer.beginRow()
            try writer.text("\(number)")
            try writer.text("of")
            try writer.endRow()
        }
        let bytes = try writer.finish()
        var names: [String] = []
        try ZipArchive.open(bytes.span) { (archive) throws(OfficeFileError) in
            for number in 1...4 where archive.contains("xl/worksheets/sheet\(number).xml") { names.append("\(number)") }
        }
        #expect(names == ["1", "2", "3"])
    }

    @Test func `what no cell can hold is refused`() throws {
        let writer = try TableWorkbookWriter(headings: ["a"], sheetName: "a")
        try writer.beginRow()
        try writer.text(String(repeating: "字", count: 32_767))
        #expect(throws: OfficeFileError.limit(name: "characters of a cell", maximum: 32_767)) {
            try writer.text(String(repeating: "字", count: 32_768))
        }
        #expect(throws: OfficeFileError.limit(name: "columns of a sheet", maximum: 16_384)) {
            _ = try TableWorkbookWriter(headings: [String](repeating: "a", count: 16_385), sheetName: "a")
        }
    }
}
