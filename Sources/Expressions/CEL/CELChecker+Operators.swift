import StoreColumns

extension CELChecker {
    // MARK: Literals

    func number(_ text: String, expecting: ExpressionType?, at place: CELPlace) throws(CELError) -> Expression {
        if expecting == .float {
            guard let value = Double(text), value.isFinite else { throw CELError("\(text) is no Float.", at: place) }
            return .constant(.float(value), .float)
        }
        if !text.contains(".") {
            guard let value = Int64(text) else { throw CELError("\(text) does not fit in 64 bits.", at: place) }
            return .constant(.int(value), .int)
        }
        let digits = text.utf8.reversed().prefix { $0 != UInt8(ascii: ".") }.count
        guard digits <= ExpressionType.decimalDigits else {
            throw CELError("\(text) has \(digits) fraction digits; \(ExpressionType.decimalDigits) are kept.", at: place)
        }
        guard let value = Decimal(text) else { throw CELError("\(text) has too many digits for a Decimal.", at: place) }
        return .constant(.decimal(value), .decimal(fractionDigits: value.fractionDigits))
    }

    func string(_ text: String, expecting: ExpressionType?, at place: CELPlace) throws(CELError) -> Expression {
        switch expecting {
        case .enumeration(let id), .enumerationList(let id): return try enumValue(text, of: id, at: place)
        default: return .constant(.string(text), .string)
        }
    }

    func enumValue(_ value: String, of id: EnumerationID, at place: CELPlace) throws(CELError) -> Expression {
        let enumeration = rowTypes.catalog[id]
        guard let code = enumeration.code(of: value) else {
            let hint = Suggestion.text(for: value, among: enumeration.values)
            throw CELError("\(enumeration.name) has no value '\(value)'.\(hint)", at: place)
        }
        return .constant(.enumeration(code), .enumeration(id))
    }

    // MARK: Signs

    mutating func negation(of operand: CELSyntax, at place: CELPlace) throws(CELError) -> Expression {
        let value = try check(operand)
        guard value.type.isNumeric else { throw CELError("'-' takes a number, found \(name(value.type)).", at: place) }
        return .arithmetic(.subtract, .constant(.int(0), .int), value)
    }

    mutating func binary(
        _ sign: CELOperator, _ left: CELSyntax, _ right: CELSyntax, at place: CELPlace
    ) throws(CELError) -> Expression {
        switch sign {
        case .equal: try comparison(.equal, left, right, sign, at: place)
        case .notEqual: try comparison(.notEqual, left, right, sign, at: place)
        case .less: try comparison(.less, left, right, sign, at: place)
        case .lessOrEqual: try comparison(.lessOrEqual, left, right, sign, at: place)
        case .greater: try comparison(.greater, left, right, sign, at: place)
        case .greaterOrEqual: try comparison(.greaterOrEqual, left, right, sign, at: place)
        case .within: try membership(of: left, in: right, at: place)
        case .add: try arithmetic(.add, left, right, sign, at: place)
        case .subtract: try arithmetic(.subtract, left, right, sign, at: place)
        case .multiply: try arithmetic(.multiply, left, right, sign, at: place)
        case .divide: try arithmetic(.divide, left, right, sign, at: place)
        case .remainder: try arithmetic(.remainder, left, right, sign, at: place)
        }
    }

    private mutating func comparison(
        _ comparison: Comparison, _ left: CELSyntax, _ right: CELSyntax, _ sign: CELOperator, at place: CELPlace
    ) throws(CELError) -> Expression {
        let isEquality = comparison == .equal || comparison == .notEqual
        // `== null` and `!= null` are the two-valued test, as everywhere else that a null is asked for by name.
        if isEquality, left.isNull || right.isNull {
            let operand = left.isNull ? right : left
            if operand.isNull { throw CELError("null is compared with null.", at: place) }
            let isNull = Expression.isNull(try present(operand, of: "'\(sign.rawValue) null'"))
            return comparison == .equal ? isNull : .not(isNull)
        }
        let (first, second) = try pair(left, right)
        guard first.type.common(with: second.type) != nil else {
            var hint = ""
            if case .constant(.string, _) = second, first.type == .date { hint = " Write date('2016-01-31')." }
            if case .constant(.string, _) = second, first.type == .dateTime { hint = " Write timestamp('…')." }
            throw CELError(
                "'\(sign.rawValue)' cannot compare \(name(first.type)) with \(name(second.type)).\(hint)", at: place)
        }
        switch first.type {
        case .rows, .enumerationList:
            throw CELError("'\(sign.rawValue)' cannot compare \(name(first.type)); use 'in', or a macro.", at: place)
        case .row, .boolean:
            guard isEquality else {
                throw CELError("\(name(first.type).capitalisedFirst) has no order: only == and != apply.", at: place)
            }
        default: break
        }
        return .compare(comparison, first, second)
    }

