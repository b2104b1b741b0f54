import Bytes

/// A file to import: its bytes in memory, or mapped.
package struct SourceFile: Sendable {
    /// Its name in the folder: what reports call it.
    package let name: String
    /// What its rows may be called: the type that is meant is the first that the model knows.
    let stems: [String]
    private let contents: Elements<UInt8>
    private let mapped: MappedFile?
    /// Of a sheet of a workbook: the number of the row that stands on each line.
    private let sheetRows: Elements<UInt32>?

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        stems = Self.stems(of: name)
        contents = Elements(copying: bytes)
        mapped = nil
        sheetRows = nil
    }

    /// Bytes that somebody else keeps.
    package init(name: String, contents: Elements<UInt8>) {
        self.name = name
        stems = Self.stems(of: name)
        self.contents = contents
        mapped = nil
        sheetRows = nil
    }

    /// A sheet of a workbook, as CSV.
    ///
    /// - Parameter rows: The number in the sheet of the row that stands on each line.
    init(sheet name: String, of workbook: String, isOnly: Bool, text: [UInt8], rows: [UInt32]) {
        self.name = workbook + "/" + name
        stems = [name] + (isOnly ? Self.stems(of: workbook) : [])
        contents = Elements(copying: text)
        mapped = nil
        sheetRows = Elements(copying: rows)
    }

    /// A file of the machine, which must not change while it is read.
    package init(name: String, mapped: MappedFile) {
        self.name = name
        stems = Self.stems(of: name)
        contents = mapped.bytes
        self.mapped = mapped
        sheetRows = nil
    }

    /// Without the extension.
    private static func stems(of name: String) -> [String] {
        [name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name]
    }

    /// What reports call a line: of a sheet, the row that stands on it.
    func shownLine(_ line: Int) -> Int {
        guard let sheetRows, line >= 1, line <= sheetRows.count else { return line }
        return Int(sheetRows[line - 1])
    }

    /// Whether a place in a line says something to a person: in a sheet the heading does.
    var hasColumns: Bool { sheetRows == nil }

    package var bytes: Span<UInt8> {
        @_lifetime(borrow self) get { contents.span }
    }

    package var byteCount: Int { contents.count }

    /// Says that a part will not be read for a while, so that it need not stay in memory.
    func release(_ range: Range<Int>) { mapped?.advise(.notNeeded, range) }
}
