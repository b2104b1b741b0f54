import StoreColumns

/// The one expression tree: filters of the API, derived fields, rules, row scopes and checks are all this.
///
/// Expressions are typed when made (`type`), closed over row variables, and evaluated either for one row or for a whole
/// type at once; both ways give the same answer. Truth is three-valued (Kleene): comparisons with null are unknown,
/// `isNull` and `coalesce` are the two that look through. Depth is bounded by whoever made the tree (64).
///
/// Row variables count from the outside: variable 0 is the row the question is asked of, and each construct that binds
/// a row (`quantified`, `aggregate`, `filter`, `latest`) introduces the next one, so inner conditions may name outer rows.
package indirect enum Expression: Sendable, Hashable {
    // Values
    case constant(Scalar, ExpressionType)
    /// The as-of date of the request.
    case asOf
    /// A parameter of the model; only before `bound` has put its value there.
    case parameter(ParameterID, ExpressionType)
    /// A value that each request gives anew, by its place among them; only beside a column in a condition that is asked row by row
    /// (`RebindablePredicate`).
    case argument(Int, ExpressionType)

    // Rows (may be null)
    case variable(Int, NodeTypeID)
    case follow(Expression, ToOneEdge)
    /// The row of a set with the greatest (or least) non-null `by`; null where there is none. Ties: the least row key.
    case extreme(Extreme, of: Expression, variable: Int, by: Expression)

    // Sets of rows
    case rows(from: Expression, ToManyEdge)
    case filter(Expression, variable: Int, where: Expression)

    // Fields of a row; null where the row is null
    case column(of: Expression, column: Int, ExpressionType)
    case derived(of: Expression, DerivedID, ExpressionType)

    // Truth
    case and([Expression])
    case or([Expression])
    case not(Expression)
    case compare(Comparison, Expression, Expression)
    /// Two-valued.
    case isNull(Expression)
    /// Membership in constants of the operand's type, none null; unknown where the operand is null.
    case isOneOf(Expression, [Scalar])
    case text(TextMatch, Expression)
    /// Kleene over the rows of a set: `some` of nothing is false, `every` of nothing true. A to-one edge wrapped by
    /// `optional` is a set of none or one.
    case quantified(Quantifier, over: Expression, variable: Int, Expression)
    /// A row as a set of none or one.
    case optional(Expression)
    /// Whether a set of rows holds a row; unknown where the row is null.
    case contains(Expression, row: Expression)
    /// Whether an enum-list field holds all (or any) of the codes; unknown where the field is null.
    case listIncludes(Expression, all: Bool, [UInt16])
    case listIsEmpty(Expression)

    // Computation; null where an operand is null
    case arithmetic(Arithmetic, Expression, Expression)
    /// numerator ÷ denominator, exact; null where the denominator is null or 0.
    case ratio(Expression, Expression)
    case conditional(Expression, then: Expression, else: Expression)
    /// The first that is not null.
    case coalesce([Expression])
    case function(ExpressionFunction, [Expression])
    /// Over a set of rows. Counts and `sum` of nothing are 0; the others of nothing are null. Null elements are skipped.
    /// `median` is the middle value; of two in the middle their mean, or the lesser where there is none.
    case aggregate(Aggregate, over: Expression, variable: Int, of: Expression?)
}

package enum Comparison: Sendable, Hashable { case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual }
package enum Quantifier: Sendable, Hashable { case some, every, none, exactlyOne }
package enum Arithmetic: Sendable, Hashable { case add, subtract, multiply, divide, remainder }
package enum Aggregate: Sendable, Hashable { case count, sum, minimum, maximum, average, countDistinct, median }
package enum Extreme: Sendable, Hashable { case greatest, least }

/// Functions of values; dates are civil.
package enum ExpressionFunction: Sendable, Hashable {
    /// First or last day of the calendar quarter, half year, year or month that holds a date.
    case periodStart(CalendarUnit)
    case periodEnd(CalendarUnit)
    /// date, days → date
    case addDays
    /// date, date → days from the first to the second
    case daysBetween
    /// year, month, day → date; null where there is no such day
    case makeDate
    /// date → Int
    case year, month, day
    /// the greater, the lesser of two or more
    case greatest, least
    /// string → Int: Unicode scalars
    case size
}
package enum CalendarUnit: Sendable, Hashable { case year, half, quarter, month, week }

/// A test of a string.
package struct TextMatch: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case equals, startsWith, endsWith, contains, like, regex, less, lessOrEqual, greater, greaterOrEqual
    }
    package var kind: Kind
    package var pattern: String
    /// Unicode simple case folding.
    package var caseInsensitive: Bool
    package init(kind: Kind, pattern: String, caseInsensitive: Bool) {
        self.kind = kind
        self.pattern = pattern
        self.caseInsensitive = caseInsensitive
    }
}

/// An edge to at most one row.
package enum ToOneEdge: Sendable, Hashable {
    /// A reference column of the row's type.
    case reference(column: Int, target: NodeTypeID)
    /// The dated row of an inverse that is valid on a date (nil: the as-of date), or the row that it refers to.
    /// More than one valid: the one with the latest start, then the greatest row key.
    case valid(ValidLookup, on: CivilDate?)
}

/// An edge to any number of rows.
package enum ToManyEdge: Sendable, Hashable {
    case inverse(index: Int, target: NodeTypeID)
    /// A reference-list column.
    case list(column: Int, target: NodeTypeID)
    /// The rows of an inverse valid on a date (nil: the as-of date), or the rows they refer to.
    case valid(ValidLookup, on: CivilDate?)
}

/// How a `@valid` field reads a dated type: half-open intervals, an absent end is open.
package struct ValidLookup: Sendable, Hashable {
    /// Index into the inverses of the row's type.
    package var inverse: Int
    /// The dated type, and its columns of kind date.
    package var periodType: NodeTypeID
    package var fromColumn: Int
    package var toColumn: Int
    /// A reference column of the dated type to go on through; nil: the dated row itself.
    package var thenReference: Int?
    /// What the edge ends at.
    package var target: NodeTypeID
    package init(
        inverse: Int, periodType: NodeTypeID, fromColumn: Int, toColumn: Int, thenReference: Int?, target: NodeTypeID
    ) {
        self.inverse = inverse
        self.periodType = periodType
        self.fromColumn = fromColumn
        self.toColumn = toColumn
        self.thenReference = thenReference
        self.target = target
    }
}

/// The place of a derived field in `RowTypes.derived`.
package struct DerivedID: Hashable, Sendable {
    package var rawValue: UInt16
    package init(_ index: Int) { rawValue = UInt16(index) }
    package var index: Int { Int(rawValue) }
}
