import Bytes

/// A column of a table, by what it holds.
package enum Column: Sendable {
    case boolean(BooleanColumn)
    case int(FixedWidthColumn<Int32>)
    /// Unscaled integers, at the column's fraction digits.
    case decimal(FixedWidthColumn<Int64>, fractionDigits: Int)
    case float(FixedWidthColumn<Double>)
    /// Days since 1970-01-01.
    case date(FixedWidthColumn<Int32>)
    /// Microseconds since 1970-01-01T00:00:00Z.
    case dateTime(FixedWidthColumn<Int64>)
    case enumeration(FixedWidthColumn<UInt16>)
    case string(DictionaryColumn)
    /// Row numbers of the target type.
    case reference(FixedWidthColumn<UInt32>)
    case enumerationList(ListColumn<UInt16>)
    case referenceList(ListColumn<UInt32>)

    /// A column of that kind without rows.
    package init(emptyOf kind: ColumnKind, hash: KeyedHash) {
        switch kind {
        case .boolean: self = .boolean(.empty)
        case .int: self = .int(.empty)
        case .decimal(let digits): self = .decimal(.empty, fractionDigits: digits)
        case .float: self = .float(.empty)
        case .date: self = .date(.empty)
        case .dateTime: self = .dateTime(.empty)
        case .enumeration: self = .enumeration(.empty)
        case .string: self = .string(DictionaryColumn(codes: .empty, dictionary: .empty(hash)))
        case .reference: self = .reference(.empty)
        case .enumerationList: self = .enumerationList(.empty)
        case .referenceList: self = .referenceList(.empty)
        }
    }

    package func isNull(at row: Int) -> Bool {
        switch self {
        case .boolean(let column): column[row] == nil
        case .int(let column), .date(let column): column.isNull(at: row)
        case .decimal(let column, _), .dateTime(let column): column.isNull(at: row)
        case .float(let column): column.isNull(at: row)
        case .enumeration(let column): column.isNull(at: row)
        case .string(let column): column.codes.isNull(at: row)
        case .reference(let column): column.isNull(at: row)
        case .enumerationList(let column): column.isNull(at: row)
        case .referenceList(let column): column.isNull(at: row)
        }
    }
}
