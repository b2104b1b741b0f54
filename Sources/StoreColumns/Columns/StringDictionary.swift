import Bytes
import Synchronization

/// The distinct texts of a column, each with a code. Codes are given in order of arrival and never change over a line of
/// versions, so columns of older versions keep their meaning; a newer dictionary shares all that the older one held.
///
/// Texts are compared byte by byte: canonically equivalent spellings are different texts.
package final class StringDictionary: Sendable {
    package let segments: [TextSegment]
    private let givenIndex: HashIndex?
    /// The index that was made on first use, where none was given.
    private let madeIndex = Mutex<HashIndex?>(nil)
    let hash: KeyedHash
    package let count: Int
    /// Codes that no row holds and no text names: nulls of a column whose codes are its rows.
    private let isHeld: (@Sendable (UInt32) -> Bool)?
    /// Where an index that is made finds room; nil: on the heap.
    private let scratch: Scratch?
    /// The order of all codes, once somebody has asked for it.
    private let order = Mutex<TextOrder?>(nil)
    /// The order of the first codes, as an older dictionary had it.
    private let earlierOrder: TextOrder?

    /// A longer text is refused, so that a segment's offsets fit 32 bits.
    package static let maximumByteCount = 65_535

    init(segments: [TextSegment], index: HashIndex?, hash: KeyedHash, count: Int, earlierOrder: TextOrder?) {
        self.segments = segments
        givenIndex = index
        self.hash = hash
        self.count = count
        isHeld = nil
        scratch = nil
        self.earlierOrder = earlierOrder
    }

    /// A dictionary over texts that lie somewhere already.
    /// - Parameters:
    ///   - segments: all but the last one hold 65,536 texts.
    ///   - index: the codes by the texts' hashes under `hash`; nil to have it made on first use.
    ///   - isHeld: false for codes that stand under nulls; nil where there are none.
    package init(
        segments: [TextSegment], count: Int, hash: KeyedHash, index: LateIndex?,
        isHeld: (@Sendable (UInt32) -> Bool)? = nil, scratch: Scratch? = nil
    ) {
        self.scratch = scratch
        self.segments = segments
        givenIndex = index.map { HashIndex(base: $0) }
        self.hash = hash
        self.count = count
        self.isHeld = isHeld
        earlierOrder = nil
    }

    /// Whether it came as texts that may stand twice: a row's text under the row's number.
    var hasOwnNumbers: Bool { givenIndex == nil }

    /// The codes by hash. Made on first use where the dictionary came without one: one pass over all texts.
    var index: HashIndex {
        if let givenIndex { return givenIndex }
        return madeIndex.withLock { known in
            if let known { return known }
            let made = HashIndex(base: makeIndex())
            known = made
            return made
        }
    }

    /// Lets go of an index that was made on first use. Whoever asks again has it made anew.
    func forgetIndex() { madeIndex.withLock { $0 = nil } }

    /// The codes by the hashes of their texts, made anew. Cost: one pass over all texts.
    package func makeIndex(under otherHash: KeyedHash? = nil) -> BucketIndex {
        let hash = otherHash ?? hash
        var numbers = HashedNumbers(capacity: count)
        for (index, segment) in segments.enumerated() {
            // Bound once for 65,536 texts: to find the segment of each costs as much as its hash.
            let (offsets, bytes) = (segment.offsets.span, segment.bytes.span)
            for local in 0..<min(offsets.count - 1, count - index << 16) {
                let code = UInt32(truncatingIfNeeded: index << 16 | local)
                if let isHeld, !isHeld(code) { continue }
                let text = bytes.extracting(Int(offsets[local])..<Int(offsets[local + 1]))
                numbers.append(code, hash: StringDictionary.hash32(text, hash))
            }
        }
        return BucketIndex(numbers, in: otherHash == nil ? scratch : nil)
    }

    /// Whether a text stands under two codes. Cost: that of the index, and little more.
    var hasRepetition: Bool { firstRepetitions(limit: 1).isEmpty == false }

    /// Codes whose text stands under a lower code too, with the lowest, by code; not more than a limit. Only of a dictionary that came
    /// without an index.
    package func firstRepetitions(limit: Int) -> [(code: UInt32, first: UInt32)] {
        index.repetitions(limit: limit) { isText(of: $0, bytes(of: $1)) }
    }

    static func empty(_ hash: KeyedHash) -> StringDictionary {
        StringDictionary(segments: [], index: .empty, hash: hash, count: 0, earlierOrder: nil)
    }

    /// The code of a text; nil where the column has never held it.
    package func code(of text: String) -> UInt32? {
        code(of: text.utf8Span.span)
    }

    /// The code of UTF-8 bytes; nil where the column has never held them.
    package func code(of bytes: Span<UInt8>) -> UInt32? { code(of: bytes, hash: StringDictionary.hash32(bytes, hash)) }

    func code(of bytes: Span<UInt8>, hash: UInt32) -> UInt32? {
        // Asked as it stands there: what is taken out of an optional is counted.
        hasOwnNumbers ? index.code(of: bytes, hash, in: self) : givenIndex?.code(of: bytes, hash, in: self)
    }

    /// What an index under another hash files a text under.
    package func hash(of code: UInt32, under otherHash: KeyedHash) -> UInt32 {
        StringDictionary.hash32(bytes(of: code), otherHash)
    }

    static func hash32(_ bytes: Span<UInt8>, _ hash: KeyedHash) -> UInt32 {
        UInt32(truncatingIfNeeded: hash.hash(bytes) >> 32)
    }

    func isText(of code: UInt32, _ bytes: Span<UInt8>) -> Bool {
        self.bytes(of: code).isSame(as: bytes)
    }

    /// The UTF-8 of a code that the column holds.
    @inline(__always)
    @_lifetime(borrow self)
    package func bytes(of code: UInt32) -> Span<UInt8> {
        let (index, local) = (Int(code >> 16), Int(code & 0xFFFF))
        // Read in place: a copy of the segment would be counted, text by text. It is held by this dictionary.
        let start = Int(segments[index].offsets[local])
        let end = Int(segments[index].offsets[local + 1])
        let bytes = segments[index].bytes.span(heldBy: self)
        return bytes.extracting(start..<end)
    }

    /// Where adjacent texts of one segment begin in its bytes, and where the last of them ends.
    @_lifetime(borrow self)
    package func offsets(of codes: Range<Int>) -> Span<UInt32> {
        let offsets = segments[codes.lowerBound >> 16].offsets.span(heldBy: self)
        let first = codes.lowerBound & 0xFFFF
        return offsets.extracting(first..<first + codes.count + 1)
    }

    /// The bytes of the segment that holds a code's text.
    @_lifetime(borrow self)
    package func segmentBytes(of code: Int) -> Span<UInt8> { segments[code >> 16].bytes.span(heldBy: self) }

    /// Where the text of a code stands. Asked for many codes before the texts are read, the reads of memory overlap.
    package func place(of code: UInt32) -> DictionaryPlace {
        let (index, local) = (Int(code >> 16), Int(code & 0xFFFF))
        return DictionaryPlace(
            segment: UInt32(truncatingIfNeeded: index), start: segments[index].offsets[local],
            end: segments[index].offsets[local + 1])
    }

    /// The UTF-8 at a place of this dictionary.
    @_lifetime(borrow self)
    package func bytes(at place: DictionaryPlace) -> Span<UInt8> {
        let bytes = segments[Int(place.segment)].bytes.span(heldBy: self)
        return bytes.extracting(Int(place.start)..<Int(place.end))
    }

    package func text(of code: UInt32) -> String {
        // Every text was a `String` when it came.
        (try? String(copying: UTF8Span(validating: bytes(of: code)))) ?? ""
    }

    // MARK: Order

    /// Each code's place among all texts in byte order. Computed on first use, then kept. Cost: one sort of the texts that
    /// are new since an older dictionary was asked, and one pass over all.
    package var ranks: [UInt32] { sorted.ranks }

    /// All codes in the byte order of their texts. Cost as of `ranks`.
    package var codesInOrder: [UInt32] { sorted.codes }

    /// The order that is known of this dictionary, or of its beginning.
    var knownOrder: TextOrder? { order.withLock { $0 } ?? earlierOrder }

    private var sorted: TextOrder {
        order.withLock { known in
            if let known { return known }
            let made = TextOrder(of: self, after: earlierOrder)
            known = made
            return made
        }
    }
}

