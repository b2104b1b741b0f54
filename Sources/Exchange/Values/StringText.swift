/// Text of files → text: as it stands, but for what spreadsheets do to long numbers.
enum StringText {
    static func value(_ text: Span<UInt8>, isIdentityNumber: Bool) throws(ValueProblem) -> String {
        try check(text)
        if isIdentityNumber { return identityNumber(text) }
        return String(checked: unquoted(text))
    }

    /// Whether a text is an identity number as it is kept: in capitals and digits of ASCII.
    static func isIdentityNumber(_ text: Span<UInt8>) -> Bool {
        for index in text.indices where !isDigit(text[index]) && text[index] &- 0x41 >= 26 { return false }
        return true
    }

    /// `4.20E+17` was once a number of 18 digits.
    static func check(_ text: Span<UInt8>) throws(ValueProblem) {
        guard text.count >= 5, text.count <= 30, isDigit(text[0]) else { return }
        var index = 0
        while index < text.count, isDigit(text[index]) || text[index] == UInt8(ascii: ".") { index += 1 }
        guard index + 2 < text.count, text[index] | 0x20 == UInt8(ascii: "e"), text[index + 1] == UInt8(ascii: "+") else {
            return
        }
        for place in index + 2..<text.count where !isDigit(text[place]) { return }
        throw .lostPrecision
    }

    /// Without the `'` that keeps a long number a text in a spreadsheet.
    @_lifetime(copy text)
    private static func unquoted(_ text: Span<UInt8>) -> Span<UInt8> {
        guard text.count >= 12, text[0] == UInt8(ascii: "'") else { return text }
        for index in 1..<text.count - 1 where !isDigit(text[index]) { return text }
        return text.extracting(1..<text.count)
    }

    /// Half-width, without blanks, its check character a capital.
    private static func identityNumber(_ text: Span<UInt8>) -> String {
        let given = unquoted(text)
        var bytes: [UInt8] = []
        for index in given.indices { bytes.append(given[index]) }
        TextForm.makeHalfWidth(&bytes)
        bytes.removeAll { $0 == 0x20 }
        if bytes.last == UInt8(ascii: "x") { bytes[bytes.count - 1] = UInt8(ascii: "X") }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
