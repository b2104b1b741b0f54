import StoreColumns

/// A grouping key, compiled.
struct CompiledKey: Sendable {
    let key: GroupingKey
    let values: CompiledFigure
    /// Of what the key gives, not of the values it is made from.
    let space: Int?
    /// By row of a tree; empty for other keys.
    fileprivate let ancestors: [RowNumber]

    init(_ key: GroupingKey, on rows: NodeTypeID, _ context: EvaluationContext) throws(EvaluationError) {
        self.key = key
        values = try CompiledFigure(key.expression, on: rows, context)
        var space = values.space
        var ancestors: [RowNumber] = []
        switch (key.unit, values.type) {
        case (.value, .ratio): throw .illTyped("ratios are grouped by intervals")
        case (.value, _): break
        case (.period, .date), (.period, .dateTime): space = nil
        case (.buckets(.between(let bounds)), let type) where type.isNumeric: space = bounds.count + 1
        case (.buckets(.even), let type) where type.isNumeric: space = nil
        case (.ancestor(let level), .row(let tree)) where tree == level.tree: ancestors = try level.ancestors(in: context)
        default: throw .illTyped("a key of another shape")
        }
        self.space = space
        self.ancestors = ancestors
    }

    /// What the key's values mean.
    var resultType: ExpressionType {
        switch key.unit {
        case .value, .ancestor: values.type
        case .period: .date
        case .buckets: .int
        }
    }

}

/// One grouping key for blocks of rows: values read and brought to what they are grouped by. Used on one thread.
final class KeyReader {
    let compiled: CompiledKey
    let values: FigureReader
    private let dayLength: Int64
    private var periods = PeriodStarts()

    /// - Parameter seed: as of `FigureReader`.
    init(_ compiled: CompiledKey, _ seed: FrameSeed? = nil) throws(EvaluationError) {
        self.compiled = compiled
        values = try FigureReader(compiled.values, seed)
        dayLength = values.type == .dateTime ? 86_400_000_000 : 1
    }

    func fill(_ lanes: inout Lanes, _ block: Block, _ mask: BlockBits) throws(EvaluationError) {
        let key = compiled.key
        if values.givesRatios {
            guard case .buckets(let buckets) = key.unit else { throw .illTyped("ratios are grouped by intervals") }
            lanes.valid = .none
            try values.forEachRatio(block, mask) { (row, ratio) throws(EvaluationError) in
                lanes.values[row] = try buckets.index(of: ratio)
                lanes.valid.insert(row)
            }
            return
        }
        try values.fill(&lanes, block, mask)
        switch key.unit {
        case .value: break
        case .period(let unit):
            // Held by nobody else while the loop changes it.
            var known = PeriodStarts()
            swap(&known, &periods)
            lanes.valid.forEachRow { row in lanes.values[row] = known.start(of: lanes.values[row], dayLength, unit) }
            swap(&known, &periods)
        case .ancestor:
            let (found, ancestors) = (lanes.valid, compiled.ancestors)
            lanes.valid = .none
            found.forEachRow { row in
                let ancestor = ancestors[Int(truncatingIfNeeded: lanes.values[row])]
                guard ancestor != noRow else { return }
                lanes.values[row] = Int64(ancestor)
                lanes.valid.insert(row)
            }
        case .buckets(let buckets):
            try lanes.valid.forEach { (row) throws(EvaluationError) in
                lanes.values[row] =
                    if values.type == .float {
                        try buckets.index(of: Double(lane: lanes.values[row]))
                    } else {
                        try buckets.index(of: lanes.values[row], scale: values.type.scale ?? 0)
                    }
            }
        }
    }
}

/// The first days of periods by day, each found once.
private struct PeriodStarts {
    /// Of the days from 1900 to 2099; others are found anew each time.
    private static let first = -25_567
    private static let count = 73_049
    private var known: [Int32] = []

    @inline(__always)
    mutating func start(of value: Int64, _ dayLength: Int64, _ unit: DateBucket) -> Int64 {
        var day = value
        if dayLength != 1 {
            day = value / dayLength
            if value < day * dayLength { day -= 1 }
        }
        guard unit != .day else { return day }
        let place = Int(truncatingIfNeeded: day) - Self.first
        guard place >= 0, place < Self.count else { return Self.computed(day, unit) }
        if known.isEmpty { known = Array(repeating: Int32.min, count: Self.count) }
        if known[place] == Int32.min { known[place] = Int32(truncatingIfNeeded: Self.computed(day, unit)) }
        return Int64(known[place])
    }

