import StoreColumns

/// What every aggregate does first: the set's rows, collected, and a loop over them begun.
struct AggregateLoop: Sendable {
    let set: RowSetNode
    let slot: Int
    let hoists: [Int]

    /// The rows, for the caller to give back; nil where the set is null.
    func begin(_ frame: inout Frame) throws(EvaluationError) -> [RowNumber]? {
        var list = frame.takeList()
        guard try set.collect(&list, &frame) else {
            frame.giveBack(list)
            return nil
        }
        try frame.charge(list.count)
        frame.open(hoists)
        return list
    }
}

/// How many rows a set has; null where the set is.
final class CountNode: IntegerNode, @unchecked Sendable {
    private let set: RowSetNode
    init(_ set: RowSetNode) { self.set = set }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        try set.count(&frame).map { Int64($0) }
    }

    override func fill(
        _ lanes: inout Lanes, _ block: Block, _ mask: BlockBits, _ frame: inout Frame
    ) throws(EvaluationError) {
        // The counts of neighbours stand beside each other.
        guard let inverse = set as? InverseSet, (inverse.row as? VariableNode)?.slot == block.slot,
            inverse.adjacency.counts(from: block.start, block.count, into: lanes.values.mutableSpan)
        else { return try super.fill(&lanes, block, mask, &frame) }
        lanes.valid = mask
    }
}

/// How many of a set's rows have a value that is not null.
final class CountValues: IntegerNode, @unchecked Sendable {
    private let loop: AggregateLoop
    private let isNull: TruthNode
    init(_ loop: AggregateLoop, isNull: TruthNode) {
        self.loop = loop
        self.isNull = isNull
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let list = try loop.begin(&frame) else { return nil }
        var count: Int64 = 0
        for row in list {
            frame.rows[loop.slot] = row
            if try isNull.truth(&frame) == .no { count += 1 }
        }
        frame.giveBack(list)
        return count
    }
}

/// Sum, least or greatest of integers over a set. The sum is taken in 128 bits and must fit in 64.
final class IntegerAggregate: IntegerNode, @unchecked Sendable {
    private let aggregate: Aggregate
    private let loop: AggregateLoop
    private let element: IntegerNode
    init(_ aggregate: Aggregate, _ loop: AggregateLoop, _ element: IntegerNode) {
        self.aggregate = aggregate
        self.loop = loop
        self.element = element
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let list = try loop.begin(&frame) else { return nil }
        var sum: Int128 = 0
        var extreme: Int64?
        for row in list {
            frame.rows[loop.slot] = row
            guard let value = try element.value(&frame) else { continue }
            switch aggregate {
            case .sum: sum += Int128(value)
            case .minimum: extreme = extreme.map { min($0, value) } ?? value
            case .maximum, .average, .count, .countDistinct, .median: extreme = extreme.map { max($0, value) } ?? value
            }
        }
        frame.giveBack(list)
        guard aggregate == .sum else { return extreme }
        guard let total = Int64(exactly: sum) else { throw .overflow("a sum does not fit in 64 bits") }
        return total
    }
}

/// Sum, least, greatest or average of Floats over a set.
final class FloatAggregate: IntegerNode, @unchecked Sendable {
    private let aggregate: Aggregate
    private let loop: AggregateLoop
    private let element: IntegerNode
    init(_ aggregate: Aggregate, _ loop: AggregateLoop, _ element: IntegerNode) {
        self.aggregate = aggregate
        self.loop = loop
        self.element = element
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let list = try loop.begin(&frame) else { return nil }
        var sum = 0.0
        var count = 0
        var extreme: Double?
        for row in list {
            frame.rows[loop.slot] = row
            guard let value = try element.value(&frame).map({ Double(lane: $0) }) else { continue }
            sum += value
            count += 1
            extreme = extreme.map { value.exceeds($0, aggregate == .maximum) ? value : $0 } ?? value
        }
        frame.giveBack(list)
        let result: Double?
        switch aggregate {
        case .sum: result = sum
        case .average: result = count == 0 ? nil : sum / Double(count)
        case .minimum, .maximum, .count, .countDistinct, .median: result = extreme
        }
        if let result, !result.isFinite { throw .overflow("a sum of Floats is not finite") }
        return result?.lane
    }
}

