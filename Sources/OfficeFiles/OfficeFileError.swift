/// Why a file of an office's program cannot be read, or be written.
package enum OfficeFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No archive that could be read: cut off, damaged, or something else by that name.
    case notArchive(reason: String)
    case encrypted
    case partMissing(String)
    case partDamaged(String, reason: String)
    /// The part is no XML that is read here; the line is the part's.
    case notXML(line: Int, reason: String)
    /// More than a limit allows.
    case limit(name: String, maximum: Int)
    case cannotWrite(reason: String)

    package var description: String {
        switch self {
        case .notArchive(let reason): "the file is no XLSX workbook (\(reason)); save it anew as .xlsx"
        case .encrypted: "the workbook is protected by a password; save it without one"
        case .partMissing(let part): "the workbook has no part \(part); save it anew as .xlsx"
        case .partDamaged(let part, let reason): "the workbook's part \(part) is damaged: \(reason)"
        case .notXML(let line, let reason): "a part of the workbook is not XML as workbooks hold it (line \(line): \(reason))"
        case .limit(let name, let maximum): "the workbook holds more than is taken: \(name) is \(maximum)"
        case .cannotWrite(let reason): "the workbook cannot be written: \(reason)"
        }
    }
}
