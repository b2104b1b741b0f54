import OfficeFiles
import Testing

@Suite("Reading XML of workbooks") struct XMLReaderTests {
    /// What is told of a document, as one text.
    private final class Told: XMLHandler {
        var text = ""
        func begin(_ name: String, _ attributes: XMLAttributes) throws(OfficeFileError) {
            text += "<\(name)\(attributes["r"].map { " r=\($0)" } ?? "")>"
        }
        func end(_ name: String) throws(OfficeFileError) { text += "</\(name)>" }
        func text(_ bytes: Span<UInt8>) throws(OfficeFileError) {
            if bytes[0] == UInt8(ascii: "!") { throw .encrypted }
            for index in bytes.indices { text += String(Unicode.Scalar(bytes[index])) }
        }
    }

    private func read(_ document: String, piece: Int = 5) throws(OfficeFileError) -> String {
        let told = Told()
        let reader = try XMLReader(told)
        let bytes = Array(document.utf8)
        var start = 0
        while start < bytes.count {
            let end = min(start + piece, bytes.count)
            try reader.read(bytes.span.extracting(start..<end))
            start = end
        }
        try reader.finish()
        return told.text
    }

    @Test(arguments: [1, 3, 100]) func `elements come without prefixes, however the bytes are cut`(piece: Int) throws {
        let text = try read(#"<x:row xmlns:x="urn:x" x:r="1"><x:c x:r="A1">1 &lt; 2</x:c></x:row>"#, piece: piece)
        #expect(text == "<row r=1><c r=A1>1 < 2</c></row>")
    }

    @Test func `a document type, and with it every entity, is refused`() {
        #expect(throws: OfficeFileError.notXML(line: 1, reason: "a document type is declared")) {
            _ = try read(#"<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><a>&b;</a>"#)
        }
    }

    @Test func `depth has a bound, what breaks off is damaged, and what the handler throws ends it`() {
        let deep = String(repeating: "<a>", count: 300)
        #expect(throws: OfficeFileError.notXML(line: 1, reason: "elements stand more than 256 deep")) { _ = try read(deep) }
        #expect(throws: OfficeFileError.notXML(line: 2, reason: "no element found")) { _ = try read("<a>\n") }
        #expect(throws: OfficeFileError.encrypted) { _ = try read("<a>!</a>") }
    }
}

@Suite("GB 18030") struct GB18030Tests {
    @Test func `text becomes UTF-8, and bytes that are none give nothing`() {
        // 张三, a rare character in four bytes (U+20000), and ASCII.
        let bytes: [UInt8] = [0xD5, 0xC5, 0xC8, 0xFD, 0x2C, 0x95, 0x32, 0x82, 0x36, 0x31]
        #expect(utf8(ofGB18030: bytes.span).map { String(decoding: $0, as: UTF8.self) } == "张三,\u{20000}1")
        #expect(utf8(ofGB18030: [0xD5].span) == nil)
        #expect(utf8(ofGB18030: [0x41, 0xFF, 0xFF].span) == nil)
        #expect(utf8(ofGB18030: [UInt8]().span) == [])
    }

    @Test func `text longer than what is converted at a time stays whole`() {
        let pair: [UInt8] = [0xD5, 0xC5, 0x2C]
        let bytes = [UInt8]((0..<50_000).flatMap { _ in pair })
        #expect(utf8(ofGB18030: bytes.span) == Array(String(repeating: "张,", count: 50_000).utf8))
    }
}

@Suite("Writing and opening workbooks") struct WorkbookFileTests {
    private func workbook() throws(OfficeFileError) -> [UInt8] {
        let writer = try WorkbookWriter()
        writer.beginSheet("one")
        writer.text("编号", isHeading: true)
        writer.endRow()
        for number in 0..<2_000 {
            writer.text("text \(number)")
            writer.number(Double(number))
            writer.none()
            writer.boolean(true)
            writer.date(45_000)
            writer.endRow()
        }
        return try writer.finish()
    }

    @Test func `the same calls give the same bytes`() throws {
        let first = try workbook()
        #expect(first.starts(with: [0x50, 0x4B, 0x03, 0x04]) && first.count > 10_000)
        #expect(try workbook() == first)
    }

    @Test func `parts unfold within bounds`() throws {
        let bytes = try workbook()
        var count = 0
        try ZipArchive.open(bytes.span) { (archive) throws(OfficeFileError) in
            #expect(archive.contains("xl/workbook.xml") && !archive.contains("xl/none.xml"))
            try archive.read("xl/worksheets/sheet1.xml") { count += $0.count }
        }
        #expect(count > 100_000)
        for change in [
            { (limits: inout ZipArchive.Limits) in limits.parts = 3 }, { $0.bytes = count - 1 },
            { ($0.ratio, $0.freeBytes) = (2, 1_000) },
        ] as [(inout ZipArchive.Limits) -> Void] {
            var limits = ZipArchive.Limits()
            change(&limits)
            #expect {
                try ZipArchive.open(bytes.span, limits: limits) { (archive) throws(OfficeFileError) in
                    try archive.read("xl/worksheets/sheet1.xml") { _ in }
                }
            } throws: { error in
                if case .limit? = error as? OfficeFileError { true } else { false }
            }
        }
    }

    @Test func `what is cut off, changed or no archive is refused, and never read past its end`() throws {
        let bytes = try workbook()
        var cases = [[UInt8](), Array("PK".utf8), Array(bytes.prefix(bytes.count / 2)), [UInt8](repeating: 7, count: 5_000)]
        var generator = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0 ... .max, using: &generator)
        print("seed \(seed)")
        var state = seed
        for _ in 0..<200 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var changed = bytes
            changed[Int(state >> 33) % bytes.count] ^= UInt8(truncatingIfNeeded: state >> 20) | 1
            cases.append(changed)
        }
        var refused = 0
        for bytes in cases {
            do throws(OfficeFileError) {
                try ZipArchive.open(bytes.span) { (archive) throws(OfficeFileError) in
                    try archive.read("xl/worksheets/sheet1.xml") { _ in }
                    try archive.read("xl/workbook.xml") { _ in }
                }
            } catch {
                refused += 1
                #expect(!error.description.isEmpty)
            }
        }
        #expect(refused >= 4)
    }
}
