import Patterns
import StoreColumns
import Synchronization

/// A stored string column at a row; null where it or the row is.
final class ColumnText: TextNode, @unchecked Sendable {
    private let codes: ColumnInteger
    private let dictionary: StringDictionary
    init(_ codes: ColumnInteger, _ dictionary: StringDictionary) {
        self.codes = codes
        self.dictionary = dictionary
    }

    override func append(to bytes: inout [UInt8], _ frame: inout Frame) throws(EvaluationError) -> Bool {
        guard let code = try codes.value(&frame) else { return false }
        let dictionary = dictionary
        let text = dictionary.bytes(of: UInt32(truncatingIfNeeded: code))
        for index in text.indices { bytes.append(text[index]) }
        return true
    }
}

/// A test of a text's bytes, against something known when compiled.
enum ByteTest: Sendable {
    case literal(TextTest)
    /// With the frame's place for the matcher.
    case pattern(Pattern, matcher: Int)
    case comparison(Comparison, [UInt8])

    /// Which of at most 64 adjacent texts of a dictionary, the first at a multiple of 64, the test is worth to be asked of: a bit each.
    func admitted(_ codes: Range<Int>, of dictionary: StringDictionary) -> UInt64 {
        guard case .pattern(let pattern, _) = self else { return 1 << UInt64(codes.count) &- 1 }
        let (offsets, bytes) = (dictionary.offsets(of: codes), dictionary.segmentBytes(of: codes.lowerBound))
        return pattern.admitted(offsets, of: bytes)
    }

    func holds(_ bytes: Span<UInt8>, _ frame: inout Frame) throws(EvaluationError) -> Bool {
        switch self {
        case .literal(let test): return test.matches(bytes)
        case .comparison(let comparison, let constant):
            return comparison.holds(bytes.order(against: constant.span), 0)
        case .pattern(let pattern, let index):
            guard pattern.admits(bytes) else { return false }
            // A match may take half a millisecond: time is looked at before each.
            try frame.budget.beginUncounted()
            let matcher: PatternMatcher
            if let kept = frame.matchers[index] {
                matcher = kept
            } else {
                matcher = pattern.makeMatcher()
                frame.matchers[index] = matcher
            }
            do throws(PatternError) { return try matcher.matches(bytes) } catch {
                throw EvaluationError(error, pattern: pattern.text)
            }
        }
    }
}

/// A test of any text; unknown where it is null.
final class TextHolds: TruthNode, @unchecked Sendable {
    private let operand: TextNode
    private let test: ByteTest
    init(_ operand: TextNode, _ test: ByteTest) {
        self.operand = operand
        self.test = test
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        var bytes = frame.takeBytes()
        let isThere = try operand.append(to: &bytes, &frame)
        let truth = isThere ? Truth(try test.holds(bytes.span, &frame)) : .unknown
        frame.giveBack(bytes)
        return truth
    }
}

/// A test of a string column: row by row at first, over the whole dictionary once that pays, and then a bit a code.
final class CodeHolds: TruthNode, @unchecked Sendable {
    private let codes: ColumnInteger
    private let dictionary: StringDictionary
    private let test: ByteTest
    private let site: Int
    private let verdicts = Mutex<Verdicts>(.open)

    private enum Verdicts: Sendable {
        case open
        case known(TruthBitmaps)
        /// A text of the dictionary reached a limit: each row is asked, so that only a row that has it fails.
        case unreachable
    }

    init(_ codes: ColumnInteger, _ dictionary: StringDictionary, _ test: ByteTest, site: Int) {
        self.codes = codes
        self.dictionary = dictionary
        self.test = test
        self.site = site
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let code = try codes.value(&frame) else { return .unknown }
        if let known = try known(&frame, asking: 1) { return known[Int(truncatingIfNeeded: code)] }
        let dictionary = dictionary
        return Truth(try test.holds(dictionary.bytes(of: UInt32(truncatingIfNeeded: code)), &frame))
    }

