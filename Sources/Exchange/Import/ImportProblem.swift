/// One thing that keeps files from being loaded, where it stands.
package struct ImportProblem: Hashable, Sendable {
    /// Stable names: reports in JSON carry them.
    package enum Reason: String, Sendable, CaseIterable {
        // Files
        case unknownFile, missingFile, sameTypeTwice, changedFile, emptyFile
        case notUTF8, truncated, wrongQuoting, tooLong, unreadableWorkbook
        // Headings
        case unknownHeading, missingHeading, duplicateHeading, ambiguousHeading, computedField, unknownType
        // Rows
        case cellCount
        // Values
        case notBoolean, notWholeNumber, notNumber, notDate, notDateTime, outOfRange, tooManyDigits
        case unknownValue, ambiguousValue, lostPrecision, wrongKey, endsBeforeItBegins
        // The change set as a whole
        case missingKey, duplicateKey, missingValue, wrongKind, danglingReference, notUnique, noSuchRow, stillReferenced
        case tooManyRows
        /// The row does not keep a check of the model.
        case checkFailed
    }

    package var reason: Reason
    package var file: String
    /// Of the file's lines, from 1.
    package var line: Int?
    /// Of the line's characters, from 1.
    package var column: Int?
    /// Of the row's cells, from 1: the column of the table, as spreadsheets count them.
    package var cell: Int?
    /// The heading of the cell at fault.
    package var heading: String?
    /// The field it fills: `Book.title`.
    package var field: String?
    /// What the cell holds, shortened; nil where no cell is at fault.
    package var value: String?
    /// The value is left out because it tells about a person.
    package var isValueHidden: Bool
    /// What is wrong, without the value.
    package var message: String

    package init(
        _ reason: Reason, file: String, line: Int? = nil, column: Int? = nil, cell: Int? = nil, heading: String? = nil,
        field: String? = nil, value: String? = nil, isValueHidden: Bool = false, message: String
    ) {
        self.reason = reason
        self.file = file
        self.line = line
        self.column = column
        self.cell = cell
        self.heading = heading
        self.field = field
        self.value = value
        self.isValueHidden = isValueHidden
        self.message = message
    }
}

extension ImportProblem: CustomStringConvertible {
    /// `authors.csv:17:5: born: '1971-02-30' is not a date (2019-07-31, …)`
    package var description: String {
        var text = file
        if let line { text += ":\(line)" }
        if line != nil, let column { text += ":\(column)" }
        text += ": "
        if let heading { text += "\(heading): " }
        if let value { text += "'\(value)': " }
        if isValueHidden { text += "(value hidden: personal) " }
        return text + message
    }
}
