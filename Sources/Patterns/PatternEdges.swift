/// What a text must begin and end with for a pattern to match it, as far as the pattern's words say so plainly: after `^` and before
/// `$`, a sequence of sets of scalars. Most texts are ruled out by it in a few comparisons, without the matcher.
///
/// It reads literals, sets, groups of single scalars and counts. Whatever else stands in a pattern ends the sequence, and what could
/// give its words another meaning (settings, quotes, escapes by letter, ignored case) leaves no edges at all: they then admit all.
struct PatternEdges: Sendable {
    /// From the beginning of the text.
    private var head: [ScalarSet] = []
    /// From its end, the last first.
    private var tail: [ScalarSet] = []

    /// Longer sequences rule out hardly more.
    private static let sequenceLimit = 8

    /// What is left of a pattern that has none.
    static let none = PatternEdges()

    private init() {}

    init(of text: String, caseInsensitive: Bool) {
        var reader = PatternReader(text)
        guard !caseInsensitive, let items = reader.pattern() else { return }
        if items.first == .start { head = Self.sequence(items.dropFirst()) }
        if items.last == .end { tail = Self.sequence(items.dropLast().reversed()) }
    }

    private static func sequence(_ items: some Sequence<PatternReader.Item>) -> [ScalarSet] {
        var sets: [ScalarSet] = []
        for item in items {
            guard case .repeated(let set, let count, let isExact) = item else { break }
            for _ in 0..<min(count, sequenceLimit) { sets.append(set) }
            guard isExact, sets.count < sequenceLimit else { break }
        }
        return Array(sets.prefix(sequenceLimit))
    }

    /// Whether any text is ruled out.
    var isEmpty: Bool { head.isEmpty && tail.isEmpty }

    /// False only where the pattern matches nowhere in the text.
    @inline(__always)
    func admits(_ text: Span<UInt8>) -> Bool { beginsRight(text) && endsRight(text) }

    /// Which of at most 64 texts that lie end to end are admitted: a bit each, the first one's the lowest.
    /// - Parameter offsets: where each begins in the bytes, and where the last ends.
    func admitted(_ offsets: Span<UInt32>, of bytes: Span<UInt8>) -> UInt64 {
        let count = max(0, min(64, offsets.count - 1))
        guard !isEmpty else { return 1 << UInt64(count) &- 1 }
        var admitted: UInt64 = 0
        for place in 0..<count {
            let text = bytes.extracting(Int(offsets[place])..<Int(offsets[place + 1]))
            if admits(text) { admitted |= 1 << UInt64(place) }
        }
        return admitted
    }

    @inline(__always)
    private func beginsRight(_ text: Span<UInt8>) -> Bool {
        var place = 0
        for index in head.indices {
            guard place < text.count else { return false }
            let (scalar, next) = text.scalar(at: place)
            guard head[index].holds(scalar.value) else { return scalar == "\u{FFFD}" }
            place = next
        }
        return true
    }

    @inline(__always)
    private func endsRight(_ text: Span<UInt8>) -> Bool {
        guard !tail.isEmpty else { return true }
        guard !text.isEmpty else { return false }
        // `$` holds before a line's end too, and there are several.
        let last = text[text.count - 1]
        if last < 0x20 || last == 0x85 || last == 0xA8 || last == 0xA9 { return true }
        var end = text.count
        for index in tail.indices {
            guard end > 0 else { return false }
            var start = end - 1
            while start > 0, text[start] & 0xC0 == 0x80, end - start < 4 { start -= 1 }
            let (scalar, next) = text.scalar(at: start)
            // What is no UTF-8 is the matcher's to refuse.
            guard next == end else { return true }
            guard tail[index].holds(scalar.value) else { return false }
            end = start
        }
        return true
    }
}

/// Some scalars, or all but some.
struct ScalarSet: Sendable, Equatable {
    private(set) var ranges: [ClosedRange<UInt32>]
    private(set) var isNegated = false

    static let all = ScalarSet([], isNegated: true)

    init(_ ranges: [ClosedRange<UInt32>], isNegated: Bool = false) {
        self.ranges = ranges
        self.isNegated = isNegated
    }

    func holds(_ scalar: UInt32) -> Bool {
        // All of them, without a branch: which one holds is anybody's guess, and a wrong guess costs more than the others.
        var found: UInt8 = 0
        for index in ranges.indices {
            let (first, last) = (ranges[index].lowerBound, ranges[index].upperBound)
            found |= scalar &- first <= last &- first ? 1 : 0
        }
        return (found == 1) != isNegated
    }

    /// Of both; nil where one of them is all but some.
    func union(_ other: ScalarSet) -> ScalarSet? {
        isNegated || other.isNegated ? nil : ScalarSet(ranges + other.ranges)
    }
}

