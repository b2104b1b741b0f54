import StoreColumns

/// Makes one figure for each group out of blocks of values. Used on one thread.
///
/// A class, so that a block costs one call; the loops inside are typed, and nothing is allocated a row. Arrays are swapped out
/// of their property while a loop runs, which spares it the checks of exclusive access.
class Accumulator {
    /// Integers of a block's rows, as lanes carry them.
    /// - Parameters:
    ///   - rows: those that have a value and belong.
    ///   - slots: the group of each row of the block; nil where there is one group.
    func add(_ values: borrowing Span<Int64>, _ rows: BlockBits, slots: [Int32]?) {}

    /// Room for so many groups.
    func grow(to count: Int) {}

    /// Whether what came of other rows can be added, and gives the same as their rows would.
    var isMergeable: Bool { false }

    /// Adds what another accumulator of the same kind came to.
    /// - Parameter slots: by its groups, which of the groups here each is.
    func merge(_ other: Accumulator, _ slots: [Int32]) { preconditionFailure("an accumulator that is not merged") }

    /// The figures of the first `count` groups.
    func finish(_ count: Int) -> DerivedColumn { preconditionFailure("an accumulator of nothing") }
}

/// One that takes a count of values and their sum as well as the values.
protocol DenseAccumulator: Accumulator {
    func add(_ sum: Int128, of count: Int64, _ slot: Int)
}

/// A column of figures while it is filled.
struct FigureColumn {
    private var values: [Int64]
    private var valid: [UInt64]
    private var failures: [Int: EvaluationError] = [:]

    init(count: Int) {
        values = Array(repeating: 0, count: count)
        valid = Array(repeating: 0, count: (count + 63) / 64)
    }

    mutating func set(_ group: Int, to value: Int64) {
        values[group] = value
        valid[group >> 6] |= 1 << UInt64(group & 63)
    }

    mutating func fail(_ group: Int, _ what: String) { failures[group] = .overflow(what) }

    func finish() -> DerivedColumn { DerivedColumn(.integers(values), valid: valid, failures: failures) }
}

extension Array {
    mutating func grow(to count: Int, with element: Element) {
        guard self.count < count else { return }
        if capacity < count { reserveCapacity(Swift.max(count, capacity * 2)) }
        while self.count < count { append(element) }
    }
}

/// How many rows: with a value, where there are values, else all.
final class CountAccumulator: Accumulator, DenseAccumulator {
    func add(_ sum: Int128, of count: Int64, _ slot: Int) { counts[slot] += count }

    private var counts: [Int64] = []

    override func grow(to count: Int) { counts.grow(to: count, with: 0) }

    override func add(_ values: borrowing Span<Int64>, _ rows: BlockBits, slots: [Int32]?) {
        guard let slots else {
            counts[0] += Int64(rows.count)
            return
        }
        var counts: [Int64] = []
        swap(&counts, &self.counts)
        Self.count(rows, slots.span, in: counts.mutableSpan)
        swap(&counts, &self.counts)
    }

    /// Over spans: an array is asked at each change whether it is its own.
    private static func count(_ rows: BlockBits, _ slots: Span<Int32>, in counts: consuming MutableSpan<Int64>) {
        rows.forEachRow { counts[Int(slots[$0])] &+= 1 }
    }

    override var isMergeable: Bool { true }

    override func merge(_ other: Accumulator, _ slots: [Int32]) {
        guard let other = other as? CountAccumulator else { preconditionFailure("one kind is merged with itself") }
        for (group, slot) in slots.enumerated() { counts[Int(slot)] += other.counts[group] }
    }

    override func finish(_ count: Int) -> DerivedColumn {
        var column = FigureColumn(count: count)
        for group in 0..<count { column.set(group, to: counts[group]) }
        return column.finish()
    }
}

/// How many different values: a bit for each value of a small space and group, else a hash of both.
final class DistinctAccumulator: Accumulator {
    /// 32 MiB.
    private static let bitLimit = 1 << 28

    private var counts: [Int64] = []
    /// Words of bits that each group has; nil where values are hashed.
    private var wordCount: Int?
    private var seen: [UInt64] = []
    private var known = SlotMap(space: nil)

    /// - Parameter space: Values run from 0 up to, not including, this; nil where nothing is known of them.
    init(space: Int?) { wordCount = space.map { ($0 + 63) / 64 } }

