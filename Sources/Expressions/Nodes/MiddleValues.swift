import StoreColumns

/// The middle integer of a set's rows, or the mean of the two in the middle; of nothing null.
final class MedianOfIntegers: IntegerNode, @unchecked Sendable {
    private let loop: AggregateLoop
    private let element: IntegerNode
    private let mean: MedianAccumulator.Mean
    init(_ loop: AggregateLoop, _ element: IntegerNode, _ mean: MedianAccumulator.Mean) {
        self.loop = loop
        self.element = element
        self.mean = mean
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let list = try loop.begin(&frame) else { return nil }
        var values: [Int64] = []
        for row in list {
            frame.rows[loop.slot] = row
            if let value = try element.value(&frame) { values.append(value) }
        }
        frame.giveBack(list)
        guard !values.isEmpty else { return nil }
        if mean.isFloat { values.sort { Double(lane: $0) < Double(lane: $1) } } else { values.sort() }
        guard let median = mean.of(values[(values.count - 1) / 2], values[values.count / 2]) else {
            throw .overflow("a median does not fit in 64 bits")
        }
        return median
    }
}

/// The middle ratio, or the exact mean of the two in the middle; of nothing null.
final class MedianOfRatios: RatioNode, @unchecked Sendable {
    private let loop: AggregateLoop
    private let element: RatioNode
    init(_ loop: AggregateLoop, _ element: RatioNode) {
        self.loop = loop
        self.element = element
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Ratio? {
        guard let list = try loop.begin(&frame) else { return nil }
        var values: [Ratio] = []
        for row in list {
            frame.rows[loop.slot] = row
            if let value = try element.value(&frame) { values.append(value) }
        }
        frame.giveBack(list)
        return try values.median()
    }
}

/// The middle text by bytes, of two in the middle the lesser; of nothing null.
final class MedianOfTexts: TextNode, @unchecked Sendable {
    private let loop: AggregateLoop
    private let element: TextNode
    init(_ loop: AggregateLoop, _ element: TextNode) {
        self.loop = loop
        self.element = element
    }

    override func append(to bytes: inout [UInt8], _ frame: inout Frame) throws(EvaluationError) -> Bool {
        guard let list = try loop.begin(&frame) else { return false }
        var values: [[UInt8]] = []
        for row in list {
            frame.rows[loop.slot] = row
            var value: [UInt8] = []
            if try element.append(to: &value, &frame) { values.append(value) }
        }
        frame.giveBack(list)
        guard !values.isEmpty else { return false }
        values.sort { $0.span.order(against: $1.span) < 0 }
        bytes.append(contentsOf: values[(values.count - 1) / 2])
        return true
    }
}

/// The least, the greatest or the middle verdict of a set's rows, no before yes; unknown where none of them is known.
final class TruthFigure: TruthNode, @unchecked Sendable {
    private let aggregate: Aggregate
    private let loop: AggregateLoop
    private let element: TruthNode
    init(_ aggregate: Aggregate, _ loop: AggregateLoop, _ element: TruthNode) {
        self.aggregate = aggregate
        self.loop = loop
        self.element = element
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let list = try loop.begin(&frame) else { return .unknown }
        var (noCount, yesCount) = (0, 0)
        for row in list {
            frame.rows[loop.slot] = row
            switch try element.truth(&frame) {
            case .no: noCount += 1
            case .yes: yesCount += 1
            case .unknown: break
            }
        }
        frame.giveBack(list)
        guard noCount + yesCount > 0 else { return .unknown }
        switch aggregate {
        case .minimum: return Truth(noCount == 0)
        case .maximum: return Truth(yesCount > 0)
        default: return Truth((noCount + yesCount - 1) / 2 >= noCount)
        }
    }
}

extension Compiler {
    /// A figure of verdicts that is one itself.
    mutating func figure(
        _ aggregate: Aggregate, _ set: Expression, _ variable: Int, of element: Expression
    ) throws(EvaluationError) -> TruthNode {
        switch aggregate {
        case .minimum, .maximum, .median: break
        case .count, .countDistinct, .sum, .average: throw .illTyped("Booleans have no sum")
        }
        let rows = try rows(set)
        let loop = try loop(variable) { (compiler) throws(EvaluationError) in try compiler.truth(element) }
        return TruthFigure(aggregate, AggregateLoop(set: rows, slot: loop.slot, hoists: loop.hoists), loop.body)
    }
}

/// A text that a column gives by number: a figure of a group.
final class KnownText: TextNode, @unchecked Sendable {
    private let column: DerivedColumn
    private let texts: NumberedTexts
    private let row: IntegerNode
    init(_ column: DerivedColumn, _ texts: NumberedTexts, of row: IntegerNode) {
        self.column = column
        self.texts = texts
        self.row = row
    }

    override func append(to bytes: inout [UInt8], _ frame: inout Frame) throws(EvaluationError) -> Bool {
        guard let row = try row.value(&frame), let number = try column.integer(at: Int(truncatingIfNeeded: row)) else {
            return false
        }
        texts.append(number, to: &bytes)
        return true
    }
}
