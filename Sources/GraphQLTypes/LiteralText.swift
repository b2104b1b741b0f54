extension InputValue {
    /// The value as a GraphQL literal: `{ limit: 10, tags: ["a"] }`.
    package var literalText: String {
        var text = ""
        writeLiteral(to: &text)
        return text
    }

    private func writeLiteral(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .boolean(let flag): text += flag ? "true" : "false"
        case .int(let integer): text += String(integer)
        case .double(let double): text += Self.text(of: double)
        case .number(let number): text += number
        case .string(let string): Self.write(string, to: &text)
        case .enumeration(let name): text += name
        case .variable(let name): text += "$" + name
        case .list(let items):
            text += "["
            for (index, item) in items.enumerated() {
                if index > 0 { text += ", " }
                item.writeLiteral(to: &text)
            }
            text += "]"
        case .object(let object):
            text += "{ "
            for (index, entry) in object.entries.enumerated() {
                text += (index > 0 ? ", " : "") + entry.name + ": "
                entry.value.writeLiteral(to: &text)
            }
            text += " }"
        }
    }

    /// The shortest text that reads back as the same double, integers without a fraction.
    private static func text(of double: Double) -> String {
        if let integer = Int64(exactly: double), abs(double) < 1e15 { return String(integer) }
        return double.isFinite ? String(double) : "null"
    }

    /// Quotes, backslashes and control characters are escaped, everything else stands as it is. GraphQL §2.10.4
    private static func write(_ string: String, to text: inout String) {
        text += "\""
        // Hardly any text has something to escape; the second byte of what may have says no more than its first.
        if string.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C && $0 != 0x7F && $0 != 0xC2 }) {
            text += string
            text += "\""
            return
        }
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\u{8}": text += "\\b"
            case "\u{C}": text += "\\f"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}":
                let digits = String(scalar.value, radix: 16, uppercase: true)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
