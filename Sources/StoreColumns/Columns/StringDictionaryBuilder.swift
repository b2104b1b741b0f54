import Bytes

/// A dictionary in the making: finds the old texts and the new ones, and gives new texts the next codes.
final class StringDictionaryBuilder {
    let base: StringDictionary
    private var fresh = FreshTexts()
    private var index: HashIndexBuilder
    private var scratch: Scratch?

    init(_ base: StringDictionary) {
        self.base = base
        index = HashIndexBuilder(base.index)
    }

    /// The code of a text, old or new; nil for one that is not there.
    func code(of text: String) -> UInt32? {
        var text = text
        text.makeContiguousUTF8()
        let utf8 = text.utf8Span.span
        return code(of: utf8, hash: StringDictionary.hash32(utf8, base.hash))
    }

    private func code(of utf8: Span<UInt8>, hash: UInt32) -> UInt32? {
        index.first(hash) { code in
            let place = Int(code) - base.count
            if place < 0 {
                return base.isText(of: code, utf8)
            }
            return fresh.isSame(place, as: utf8)
        }
    }

    /// The code of a text, which is given one if it has none. Nil for a text that is too long, or one too many.
    func intern(_ text: String) -> UInt32? {
        var text = text
        text.makeContiguousUTF8()
        return intern(text.utf8Span.span)
    }

    /// As above, of valid UTF-8.
    func intern(_ utf8: Span<UInt8>) -> UInt32? { intern(utf8, hash: StringDictionary.hash32(utf8, base.hash)) }

    /// As above, of a text whose `hash32` under the base's hash is known.
    func intern(_ utf8: Span<UInt8>, hash: UInt32) -> UInt32? {
        guard utf8.count <= StringDictionary.maximumByteCount else { return nil }
        if let known = code(of: utf8, hash: hash) { return known }
        guard let code = UInt32(exactly: base.count + fresh.ends.count), code < .max else { return nil }
        fresh.append(utf8)
        index.insert(hash, code)
        return code
    }

    /// Texts so far, old and new.
    var textCount: Int { base.count + fresh.ends.count }

    /// The dictionary with the new texts; the base itself if there are none.
    /// - Parameter scratch: where the texts are put; nil: on the heap.
    func finish(in scratch: Scratch? = nil) -> StringDictionary {
        self.scratch = scratch
        let ends = fresh.ends
        guard !ends.isEmpty else { return base }
        var segments = base.segments
        var next = 0
        while next < ends.count {
            let held = (base.count + next) & 0xFFFF
            let taken = min(ChunkLayout.rowCount - held, ends.count - next)
            if held == 0 {
                segments.append(segment(TextSegment?.none, next..<next + taken))
            } else {
                segments[segments.count - 1] = segment(segments[segments.count - 1], next..<next + taken)
            }
            next += taken
        }
        return StringDictionary(
            segments: segments, index: index.finish(), hash: base.hash, count: base.count + ends.count,
            earlierOrder: base.knownOrder)
    }

    /// A segment continued with new texts, in its spare room where it has some.
    private func segment(_ old: TextSegment?, _ places: Range<Int>) -> TextSegment {
        // A segment that is cut from a longer text, as files hold it, becomes one of its own.
        let old = old.map { $0.isWhole ? $0 : $0.separated() }
        let ends = fresh.ends
        let start = places.lowerBound == 0 ? 0 : ends[places.lowerBound - 1]
        let end = ends[places.upperBound - 1]
        let oldCount = old.map { $0.offsets.count - 1 } ?? 0
        let oldBytes = old?.bytes.count ?? 0
        let offsets = extended(old?.offsets, to: oldCount + places.count + 1)
        for place in places {
            // At most 65,536 texts of at most 65,535 bytes.
            offsets[oldCount + 1 + place - places.lowerBound] = UInt32(oldBytes + ends[place] - start)
        }
        let texts = extended(old?.bytes, to: oldBytes + end - start)
        let bytes = fresh.bytes
        let all = bytes.span
        texts.copy(all.extracting(start..<end), to: oldBytes)
        return TextSegment(offsets: offsets.finish(), bytes: texts.finish())
    }

    private func extended<Element: FixedWidthElement>(_ old: Elements<Element>?, to count: Int) -> ElementWriter<Element> {
        let capacity = ChunkLayout.capacity(for: count)
        guard let old else { return ElementWriter(count: count, capacity: scratch == nil ? capacity : count, in: scratch) }
        return ElementWriter(extending: old, to: count) ?? ElementWriter(copying: old, count: count, capacity: capacity)
    }
}

/// The texts that are new, one after the other.
private struct FreshTexts {
    private(set) var bytes: [UInt8] = []
    /// Where each ends.
    private(set) var ends: [Int] = []

    mutating func append(_ text: Span<UInt8>) {
        for index in text.indices { bytes.append(text[index]) }
        ends.append(bytes.count)
    }

    func isSame(_ place: Int, as text: Span<UInt8>) -> Bool {
        bytes.span.extracting((place == 0 ? 0 : ends[place - 1])..<ends[place]).isSame(as: text)
    }
}

extension TextSegment {
    /// Whether its texts are all of its bytes.
    fileprivate var isWhole: Bool { offsets[0] == 0 && Int(offsets[offsets.count - 1]) == bytes.count }

    /// A copy that is whole.
    fileprivate func separated() -> TextSegment {
        let first = offsets[0]
        let last = offsets[offsets.count - 1]
        let own = ElementWriter<UInt32>(count: offsets.count, capacity: offsets.count)
        for index in 0..<offsets.count { own[index] = offsets[index] - first }
        return TextSegment(offsets: own.finish(), bytes: bytes.slice(Int(first)..<Int(last)))
    }
}
