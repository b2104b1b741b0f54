/// A name of one document, interned: equal ids are equal names.
package struct NameID: Hashable, Sendable {
    package var rawValue: UInt32
    package init(_ rawValue: UInt32) { self.rawValue = rawValue }
    package var index: Int { Int(rawValue) }
}

/// The distinct names of a document, in order of first appearance.
///
/// Ids run from 0. The first ones are the words of the grammar and a few names that every reader of a document asks for;
/// they are in every table, so that a keyword is a constant (`NameID.query`). A look-up hashes bytes with a seed of the
/// process, so that nobody outside can choose names that collide.
package struct NameTable: Sendable {
    /// The texts of all names, one behind the other.
    private var bytes: [UInt8] = []
    /// Where each text ends in `bytes`.
    private var ends: [UInt32] = []
    /// Open addressing: the upper half of a slot is the name's hash, the lower half its id plus 1; 0 is an empty slot.
    private var slots = [UInt64](repeating: 0, count: 128)

    /// A table that holds the words of the grammar only.
    package init() { self = Self.wordsOfTheGrammar }

    private init(_ words: [String]) {
        for word in words { _ = intern(word) }
    }

    private static let wordsOfTheGrammar = NameTable(NameID.wordsOfTheGrammar)

    /// How many distinct names there are; ids run from 0.
    package var count: Int { ends.count }

    /// The text of a name. Makes a `String`, without allocation up to 15 bytes.
    package subscript(id: NameID) -> String { String(decoding: bytes[range(of: id)], as: UTF8.self) }

    /// The bytes of a name.
    @_lifetime(borrow self)
    package func utf8(of id: NameID) -> Span<UInt8> { bytes.span.extracting(range(of: id)) }

    private func range(of id: NameID) -> Range<Int> {
        (id.index == 0 ? 0 : Int(ends[id.index - 1]))..<Int(ends[id.index])
    }

    /// The id of a name the table contains, else nil.
    package func id(of text: String) -> NameID? {
        let span = text.utf8Span.span
        let slot = slots[self.slot(of: span, hash: Self.hash(span))]
        return slot == 0 ? nil : NameID(UInt32(truncatingIfNeeded: slot) - 1)
    }

    /// The id of a name, new or known.
    package mutating func intern(_ text: String) -> NameID {
        let span = text.utf8Span.span
        return intern(span, hash: Self.hash(span))
    }

    /// The id of a name, new or known, whose hash was computed on the way (`hashSeed`, `hash(_:adding:)`).
    mutating func intern(_ text: Span<UInt8>, hash: UInt64) -> NameID {
        let place = slot(of: text, hash: hash)
        if slots[place] != 0 { return NameID(UInt32(truncatingIfNeeded: slots[place]) - 1) }
        let id = NameID(UInt32(ends.count))
        for index in text.indices { bytes.append(text[index]) }
        ends.append(UInt32(bytes.count))
        slots[place] = hash & Self.upperHalf | UInt64(ends.count)
        if ends.count * 2 > slots.count { grow() }
        return id
    }

    // MARK: Hashing

    /// What the hash of a name starts with.
    static let hashSeed = UInt64(bitPattern: Int64(Hasher().finalize()))
    private static let upperHalf: UInt64 = 0xFFFF_FFFF_0000_0000

    @inline(__always)
    static func hash(_ hash: UInt64, adding byte: UInt8) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
    }

    private static func hash(_ text: Span<UInt8>) -> UInt64 {
        var hash = hashSeed
        for index in text.indices { hash = Self.hash(hash, adding: text[index]) }
        return hash
    }

    /// The slot that holds the name, or the empty one where it belongs.
    private func slot(of text: Span<UInt8>, hash: UInt64) -> Int {
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: hash >> 32) & mask
        while true {
            let slot = slots[place]
            if slot == 0 { return place }
            if (slot ^ hash) & Self.upperHalf == 0, equal(NameID(UInt32(truncatingIfNeeded: slot) - 1), text) { return place }
            place = (place + 1) & mask
        }
    }

    private func equal(_ id: NameID, _ text: Span<UInt8>) -> Bool {
        let range = range(of: id)
        guard range.count == text.count else { return false }
        for index in text.indices where bytes[range.lowerBound + index] != text[index] { return false }
        return true
    }

    private mutating func grow() {
        let old = slots
        let mask = old.count * 2 - 1
        slots = [UInt64](repeating: 0, count: old.count * 2)
        for slot in old where slot != 0 {
            var place = Int(truncatingIfNeeded: slot >> 32) & mask
            while slots[place] != 0 { place = (place + 1) & mask }
            slots[place] = slot
        }
    }
}

extension NameID {
    package static let query = NameID(0)
    package static let mutation = NameID(1)
    package static let subscription = NameID(2)
    package static let fragment = NameID(3)
    package static let on = NameID(4)
    package static let `true` = NameID(5)
    package static let `false` = NameID(6)
    package static let null = NameID(7)
    package static let schema = NameID(8)
    package static let scalar = NameID(9)
    package static let type = NameID(10)
    package static let interface = NameID(11)
    package static let union = NameID(12)
    package static let `enum` = NameID(13)
    package static let input = NameID(14)
    package static let directive = NameID(15)
    package static let extend = NameID(16)
    package static let implements = NameID(17)
    package static let repeatable = NameID(18)
    package static let typenameField = NameID(19)
    package static let schemaField = NameID(20)
    package static let typeField = NameID(21)
    package static let skip = NameID(22)
    package static let include = NameID(23)
    package static let `if` = NameID(24)

    /// In the order of the constants above.
    static let wordsOfTheGrammar = [
        "query", "mutation", "subscription", "fragment", "on", "true", "false", "null", "schema", "scalar", "type", "interface",
        "union", "enum", "input", "directive", "extend", "implements", "repeatable", "__typename", "__schema", "__type", "skip",
        "include", "if",
    ]
}
