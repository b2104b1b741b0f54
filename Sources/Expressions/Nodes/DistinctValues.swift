import StoreColumns

/// How many different integers, or what travels as one, a set's rows have; null where the set is.
final class DistinctIntegers: IntegerNode, @unchecked Sendable {
    private let loop: AggregateLoop
    private let element: IntegerNode
    private let isFloat: Bool
    init(_ loop: AggregateLoop, _ element: IntegerNode, isFloat: Bool) {
        self.loop = loop
        self.element = element
        self.isFloat = isFloat
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let list = try loop.begin(&frame) else { return nil }
        var known: Set<Int64> = []
        for row in list {
            frame.rows[loop.slot] = row
            guard let value = try element.value(&frame) else { continue }
            // The two zeros of a Float are one value.
            known.insert(isFloat && value == Int64.min ? 0 : value)
        }
        frame.giveBack(list)
        return Int64(known.count)
    }
}

/// How many different texts, by bytes.
final class DistinctTexts: IntegerNode, @unchecked Sendable {
    private let loop: AggregateLoop
    private let element: TextNode
    init(_ loop: AggregateLoop, _ element: TextNode) {
        self.loop = loop
        self.element = element
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let list = try loop.begin(&frame) else { return nil }
        var known: Set<[UInt8]> = []
        var bytes = frame.takeBytes()
        for row in list {
            frame.rows[loop.slot] = row
            bytes.removeAll(keepingCapacity: true)
            if try element.append(to: &bytes, &frame) { known.insert(bytes) }
        }
        frame.giveBack(list)
        frame.giveBack(bytes)
        return Int64(known.count)
    }
}

/// How many different ratios: 2/100 and 1/50 are one.
final class DistinctRatios: IntegerNode, @unchecked Sendable {
    private let loop: AggregateLoop
    private let element: RatioNode
    init(_ loop: AggregateLoop, _ element: RatioNode) {
        self.loop = loop
        self.element = element
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let list = try loop.begin(&frame) else { return nil }
        var known: Set<Ratio> = []
        for row in list {
            frame.rows[loop.slot] = row
            if let ratio = try element.value(&frame) { known.insert(ratio) }
        }
        frame.giveBack(list)
        return Int64(known.count)
    }
}

extension Compiler {
    /// What counts the different values of a set's rows, whatever their type.
    mutating func distinctCount(
        _ rows: RowSetNode, _ variable: Int, of element: Expression
    ) throws(EvaluationError) -> IntegerNode {
        func over<Body>(_ loop: (body: Body, slot: Int, hoists: [Int])) -> AggregateLoop {
            AggregateLoop(set: rows, slot: loop.slot, hoists: loop.hoists)
        }
        switch element.type {
        case .ratio:
            let loop = try loop(variable) { (compiler) throws(EvaluationError) in try compiler.ratio(element) }
            return DistinctRatios(over(loop), loop.body)
        case .boolean:
            let loop = try loop(variable) { (compiler) throws(EvaluationError) in try compiler.truth(element) }
            return DistinctIntegers(over(loop), IntegerOfTruth(loop.body), isFloat: false)
        case .string:
            guard case .column = element else {
                let loop = try loop(variable) { (compiler) throws(EvaluationError) in try compiler.text(element) }
                return DistinctTexts(over(loop), loop.body)
            }
            // A column has one code for each text.
            let loop = try loop(variable) { (compiler) throws(EvaluationError) in try compiler.codes(of: element) }
            guard let codes = loop.body else { throw .illTyped("no string column") }
            return DistinctIntegers(over(loop), codes.node, isFloat: false)
        case .enumerationList, .rows: throw .illTyped("sets and lists are not counted as values")
        case .int, .decimal, .float, .date, .dateTime, .enumeration, .row:
            let loop = try loop(variable) { (compiler) throws(EvaluationError) in try compiler.integer(element) }
            return DistinctIntegers(over(loop), loop.body, isFloat: element.type == .float)
        }
    }
}
