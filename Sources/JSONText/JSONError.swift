/// Why bytes are not the JSON text that was asked for, and where.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        /// A byte, or the end, where the grammar wants something else.
        case unexpected(found: String, expected: String)
        /// The text begins with U+FEFF, which RFC 8259 §8.1 does not allow to be sent.
        case byteOrderMark
        /// Not UTF-8: overlong, a surrogate, beyond U+10FFFF, or cut short.
        case invalidUTF8
        /// A raw character below U+0020 inside a string.
        case controlCharacter(UInt8)
        /// A backslash followed by something that is no escape.
        case badEscape
        /// A `\u` escape of half a surrogate pair.
        case loneSurrogate
        /// Something that begins like a number and is none.
        case badNumber(String)
        /// A name that the same object already has, after escapes are resolved, compared byte by byte.
        case duplicateKey(String)
        case tooDeep(limit: Int)
        case tooManyMembers(limit: Int)
        /// Bytes other than white space after the value.
        case trailingBytes(found: String)
    }

    package let reason: Reason
    /// From the first byte of the text, counted from 0.
    package let byteOffset: Int

    package init(_ reason: Reason, byteOffset: Int) {
        self.reason = reason
        self.byteOffset = byteOffset
    }

    package var description: String { "\(explanation) at byte \(byteOffset)" }

    private var explanation: String {
        switch reason {
        case .unexpected(let found, let expected): "found \(found) where \(expected) is expected"
        case .byteOrderMark: "the text begins with a byte order mark; send UTF-8 without one"
        case .invalidUTF8: "the bytes are not UTF-8"
        case .controlCharacter(let byte):
            "a control character (byte 0x\(String(byte, radix: 16, uppercase: true))) stands unescaped in a string"
        case .badEscape: "a backslash is followed by no known escape"
        case .loneSurrogate: "an escape names half a surrogate pair"
        case .badNumber(let text): "'\(text)' is not a number as JSON writes them"
        case .duplicateKey(let name): "the object already has the key '\(name)'"
        case .tooDeep(let limit): "objects and arrays are nested more than \(limit) deep"
        case .tooManyMembers(let limit): "there are more than \(limit) object members"
        case .trailingBytes(let found): "found \(found) after the end of the value"
        }
    }
}
