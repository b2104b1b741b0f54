import Exchange
import OfficeFiles

/// A workbook is read as CSV of the same rows would be, or is refused with its name; whatever its parts hold, the same each time, and it
/// never comes to more than is allowed.
///
/// An input that begins as archives do is the file itself; another one holds the texts of its parts, each behind a line of three percent
/// signs and the part's name, and an archive is made of them: chance makes no checksums.
enum WorkbookLaws {
    private static let name = "Exhibit.xlsx"

    static func check(_ bytes: [UInt8]) throws(BrokenLaw) {
        let file = bytes.starts(with: Array("PK".utf8)) ? bytes : archive(of: ImportLaws.parts(bytes))
        var limits = ImportLimits()
        limits.workbook.bytes = 4 << 20
        limits.workbook.freeBytes = 1 << 18
        limits.csv.cellBytes = 1 << 18
        let sheets = Importer(model: SampleData.model, limits: limits).read([SourceFile(name: name, bytes: file)]).report.files
        let byteCount = sheets.reduce(0) { $0 + $1.byteCount }
        try hold(byteCount <= limits.workbook.bytes, "the sheets of a workbook come to \(byteCount) bytes")
        try ImportLaws.check([SourceFile(name: name, bytes: file)], limits: limits)
    }

    /// The sheets of a workbook that other inputs are changed from, and one that this program wrote.
    static var samples: [[UInt8]] {
        [sample] + (written.map { [$0] } ?? [])
    }

    private static var written: [UInt8]? {
        guard let writer = try? TableWorkbookWriter(headings: ["code", "name"], sheetName: "Room") else { return nil }
        for room in 0..<3 {
            guard (try? writer.beginRow()) != nil, (try? writer.text("r\(room)")) != nil, (try? writer.text("大厅 \(room)")) != nil,
                (try? writer.endRow()) != nil
            else { return nil }
        }
        return try? writer.finish()
    }

    private static var sample: [UInt8] {
        let types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        return Array(
            """
            %%% xl/workbook.xml
            <workbook xmlns:r="\(types)"><workbookPr date1904="0"/><sheets><sheet name="Room" sheetId="1" r:id="a"/><sheet name="Exhibit" sheetId="2" r:id="b"/></sheets></workbook>
            %%% xl/_rels/workbook.xml.rels
            <Relationships><Relationship Id="a" Type="\(types)/worksheet" Target="worksheets/a.xml"/><Relationship Id="b" Type="\(types)/worksheet" Target="/xl/worksheets/b.xml"/><Relationship Id="s" Type="\(types)/sharedStrings" Target="s.xml"/><Relationship Id="t" Type="\(types)/styles" Target="t.xml"/></Relationships>
            %%% xl/s.xml
            <sst><si><t>code</t></si><si><t>name</t></si><si><r><t>大</t></r><r><t>厅</t></r></si></sst>
            %%% xl/t.xml
            <styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy-mm-dd"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>
            %%% xl/worksheets/a.xml
            <worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="3"><c r="A3" t="inlineStr"><is><t>r0</t></is></c><c r="B3" t="s"><v>2</v></c></row></sheetData></worksheet>
            %%% xl/worksheets/b.xml
            <worksheet><sheetData><row r="2"><c r="A2" t="str"><v>room</v></c><c r="B2" t="str"><v>number</v></c><c r="C2" t="str"><v>made</v></c><c r="D2" t="str"><v>value</v></c><c r="E2" t="str"><v>shown</v></c></row><row><c t="str"><v>r0</v></c><c><v>1</v></c><c s="1"><v>36525</v></c><c><v>12.5</v></c><c t="b"><v>1</v></c></row><row r="9"><c r="A9" t="str"><v>r0</v></c><c r="B9"><v>2E0</v></c><c r="C9" s="2"><v>43000.5</v></c><c r="E9" t="e"><v>#N/A</v></c></row></sheetData><mergeCells><mergeCell ref="A3:A4"/></mergeCells></worksheet>

            """.utf8)
    }

    // MARK: Archives

    /// Parts that are stored as they are.
    private static func archive(of parts: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var (bytes, directory) = ([UInt8](), [UInt8]())
        for (name, contents) in parts {
            var entry = little(20, 2) + little(0, 4) + little(0x21_0000, 4) + little(UInt(crc32(contents)), 4)
            entry += little(UInt(contents.count), 4) + little(UInt(contents.count), 4) + little(UInt(name.utf8.count), 2)
            let offset = UInt(bytes.count)
            bytes += little(0x0403_4B50, 4) + entry + little(0, 2) + Array(name.utf8) + contents
            directory += little(0x0201_4B50, 4) + little(20, 2) + entry + little(0, 12) + little(offset, 4) + Array(name.utf8)
        }
        let count = UInt(parts.count)
        return bytes + directory + little(0x0605_4B50, 4) + little(0, 4) + little(count, 2) + little(count, 2)
            + little(UInt(directory.count), 4) + little(UInt(bytes.count), 4) + little(0, 2)
    }

    private static func little(_ value: UInt, _ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
        }
        return ~sum
    }
}
