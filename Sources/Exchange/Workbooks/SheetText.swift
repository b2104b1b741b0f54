import OfficeFiles

/// The cells of a sheet as CSV: a line for each row that holds anything, all with as many cells as the widest.
final class SheetText: XMLHandler {
    /// What is done with what a cell holds, by its attribute `t`.
    private enum Kind { case number, shared, text, boolean, date }

    private let shared: SharedTexts
    private let styles: CellStyles
    private let countsFrom1904: Bool
    private let merges: SheetMerges
    private let limits: ImportLimits

    /// The cells of the rows so far, without the commas that the widest row asks for.
    private var text: [UInt8] = []
    private struct Row {
        /// Of the sheet's rows, from 1.
        var number: Int
        var end: Int
        var cellCount: Int
    }
    private var rows: [Row] = []

    private var row = 0
    private var column = 0
    private var cellCount = 0
    /// Whether a cell holds something of its own, and not only what was merged.
    private var holdsOwn = false
    private var kind = Kind.number
    private var isDated = false
    private var value: [UInt8] = []
    private var isInValue = false
    private var isPhonetic = false
    /// What stands in the first cell of what was merged, and in which row that is, by column.
    private var merged: [Int: (row: Int, text: [UInt8])] = [:]
    /// The columns that it has, ascending: what does not reach a row is let go of there.
    private var mergedColumns: [Int] = []
    /// Bytes of text that there is still room for, of all that a workbook may come to.
    private let room: Int

    /// - Parameter textBytes: What the sheets before came to: a few bytes may name a long text that they share.
    init(
        _ shared: SharedTexts, _ styles: CellStyles, from1904 countsFrom1904: Bool, _ merges: SheetMerges, _ limits: ImportLimits,
        textBytes: Int
    ) {
        room = limits.workbook.bytes - textBytes
        self.shared = shared
        self.styles = styles
        self.countsFrom1904 = countsFrom1904
        self.merges = merges
        self.limits = limits
    }

    // MARK: Elements

    func begin(_ name: String, _ attributes: XMLAttributes) throws(OfficeFileError) {
        switch name {
        case "c":
            if let place = attributes["r"].flatMap({ CellPlace($0) }) { try move(to: place.column) }
            isDated = attributes["s"].flatMap { Int($0) }.map { styles.isDate($0) } ?? false
            switch attributes["t"] {
            case "s"?: kind = .shared
            case "b"?: kind = .boolean
            case "d"?: kind = .date
            case "str"?, "inlineStr"?, "e"?: kind = .text
            default: kind = .number
            }
            value.removeAll(keepingCapacity: true)
        case "v": isInValue = true
        case "t": isInValue = !isPhonetic
        case "rPh": isPhonetic = true
        case "row":
            let number = attributes["r"].flatMap { Int($0) } ?? row + 1
            guard number > row, number <= 100_000_000 else {
                throw .notXML(line: number, reason: "row \(number) stands behind row \(row)")
            }
            (row, column, cellCount, holdsOwn) = (number, 0, 0, false)
        default: break
        }
    }

    func end(_ name: String) throws(OfficeFileError) {
        switch name {
        case "v", "t": isInValue = false
        case "rPh": isPhonetic = false
        case "c": try endCell()
        case "row": try endRow()
        default: break
        }
    }

    func text(_ bytes: Span<UInt8>) throws(OfficeFileError) {
        guard isInValue else { return }
        guard value.count + bytes.count <= limits.csv.cellBytes else {
            throw .limit(name: "max-cell-bytes", maximum: limits.csv.cellBytes)
        }
        for index in bytes.indices { value.append(bytes[index]) }
    }

    // MARK: Cells

    private func endCell() throws(OfficeFileError) {
        switch kind {
        case .text: WorkbookText.unescape(&value)
        case .shared:
            guard let place = Int(String(decoding: value, as: UTF8.self)), place >= 0, place < shared.count else {
                if value.isEmpty { break }
                throw .notXML(line: row, reason: "a cell of row \(row) names a shared text that is not there")
            }
            value.removeAll(keepingCapacity: true)
            shared.texts.copy(place, to: &value)
        case .boolean: value = Array((value == [0x31] ? "true" : value == [0x30] ? "false" : "").utf8)
        case .number:
            let number = value
            if isDated, let date = SerialDate.text(number.span, from1904: countsFrom1904) {
                value = date
            } else if !number.isEmpty {
                value = WorkbookNumber.text(number.span)
            }
        case .date: break
        }
        let text = value
        try place(text.span)
    }

    /// Goes on to a column; what was merged into those between is filled in.
    private func move(to column: Int) throws(OfficeFileError) {
        guard column > self.column else {
            guard column == self.column else {
                throw .notXML(line: row, reason: "the cells of row \(row) do not stand in the order of their columns")
            }
            return
        }
        try fill(upTo: column)
        self.column = column
    }

