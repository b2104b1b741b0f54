import JSONText

/// A JSON value as a tree: requests and replies of the protocol are small, and order counts.
enum JSONValue: Hashable, Sendable, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral
{
    struct Member: Hashable, Sendable {
        var name: String
        var value: JSONValue
    }

    case null
    case boolean(Bool)
    /// The digits.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    static let unsupported: JSONValue = ["unsupported": true]

    init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member(name: $0.0, value: $0.1) })
    }
    init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    init(stringLiteral value: String) { self = .string(value) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
    init(integerLiteral value: Int) { self = .number(String(value)) }

    /// The member of that name; nil where it is absent or this is no object.
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    // MARK: Reading

    init(parsing text: String) throws(JSONError) {
        var reader = JSONReader(Array(text.utf8), limits: .init(depth: 64, members: 1_000_000))
        self = try Self.value(&reader, reader.next())
        _ = try reader.next()
    }

    /// The value that begins with a token. The reader bounds the depth.
    private static func value(_ reader: inout JSONReader, _ token: JSONToken?) throws(JSONError) -> JSONValue {
        switch token {
        case .boolean(let value): return .boolean(value)
        case .number(let digits): return .number(digits)
        case .string(let text): return .string(text)
        case .beginArray:
            var items: [JSONValue] = []
            while let token = try reader.next(), token != .endArray { items.append(try value(&reader, token)) }
            return .array(items)
        case .beginObject:
            var members: [Member] = []
            while case .key(let name) = try reader.next() {
                members.append(Member(name: name, value: try value(&reader, reader.next())))
            }
            return .object(members)
        case .null, .key, .endArray, .endObject, nil: return .null
        }
    }

    // MARK: Writing

    var text: String {
        var writer = JSONWriter()
        write(to: &writer)
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    private func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .boolean(let value): writer.boolean(value)
        case .number(let digits): writer.raw(Array(digits.utf8))
        case .string(let text): writer.string(text)
        case .array(let items):
            writer.beginArray()
            for item in items {
                writer.separate()
                item.write(to: &writer)
            }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for member in members {
                writer.name(member.name)
                member.value.write(to: &writer)
            }
            writer.endObject()
        }
    }
}
