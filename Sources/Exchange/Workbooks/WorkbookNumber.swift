/// Numbers as workbooks hold them: the text of a binary number, of which a spreadsheet shows fifteen digits.
enum WorkbookNumber {
    /// What a spreadsheet shows of a number, and all that can be trusted of it.
    static let digitLimit = 15

    /// The number rounded to fifteen digits, in decimal digits and never through a binary one: `9.1999999999999993` is 9.2.
    ///
    /// A whole number of more digits lost those behind: it is told as `4.20115199001011E+17`, which no field takes. A text that is no
    /// number is left as it is.
    static func text(_ given: Span<UInt8>) -> [UInt8] {
        guard let number = Parts(given) else {
            var text: [UInt8] = []
            for index in given.indices { text.append(given[index]) }
            return text
        }
        return number.text
    }

    /// Whether a number has so few digits that a spreadsheet holds all of them.
    static func isExact(_ text: String) -> Bool {
        guard var number = Parts(Array(text.utf8).span) else { return false }
        let given = number.digits
        number.round(to: digitLimit)
        return number.digits == given && number.point <= digitLimit && number.point > -digitLimit
    }

    /// `0.digits` times ten to the power of `point`; no digit is zero at either end.
    struct Parts {
        var isNegative = false
        var digits: [UInt8] = []
        var point = 0

        init?(_ text: Span<UInt8>) {
            var index = 0
            if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
                isNegative = text[index] == UInt8(ascii: "-")
                index += 1
            }
            var (seen, fraction) = (0, false)
            while index < text.count {
                if text[index] == UInt8(ascii: "."), !fraction {
                    fraction = true
                } else if text[index] &- 0x30 < 10 {
                    seen += 1
                    if !fraction, !(digits.isEmpty && text[index] == 0x30) { point += 1 }
                    if digits.isEmpty, text[index] == 0x30 {
                        if fraction { point -= 1 }
                    } else {
                        digits.append(text[index])
                    }
                } else {
                    break
                }
                index += 1
            }
            guard seen > 0, seen <= 400 else { return nil }
            if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
                guard let power = Self.power(text.extracting((index + 1)..<text.count)) else { return nil }
                point += power
                index = text.count
            }
            guard index == text.count else { return nil }
            trim()
        }

        private static func power(_ text: Span<UInt8>) -> Int? {
            var (index, isNegative, value) = (0, false, 0)
            if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
                isNegative = text[index] == UInt8(ascii: "-")
                index += 1
            }
            guard index < text.count, text.count - index <= 3 else { return nil }
            while index < text.count {
                guard text[index] &- 0x30 < 10 else { return nil }
                value = value * 10 + Int(text[index] &- 0x30)
                index += 1
            }
            return isNegative ? -value : value
        }

        private mutating func trim() {
            while digits.last == 0x30 { digits.removeLast() }
            if digits.isEmpty { (point, isNegative) = (0, false) }
        }

        /// Half away from zero.
        mutating func round(to count: Int) {
            guard digits.count > count else { return }
            let goesUp = digits[count] >= 0x35
            digits.removeSubrange(count...)
            if goesUp {
                var index = count - 1
                while index >= 0, digits[index] == 0x39 {
                    digits[index] = 0x30
                    index -= 1
                }
                if index >= 0 {
                    digits[index] += 1
                } else {
                    digits.insert(0x31, at: 0)
                    point += 1
                }
            }
            trim()
        }

        var text: [UInt8] {
            var rounded = self
            rounded.round(to: digitLimit)
            let (digits, point) = (rounded.digits, rounded.point)
            var text: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
            guard !digits.isEmpty else { return [0x30] }
            if point > digitLimit || point < -30 {
                text.append(digits[0])
                if digits.count > 1 { text += [UInt8(ascii: ".")] + digits[1...] }
                text += Array("E\(point > 0 ? "+" : "")\(point - 1)".utf8)
            } else if point <= 0 {
                text += [0x30, UInt8(ascii: ".")] + [UInt8](repeating: 0x30, count: -point) + digits
            } else if digits.count <= point {
                text += digits + [UInt8](repeating: 0x30, count: point - digits.count)
            } else {
                text += digits[..<point] + [UInt8(ascii: ".")] + digits[point...]
            }
            return text
        }
    }
}