    override func grow(to count: Int) {
        counts.grow(to: count, with: 0)
        guard let wordCount else { return }
        if count * wordCount * 64 <= Self.bitLimit {
            seen.grow(to: count * wordCount, with: 0)
        } else {
            giveUpBits(wordCount)
        }
    }

    private func giveUpBits(_ wordCount: Int) {
        for place in seen.indices where seen[place] != 0 {
            for bit in 0..<64 where seen[place] >> UInt64(bit) & 1 != 0 {
                _ = known.number(Int32(truncatingIfNeeded: place / wordCount), Int64(place % wordCount * 64 + bit))
            }
        }
        seen = []
        self.wordCount = nil
    }

    override func add(_ values: borrowing Span<Int64>, _ rows: BlockBits, slots: [Int32]?) {
        var counts: [Int64] = []
        var seen: [UInt64] = []
        var known = SlotMap(space: nil)
        swap(&counts, &self.counts)
        swap(&seen, &self.seen)
        swap(&known, &self.known)
        let wordCount = wordCount
        for word in 0..<Block.wordCount {
            var bits = rows[word: word]
            while bits != 0 {
                let row = word << 6 + bits.trailingZeroBitCount
                bits &= bits &- 1
                let slot = slots.map { Int($0[row]) } ?? 0
                let value = values[row]
                if let wordCount {
                    let place = slot * wordCount + Int(truncatingIfNeeded: value >> 6)
                    let bit = UInt64(1) << UInt64(truncatingIfNeeded: value & 63)
                    if seen[place] & bit == 0 {
                        seen[place] |= bit
                        counts[slot] += 1
                    }
                } else {
                    let before = known.count
                    _ = known.number(Int32(truncatingIfNeeded: slot), value)
                    if known.count > before { counts[slot] += 1 }
                }
            }
        }
        swap(&counts, &self.counts)
        swap(&seen, &self.seen)
        swap(&known, &self.known)
    }

    override func finish(_ count: Int) -> DerivedColumn {
        var column = FigureColumn(count: count)
        for group in 0..<count { column.set(group, to: counts[group]) }
        return column.finish()
    }
}

/// The exact sum of scaled integers, or their average. 128 bits hold more addends than there are rows.
final class SumAccumulator: Accumulator, DenseAccumulator {
    func add(_ sum: Int128, of count: Int64, _ slot: Int) {
        sums[slot] += sum
        if averageScale != nil { counts[slot] += count }
    }

    private var sums: [Int128] = []
    private var counts: [Int64] = []
    /// Nil for a sum.
    private let averageScale: Int?

    init(averageScale: Int?) { self.averageScale = averageScale }

    override func grow(to count: Int) {
        sums.grow(to: count, with: 0)
        if averageScale != nil { counts.grow(to: count, with: 0) }
    }

    override func add(_ values: borrowing Span<Int64>, _ rows: BlockBits, slots: [Int32]?) {
        guard let slots else {
            var sum: Int128 = 0
            rows.forEachRow { sum += Int128(values[$0]) }
            sums[0] += sum
            if averageScale != nil { counts[0] += Int64(rows.count) }
            return
        }
        var sums: [Int128] = []
        swap(&sums, &self.sums)
        Self.add(values, rows, slots.span, to: sums.mutableSpan)
        swap(&sums, &self.sums)
        guard averageScale != nil else { return }
        var counts: [Int64] = []
        swap(&counts, &self.counts)
        rows.forEachRow { counts[Int(slots[$0])] += 1 }
        swap(&counts, &self.counts)
    }

    private static func add(
        _ values: borrowing Span<Int64>, _ rows: BlockBits, _ slots: Span<Int32>, to sums: consuming MutableSpan<Int128>
    ) {
        // No more than 2⁶⁴ addends of 64 bits: 128 hold them.
        rows.forEachRow { sums[Int(slots[$0])] &+= Int128(values[$0]) }
    }

    override var isMergeable: Bool { true }

    override func merge(_ other: Accumulator, _ slots: [Int32]) {
        guard let other = other as? SumAccumulator else { preconditionFailure("one kind is merged with itself") }
        for (group, slot) in slots.enumerated() {
            sums[Int(slot)] += other.sums[group]
            if averageScale != nil { counts[Int(slot)] += other.counts[group] }
        }
    }