/// Reads the plain part of a pattern's language; nil where there is more than that in a pattern.
private struct PatternReader {
    enum Item: Equatable {
        case start, end
        /// A scalar of a set, so often at least; if exact, no more.
        case repeated(ScalarSet, count: Int, isExact: Bool)
        /// Anything.
        case open
    }
    private let scalars: [Unicode.Scalar]
    private var place = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// Nests no deeper, as the matcher's own patterns do.
    private static let depthLimit = 32

    mutating func pattern() -> [Item]? {
        guard let items = sequence(depth: 0), place == scalars.count else { return nil }
        // What stands on a line's bounds in the midst is not plain.
        let inner = items.dropFirst(items.first == .start ? 1 : 0).dropLast(items.last == .end ? 1 : 0)
        return inner.contains(.start) || inner.contains(.end) ? nil : items
    }

    private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    /// Up to what ends it: `|`, `)` or the end, which are left.
    private mutating func sequence(depth: Int) -> [Item]? {
        var items: [Item] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            place += 1
            switch scalar {
            case "^", "$":
                guard next.map({ !"?*+{".unicodeScalars.contains($0) }) ?? true else { return nil }
                items.append(scalar == "^" ? .start : .end)
            case "?", "*", "+", "{", "}", "]": return nil
            case "\\":
                // Escaped letters and digits mean something; escaped signs themselves.
                guard let escaped = next, escaped.isASCII, !escaped.properties.isAlphabetic, !("0"..."9").contains(escaped)
                else { return nil }
                place += 1
                guard let item = quantified(ScalarSet([escaped.value...escaped.value])) else { return nil }
                items.append(item)
            case "[":
                guard let set = set(), let item = quantified(set) else { return nil }
                items.append(item)
            case ".":
                guard let item = quantified(.all) else { return nil }
                items.append(item)
            case "(":
                guard depth < Self.depthLimit, let group = group(depth: depth + 1), let item = quantified(group.set)
                else { return nil }
                items.append(item)
            default:
                guard let item = quantified(ScalarSet([scalar.value...scalar.value])) else { return nil }
                items.append(item)
            }
        }
        return items
    }

    private struct Group {
        /// One scalar of these; nil: anything.
        var set: ScalarSet?
    }

    /// Behind `(`.
    private mutating func group(depth: Int) -> Group? {
        guard next != "?", next != "*" else { return nil }
        var group = Group(set: ScalarSet([]))
        while true {
            guard let items = sequence(depth: depth) else { return nil }
            if items.count == 1, case .repeated(let set, 1, true) = items[0] {
                group.set = group.set?.union(set)
            } else {
                group.set = nil
            }
            guard let end = next else { return nil }
            place += 1
            if end == ")" { return group }
        }
    }

    /// Behind `[`.
    private mutating func set() -> ScalarSet? {
        var ranges: [ClosedRange<UInt32>] = []
        let isNegated = next == "^"
        if isNegated { place += 1 }
        guard next != "]" else { return nil }
        while let scalar = next {
            place += 1
            switch scalar {
            case "]": return ScalarSet(ranges, isNegated: isNegated)
            case "[", "\\": return nil
            default:
                guard next == "-", place + 1 < scalars.count, scalars[place + 1] != "]" else {
                    ranges.append(scalar.value...scalar.value)
                    continue
                }
                let last = scalars[place + 1]
                guard last != "[", last != "\\", last.value >= scalar.value else { return nil }
                ranges.append(scalar.value...last.value)
                place += 2
            }
        }
        return nil
    }

    /// What stands there, as often as what follows says. Nil: a count that is not plain.
    private mutating func quantified(_ set: ScalarSet?) -> Item? {
        var (count, isExact) = (1, true)
        switch next {
        case "?", "*":
            place += 1
            (count, isExact) = (0, false)
        case "+":
            place += 1
            isExact = false
        case "{":
            guard let bounds = bounds() else { return nil }
            (count, isExact) = bounds
        default: return set.map { .repeated($0, count: 1, isExact: true) } ?? .open
        }
        // Lazy or possessive: the same texts or fewer.
        if next == "?" || next == "+" { place += 1 }
        if let next, "?*+{".unicodeScalars.contains(next) { return nil }
        return set.map { .repeated($0, count: count, isExact: isExact) } ?? .open
    }

    /// `{n}`, `{n,}`, `{n,m}`.
    private mutating func bounds() -> (count: Int, isExact: Bool)? {
        place += 1
        guard let least = number() else { return nil }
        var isExact = true
        if next == "," {
            place += 1
            isExact = number() == least
        }
        guard next == "}" else { return nil }
        place += 1
        return (least, isExact)
    }

    private mutating func number() -> Int? {
        var digits = 0
        var value = 0
        while let scalar = next, ("0"..."9").contains(scalar), digits < 5 {
            value = value * 10 + Int(scalar.value - 0x30)
            digits += 1
            place += 1
        }
        return digits > 0 ? value : nil
    }
}
