/// Values by text, where the text is bytes of a file: looked up without making a string of them.
///
/// Texts count by their bytes. The hash is seeded by the process, so that no file can be made to collide.
struct ByteMap<Value> {
    private var keys: [UInt8] = []
    /// Where key `i` ends; it begins where the one before ends.
    private var ends: [Int] = []
    private(set) var values: [Value] = []
    /// Entry plus one; 0 is free. A power of two, at most half full.
    private var slots: [UInt32] = []

    var count: Int { values.count }

    /// The value of a text, or nil.
    func find(_ text: Span<UInt8>) -> Value? {
        index(of: text).map { values[$0] }
    }

    /// The entry of a text, in order of insertion, or nil.
    func index(of text: Span<UInt8>) -> Int? {
        guard !slots.isEmpty else { return nil }
        var slot = Self.hash(text) & (slots.count - 1)
        while slots[slot] != 0 {
            let entry = Int(slots[slot]) - 1
            if isEqual(entry, text) { return entry }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds a value, unless the text has one; says whether it was added.
    mutating func insert(_ text: Span<UInt8>, _ value: Value) -> Bool {
        guard index(of: text) == nil else { return false }
        if slots.count < (count + 1) * 2 { grow() }
        for index in text.indices { keys.append(text[index]) }
        ends.append(keys.count)
        values.append(value)
        place(count - 1)
        return true
    }

    private mutating func grow() {
        precondition(count < Int(UInt32.max) / 2, "a table of texts has fewer entries than a file has rows")
        slots = [UInt32](repeating: 0, count: max(16, slots.count * 2))
        for entry in 0..<count { place(entry) }
    }

    private mutating func place(_ entry: Int) {
        var slot = Self.hash(keys.span.extracting(range(entry))) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = UInt32(entry + 1)
    }

    private func range(_ entry: Int) -> Range<Int> { (entry == 0 ? 0 : ends[entry - 1])..<ends[entry] }

    private func isEqual(_ entry: Int, _ text: Span<UInt8>) -> Bool {
        let range = range(entry)
        guard range.count == text.count else { return false }
        for offset in 0..<text.count where keys[range.lowerBound + offset] != text[offset] { return false }
        return true
    }

    private static func hash(_ text: Span<UInt8>) -> Int {
        var hasher = Hasher()
        var word: UInt64 = 0
        for index in text.indices {
            word = word << 8 | UInt64(text[index])
            if index & 7 == 7 { hasher.combine(word) }
        }
        hasher.combine(word)
        hasher.combine(text.count)
        return hasher.finalize()
    }
}

extension ByteMap: Sendable where Value: Sendable {}
