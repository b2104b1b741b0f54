import OfficeFiles

/// Files as they were given, and the tables that they hold: of CSV the file itself, as UTF-8; of a workbook its sheets.
struct OpenedFiles {
    /// Texts that are no UTF-8 are looked for in so many bytes from the beginning of a file: headings stand there.
    private static let lookedAtBytes = 32 << 20

    let given: [SourceFile]
    private(set) var tables: [SourceFile] = []
    private(set) var problems: [ImportProblem] = []
    private(set) var notes: [String] = []
    /// Sheets that are not read.
    private(set) var passedOver: [(sheet: String, reason: PassedOver.Reason)] = []

    init(_ files: [SourceFile], _ limits: ImportLimits, _ choices: ImportChoices) {
        given = files
        for file in files {
            if file.name.hasSuffix(".csv") {
                tables.append(text(file))
            } else if file.name.hasSuffix(".xlsx") {
                addSheets(of: file, limits, choices.sheets)
            }
        }
    }

    // MARK: CSV

    private mutating func text(_ file: SourceFile) -> SourceFile {
        guard let text = Self.utf8(ofOffice: file.bytes, lookingAt: Self.lookedAtBytes) else { return file }
        notes.append("\(file.name) is read as GB 18030")
        return SourceFile(name: file.name, bytes: text)
    }

    /// The text of a file that is GB 18030; nil where it is UTF-8, or neither.
    ///
    /// A byte order mark says it. Without one nearly every text could be read as GB 18030, a damaged one in UTF-8 too. So the characters
    /// outside of ASCII must mostly be those of GB 2312, which Chinese is nearly always written with, and which what is misread nearly
    /// never falls on.
    private static func utf8(ofOffice bytes: Span<UInt8>, lookingAt limit: Int) -> [UInt8]? {
        guard !isUTF8(bytes.extracting(first: limit)) else { return nil }
        if bytes.count >= 4, bytes[0] == 0x84, bytes[1] == 0x31, bytes[2] == 0x95, bytes[3] == 0x33 {
            return OfficeFiles.utf8(ofGB18030: bytes)
        }
        var (common, others) = (0, 0)
        var index = 0
        let end = min(bytes.count, limit)
        while index < end {
            guard bytes[index] >= 0x80 else {
                index += 1
                continue
            }
            if index + 1 < end, bytes[index] >= 0xA1, bytes[index] <= 0xF7, bytes[index + 1] >= 0xA1 {
                common += 1
            } else {
                others += 1
            }
            index += index + 1 < end && (0x30...0x39).contains(bytes[index + 1]) ? 4 : 2
        }
        guard common > 0, common >= others * 3 else { return nil }
        return OfficeFiles.utf8(ofGB18030: bytes)
    }

    /// Whether bytes are UTF-8, but for a character that their end may cut off.
    private static func isUTF8(_ bytes: Span<UInt8>) -> Bool {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes)
            return true
        } catch {
            return error.byteOffsets.upperBound >= bytes.count && error.kind == .truncatedScalar
        }
    }

    // MARK: Workbooks

    /// - Parameter chosen: The sheets that are read; none: all that can be seen.
    private mutating func addSheets(of file: SourceFile, _ limits: ImportLimits, _ chosen: Set<String>) {
        let sheets: [WorkbookReader.Sheet]
        do throws(OfficeFileError) {
            sheets = try WorkbookReader.sheets(of: file.bytes, limits)
        } catch {
            problems.append(ImportProblem(error.importReason, file: file.name, message: error.description))
            return
        }
        var read: [WorkbookReader.Sheet] = []
        for sheet in sheets {
            let isChosen = chosen.isEmpty ? !sheet.isHidden : chosen.contains(sheet.name)
            if isChosen, !sheet.lines.isEmpty {
                read.append(sheet)
            } else {
                let reason: PassedOver.Reason = isChosen ? .emptySheet : chosen.isEmpty ? .hiddenSheet : .otherSheet
                passedOver.append(("\(file.name)/\(sheet.name)", reason))
            }
        }
        for name in chosen.sorted() where !sheets.contains(where: { $0.name == name }) {
            let names = sheets.map { "'\($0.name)'" }.joined(separator: ", ")
            problems.append(
                ImportProblem(.unknownFile, file: file.name, message: "the workbook has no sheet '\(name)'; it has \(names)"))
        }
        if read.isEmpty {
            problems.append(ImportProblem(.emptyFile, file: file.name, message: "no sheet of the workbook holds a row"))
        }
        for sheet in read {
            tables.append(
                SourceFile(sheet: sheet.name, of: file.name, isOnly: read.count == 1, text: sheet.text, rows: sheet.lines))
        }
    }
}

extension OfficeFileError {
    fileprivate var importReason: ImportProblem.Reason {
        switch self {
        case .limit: .tooLong
        default: .unreadableWorkbook
        }
    }
}
