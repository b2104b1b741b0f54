import Settings

/// What the columns of a file are called: its first record, or the one or two in which most headings stand.
struct Header: Sendable {
    let file: SourceFile
    /// Without blanks around them.
    let names: [String]
    /// The same for each of the records.
    let records: [[String]]
    let cells: [CSVCell]
    let row: CSVRow
    /// Where the rows begin.
    let bodyStart: Int
    let bodyLine: Int

    /// Reads and checks the text of a file and its headings.
    ///
    /// - Parameters:
    ///   - checksText: False where somebody else finds out whether the file is UTF-8 throughout.
    ///   - isKnown: Whether a text is a heading. Where the first record has none, the headings are those of the record, among the first,
    ///     that has most of them: titles may stand above.
    ///   - chosenRow: Where they stand, as the file numbers its rows; nil: that is found out.
    /// - Returns: Nil where a problem was reported.
    init?(
        _ file: SourceFile, limits: ImportLimits, checksText: Bool, into report: inout ImportReport, at chosenRow: Int? = nil,
        isKnown: (String) -> Bool
    ) {
        self.file = file
        let bytes = file.bytes
        var reader = CSVReader(limits: limits.csv)
        var (row, lower) = (CSVRow(), CSVRow())
        let place: Place
        do throws(CSVError) {
            if checksText { try CSVReader.checkText(bytes) }
            if let chosenRow {
                guard let chosen = Self.place(of: chosenRow, file, limits) else {
                    report.add(
                        ImportProblem(
                            .missingHeading, file: file.name,
                            message: "no row \(chosenRow) that could hold the headings is among the first \(limits.headingRows)"),
                        limit: limits.problems)
                    return nil
                }
                place = chosen
            } else {
                place = Self.place(bytes, limits, isKnown) ?? Place(start: 0, line: 1)
            }
            reader = CSVReader(limits: limits.csv, atRow: place.start, line: place.line)
            guard try reader.next(bytes, into: &row) else {
                report.add(
                    ImportProblem(.emptyFile, file: file.name, message: "the file is empty; its first line holds the headings"),
                    limit: limits.problems)
                return nil
            }
            if place.isDouble { _ = try reader.next(bytes, into: &lower) }
        } catch {
            report.add(ImportProblem(error, file: file.name), limit: limits.problems)
            return nil
        }
        for line in place.titleLines { report.passOver(.title, file: file.name, row: file.shownLine(line)) }
        let upper = Self.names(row, bytes)
        if place.isDouble {
            let below = Self.names(lower, bytes)
            names = Self.joined(upper, below, isKnown)
            records = [upper, below]
            cells = names.indices.map { position in
                lower.cells.indices.contains(position) && !below[position].isEmpty || !row.cells.indices.contains(position)
                    ? lower.cells[position] : row.cells[position]
            }
        } else {
            names = upper
            records = [upper]
            cells = row.cells
        }
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

    /// Headings of two records: what stands below counts, or what stands above where nothing does. Over several columns one word may
    /// stand, which then belongs to each of those below it where both together are a heading.
    private static func joined(_ upper: [String], _ lower: [String], _ isKnown: (String) -> Bool) -> [String] {
        var group = ""
        return (0..<max(upper.count, lower.count)).map { position in
            let above = position < upper.count ? upper[position] : ""
            let below = position < lower.count ? lower[position] : ""
            if !above.isEmpty || below.isEmpty { group = above }
            guard !below.isEmpty else { return above }
            return !group.isEmpty && group != below && isKnown(group + below) ? group + below : below
        }
    }

    private struct Place {
        var start: Int
        var line: Int
        /// Whether the record below holds headings too.
        var isDouble = false
        /// Where records stand that are above the headings.
        var titleLines: [Int] = []
    }

    private static func place(of chosenRow: Int, _ file: SourceFile, _ limits: ImportLimits) -> Place? {
        let bytes = file.bytes
        var reader = CSVReader(limits: limits.csv)
        var row = CSVRow()
        var titles: [Int] = []
        while titles.count < limits.headingRows, (try? reader.next(bytes, into: &row)) == true {
            if file.shownLine(row.line) == chosenRow { return Place(start: row.start, line: row.line, titleLines: titles) }
            titles.append(row.line)
        }
        return nil
    }

    /// Where the headings stand, if that is not the first record alone. Three at least: fewer words may stand in a title too.
    private static func place(_ bytes: Span<UInt8>, _ limits: ImportLimits, _ isKnown: (String) -> Bool) -> Place? {
        var reader = CSVReader(limits: limits.csv)
        var row = CSVRow()
        func count(_ names: [String]) -> Int { Set(names.filter { !$0.isEmpty && isKnown($0) }).count }
        var records: [(start: Int, line: Int, names: [String])] = []
        while records.count < limits.headingRows, (try? reader.next(bytes, into: &row)) == true {
            let names = names(row, bytes)
            // A table of two columns has two.
            if records.isEmpty, names.allSatisfy({ !$0.isEmpty && isKnown($0) }) { return nil }
            records.append((row.start, row.line, names))
        }
        var (found, most): (Place?, Int) = (nil, 2)
        func place(at number: Int, isDouble: Bool) -> Place? {
            if number == 0, !isDouble { return nil }
            return Place(
                start: records[number].start, line: records[number].line, isDouble: isDouble,
                titleLines: records[..<number].map(\.line))
        }
        for number in records.indices {
            let own = count(records[number].names)
            if own > most { (found, most) = (place(at: number, isDouble: false), own) }
            guard number + 1 < records.count else { continue }
            let below = records[number + 1].names
            let both = count(joined(records[number].names, below, isKnown))
            // Neither alone has as many.
            if both > most, both > count(below) { (found, most) = (place(at: number, isDouble: true), both) }
        }
        return found
    }

    /// A problem at a heading.
    func problem(_ reason: ImportProblem.Reason, at position: Int, _ message: String) -> ImportProblem {
        let place = CSVReader.place(of: cells[position].start, in: row, file.bytes)
        return ImportProblem(
            reason, file: file.name, line: file.shownLine(place.line), column: file.hasColumns ? place.column : nil,
            cell: position + 1, heading: names[position], message: message)
    }

    /// A problem of the headings as a whole.
    func problem(_ reason: ImportProblem.Reason, _ message: String) -> ImportProblem {
        ImportProblem(reason, file: file.name, line: file.shownLine(row.line), message: message)
    }

    /// Reports headings that stand twice. Where none stands, nothing may stand below: that is found with the rows.
    func checkNames(limit: Int, into report: inout ImportReport) {
        for (position, name) in names.enumerated() where !name.isEmpty {
            if let first = names.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }), first < position {
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
