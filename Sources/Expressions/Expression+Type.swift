import StoreColumns

extension Expression {
    /// The static type: it follows from the leaves. An expression whose parts do not fit has the type of its first part;
    /// `compile` refuses it.
    package var type: ExpressionType {
        switch self {
        case .constant(let value, let type): value.numericType ?? type
        case .column(_, _, let type), .derived(_, _, let type), .parameter(_, let type), .argument(_, let type): type
        case .asOf: .date
        case .variable(_, let row): .row(row)
        case .follow(_, let edge): .row(edge.target)
        case .rows(_, let edge): .rows(edge.target)
        case .extreme(_, let set, _, _): set.type.rowType.map { .row($0) } ?? set.type
        case .filter(let set, _, _): set.type
        case .optional(let row): row.type.rowType.map { .rows($0) } ?? row.type
        case .and, .or, .not, .compare, .isNull, .isOneOf, .text, .quantified, .contains, .listIncludes, .listIsEmpty: .boolean
        case .arithmetic(let sign, let left, let right): ExpressionType.result(of: sign, left.type, right.type) ?? left.type
        case .ratio: .ratio(displayDigits: ExpressionType.ratioDigits)
        case .conditional(_, let then, let other): then.type.common(with: other.type) ?? then.type
        case .coalesce(let operands): ExpressionType.common(of: operands) ?? .boolean
        case .function(let function, let operands):
            switch function {
            case .periodStart, .periodEnd, .addDays, .makeDate: .date
            case .daysBetween, .year, .month, .day, .size: .int
            case .greatest, .least: ExpressionType.common(of: operands) ?? .boolean
            }
        case .aggregate(let aggregate, _, _, let element):
            switch (aggregate, element?.type) {
            case (.count, _), (.countDistinct, _), (_, nil): .int
            case (.sum, let type?), (.minimum, let type?), (.maximum, let type?): type
            case (.average, let type?): type.average ?? type
            case (.median, let type?): type.median
            }
        }
    }
}

extension Scalar {
    /// An exact number is of its own scale, whatever it is said to be: 0.125 beside a column of two digits is still 0.125.
    fileprivate var numericType: ExpressionType? {
        switch self {
        case .int: .int
        case .decimal(let value): .decimal(fractionDigits: value.fractionDigits)
        default: nil
        }
    }
}

extension ToOneEdge {
    /// What the edge ends at.
    package var target: NodeTypeID {
        switch self {
        case .reference(_, let target): target
        case .valid(let lookup, _): lookup.target
        }
    }
}

extension ToManyEdge {
    /// What the edge ends at.
    package var target: NodeTypeID {
        switch self {
        case .inverse(_, let target), .list(_, let target): target
        case .valid(let lookup, _): lookup.target
        }
    }
}

extension ExpressionType {
    /// Digits of a ratio where no field says how many: enough for a share in hundredths of a per cent.
    package static let ratioDigits = 4
    /// Fraction digits of a decimal, at most.
    package static let decimalDigits = 9

    /// The type of the row, or of the rows.
    package var rowType: NodeTypeID? {
        switch self {
        case .row(let type), .rows(let type): type
        default: nil
        }
    }

    package var isNumeric: Bool {
        switch self {
        case .int, .decimal, .ratio, .float: true
        default: false
        }
    }

    /// Fraction digits of an exact scaled integer; nil for others.
    var scale: Int? {
        switch self {
        case .int: 0
        case .decimal(let digits): digits
        default: nil
        }
    }

    /// The type that values of both can have: the same, or the wider of two numeric ones (Int, Decimal, Ratio, Float).
    package func common(with other: ExpressionType) -> ExpressionType? {
        if self == other { return self }
        switch (self, other) {
        case (.float, let type), (let type, .float): return type.isNumeric ? .float : nil
        case (.ratio(let left), .ratio(let right)): return .ratio(displayDigits: max(left, right))
        case (.ratio, let type), (let type, .ratio):
            guard type.isNumeric else { return nil }
            if case .ratio = self { return self }
            return other
        default:
            guard let left = scale, let right = other.scale else { return nil }
            return .decimal(fractionDigits: max(left, right))
        }
    }

    static func common(of operands: [Expression]) -> ExpressionType? {
        guard var type = operands.first?.type else { return nil }
        for operand in operands.dropFirst() {
            guard let common = type.common(with: operand.type) else { return nil }
            type = common
        }
        return type
    }

    /// The type of a computation; nil where the operands do not go together.
    ///
    /// Whole numbers divide to a whole number, towards zero; any other exact division gives a Ratio. Dates take `addDays`
    /// and `daysBetween`, not signs.
    package static func result(of sign: Arithmetic, _ left: ExpressionType, _ right: ExpressionType) -> ExpressionType? {
        guard left.isNumeric, right.isNumeric, let common = left.common(with: right) else { return nil }
        if sign == .remainder { return common == .int ? .int : nil }
        guard let leftScale = left.scale, let rightScale = right.scale else { return common }
        switch sign {
        case .add, .subtract: return common
        case .multiply:
            let digits = leftScale + rightScale
            if common == .int { return .int }
            return digits <= decimalDigits ? .decimal(fractionDigits: digits) : .ratio(displayDigits: ratioDigits)
        case .divide: return common == .int ? .int : .ratio(displayDigits: max(ratioDigits, leftScale))
        case .remainder: return nil
        }
    }

    /// The type of an average: exact, so a Ratio, unless the values are not.
    var average: ExpressionType? {
        switch self {
        case .int: .ratio(displayDigits: 2)
        case .decimal(let digits): .ratio(displayDigits: max(2, digits))
        case .ratio, .float: self
        default: nil
        }
    }

    /// The type of a middle value: numbers have one digit more, for the mean of two.
    var median: ExpressionType {
        guard let scale else { return self }
        return .decimal(fractionDigits: min(scale + 1, Self.decimalDigits))
    }

    /// Whether a field of this type may be computed by an expression of `other`: the same type, or numbers that widen, or
    /// that are rounded half up to the field's digits (Ratio to Decimal, Decimal to fewer digits).
    package func accepts(_ other: ExpressionType) -> Bool {
        if self == other { return true }
        switch (self, other) {
        case (.float, _): return other.isNumeric
        case (.ratio, .ratio), (.ratio, .int), (.ratio, .decimal): return true
        case (.decimal, .int), (.decimal, .decimal), (.decimal, .ratio): return true
        default: return false
        }
    }

    /// As it is named in a message, with its article.
    package func description(in catalog: Catalog) -> String {
        switch self {
        case .boolean: "a Boolean"
        case .int: "an Int"
        case .decimal: "a Decimal"
        case .ratio: "a Ratio"
        case .float: "a Float"
        case .date: "a Date"
        case .dateTime: "a DateTime"
        case .string: "a String"
        case .enumeration(let id): "a value of \(catalog[id].name)"
        case .enumerationList(let id): "a list of \(catalog[id].name)"
        case .row(let id): "a row of \(catalog[id].name)"
        case .rows(let id): "a set of \(catalog[id].name)"
        }
    }
}
