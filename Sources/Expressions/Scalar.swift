import StoreColumns

/// The static type of an expression.
package enum ExpressionType: Sendable, Hashable {
    case boolean
    case int
    /// Fraction digits as declared; computation may give more, at most 9.
    case decimal(fractionDigits: Int)
    /// Shown with these many digits; compared exactly.
    case ratio(displayDigits: Int)
    case float
    case date
    case dateTime
    case string
    case enumeration(EnumerationID)
    case enumerationList(EnumerationID)
    case row(NodeTypeID)
    case rows(NodeTypeID)
}

/// A value of an expression while it is evaluated.
package enum Scalar: Sendable, Hashable {
    case null
    case boolean(Bool)
    case int(Int64)
    case decimal(Decimal)
    case ratio(Ratio)
    case float(Double)
    case date(CivilDate)
    case dateTime(Instant)
    case string(String)
    case enumeration(UInt16)
    case row(RowNumber)
}

/// A verdict.
package enum Truth: UInt8, Sendable, Hashable { case no, unknown, yes }