    override func finish(_ count: Int) -> DerivedColumn {
        guard let averageScale else {
            var column = FigureColumn(count: count)
            for group in 0..<count {
                if let sum = Int64(exactly: sums[group]) {
                    column.set(group, to: sum)
                } else {
                    column.fail(group, "a sum does not fit in 64 bits")
                }
            }
            return column.finish()
        }
        var ratios = Array(repeating: Ratio.zero, count: count)
        var valid = Array(repeating: UInt64(0), count: (count + 63) / 64)
        var failures: [Int: EvaluationError] = [:]
        for group in 0..<count where counts[group] > 0 {
            if let average = Ratio(
                reducing: sums[group], over: Int128(counts[group]) * Int128(Scale.power(of: averageScale)))
            {
                ratios[group] = average
                valid[group >> 6] |= 1 << UInt64(group & 63)
            } else {
                failures[group] = .overflow("an average does not fit in 64 bits over 64 bits")
            }
        }
        return DerivedColumn(.ratios(ratios), valid: valid, failures: failures)
    }
}

/// The sum of Floats, or their average.
final class FloatSumAccumulator: Accumulator {
    private var sums: [Double] = []
    private var counts: [Int64] = []
    private let isAverage: Bool

    init(isAverage: Bool) { self.isAverage = isAverage }

    override func grow(to count: Int) {
        sums.grow(to: count, with: 0)
        counts.grow(to: count, with: 0)
    }

    override func add(_ values: borrowing Span<Int64>, _ rows: BlockBits, slots: [Int32]?) {
        for word in 0..<Block.wordCount {
            var bits = rows[word: word]
            while bits != 0 {
                let row = word << 6 + bits.trailingZeroBitCount
                bits &= bits &- 1
                let slot = Int(slots.map { $0[row] } ?? 0)
                sums[slot] += Double(lane: values[row])
                counts[slot] += 1
            }
        }
    }

    override func finish(_ count: Int) -> DerivedColumn {
        var column = FigureColumn(count: count)
        for group in 0..<count {
            if isAverage, counts[group] == 0 { continue }
            let figure = isAverage ? sums[group] / Double(counts[group]) : sums[group]
            if figure.isFinite { column.set(group, to: figure.lane) } else { column.fail(group, "a sum of Floats is not finite") }
        }
        return column.finish()
    }
}

/// The least or the greatest of integers; Floats by their value.
final class ExtremeAccumulator: Accumulator {
    private var best: [Int64] = []
    private var isThere: [Bool] = []
    private let isGreatest: Bool
    private let isFloat: Bool

    init(isGreatest: Bool, isFloat: Bool) {
        self.isGreatest = isGreatest
        self.isFloat = isFloat
    }

    override func grow(to count: Int) {
        best.grow(to: count, with: 0)
        isThere.grow(to: count, with: false)
    }

    override func add(_ values: borrowing Span<Int64>, _ rows: BlockBits, slots: [Int32]?) {
        var best: [Int64] = []
        var isThere: [Bool] = []
        swap(&best, &self.best)
        swap(&isThere, &self.isThere)
        for word in 0..<Block.wordCount {
            var bits = rows[word: word]
            while bits != 0 {
                let row = word << 6 + bits.trailingZeroBitCount
                bits &= bits &- 1
                let slot = slots.map { Int($0[row]) } ?? 0
                let value = values[row]
                if isThere[slot] {
                    let exceeds =
                        isFloat
                        ? Double(lane: value).exceeds(Double(lane: best[slot]), isGreatest)
                        : value.exceeds(best[slot], isGreatest)
                    guard exceeds else { continue }
                }
                best[slot] = value
                isThere[slot] = true
            }
        }
        swap(&best, &self.best)
        swap(&isThere, &self.isThere)
    }

    override var isMergeable: Bool { true }

    override func merge(_ other: Accumulator, _ slots: [Int32]) {
        guard let other = other as? ExtremeAccumulator else { preconditionFailure("one kind is merged with itself") }
        for (group, slot) in slots.enumerated() where other.isThere[group] {
            let (value, slot) = (other.best[group], Int(slot))
            guard !isThere[slot] || exceeds(value, best[slot]) else { continue }
            best[slot] = value
            isThere[slot] = true
        }
    }

    private func exceeds(_ value: Int64, _ best: Int64) -> Bool {
        isFloat ? Double(lane: value).exceeds(Double(lane: best), isGreatest) : value.exceeds(best, isGreatest)
    }

    override func finish(_ count: Int) -> DerivedColumn {
        var column = FigureColumn(count: count)
        for group in 0..<count where isThere[group] { column.set(group, to: best[group]) }
        return column.finish()
    }
}
