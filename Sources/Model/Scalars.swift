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
            guard case .string(let text) = value, let instant = InstantText(text) else {
                throw ScalarError("is not an instant of the form YYYY-MM-DDThh:mm:ssZ, or with an offset +hh:mm")
            }
            return .string(instant.text)
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
            guard let instant = InstantText(text) else { return nil }
            self = .dateTime(Instant(microseconds: instant.microseconds))
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

/// An instant as RFC 3339 writes it, with seconds and an offset.
struct InstantText {
    /// Since 1970-01-01T00:00:00Z.
    private(set) var microseconds: Int64

    /// - Returns: nil if the text is no instant; leap seconds are none.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 40, let date = CivilDate(isoText: String(decoding: bytes[..<10], as: UTF8.self)),
            bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), let hour = Self.number(bytes[11..<13], below: 24),
            let minute = Self.number(bytes[14..<16], below: 60), let second = Self.number(bytes[17..<19], below: 60)
        else { return nil }
        var rest = bytes[19...]
        var fraction: Int64 = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            guard (1...6).contains(digits.count), let value = Self.number(digits, below: 1_000_000) else { return nil }
            fraction = (digits.count..<6).reduce(value) { scaled, _ in scaled * 10 }
            rest = rest.dropFirst(digits.count + 1)
        }
        guard let offset = Self.offset(rest) else { return nil }
        let seconds = Int64(date.days) * 86_400 + hour * 3_600 + minute * 60 + second - offset
        microseconds = seconds * 1_000_000 + fraction
    }

    /// Digits only.
    private static func number(_ bytes: ArraySlice<UInt8>, below limit: Int64) -> Int64? {
        var value: Int64 = 0
        for byte in bytes {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return value < limit ? value : nil
    }

    /// Seconds east of Greenwich: `Z`, `+08:00`.
    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int64? {
        guard let sign = bytes.first else { return nil }
        if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return bytes.count == 1 ? 0 : nil }
        let start = bytes.startIndex
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), bytes.count == 6, bytes[start + 3] == UInt8(ascii: ":"),
            let hours = number(bytes[(start + 1)..<(start + 3)], below: 24),
            let minutes = number(bytes[(start + 4)...], below: 60)
        else { return nil }
        return (hours * 3_600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }

    /// In UTC, with a fraction only where there is one.
    var text: String { Instant(microseconds: microseconds).description }
}
