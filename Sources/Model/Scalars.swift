import Expressions
import GraphQLTypes
import StoreColumns

extension ScalarBehavior {
    /// How the API's scalars read values. Coerced, a Decimal is a number without exponent, a Ratio the string "n/d", a
    /// DateTime the string of an instant in UTC, Date and Period the string as it was given.
    package static let ofTheAPI: [String: ScalarBehavior] = [
        "Decimal": ScalarBehavior { (value) throws(ScalarError) in
            .number(try exactNumber(value, digits: 9, "a decimal number").text)
        },
        "Ratio": ScalarBehavior { (value) throws(ScalarError) in .string(try ratio(value)) },
        "Date": ScalarBehavior { (value) throws(ScalarError) in
            guard case .string(let text) = value, CivilDate(isoText: text) != nil else {
                throw ScalarError("is not a date of the form YYYY-MM-DD")
            }
            return value
        },
        "DateTime": ScalarBehavior { (value) throws(ScalarError) in
            guard case .string(let text) = value, let instant = Instant(isoText: text) else {
                throw ScalarError("is not an instant of the form YYYY-MM-DDThh:mm:ssZ, or with an offset +hh:mm")
            }
            // An offset can lead out of the calendar; such an instant has no text.
            guard Instant(isoText: instant.description) == instant else {
                throw ScalarError("lies outside the years 1 to 9999 in UTC")
            }
            return .string(instant.description)
        },
        "Period": ScalarBehavior { (value) throws(ScalarError) in
            guard case .string(let text) = value else { throw ScalarError("is not a period in quotes") }
            _ = try Period(text)
            return value
        },
    ]

    /// - Parameter digits: How many fraction digits are kept at most.
    private static func exactNumber(
        _ value: InputValue, digits: Int, _ name: String
    ) throws(ScalarError) -> ExactNumberText {
        let text: String
        switch value {
        case .number(let number): text = number
        case .string(let string): text = string
        case .int(let integer): text = String(integer)
        default: throw ScalarError("is not \(name)")
        }
        guard let number = ExactNumberText(text) else {
            throw ScalarError("is not \(name) of at most \(ExactNumberText.maximumFractionDigits) digits")
        }
        guard number.fractionDigits <= digits else {
            throw ScalarError("has \(number.fractionDigits) fraction digits; \(digits) are kept")
        }
        return number
    }

    /// A decimal number, or two integers with a slash between them.
    private static func ratio(_ value: InputValue) throws(ScalarError) -> String {
        if case .string(let text) = value, text.contains("/") {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, let top = Int64(parts[0]), let bottom = Int64(parts[1]), bottom > 0 else {
                throw ScalarError("is not a ratio of two integers such as \"1/50\"")
            }
            return "\(top)/\(bottom)"
        }
        let number = try exactNumber(value, digits: ExactNumberText.maximumFractionDigits, "a ratio")
        return "\(number.unscaled)/\(number.denominator)"
    }
}

extension Scalar {
    /// The value that a coerced input stands for, or nil where it is none of that type.
    ///
    /// `null` is `.null` of every type. Pure; costs what the text is long.
    package init?(coerced value: InputValue, as type: ExpressionType, in catalog: Catalog) {
        switch (type, value) {
        case (_, .null): self = .null
        case (.boolean, .boolean(let flag)): self = .boolean(flag)
        case (.int, .int(let integer)): self = .int(integer)
        case (.float, .double(let double)): self = .float(double)
        case (.float, .int(let integer)): self = .float(Double(integer))
        case (.string, .string(let text)): self = .string(text)
        case (.date, .string(let text)):
            guard let date = CivilDate(isoText: text) else { return nil }
            self = .date(date)
        case (.dateTime, .string(let text)):
            guard let instant = Instant(isoText: text) else { return nil }
            self = .dateTime(instant)
        case (.decimal, .number(let text)):
            guard let number = ExactNumberText(text) else { return nil }
            self = .decimal(Decimal(unscaled: number.unscaled, fractionDigits: number.fractionDigits))
        case (.ratio, .string(let text)):
            let parts = text.split(separator: "/").compactMap { Int64($0) }
            guard parts.count == 2, let ratio = Ratio(numerator: parts[0], denominator: parts[1]) else { return nil }
            self = .ratio(ratio)
        case (.enumeration(let id), .enumeration(let name)):
            guard let code = catalog[id].code(of: name) else { return nil }
            self = .enumeration(code)
        default: return nil
        }
    }
}
