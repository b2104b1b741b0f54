import Bytes

/// Values by text, where the text is bytes of a file: looked up without making a string of them.
///
/// Texts count by their bytes. The hash is seeded by the process, so that no file can be made to collide.
struct ByteMap<Value> {
    private var keys = TextList()
    private(set) var values: [Value] = []
    /// The hash, and the entry plus one; 0 is free. A power of two, at most half full.
    private var slots: [UInt64] = []

    var count: Int { values.count }

    /// What a text is filed under.
    static func hash(_ text: Span<UInt8>) -> UInt32 {
        UInt32(truncatingIfNeeded: KeyedHash.ofProcess.hash(text) >> 32)
    }

    /// The value of a text, or nil.
    func find(_ text: Span<UInt8>) -> Value? {
        index(of: text).map { values[$0] }
    }

    /// Whether a text is that of an entry.
    func isKey(_ text: Span<UInt8>, of entry: Int) -> Bool { keys.isSame(entry, as: text) }

    /// The entry of a text, in order of insertion, or nil.
    func index(of text: Span<UInt8>) -> Int? {
        slots.isEmpty ? nil : index(of: text, hash: Self.hash(text))
    }

    /// As above, of a text whose hash is known.
    func index(of text: Span<UInt8>, hash: UInt32) -> Int? {
        guard !slots.isEmpty else { return nil }
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] != 0 {
            if UInt32(truncatingIfNeeded: slots[slot] >> 32) == hash {
                let entry = Int(UInt32(truncatingIfNeeded: slots[slot])) - 1
                if keys.isSame(entry, as: text) { return entry }
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds a value, unless the text has one; says whether it was added.
    mutating func insert(_ text: Span<UInt8>, _ value: Value) -> Bool { insert(text, hash: Self.hash(text), value) }

    /// As above, of a text whose hash is known.
    mutating func insert(_ text: Span<UInt8>, hash: UInt32, _ value: Value) -> Bool {
        guard index(of: text, hash: hash) == nil else { return false }
        if slots.count < (count + 1) * 2 { grow() }
        keys.append(text)
        values.append(value)
        place(UInt64(hash) << 32 | UInt64(truncatingIfNeeded: count))
        return true
    }

    private mutating func grow() {
        precondition(count < Int(UInt32.max) / 2, "a table of texts has fewer entries than a file has rows")
        let old = slots
        slots = [UInt64](repeating: 0, count: max(16, old.count * 2))
        for slot in old where slot != 0 { place(slot) }
    }

    private mutating func place(_ entry: UInt64) {
        var slot = Int(entry >> 32) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = entry
    }
}

extension ByteMap: Sendable where Value: Sendable {}
