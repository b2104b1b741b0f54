import Model

/// What of a file makes no row and is no mistake. It is told, so that nothing is lost unseen.
package struct PassedOver: Hashable, Sendable {
    /// Stable names: reports in JSON carry them.
    package enum Reason: String, Sendable, CaseIterable {
        /// Above the headings.
        case title
        case blank, sum, note, repeatedHeadings
        case hiddenSheet, emptySheet
        /// Others were chosen.
        case otherSheet
        /// A column that only counts the rows.
        case rowNumbers
        /// Whoever imports says that the column is not read.
        case otherColumn
    }

    package var file: String
    package var reason: Reason
    /// As the file numbers its rows, ascending; empty where no row is meant.
    package private(set) var rows: [ClosedRange<Int>] = []
    /// Of all rows that are meant, also of those that `rows` has no room for.
    package private(set) var rowCount = 0
    /// What a column is called.
    package var heading: String?

    /// Pieces that a report lists.
    private static let rangeLimit = 200

    init(_ reason: Reason, file: String, heading: String? = nil) {
        (self.reason, self.file, self.heading) = (reason, file, heading)
    }

    mutating func add(_ row: Int) {
        rowCount += 1
        if let last = rows.last, row <= last.upperBound + 1 {
            // A text of several lines is one row of a sheet.
            if row <= last.upperBound { rowCount -= 1 }
            rows[rows.count - 1] = last.lowerBound...max(row, last.upperBound)
        } else if rows.count < Self.rangeLimit {
            rows.append(row...row)
        }
    }
}

extension PassedOver.Reason {
    /// For a terminal: what it is.
    var words: String {
        switch self {
        case .title: "above the headings"
        case .blank: "blank"
        case .sum: "sums"
        case .note: "notes"
        case .repeatedHeadings: "the headings again"
        case .hiddenSheet: "it is hidden"
        case .emptySheet: "it is empty"
        case .otherSheet: "it is not among those that were chosen"
        case .rowNumbers: "it counts the rows"
        case .otherColumn: "so it was chosen"
        }
    }

    /// For whoever keeps the file.
    var clerkWords: String {
        switch self {
        case .title: "表头以上的标题，没有导入"
        case .blank: "空行，没有导入"
        case .sum: "合计行，没有导入"
        case .note: "说明、签名或小标题，没有导入"
        case .repeatedHeadings: "重复的表头，没有导入"
        case .hiddenSheet: "隐藏的工作表，没有导入"
        case .emptySheet: "空的工作表，没有导入"
        case .otherSheet: "没有选中的工作表，没有导入"
        case .rowNumbers: "序号栏，没有导入"
        case .otherColumn: "选定不导入的栏目"
        }
    }
}

extension PassedOver {
    /// `Book.csv: rows 5, 9 to 11 are not read: sums`
    var told: ChangeReport.PassedOver {
        func list(_ word: String, _ separator: String) -> String {
            let shown = rows.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)\(word)\($0.upperBound)" }
            let count = rows.reduce(0) { $0 + $1.count }
            return shown.joined(separator: separator) + (count < rowCount ? "…" : "")
        }
        let place: String
        if let heading {
            place = "the column '\(heading)' is"
        } else if rowCount > 0 {
            place = "\(rowCount == 1 ? "row" : "rows") \(list(" to ", ", ")) \(rowCount == 1 ? "is" : "are")"
        } else {
            return ChangeReport.PassedOver(
                file: file, rows: "", rowCount: 0, reason: reason.rawValue, message: "\(file) is not read: \(reason.words)")
        }
        return ChangeReport.PassedOver(
            file: file, rows: list("–", "、"), rowCount: rowCount, heading: heading, reason: reason.rawValue,
            message: "\(file): \(place) not read: \(reason.words)")
    }
}