    private mutating func membership(
        of element: CELSyntax, in container: CELSyntax, at place: CELPlace
    ) throws(CELError) -> Expression {
        if case .list(let items) = container.kind { return try membership(of: element, among: items, at: place) }
        if let claim = try claim(container), claims[claim].isList {
            return try membership(of: element, inClaim: claim, at: place)
        }
        let set = try check(container)
        switch set.type {
        case .rows(let type):
            let row = try check(element)
            guard row.type == .row(type) else {
                throw CELError("'in' looks for \(name(.row(type))), found \(name(row.type)).", at: place)
            }
            return .contains(set, row: row)
        case .enumerationList(let id):
            let value = try check(element, expecting: .enumeration(id))
            guard value.type == .enumeration(id) else {
                throw CELError("'in' looks for \(name(.enumeration(id))), found \(name(value.type)).", at: place)
            }
            guard case .constant(.enumeration(let code), _) = value else {
                throw CELError("To the left of 'in' before an enum list stands one of its values.", at: place)
            }
            return .listIncludes(set, all: true, [code])
        default:
            throw CELError("'in' takes a list, a set of rows or an enum list, found \(name(set.type)).", at: container.place)
        }
    }

    private mutating func membership(
        of element: CELSyntax, among items: [CELSyntax], at place: CELPlace
    ) throws(CELError) -> Expression {
        let operand = try check(element)
        if case .rows = operand.type { throw CELError("'in' looks for one value, found \(name(operand.type)).", at: place) }
        var constants: [Scalar] = []
        var equalities: [Expression] = []
        for item in items {
            if item.isNull { throw CELError("null is in no list; ask with '== null'.", at: item.place) }
            let value = try check(item, expecting: operand.type)
            guard operand.type.common(with: value.type) != nil else {
                throw CELError("The list should hold \(name(operand.type)), found \(name(value.type)).", at: item.place)
            }
            if case .constant(let scalar, let type) = value, type != .float || operand.type == .float {
                constants.append(scalar)
            } else {
                equalities.append(.compare(.equal, operand, value))
            }
        }
        if equalities.isEmpty { return .isOneOf(operand, constants) }
        return .or((constants.isEmpty ? [] : [.isOneOf(operand, constants)]) + equalities)
    }

    private mutating func arithmetic(
        _ arithmetic: Arithmetic, _ left: CELSyntax, _ right: CELSyntax, _ sign: CELOperator, at place: CELPlace
    ) throws(CELError) -> Expression {
        let (first, second) = try pair(left, right)
        switch (arithmetic, first.type, second.type) {
        case (.add, .date, .int): return .function(.addDays, [first, second])
        case (.add, .int, .date): return .function(.addDays, [second, first])
        case (.subtract, .date, .int):
            return .function(.addDays, [first, .arithmetic(.subtract, .constant(.int(0), .int), second)])
        case (.subtract, .date, .date): return .function(.daysBetween, [second, first])
        default: break
        }
        guard ExpressionType.result(of: arithmetic, first.type, second.type) != nil else {
            throw CELError(
                "'\(sign.rawValue)' does not go with \(name(first.type)) and \(name(second.type)).", at: place)
        }
        return .arithmetic(arithmetic, first, second)
    }
}

extension CELSyntax {
    var isNull: Bool {
        if case .null = kind { return true }
        return false
    }
}
