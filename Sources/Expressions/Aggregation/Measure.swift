import StoreColumns

/// One figure to be made of many rows: the column-at-a-time counterpart of `Expression.aggregate`, with the same values.
package struct Measure: Sendable, Hashable {
    package enum Operation: Sendable, Hashable { case count, countDistinct, sum, average, minimum, maximum, median }
    package var operation: Operation
    /// Over variable 0; nil for a count of rows. Null elements are skipped.
    package var element: Expression?
    /// Only rows for which it is TRUE, over variable 0.
    package var condition: Expression?

    package init(_ operation: Operation, of element: Expression? = nil, where condition: Expression? = nil) {
        self.operation = operation
        self.element = element
        self.condition = condition
    }

    /// What it gives: the sum of Int is a Decimal, an average an exact Ratio, a median has one digit more than its numbers.
    ///
    /// Nil where the operation cannot be asked of such values. Ratios are neither summed nor averaged: a share of shares
    /// says nothing.
    package var resultType: ExpressionType? {
        guard let element else { return operation == .count ? .int : nil }
        switch (operation, element.type) {
        case (.count, .rows), (.countDistinct, .rows), (_, .rows), (_, .enumerationList): return nil
        case (.count, _), (.countDistinct, _): return .int
        case (.sum, .int): return .decimal(fractionDigits: 0)
        case (.sum, .decimal), (.sum, .float), (.average, .float), (.median, .float): return element.type
        case (.average, .int), (.average, .decimal): return element.type.average
        case (.minimum, let type), (.maximum, let type): return type.isAggregatedByOrder ? type : nil
        case (.median, let type): return type.isAggregatedByOrder ? type.median : nil
        case (.sum, _), (.average, _): return nil
        }
    }

    /// Stands for the measure's value in an expression over groups: variable 0 is then a group.
    package static func value(_ index: Int, _ result: ExpressionType, on type: NodeTypeID) -> Expression {
        .derived(of: .variable(0, type), placeholder(index), result)
    }

    /// No derived field has such a number: a model has far fewer.
    static func placeholder(_ index: Int) -> DerivedID { DerivedID(0x8000 + index) }
}

extension ExpressionType {
    /// Whether there is a least, a greatest and a middle one among such values, for aggregates.
    package var isAggregatedByOrder: Bool {
        switch self {
        case .boolean, .int, .decimal, .ratio, .float, .date, .dateTime, .string, .enumeration: true
        case .enumerationList, .row, .rows: false
        }
    }
}
