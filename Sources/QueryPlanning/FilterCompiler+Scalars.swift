import Expressions
import GraphQLTypes
import Model
import StoreColumns

extension FilterCompiler {
    /// An operand as a value of the expression's type.
    func scalar(_ value: InputValue, of type: ExpressionType, _ place: FilterPlace) throws(ArgumentProblem) -> Scalar {
        if value == .null { throw nullOperand(place) }
        guard let scalar = Scalar(coerced: value, as: type, in: model.catalog) else {
            throw ArgumentProblem(
                .badUserInput, "\(value.literalText) is not \(type.description(in: model.catalog)) that can be compared here.",
                at: place.path)
        }
        return scalar
    }

    func scalars(_ value: InputValue, of type: ExpressionType, _ place: FilterPlace) throws(ArgumentProblem) -> [Scalar] {
        var scalars: [Scalar] = []
        for (index, item) in try list(value, place).enumerated() {
            scalars.append(try scalar(item, of: type, place.entering(index)))
        }
        return scalars
    }

    func boolean(_ value: InputValue, _ place: FilterPlace) throws(ArgumentProblem) -> Bool {
        guard case .boolean(let flag) = value else { throw nullOperand(place) }
        return flag
    }

    func enumerationCode(_ value: InputValue, _ type: ExpressionType, _ place: FilterPlace) throws(ArgumentProblem) -> UInt16 {
        guard case .enumerationList(let id) = type,
            case .enumeration(let code) = try scalar(value, of: .enumeration(id), place)
        else { preconditionFailure("Only lists of enum values are asked what they include.") }
        return code
    }

    func enumerationCodes(_ value: InputValue, _ type: ExpressionType, _ place: FilterPlace) throws(ArgumentProblem) -> [UInt16] {
        var codes: [UInt16] = []
        for (index, item) in try list(value, place).enumerated() {
            codes.append(try enumerationCode(item, type, place.entering(index)))
        }
        return codes
    }

    /// Within a period. A DateTime lies on the day that it is in UTC.
    func during(
        _ value: InputValue, _ operand: Expression, _ type: ExpressionType, _ place: FilterPlace
    ) throws(ArgumentProblem) -> Expression {
        guard case .string(let text) = value else { throw nullOperand(place) }
        let bounds: (first: CivilDate, last: CivilDate)?
        do throws(ScalarError) {
            let period = try Period(text)
            reads?.note(period)
            bounds = period.bounds(asOf: asOf)
        } catch {
            throw ArgumentProblem(.badUserInput, "\"\(text)\" \(error.reason).", at: place.path)
        }
        guard let bounds else {
            throw ArgumentProblem(.badUserInput, "The period \"\(text)\" leaves the years 1 to 9999.", at: place.path)
        }
        if type == .date {
            return .and([
                .compare(.greaterOrEqual, operand, .constant(.date(bounds.first), .date)),
                .compare(.lessOrEqual, operand, .constant(.date(bounds.last), .date)),
            ])
        }
        let dayLength: Int64 = 86_400_000_000
        let start = Instant(microseconds: Int64(bounds.first.days) * dayLength)
        let end = Instant(microseconds: (Int64(bounds.last.days) + 1) * dayLength)
        return .and([
            .compare(.greaterOrEqual, operand, .constant(.dateTime(start), .dateTime)),
            .compare(.less, operand, .constant(.dateTime(end), .dateTime)),
        ])
    }
}
