/// A strict reader of one JSON text (RFC 8259), token by token, without a tree.
///
/// Refuses what leaves room for two readings: a byte order mark, bytes that are not UTF-8, half a surrogate pair, a key twice in one
/// object, anything but white space after the value. Depth and members are bounded, and nothing recurses.
/// After an error the reader's place is meaningless; drop it.
package struct JSONReader: Sendable {
    /// What a text may hold. The defaults are those of requests.
    package struct Limits: Sendable {
        /// Nested objects and arrays; never more than 64, the bits that remember them.
        package var depth: Int
        /// Object members in the whole text: each costs a key that is remembered to find its double.
        package var members: Int
        package init(depth: Int = 64, members: Int = 10_000) {
            self.depth = min(max(depth, 0), 64)
            self.members = members
        }
    }

    private enum State {
        /// A value must come: the text's, a member's, or an element's after a comma.
        case value
        case firstElementOrEnd
        case firstKeyOrEnd
        case key
        case commaOrEnd
        case end
    }

    private let bytes: [UInt8]
    private let limits: Limits
    private var position = 0
    private var state = State.value
    /// Bit `d` is set where the container at depth `d` is an object.
    private var objects: UInt64 = 0
    private var names = OpenNames()
    private var memberCount = 0
    /// Containers that are open.
    package private(set) var depth = 0
    /// Where the last token began.
    package private(set) var tokenOffset = 0

    /// A reader at the start of `bytes`, which are shared, not copied.
    package init(_ bytes: [UInt8], limits: Limits = Limits()) {
        self.bytes = bytes
        self.limits = limits
    }

    /// The next token, or nil once the value has ended and nothing follows it.
    package mutating func next() throws(JSONError) -> JSONToken? {
        skipWhitespace()
        tokenOffset = position
        switch state {
        case .end:
            guard position == bytes.count else { throw fail(.trailingBytes(found: found)) }
            return nil
        case .value:
            return try value(expecting: "a value")
        case .firstElementOrEnd:
            if byte == UInt8(ascii: "]") { return close() }
            return try value(expecting: "a value or ']'")
        case .firstKeyOrEnd:
            if byte == UInt8(ascii: "}") { return close() }
            return try key(expecting: "a key in double quotes or '}'")
        case .key:
            return try key(expecting: "a key in double quotes")
        case .commaOrEnd:
            let inObject = objects & topBit != 0
            if byte == UInt8(ascii: ",") {
                position += 1
                skipWhitespace()
                tokenOffset = position
                return try inObject ? key(expecting: "a key in double quotes") : value(expecting: "a value")
            }
            guard byte == (inObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                throw fail(.unexpected(found: found, expected: inObject ? "',' or '}'" : "',' or ']'"))
            }
            return close()
        }
    }

    /// Passes the next value, whatever it is, checking it as it goes. To be called where a value is next.
    package mutating func skipValue() throws(JSONError) {
        let outside = depth
        repeat {
            guard try next() != nil else { return }
        } while depth > outside
    }

    // MARK: Values

    private mutating func value(expecting expected: String) throws(JSONError) -> JSONToken {
        guard let first = byte else { throw fail(.unexpected(found: found, expected: expected)) }
        switch first {
        case UInt8(ascii: "{"): return try open(isObject: true)
        case UInt8(ascii: "["): return try open(isObject: false)
        case UInt8(ascii: "\""):
            let text = try string()
            endValue()
            return .string(text)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let text = try number()
            endValue()
            return .number(text)
        case UInt8(ascii: "t"): return try literal("true", .boolean(true), expecting: expected)
        case UInt8(ascii: "f"): return try literal("false", .boolean(false), expecting: expected)
        case UInt8(ascii: "n"): return try literal("null", .null, expecting: expected)
        default:
            if position == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw fail(.byteOrderMark) }
            throw fail(.unexpected(found: found, expected: expected))
        }
    }

    private mutating func literal(
        _ text: StaticString, _ token: JSONToken, expecting expected: String
    ) throws(JSONError) -> JSONToken {
        let word = "\(text)".utf8
        guard bytes[position...].starts(with: word) else { throw fail(.unexpected(found: found, expected: expected)) }
        position += word.count
        endValue()
        return token
    }

    /// `-? (0 | [1-9][0-9]*) (\.[0-9]+)? ([eE][+-]?[0-9]+)?`, and no letter, digit or point behind it.
    private mutating func number() throws(JSONError) -> String {
        let start = position
        var index = start
        func digits() -> Int {
            let first = index
            while index < bytes.count, isDigit(bytes[index]) { index += 1 }
            return index - first
        }
        func has(_ byte: UInt8) -> Bool { index < bytes.count && bytes[index] == byte }

        if has(UInt8(ascii: "-")) { index += 1 }
        let startsWithZero = has(UInt8(ascii: "0"))
        let wholeDigits = digits()
        var isNumber = wholeDigits > 0 && !(startsWithZero && wholeDigits > 1)
        if isNumber, has(UInt8(ascii: ".")) {
            index += 1
            isNumber = digits() > 0
        }
        if isNumber, has(UInt8(ascii: "e")) || has(UInt8(ascii: "E")) {
            index += 1
            if has(UInt8(ascii: "+")) || has(UInt8(ascii: "-")) { index += 1 }
            isNumber = digits() > 0
        }
        if index < bytes.count, isPartOfWord(bytes[index]) { isNumber = false }
        guard isNumber else {
            while index < bytes.count, index - start < 24, isPartOfWord(bytes[index]) { index += 1 }
            throw fail(.badNumber(String(decoding: bytes[start..<index], as: UTF8.self)))
        }
        position = index
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    private func isPartOfWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
            || (byte | 0x20) &- UInt8(ascii: "a") < 26
    }

    // MARK: Containers

    private var topBit: UInt64 { 1 << UInt64(depth - 1) }

    private mutating func open(isObject: Bool) throws(JSONError) -> JSONToken {
        guard depth < limits.depth else { throw fail(.tooDeep(limit: limits.depth)) }
        position += 1
        depth += 1
        if isObject {
            objects |= topBit
            names.open()
            state = .firstKeyOrEnd
            return .beginObject
        }
        objects &= ~topBit
        state = .firstElementOrEnd
        return .beginArray
    }

    private mutating func close() -> JSONToken {
        position += 1
        let wasObject = objects & topBit != 0
        if wasObject { names.close() }
        depth -= 1
        endValue()
        return wasObject ? .endObject : .endArray
    }

    private mutating func endValue() { state = depth == 0 ? .end : .commaOrEnd }

    private mutating func key(expecting expected: String) throws(JSONError) -> JSONToken {
        guard byte == UInt8(ascii: "\"") else { throw fail(.unexpected(found: found, expected: expected)) }
        memberCount += 1
        guard memberCount <= limits.members else { throw fail(.tooManyMembers(limit: limits.members)) }
        let name = try string()
        guard names.insert(name) else { throw JSONError(.duplicateKey(name), byteOffset: tokenOffset) }
        skipWhitespace()
        guard byte == UInt8(ascii: ":") else { throw fail(.unexpected(found: found, expected: "':'")) }
        position += 1
        state = .value
        return .key(name)
    }

    // MARK: Strings

    /// From the opening quote to behind the closing one.
    private mutating func string() throws(JSONError) -> String {
        let start = position + 1
        let end = EscapeScan.firstHit(in: bytes.span, from: start)
        // Most strings hold no escape: check and copy them in one go.
        if end < bytes.count, bytes[end] == UInt8(ascii: "\"") {
            position = end + 1
            return try text(start, end)
        }
        var decoded: [UInt8] = []
        var runStart = start
        position = end
        while true {
            guard let stop = byte else { throw fail(.unexpected(found: found, expected: "the end of a string")) }
            try checkUTF8(runStart, position)
            decoded.append(contentsOf: bytes[runStart..<position])
            guard stop >= 0x20 else { throw fail(.controlCharacter(stop)) }
            if stop == UInt8(ascii: "\"") { break }
            try escape(into: &decoded)
            runStart = position
            position = EscapeScan.firstHit(in: bytes.span, from: position)
        }
        position += 1
        return String(decoding: decoded, as: UTF8.self)
    }

    /// The string of a range of the text, which must be UTF-8.
    private func text(_ start: Int, _ end: Int) throws(JSONError) -> String {
        do throws(UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: bytes.span.extracting(start..<end)))
        } catch {
            throw JSONError(.invalidUTF8, byteOffset: start + error.byteOffsets.lowerBound)
        }
    }

    private func checkUTF8(_ start: Int, _ end: Int) throws(JSONError) {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span.extracting(start..<end))
        } catch {
            throw JSONError(.invalidUTF8, byteOffset: start + error.byteOffsets.lowerBound)
        }
    }

    /// From a backslash to behind its escape.
    private mutating func escape(into decoded: inout [UInt8]) throws(JSONError) {
        let start = position
        position += 1
        guard let letter = byte else { throw fail(.unexpected(found: found, expected: "an escape")) }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(letter)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"):
            var value = try fourHexDigits(of: start)
            if value >> 10 == 0xD800 >> 10 {
                guard byte == UInt8(ascii: "\\"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u") else {
                    throw JSONError(.loneSurrogate, byteOffset: start)
                }
                position += 2
                let low = try fourHexDigits(of: position - 2)
                guard low >> 10 == 0xDC00 >> 10 else { throw JSONError(.loneSurrogate, byteOffset: start) }
                value = 0x10000 + (value & 0x3FF) << 10 + (low & 0x3FF)
            }
            guard let scalar = Unicode.Scalar(value) else { throw JSONError(.loneSurrogate, byteOffset: start) }
            if let encoded = UTF8.encode(scalar) { decoded.append(contentsOf: encoded) }
        default:
            throw JSONError(.badEscape, byteOffset: start)
        }
    }

    private mutating func fourHexDigits(of escapeStart: Int) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = byte.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }), bytes[position] < 0x80 else {
                throw JSONError(.badEscape, byteOffset: escapeStart)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    // MARK: Bytes

    /// The byte at the reader's place, or nil at the end.
    private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private func fail(_ reason: JSONError.Reason) -> JSONError { JSONError(reason, byteOffset: position) }

    /// What stands at the reader's place, for a message.
    private var found: String {
        guard let byte else { return "the end of the text" }
        if byte > 0x20, byte < 0x7F { return "'\(Character(Unicode.Scalar(byte)))'" }
        return "byte 0x\(String(byte, radix: 16, uppercase: true))"
    }
}
