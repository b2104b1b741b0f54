/// An exact decimal number: an integer and how many of its digits are a fraction. `12.50` is 1250 with 2.
///
/// Equality and order are by value, so 1.5 equals 1.50. Nothing here goes through a binary fraction, and nothing traps:
/// what does not fit is nil.
package struct Decimal: Sendable {
    package static let maximumFractionDigits = 9

    package let unscaled: Int64
    /// 0…9
    package let fractionDigits: Int

    package init(unscaled: Int64, fractionDigits: Int) {
        precondition((0...Decimal.maximumFractionDigits).contains(fractionDigits), "fraction digits run from 0 to 9")
        self.unscaled = unscaled
        self.fractionDigits = fractionDigits
    }

    /// Reads a number as GraphQL or JSON writes it, with or without exponent, sign and fraction.
    /// - Returns: nil if it is no such number, has more than 9 fraction digits that are not 0, or does not fit 64 bits.
    package init?(_ text: some StringProtocol) {
        var magnitude: Int64 = 0
        var digits = 0
        var exponent: Int64 = 0
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
        var sawPoint = false
        var sawDigit = false
        var pendingZeros: Int64 = 0
        while let byte = bytes.first, byte | 0x20 != UInt8(ascii: "e") {
            bytes.removeFirst()
            if byte == UInt8(ascii: "."), !sawPoint, sawDigit {
                sawPoint = true
                sawDigit = false
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            sawDigit = true
            if sawPoint { exponent -= 1 }
            // Zeros wait: those that end a fraction never need room.
            if byte == UInt8(ascii: "0") {
                pendingZeros += 1
                continue
            }
            for _ in 0..<(digits == 0 ? 0 : min(pendingZeros, 20)) {
                let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
                if overflow { return nil }
                magnitude = product
            }
            pendingZeros = 0
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            let digit = Int64(byte - UInt8(ascii: "0"))
            let (sum, carry) = product.addingReportingOverflow(isNegative ? -digit : digit)
            if overflow || carry { return nil }
            magnitude = sum
            digits += 1
        }
        guard sawDigit else { return nil }
        exponent += pendingZeros
        if !bytes.isEmpty {
            bytes.removeFirst()
            let isDown = bytes.first == UInt8(ascii: "-")
            if isDown || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
            guard !bytes.isEmpty else { return nil }
            var power: Int64 = 0
            for byte in bytes {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                power = min(power * 10 + Int64(byte - UInt8(ascii: "0")), 1_000_000_000)
            }
            exponent += isDown ? -power : power
        }
        if magnitude == 0 { exponent = max(min(exponent, 0), -Int64(Decimal.maximumFractionDigits)) }
        while exponent > 0 {
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            magnitude = product
            exponent -= 1
        }
        guard exponent >= -Int64(Decimal.maximumFractionDigits) else { return nil }
        self.init(unscaled: magnitude, fractionDigits: Int(-exponent))
    }

    package init(_ integer: Int64) { self.init(unscaled: integer, fractionDigits: 0) }

    static let powersOfTen: [Int64] = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
    ]

    /// The value times 10⁹, which holds every decimal exactly.
    var nanos: Int128 { Int128(unscaled) * Int128(Decimal.powersOfTen[9 - fractionDigits]) }

    /// The same value with another number of fraction digits; nil where digits that are not 0 would be lost, or on overflow.
    package func rescaled(to digits: Int) -> Decimal? {
        guard (0...Decimal.maximumFractionDigits).contains(digits) else { return nil }
        let scaled = nanos
        let divisor = Int128(Decimal.powersOfTen[9 - digits])
        guard scaled % divisor == 0, let unscaled = Int64(exactly: scaled / divisor) else { return nil }
        return Decimal(unscaled: unscaled, fractionDigits: digits)
    }

    /// Rounded half up (away from zero) to a number of fraction digits; nil on overflow.
    package func rounded(to digits: Int) -> Decimal? {
        guard digits < fractionDigits else { return rescaled(to: digits) }
        return Decimal.rounding(nanos, by: Int128(Decimal.powersOfTen[9 - digits]), digits: digits)
    }

    private static func rounding(_ value: Int128, by divisor: Int128, digits: Int) -> Decimal? {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        let half = remainder.magnitude >= (divisor.magnitude + 1) / 2
        let isNegative = (value < 0) != (divisor < 0)
        return Int64(exactly: half ? quotient + (isNegative ? -1 : 1) : quotient).map {
            Decimal(unscaled: $0, fractionDigits: digits)
        }
    }

    // MARK: Arithmetic. Nil on overflow.

    package func adding(_ other: Decimal) -> Decimal? { combine(other) { $0 + $1 } }
    package func subtracting(_ other: Decimal) -> Decimal? { combine(other) { $0 - $1 } }

    private func combine(_ other: Decimal, _ operation: (Int128, Int128) -> Int128) -> Decimal? {
        let digits = max(fractionDigits, other.fractionDigits)
        let value = operation(nanos, other.nanos) / Int128(Decimal.powersOfTen[9 - digits])
        return Int64(exactly: value).map { Decimal(unscaled: $0, fractionDigits: digits) }
    }

    /// Exact if the product needs at most 9 fraction digits, else rounded half up to 9.
    package func multiplied(by other: Decimal) -> Decimal? {
        let product = Int128(unscaled) * Int128(other.unscaled)
        let digits = fractionDigits + other.fractionDigits
        guard digits > Decimal.maximumFractionDigits else {
            return Int64(exactly: product).map { Decimal(unscaled: $0, fractionDigits: digits) }
        }
        return Decimal.rounding(product, by: Int128(Decimal.powersOfTen[digits - 9]), digits: 9)
    }

    /// Rounded half up to a number of fraction digits; nil when dividing by 0.
    package func divided(by other: Decimal, fractionDigits digits: Int) -> Decimal? {
        guard other.unscaled != 0, (0...Decimal.maximumFractionDigits).contains(digits) else { return nil }
        let (scaled, overflow) = nanos.multipliedReportingOverflow(by: Int128(Decimal.powersOfTen[digits]))
        return overflow ? nil : Decimal.rounding(scaled, by: other.nanos, digits: digits)
    }
}

extension Decimal: Hashable, Comparable {
    package static func == (left: Decimal, right: Decimal) -> Bool { left.nanos == right.nanos }
    package static func < (left: Decimal, right: Decimal) -> Bool { left.nanos < right.nanos }
    package func hash(into hasher: inout Hasher) { hasher.combine(nanos) }
}

extension Decimal: CustomStringConvertible {
    /// With all its fraction digits: `12.50`.
    package var description: String {
        guard fractionDigits > 0 else { return String(unscaled) }
        var digits = String(unscaled.magnitude)
        if digits.utf8.count <= fractionDigits {
            digits = String(repeating: "0", count: fractionDigits + 1 - digits.utf8.count) + digits
        }
        return (unscaled < 0 ? "-" : "") + digits.dropLast(fractionDigits) + "." + digits.suffix(fractionDigits)
    }
}

/// A sum of decimals of one scale, in 128 bits: more addends than a column can have rows do not overflow it.
package struct DecimalSum: Sendable, Hashable {
    package private(set) var unscaled: Int128 = 0
    package let fractionDigits: Int
    package init(fractionDigits: Int) { self.fractionDigits = fractionDigits }
    package mutating func add(_ unscaled: Int64) { self.unscaled += Int128(unscaled) }
    /// Nil where the sum does not fit a decimal.
    package var value: Decimal? {
        Int64(exactly: unscaled).map { Decimal(unscaled: $0, fractionDigits: fractionDigits) }
    }
}
