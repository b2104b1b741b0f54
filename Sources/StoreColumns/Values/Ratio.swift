/// An exact fraction of two integers, compared by cross-multiplying: 2/100 equals 1/50, and 1/3 is no rounded anything.
package struct Ratio: Sendable {
    package let numerator: Int64
    /// Greater than 0.
    package let denominator: Int64

    /// - Returns: nil unless the denominator is greater than 0.
    package init?(numerator: Int64, denominator: Int64) {
        guard denominator > 0 else { return nil }
        self.numerator = numerator
        self.denominator = denominator
    }

    /// The fraction in lowest terms.
    /// - Returns: nil if the denominator is 0, or the terms do not fit 64 bits.
    package init?(reducing numerator: Int128, over denominator: Int128) {
        guard denominator != 0 else { return nil }
        var a = numerator.magnitude
        var b = denominator.magnitude
        while b != 0 { (a, b) = (b, a % b) }
        let divisor = Int128(a)
        let sign: Int128 = denominator < 0 ? -1 : 1
        guard let top = Int64(exactly: sign * numerator / divisor), let bottom = Int64(exactly: sign * denominator / divisor)
        else { return nil }
        self.numerator = top
        self.denominator = bottom
    }

    /// The decimal as a fraction over a power of ten.
    package init(_ decimal: Decimal) {
        numerator = decimal.unscaled
        denominator = Decimal.powersOfTen[decimal.fractionDigits]
    }

    /// Rounded half up (away from zero) to a number of fraction digits (0…9); nil on overflow.
    package func rounded(to digits: Int) -> Decimal? {
        guard (0...Decimal.maximumFractionDigits).contains(digits) else { return nil }
        // Almost all fit 64 bits, with room for twice the remainder.
        let (short, overflows) = numerator.multipliedReportingOverflow(by: Decimal.powersOfTen[digits])
        if !overflows, denominator <= Int64.max / 2 {
            let (quotient, remainder) = short.quotientAndRemainder(dividingBy: denominator)
            let goesUp = remainder.magnitude * 2 >= denominator.magnitude
            // What is rounded up was divided by two or more.
            return Decimal(unscaled: goesUp ? quotient + (numerator < 0 ? -1 : 1) : quotient, fractionDigits: digits)
        }
        let scaled = Int128(numerator) * Int128(Decimal.powersOfTen[digits])
        let (quotient, remainder) = scaled.quotientAndRemainder(dividingBy: Int128(denominator))
        let goesUp = remainder.magnitude * 2 >= UInt128(denominator)
        return Int64(exactly: goesUp ? quotient + (numerator < 0 ? -1 : 1) : quotient).map {
            Decimal(unscaled: $0, fractionDigits: digits)
        }
    }

    /// The fraction with a number of fraction digits, rounded half up: `0.0798`.
    package func text(fractionDigits: Int) -> String { rounded(to: fractionDigits)?.description ?? description }
}

extension Ratio: Hashable, Comparable {
    package static func == (left: Ratio, right: Ratio) -> Bool {
        Int128(left.numerator) * Int128(right.denominator) == Int128(right.numerator) * Int128(left.denominator)
    }
    package static func < (left: Ratio, right: Ratio) -> Bool {
        Int128(left.numerator) * Int128(right.denominator) < Int128(right.numerator) * Int128(left.denominator)
    }
    package static func < (left: Ratio, right: Decimal) -> Bool { left < Ratio(right) }
    package static func < (left: Decimal, right: Ratio) -> Bool { Ratio(left) < right }
    package static func == (left: Ratio, right: Decimal) -> Bool { left == Ratio(right) }

    package func hash(into hasher: inout Hasher) {
        // Equal fractions have equal lowest terms, which always fit.
        guard let lowest = Ratio(reducing: Int128(numerator), over: Int128(denominator)) else { return }
        hasher.combine(lowest.numerator)
        hasher.combine(lowest.denominator)
    }
}

extension Ratio: CustomStringConvertible {
    /// `79/1000`
    package var description: String { "\(numerator)/\(denominator)" }
}
