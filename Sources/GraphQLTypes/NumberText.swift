/// A number as it was written, read without a double and without overflow.
package enum NumberText {
    /// The integer that a number's text means, if it is one: `12`, `-0`, `1.0`, `12e2`, but not `1.5`.
    ///
    /// Costs no more than the text is long; a huge exponent is refused before it is multiplied out.
    /// - Returns: nil if the number has a fraction, or is no `Int64`.
    package static func exactInteger(_ text: String) -> Int64? {
        if let plain = Int64(text) { return plain }
        var (isNegative, digits, exponent) = (false, [UInt8](), 0)
        var (isFraction, position) = (false, text.utf8.startIndex)
        let bytes = text.utf8
        if position < bytes.endIndex, bytes[position] == UInt8(ascii: "-") {
            isNegative = true
            position = bytes.index(after: position)
        }
        scan: while position < bytes.endIndex {
            switch bytes[position] {
            case let digit where digit >= UInt8(ascii: "0") && digit <= UInt8(ascii: "9"):
                digits.append(digit - UInt8(ascii: "0"))
                if isFraction { exponent -= 1 }
            case UInt8(ascii: ".") where !isFraction: isFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                var rest = Substring(bytes[bytes.index(after: position)...])
                if rest.first == "+" { rest.removeFirst() }
                guard let written = Int32(rest) else {
                    // An exponent beyond Int32 leaves only zero an integer in range.
                    return digits.allSatisfy { $0 == 0 } && !digits.isEmpty ? 0 : nil
                }
                exponent += Int(written)
                break scan
            default: return nil
            }
            position = bytes.index(after: position)
        }
        guard !digits.isEmpty else { return nil }
        return value(digits[...], exponent: exponent, isNegative: isNegative)
    }

    private static func value(_ given: ArraySlice<UInt8>, exponent: Int, isNegative: Bool) -> Int64? {
        var (digits, exponent) = (given.drop { $0 == 0 }, exponent)
        guard !digits.isEmpty else { return 0 }
        while exponent < 0 {
            guard digits.last == 0 else { return nil }
            digits.removeLast()
            exponent += 1
        }
        guard digits.count + exponent <= 19 else { return nil }
        var magnitude: Int64 = 0  // kept negative, for Int64.min
        for digit in digits + Array(repeating: 0, count: exponent) {
            let (shifted, overflowed) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, overflowedAgain) = shifted.subtractingReportingOverflow(Int64(digit))
            if overflowed || overflowedAgain { return nil }
            magnitude = sum
        }
        if isNegative { return magnitude }
        return magnitude == Int64.min ? nil : -magnitude
    }

    /// True for digits with at most a sign: no fraction, no exponent.
    package static func isPlainInteger(_ text: String) -> Bool {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        return !digits.isEmpty && digits.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }

    /// The nearest double, or nil beyond the range of doubles.
    package static func finiteDouble(_ text: String) -> Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }
}
