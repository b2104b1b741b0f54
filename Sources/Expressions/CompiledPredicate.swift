import StoreColumns

/// A Boolean expression over the rows of one type, bound to a version and an as-of date: constants are codes, patterns are
/// compiled. Any number of threads may ask it; loops take an evaluator of their own.
package struct CompiledPredicate: Sendable {
    package let type: NodeTypeID
    package let expression: Expression
    let program: Program
    let node: TruthNode

    /// Binds an expression over variable 0, a row of `type`.
    /// - Throws: `patternInvalid`, `patternLimit`, `illTyped`.
    package init(_ expression: Expression, on type: NodeTypeID, _ context: EvaluationContext) throws(EvaluationError) {
        program = try Program(expression, of: type, as: .boolean, context)
        guard case .truth(let node) = program.root else { throw .illTyped("a Boolean was expected") }
        self.node = node
        self.type = type
        self.expression = expression
    }

    package var context: EvaluationContext { program.context }

    /// For a loop on one thread.
    package func makeEvaluator() -> PredicateEvaluator {
        PredicateEvaluator(node: node, frame: program.makeFrame())
    }

    /// The verdict for one live row. Makes an evaluator: for single questions.
    package func truth(of row: RowNumber) throws(EvaluationError) -> Truth {
        var evaluator = makeEvaluator()
        let truth = try evaluator.truth(of: row)
        try evaluator.finish()
        return truth
    }

    /// What one row costs, in column reads, roughly.
    package var estimatedRowCost: Int { expression.cost }

    /// The rows for which the predicate is TRUE, among the live rows of the type: from few candidates where keys or
    /// references name them, else by a scan.
    package func rows() throws(EvaluationError) -> RowSelection {
        let table = context.version[type]
        if let candidates = exactCandidates(limit: max(64, table.liveRowCount / 32)) {
            return .list(try rows(among: candidates))
        }
        var frame = program.makeFrame()
        let truths = try node.bitmaps(over: table, slot: Program.rootSlot, &frame)
        try frame.settle()
        return .bitmap(Bitmap(words: truths.yes, count: table.rowCount))
    }

    /// The rows of a list for which the predicate is TRUE, in the list's order. The rows are live.
    package func rows(among candidates: [RowNumber]) throws(EvaluationError) -> [RowNumber] {
        var evaluator = makeEvaluator()
        var rows: [RowNumber] = []
        for row in candidates where try evaluator.truth(of: row) == .yes { rows.append(row) }
        try evaluator.finish()
        return rows
    }

    /// A superset of the rows for which the predicate can be TRUE, ascending, where unique values, keys or references to such
    /// rows name at most `limit` of them; nil where a scan is the way.
    package func exactCandidates(limit: Int) -> [RowNumber]? {
        var finder = CandidateFinder(context, limit: limit)
        return finder.candidates(of: expression, variable: 0, type: type)
    }
}

/// A predicate with the memory to ask it of row after row, on one thread.
package struct PredicateEvaluator {
    fileprivate let node: TruthNode
    fileprivate var frame: Frame

    /// - Throws: `overBudget`, `stopped`, `overflow`, `patternLimit`.
    package mutating func truth(of row: RowNumber) throws(EvaluationError) -> Truth {
        try frame.charge(1)
        frame.rows[Program.rootSlot] = row
        return try node.truth(&frame)
    }

    /// Tells the budget of the last rows, fewer than 1,024. After a loop.
    package mutating func finish() throws(EvaluationError) { try frame.settle() }
}

/// Rows of one type, as what is smaller.
package enum RowSelection: Sendable {
    /// Ascending.
    case list([RowNumber])
    case bitmap(Bitmap)

    package var count: Int {
        switch self {
        case .list(let rows): rows.count
        case .bitmap(let bitmap): bitmap.setCount
        }
    }

    package var isEmpty: Bool {
        switch self {
        case .list(let rows): rows.isEmpty
        case .bitmap(let bitmap): bitmap.isEmpty
        }
    }

    /// The rows, ascending.
    package func array() -> [RowNumber] {
        switch self {
        case .list(let rows): return rows
        case .bitmap(let bitmap):
            var rows: [RowNumber] = []
            rows.reserveCapacity(count)
            bitmap.forEachSet { rows.append(RowNumber(truncatingIfNeeded: $0)) }
            return rows
        }
    }
}
