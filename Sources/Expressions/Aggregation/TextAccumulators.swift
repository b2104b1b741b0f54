import StoreColumns

/// What the numbers of texts stand for: codes of a column's dictionary, or places in a list of texts that were met.
enum NumberedTexts: Sendable {
    case dictionary(StringDictionary)
    case list([[UInt8]])

    func text(of number: Int64) -> String {
        switch self {
        case .dictionary(let dictionary): dictionary.text(of: UInt32(truncatingIfNeeded: number))
        case .list(let texts): String(decoding: texts[Int(truncatingIfNeeded: number)], as: UTF8.self)
        }
    }

    /// Below, at or above 0 as the first text comes before, with or after the second, by bytes.
    func order(_ left: Int64, _ right: Int64) -> Int {
        if left == right { return 0 }
        switch self {
        case .dictionary(let dictionary):
            return dictionary.bytes(of: UInt32(truncatingIfNeeded: left))
                .order(against: dictionary.bytes(of: UInt32(truncatingIfNeeded: right)))
        case .list(let texts):
            let (first, second) = (texts[Int(truncatingIfNeeded: left)], texts[Int(truncatingIfNeeded: right)])
            return first.span.order(against: second.span)
        }
    }

    func append(_ number: Int64, to bytes: inout [UInt8]) {
        switch self {
        case .dictionary(let dictionary):
            let text = dictionary.bytes(of: UInt32(truncatingIfNeeded: number))
            for index in text.indices { bytes.append(text[index]) }
        case .list(let texts): bytes.append(contentsOf: texts[Int(truncatingIfNeeded: number)])
        }
    }
}

extension FigureReader {
    /// What the lanes of texts stand for: of a list, those that were read so far.
    var numberedTexts: NumberedTexts { figure.dictionary.map { .dictionary($0) } ?? .list(texts) }

    /// What makes a figure of texts that goes by their order; nil for figures that go by their numbers.
    func textAccumulator(_ operation: Measure.Operation) -> Accumulator? {
        switch operation {
        case .minimum: TextExtremeAccumulator(self, isGreatest: false)
        case .maximum: TextExtremeAccumulator(self, isGreatest: true)
        case .median: TextMedianAccumulator(self)
        case .count, .countDistinct, .sum, .average: nil
        }
    }
}

/// The number of the least or the greatest text.
final class TextExtremeAccumulator: Accumulator {
    private var best: [Int64] = []
    private var isThere: [Bool] = []
    private let reader: FigureReader
    private let isGreatest: Bool

    init(_ reader: FigureReader, isGreatest: Bool) {
        self.reader = reader
        self.isGreatest = isGreatest
    }

    override func grow(to count: Int) {
        best.grow(to: count, with: 0)
        isThere.grow(to: count, with: false)
    }

    override func add(_ values: borrowing Span<Int64>, _ rows: BlockBits, slots: [Int32]?) {
        // Taken anew for each block: a list of texts grows as they are read.
        let texts = reader.numberedTexts
        for word in 0..<Block.wordCount {
            var bits = rows[word: word]
            while bits != 0 {
                let row = word << 6 + bits.trailingZeroBitCount
                bits &= bits &- 1
                offer(values[row], Int(slots.map { $0[row] } ?? 0), texts)
            }
        }
    }

    private func offer(_ value: Int64, _ slot: Int, _ texts: NumberedTexts) {
        guard !isThere[slot] || texts.order(value, best[slot]).exceeds(0, isGreatest) else { return }
        best[slot] = value
        isThere[slot] = true
    }

    /// Codes of a column mean the same to all who read it; texts that are no column's are numbered as they come.
    override var isMergeable: Bool { reader.givesSharedValues }

    override func merge(_ other: Accumulator, _ slots: [Int32]) {
        guard let other = other as? TextExtremeAccumulator else { preconditionFailure("one kind is merged with itself") }
        let texts = reader.numberedTexts
        for (group, slot) in slots.enumerated() where other.isThere[group] { offer(other.best[group], Int(slot), texts) }
    }

    override func finish(_ count: Int) -> DerivedColumn {
        var column = FigureColumn(count: count)
        for group in 0..<count where isThere[group] { column.set(group, to: best[group]) }
        return column.finish()
    }
}

/// The number of the middle text, of two in the middle of the lesser: as of dates, texts having no mean. Keeps every number, twelve
/// bytes each, and puts the different texts in order once.
final class TextMedianAccumulator: Accumulator {
    private var values: [Int64] = []
    private var slots: [Int32] = []
    private let reader: FigureReader

    init(_ reader: FigureReader) { self.reader = reader }

    override func add(_ values: borrowing Span<Int64>, _ rows: BlockBits, slots: [Int32]?) {
        for word in 0..<Block.wordCount {
            var bits = rows[word: word]
            while bits != 0 {
                let row = word << 6 + bits.trailingZeroBitCount
                bits &= bits &- 1
                self.values.append(values[row])
                self.slots.append(slots.map { $0[row] } ?? 0)
            }
        }
    }

    override func finish(_ count: Int) -> DerivedColumn {
        let texts = reader.numberedTexts
        let ordered = Set(values).sorted { texts.order($0, $1) < 0 }
        var ranks: [Int64: Int64] = [:]
        for (rank, value) in ordered.enumerated() { ranks[value] = Int64(rank) }
        var grouped = GroupedValues(values.map { ranks[$0] ?? 0 }, slots, count)
        var column = FigureColumn(count: count)
        for group in 0..<count {
            guard let middle = grouped.middle(of: group, isFloat: false) else { continue }
            column.set(group, to: ordered[Int(truncatingIfNeeded: middle.low)])
        }
        return column.finish()
    }
}
