/// A number as text, taken apart without a double: sign, digits, and where the point stands.
///
/// Both grammars are GraphQL's and JSON's own: `-12.50`, `1e-2`. A huge exponent is refused before anything is written out.
struct ExactNumberText {
    /// The number is `unscaled` ÷ 10^`fractionDigits`; no fraction ends in 0.
    private(set) var unscaled: Int64
    private(set) var fractionDigits: Int

    /// The most fraction digits with which any number but 0 fits.
    static let maximumFractionDigits = 18

    /// - Returns: nil if the text is no number, or has more digits than fit.
    init?(_ text: String) {
        var rest = text.utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        var digits: [UInt8] = []
        func takeDigits() -> Int {
            let taken = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            digits += taken.map { $0 - UInt8(ascii: "0") }
            rest = rest.dropFirst(taken.count)
            return taken.count
        }
        guard takeDigits() > 0 else { return nil }
        var exponent = 0
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            let count = takeDigits()
            guard count > 0 else { return nil }
            exponent = -count
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "+") { rest.removeFirst() }
            guard rest.count <= 6, let written = Int(String(decoding: rest, as: UTF8.self)) else { return nil }
            exponent += written
            rest = rest.suffix(0)
        }
        guard rest.isEmpty else { return nil }
        while let last = digits.last, last == 0, exponent < 0 || digits.count > 1 {
            digits.removeLast()
            exponent += 1
        }
        guard let value = Self.value(of: digits, exponent: exponent, isNegative: isNegative) else { return nil }
        (unscaled, fractionDigits) = value
    }

    private static func value(of digits: [UInt8], exponent: Int, isNegative: Bool) -> (Int64, Int)? {
        if digits.allSatisfy({ $0 == 0 }) { return (0, 0) }
        guard exponent >= -maximumFractionDigits, exponent <= maximumFractionDigits else { return nil }
        var value: Int64 = 0
        for digit in digits + Array(repeating: 0, count: max(0, exponent)) {
            let (tens, overflowsTens) = value.multipliedReportingOverflow(by: 10)
            let (next, overflows) =
                isNegative ? tens.subtractingReportingOverflow(Int64(digit)) : tens.addingReportingOverflow(Int64(digit))
            guard !overflowsTens, !overflows else { return nil }
            value = next
        }
        return (value, max(0, -exponent))
    }

    /// 10 to the power of `fractionDigits`.
    var denominator: Int64 { (0..<fractionDigits).reduce(1) { power, _ in power * 10 } }

    /// Without an exponent.
    var text: String {
        guard fractionDigits > 0 else { return String(unscaled) }
        let digits = String(unscaled.magnitude)
        let padded = String(repeating: "0", count: max(0, fractionDigits + 1 - digits.count)) + digits
        return (unscaled < 0 ? "-" : "") + padded.dropLast(fractionDigits) + "." + padded.suffix(fractionDigits)
    }
}
