import JSONText

/// The head of a token, as far as anything here depends on it. RFC 7515 §4, RFC 8725 §3.1
struct TokenHead: Sendable, Hashable {
    var algorithm: String?
    var keyID: String?
    var type: String?

    /// What would let whoever made the token choose the key, or the rules.
    static let forbidden: Set<String> = ["jku", "jwk", "x5u", "x5c", "crit"]

    init(_ bytes: [UInt8]) throws(TokenRefusal) {
        let members = try TokenMembers(bytes).values
        if let name = members.keys.first(where: Self.forbidden.contains) { throw .header(name) }
        algorithm = try Self.text(members, "alg")
        keyID = try Self.text(members, "kid")
        type = try Self.text(members, "typ")
    }

    private static func text(_ members: [String: TokenMembers.Value], _ name: String) throws(TokenRefusal) -> String? {
        guard let value = members[name] else { return nil }
        guard case .text(let text) = value else { throw .header(name) }
        return text
    }
}

/// The members of one JSON object, read once and strictly.
struct TokenMembers: Sendable, Hashable {
    enum Value: Sendable, Hashable {
        case text(String)
        /// A list of nothing but texts.
        case texts([String])
        /// As it was written.
        case number(String)
        /// Passed over, whatever it is.
        case other
    }

    private(set) var values: [String: Value] = [:]

    init(_ bytes: [UInt8]) throws(TokenRefusal) {
        let isWhole: Bool
        do throws(JSONError) {
            isWhole = try read(bytes)
        } catch {
            throw .notJSON
        }
        guard isWhole else { throw .notJSON }
    }

    private mutating func read(_ bytes: [UInt8]) throws(JSONError) -> Bool {
        var reader = JSONReader(bytes, limits: JSONReader.Limits(depth: 8, members: 512))
        guard try reader.next() == .beginObject else { return false }
        while case .key(let name)? = try reader.next() { values[name] = try Self.value(&reader) }
        return try reader.next() == nil
    }

    private static func value(_ reader: inout JSONReader) throws(JSONError) -> Value {
        let depth = reader.depth
        switch try reader.next() {
        case .string(let text)?: return .text(text)
        case .number(let digits)?: return .number(digits)
        case .beginArray?:
            var texts: [String] = []
            var isOther = false
            while let token = try reader.next(), reader.depth > depth {
                if case .string(let text) = token, reader.depth == depth + 1 { texts.append(text) } else { isOther = true }
            }
            return isOther ? .other : .texts(texts)
        case .beginObject?:
            while try reader.next() != nil, reader.depth > depth {}
            return .other
        default: return .other
        }
    }
}
