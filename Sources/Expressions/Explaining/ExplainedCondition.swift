import StoreColumns

/// A condition asked of one row, with what it was asked about: a node of the tree that says why a rule holds or not.
///
/// Every verdict is the evaluator's own, on the part of the rule's expression that stands in `expression`; nothing here is worked
/// out beside it.
package struct ExplainedCondition: Sendable {
    /// What kind of condition it is, for who shows it.
    package enum Form: Sendable, Hashable {
        case all, any, not
        case compare(Comparison)
        /// Not equal, or missing: two-valued.
        case differs
        case isOneOf, isNotOneOf
        case text(TextMatch.Kind)
        case isMissing, isPresent
        /// A Boolean field that is stored.
        case holds
        /// A derived Boolean field, made of its one part.
        case derived
        /// Of the row that a to-one edge leads to, or of none.
        case related(Quantifier)
        /// Of the rows of a set.
        case rows(Quantifier)
        case contains
        case includes(all: Bool)
        case isEmpty
        /// A condition that says which of two others counts, or the first of several that is known.
        case choice
        case constant
    }

    /// In reading order, from 0: of the rule, or of the row that it is evidence for.
    package var number: Int
    package var form: Form
    package var verdict: Truth
    /// As the rule has it, with its row variables.
    package var expression: Expression
    /// The same with rows in place of its variables.
    var bound: Expression
    /// What is held against what, bound; nil where the form has no operand.
    var operand: Expression?
    var other: Expression?
    package var subject: ExplainedValue?
    package var threshold: ExplainedThreshold?
    package var evidence: ExplainedEvidence?
    /// What kept it from being TRUE or FALSE.
    package var missing: [MissingValue] = []
    package var parts: [ExplainedCondition] = []
    /// Its parts are left out, because there are enough of them beside it.
    package var isCut = false

    /// It and all below it, in reading order; of what rows are evidence for nothing.
    package var all: [ExplainedCondition] { [self] + parts.flatMap(\.all) }
}

/// A row of a type.
package struct NodeRow: Sendable, Hashable {
    package var type: NodeTypeID
    package var row: RowNumber
    package init(type: NodeTypeID, row: RowNumber) {
        self.type = type
        self.row = row
    }
}

/// What an operand came to.
package struct ExplainedValue: Sendable {
    package var expression: Expression
    package var type: ExpressionType
    package var value: Scalar
    /// Of a list of enum values, in place of `value`; nil where there is none.
    package var codes: [UInt16]?
    package var path: FieldPath?
    /// Whose field it is; nil where there is no such row, or it is no field.
    package var holder: NodeRow?
    /// What a computed value was computed from, one level deep.
    package var madeOf: [ExplainedValue] = []
}

/// What a value was held against.
package enum ExplainedThreshold: Sendable {
    case constants([Scalar], ExpressionType)
    case pattern(TextMatch)
    case codes([UInt16], EnumerationID)
    case value(ExplainedValue)
}

/// The rows of a set that a verdict rests on: those that decide first, and at most so many as are wanted.
package struct ExplainedEvidence: Sendable {
    package struct Row: Sendable {
        package var row: RowNumber
        package var verdict: Truth
        /// Why; nil where rows only count.
        package var condition: ExplainedCondition?
    }
    package var type: NodeTypeID
    package var path: FieldPath?
    /// Rows of the set, and how many of them have the condition, and for how many that is unknown.
    package var count = 0
    package var holdingCount = 0
    package var unknownCount = 0
    package var rows: [Row] = []
    package var moreCount: Int { count - rows.count }
}

/// What would have to be known.
package struct MissingValue: Sendable, Hashable {
    package enum Reason: Sendable, Hashable {
        /// A field without a value.
        case field
        /// A set without rows, of which one was to be taken.
        case rows
        /// A divisor that is 0.
        case zero
    }
    package var reason: Reason
    package var holder: NodeRow?
    /// In `RowType.fields` of the holder.
    package var position: Int?
    package var expression: Expression
}

/// How much an explanation may hold.
package struct ExplanationLimits: Sendable {
    /// Of the rule itself; as many again may explain rows of evidence.
    package var conditions: Int
    /// Shown for each condition.
    package var evidenceRows: Int

    package init(conditions: Int, evidenceRows: Int) {
        self.conditions = conditions
        self.evidenceRows = evidenceRows
    }

    /// Values that one value was made of, missing values of one condition, ways of changing a verdict: more tell nobody more.
    static let listed = 8
}
