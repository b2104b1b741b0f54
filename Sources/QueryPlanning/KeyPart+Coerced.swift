import Expressions
import GraphQLTypes
import Model
import StoreColumns

extension KeyPart {
    /// A coerced argument as a part of a key; nil where the column cannot hold it, so that no row has it.
    package init?(coerced value: InputValue, as kind: ColumnKind, in catalog: Catalog) {
        switch (kind, value) {
        case (.int, .int(let integer)):
            guard let exact = Int32(exactly: integer) else { return nil }
            self = .int(exact)
        case (.boolean, .boolean(let flag)): self = .boolean(flag)
        case (.string, .string(let text)): self = .string(text)
        case (.enumeration(let id), .enumeration(let name)):
            guard let code = catalog[id].code(of: name) else { return nil }
            self = .enumeration(code)
        case (.date, _):
            guard case .date(let date)? = Scalar(coerced: value, as: .date, in: catalog) else { return nil }
            self = .date(date.days)
        case (.dateTime, _):
            guard case .dateTime(let instant)? = Scalar(coerced: value, as: .dateTime, in: catalog) else { return nil }
            self = .dateTime(instant.microseconds)
        case (.decimal(let digits), _):
            guard case .decimal(let decimal)? = Scalar(coerced: value, as: .decimal(fractionDigits: digits), in: catalog),
                let unscaled = decimal.unscaled(atFractionDigits: digits)
            else { return nil }
            self = .decimal(unscaled)
        default: return nil
        }
    }
}

extension Decimal {
    /// The unscaled integer at so many digits; nil where that would round or overflow.
    fileprivate func unscaled(atFractionDigits digits: Int) -> Int64? {
        var value = unscaled
        for _ in fractionDigits..<max(digits, fractionDigits) {
            let (scaled, overflows) = value.multipliedReportingOverflow(by: 10)
            guard !overflows else { return nil }
            value = scaled
        }
        for _ in digits..<max(digits, fractionDigits) {
            guard value % 10 == 0 else { return nil }
            value /= 10
        }
        return value
    }
}