    override func truths(_ block: Block, _ mask: BlockBits, _ frame: inout Frame) throws(EvaluationError) -> BlockTruth {
        var lanes = frame.takeLanes()
        try codes.fill(&lanes, block, mask, &frame)
        let asked = mask & lanes.valid
        var truth = BlockTruth(yes: .none, unknown: mask.without(lanes.valid))
        let known = try known(&frame, asking: asked.count)
        let dictionary = dictionary
        for word in 0..<Block.wordCount {
            var open = asked[word: word]
            var held: UInt64 = 0
            while open != 0 {
                let bit = open.trailingZeroBitCount
                open &= open &- 1
                let code = lanes.values[word << 6 + bit]
                let holds: Bool
                if let known {
                    holds = known[Int(truncatingIfNeeded: code)] == .yes
                } else {
                    holds = try test.holds(dictionary.bytes(of: UInt32(truncatingIfNeeded: code)), &frame)
                }
                if holds { held |= 1 << UInt64(bit) }
            }
            truth.yes[word: word] = held
        }
        frame.giveBack(lanes)
        return truth
    }

    override func truths(
        ofRowsIn rows: borrowing Lanes, _ mask: BlockBits, slot: Int, _ frame: inout Frame
    ) throws(EvaluationError) -> BlockTruth {
        guard codes.isColumn(ofRowsIn: slot) else { return try super.truths(ofRowsIn: rows, mask, slot: slot, &frame) }
        let known = try known(&frame, asking: mask.count)
        let dictionary = dictionary
        var truth = BlockTruth.no
        for word in 0..<Block.wordCount {
            var open = mask[word: word]
            while open != 0 {
                let place = word << 6 + open.trailingZeroBitCount
                open &= open &- 1
                guard let code = codes.stored(at: Int(truncatingIfNeeded: rows.values[place])) else {
                    truth.unknown.insert(place)
                    continue
                }
                let holds: Bool
                if let known {
                    holds = known[Int(truncatingIfNeeded: code)] == .yes
                } else {
                    holds = try test.holds(dictionary.bytes(of: UInt32(truncatingIfNeeded: code)), &frame)
                }
                if holds { truth.yes.insert(place) }
            }
        }
        return truth
    }

    private func known(_ frame: inout Frame, asking count: Int) throws(EvaluationError) -> TruthBitmaps? {
        if let known = frame.predicates[site] { return known }
        // Every code is asked once at most, and one after the other, which costs less than half of what texts here and there do.
        guard frame.pays(at: site, asked: count, of: dictionary.count * 4) else { return nil }
        switch verdicts.withLock({ $0 }) {
        case .known(let known):
            frame.predicates[site] = known
            return known
        case .unreachable: return nil
        case .open: break
        }
        let count = dictionary.count
        var bits: [UInt64] = []
        do throws(EvaluationError) {
            if let splitting = frame.splitting, splitting.splits(count) {
                let parts = try splitting.parts(of: 0..<count, &frame) { (range, frame) throws(EvaluationError) in
                    try self.bits(of: range, &frame)
                }
                for part in parts { bits += part }
            } else {
                bits = try self.bits(of: 0..<count, &frame)
            }
        } catch .patternLimit {
            verdicts.withLock { $0 = .unreachable }
            return nil
        }
        let known = TruthBitmaps(yes: bits, unknown: [])
        verdicts.withLock { $0 = .known(known) }
        frame.predicates[site] = known
        return known
    }

    /// The verdicts of some texts, the first at a multiple of 64.
    private func bits(of codes: Range<Int>, _ frame: inout Frame) throws(EvaluationError) -> [UInt64] {
        let dictionary = dictionary
        var bits = Array(repeating: UInt64(0), count: (codes.count + 63) / 64)
        for (word, first) in stride(from: codes.lowerBound, to: codes.upperBound, by: 64).enumerated() {
            let texts = first..<min(first + 64, codes.upperBound)
            try frame.charge(texts.count)
            var open = test.admitted(texts, of: dictionary)
            while open != 0 {
                let place = open.trailingZeroBitCount
                open &= open &- 1
                if try test.holds(dictionary.bytes(of: UInt32(first + place)), &frame) { bits[word] |= 1 << UInt64(place) }
            }
        }
        return bits
    }
}
