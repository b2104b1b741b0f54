/// Text of files → numbers, exactly, and never through floating point.
enum NumberText {
    /// One to nine digits and nothing else, which is how nearly every whole number is written; nil for another text.
    static func digits(_ text: Span<UInt8>) -> Int64? {
        guard text.count > 0, text.count < 10 else { return nil }
        var value: Int64 = 0
        for index in text.indices {
            guard let digit = digit(text[index]) else { return nil }
            value = value &* 10 &+ digit
        }
        return value
    }

    /// A sign and digits, as 32 bits.
    static func int(_ text: Span<UInt8>) throws(ValueProblem) -> Int32 {
        var index = 0
        let isNegative = sign(text, &index)
        guard index < text.count else { throw .notWholeNumber }
        var value: Int64 = 0
        var isTooGreat = false
        while index < text.count {
            guard let digit = digit(text[index]) else { throw .notWholeNumber }
            if value <= Int64(Int32.max) { value = value * 10 + digit } else { isTooGreat = true }
            index += 1
        }
        guard !isTooGreat, let result = Int32(exactly: isNegative ? -value : value) else { throw .intOutOfRange }
        return result
    }

    /// A decimal as the whole number of its units, at so many fraction digits; missing ones are zeros.
    static func decimal(_ text: Span<UInt8>, fractionDigits: Int) throws(ValueProblem) -> Int64 {
        var index = 0
        let isNegative = sign(text, &index)
        var value: Int64 = 0
        var overflow = false
        var digits = 0
        var fraction: Int?
        func push(_ digit: Int64) {
            let (scaled, first) = value.multipliedReportingOverflow(by: 10)
            let (sum, second) = scaled.subtractingReportingOverflow(digit)
            overflow = overflow || first || second
            value = sum
        }
        while index < text.count {
            if text[index] == UInt8(ascii: "."), fraction == nil, digits > 0 {
                fraction = 0
            } else if let digit = digit(text[index]) {
                digits += 1
                guard let places = fraction else {
                    push(digit)
                    index += 1
                    continue
                }
                if places == fractionDigits {
                    guard digit == 0 else { throw .tooManyDigits(allowed: fractionDigits) }
                } else {
                    push(digit)
                    fraction = places + 1
                }
            } else {
                throw .notDecimal
            }
            index += 1
        }
        guard digits > 0, text[text.count - 1] != UInt8(ascii: ".") else { throw .notDecimal }
        for _ in (fraction ?? 0)..<fractionDigits { push(0) }
        // Gathered as a negative number, which reaches one further.
        guard !overflow else { throw .decimalOutOfRange }
        if isNegative { return value }
        guard value != .min else { throw .decimalOutOfRange }
        return -value
    }

    static func float(_ text: Span<UInt8>) throws(ValueProblem) -> Double {
        var bytes: [UInt8] = []
        for index in text.indices {
            // `Double` would read words and hexadecimals too.
            switch text[index] {
            case 0x30...0x39, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
                bytes.append(text[index])
            default: throw .notNumber
            }
        }
        guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else { throw .notNumber }
        return value
    }

    private static func sign(_ text: Span<UInt8>, _ index: inout Int) -> Bool {
        guard text.count > 0, text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") else { return false }
        index = 1
        return text[0] == UInt8(ascii: "-")
    }

    private static func digit(_ byte: UInt8) -> Int64? { byte &- 0x30 < 10 ? Int64(byte &- 0x30) : nil }
}
