/// The block string algorithm, both ways. GraphQL §2.10.6 BlockStringValue
package enum BlockString {
    /// Lines without their common indentation and without the blank lines at both ends.
    ///
    /// The first line stands behind the quotes and has no part in the indentation.
    package static func dedented(_ lines: [String]) -> [String] {
        var common = Int.max
        var first: Int?
        var last = -1
        for (number, line) in lines.enumerated() {
            let indentation = line.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count
            guard indentation < line.utf8.count else { continue }
            if number > 0 { common = min(common, indentation) }
            if first == nil { first = number }
            last = number
        }
        guard let first else { return [] }
        return (first...last).map { number in
            number == 0 ? lines[number] : String(decoding: lines[number].utf8.dropFirst(common), as: UTF8.self)
        }
    }

    /// The text that a block string's raw characters, between its quotes, stand for.
    static func text(ofRaw raw: String) -> String {
        dedented(lines(of: replacing("\\\"\"\"", with: "\"\"\"", in: raw))).joined(separator: "\n")
    }

    /// Whether any block string stands for the value.
    ///
    /// None does where a line ends with CR, where the first or last line is blank, or where all lines are indented.
    package static func canStand(for value: String) -> Bool {
        if value.isEmpty { return true }
        guard !value.utf8.contains(0x0D) else { return false }
        let lines = lines(of: value)
        return dedented(lines.count == 1 ? lines : [""] + lines) == lines
    }

    /// A block string that stands for `value`, if any does (`canStand(for:)`).
    /// - Parameter minimizes: Whether line breaks that only make it pretty are left out.
    package static func literal(for value: String, minimizes: Bool = false) -> String {
        let escaped = replacing("\"\"\"", with: "\\\"\"\"", in: value)
        let lines = lines(of: escaped)
        let isOneLine = lines.count == 1
        let startsBlank = value.utf8.first.map { $0 == 0x20 || $0 == 0x09 } ?? false
        // Indentation that all lines but the first share would be taken away, were the first line not pushed down.
        let mustBreakFirst = !isOneLine && lines.dropFirst().allSatisfy { $0.utf8.first.map { $0 == 0x20 || $0 == 0x09 } ?? true }
        let endsWithTripleQuote = escaped.hasSuffix("\\\"\"\"")
        // A quote or backslash would run into the closing quotes.
        let mustBreakLast = value.utf8.last == UInt8(ascii: "\\") || value.utf8.last == UInt8(ascii: "\"") && !endsWithTripleQuote
        let isSpread =
            !minimizes
            && (!isOneLine || value.unicodeScalars.count > 70 || mustBreakLast || mustBreakFirst || endsWithTripleQuote)

        var literal = "\"\"\""
        if mustBreakFirst || isSpread && !(isOneLine && startsBlank) { literal += "\n" }
        literal += escaped
        if mustBreakLast || isSpread { literal += "\n" }
        return literal + "\"\"\""
    }

    /// Lines, ended by LF, CR or CR LF.
    private static func lines(of text: String) -> [String] {
        let bytes = Array(text.utf8)
        var lines: [String] = []
        var start = 0
        var index = 0
        while index < bytes.count {
            guard bytes[index] == 0x0A || bytes[index] == 0x0D else {
                index += 1
                continue
            }
            lines.append(String(decoding: bytes[start..<index], as: UTF8.self))
            index += bytes[index] == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A ? 2 : 1
            start = index
        }
        lines.append(String(decoding: bytes[start...], as: UTF8.self))
        return lines
    }

    /// Replaces every occurrence, left to right, byte by byte.
    private static func replacing(_ wanted: String, with replacement: String, in text: String) -> String {
        let wanted = Array(wanted.utf8)
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == wanted[0], bytes[index...].starts(with: wanted) {
                result.append(contentsOf: replacement.utf8)
                index += wanted.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
