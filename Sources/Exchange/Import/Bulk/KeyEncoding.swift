import StoreColumns

/// Keys as bytes that are equal where the keys are: how rows are found while files are loaded.
///
/// A key that is one text is that text, as it mostly stands in the file. A longer key is its values joined by `|`, those of referenced
/// keys in their place, numbers and codes in digits, and a `\` before a `|` or `\` of a text.
enum KeyEncoding {
    static func append(_ key: Key, isOneString: Bool, to bytes: inout [UInt8]) {
        if isOneString, case .string(let text) = key.parts.first { return bytes.append(contentsOf: text.utf8) }
        for (position, part) in key.parts.enumerated() {
            if position > 0 { appendSeparator(to: &bytes) }
            switch part {
            case .int(let value), .date(let value): append(number: Int64(value), to: &bytes)
            case .decimal(let value), .dateTime(let value): append(number: value, to: &bytes)
            case .enumeration(let code): append(number: Int64(code), to: &bytes)
            case .boolean(let value): append(number: value ? 1 : 0, to: &bytes)
            case .string(let text):
                var text = text
                text.makeContiguousUTF8()
                append(escaped: text.utf8Span.span, to: &bytes)
            case .reference(let key): append(key, isOneString: false, to: &bytes)
            }
        }
    }

    static func appendSeparator(to bytes: inout [UInt8]) { bytes.append(UInt8(ascii: "|")) }

    static func append(number: Int64, to bytes: inout [UInt8]) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        var rest = number.magnitude
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    static func append(escaped text: Span<UInt8>, to bytes: inout [UInt8]) {
        for index in text.indices {
            if text[index] == UInt8(ascii: "|") || text[index] == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(text[index])
        }
    }
}
