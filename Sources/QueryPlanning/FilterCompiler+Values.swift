import Expressions
import GraphQLTypes
import Model
import StoreColumns

extension FilterCompiler {
    /// A filter of one value: every operator is asked of the same operand.
    func valueCondition(
        _ value: InputValue, _ filter: TypeID, _ operand: Expression, _ type: ExpressionType, _ place: FilterPlace
    ) throws(ArgumentProblem) -> Expression {
        let object = try object(value, place)
        let foldsCase = try foldsCase(object, filter, place)
        var parts: [Expression] = []
        for entry in object.entries {
            guard let field = model.schema.inputFieldIndex(named: entry.name, of: filter) else { continue }
            switch model.binding.inputField(field, of: filter) {
            case .filter(let asked):
                let place = place.entering(entry.name)
                try count(1, place)
                let condition =
                    foldsCase
                    ? try foldedCondition(asked, entry.value, operand, place)
                    : try condition(asked, entry.value, operand, type, place)
                parts.append(noted(condition, place))
            case .caseInsensitive: break
            default: preconditionFailure("'\(entry.name)' is no part of a filter of values.")
            }
        }
        return parts.count == 1 ? parts[0] : .and(parts)
    }

    private func condition(
        _ asked: FilterOperator, _ value: InputValue, _ operand: Expression, _ type: ExpressionType, _ place: FilterPlace
    ) throws(ArgumentProblem) -> Expression {
        switch asked {
        case .equal: return try comparison(.equal, value, operand, type, place)
        // Two-valued: a row without a value is not equal to anything.
        case .notEqual: return .or([.isNull(operand), try comparison(.notEqual, value, operand, type, place)])
        case .less: return try comparison(.less, value, operand, type, place)
        case .lessOrEqual: return try comparison(.lessOrEqual, value, operand, type, place)
        case .greater: return try comparison(.greater, value, operand, type, place)
        case .greaterOrEqual: return try comparison(.greaterOrEqual, value, operand, type, place)
        case .isIn: return .isOneOf(operand, try scalars(value, of: type, place))
        case .notIn: return .or([.isNull(operand), .not(.isOneOf(operand, try scalars(value, of: type, place)))])
        case .between: return try between(value, operand, type, place)
        case .during: return try during(value, operand, type, place)
        case .isNull:
            return try boolean(value, place) ? .isNull(operand) : .not(.isNull(operand))
        case .startsWith, .endsWith, .contains, .like, .regex:
            return .text(try textMatch(asked, value, foldsCase: false, place), operand)
        case .includes:
            return .listIncludes(operand, all: true, [try enumerationCode(value, type, place)])
        case .includesAny: return .listIncludes(operand, all: false, try enumerationCodes(value, type, place))
        case .includesAll: return .listIncludes(operand, all: true, try enumerationCodes(value, type, place))
        case .isEmpty:
            return try boolean(value, place) ? .listIsEmpty(operand) : .not(.listIsEmpty(operand))
        }
    }

    private func comparison(
        _ comparison: Comparison, _ value: InputValue, _ operand: Expression, _ type: ExpressionType, _ place: FilterPlace
    ) throws(ArgumentProblem) -> Expression {
        if case .variable(let name) = value, let arguments {
            return noted(.compare(comparison, operand, arguments.argument(name, type)), place)
        }
        return noted(.compare(comparison, operand, .constant(try scalar(value, of: type, place), type)), place)
    }

    /// Both ends belong to the range; an end that is not given is open.
    private func between(
        _ value: InputValue, _ operand: Expression, _ type: ExpressionType, _ place: FilterPlace
    ) throws(ArgumentProblem) -> Expression {
        let range = try object(value, place)
        var parts: [Expression] = []
        if let from = range["from"] { parts.append(try comparison(.greaterOrEqual, from, operand, type, place.entering("from"))) }
        if let to = range["to"] { parts.append(try comparison(.lessOrEqual, to, operand, type, place.entering("to"))) }
        guard !parts.isEmpty else {
            throw ArgumentProblem(.badUserInput, "A range needs 'from' or 'to'.", at: place.path)
        }
        return parts.count == 1 ? parts[0] : .and(parts)
    }

    // MARK: - Without regard to case

    private func foldsCase(_ object: InputObject, _ filter: TypeID, _ place: FilterPlace) throws(ArgumentProblem) -> Bool {
        for entry in object.entries {
            guard let field = model.schema.inputFieldIndex(named: entry.name, of: filter),
                case .caseInsensitive = model.binding.inputField(field, of: filter)
            else { continue }
            return try boolean(entry.value, place.entering(entry.name))
        }
        return false
    }

    private func foldedCondition(
        _ asked: FilterOperator, _ value: InputValue, _ operand: Expression, _ place: FilterPlace
    ) throws(ArgumentProblem) -> Expression {
        switch asked {
        case .equal: return .text(try foldedEquality(value, place), operand)
        case .notEqual: return .or([.isNull(operand), .not(.text(try foldedEquality(value, place), operand))])
        case .isIn: return try foldedMembership(value, operand, place)
        case .notIn: return .or([.isNull(operand), .not(try foldedMembership(value, operand, place))])
        case .startsWith, .endsWith, .contains, .like, .regex, .less, .lessOrEqual, .greater, .greaterOrEqual:
            return .text(try textMatch(asked, value, foldsCase: true, place), operand)
        case .isNull: return try condition(asked, value, operand, .string, place)
        default:
            throw ArgumentProblem(
                .badUserInput, "'\(asked.rawValue)' cannot be asked with 'caseInsensitive'.", at: place.path)
        }
    }

    private func foldedMembership(
        _ value: InputValue, _ operand: Expression, _ place: FilterPlace
    ) throws(ArgumentProblem) -> Expression {
        var parts: [Expression] = []
        let items = try list(value, place)
        // Each is a test of its own.
        try count(items.count, place)
        for (index, item) in items.enumerated() {
            parts.append(.text(try foldedEquality(item, place.entering(index)), operand))
        }
        // Membership in nothing is unknown for a null operand, as without folding.
        return parts.isEmpty ? .isOneOf(operand, []) : .or(parts)
    }

    /// `like` matches the whole text; with its two wildcards escaped it is equality.
    private func foldedEquality(_ value: InputValue, _ place: FilterPlace) throws(ArgumentProblem) -> TextMatch {
        guard case .string(let text) = value else { throw nullOperand(place) }
        var pattern = ""
        for scalar in text.unicodeScalars {
            if scalar == "%" || scalar == "_" || scalar == "\\" { pattern.unicodeScalars.append("\\") }
            pattern.unicodeScalars.append(scalar)
        }
        return TextMatch(kind: .like, pattern: pattern, caseInsensitive: true)
    }

    private func textMatch(
        _ asked: FilterOperator, _ value: InputValue, foldsCase: Bool, _ place: FilterPlace
    ) throws(ArgumentProblem) -> TextMatch {
        guard case .string(let pattern) = value else { throw nullOperand(place) }
        let kind: TextMatch.Kind =
            switch asked {
            case .startsWith: .startsWith
            case .endsWith: .endsWith
            case .contains: .contains
            case .like: .like
            case .regex: .regex
            case .less: .less
            case .lessOrEqual: .lessOrEqual
            case .greater: .greater
            case .greaterOrEqual: .greaterOrEqual
            default: preconditionFailure("'\(asked.rawValue)' is no test of a text.")
            }
        return TextMatch(kind: kind, pattern: pattern, caseInsensitive: foldsCase)
    }
}
