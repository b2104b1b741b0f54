import CXlsxwriter
import Glibc

// The one file that calls libxlsxwriter. The workbook belongs to the object that holds it and is closed once, which frees everything that
// was made of it; texts are lent for the length of one call, in which they are copied.

/// Writes an XLSX workbook, row by row: rows that are written stand in a temporary file of the system and not in memory.
///
/// The same calls give the same bytes: no time and no name stands in them.
@safe
package final class WorkbookWriter {
    /// What a sheet can hold, by the format.
    package static let rowLimit = 1_048_576
    package static let columnLimit = 16_384
    /// Characters of a cell, in UTF-16.
    package static let textLimit = 32_767

    private let file: Int32
    private var workbook: UnsafeMutablePointer<lxw_workbook>?
    private var sheet: UnsafeMutablePointer<lxw_worksheet>?
    private let headingFormat: UnsafeMutablePointer<lxw_format>?
    private let dateFormat: UnsafeMutablePointer<lxw_format>?
    private var row: lxw_row_t = 0
    private var column: lxw_col_t = 0
    private var problem: lxw_error?

    package init() throws(OfficeFileError) {
        // The library writes to a path, and a file without a name has one in /proc.
        file = unsafe memfd_create("workbook", UInt32(1))
        guard file >= 0 else { throw .cannotWrite(reason: unsafe String(cString: strerror(errno))) }
        var options = unsafe lxw_workbook_options(constant_memory: 1, tmpdir: nil, use_zip64: 0)
        guard let workbook = unsafe workbook_new_opt("/proc/self/fd/\(file)", &options) else {
            close(file)
            throw .cannotWrite(reason: "there is no memory, or no temporary file")
        }
        unsafe self.workbook = workbook
        // 2000-01-01: any moment that is always the same.
        var properties = unsafe lxw_doc_properties()
        unsafe properties.created = 946_684_800
        _ = unsafe workbook_set_properties(workbook, &properties)
        unsafe headingFormat = workbook_add_format(workbook)
        unsafe dateFormat = workbook_add_format(workbook)
        if let headingFormat = unsafe headingFormat { unsafe format_set_bold(headingFormat) }
        if let dateFormat = unsafe dateFormat { unsafe format_set_num_format(dateFormat, "yyyy-mm-dd") }
    }

    deinit {
        if let workbook = unsafe workbook { _ = unsafe workbook_close(workbook) }
        close(file)
    }

    /// Goes on in a new sheet, whose first row stays in sight.
    package func beginSheet(_ name: String) {
        guard let workbook = unsafe workbook else { return }
        unsafe sheet = workbook_add_worksheet(workbook, name)
        guard let sheet = unsafe sheet else {
            problem = problem ?? LXW_ERROR_PARAMETER_VALIDATION
            return
        }
        unsafe worksheet_freeze_panes(sheet, 1, 0)
        (row, column) = (0, 0)
    }

    /// - Parameter isHeading: Whether it names a column.
    package func text(_ text: String, isHeading: Bool = false) {
        unsafe put { sheet, row, column in
            unsafe worksheet_write_string(sheet, row, column, text, isHeading ? headingFormat : nil)
        }
    }

    package func number(_ number: Double) {
        unsafe put { sheet, row, column in unsafe worksheet_write_number(sheet, row, column, number, nil) }
    }

    /// - Parameter number: The day as spreadsheets count it.
    package func date(_ number: Int) {
        unsafe put { sheet, row, column in unsafe worksheet_write_number(sheet, row, column, Double(number), dateFormat) }
    }

    package func boolean(_ value: Bool) {
        unsafe put { sheet, row, column in unsafe worksheet_write_boolean(sheet, row, column, value ? 1 : 0, nil) }
    }

    /// A cell without a value.
    package func none() { column += 1 }

    package func endRow() {
        row += 1
        column = 0
    }

    /// Nothing can be written any more.
    package func finish() throws(OfficeFileError) -> [UInt8] {
        guard let workbook = unsafe workbook else { throw .cannotWrite(reason: "it was finished before") }
        unsafe self.workbook = nil
        unsafe sheet = nil
        let closed = unsafe workbook_close(workbook)
        if let failed = problem ?? (closed == LXW_NO_ERROR ? nil : closed) {
            throw .cannotWrite(
                reason: unsafe lxw_strerror(failed).map { unsafe String(cString: $0) } ?? "error \(failed.rawValue)")
        }
        let end = lseek(file, 0, SEEK_END)
        guard let count = Int(exactly: end), count > 0 else { throw .cannotWrite(reason: "nothing was written") }
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let read = unsafe bytes.withUnsafeMutableBytes { target in
                unsafe pread(file, target.baseAddress?.advanced(by: done), count - done, off_t(done))
            }
            guard read > 0 else { throw .cannotWrite(reason: "what was written cannot be read") }
            done += read
        }
        return bytes
    }

    private func put(_ write: (UnsafeMutablePointer<lxw_worksheet>, lxw_row_t, lxw_col_t) -> lxw_error) {
        guard let sheet = unsafe sheet else { return }
        let result = unsafe write(sheet, row, column)
        if result != LXW_NO_ERROR, problem == nil { problem = result }
        column += 1
    }
}
