import Bytes
import StoreColumns

/// The global id of a row: its type and its business key, so that it means the same in every version and after every
/// restore. `api.md` §1
///
///     ┌────────┬──────────────────┬─────────────────────────────────┐
///     │ format │ type name        │ key parts, in the key's order   │   base64url of this
///     │ u8 = 1 │ varint, UTF-8    │ as KeyBytes writes them         │
///     └────────┴──────────────────┴─────────────────────────────────┘
package struct GlobalID: Hashable, Sendable {
    package var type: NodeTypeID
    package var key: Key

    package init(type: NodeTypeID, key: Key) {
        self.type = type
        self.key = key
    }

    /// Reads an id.
    /// - Returns: nil where the text is no id, or names a type that the catalog does not have.
    package init?(_ text: String, in catalog: Catalog) {
        guard case .id(let id) = Self.read(text, in: catalog) else { return nil }
        self = id
    }

    /// What a text is as an id.
    package enum Reading: Sendable, Hashable {
        case id(GlobalID)
        /// An id of a type that the catalog does not have: another model's, or an older one's. No row has it.
        case foreign
        /// No id at all, or changed since it was given.
        case malformed
    }

    /// Room for a key of a dozen texts as long as a column may hold; few requests are longer.
    package static let characterLimit = 1 << 20

    package static func read(_ text: String, in catalog: Catalog) -> Reading {
        guard text.utf8.count <= characterLimit, let bytes = Base64.url.decode(text.utf8) else { return .malformed }
        return read(bytes: bytes, in: catalog)
    }

    /// - Parameter bytes: What an id is the base64url of.
    package static func read(bytes: [UInt8], in catalog: Catalog) -> Reading {
        var reader = KeyBytes.Reader(bytes)
        guard reader.byte() == KeyBytes.format, let name = reader.string(), isTypeName(name), !reader.isAtEnd else {
            return .malformed
        }
        guard let type = catalog.nodeType(named: name) else { return .foreign }
        guard let key = reader.key(of: type, in: catalog), reader.isAtEnd else { return .malformed }
        return .id(GlobalID(type: type, key: key))
    }

    private static func isTypeName(_ name: String) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool {
            byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") || byte == UInt8(ascii: "_")
        }
        guard let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }

    package func text(in catalog: Catalog) -> String {
        var bytes = KeyBytes.prefix(of: type, in: catalog)
        KeyBytes.append(key, of: type, in: catalog, to: &bytes)
        return String(decoding: Base64.url.encode(bytes), as: UTF8.self)
    }
}

/// Business keys as bytes: whole numbers as zigzag varints, booleans as one byte, texts with their length before them, enum
/// values by name, references as the key they name, nested.
package enum KeyBytes {
    package static let format: UInt8 = 1

    /// What stands before the key in every id of a type.
    package static func prefix(of type: NodeTypeID, in catalog: Catalog) -> [UInt8] {
        var bytes = [format]
        append(Array(catalog[type].name.utf8), to: &bytes)
        return bytes
    }

    package static func append(_ key: Key, of type: NodeTypeID, in catalog: Catalog, to bytes: inout [UInt8]) {
        for (part, column) in zip(key.parts, catalog[type].key) {
            switch (part, catalog[type].columns[column].kind) {
            case (.int(let value), _), (.date(let value), _): append(Int64(value), to: &bytes)
            case (.decimal(let value), _), (.dateTime(let value), _): append(value, to: &bytes)
            case (.boolean(let value), _): bytes.append(value ? 1 : 0)
            case (.string(let text), _): append(Array(text.utf8), to: &bytes)
            case (.enumeration(let code), .enumeration(let id)):
                append(Array(catalog[id].values[Int(code)].utf8), to: &bytes)
            case (.reference(let key), .reference(let target)): append(key, of: target, in: catalog, to: &bytes)
            case (.enumeration, _), (.reference, _): preconditionFailure("A key has the parts that its catalog says.")
            }
        }
    }

    package static func append(_ value: Int64, to bytes: inout [UInt8]) {
        append(varint: UInt64(bitPattern: value << 1 ^ value >> 63), to: &bytes)
    }

    package static func append(_ text: [UInt8], to bytes: inout [UInt8]) { append(text.span, to: &bytes) }

    package static func append(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
        append(varint: UInt64(text.count), to: &bytes)
        for index in text.indices { bytes.append(text[index]) }
    }

    private static func append(varint value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Reads what `append` wrote; every function gives nil for anything else.
    package struct Reader {
        private let bytes: [UInt8]
        private var position = 0

        package init(_ bytes: [UInt8], from position: Int = 0) {
            self.bytes = bytes
            self.position = position
        }

        package var isAtEnd: Bool { position == bytes.count }

        package mutating func byte() -> UInt8? {
            guard position < bytes.count else { return nil }
            defer { position += 1 }
            return bytes[position]
        }

        package mutating func string() -> String? {
            guard let count = varint(), count <= UInt64(bytes.count - position) else { return nil }
            let end = position + Int(truncatingIfNeeded: count)
            defer { position = end }
            return String(validating: bytes[position..<end], as: UTF8.self)
        }

        package mutating func key(of type: NodeTypeID, in catalog: Catalog) -> Key? {
            var parts: [KeyPart] = []
            for column in catalog[type].key {
                guard let part = part(catalog[type].columns[column].kind, in: catalog) else { return nil }
                parts.append(part)
            }
            return Key(parts)
        }

        private mutating func part(_ kind: ColumnKind, in catalog: Catalog) -> KeyPart? {
            switch kind {
            case .boolean:
                guard let byte = byte(), byte <= 1 else { return nil }
                return .boolean(byte == 1)
            case .int: return signed().flatMap { Int32(exactly: $0) }.map(KeyPart.int)
            case .date: return signed().flatMap { Int32(exactly: $0) }.map(KeyPart.date)
            case .decimal: return signed().map(KeyPart.decimal)
            case .dateTime: return signed().map(KeyPart.dateTime)
            case .string: return string().map(KeyPart.string)
            case .enumeration(let id): return string().flatMap { catalog[id].code(of: $0) }.map(KeyPart.enumeration)
            case .reference(let target): return key(of: target, in: catalog).map(KeyPart.reference)
            case .float, .enumerationList, .referenceList: return nil
            }
        }

        package mutating func signed() -> Int64? {
            varint().map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) }
        }

        /// At most ten bytes, the shortest form only.
        private mutating func varint() -> UInt64? {
            var value: UInt64 = 0
            var shift: UInt64 = 0
            while let byte = byte() {
                guard shift < 63 || byte <= 1, shift == 0 || byte != 0 else { return nil }
                value |= UInt64(byte & 0x7F) << shift
                if byte & 0x80 == 0 { return value }
                shift += 7
                guard shift < 70 else { return nil }
            }
            return nil
        }
    }
}
