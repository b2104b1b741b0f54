/// What can be wrong with changes, as the API and reports name it.
package enum ChangeProblemCode: String, Sendable, Hashable, CaseIterable {
    case missingKey = "MISSING_KEY"
    case duplicateKey = "DUPLICATE_KEY"
    case missingValue = "MISSING_VALUE"
    case wrongValue = "WRONG_VALUE"
    case danglingReference = "DANGLING_REFERENCE"
    case notUnique = "NOT_UNIQUE"
    case noSuchRow = "NO_SUCH_ROW"
    case stillReferenced = "STILL_REFERENCED"
    case tooManyRows = "TOO_MANY_ROWS"
    case checkFailed = "CHECK_FAILED"
    case unknownCheck = "UNKNOWN_CHECK"
    case otherVersion = "OTHER_VERSION"
    case changeIDReused = "CHANGE_ID_REUSED"
    case outOfScope = "OUT_OF_SCOPE"
    /// Of files only: an import reports it, a mutation never.
    case unreadable = "UNREADABLE"

    package var explanation: String {
        switch self {
        case .missingKey: "A row without its key."
        case .duplicateKey: "The same row is given twice, or given and deleted."
        case .missingValue: "A field that every row has is missing in a new row, or cleared."
        case .wrongValue: "A value that the field cannot hold."
        case .danglingReference: "No row has the key that is named."
        case .notUnique: "Another row holds the same value, and no two may."
        case .noSuchRow: "A row to delete does not exist."
        case .stillReferenced: "A row to delete is referred to by one that stays."
        case .tooManyRows: "The type has as many rows as it can have."
        case .checkFailed: "The row does not keep a check of the model."
        case .unknownCheck: "An override names no check that could be overridden."
        case .otherVersion: "The data has gone on since `expectVersion`."
        case .changeIDReused: "Other changes were applied under the same `changeId`."
        case .outOfScope: "The row is, or would be, none of those that who asks may change."
        case .unreadable: "A file, or a row or cell of it, cannot be read as the model wants it."
        }
    }
}

/// What a problem does to the changes. Of a check, as the model declares it; all else is HARD.
package enum CheckSeverity: String, Sendable, Hashable, CaseIterable {
    case hard = "HARD"
    case soft = "SOFT"
    case report = "REPORT"

    package var explanation: String {
        switch self {
        case .hard: "Nothing is applied."
        case .soft: "Nothing is applied without an override and its reason."
        case .report: "Only told."
        }
    }
}
