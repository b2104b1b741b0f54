import Exchange
import Testing

/// Tables for spreadsheets.
@Suite struct `CSV of tables` {
    private func line(_ texts: [String], isExact: Bool = false) -> String {
        var writer = TableCSVWriter(hasMark: false, isExact: isExact)
        for text in texts { writer.text(text) }
        writer.endRow()
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    @Test func `a text that a spreadsheet would run gets an apostrophe, unless the table is exact`() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "=HYPERLINK(\"http://x\")"] {
            #expect(line([text]).contains("'" + text.prefix(1)), "\(text)")
            #expect(!line([text], isExact: true).contains("'"), "\(text)")
        }
        #expect(line(["\rx"]) == "\"'\rx\"\r\n")
        #expect(line(["a=1", "1-2", "'x", "刘"]) == "a=1,1-2,'x,刘\r\n")
    }

    @Test func `numbers are as they are, nothing is nothing, and an empty text is one`() {
        var writer = TableCSVWriter(hasMark: true, isExact: false)
        writer.value("-5.00")
        writer.none()
        writer.text("")
        writer.text("a,\"b\"\nc ")
        writer.endRow()
        #expect(writer.finish() == [0xEF, 0xBB, 0xBF] + Array("-5.00,,\"\",\"a,\"\"b\"\"\nc \"\r\n".utf8))
    }
}