/// The exact average of scaled integers over a set; of nothing null.
final class AverageOfIntegers: RatioNode, @unchecked Sendable {
    private let loop: AggregateLoop
    private let element: IntegerNode
    private let scale: Int
    init(_ loop: AggregateLoop, _ element: IntegerNode, scale: Int) {
        self.loop = loop
        self.element = element
        self.scale = scale
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Ratio? {
        guard let list = try loop.begin(&frame) else { return nil }
        var sum: Int128 = 0
        var count: Int128 = 0
        for row in list {
            frame.rows[loop.slot] = row
            guard let value = try element.value(&frame) else { continue }
            sum += Int128(value)
            count += 1
        }
        frame.giveBack(list)
        guard count > 0 else { return nil }
        guard let average = Ratio(reducing: sum, over: count * Int128(Scale.power(of: scale))) else {
            throw .overflow("an average does not fit in 64 bits over 64 bits")
        }
        return average
    }
}

/// Sum, least, greatest or average of ratios over a set.
final class RatioAggregate: RatioNode, @unchecked Sendable {
    private let aggregate: Aggregate
    private let loop: AggregateLoop
    private let element: RatioNode
    init(_ aggregate: Aggregate, _ loop: AggregateLoop, _ element: RatioNode) {
        self.aggregate = aggregate
        self.loop = loop
        self.element = element
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Ratio? {
        guard let list = try loop.begin(&frame) else { return nil }
        var result: Ratio? = aggregate == .sum || aggregate == .average ? .zero : nil
        var count: Int64 = 0
        for row in list {
            frame.rows[loop.slot] = row
            guard let value = try element.value(&frame) else { continue }
            count += 1
            guard let current = result else {
                result = value
                continue
            }
            switch aggregate {
            case .sum, .average:
                guard let sum = current.computed(.add, value) else { throw .overflow("a sum of Ratios does not fit") }
                result = sum
            case .minimum, .maximum, .count, .countDistinct, .median:
                if value.exceeds(current, aggregate == .maximum) { result = value }
            }
        }
        frame.giveBack(list)
        guard aggregate == .average else { return result }
        guard count > 0, let sum = result else { return nil }
        guard let divisor = Ratio(numerator: count, denominator: 1), let average = sum.computed(.divide, divisor) else {
            throw .overflow("an average of Ratios does not fit")
        }
        return average
    }
}

/// The least or greatest text over a set, by bytes; of nothing null.
final class TextAggregate: TextNode, @unchecked Sendable {
    private let loop: AggregateLoop
    private let element: TextNode
    private let isGreatest: Bool
    init(_ loop: AggregateLoop, _ element: TextNode, isGreatest: Bool) {
        self.loop = loop
        self.element = element
        self.isGreatest = isGreatest
    }

    override func append(to bytes: inout [UInt8], _ frame: inout Frame) throws(EvaluationError) -> Bool {
        guard let list = try loop.begin(&frame) else { return false }
        var best = frame.takeBytes()
        var next = frame.takeBytes()
        var isThere = false
        for row in list {
            frame.rows[loop.slot] = row
            next.removeAll(keepingCapacity: true)
            guard try element.append(to: &next, &frame) else { continue }
            if !isThere || next.span.order(against: best.span).exceeds(0, isGreatest) { swap(&best, &next) }
            isThere = true
        }
        if isThere { bytes.append(contentsOf: best) }
        frame.giveBack(list)
        frame.giveBack(best)
        frame.giveBack(next)
        return isThere
    }
}
