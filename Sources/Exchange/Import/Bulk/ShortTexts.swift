import Bytes

/// What texts of up to seven bytes become, found by the texts themselves as words. The place follows from a multiplier that is the process's
/// own, and the texts are few, so that no file makes look-ups long.
struct ShortTexts {
    /// 0 where a slot is free.
    private var words: [UInt64] = []
    private var values: [FieldValue] = []
    private var count = 0
    private static let slotBits: UInt64 = 11
    private static let limit = 1024
    private let multiplier = ShortTexts.ownMultiplier
    private static let ownMultiplier = KeyedHash.ofProcess.hash(0x5348_4F52_5400 as UInt64) | 1

    /// A text as a word that no other text has, and that is not 0; nil for one that is too long.
    @inline(__always)
    static func word(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        let (start, count) = (range.lowerBound, range.count)
        guard count < 8 else { return nil }
        var word: UInt64 = 0
        if start + 8 <= bytes.count {
            word = bytes.word(at: start) & (1 << UInt64(truncatingIfNeeded: 8 * count) - 1)
        } else {
            for place in 0..<count { word |= UInt64(bytes[start + place]) << UInt64(truncatingIfNeeded: 8 * place) }
        }
        return word | UInt64(truncatingIfNeeded: count + 1) << 56
    }

    @inline(__always)
    private func slot(of word: UInt64) -> Int { Int(truncatingIfNeeded: (word &* multiplier) >> (64 - Self.slotBits)) }

    func find(_ word: UInt64) -> FieldValue? {
        guard count > 0 else { return nil }
        var slot = slot(of: word)
        while words[slot] != 0 {
            if words[slot] == word { return values[slot] }
            slot = (slot + 1) & (words.count - 1)
        }
        return nil
    }

    /// Remembers what a text becomes that is not there yet; false where there are as many as it holds.
    mutating func insert(_ word: UInt64, _ value: FieldValue) -> Bool {
        guard count < Self.limit else { return false }
        if words.isEmpty {
            words = [UInt64](repeating: 0, count: 1 << Self.slotBits)
            values = [FieldValue](repeating: .nothing, count: words.count)
        }
        var slot = slot(of: word)
        while words[slot] != 0 { slot = (slot + 1) & (words.count - 1) }
        (words[slot], values[slot]) = (word, value)
        count += 1
        return true
    }
}
