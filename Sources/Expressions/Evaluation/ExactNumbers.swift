import StoreColumns

/// Powers of ten for scaled integers.
enum Scale {
    private static let powers: [Int64] = (0...18).map { exponent in (0..<exponent).reduce(1) { power, _ in power * 10 } }

    /// - Parameter exponent: 0 to 18.
    static func power(of exponent: Int) -> Int64 { powers[exponent] }

    /// The quotient rounded half away from zero. The divisor is positive.
    static func roundedQuotient(_ dividend: Int128, _ divisor: Int128) -> Int128 {
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        guard remainder.magnitude * 2 >= divisor.magnitude else { return quotient }
        return dividend < 0 ? quotient - 1 : quotient + 1
    }
}

extension Ratio {
    static let zero = Ratio(Decimal(unscaled: 0, fractionDigits: 0))

    /// This, by a sign and another; nil where the exact result does not fit. The second is not 0 in a division.
    func computed(_ sign: Arithmetic, _ other: Ratio) -> Ratio? {
        let (a, b) = (Int128(numerator), Int128(denominator))
        let (c, d) = (Int128(other.numerator), Int128(other.denominator))
        switch sign {
        case .add:
            let (sum, overflows) = (a * d).addingReportingOverflow(c * b)
            return overflows ? nil : Ratio(reducing: sum, over: b * d)
        case .subtract:
            let (difference, overflows) = (a * d).subtractingReportingOverflow(c * b)
            return overflows ? nil : Ratio(reducing: difference, over: b * d)
        case .multiply: return Ratio(reducing: a * c, over: b * d)
        case .divide: return Ratio(reducing: a * d, over: b * c)
        case .remainder: return nil
        }
    }
}

extension CivilDate {
    /// A date on its way through an integer lane: its days.
    init?(lane: Int64) {
        guard let days = Int32(exactly: lane) else { return nil }
        self.init(days: days)
    }
}

extension Double {
    /// A Float on its way through an integer lane: its bits.
    init(lane: Int64) { self.init(bitPattern: UInt64(bitPattern: lane)) }
    var lane: Int64 { Int64(bitPattern: bitPattern) }
}