    private static func computed(_ day: Int64, _ unit: DateBucket) -> Int64 {
        // Columns hold no day that is none; an instant can lie outside the calendar.
        CivilDate(lane: day).map { Int64(unit.bounds(of: $0).first.days) } ?? day
    }
}

extension AncestorLevel {
    /// By row of the tree: its ancestor of the level, or `noRow`.
    fileprivate func ancestors(in context: EvaluationContext) throws(EvaluationError) -> [RowNumber] {
        let table = context.version[tree]
        guard case .reference(let parents) = table.column(parentColumn), case .enumeration(let levels) = table.column(levelColumn)
        else { throw .illTyped("a tree has a parent and a level") }
        /// `unknown` until a row is settled.
        let unknown = noRow - 1
        var ancestors = Array(repeating: unknown, count: table.rowCount)
        var path: [Int] = []
        for start in 0..<table.rowCount where ancestors[start] == unknown {
            if start & 1_023 == 0 { try context.budget.charge(rows: min(1_024, table.rowCount - start)) }
            var row = start
            var found = noRow
            path.removeAll(keepingCapacity: true)
            while true {
                if ancestors[row] != unknown {
                    found = ancestors[row]
                    break
                }
                // Rows whose parents go round in a circle are below no level.
                ancestors[row] = noRow
                path.append(row)
                if levels[row] == level {
                    found = RowNumber(truncatingIfNeeded: row)
                    break
                }
                guard let parent = parents[row] else { break }
                row = Int(parent)
            }
            for row in path { ancestors[row] = found }
        }
        return ancestors
    }
}

extension NumberBuckets {
    /// Of a scaled integer.
    fileprivate func index(of value: Int64, scale: Int) throws(EvaluationError) -> Int64 {
        switch self {
        case .even(let width, let origin):
            let digits = max(scale, width.fractionDigits, origin.fractionDigits)
            let wide = Int128(width.unscaled) * Int128(Scale.power(of: digits - width.fractionDigits))
            let start = Int128(origin.unscaled) * Int128(Scale.power(of: digits - origin.fractionDigits))
            let distance = Int128(value) * Int128(Scale.power(of: digits - scale)) - start
            return try Self.index(distance, wide)
        case .between(let bounds):
            return Int64(
                bounds.partition {
                    Int128($0.unscaled) * Int128(Scale.power(of: 9 - $0.fractionDigits))
                        <= Int128(value) * Int128(Scale.power(of: 9 - scale))
                })
        }
    }

    fileprivate func index(of ratio: Ratio) throws(EvaluationError) -> Int64 {
        switch self {
        case .even(let width, let origin):
            // (n/d − origin) ÷ width, all over 10⁹ d.
            let nine = Int128(Scale.power(of: 9))
            let start = Int128(origin.unscaled) * Int128(Scale.power(of: 9 - origin.fractionDigits))
            let wide = Int128(width.unscaled) * Int128(Scale.power(of: 9 - width.fractionDigits))
            let (moved, overflows) = start.multipliedReportingOverflow(by: Int128(ratio.denominator))
            let (divisor, more) = wide.multipliedReportingOverflow(by: Int128(ratio.denominator))
            guard !overflows, !more else { throw .overflow("an interval of ratios") }
            return try Self.index(Int128(ratio.numerator) * nine - moved, divisor)
        case .between(let bounds): return Int64(bounds.partition { Ratio($0) <= ratio })
        }
    }

    fileprivate func index(of value: Double) throws(EvaluationError) -> Int64 {
        func double(_ decimal: Decimal) -> Double {
            Double(decimal.unscaled) / Double(Scale.power(of: decimal.fractionDigits))
        }
        switch self {
        case .even(let width, let origin):
            guard let index = Int64(exactly: ((value - double(origin)) / double(width)).rounded(.down)) else {
                throw .overflow("the number of an interval does not fit in 64 bits")
            }
            return index
        case .between(let bounds): return Int64(bounds.partition { double($0) <= value })
        }
    }

    private static func index(_ distance: Int128, _ width: Int128) throws(EvaluationError) -> Int64 {
        let (quotient, remainder) = distance.quotientAndRemainder(dividingBy: width)
        guard let index = Int64(exactly: remainder < 0 ? quotient - 1 : quotient) else {
            throw .overflow("the number of an interval does not fit in 64 bits")
        }
        return index
    }
}

extension [Decimal] {
    /// How many of the first elements the test holds for; it holds for no later one.
    fileprivate func partition(_ holds: (Decimal) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
