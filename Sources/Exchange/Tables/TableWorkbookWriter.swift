import OfficeFiles
import StoreColumns

/// A table of an answer as an XLSX workbook: texts as texts, whatever they look like; dates as dates; numbers as numbers where a
/// spreadsheet holds all their digits, and else as texts. What does not fit into one sheet goes on in another, under the same headings.
///
/// A text is never taken for a formula, so none is changed.
package final class TableWorkbookWriter {
    private let workbook: WorkbookWriter
    private let headings: [String]
    private let sheetName: String
    private let rowLimit: Int
    private var sheetCount = 0
    private var rowCount = 0

    /// - Parameters:
    ///   - sheetName: Of the first sheet; characters that no sheet can have in its name are left out.
    ///   - rowLimit: Of a sheet, its headings counted.
    package init(
        headings: [String], sheetName: String, rowLimit: Int = WorkbookWriter.rowLimit
    ) throws(OfficeFileError) {
        guard headings.count <= WorkbookWriter.columnLimit else {
            throw .limit(name: "columns of a sheet", maximum: WorkbookWriter.columnLimit)
        }
        workbook = try WorkbookWriter()
        self.headings = headings
        let name = sheetName.filter { !"[]:*?/\\'".contains($0) }
        self.sheetName = String(name.prefix(24))
        self.rowLimit = rowLimit
        try beginSheet()
    }

    private func beginSheet() throws(OfficeFileError) {
        sheetCount += 1
        rowCount = 1
        workbook.beginSheet(sheetCount == 1 ? sheetName : "\(sheetName) \(sheetCount)")
        for heading in headings {
            try check(heading)
            workbook.text(WorkbookText.escape(heading), isHeading: true)
        }
        workbook.endRow()
    }

    private func check(_ text: String) throws(OfficeFileError) {
        // In UTF-8 there are never fewer.
        guard text.utf8.count <= WorkbookWriter.textLimit || text.utf16.count <= WorkbookWriter.textLimit else {
            throw .limit(name: "characters of a cell", maximum: WorkbookWriter.textLimit)
        }
    }

    package func text(_ text: String) throws(OfficeFileError) {
        try check(text)
        workbook.text(WorkbookText.escape(text))
    }

    /// A number in decimal digits.
    package func number(_ text: String) throws(OfficeFileError) {
        guard WorkbookNumber.isExact(text), let number = Double(text), number.isFinite else { return try self.text(text) }
        workbook.number(number)
    }

    /// A date as `2019-07-31`.
    package func date(_ text: String) throws(OfficeFileError) {
        guard let number = CivilDate(isoText: text).flatMap({ SerialDate.number(of: $0.days) }) else {
            return try self.text(text)
        }
        workbook.date(number)
    }

    package func boolean(_ value: Bool) { workbook.boolean(value) }

    package func none() { workbook.none() }

    package func endRow() throws(OfficeFileError) {
        workbook.endRow()
        rowCount += 1
    }

    /// To be called before the cells of each row.
    package func beginRow() throws(OfficeFileError) { if rowCount == rowLimit { try beginSheet() } }

    package func finish() throws(OfficeFileError) -> [UInt8] { try workbook.finish() }
}
