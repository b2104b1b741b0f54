/// An archive made by hand, so that tests may put into it what no program of ours writes.
struct TestArchive {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count: UInt16 = 0

    /// - Parameter packed: The part's deflated bytes; nil: it is stored as it is.
    mutating func add(_ name: String, _ contents: [UInt8], packed: [UInt8]? = nil) {
        let stored = packed ?? contents
        var entry = Self.little(UInt16(20)) + Self.little(UInt16(0)) + Self.little(UInt16(packed == nil ? 0 : 8))
        entry += Self.little(UInt32(0x21_0000)) + Self.little(Self.crc32(contents))
        entry += Self.little(UInt32(stored.count)) + Self.little(UInt32(contents.count)) + Self.little(UInt16(name.utf8.count))
        let offset = UInt32(bytes.count)
        bytes += Self.little(UInt32(0x0403_4B50)) + entry + Self.little(UInt16(0)) + Array(name.utf8) + stored
        directory += Self.little(UInt32(0x0201_4B50)) + Self.little(UInt16(20)) + entry
        directory += [UInt8](repeating: 0, count: 12) + Self.little(offset) + Array(name.utf8)
        count += 1
    }

    mutating func add(_ name: String, _ text: String) { add(name, Array(text.utf8)) }

    var file: [UInt8] {
        bytes + directory + Self.little(UInt32(0x0605_4B50)) + Self.little(UInt32(0)) + Self.little(count) + Self.little(count)
            + Self.little(UInt32(directory.count)) + Self.little(UInt32(bytes.count)) + Self.little(UInt16(0))
    }

    /// A workbook of sheets, each given by what stands inside of its root.
    static func workbook(
        _ sheets: [(name: String, xml: String)], shared: [String] = [], formats: [(id: Int, code: String)] = [],
        styles: [Int] = [0], from1904: Bool = false, states: [String: String] = [:]
    ) -> [UInt8] {
        var archive = TestArchive()
        let types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        archive.add(
            "_rels/.rels",
            #"<Relationships><Relationship Id="a" Type="\#(types)/officeDocument" Target="/xl/workbook.xml"/></Relationships>"#)
        var list = ""
        var relations = ""
        for (index, sheet) in sheets.enumerated() {
            let state = states[sheet.name].map { #" state="\#($0)""# } ?? ""
            list += #"<sheet name="\#(sheet.name)" sheetId="\#(index + 1)" r:id="r\#(index)"\#(state)/>"#
            relations += #"<Relationship Id="r\#(index)" Type="\#(types)/worksheet" Target="worksheets/sheet\#(index).xml"/>"#
            archive.add("xl/worksheets/sheet\(index).xml", "<worksheet>\(sheet.xml)</worksheet>")
        }
        relations += #"<Relationship Id="s" Type="\#(types)/sharedStrings" Target="sharedStrings.xml"/>"#
        relations += #"<Relationship Id="t" Type="\#(types)/styles" Target="styles.xml"/>"#
        archive.add(
            "xl/workbook.xml",
            #"<workbook xmlns:r="\#(types)"><workbookPr date1904="\#(from1904 ? 1 : 0)"/><sheets>\#(list)</sheets></workbook>"#)
        archive.add("xl/_rels/workbook.xml.rels", "<Relationships>\(relations)</Relationships>")
        archive.add("xl/sharedStrings.xml", "<sst>\(shared.map { "<si>\($0)</si>" }.joined())</sst>")
        let codes = formats.map { #"<numFmt numFmtId="\#($0.id)" formatCode="\#($0.code)"/>"# }.joined()
        let cells = styles.map { #"<xf numFmtId="\#($0)"/>"# }.joined()
        archive.add(
            "xl/styles.xml",
            "<styleSheet><numFmts>\(codes)</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>\(cells)</cellXfs></styleSheet>"
        )
        return archive.file
    }

    private static func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        (0..<(Value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var table = [UInt32](repeating: 0, count: 256)
        for index in 0..<256 {
            var value = UInt32(index)
            for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
            table[index] = value
        }
        var value = UInt32.max
        for byte in bytes { value = table[Int((value ^ UInt32(byte)) & 0xFF)] ^ (value >> 8) }
        return ~value
    }
}