/// Where a text stands in its dictionary.
package struct DictionaryPlace: Sendable {
    fileprivate var segment: UInt32
    fileprivate var start: UInt32
    fileprivate var end: UInt32
}

/// The texts of 65,536 codes, laid out as an Arrow string array.
package struct TextSegment: Sendable {
    /// One more than there are texts. The first need not be 0.
    package let offsets: Elements<UInt32>
    package let bytes: Elements<UInt8>

    package init(offsets: Elements<UInt32>, bytes: Elements<UInt8>) {
        self.offsets = offsets
        self.bytes = bytes
    }

    func range(of local: Int) -> Range<Int> { Int(offsets[local])..<Int(offsets[local + 1]) }
}

/// The codes of a dictionary by the byte order of their texts.
final class TextOrder: Sendable {
    let codes: [UInt32]
    let ranks: [UInt32]

    /// - Parameter earlier: the order of the first codes; the others are sorted and merged with it.
    init(of dictionary: StringDictionary, after earlier: TextOrder?) {
        let old = earlier?.codes ?? []
        func precedes(_ left: UInt32, _ right: UInt32) -> Bool {
            let (left, right) = (dictionary.bytes(of: left), dictionary.bytes(of: right))
            let count = min(left.count, right.count)
            for index in 0..<count where left[index] != right[index] { return left[index] < right[index] }
            return left.count < right.count
        }
        // Keys often come in their order.
        let isAscending =
            old.isEmpty && (1..<max(dictionary.count, 1)).allSatisfy { !precedes(UInt32($0), UInt32($0 - 1)) }
        if isAscending {
            codes = Array(0..<UInt32(truncatingIfNeeded: dictionary.count))
            ranks = codes
            return
        }
        let new = (UInt32(truncatingIfNeeded: old.count)..<UInt32(truncatingIfNeeded: dictionary.count)).sorted(by: precedes)
        var merged: [UInt32] = []
        merged.reserveCapacity(dictionary.count)
        var place = 0
        for code in new {
            while place < old.count, precedes(old[place], code) {
                merged.append(old[place])
                place += 1
            }
            merged.append(code)
        }
        merged += old[place...]
        var ranks = [UInt32](repeating: 0, count: merged.count)
        for (rank, code) in merged.enumerated() { ranks[Int(code)] = UInt32(truncatingIfNeeded: rank) }
        codes = merged
        self.ranks = ranks
    }
}
