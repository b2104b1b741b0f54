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
    /// - Parameters:
    ///   - checksText: False where somebody else finds out whether the file is UTF-8 throughout.
    ///   - isKnown: Whether a text is a heading. Where the first record has none, the headings are those of the record, among the first,
    ///     that has most of them: titles may stand above.
    /// - Returns: Nil where a problem was reported.
    init?(
        _ file: SourceFile, limits: ImportLimits, checksText: Bool, into report: inout ImportReport, isKnown: (String) -> Bool
    ) {
        self.file = file
        let bytes = file.bytes
        var reader = CSVReader(limits: limits.csv)
        var row = CSVRow()
        do throws(CSVError) {
            if checksText { try CSVReader.checkText(bytes) }
            if let place = Self.place(bytes, limits, isKnown) {
                reader = CSVReader(limits: limits.csv, atRow: place.start, line: place.line)
                report.notes.append(
                    "\(file.name): the headings stand in line \(file.shownLine(place.line)); what stands above is not read")
            }
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
        names = Self.names(row, bytes)
        cells = row.cells
        self.row = row
        (bodyStart, bodyLine) = reader.place
    }

    private static func names(_ row: CSVRow, _ bytes: Span<UInt8>) -> [String] {
        row.cells.map { cell in
            var text: [UInt8] = []
            CSVReader.append(cell, of: bytes, to: &text)
            return String(checked: text.span.extracting(TextForm.trimmed(text.span, 0..<text.count)))
        }
    }

    /// Where the headings stand, if that is not the first record. Three at least: fewer words may stand in a title too.
    private static func place(
        _ bytes: Span<UInt8>, _ limits: ImportLimits, _ isKnown: (String) -> Bool
    ) -> (start: Int, line: Int)? {
        var reader = CSVReader(limits: limits.csv)
        var row = CSVRow()
        var (found, most): ((start: Int, line: Int)?, Int) = (nil, 2)
        for number in 0..<limits.headingRows {
            guard (try? reader.next(bytes, into: &row)) == true else { break }
            let count = names(row, bytes).count { !$0.isEmpty && isKnown($0) }
            // A table of two columns has two.
            if number == 0, count == row.cells.count { return nil }
            if count > most { (found, most) = (number == 0 ? nil : (row.start, row.line), count) }
        }
        return found
    }

    /// A problem at a heading.
    func problem(_ reason: ImportProblem.Reason, at position: Int, _ message: String) -> ImportProblem {
        let place = CSVReader.place(of: cells[position].start, in: row, file.bytes)
        return ImportProblem(
            reason, file: file.name, line: file.shownLine(place.line), column: file.hasColumns ? place.column : nil,
            heading: names[position], message: message)
    }

    /// A problem of the headings as a whole.
    func problem(_ reason: ImportProblem.Reason, _ message: String) -> ImportProblem {
        ImportProblem(reason, file: file.name, line: file.shownLine(row.line), message: message)
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
