import Settings

/// The first record of a file: what its columns are called.
struct Header: Sendable {
    let file: SourceFile
    /// Without blanks around them.
    let names: [String]
    let cells: [CSVCell]
    let row: CSVRow
    /// Where the rows begin.
    let bodyStart: Int
    let bodyLine: Int

    /// Reads and checks the text of a file and its first record.
    ///
    /// - Parameter checksText: False where somebody else finds out whether the file is UTF-8 throughout.
    /// - Returns: Nil where a problem was reported.
    init?(_ file: SourceFile, limits: ImportLimits, checksText: Bool, into report: inout ImportReport) {
        self.file = file
        let bytes = file.bytes
        var reader = CSVReader(limits: limits.csv)
        var row = CSVRow()
        do throws(CSVError) {
            if checksText { try CSVReader.checkText(bytes) }
            guard try reader.next(bytes, into: &row) else {
                report.add(
                    ImportProblem(.emptyFile, file: file.name, message: "the file is empty; its first line holds the headings"),
                    limit: limits.problems)
                return nil
            }
        } catch {
            report.add(ImportProblem(error, file: file.name), limit: limits.problems)
            return nil
        }
        names = row.cells.map { cell in
            var text: [UInt8] = []
            CSVReader.append(cell, of: bytes, to: &text)
            return String(checked: text.span.extracting(TextForm.trimmed(text.span, 0..<text.count)))
        }
        cells = row.cells
        self.row = row
        (bodyStart, bodyLine) = reader.place
    }

    /// A problem at a heading.
    func problem(_ reason: ImportProblem.Reason, at position: Int, _ message: String) -> ImportProblem {
        let place = CSVReader.place(of: cells[position].start, in: row, file.bytes)
        return ImportProblem(
            reason, file: file.name, line: place.line, column: place.column, heading: names[position], message: message)
    }

    /// A problem of the headings as a whole.
    func problem(_ reason: ImportProblem.Reason, _ message: String) -> ImportProblem {
        ImportProblem(reason, file: file.name, line: row.line, message: message)
    }

    /// Reports headings that stand twice or are empty.
    func checkNames(limit: Int, into report: inout ImportReport) {
        for (position, name) in names.enumerated() {
            if name.isEmpty {
                report.add(
                    problem(.unknownHeading, at: position, "column \(position + 1) has no heading"), limit: limit)
            } else if let first = names.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }), first < position {
                report.add(
                    problem(.duplicateHeading, at: position, "the heading stands twice, first as column \(first + 1)"),
                    limit: limit)
            }
        }
    }
}

extension ImportProblem {
    /// A mistake of the file as CSV.
    init(_ error: CSVError, file: String) {
        let reason: Reason =
            switch error.reason {
            case .invalidUTF8, .nulByte: .notUTF8
            case .unclosedQuote: .truncated
            case .textAfterQuote, .quoteInText, .loneCarriageReturn: .wrongQuoting
            case .cellTooLong, .tooManyCells: .tooLong
            }
        self.init(reason, file: file, line: error.line, column: error.column, message: error.message)
    }
}
