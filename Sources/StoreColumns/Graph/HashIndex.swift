import Bytes

/// Numbers (rows, codes) by 32 bits of a hash. Says which numbers may be meant; the caller compares what they stand for.
///
/// Immutable levels, each a table with open addressing, each more than four times as large as the next: a change adds a
/// small level and joins those it has outgrown. So versions share the large levels, a change costs (over many) a few steps
/// a number, and a look-up visits few tables.
///
/// Under them may lie a base that was made in one go, or comes from a file; it is never joined. An object, so that it is lent by one
/// reference.
final class HashIndex: Sendable {
    private let base: LateIndex?
    /// Oldest and largest first.
    fileprivate let levels: [HashLevel]

    static let empty = HashIndex(base: nil, levels: [])

    convenience init(base: LateIndex) { self.init(base: base, levels: []) }
    convenience init(base: BucketIndex) { self.init(base: LateIndex(base), levels: []) }

    fileprivate init(base: LateIndex?, levels: [HashLevel]) {
        self.base = base
        self.levels = levels
    }

    fileprivate func with(_ levels: [HashLevel]) -> HashIndex { HashIndex(base: base, levels: levels) }

    /// The newest code that is filed under the hash of a text and has it. As `first`, without a closure: what one captures is counted.
    @inline(never)
    func code(of text: Span<UInt8>, _ hash: UInt32, in dictionary: StringDictionary) -> UInt32? {
        var index = levels.count - 1
        while index >= 0 {
            if let code = levels[index].first(hash, where: { dictionary.isText(of: $0, text) }) { return code }
            index -= 1
        }
        return base?.code(of: text, hash, in: dictionary)
    }

    /// The newest number under `hash` that `matches`, or nil. Numbers added later are asked first, except that the order
    /// within one change set is open.
    @inline(__always)
    func first(_ hash: UInt32, where matches: (UInt32) -> Bool) -> UInt32? {
        var index = levels.count - 1
        while index >= 0 {
            if let number = levels[index].first(hash, where: matches) { return number }
            index -= 1
        }
        return base?.first(hash, where: matches)
    }
}

extension HashIndex {
    /// Numbers that mean the same as a lower one, with the lowest such, by number. Only of a base without levels above it, as
    /// what was just made has.
    func repetitions(limit: Int, _ areSame: (UInt32, UInt32) -> Bool) -> [(code: UInt32, first: UInt32)] {
        precondition(levels.isEmpty, "an index that was made in one go")
        return base?.index.repetitions(limit: limit, areSame) ?? []
    }
}

/// One table. A slot is hash and number; its home follows from the hash's upper bits, so that slots stand nearly in the
/// order of their hashes and a level is read and joined front to back.
private struct HashLevel: Sendable {
    let slots: Elements<UInt64>
    let count: Int

    @inline(__always)
    func first(_ hash: UInt32, where matches: (UInt32) -> Bool) -> UInt32? {
        let slots = slots.span
        var place = HashSlot.home(hash, of: slots.count)
        while true {
            let slot = slots[place]
            if slot == HashSlot.free { return nil }
            if HashSlot.hash(slot) == hash, matches(HashSlot.number(slot)) { return HashSlot.number(slot) }
            place += 1
            if place == slots.count { place = 0 }
        }
    }
}

private enum HashSlot {
    /// No number is all ones.
    static let free = UInt64.max
    static func make(_ hash: UInt32, _ number: UInt32) -> UInt64 { UInt64(hash) << 32 | UInt64(number) }
    static func hash(_ slot: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: slot >> 32) }
    static func number(_ slot: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: slot) }
    static func home(_ hash: UInt32, of count: Int) -> Int {
        Int(truncatingIfNeeded: (UInt64(hash) &* UInt64(truncatingIfNeeded: count)) >> 32)
    }
}

/// Adds numbers to an index and finds the old and the new ones.
struct HashIndexBuilder {
    private let base: HashIndex
    private var fresh = HashTable(expecting: 0)

    init(_ base: HashIndex) { self.base = base }

    /// Makes room for that many numbers at once.
    mutating func reserve(_ count: Int) {
        if fresh.count == 0, count > 16 { fresh = HashTable(expecting: count) }
    }

    /// Adds a number, which must not be `UInt32.max`.
    mutating func insert(_ hash: UInt32, _ number: UInt32) { fresh.insert(HashSlot.make(hash, number)) }

    @inline(__always)
    func first(_ hash: UInt32, where matches: (UInt32) -> Bool) -> UInt32? {
        if let number = fresh.first(hash, where: matches) { return number }
        return base.first(hash, where: matches)
    }

    func finish() -> HashIndex {
        guard fresh.count > 0 else { return base }
        var levels = base.levels
        var joined = fresh
        while let last = levels.last, last.count <= joined.count * 4 {
            var larger = HashTable(expecting: last.count + joined.count)
            larger.insertAll(last.slots.span)
            larger.insertAll(joined.slots.span)
            joined = larger
            levels.removeLast()
        }
        levels.append(HashLevel(slots: Elements(copying: joined.slots), count: joined.count))
        return base.with(levels)
    }
}

/// A level that is still growing.
private struct HashTable {
    private(set) var slots: [UInt64]
    private(set) var count = 0

    init(expecting count: Int) { slots = Array(repeating: HashSlot.free, count: count + count / 2 + 4) }

    mutating func insert(_ slot: UInt64) {
        if (count + 1) * 4 > slots.count * 3 { grow() }
        if place(slot) { count += 1 }
    }

    mutating func insertAll(_ more: Span<UInt64>) {
        for index in more.indices where more[index] != HashSlot.free { insert(more[index]) }
    }

    /// False if the same number is there under the same hash.
    private mutating func place(_ slot: UInt64) -> Bool {
        var place = HashSlot.home(HashSlot.hash(slot), of: slots.count)
        while slots[place] != HashSlot.free {
            if slots[place] == slot { return false }
            place += 1
            if place == slots.count { place = 0 }
        }
        slots[place] = slot
        return true
    }

    private mutating func grow() {
        var larger = HashTable(expecting: max(count * 2, 16))
        larger.insertAll(slots.span)
        self = larger
    }

    @inline(__always)
    func first(_ hash: UInt32, where matches: (UInt32) -> Bool) -> UInt32? {
        guard count > 0 else { return nil }
        var place = HashSlot.home(hash, of: slots.count)
        while slots[place] != HashSlot.free {
            if HashSlot.hash(slots[place]) == hash, matches(HashSlot.number(slots[place])) {
                return HashSlot.number(slots[place])
            }
            place += 1
            if place == slots.count { place = 0 }
        }
        return nil
    }
}
