import StoreColumns

/// The middle value of each group: of an even number of values the mean of the two in the middle, and of dates the
/// earlier. Keeps every value, twelve bytes each, until it is asked.
final class MedianAccumulator: Accumulator {
    /// What a mean of two is.
    enum Mean {
        /// Twice the scale: the sum of both halves, `factor` being what one more digit makes of a value.
        case scaled(factor: Int64, divisor: Int64)
        case float
        case earlier
    }
    private var values: [Int64] = []
    private var slots: [Int32] = []
    private let mean: Mean

    init(_ mean: Mean) { self.mean = mean }

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
        var column = FigureColumn(count: count)
        var grouped = GroupedValues(values, slots, count)
        for group in 0..<count {
            guard let (low, high) = grouped.middle(of: group, isFloat: mean.isFloat) else { continue }
            if let median = mean.of(low, high) {
                column.set(group, to: median)
            } else {
                column.fail(group, "a median does not fit in 64 bits")
            }
        }
        return column.finish()
    }
}

extension MedianAccumulator.Mean {
    var isFloat: Bool { if case .float = self { true } else { false } }

    /// What a mean of two values of a type is.
    static func of(_ type: ExpressionType) -> Self {
        guard let scale = type.scale else { return type == .float ? .float : .earlier }
        // Half of a sum needs one digit more, where there is one.
        return scale < ExpressionType.decimalDigits ? .scaled(factor: 5, divisor: 1) : .scaled(factor: 1, divisor: 2)
    }

    /// The mean of the two in the middle; nil where it does not fit.
    func of(_ low: Int64, _ high: Int64) -> Int64? {
        switch self {
        case .earlier: return low
        // Halved first, so that the sum of two great ones is finite.
        case .float: return (Double(lane: low) / 2 + Double(lane: high) / 2).lane
        case .scaled(let factor, let divisor):
            let twice = (Int128(low) + Int128(high)) * Int128(factor)
            return Int64(exactly: Scale.roundedQuotient(twice, Int128(divisor)))
        }
    }
}

/// Values put together by group, each group's in one run.
struct GroupedValues {
    private var values: [Int64]
    private var starts: [Int]

    init(_ values: [Int64], _ slots: [Int32], _ count: Int) {
        var starts = Array(repeating: 0, count: count + 1)
        for slot in slots { starts[Int(slot) + 1] += 1 }
        for group in 0..<count { starts[group + 1] += starts[group] }
        self.starts = starts
        var next = starts
        var sorted = Array(repeating: Int64(0), count: values.count)
        for index in values.indices {
            let slot = Int(slots[index])
            sorted[next[slot]] = values[index]
            next[slot] += 1
        }
        self.values = sorted
    }

    /// The one or two values in the middle of a group; nil where it has none. Cost: what selecting them costs, without sorting.
    mutating func middle(of group: Int, isFloat: Bool) -> (low: Int64, high: Int64)? {
        let range = starts[group]..<starts[group + 1]
        guard !range.isEmpty else { return nil }
        // Floats as integers in the same order.
        if isFloat { for index in range { values[index] = Self.ordered(values[index]) } }
        let middle = range.lowerBound + range.count / 2
        select(middle, in: range)
        let high = values[middle]
        var low = high
        if range.count % 2 == 0 {
            low = values[range.lowerBound]
            for index in range.lowerBound..<middle { low = max(low, values[index]) }
        }
        return isFloat ? (Self.ordered(low), Self.ordered(high)) : (low, high)
    }

    /// Turns the bits of a Float into an integer of the same order, and back.
    private static func ordered(_ lane: Int64) -> Int64 { lane < 0 ? lane ^ Int64.max : lane }

    /// Puts the value that would stand at a place, were the range sorted, there; smaller ones before it. Hoare's selection, with the
    /// median of three as pivot.
    private mutating func select(_ place: Int, in range: Range<Int>) {
        var (low, high) = (range.lowerBound, range.upperBound - 1)
        while low < high {
            let middle = low + (high - low) / 2
            if values[middle] < values[low] { values.swapAt(middle, low) }
            if values[high] < values[low] { values.swapAt(high, low) }
            if values[high] < values[middle] { values.swapAt(high, middle) }
            let pivot = values[middle]
            var (left, right) = (low, high)
            while left <= right {
                while values[left] < pivot { left += 1 }
                while values[right] > pivot { right -= 1 }
                if left <= right {
                    values.swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if place <= right {
                high = right
            } else if place >= left {
                low = left
            } else {
                return
            }
        }
    }
}
