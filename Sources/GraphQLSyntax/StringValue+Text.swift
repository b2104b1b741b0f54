extension Document {
    /// What a string literal stands for: escapes resolved, a block string's indentation taken away.
    package func text(of string: StringValue) -> String { source.text(of: string) }

    /// The digits of a number as written.
    package func text(of value: Value) -> String { source.text(value.range) }
}

extension Source {
    /// What the string token stands for. The lexer has checked its escapes. GraphQL §2.10.6 String Value semantics
    package func text(of string: StringValue) -> String {
        let quotes = string.isBlock ? 3 : 1
        let inner = SourceRange(start: Int(string.range.start) + quotes, end: Int(string.range.end) - quotes)
        if string.isBlock { return BlockString.text(ofRaw: text(inner)) }
        let end = Int(inner.end)
        var index = Int(inner.start)
        guard bytes[index..<end].contains(UInt8(ascii: "\\")) else { return text(inner) }

        var text: [UInt8] = []
        text.reserveCapacity(end - index)
        while index < end {
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < end else {
                text.append(bytes[index])
                index += 1
                continue
            }
            switch bytes[index + 1] {
            case UInt8(ascii: "u"):
                guard let escape = UnicodeEscape(at: index, in: bytes.span) else {
                    preconditionFailure("The lexer lets no wrong escape pass.")
                }
                text.append(contentsOf: String(escape.scalar).utf8)
                index = escape.end
                continue
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            default: text.append(bytes[index + 1])
            }
            index += 2
        }
        return String(decoding: text, as: UTF8.self)
    }
}
