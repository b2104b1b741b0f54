import JSONText

/// A small JSON text as a tree: the manifest, whose members are then asked for by name.
indirect enum JSONTree: Hashable {
    case object([String: JSONTree])
    case array([JSONTree])
    case string(String)
    case number(String)
    case boolean(Bool)
    case null

    /// Nested no deeper than this.
    static let maximumDepth = 16

    /// - Throws: `JSONError`, naming the byte.
    init(_ bytes: [UInt8]) throws(JSONError) {
        // Each member takes a few bytes at least, so the text itself bounds them.
        var reader = JSONReader(bytes, limits: JSONReader.Limits(depth: Self.maximumDepth, members: bytes.count))
        guard let token = try reader.next() else { throw JSONError(.trailingBytes(found: "nothing"), byteOffset: 0) }
        self = try Self.value(token, &reader)
        _ = try reader.next()
    }

    /// The reader bounds the depth, so this recursion is bounded too.
    private static func value(_ token: JSONToken, _ reader: inout JSONReader) throws(JSONError) -> JSONTree {
        switch token {
        case .string(let text): return .string(text)
        case .number(let digits): return .number(digits)
        case .boolean(let value): return .boolean(value)
        case .null, .endObject, .endArray, .key: return .null
        case .beginArray:
            var elements: [JSONTree] = []
            while let next = try reader.next(), next != .endArray { elements.append(try value(next, &reader)) }
            return .array(elements)
        case .beginObject:
            var members: [String: JSONTree] = [:]
            while case .key(let name)? = try reader.next() {
                guard let next = try reader.next() else { break }
                members[name] = try value(next, &reader)
            }
            return .object(members)
        }
    }

    subscript(name: String) -> JSONTree? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }
    var elements: [JSONTree]? {
        if case .array(let elements) = self { elements } else { nil }
    }
    var flag: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }
    /// A whole number in its shortest digits; nil for anything else.
    func integer<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        if case .number(let digits) = self, let value = Number(digits), String(value) == digits { value } else { nil }
    }
}
