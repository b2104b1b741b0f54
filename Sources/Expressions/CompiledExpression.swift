import StoreColumns

/// An expression that gives a value for each row of one type, bound to a version and an as-of date.
package struct CompiledExpression: Sendable {
    package let type: NodeTypeID
    /// What `value` gives: decimals have exactly this type's digits.
    package let resultType: ExpressionType
    private let program: Program

    /// Binds an expression over variable 0, a row of `type`.
    /// - Parameter result: the type to give, which must accept the expression's own; nil gives that.
    /// - Throws: `patternInvalid`, `patternLimit`, `illTyped`.
    package init(
        _ expression: Expression, on type: NodeTypeID, as result: ExpressionType? = nil, _ context: EvaluationContext
    ) throws(EvaluationError) {
        resultType = result ?? expression.type
        program = try Program(expression, of: type, as: resultType, context)
        if case .rows = program.root { throw .illTyped("a set of rows is no value; see CompiledRows") }
        self.type = type
    }

    /// For a loop on one thread.
    package func makeEvaluator() -> ValueEvaluator {
        ValueEvaluator(root: program.root, type: resultType, frame: program.makeFrame())
    }

    /// The value for one live row. Makes an evaluator: for single questions.
    package func value(of row: RowNumber) throws(EvaluationError) -> Scalar {
        var evaluator = makeEvaluator()
        let value = try evaluator.value(of: row)
        try evaluator.finish()
        return value
    }
}

/// An expression with the memory to compute it for row after row, on one thread.
package struct ValueEvaluator {
    fileprivate let root: RootNode
    fileprivate let type: ExpressionType
    fileprivate var frame: Frame

    /// - Throws: `overBudget`, `stopped`, `overflow`, `patternLimit`.
    package mutating func value(of row: RowNumber) throws(EvaluationError) -> Scalar {
        try frame.charge(1)
        frame.rows[Program.rootSlot] = row
        switch root {
        case .truth(let node):
            switch try node.truth(&frame) {
            case .yes: return .boolean(true)
            case .no: return .boolean(false)
            case .unknown: return .null
            }
        case .integer(let node): return try node.value(&frame).map { Scalar(lane: $0, type) } ?? .null
        case .ratio(let node): return try node.value(&frame).map { .ratio($0) } ?? .null
        case .text(let node):
            var bytes = frame.takeBytes()
            let isThere = try node.append(to: &bytes, &frame)
            let text = isThere ? Scalar.string(String(decoding: bytes, as: UTF8.self)) : .null
            frame.giveBack(bytes)
            return text
        case .rows: return .null
        }
    }

    /// The values of rows, one after the other, to be taken until one is refused: held once for all of them.
    /// - Returns: false where one was refused.
    package mutating func forEachValue(
        of rows: borrowing Span<RowNumber>, _ take: (Scalar) throws(EvaluationError) -> Bool
    ) throws(EvaluationError) -> Bool {
        switch root {
        case .integer(let node):
            for index in rows.indices {
                try frame.charge(1)
                frame.rows[Program.rootSlot] = rows[index]
                let value = try node.value(&frame)
                guard try take(value.map { Scalar(lane: $0, type) } ?? .null) else { return false }
            }
        case .ratio(let node):
            for index in rows.indices {
                try frame.charge(1)
                frame.rows[Program.rootSlot] = rows[index]
                let value = try node.value(&frame)
                guard try take(value.map { .ratio($0) } ?? .null) else { return false }
            }
        case .truth, .text, .rows:
            for index in rows.indices { guard try take(try value(of: rows[index])) else { return false } }
        }
        return true
    }

    /// A String's UTF-8 appended to bytes, without making a `String`; false for null and for values of other types.
    package mutating func appendText(of row: RowNumber, to bytes: inout [UInt8]) throws(EvaluationError) -> Bool {
        guard case .text(let node) = root else { return false }
        try frame.charge(1)
        frame.rows[Program.rootSlot] = row
        return try node.append(to: &bytes, &frame)
    }

    /// Tells the budget of the last rows, fewer than 1,024. After a loop.
    package mutating func finish() throws(EvaluationError) { try frame.settle() }
}

/// A to-many edge, or any set of rows, bound to a version and an as-of date.
package struct CompiledRows: Sendable {
    package let type: NodeTypeID
    /// Of the set's rows.
    package let target: NodeTypeID
    private let program: Program
    private let node: RowSetNode

    /// Binds an expression of type `rows` over variable 0, a row of `type`.
    package init(_ expression: Expression, on type: NodeTypeID, _ context: EvaluationContext) throws(EvaluationError) {
        program = try Program(expression, of: type, as: expression.type, context)
        guard case .rows(let node) = program.root, case .rows(let target) = expression.type else {
            throw .illTyped("a set of rows was expected")
        }
        self.node = node
        self.type = type
        self.target = target
    }

    /// For a loop on one thread.
    package func makeEvaluator() -> RowsEvaluator { RowsEvaluator(node: node, frame: program.makeFrame()) }
}

/// A set of rows with the memory to ask for it at row after row, on one thread.
package struct RowsEvaluator {
    fileprivate let node: RowSetNode
    fileprivate var frame: Frame

    /// Puts the set's rows, ascending, each once, in place of what the list held. A null set is empty here.
    package mutating func rows(of row: RowNumber, into list: inout [RowNumber]) throws(EvaluationError) {
        list.removeAll(keepingCapacity: true)
        frame.rows[Program.rootSlot] = row
        _ = try node.collect(&list, &frame)
        try frame.charge(1 + list.count)
    }

    /// How many rows the set has, without listing them where the edge knows. A null set has none.
    package mutating func count(of row: RowNumber) throws(EvaluationError) -> Int {
        frame.rows[Program.rootSlot] = row
        try frame.charge(1)
        return try node.count(&frame) ?? 0
    }

    /// Tells the budget of the last rows, fewer than 1,024. After a loop.
    package mutating func finish() throws(EvaluationError) { try frame.settle() }
}

extension Scalar {
    /// What an integer on its way through the evaluator means.
    init(lane: Int64, _ type: ExpressionType) {
        switch type {
        case .boolean: self = .boolean(lane != 0)
        case .decimal(let digits): self = .decimal(Decimal(unscaled: lane, fractionDigits: digits))
        case .float: self = .float(Double(lane: lane))
        case .date: self = CivilDate(lane: lane).map { .date($0) } ?? .null
        case .dateTime: self = .dateTime(Instant(microseconds: lane))
        case .enumeration: self = .enumeration(UInt16(truncatingIfNeeded: lane))
        case .row: self = .row(RowNumber(truncatingIfNeeded: lane))
        case .int, .ratio, .string, .enumerationList, .rows: self = .int(lane)
        }
    }
}
