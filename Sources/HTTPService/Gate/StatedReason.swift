import HTTPTypes

/// Why something is asked, as whoever asks says: the field `Audit-Reason`, UTF-8 with everything else than plain ASCII percent-encoded
/// (RFC 3986 §2.1). It is kept in the audit, which holds nobody's data: a reason that names a long number is refused.
enum StatedReason {
    /// Long enough for a file's number and a sentence.
    static let characterLimit = 300
    /// Telephone numbers have so many, identity and account numbers more.
    static let digitLimit = 10

    /// - Returns: nil where nothing is said.
    static func read(_ fields: HTTPFields) throws(Refusal) -> String? {
        let values = fields[values: .auditReason]
        guard let value = values.first else { return nil }
        guard values.count == 1 else { throw problem("is given more than once") }
        guard let text = decoded(value) else { throw problem("is not UTF-8, percent-encoded") }
        return try read(text)
    }

    /// - Returns: nil where nothing is said.
    static func read(_ text: String) throws(Refusal) -> String? {
        let trimmed = String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        guard !trimmed.isEmpty else { return nil }
        guard trimmed.unicodeScalars.count <= characterLimit else { throw problem("has more than \(characterLimit) characters") }
        guard trimmed.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }) else {
            throw problem("has characters that are no text")
        }
        guard longestNumber(trimmed) <= digitLimit else {
            throw problem(
                "names a number of more than \(digitLimit) digits; the audit keeps reasons, and nobody's numbers: name the file in parts"
            )
        }
        return trimmed
    }

    private static func problem(_ reason: String) -> Refusal { .parameterInvalid(name: "Audit-Reason", reason: reason) }

    /// Digits of any script, with spaces between them too.
    private static func longestNumber(_ text: String) -> Int {
        var (longest, length) = (0, 0)
        for character in text where character != " " {
            length = character.isNumber ? length + 1 : 0
            longest = max(longest, length)
        }
        return longest
    }

    private static func decoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? { Character(UnicodeScalar(byte)).hexDigitValue.map { UInt8($0) } }
}

extension HTTPField.Name {
    static let auditReason = constant("Audit-Reason")
}