    private func fill(upTo end: Int) throws(OfficeFileError) {
        // Merged cells may be many, and those of one row few.
        var place = firstMerged(from: column)
        while place < mergedColumns.count, mergedColumns[place] < end {
            let column = mergedColumns[place]
            guard let merge = merge(at: row, in: column), merge.first == merged[column]?.row else {
                mergedColumns.remove(at: place)
                merged[column] = nil
                continue
            }
            self.column = column
            try self.place(Span())
            place += 1
        }
    }

    /// Where the columns begin, among those with something merged, that do not stand before one.
    private func firstMerged(from column: Int) -> Int {
        var (low, high) = (0, mergedColumns.count)
        while low < high {
            let middle = (low + high) / 2
            if mergedColumns[middle] < column { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Puts a text into the row's next column.
    private func place(_ given: Span<UInt8>) throws(OfficeFileError) {
        defer { column += 1 }
        let range = TextForm.trimmed(given, 0..<given.count)
        if range.isEmpty {
            if let text = mergedText() { try write(text.span) }
            return
        }
        keepIfMerged(given.extracting(range))
        holdsOwn = true
        try write(given.extracting(range))
    }

    private func merge(at row: Int, in column: Int) -> SheetMerges.Merge? {
        guard let merges = merges.byColumn[column] else { return nil }
        // The last that begins at this row or above.
        var (low, high) = (0, merges.count)
        while low < high {
            let middle = (low + high) / 2
            if merges[middle].first <= row { low = middle + 1 } else { high = middle }
        }
        guard low > 0, merges[low - 1].last >= row else { return nil }
        return merges[low - 1]
    }

    private func keepIfMerged(_ text: Span<UInt8>) {
        guard let merge = merge(at: row, in: column), merge.first == row else { return }
        var kept: [UInt8] = []
        for index in text.indices { kept.append(text[index]) }
        if merged.updateValue((row, kept), forKey: column) == nil { mergedColumns.insert(column, at: firstMerged(from: column)) }
    }

    private func mergedText() -> [UInt8]? {
        // Another merge of the column may have begun, with nothing in its first cell.
        guard let kept = merged[column], let merge = merge(at: row, in: column), merge.first == kept.row else { return nil }
        return kept.text
    }

    private func write(_ given: Span<UInt8>) throws(OfficeFileError) {
        guard column < limits.csv.cells else { throw .limit(name: "max-cells-of-a-row", maximum: limits.csv.cells) }
        guard text.count + given.count <= room else {
            throw .limit(name: "max-workbook-bytes", maximum: limits.workbook.bytes)
        }
        // The first cell of a row has no comma before it.
        for _ in max(1, cellCount)..<max(1, column + 1) { text.append(UInt8(ascii: ",")) }
        cellCount = column + 1
        var isQuoted = false
        for index in given.indices {
            switch given[index] {
            case 0x22, 0x2C, 0x0A, 0x0D: isQuoted = true
            default: continue
            }
            break
        }
        if isQuoted { text.append(0x22) }
        for index in given.indices {
            if given[index] == 0x22 { text.append(0x22) }
            text.append(given[index])
        }
        if isQuoted { text.append(0x22) }
    }

    private func endRow() throws(OfficeFileError) {
        if let last = mergedColumns.last, holdsOwn { try fill(upTo: last + 1) }
        guard holdsOwn else {
            text.removeSubrange((rows.last?.end ?? 0)...)
            return
        }
        rows.append(Row(number: row, end: text.count, cellCount: cellCount))
    }

    // MARK: The whole

    /// All rows as CSV, and the number in the sheet of every line.
    func finish() throws(OfficeFileError) -> (text: [UInt8], lines: [UInt32]) {
        let width = rows.map(\.cellCount).max() ?? 0
        let paddedCount = rows.reduce(0) { $0 + width - $1.cellCount + 1 }
        guard text.count + paddedCount <= room else {
            throw .limit(name: "max-workbook-bytes", maximum: limits.workbook.bytes)
        }
        var padded: [UInt8] = []
        padded.reserveCapacity(text.count + paddedCount)
        var lines: [UInt32] = []
        var start = 0
        for row in rows {
            padded += text[start..<row.end]
            padded += [UInt8](repeating: UInt8(ascii: ","), count: width - row.cellCount)
            padded.append(0x0A)
            // A text of several lines is one row.
            let lineCount = text[start..<row.end].reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
            for _ in 0..<lineCount { lines.append(UInt32(clamping: row.number)) }
            start = row.end
        }
        return (padded, lines)
    }
}
