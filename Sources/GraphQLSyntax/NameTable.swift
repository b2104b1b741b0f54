/// A name of one document, interned: equal ids are equal names.
package struct NameID: Hashable, Sendable {
    package var rawValue: UInt32
    package init(_ rawValue: UInt32) { self.rawValue = rawValue }
    package var index: Int { Int(rawValue) }
}

/// The distinct names of a document or of a schema, in order of first appearance.
///
/// Ids run from 0. The first ones are the words of the grammar and a few names that every reader of a document asks for;
/// they are in every table, so that a keyword is a constant (`NameID.query`). A look-up hashes eight bytes at a time with a
/// seed of the process, so that nobody outside can choose names that collide.
package struct NameTable: Sendable {
    private struct Entry {
        /// The first eight bytes of the text: all of it, for most names.
        var head: UInt64
        /// Where the text stands in `bytes`.
        var start: UInt32
        var count: UInt32
    }

    /// The texts of all names, one behind the other.
    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    /// Open addressing: the upper half of a slot is the name's hash, the lower half its id plus 1; 0 is an empty slot.
    private var slots = [UInt64](repeating: 0, count: 128)
    private var seed = NameTable.seed

    /// A table that holds the words of the grammar only.
    package init() { self = Self.wordsOfTheGrammar }

    private init(_ words: [String]) {
        for word in words { _ = intern(word) }
    }

    private static let wordsOfTheGrammar = NameTable(NameID.wordsOfTheGrammar)

    /// Makes room for the names that a document of some bytes is likely to have.
    mutating func reserve(forSourceOf byteCount: Int) {
        let expected = min(byteCount / 32, 256)
        entries.reserveCapacity(entries.count + expected)
        bytes.reserveCapacity(bytes.count + expected * 10)
    }

    /// How many names are in every table, under the same ids: the first ones.
    package static let commonCount = NameID.wordsOfTheGrammar.count

    /// How many distinct names there are; ids run from 0.
    package var count: Int { entries.count }

    /// The text of a name. Makes a `String`, without allocation up to 15 bytes.
    package subscript(id: NameID) -> String { String(decoding: bytes[range(of: id)], as: UTF8.self) }

    /// The bytes of a name.
    @_lifetime(borrow self)
    package func utf8(of id: NameID) -> Span<UInt8> { bytes.span.extracting(range(of: id)) }

    private func range(of id: NameID) -> Range<Int> {
        let entry = entries[id.index]
        return Int(entry.start)..<Int(entry.start + entry.count)
    }

    /// Whether a name is this text, without making a `String` of it.
    package func isName(_ id: NameID, _ text: String) -> Bool {
        let name = utf8(of: id)
        let wanted = text.utf8Span.span
        guard name.count == wanted.count else { return false }
        for index in name.indices where name[index] != wanted[index] { return false }
        return true
    }

    /// The id of a name the table contains, else nil.
    package func id(of text: String) -> NameID? {
        let span = text.utf8Span.span
        return id(of: span, 0, span.count)
    }

    /// The id that this table has for a name of another one; nil where it does not contain it.
    package func id(of name: NameID, in other: NameTable) -> NameID? {
        let range = other.range(of: name)
        return id(of: other.bytes.span, range.lowerBound, range.upperBound)
    }

    private func id(of source: Span<UInt8>, _ start: Int, _ end: Int) -> NameID? {
        let text = Text(source, start, end, seed: seed)
        let slot = slots[place(of: text, in: source)]
        return slot == 0 ? nil : NameID(UInt32(truncatingIfNeeded: slot) - 1)
    }

    /// The id of a name, new or known.
    package mutating func intern(_ text: String) -> NameID {
        let span = text.utf8Span.span
        return intern(span, 0, span.count)
    }

    /// The id of the name, new or known, that stands in a source from `start` to `end`.
    @inline(__always)
    mutating func intern(_ source: Span<UInt8>, _ start: Int, _ end: Int) -> NameID {
        let text = Text(source, start, end, seed: seed)
        let place = place(of: text, in: source)
        let slot = slots[place]
        if slot != 0 { return NameID(UInt32(truncatingIfNeeded: slot) - 1) }
        return add(text, of: source, at: place)
    }

    private mutating func add(_ text: Text, of source: Span<UInt8>, at place: Int) -> NameID {
        let id = NameID(UInt32(entries.count))
        entries.append(Entry(head: text.head, start: UInt32(bytes.count), count: UInt32(text.end - text.start)))
        bytes.append(addingCapacity: text.end - text.start) { room in
            for index in text.start..<text.end { room.append(source[index]) }
        }
        slots[place] = text.hash & Self.upperHalf | UInt64(entries.count)
        if entries.count * 2 > slots.count { grow() }
        return id
    }

    // MARK: Hashing

    /// A name where it stands, ready to be looked up.
    private struct Text {
        let start: Int
        let end: Int
        let head: UInt64
        let hash: UInt64

        @inline(__always)
        init(_ source: Span<UInt8>, _ start: Int, _ end: Int, seed: UInt64) {
            self.start = start
            self.end = end
            head = word(source, start, end)
            var hash = folded(seed ^ head)
            var index = start + 8
            while index < end {
                hash = folded(hash ^ word(source, index, end))
                index += 8
            }
            self.hash = hash
        }
    }

    /// What the hash of a name starts with, the same in all tables of the process.
    private static let seed = UInt64(bitPattern: Int64(Hasher().finalize()))
    private static let upperHalf: UInt64 = 0xFFFF_FFFF_0000_0000

    /// The slot that holds the name, or the empty one where it belongs.
    @inline(__always)
    private func place(of text: Text, in source: Span<UInt8>) -> Int {
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: text.hash >> 32) & mask
        while true {
            let slot = slots[place]
            if slot == 0 { return place }
            if (slot ^ text.hash) & Self.upperHalf == 0, isEqual(Int(UInt32(truncatingIfNeeded: slot)) - 1, text, in: source) {
                return place
            }
            place = (place + 1) & mask
        }
    }

    @inline(__always)
    private func isEqual(_ entry: Int, _ text: Text, in source: Span<UInt8>) -> Bool {
        let entry = entries[entry]
        guard entry.head == text.head, Int(entry.count) == text.end - text.start else { return false }
        let end = Int(entry.start + entry.count)
        var known = Int(entry.start) + 8
        var index = text.start + 8
        while known < end {
            guard word(bytes.span, known, end) == word(source, index, text.end) else { return false }
            known += 8
            index += 8
        }
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

/// The bytes from `start` to `end`, eight at most, the first in the lowest bits; zero above them.
@inline(__always)
func word(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt64 {
    if start <= bytes.count - 8 {
        let word = word(bytes, start)
        return end - start >= 8 ? word : word & ~(UInt64.max << UInt64(truncatingIfNeeded: 8 &* (end - start)))
    }
    var word: UInt64 = 0
    var shift: UInt64 = 0
    for index in start..<min(end, start + 8) {
        word |= UInt64(bytes[index]) << shift
        shift += 8
    }
    return word
}

/// Eight bytes, the first in the lowest bits. It is one load: the bounds are checked for all of them at once.
@inline(__always)
func word(_ bytes: Span<UInt8>, _ start: Int) -> UInt64 {
    let bytes = bytes.extracting(start..<start &+ 8)
    let low = UInt64(bytes[0]) | UInt64(bytes[1]) << 8 | UInt64(bytes[2]) << 16 | UInt64(bytes[3]) << 24
    let high = UInt64(bytes[4]) | UInt64(bytes[5]) << 8 | UInt64(bytes[6]) << 16 | UInt64(bytes[7]) << 24
    return low | high << 32
}

/// Mixes all bits into all bits.
@inline(__always)
private func folded(_ word: UInt64) -> UInt64 {
    let product = word.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
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
